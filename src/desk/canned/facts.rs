//! What a brand may say about itself in its texts.

/// A fact about the brand that its texts may state; set once, under Settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Its name in texts, after `brand.`.
    pub name: &'static str,
    /// What to write there, in French and English.
    pub label: (&'static str, &'static str),
}

const fn fact(name: &'static str, fr: &'static str, en: &'static str) -> Fact {
    Fact { name, label: (fr, en) }
}

impl Fact {
    /// Every fact of a brand.
    pub const ALL: [Fact; 11] = [
        fact("website", "Site web", "Website"),
        fact("shop_url", "Adresse de la boutique", "Shop address"),
        fact("delivery_url", "Page sur la livraison", "Page about delivery"),
        fact("returns_url", "Page sur les retours", "Page about returns"),
        fact("contact_url", "Page de contact", "Contact page"),
        fact("jobs_url", "Page des offres d’emploi", "Jobs page"),
        fact("press_email", "E-mail pour la presse", "E-mail for the press"),
        fact("partners_email", "E-mail pour les partenariats", "E-mail for partnerships"),
        fact("opening_hours", "Horaires d’ouverture, en toutes lettres", "Opening hours, in words"),
        fact("delivery_delay", "Délai de livraison, en toutes lettres", "Delivery time, in words"),
        fact("return_days", "Jours pour retourner un article", "Days to return an item"),
    ];
}

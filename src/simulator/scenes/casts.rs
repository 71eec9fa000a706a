//! The people on the networks beside the brand's own pages. Everybody here is invented.

use super::Temper;
use crate::base::Lang;

/// Where somebody speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Under the brand's post on X.
    XReply,
    /// On X, out of nowhere.
    XMention,
    /// On X, in private.
    XPrivate,
    /// Under the brand's video.
    YouTube,
    /// Under the brand's post.
    LinkedIn,
    /// Under the brand's video.
    TikTok,
    /// In private.
    TikTokPrivate,
    /// Over a bridge, from a network without an interface.
    Bridge,
}

impl Place {
    /// Every one.
    pub const ALL: &'static [Place] = &[XReply, XMention, XPrivate, YouTube, LinkedIn, TikTok, TikTokPrivate, Bridge];

    /// True where only the brand reads it.
    pub fn is_private(self) -> bool {
        matches!(self, XPrivate | TikTokPrivate | Bridge)
    }

    /// Where somebody who speaks here goes to be alone with the brand, if there is such a place.
    pub fn in_private(self) -> Option<Place> {
        match self {
            XReply | XMention | XPrivate => Some(XPrivate),
            TikTok | TikTokPrivate => Some(TikTokPrivate),
            Bridge => Some(Bridge),
            YouTube | LinkedIn => None,
        }
    }
}

/// Who says what, how many seconds after the beginning of a round.
#[derive(Debug)]
pub struct Voice(pub u64, pub Place, pub Lang, pub &'static str, pub &'static str);

impl Voice {
    /// How they take an answer.
    pub fn temper(&self) -> Temper {
        if ANGRY.contains(&self.3) { Temper::Angry } else { Temper::Glad }
    }
}

/// Those whom one answer does not calm.
const ANGRY: &[&str] = &[
    "Grace Miller",
    "Julie Samson",
    "Becky Lorne",
    "Baptiste Noguès",
    "Sylvain Maury",
    "Trish Holloway",
    "Amandine Roy",
    "Jérémy Castan",
    "la.verite.crue",
    "Morgan Yates",
    "truth.and.tea",
    "Declan Burke",
    "Lucie Haas",
];

use Lang::{En, Fr};
use Place::{Bridge, LinkedIn, TikTok, TikTokPrivate, XMention, XPrivate, XReply, YouTube};

/// What people say to a brand they buy from.
pub const CONSUMERS: &[Voice] = &[
    Voice(0, YouTube, Fr, "Maëlle Guérin", "Elle passe au four, celle de la vidéo ? Jusqu’à combien ?"),
    Voice(0, YouTube, En, "Tom Whitby", "Love this, where can I buy one in the UK?"),
    Voice(14, XReply, Fr, "Baptiste Royer", "C’est combien en 28 cm ?"),
    Voice(31, TikTok, Fr, "chloe.cuisine", "je la veux 😍 elle est dispo en vert ?"),
    Voice(40, LinkedIn, Fr, "Vincent Aubry", "Bravo pour l’atelier de réparation. Recrutez-vous encore à Nantes ?"),
    Voice(47, Bridge, Fr, "Jade", "coucou, vous avez une boutique à Rennes ?"),
    Voice(52, XPrivate, Fr, "Sandrine Petit", "Bonjour, ma commande 20512 devait arriver lundi, toujours rien."),
    Voice(98, XMention, En, "Grace Miller", "third week waiting for a refund. This is getting ridiculous."),
    Voice(120, TikTokPrivate, Fr, "lucas.b", "Bonjour ! Vous faites un code promo étudiant ?"),
    Voice(150, TikTok, En, "potsandpans", "does it work on induction?"),
    Voice(185, XReply, Fr, "Nadia Ferrand", "La mienne a dix ans et cuit toujours aussi bien, merci !"),
    Voice(220, YouTube, Fr, "Gilles Portal", "Le couvercle est vendu seul ?"),
];

/// What companies say to one they buy from.
pub const BUSINESSES: &[Voice] = &[
    Voice(0, YouTube, Fr, "Hélène Castel", "Le module d’export gère-t-il plusieurs sites ?"),
    Voice(16, LinkedIn, Fr, "Marc-Antoine Lebrun", "Intéressant. Avez-vous un retour d’expérience dans l’industrie ?"),
    Voice(40, XReply, En, "Priya Nair", "Is there an API for this?"),
    Voice(52, Bridge, Fr, "Poste 14", "Bonjour, l’écran de l’atelier n’affiche plus les tournées."),
    Voice(66, LinkedIn, En, "Daniel Okafor", "We are comparing vendors for 200 seats, who should I talk to?"),
    Voice(95, XMention, Fr, "Julie Samson", "connexion impossible depuis ce matin, c’est prévu ?"),
    Voice(130, XPrivate, Fr, "Éric Mallet", "Bonjour, notre contrat arrive à échéance en janvier, à qui m’adresser ?"),
    Voice(170, LinkedIn, Fr, "Claire Vannier", "Une équipe toujours à l’écoute, je recommande."),
];

/// One round of the rush hour: half a minute in which every one of these networks has something to say.
pub const EVENING: &[Voice] = &[
    Voice(0, YouTube, Fr, "Aline Coste", "Je regarde ça au lieu de cuisiner 😅 elle tient combien de temps au chaud ?"),
    Voice(0, YouTube, En, "Ross Tierney", "Watching on the train home. Do you deliver to Belfast?"),
    Voice(1, XReply, Fr, "Hugo Plessis", "Rupture de stock sur le site ce soir, c’est normal ?"),
    Voice(1, TikTok, Fr, "lou.petits.plats", "le son quand on ferme le bouchon 😍"),
    Voice(2, LinkedIn, Fr, "Sabine Rolland", "Belle mise en avant des équipes du soir, bravo."),
    Voice(2, Bridge, Fr, "Noa", "vous répondez encore à cette heure ?"),
    Voice(3, XMention, En, "Becky Lorne", "is your website down for anyone else tonight?"),
    Voice(4, TikTokPrivate, Fr, "milo.rando", "Bonsoir, mon code -10 % ne passe pas au paiement"),
    Voice(5, TikTok, En, "camp.with.kit", "does the lid leak if it is upside down in a bag?"),
    Voice(6, XPrivate, Fr, "Armelle Guyon", "Bonsoir, payé deux fois la même commande, pouvez-vous regarder ?"),
    Voice(7, Bridge, En, "Sky", "hey is my parcel coming tomorrow?"),
    Voice(8, YouTube, Fr, "Didier Fauvel", "Et pour les gauchers, le bec est réversible ?"),
    Voice(9, XReply, En, "Tessa Rowe", "Which one fits a bike cage?"),
    Voice(10, LinkedIn, En, "Graham Poole", "We would like 300 of these for a conference in March. Who handles that?"),
    Voice(11, TikTok, Fr, "zélie_k", "combien la grande ??"),
    Voice(12, XMention, Fr, "Baptiste Noguès", "trois jours pour une réponse, ce n’est plus un service client"),
    Voice(14, Bridge, Fr, "Maé", "la verte revient quand ?"),
    Voice(15, TikTok, En, "hattie.hikes", "mine has survived a whole summer of festivals, thank you!"),
    Voice(16, XReply, Fr, "Claire Imbert", "Livraison possible en point relais ?"),
    Voice(18, TikTokPrivate, En, "ollie.trails", "Hi, I never got a confirmation mail. Did my order go through?"),
    Voice(20, LinkedIn, Fr, "Patrice Moulin", "Recrutez-vous des préparateurs pour les fêtes ?"),
    Voice(21, XPrivate, En, "Fiona Marsh", "Could you change the delivery address before it ships?"),
    Voice(23, YouTube, En, "Gareth Pugh", "Can I put sparkling water in it?"),
    Voice(25, TikTok, Fr, "petitcolibri", "elle passe au lave-vaisselle svp ?"),
    Voice(27, XReply, En, "Dom Keating", "Ordered two, arrived in two days. Impressed."),
    Voice(28, Bridge, Fr, "Ilan", "merci pour hier, tout est arrivé 👍"),
];

/// The day something new comes out.
pub const LAUNCH: &[Voice] = &[
    Voice(0, YouTube, Fr, "Marc Olivet", "Premier ! Elle sort aussi en Belgique aujourd’hui ?"),
    Voice(0, YouTube, En, "Philippa Dunn", "Finally a lid one can open with gloves. Price in pounds?"),
    Voice(3, XReply, Fr, "Nadine Charron", "C’est quoi la différence avec l’ancienne ?"),
    Voice(6, TikTok, Fr, "tom_et_lea", "on peut la précommander ???"),
    Voice(9, LinkedIn, Fr, "Valérie Couturier", "Beau lancement. Avez-vous un catalogue pour les entreprises ?"),
    Voice(12, XReply, En, "Andy Sharpe", "How much, and when does it ship to the UK?"),
    Voice(16, Bridge, Fr, "Swann", "elle existe en violet ?"),
    Voice(20, TikTok, En, "mapleandmoss", "need this!! is the strap included"),
    Voice(25, XMention, Fr, "Théo Granier", "le lien de la précommande tourne en rond chez moi"),
    Voice(30, TikTokPrivate, Fr, "anouk.velo", "Bonjour, une remise pour ceux qui ont l’ancienne ?"),
    Voice(36, LinkedIn, En, "Ingrid Solberg", "We run 40 outdoor shops. Can we stock it before spring?"),
    Voice(42, XPrivate, En, "Lewis Grady", "I preordered twice by mistake, please cancel one."),
    Voice(50, YouTube, Fr, "Roland Besse", "Vous la montrez démontée ? C’est réparable ?"),
];

/// The days when everything goes wrong.
pub const BADBUZZ: &[Voice] = &[
    Voice(0, YouTube, Fr, "Sylvain Maury", "Donc la vidéo de l’usine, c’était du théâtre ? Honteux."),
    Voice(0, YouTube, En, "Trish Holloway", "So the whole factory story was a lie? Unsubscribed."),
    Voice(2, XMention, Fr, "Amandine Roy", "silence total depuis hier, vous comptez répondre un jour ? #boycott"),
    Voice(4, XReply, Fr, "Jérémy Castan", "Mon fils boit là-dedans tous les jours. C’est dangereux, oui ou non ?"),
    Voice(6, TikTok, Fr, "la.verite.crue", "arnaque totale 🤮 je jette la mienne"),
    Voice(8, XMention, En, "Morgan Yates", "paint flakes in my kid’s bottle. Disgusting. I want my money back"),
    Voice(11, Bridge, Fr, "Enzo", "c’est vrai ce qu’on dit sur la peinture ??"),
    Voice(
        14,
        LinkedIn,
        Fr,
        "Bertrand Caillaud",
        "En tant que revendeur, j’attends une position officielle aujourd’hui.",
    ),
    Voice(17, TikTok, En, "truth.and.tea", "worst brand ever, blocked my comment yesterday"),
    Voice(20, XPrivate, Fr, "Maud Terrier", "Journaliste à L’Écho du Rhône, je souhaite votre réaction avant 18 h."),
    Voice(24, XReply, En, "Declan Burke", "Refund everyone. Now."),
    Voice(28, TikTokPrivate, Fr, "clem.mama", "j’ai peur pour ma fille, que faut-il faire ?"),
    Voice(
        33,
        LinkedIn,
        En,
        "Joanna Pryor",
        "I have worked with this team for years and the accusation makes no sense to me.",
    ),
    Voice(38, XMention, Fr, "Lucie Haas", "je porte plainte si je n’ai pas de réponse demain"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_angry_are_on_stage() {
        let casts = [CONSUMERS, BUSINESSES, EVENING, LAUNCH, BADBUZZ];
        let all: Vec<&str> = casts.into_iter().flatten().map(|voice| voice.3).collect();
        assert!(ANGRY.iter().all(|name| all.contains(name)), "{ANGRY:?}");
    }
}

//! Savarret makes packaging and workshop furniture for companies.

use super::After::Blocks;
use super::Place::{Instagram, Private, Threads, Under, Wall, Whatsapp};
use super::Temper::{Angry, Silent, WantsPerson};
use super::Then::{Page, They};
use super::{Line, Past, Scene, en, fr, past, past_en};

pub const SCENE: Scene = Scene {
    slug: "savarret",
    name: "Savarret",
    page: "105500000000012",
    orders: "SV",
    facts: &[
        ("website", "https://savarret.example"),
        ("shop_url", "https://savarret.example/catalogue"),
        ("delivery_url", "https://savarret.example/expeditions"),
        ("returns_url", "https://savarret.example/reprises"),
        ("contact_url", "https://savarret.example/contact"),
        ("jobs_url", "https://savarret.example/emploi"),
        ("press_email", "presse@savarret.example"),
        ("partners_email", "revendeurs@savarret.example"),
        ("opening_hours", "8:00–17:00 (lun.–ven. / Mon–Fri)"),
        ("delivery_delay", "4–6 jours / days"),
        ("return_days", "21"),
    ],
    opened: &[
        ("hours/opening-hours", true),
        ("delivery/delivery-time", false),
        ("payment/invoice", false),
        ("payment/payment-methods", false),
        ("jobs/jobs-apply", false),
    ],
    posts: &[
        (28, "Nouveau carton double cannelure, 30 % de matière en moins, même résistance 📦"),
        (95, "Notre atelier du Creusot passe à l’électricité solaire"),
    ],
    past: PAST,
    lines: LINES,
};

const PAST: &[Past] = &[
    past(
        5_200,
        "Hélène Vasquez",
        Under(1),
        "Bravo, c’est dans ce sens qu’il faut aller",
        &[Page(70, "Merci Hélène !")],
    ),
    past_en(
        1_600,
        "Stuart Penrose",
        Private,
        "Hello, do you deliver pallets to Ghent?",
        &[Page(30, "Hello Stuart, yes, twice a week."), They(22, "Perfect, thank you")],
    ),
    past(55, "Ludovic Paris", Private, "Bonjour, il manque 50 cartons dans la livraison SV48120", &[]),
    past_en(38, "Sarah Whitby", Under(0), "What is the minimum order for the new box?", &[]),
    past(14, "Caroline Meyer", Under(0), "On peut recevoir des échantillons ?", &[]),
];

const LINES: &[Line] = &[
    fr(
        "Bruno Kessler",
        Private,
        "Bonjour, nous voudrions commander 4 000 cartons 40 × 30 × 20. Quel prix et pour quand ?",
    )
    .then(&["D’accord pour ce prix, je commande", "Bon de commande envoyé"])
    .act(1),
    en("Janet Holloway", Private, "Could you send a quote for 12 workshop benches delivered to Leeds?")
        .then(&["Thanks, approved on our side"])
        .act(2),
    fr("Mathieu Delorme", Private, "Palette livrée trempée, la moitié à jeter, et aucune réponse à mes mails")
        .is(Angry)
        .act(3),
    fr("Estelle Marin", Private, "Vous livrez en combien de temps sur Lyon ?"),
    en("Tom Ashby", Private, "invoice please").is(WantsPerson),
    fr(
        "Garage Petitjean",
        Private,
        "Plus aucune nouvelle de notre commande SV48377. On se fournit ailleurs, inutile de répondre.",
    )
    .after(Blocks),
    fr("Sylvain Roques", Under(0), "Vos prix pour 500 pièces ?").then(&["Merci, je regarde avec mon associé"]),
    en("Helen Carver", Under(1), "Great to see, our customers ask for this more and more"),
    fr("Pierre-Yves Guillou", Private, "je cherche un emploi, où envoyer mon cv ?").then(&["Merci !"]),
    en(
        "Brightside Media",
        Private,
        "Hello, we produce a trade show for packaging. Would you consider sponsoring the next one?",
    ),
    fr("Ferrailleur Pro", Under(0), "Rachat de métaux garanti sans risque, WhatsApp moi +33 7 00 00 00 01").is(Silent),
    fr("Martine Lagarde", Wall, "Livreur très aimable et palette impeccable, je recommande"),
    en("Owen Pratt", Private, "do you accept bank transfer").then(&["Good, thanks"]),
    // On the other networks.
    fr("Corinne Delage", Whatsapp, "Bonjour, pouvez-vous livrer deux palettes avant mardi ?").then(&["Parfait, merci"]),
    en("Stuart Pell", Instagram(0), "Are these recycled?"),
    fr("Atelier Brindille", Threads(1), "Vous vendez aux particuliers ?"),
];

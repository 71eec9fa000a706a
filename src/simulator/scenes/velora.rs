//! Vélora makes city bicycles.

use super::After::{Blocks, Edits};
use super::Place::{Instagram, Private, Threads, Under, Wall, Whatsapp};
use super::Temper::{Angry, Silent, WantsPerson};
use super::Then::{Page, They};
use super::{Line, Past, Scene, en, fr, past, past_en};

pub const SCENE: Scene = Scene {
    slug: "velora",
    name: "Vélora",
    page: "105500000000002",
    orders: "",
    facts: &[
        ("website", "https://velora.example"),
        ("shop_url", "https://velora.example/velos"),
        ("delivery_url", "https://velora.example/livraison"),
        ("returns_url", "https://velora.example/retours"),
        ("contact_url", "https://velora.example/contact"),
        ("jobs_url", "https://velora.example/rejoindre"),
        ("press_email", "presse@velora.example"),
        ("partners_email", "partenaires@velora.example"),
        ("opening_hours", "10:00–19:00 (mar.–sam. / Tue–Sat)"),
        ("delivery_delay", "8–10 jours / days"),
        ("return_days", "14"),
    ],
    opened: &[
        ("hours/opening-hours", true),
        ("delivery/delivery-time", false),
        ("payment/payment-methods", false),
        ("returns/return-how", false),
        ("delivery/order-status", false),
    ],
    posts: &[
        (31, "La Vélora 3 arrive : 14 kg, cadre bas, freins à disque 🚲"),
        (74, "Journée d’essai samedi à Nantes, places limitées"),
    ],
    past: PAST,
    lines: LINES,
};

const PAST: &[Past] = &[
    past(4_100, "Solène Gicquel", Under(1), "Inscrite ! Hâte d’essayer", &[Page(60, "À samedi Solène !")]),
    past_en(
        1_750,
        "Peter Hollis",
        Private,
        "Hello, can I have my Vélora 2 serviced in Bordeaux?",
        &[Page(45, "Hello Peter, yes, at our partner Cycles des Quais."), They(20, "Great, thanks")],
    ),
    past(
        310,
        "Fabrice Morin",
        Under(0),
        "Elle supporte un siège enfant à l’arrière ?",
        &[Page(28, "Bonjour Fabrice, oui, jusqu’à 22 kg sur le porte-bagages.")],
    ),
    past(
        48,
        "Laure Chapuis",
        Private,
        "Bonjour, la sonnette livrée n’est pas la bonne, il manque aussi la clé de l’antivol",
        &[],
    ),
    past_en(25, "Dan Carver", Under(0), "What is the range of the electric one?", &[]),
    past(8, "Cécile Rouanet", Under(1), "Il y aura le modèle taille S à l’essai ?", &[]),
];

const LINES: &[Line] = &[
    fr("Pauline Caron", Under(0), "Quel prix pour la version électrique ?").then(&["Merci, je passe l’essayer"]).act(1),
    en("Rachel Green", Private, "My order 20931 still hasn’t arrived, any update on my delivery?").is(WantsPerson).act(2),
    fr("Marc Olivier", Under(1), "Il reste des places pour samedi ? Je voudrais réserver pour deux").then(&["Parfait, à samedi !"]).act(3),
    en("Emily Stone", Under(0), "Does it come in a smaller frame? I’m 1.55 m").then(&["Lovely, thanks"]),
    fr("Karine Dubois", Private, "Bonjour, mon vélo ne freine plus bien depuis la révision, c’est dangereux")
        .then(&["Je peux venir demain matin", "Merci, c’est réparé"]),
    fr("Antoine Leroy", Under(0), "Vous livrez en Suisse ?").then(&["Merci"]),
    fr("Bérénice Lamy", Private, "Bonjour, c’est ouvert le dimanche ?"),
    en("George Tilly", Private, "Hello, do you accept bank transfer?").then(&["Great, I’ll do that"]),
    fr("Xavier Noël", Private, "combien de temps pour être livré ?"),
    en("Amy Rowland", Private, "how do I return something?").is(WantsPerson),
    fr("Damien Jolivet", Private, "Vélo reçu avec le garde-boue tordu et un carton ouvert, c’est lamentable").is(Angry),
    fr("Nathalie Brun", Private, "Plus de nouvelles de ma commande 20877 depuis dix jours. Je coupe tout, au revoir.").after(Blocks),
    fr("Yves Tanguy", Under(1), "J’y serai avec ma femme, elle hésite encore 😄"),
    en("Zoe Parnell", Under(0), "Best bike I've ever had, would recommend it to anyone in a hilly town"),
    fr("Crédit Rapide 24h", Under(0), "Prêt d’argent sans risque, contactez-moi sur WhatsApp +33 7 00 00 00 00").is(Silent),
    fr("Joël Maurin", Under(0), "14 kg mon oeil").is(Silent).after(Edits("14 kg sans la batterie, non ? Quel poids pour l’électrique ?")),
    fr("Mairie de Saint-Aubin", Private, "Bonjour, la commune souhaite équiper ses agents de 8 vélos électriques. Merci de nous adresser un devis avant la fin du mois.")
        .then(&["Merci, à adresser à services@saint-aubin.example", "Bien reçu, nous passons en commission jeudi"]),
    en("Hilary Dunn", Wall, "Thank you for the quick repair before my holiday, brilliant service"),
    fr("Benoît Charrier", Private, "Je prends la Vélora 3 en bleu, comment réserver ?").then(&["C’est fait, merci !"]),
    // On the other networks.
    fr("Ambre Collet", Instagram(0), "Quelle autonomie en montagne ?").then(&["Merci, ça me va"]),
    en("Toby Marsh", Whatsapp, "Hello, can I book a test ride on Saturday?").then(&["See you then"]),
    fr("Rémi Castel", Threads(1), "Le bleu nuit revient un jour ?"),
];

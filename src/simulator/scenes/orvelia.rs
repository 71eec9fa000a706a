//! Orvélia makes software for crews that maintain and repair: planning, work orders, invoices.

use super::After::{Blocks, Deletes, Edits};
use super::Place::{Instagram, Private, Threads, Under, Wall, Whatsapp};
use super::Temper::{Angry, Silent, WantsPerson};
use super::Then::{Page, They};
use super::{Line, Past, Scene, en, fr, past, past_en};

pub const SCENE: Scene = Scene {
    slug: "orvelia",
    name: "Orvélia",
    page: "105500000000011",
    orders: "F-",
    facts: &[
        ("website", "https://orvelia.example"),
        ("shop_url", "https://orvelia.example/tarifs"),
        ("delivery_url", "https://orvelia.example/mise-en-route"),
        ("returns_url", "https://orvelia.example/resiliation"),
        ("contact_url", "https://orvelia.example/contact"),
        ("jobs_url", "https://orvelia.example/carrieres"),
        ("press_email", "presse@orvelia.example"),
        ("partners_email", "partenaires@orvelia.example"),
        ("opening_hours", "8:30–18:30 (lun.–ven. / Mon–Fri)"),
        ("delivery_delay", "5–10 jours / days"),
        ("return_days", "30"),
    ],
    opened: &[
        ("hours/opening-hours", true),
        ("payment/invoice", false),
        ("payment/payment-methods", false),
        ("jobs/jobs-apply", true),
    ],
    posts: &[
        (
            22,
            "Nouveau : vos techniciens ferment leurs interventions hors ligne, tout se synchronise au retour du réseau 📶",
        ),
        (70, "Étude de cas : comment Chauffage Lemoine a gagné une heure par technicien et par jour"),
        (118, "On sera au salon Maintenance Expo, hall 4, stand B12. Venez voir la version 6 en vrai"),
    ],
    past: PAST,
    lines: LINES,
};

const PAST: &[Past] = &[
    past(
        6_000,
        "Isabelle Fournel",
        Under(2),
        "On passera vous voir mardi, l’équipe a hâte",
        &[Page(90, "Avec plaisir Isabelle, à mardi !")],
    ),
    past_en(
        3_050,
        "Gareth Lloyd",
        Private,
        "Hello, is there an API to push work orders from our ERP?",
        &[
            Page(35, "Hello Gareth, yes: REST, with webhooks. Shall I send you the documentation?"),
            They(15, "Yes please, gareth@lloydfacilities.example"),
        ],
    ),
    past(
        1_720,
        "Antoine Mercadier",
        Private,
        "Bonjour, la facture F-20418 porte l’ancienne adresse de la société",
        &[Page(20, "Bonjour Antoine, c’est corrigé, la nouvelle est dans votre espace."), They(33, "Parfait, merci")],
    ),
    past(
        1_300,
        "Nadia Ferrand",
        Under(1),
        "Très parlant. Combien de techniciens chez Lemoine ?",
        &[Page(50, "Bonjour Nadia, quarante-deux.")],
    ),
    past(
        72,
        "Olivier Prigent",
        Private,
        "Bonjour, l’export comptable du mois est vide depuis la mise à jour de lundi",
        &[],
    ),
    past_en(52, "Fiona McAllister", Under(0), "Does offline mode work on Android tablets too?", &[]),
    past(
        95,
        "Sandrine Vial",
        Private,
        "Bonjour, peut-on ajouter trois licences en cours d’année ?",
        &[
            Page(14, "Bonjour Sandrine, oui, au prorata. Combien d’utilisateurs au total ?"),
            They(40, "Dix-huit avec les trois nouveaux"),
        ],
    ),
    past(
        38,
        "Thierry Lacaze",
        Under(1),
        "Une heure par jour, j’aimerais voir ça chez nous. Vous faites des démonstrations sur site ?",
        &[],
    ),
    past_en(
        12,
        "Rowan Blake",
        Private,
        "Hi, we are comparing three tools for 60 field engineers. Could we get a demo next week?",
        &[],
    ),
    past(29, "Corinne Adam", Wall, "Merci à Julie du support, réponse en cinq minutes un vendredi soir 👏", &[]),
    past(13, "Stéphane Guyot", Under(0), "Et sur iPhone, c’est prévu ?", &[]),
];

const LINES: &[Line] = &[
    // The first minute.
    fr("Delphine Aubry", Private, "Bonjour, nous sommes 35 techniciens en froid commercial. Il nous faudrait un devis pour une mise en route en janvier.")
        .then(&["Merci. Le siège est à Angers, mon mail : d.aubry@froidouest.example", "Bien reçu, je transmets à la direction"])
        .act(1),
    fr("Gilles Pasquier", Private, "Toujours pas reçu les badges de ma commande F-20977, quatrième message. Tant pis, je bloque la page.")
        .after(Blocks)
        .act(1),
    fr("Laurence Bonnet", Under(0), "Trois semaines que la synchro plante sur nos tablettes, c’est inacceptable pour un outil à ce prix 😡").is(Angry).act(1),
    en("Marcus Field", Private, "Hi, what are your opening hours?").act(1),
    fr("Hervé Monteil", Private, "Bonjour, comment obtenir ma facture ?").act(1),
    en("Sienna Cole", Private, "Hello, we'd like a quote for 80 users, with single sign-on and onboarding for two sites.")
        .then(&["Great. Please send it to procurement@colefm.example", "Received, thank you. We decide on Friday"])
        .act(2),
    fr("Karim Ouali", Under(1), "Quel prix pour 12 utilisateurs ?").then(&["Merci, on peut voir une démo la semaine prochaine ?"]).act(2),
    en("SEO Rockets", Under(1), "Get followers and leads, guaranteed. Click here https://seo-rockets.example").is(Silent).act(2),
    fr("Emmanuelle Roche", Private, "Bonjour, journaliste à Maintenance Magazine : pourrais-je interviewer votre directrice sur l’intelligence artificielle dans le dépannage ?").act(2),
    en("Dylan Pryce", Private, "Can your API push closed work orders to our accounting package, or do we need a connector?")
        .then(&["We use Finledger. Is that one supported?", "Perfect, that settles it"])
        .act(2),
    fr("Virginie Salmon", Private, "Bonjour, je suis intégratrice à Lyon et j’aimerais rejoindre votre programme de partenaires.").act(3),
    fr("Mickaël Hubert", Under(2), "Encore des promesses de commerciaux, vous êtes des guignols").is(Silent).act(3),
    fr("Josiane Pelet", Private, "je n'ai pas reçu de facture").is(WantsPerson).act(3),
    // Questions an entry may answer.
    fr("Loris Vincent", Private, "vous recrutez ?").then(&["Super, j’envoie mon CV"]),
    en("Beth Harmon", Private, "are you hiring?").then(&["Thanks, I will apply"]),
    fr("Alain Courtois", Private, "Quels moyens de paiement acceptez-vous ?"),
    en("Ryan Foster", Private, "hi I need a VAT invoice for my company pls").is(WantsPerson),
    fr("Sabrina Kaci", Private, "quels sont vos horaires ?"),
    en("Gillian Moss", Under(2), "are you open on Saturday?"),
    fr("Yohan Besnard", Private, "on a changé de raison sociale et la compta me réclame les six dernières factures au bon nom, comment on fait ?").is(WantsPerson),
    // Hot.
    en("Patrick Sayer", Private, "We'd like to order 20 more licences before the end of the month. Who do I talk to?")
        .then(&["Purchase order is on its way", "Confirmed, thanks"]),
    fr("Sonia Ferreira", Under(0), "Vos tarifs pour une petite équipe de 5 ?").then(&["Parfait, je voudrais une démo cette semaine"]),
    fr("Groupe Armentis", Private, "Bonjour, nous lançons un appel d’offres pour 220 utilisateurs. Pouvez-vous nous faire parvenir un devis avant vendredi ?")
        .then(&["À adresser à achats@armentis.example", "Bien reçu, retour sous quinzaine"]),
    en("Alice Thornbury", Under(1), "How much for a crew of 8? We're on paper today")
        .then(&["That's within budget. Could we see a demo?", "Tuesday at 10 works"]),
    // Trouble.
    fr("Régis Colomb", Private, "Bonjour, impossible de me connecter depuis ce matin, mot de passe refusé sur trois postes").then(&["C’est bon, merci"]),
    fr("Monique Tessier", Private, "Bonjour, vous nous avez débités deux fois en novembre").then(&["Merci, remboursement bien reçu"]),
    en("Craig Donnelly", Private, "Push notifications stopped working on all our Android phones. Our crews miss jobs.").is(Angry),
    fr("Fabien Rousset", Under(1), "Nous, on a perdu deux jours de saisie avec votre version 6. Très déçu.").is(Angry),
    en("Wendy Archer", Private, "How do I export all our data? We may be leaving.").is(WantsPerson),
    // The public.
    fr("Amélie Jourdan", Under(0), "Enfin ! Nos gars en sous-sol vont adorer 👏"),
    en("Neil Harcourt", Under(1), "We've had it for two years, would recommend it to any facilities team"),
    fr("Christian Daubigny", Under(2), "Présent mardi, à quel heure la démo ?").after(Edits("Présent mardi, à quelle heure la démo ?")),
    fr("Lucas Bertheau", Under(0), "Moi je cherche un technicien chauffage, appelez le 06 39 98 77 10").is(Silent).after(Deletes),
    fr("Association GMAO France", Wall, "Merci pour votre soutien à nos rencontres annuelles, à l’année prochaine"),
    en("Leadership Daily", Private, "Hello, I host a podcast on field service. Would your founder join us as a guest?"),
    // On the other networks.
    fr("Nadège Pons", Instagram(0), "Une version pour les petites équipes est prévue ?").then(&["Merci !"]).act(3),
    en("Duncan Reed", Whatsapp, "Hi, our sync has been stuck since this morning. Can somebody look?").is(WantsPerson).act(3),
    fr("Elie Santoni", Threads(1), "Ça tourne hors ligne aussi ?").then(&["Top, merci"]).act(3),
];

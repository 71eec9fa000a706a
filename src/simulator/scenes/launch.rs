//! A product comes out: many questions under one publication, on every network at once.

use super::After::{Blocks, Edits};
use super::Place::{Instagram, InstagramPrivate, Private, Threads, Under, Wall, Whatsapp};
use super::Temper::{Angry, Silent, WantsPerson};
use super::{Line, Scene, aubepine, en, fr, velora};

pub const AUBEPINE: Scene = Scene { posts: POSTS, lines: LINES, ..aubepine::SCENE };
pub const VELORA: Scene = Scene { lines: BICYCLES, ..velora::SCENE };

/// The publication everybody asks under, after those of the weeks before.
const NEW: usize = 3;
const POSTS: &[(u32, &str)] = &[
    aubepine::SCENE.posts[0],
    aubepine::SCENE.posts[1],
    aubepine::SCENE.posts[2],
    (
        1,
        "Elle est là ✨ Sentier 2 : un bouchon qu’on ouvre avec des gants, 40 g de moins. Précommandes ouvertes, départ le 9 décembre.",
    ),
];

const LINES: &[Line] = &[
    fr("Mélissa Vernay", Under(NEW), "Enfin !! C’est combien ?").then(&["Précommandée 🙌"]).act(1),
    en("Jonas Reed", Under(NEW), "Does it fit the old lids?").then(&["Perfect, thanks"]).act(1),
    fr("Arnaud Sicard", Instagram(NEW), "Elle existe en 1 litre ?").act(1),
    fr("Colette Brun", Private, "Bonjour, je voudrais précommander mais le bouton ne répond pas")
        .is(WantsPerson)
        .act(1),
    en("Shannon Bell", Threads(NEW), "When does it ship to Ireland?").act(1),
    fr(
        "Refuge des Écrins",
        Private,
        "Bonjour, nous tenons une boutique de refuge. Il nous faudrait un devis pour 200 Sentier 2.",
    )
    .then(&["À gardien@refuge-ecrins.example, merci", "Bien reçu"])
    .act(2),
    fr("Gaëtan Morvan", Under(NEW), "Encore plus chère que l’ancienne, vous vous moquez de nous 😡").is(Angry).act(2),
    fr("Jérôme Pinel", Private, "Toujours sans nouvelles de la commande AB-48702, je coupe tout ici.")
        .after(Blocks)
        .act(2),
    en("Prize Patrol", Under(NEW), "You have won! Click here to claim https://prize-patrol.example").is(Silent).act(2),
    fr("Hélo Marty", Whatsapp, "Bonjour, la précommande est débitée tout de suite ?")
        .then(&["Très clair, merci"])
        .act(3),
    // Under the publication.
    fr("Loane Berthier", Under(NEW), "Elle passe au lave-vaisselle ?"),
    fr("Patrice Guérin", Under(NEW), "Le bouchon est-il compatible avec la paille ?"),
    en("Amelia Frost", Under(NEW), "Is the strap included or sold apart?"),
    en("Duncan Hale", Under(NEW), "How much in pounds?").then(&["Ordered!"]),
    fr("Kenza Rahmani", Under(NEW), "Quelles couleurs ? Je ne vois que le gris"),
    fr("Sylvain Dory", Under(NEW), "40 g de moins sur quelle contenance ?")
        .after(Edits("40 g de moins sur quelle contenance, 500 ou 750 ?")),
    fr("Émilie Bastide", Under(NEW), "Vous reprenez l’ancienne ?"),
    en("Chloe Barratt", Under(NEW), "Does it keep coffee hot for a whole day?"),
    fr("Marius Lang", Under(NEW), "Fabriquée où, celle-ci ?"),
    fr("Nora Jansen", Under(NEW), "Livraison avant Noël en Belgique, c’est sûr ?"),
    fr("Tony Da Costa", Under(NEW), "Je la prends en noir, où est-ce qu’on commande ?").then(&["C’est fait, merci"]),
    fr("Ginette Aubin", Under(NEW), "Il y en aura en magasin ?"),
    en("Ravi Menon", Under(NEW), "Is it BPA free?"),
    fr("Alix Perrin", Under(NEW), "Trop belle 😍"),
    fr("Jules Aymard", Under(NEW), "Toujours pas de version enfant ?"),
    // On the other networks.
    fr("Iris Dumas", Instagram(NEW), "On peut la voir ouverte ? 😍").then(&["Merci !"]),
    en("Poppy Lane", Instagram(NEW), "Need it in green, is that coming?"),
    fr("Camille Rault", Instagram(NEW), "Combien la 750 ?"),
    en("Zach Miller", Instagram(NEW), "Do you ship to the US?"),
    fr("Manu Ferrer", Threads(NEW), "Le bouchon est réparable ou il faut racheter ?"),
    en("Isla Grant", Threads(NEW), "Lighter and still steel? How?"),
    fr("Lise Cordier", InstagramPrivate, "Coucou, je voudrais deux Sentier 2 gravées, c’est possible ?")
        .then(&["Génial 🥰"]),
    fr("Omar Ziani", Whatsapp, "Bonjour, je voudrais changer la couleur de ma précommande"),
    en("Kim Ashdown", Whatsapp, "Hi, did my preorder go through? I have no mail").is(WantsPerson),
    fr("Trail des Crêtes", Private, "Bonjour, pouvez-vous équiper nos 300 bénévoles en Sentier 2 ? Quel tarif ?"),
    en("Outfitters & Co", Private, "Hello, we would love to stock it. Could you send a wholesale price list?"),
    fr("Delphine Roche", Private, "quels sont vos délais de livraison ?"),
    fr("Yann Quéré", Private, "Quels moyens de paiement acceptez-vous ?"),
    en("Molly Barnes", Private, "how do I cancel a preorder?").is(WantsPerson),
    fr("Claude Ferrand", Wall, "Bravo pour la Sentier 2, on sent que vous écoutez vos clients"),
];

const BICYCLES: &[Line] = &[
    fr("Sabri Haddou", Under(0), "Quel prix pour la Vélora 3 avec le panier ?").then(&["Merci"]).act(2),
    en("Louise Tanner", Private, "Hello, do you accept bank transfer?").act(3),
    fr("Agnès Millot", Instagram(0), "On peut l’essayer avant d’acheter ?"),
    en("Stewart Pirie", Threads(1), "Is the test day in Nantes open to everyone?"),
    fr("Romain Le Bris", Private, "combien de temps pour être livré ?"),
    fr("Inès Calmet", Whatsapp, "Bonjour, il me faudrait un devis pour quatre vélos d’entreprise"),
    en("Grant Leask", Under(1), "Great to see you again on Saturday"),
];

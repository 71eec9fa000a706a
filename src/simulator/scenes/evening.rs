//! The rush hour: an evening before the holidays, when everybody writes at once, everywhere.

use super::After::Blocks;
use super::Place::{Instagram, InstagramPrivate, Private, Threads, Under, Wall, Whatsapp};
use super::Temper::{Angry, Silent, WantsPerson};
use super::{Line, Scene, aubepine, en, fr, velora};

pub const AUBEPINE: Scene = Scene { lines: LINES, ..aubepine::SCENE };
pub const VELORA: Scene = Scene { lines: BICYCLES, ..velora::SCENE };

const LINES: &[Line] = &[
    // The first half minute: something of everything.
    fr("Perrine Lachaud", Private, "Bonsoir, quels sont vos délais de livraison ?").act(1),
    en("Nick Farrow", Whatsapp, "Hi, do you deliver on Saturdays?").act(1),
    fr("Solal Amar", Instagram(0), "C’est combien la terracotta ?").then(&["Merci, je commande ce soir"]).act(1),
    fr("Ludivine Prat", Under(1), "Un mois que j’attends, et personne ne répond. Inadmissible 😡").is(Angry).act(1),
    en("Casey Monroe", Threads(0), "Is the green one sold out already?").act(1),
    fr("Bernard Joly", Private, "Dernier message : ma commande AB-49007 n’arrive pas, je vous bloque après celui-ci.")
        .after(Blocks)
        .act(2),
    fr("Anouk Teissier", Whatsapp, "Bonsoir, où est ma commande ?").is(WantsPerson).act(2),
    en("Follow4Follow", Under(0), "Free followers now, click here https://f4f.example").is(Silent).act(2),
    fr("Club Rando 73", Private, "Bonjour, il nous faudrait un devis pour 60 gourdes avant le 20. C’est faisable ?")
        .then(&["Parfait : bureau@rando73.example", "Bien reçu, merci"])
        .act(2),
    en("Maisie Dunn", Instagram(2), "My two-year-old bottle still looks new. Love it 💙").act(2),
    // Then everybody at once. Questions that have an answer.
    fr("Rose Lemaître", Private, "vous êtes ouverts demain ?"),
    en("Jamie Coles", Private, "what are your opening hours please?"),
    fr("Idriss Benali", Whatsapp, "Quels moyens de paiement acceptez-vous ?").then(&["Super, merci"]),
    en("Nadia Osman", Instagram(1), "how long does delivery take?"),
    fr("Céline Maury", Under(1), "C’est livré en combien de temps ?"),
    fr("Gauthier Rey", Private, "comment faire un retour svp ?").is(WantsPerson),
    en("Peter Lyall", Whatsapp, "How do I return one that I was given?"),
    fr("Salomé Viguier", InstagramPrivate, "coucou vous livrez en point relais ?"),
    // Orders on their way, or not.
    fr("Thierry Blin", Private, "Bonsoir, je n’ai toujours rien reçu, c’est pour un cadeau samedi")
        .then(&["D’accord, j’attends votre retour"]),
    en("Alison Reeve", Private, "My parcel says delivered and it is not here. Can somebody check?").is(WantsPerson),
    fr("Fatoumata Diallo", Whatsapp, "Bonsoir, le suivi ne bouge plus depuis trois jours"),
    en("Rob Sadler", Under(1), "Ordered on Monday, still nothing. Is that usual?"),
    fr("Jocelyne Roux", Whatsapp, "Je me suis trompée d’adresse, peut-on la changer ?")
        .then(&["8 rue du Port, 29200 Brest"]),
    fr("Dylan Masson", InstagramPrivate, "je peux annuler ma commande de ce matin ?"),
    en("Heather Quill", InstagramPrivate, "can I still add one to my order from today?"),
    // Buying.
    fr("Estelle Cadiou", Instagram(0), "Elle existe en 500 ml ? 😍").then(&["Merci, je la prends"]),
    en("Marcus Webb", Instagram(0), "How much is the small one?").then(&["Great, ordering"]),
    fr("Nils Aubert", Threads(0), "Vous faites la gravure avant Noël ?"),
    en("Joss Hartley", Threads(1), "Free delivery to Belgium only, or the Netherlands too?"),
    fr(
        "Mairie de Verchères",
        Private,
        "Bonjour, la commune souhaite 150 gourdes pour ses écoles. Pouvez-vous faire un devis ?",
    )
    .then(&["À adresser à ecoles@vercheres.example"]),
    en("Dana Whitlock", Whatsapp, "We want to order 40 with our logo. What would it cost?"),
    fr("Karima Saadi", Under(0), "Il en reste en bleu ? J’en voudrais trois pour jeudi"),
    fr("Léo Marchetti", Under(2), "On peut visiter l’atelier pendant les vacances ?"),
    en("Erin Doyle", Under(0), "Which size for a four-year-old?"),
    fr("Maud Keller", Threads(2), "La fabrication est toujours à Roanne ?"),
    // Trouble.
    fr("Pascal Nogaret", Whatsapp, "Le bouchon fuit dès le premier jour, je veux un remboursement").is(Angry),
    en("Gemma Stoker", Under(0), "The paint came off in the first wash. Really disappointed.").is(Angry),
    fr("Virgile Tran", Private, "Mon paiement est refusé depuis une heure alors que la carte marche ailleurs"),
    fr("Corentin Bailly", Threads(1), "Site en panne ce soir ou c’est moi ?"),
    en("Lorna Fitch", Private, "I was charged twice tonight. Please look into it."),
    fr("Annick Ferré", Wall, "Personne au téléphone, personne par mail. Déçue.").is(Angry),
    // The public.
    fr("Ophélie Sorel", Under(2), "Merci pour la réparation gratuite de ma vieille Sentier 👏"),
    en("Will Brannigan", Wall, "Brilliant service yesterday, thank you Julie"),
    fr("Abel Fournier", Instagram(2), "Trop beau cet atelier 😍"),
    en("Tara Quist", Threads(2), "My favourite brand. That is all."),
    fr("Zoé Pinson", Instagram(1), "La livraison offerte, c’est aussi pour la Corse ?"),
];

const BICYCLES: &[Line] = &[
    fr("Rodolphe Maire", Under(0), "Quelle autonomie l’hiver ?").then(&["Merci"]).act(1),
    en("Beth Ansell", Whatsapp, "Hello, can I try one tomorrow evening?").then(&["See you then"]).act(2),
    fr("Yasmina Ould", Private, "vous êtes ouverts le lundi ?"),
    en("Craig Munro", Private, "do you accept bank transfer?"),
    fr("Éliott Gandon", Instagram(0), "Elle existe avec un cadre plus petit ?"),
    en("Freya Nolan", Instagram(1), "Any places left for Saturday?"),
    fr("Sandra Pichon", Whatsapp, "Bonsoir, ma commande 21044 devait arriver hier").is(WantsPerson),
    fr("Bruno Altier", Under(1), "On peut venir sans réserver ?"),
    en("Ollie Tran", Threads(0), "Weight with the battery?"),
    fr("Nathan Keryell", Threads(1), "Combien pour une révision complète ?"),
    fr("Édith Roussin", Private, "Le frein avant grince depuis hier, c’est dangereux ?").is(Angry),
    en("Paula Stroud", Under(0), "Lovely to ride. Best purchase this year."),
    fr("Cabinet Lorrain", Private, "Nous cherchons 6 vélos de fonction. Pouvez-vous nous envoyer un devis ?")
        .then(&["À contact@lorrain.example, merci"]),
    en("Sean Akers", InstagramPrivate, "Can you ship to Jersey?"),
    fr("Capucine Henry", InstagramPrivate, "Bonsoir, la couleur sable revient quand ?"),
    fr("Marius Coste", Whatsapp, "combien de temps pour être livré ?"),
];

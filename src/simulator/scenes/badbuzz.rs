//! A bad day: a rumour about the paint, and anger on every network. Among it all, people who only want
//! to know, people who stand up for the brand, and the usual questions.

use super::After::{Blocks, Deletes, Edits};
use super::Place::{Instagram, InstagramPrivate, Private, Threads, Under, Wall, Whatsapp};
use super::Temper::{Angry, Silent, WantsPerson};
use super::{Line, Scene, aubepine, en, fr, velora};

pub const AUBEPINE: Scene = Scene { lines: LINES, ..aubepine::SCENE };
pub const VELORA: Scene = Scene { lines: BICYCLES, ..velora::SCENE };

const LINES: &[Line] = &[
    fr("Sandra Lopez", Under(0), "De la peinture dans la gourde de mon fils. C’est une honte 😡").is(Angry).act(1),
    en("Bradley Stone", Under(0), "Paint flakes in a kid’s bottle. Disgusting. Never again.").is(Angry).act(1),
    fr("Mickaël Teyssier", Instagram(0), "Menteurs. Boycott.").is(Silent).act(1),
    fr("Audrey Fontana", Private, "Bonjour, ma fille boit dans une Petit Loup tous les jours. Est-ce dangereux ?")
        .is(WantsPerson)
        .act(1),
    en("Kirsty Vaughan", Threads(2), "So is any of it true? A straight answer would help.").act(1),
    fr("Régine Salvat", Private, "Je jette tout et je vous bloque. Inutile de répondre.").after(Blocks).act(2),
    fr(
        "Maître Delorme",
        Private,
        "J’agis pour une cliente : mise en demeure par courrier, merci de m’indiquer votre avocat.",
    )
    .act(2),
    fr("Radio Forez", Private, "Bonjour, journaliste. Votre réaction aux photos qui circulent, avant 17 h ?").act(2),
    en("Steph Marlow", Under(2), "I have visited that workshop. Nothing of this makes sense to me.").act(2),
    en("Cash Today", Under(0), "Tired of brands? Earn money from home https://cash-today.example").is(Silent).act(2),
    // Anger.
    fr("Loïc Barrière", Under(0), "Inadmissible. Remboursez tout le monde.").is(Angry),
    fr("Cindy Marchal", Under(0), "Et vous supprimez les commentaires en plus ? Lamentable").is(Angry).after(Deletes),
    fr("Fabrice Leduc", Under(1), "Livraison offerte pour écouler vos stocks pourris ? Scandaleux").is(Angry),
    fr("Myriam Cohen", Under(2), "Beau reportage, quel mensonge")
        .is(Angry)
        .after(Edits("Beau reportage, mais quel mensonge")),
    en("Tyler Boone", Under(1), "Free delivery of poison. Awful company.").is(Angry),
    en("Janine Prew", Under(2), "Third message, no answer. I am so disappointed.").is(Angry),
    fr("Gaby Renaud", Instagram(0), "J’ai honte d’en avoir offert quatre. Remboursez-moi.").is(Angry),
    en("Ashley Crane", Instagram(2), "Deleting comments does not make it go away").is(Angry),
    fr("Victor Salin", Threads(0), "Deux jours de silence. Vous attendez quoi ?").is(Angry),
    en("Nina Fallow", Threads(1), "Worst crisis handling I have seen this year").is(Angry),
    fr("Kamel Bouzid", Wall, "Je contacte mon avocat et la répression des fraudes dès demain").is(Angry),
    fr("Troll du 42", Under(0), "bande de voleurs, fermez boutique").is(Silent),
    // Those who want to know, or have something in their hands.
    fr("Laetitia Morel", Whatsapp, "Bonjour, quels lots sont concernés ? Le mien finit par 17").is(WantsPerson),
    en("Rachel Ingram", Whatsapp, "Is the grey one safe for a toddler?").is(WantsPerson),
    fr("Bastien Collet", Whatsapp, "Je veux un remboursement, comment faire un retour ?").is(WantsPerson),
    fr("Nolwenn Tanguy", InstagramPrivate, "bonjour c’est vrai cette histoire de peinture ? j’ai un bébé"),
    en("Ewa Nowak", InstagramPrivate, "how do I return it? I do not feel safe using it"),
    fr("Crèche Les Lucioles", Private, "Bonjour, nous avons 24 Petit Loup. Devons-nous les retirer ? Réponse urgente."),
    en("Colin Strand", Private, "Do you have a test report you can share?"),
    fr("Denise Ravel", Private, "Comment faire un retour ?").is(WantsPerson),
    fr("Marlène Guichard", Private, "La mienne s’écaille aussi, photo à l’appui. Que dois-je faire ?"),
    en("Hugh Parr", Private, "I want to cancel my order from yesterday.").is(WantsPerson),
    // Those who stand up for them, and those who noticed nothing.
    fr("Roger Valette", Under(2), "Dix ans que j’en ai une, jamais un éclat. On se calme."),
    fr("Aïcha Meziane", Instagram(2), "Courage à l’équipe, j’attends les analyses avant de juger"),
    en("Fergus Lamont", Threads(0), "Mine is five years old and fine. Waiting for facts."),
    fr("Sabine Olry", Under(1), "C’est livré en combien de temps ?"),
    en("Jo Penrose", Private, "what are your opening hours?"),
    fr("Adrien Vasse", Instagram(1), "Quel prix la 750 ?"),
];

const BICYCLES: &[Line] = &[
    fr("Franck Delmotte", Under(0), "Même fournisseur de peinture qu’Aubépine, non ? Inquiétant").is(Angry).act(2),
    en("Una Sheridan", Threads(0), "Do your frames come from the same paint shop?").act(3),
    fr("Josette Carré", Private, "vous êtes ouverts demain ?"),
    fr("Timéo Arnal", Instagram(0), "Quelle autonomie en ville ?"),
    en("Hector Blythe", Private, "Where is my order? It was due on Monday").is(WantsPerson),
    fr("Séverine Puig", Whatsapp, "Bonjour, je voudrais un remboursement, le vélo est rayé").is(Angry),
    fr("Léon Barthe", Under(1), "À samedi, hâte d’essayer 🚲"),
];

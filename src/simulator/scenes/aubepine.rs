//! Aubépine makes bottles.

use super::After::{Blocks, Deletes, Edits};
use super::Place::{Instagram, InstagramPrivate, Private, Threads, Under, Wall, Whatsapp};
use super::Temper::{Angry, Silent, WantsPerson};
use super::Then::{Page, They};
use super::{Line, Past, Scene, en, fr, past, past_en};

pub const SCENE: Scene = Scene {
    slug: "aubepine",
    name: "Aubépine",
    page: "105500000000001",
    orders: "AB-",
    facts: &[
        ("website", "https://aubepine.example"),
        ("shop_url", "https://aubepine.example/boutique"),
        ("delivery_url", "https://aubepine.example/livraison"),
        ("returns_url", "https://aubepine.example/retours"),
        ("contact_url", "https://aubepine.example/contact"),
        ("jobs_url", "https://aubepine.example/emplois"),
        ("press_email", "presse@aubepine.example"),
        ("partners_email", "pro@aubepine.example"),
        ("opening_hours", "9:00–18:00 (lun.–ven. / Mon–Fri)"),
        ("delivery_delay", "3–5 jours / days"),
        ("return_days", "30"),
    ],
    opened: &[
        ("hours/opening-hours", true),
        ("delivery/delivery-time", true),
        ("payment/payment-methods", false),
        ("returns/return-how", false),
        ("delivery/order-status", false),
        ("jobs/jobs-apply", false),
    ],
    posts: &[
        (26, "« Petit Loup » est de retour, en trois couleurs d’automne 🍂"),
        (50, "Livraison offerte jusqu’à dimanche soir, en France et en Belgique 🎁"),
        (98, "Dans les coulisses de l’atelier de Roanne : comment naît une gourde Sentier"),
    ],
    past: PAST,
    lines: LINES,
};

const PAST: &[Past] = &[
    past(
        5_700,
        "Bastien Roy",
        Under(2),
        "Superbe reportage, on sent le savoir-faire 👏",
        &[Page(40, "Merci Bastien, l’équipe de Roanne va être touchée !")],
    ),
    past(
        2_880,
        "Anaïs Colin",
        Private,
        "Bonjour, je cherche le code promo reçu par mail, il a expiré ?",
        &[
            Page(25, "Bonjour Anaïs, il est valable jusqu’à dimanche : AUTOMNE10. Bonne commande !"),
            They(12, "Ça marche, merci beaucoup"),
        ],
    ),
    past_en(
        2_610,
        "Grace Holloway",
        Under(1),
        "Does the free delivery include Luxembourg?",
        &[Page(55, "Hello Grace, not this time, sorry: France and Belgium only.")],
    ),
    past(
        1_590,
        "Julien Besson",
        Private,
        "Bonjour, ma commande AB-46902 est marquée livrée mais je n’ai rien reçu",
        &[
            Page(30, "Bonjour Julien, désolés ! Nous ouvrons une enquête auprès du transporteur, réponse sous 48 h."),
            They(9, "Merci, j’attends votre retour"),
        ],
    ),
    past(1_430, "Léonie Marchal", Under(0), "Les couleurs 😍😍 j’adore la terracotta", &[Page(18, "Merci Léonie 🍂")]),
    past(
        420,
        "Patrick Aubert",
        Under(1),
        "Vous livrez en Corse au même prix ?",
        &[Page(35, "Bonjour Patrick, oui, la Corse est comprise.")],
    ),
    past(
        75,
        "Sylvie Renard",
        Private,
        "Bonjour, je voudrais échanger ma gourde 500 ml contre une 750, comment faire ?",
        &[],
    ),
    past_en(49, "Ben Marlow", Under(2), "Is the steel made in France as well, or only the assembly?", &[]),
    past(
        66,
        "Mehdi Saïdi",
        Private,
        "Bonjour, la paille fuit depuis le premier jour, que puis-je faire ?",
        &[
            Page(16, "Bonjour Mehdi, mince ! Pouvez-vous nous envoyer une photo du joint ?"),
            They(21, "Voilà, on voit que le joint est mal posé"),
        ],
    ),
    past(41, "Lucie Fabre", Under(0), "Quelle contenance pour un enfant de 3 ans ?", &[]),
    past_en(33, "Holly Pierce", Private, "Hi, my order AB-47355 was due last Friday and it still hasn't arrived", &[]),
    past(28, "Rémi Gauthier", Under(0), "Encore une marque qui vend du made in France fabriqué en Chine…", &[]),
    past(21, "Nadège Poulain", Under(1), "Moi c’est le 06 39 98 12 45, appelez-moi pour ma commande svp", &[]),
    past(
        12,
        "Valentin Prost",
        Private,
        "Bonjour, nous organisons un trail de 400 coureurs en mars, vous faites des gourdes au logo de l’événement ? Il nous faudrait un devis.",
        &[],
    ),
    past(
        17,
        "Elsa Monnier",
        Wall,
        "Ma fille ne quitte plus la sienne, merci pour le bouchon de rechange offert 💚",
        &[],
    ),
    past_en(9, "Oscar Lindley", Under(0), "Lovely colours. Are they dishwasher safe?", &[]),
    past(
        5,
        "Claire Vautier",
        Private,
        "Bonjour, je me suis trompée de taille en commandant hier, est-ce que je peux modifier ?",
        &[],
    ),
];

const LINES: &[Line] = &[
    // The first minute.
    fr("Camille Roussel", Under(0), "Trop belles 😍 c’est combien la Petit Loup en 350 ml ?")
        .then(&["Merci ! Je la prends pour l’anniversaire de mon fils", "Commande passée, merci beaucoup 🙏"])
        .act(1),
    fr("Denis Carlier", Private, "Toujours pas reçu mon colis AB-48331, troisième message. C’est le dernier, après je vous bloque.")
        .after(Blocks)
        .act(1),
    fr("Maëlle Le Goff", Under(0), "La peinture de la Petit Loup s’écaille au bout de 2 semaines, c’est inadmissible 😡").is(Angry).act(1),
    en("Hannah Doherty", Private, "Hi, what are your opening hours?").act(1),
    fr("Soline Barbier", Private, "Bonjour, quels sont vos délais de livraison ?").act(1),
    fr("Yanis Belkacem", Private, "Bonjour, il nous faudrait 120 gourdes gravées pour le 12 décembre. Vous pouvez faire un devis ?")
        .then(&["Parfait, mon mail : yanis@capseminaires.example", "Bien reçu, merci"])
        .act(2),
    en("Olivia Hart", Under(1), "Do you ship to Ireland? I can’t find it anywhere on the site.").then(&["Brilliant, thank you!"]).act(2),
    en("Crypto Wins", Under(1), "Earn money from home with bitcoin signals https://t.me/cryptowins").is(Silent).act(2),
    fr("Inès Moreau", Private, "Bonjour, je n’ai toujours rien reçu, ma commande date du 3 novembre")
        .then(&["D’accord, j’attends votre retour", "Le colis est arrivé ce matin, merci !"])
        .act(2),
    fr("Gwen Andrieux", Under(2), "3 ans que ma Sentier me suit partout 🏔️ pas une fuite, je recommande !").then(&["💙"]).act(2),
    en("James Whitfield", Private, "Hi, we run 14 shops in the UK and would love to stock the Sentier range this spring. Could you send a wholesale quote?")
        .then(&["Great, looking forward to it.", "My e-mail is james@whitfieldoutdoor.example"])
        .act(3),
    fr("Kévin Lopes", Under(0), "Bande de clowns, votre gourde vaut pas un clou").is(Silent).act(3),
    fr("Aurélie Poncet", Private, "Bonjour, où est ma commande ?").is(WantsPerson).act(3),
    en("Adam Clarke", Under(0), "How much is the small one?").then(&["Perfect, where do I order?", "Done, thanks!"]).act(3),
    // Questions an entry may answer, in people’s own words.
    fr("Tristan Meunier", Private, "vous êtes ouverts le samedi ?"),
    fr("Lina Haddad", Private, "bjr on peut payer par carte bleue sur le site ?").then(&["Super merci !"]),
    en("Ruby Atkinson", Private, "what payment methods do you accept?").then(&["Perfect, thanks"]),
    en("Connor Walsh", Under(1), "how long does delivery take?"),
    fr("Mireille Tardy", Private, "Comment faire un retour ?").is(WantsPerson).act(3),
    fr("Arthur Pelletier", Under(1), "Quels moyens de paiement acceptez-vous ?"),
    fr("Samia Cherif", Private, "j’ai commandé un cadeau, vous pensez que ça arrive avant la fin de semaine ? il part en voyage dimanche"),
    en("Ellie Frost", Private, "if I changed my mind about the colour, is it too late to send it back after opening the box?").is(WantsPerson),
    fr("Robin Caillaud", Private, "Vous recrutez ? Je cherche une alternance en communication"),
    en("Megan Shaw", Private, "where is my order? It says shipped since Monday").is(WantsPerson),
    fr("Odile Garnier", Under(2), "À quelle heure fermez-vous le vendredi à l’atelier ? On aimerait visiter"),
    // Buying.
    fr("Lou Martin", Under(0), "Vos bouchons sont réparables ? J’évite de racheter une gourde entière").then(&["Super, merci !"]),
    fr("Sofia Ricci", Under(1), "C’est dispo en vert sauge ?").then(&["Ah mince, tant pis. Merci"]),
    en("Ewan Forbes", Under(2), "Do the lids fit the old 750 ml?").then(&["Thanks, ordering one today"]),
    fr("Nour El Kilani", Under(0), "Elle passe au lave-vaisselle ?").then(&["Merci 🙏"]),
    fr("Paul Vidal", Under(1), "Où acheter en magasin à Lille ?").then(&["Parfait, j’y vais samedi"]),
    en("Isabel Knight", Private, "I'd like to order two for Christmas with names on them, is that possible and what does it cost?")
        .then(&["Lovely! The names are Noah and Theo", "Ordered, thank you so much"]),
    fr("Marion Lefort", Private, "Je voudrais commander 6 gourdes pour mes témoins, vous faites un prix ?").then(&["Parfait, je commande ce soir"]),
    fr("Théo Blanchet", Under(0), "Il en reste en 500 ml ? J’en voudrais deux pour samedi").then(&["Merci, je passe commande"]),
    en("Priya Nair", Under(2), "Which size would you take for a day hike?"),
    // Trouble.
    fr("Hugo Bernard", Private, "Bonjour, je me suis trompé d’adresse de livraison, est-ce qu’on peut changer ?")
        .then(&["12 rue des Lilas, 69003 Lyon", "Merci beaucoup"]),
    fr("Chloé Petit", Private, "Bonjour, le bouchon est cassé à l’arrivée, je voudrais un remboursement").then(&["Merci pour votre rapidité"]),
    en("Lauren Brady", Private, "The straw arrived broken and this is the second time I ask. Really disappointed.").is(Angry),
    fr("Gérard Quesnel", Under(1), "Livraison offerte mais un mois d’attente, personne ne répond au téléphone. Plus jamais.").is(Angry),
    fr("Manon Ducret", Private, "Bonjour, mon paiement est refusé alors que la carte marche partout ailleurs"),
    fr("Florian Bazin", Under(0), "On m’a débité deux fois, et silence radio. Je contacte mon avocat demain.").is(Angry),
    en("Kate Lambert", Wall, "Third bottle from you and the first one that leaks. Any chance of a new seal?"),
    // For those who look after the community.
    fr("Margaux Faure", Wall, "Bravo pour l’accueil à la boutique de Lyon, quelle équipe !").then(&["À bientôt !"]),
    fr("Jade Simonet", Under(2), "Je bosse dans le textile, chapeau pour la transparence 👏"),
    en("Noah Bright", Under(2), "My favourite brand, goes everywhere with me 💙"),
    fr("Bon Plan Express", Under(0), "Gagnez de l’argent facilement, cliquez ici https://bonplan-express.example").is(Silent),
    fr("Steeve Marchand", Under(1), "Toi t’es bête ou quoi ? Lis le post avant de commenter").is(Silent).after(Deletes),
    fr("Agathe Loiseau", Under(0), "La rouge est dispo en magazin ?").after(Edits("La rouge est dispo en magasin à Nantes ?")),
    fr("Nicolas Weiss", Private, "Bonjour, je suis journaliste à La Gazette du Rhône et prépare un sujet sur le zéro déchet. À qui parler ?"),
    en("Trail & Tonic", Private, "Hello! We are two hiking creators, 48k followers. Would you like to partner with us for a spring series?"),
    // On the other networks.
    fr("Clara Benoist", Instagram(0), "La terracotta est sublime 😍 elle existe en 1 litre ?").then(&["Hâte de la recevoir !"]).act(3),
    en("Megan Hollis", Instagram(1), "Do you ship to the Netherlands?").then(&["Perfect, thank you!"]),
    fr("Lila Ferrand", InstagramPrivate, "Coucou ! Vous faites des gravures pour un cadeau de naissance ?").then(&["Génial, merci 🥰"]),
    fr("Sébastien Morel", Whatsapp, "Bonjour, où en est ma commande AB-48811 ?").then(&["Merci pour la réponse rapide"]).act(3),
    en("Grace Adeyemi", Whatsapp, "Hi, the lid I received does not fit the bottle. Can I get another one?").then(&["Thanks a lot"]),
    fr("Mathis Gaudin", Threads(2), "Fabriqué à Roanne pour de vrai, ou juste assemblé ?").then(&["Respect 👏"]).act(3),
    en("Rory Campbell", Threads(0), "How much is the small one?"),
];

//! The people of the demo: who they are, what they write under which post, and what they answer
//! when somebody answers them. Which of them comes when is decided by given dice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::facebook::{Act, Facebook, psid_of};
use crate::base::Given;

/// A brand's page on the stage.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The page's id.
    pub page: String,
    /// What the page publishes at the beginning.
    pub posts: &'static [&'static str],
    /// Who writes, what.
    pub lines: &'static [Line],
}

/// Somebody's line.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Their name.
    pub who: &'static str,
    /// Where they say it.
    pub place: Place,
    /// What they say.
    pub says: &'static str,
    /// What they say to an answer; nothing: they are content.
    pub answers: &'static [&'static str],
}

/// Where a line is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Under the page's post of this number.
    Under(usize),
    /// In Messenger.
    Private,
    /// On the page's wall.
    Wall,
}

use Place::{Private, Under, Wall};

const fn line(who: &'static str, place: Place, says: &'static str, answers: &'static [&'static str]) -> Line {
    Line { who, place, says, answers }
}

/// What Aubépine, maker of bottles, publishes.
pub const AUBEPINE_POSTS: &[&str] = &[
    "« Petit Loup » est de retour, en trois couleurs d’automne 🍂",
    "Livraison offerte jusqu’à dimanche soir, en France et en Belgique 🎁",
    "Dans les coulisses de l’atelier de Roanne : comment naît une gourde Sentier",
];

/// Who writes to Aubépine.
pub const AUBEPINE: &[Line] = &[
    line(
        "Camille Roussel",
        Under(0),
        "Trop belles 😍 c’est combien la Petit Loup en 350 ml ?",
        &["Merci ! Je la prends pour l’anniversaire de mon fils", "Commande passée, merci beaucoup 🙏"],
    ),
    line(
        "Olivia Hart",
        Under(1),
        "Do you ship to Ireland? I can’t find it anywhere on the site.",
        &["Brilliant, thank you!"],
    ),
    line(
        "Yanis Belkacem",
        Private,
        "Bonjour, il nous faudrait 120 gourdes gravées pour le 12 décembre. Vous pouvez faire un devis ?",
        &["Parfait, mon mail : yanis@capseminaires.example", "Bien reçu, merci"],
    ),
    line(
        "Inès Moreau",
        Private,
        "Bonjour, je n’ai toujours rien reçu, ma commande AB-47710 date du 3 novembre",
        &["Merci, j’attends votre retour", "Le colis est arrivé ce matin, merci !"],
    ),
    line(
        "Thomas Girard",
        Under(2),
        "Elle tient vraiment 24 h au froid ou c’est du marketing ?",
        &["D’accord, merci pour la réponse honnête"],
    ),
    line(
        "Maëlle Le Goff",
        Under(0),
        "La peinture de la Petit Loup s’écaille au bout de 2 semaines, c’est inadmissible 😡",
        &["Je vous envoie une photo", "Merci d’avoir fait vite"],
    ),
    line("Gwen Andrieux", Under(2), "3 ans que ma Sentier me suit partout 🏔️ pas une fuite, je recommande !", &["💙"]),
    line(
        "James Whitfield",
        Private,
        "Hi, we run 14 shops in the UK and would love to stock the Sentier range this spring. Could you send a wholesale quote?",
        &["Great, looking forward to it."],
    ),
    line(
        "Lou Martin",
        Under(0),
        "Vos bouchons sont réparables ? J’évite de racheter une gourde entière",
        &["Super, merci !"],
    ),
    line("Sofia Ricci", Under(1), "C’est dispo en vert sauge ?", &["Ah mince, tant pis. Merci"]),
    line(
        "Hugo Bernard",
        Private,
        "Bonjour, je me suis trompé d’adresse de livraison, est-ce qu’on peut changer ?",
        &["12 rue des Lilas, 69003 Lyon", "Merci beaucoup"],
    ),
    line("Ewan Forbes", Under(2), "Do the lids fit the old 750 ml?", &["Thanks, ordering one today"]),
    line("Nour El Kilani", Under(0), "Elle passe au lave-vaisselle ?", &["Merci 🙏"]),
    line("Paul Vidal", Under(1), "Où acheter en magasin à Lille ?", &["Parfait, j’y vais samedi"]),
    line(
        "Chloé Petit",
        Private,
        "Bonjour, le bouchon est cassé à l’arrivée, je voudrais un remboursement",
        &["Commande AB-48102", "Merci pour votre rapidité"],
    ),
    line("Crypto Wins", Under(1), "Earn money from home with bitcoin signals https://t.me/cryptowins", &[]),
    line("Margaux Faure", Wall, "Bravo pour l’accueil à la boutique de Lyon, quelle équipe !", &["À bientôt !"]),
    line("Adam Clarke", Under(0), "How much is the small one?", &["Perfect, where do I order?", "Done, thanks!"]),
];

/// What Vélora, maker of city bicycles, publishes.
pub const VELORA_POSTS: &[&str] =
    &["La Vélora 3 arrive : 14 kg, cadre bas, freins à disque 🚲", "Journée d’essai samedi à Nantes, places limitées"];

/// Who writes to Vélora.
pub const VELORA: &[Line] = &[
    line("Pauline Caron", Under(0), "Quel prix pour la version électrique ?", &["Merci, je passe l’essayer"]),
    line(
        "Marc Olivier",
        Under(1),
        "Il reste des places pour samedi ? Je voudrais réserver pour deux",
        &["Parfait, à samedi !"],
    ),
    line("Emily Stone", Under(0), "Does it come in a smaller frame? I’m 1.55 m", &["Lovely, thanks"]),
    line(
        "Karine Dubois",
        Private,
        "Bonjour, mon vélo ne freine plus bien depuis la révision, c’est dangereux",
        &["Je peux venir demain matin", "Merci, c’est réparé"],
    ),
    line("Antoine Leroy", Under(0), "Vous livrez en Suisse ?", &["Merci"]),
    line(
        "Rachel Green",
        Private,
        "My order 20931 still hasn’t arrived, any update on my delivery?",
        &["OK, thank you for checking"],
    ),
];

/// The people, playing.
pub struct Cast {
    facebook: Arc<Facebook>,
    given: Given,
    stages: Vec<(Stage, Vec<String>)>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// How often each line was said, so that nobody repeats before everybody spoke.
    said: HashMap<(usize, usize), u32>,
    /// Who said what where: the thing of theirs we may answer, and the line.
    spoke: HashMap<String, Spoken>,
    /// How far in our ledger they have read.
    read: usize,
}

#[derive(Clone)]
struct Spoken {
    stage: usize,
    line: usize,
    person: (String, String),
    /// How many answers of ours they have answered.
    turns: usize,
}

impl Cast {
    /// Opens the stages: every page publishes its posts.
    pub fn new(facebook: Arc<Facebook>, given: Given, stages: Vec<Stage>) -> Cast {
        let opened = stages.into_iter().map(|s| {
            let posts = s.posts.iter().map(|p| facebook.publish(&s.page, p)).collect();
            (s, posts)
        });
        let stages = opened.collect();
        Cast { facebook, given, stages, memory: Mutex::default() }
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody speaks: of those who have spoken least, in the order of the play at first, by the
    /// dice later.
    pub fn somebody_speaks(&self) {
        let all: Vec<(usize, usize)> = self
            .stages
            .iter()
            .enumerate()
            .flat_map(|(s, (stage, _))| (0..stage.lines.len()).map(move |l| (s, l)))
            .collect();
        let (stage, line) = {
            let mut memory = self.memory();
            let least = all.iter().map(|k| memory.said.get(k).copied().unwrap_or(0)).min().unwrap_or(0);
            let fresh: Vec<&(usize, usize)> =
                all.iter().filter(|k| memory.said.get(k).copied().unwrap_or(0) == least).collect();
            // Two of the first brand to one of the second, in the play's order the first time round.
            let n = if least == 0 {
                self.given.below(3.min(fresh.len() as u64))
            } else {
                self.given.below(fresh.len() as u64)
            };
            let Some(chosen) = fresh.get(usize::try_from(n).unwrap_or(0)).map(|k| **k) else { return };
            *memory.said.entry(chosen).or_default() += 1;
            chosen
        };
        self.speak(stage, line);
    }

    fn speak(&self, stage: usize, line: usize) {
        let (s, posts) = &self.stages[stage];
        let said = s.lines[line];
        let id = person_id(said.who);
        let thing = match said.place {
            Under(n) => self.facebook.comment(&s.page, &posts[n % posts.len()], (&id, said.who), said.says),
            Private => {
                let psid = psid_of(&id);
                self.facebook.message(&s.page, (&psid, said.who), said.says);
                psid
            }
            Wall => self.facebook.visitor_post(&s.page, (&id, said.who), said.says),
        };
        let spoken = Spoken { stage, line, person: (id, said.who.to_owned()), turns: 0 };
        self.memory().spoke.insert(thing, spoken);
    }

    /// Whoever was answered since the last time answers back, where they have something to say.
    pub fn answer_back(&self) {
        let ledger = self.facebook.ledger();
        let news: Vec<Act> = {
            let mut memory = self.memory();
            let news = ledger.iter().skip(memory.read).cloned().collect();
            memory.read = ledger.len();
            news
        };
        for act in news {
            self.react(&act);
        }
    }

    fn react(&self, act: &Act) {
        let spoken = self.memory().spoke.get(&act.on).cloned();
        let Some(spoken) = spoken else { return };
        let (stage, _) = &self.stages[spoken.stage];
        let Some(answer) = stage.lines[spoken.line].answers.get(spoken.turns) else { return };
        let (id, name) = (&spoken.person.0, &spoken.person.1);
        let next = Spoken { turns: spoken.turns + 1, ..spoken.clone() };
        match act.what {
            "comment" => {
                self.facebook.comment(&stage.page, &act.on, (id, name), answer);
                self.memory().spoke.insert(act.on.clone(), next);
            }
            // Whoever was answered in private goes on there.
            "private_reply" | "message" => {
                let psid = psid_of(id);
                self.facebook.message(&stage.page, (&psid, name), answer);
                self.memory().spoke.insert(psid, next);
            }
            _ => {}
        }
    }
}

/// A person's id under posts: always the same for a name.
fn person_id(name: &str) -> String {
    let hash = crate::base::sign::sha256(name.as_bytes());
    let number = u64::from_le_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], 0, 0, 0]);
    format!("1{:013}", number % 10_000_000_000_000)
}

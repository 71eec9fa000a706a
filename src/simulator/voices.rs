//! The demo's people on X, YouTube, LinkedIn and TikTok: fewer than on the brand's own pages, and each
//! says one thing. Everybody here is invented.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Simulator;
use super::dice::Dice;
use super::pace::Pace;
use super::scenes::names;
use crate::base::{Given, Lang};

/// Where somebody speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
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
}

/// Who says what, how many seconds after the beginning.
struct Voice(u64, Place, Lang, &'static str, &'static str);

use Lang::{En, Fr};
use Place::{LinkedIn, TikTok, TikTokPrivate, XMention, XPrivate, XReply, YouTube};

const CONSUMERS: &[Voice] = &[
    Voice(0, YouTube, Fr, "Maëlle Guérin", "Elle passe au four, celle de la vidéo ? Jusqu’à combien ?"),
    Voice(0, YouTube, En, "Tom Whitby", "Love this, where can I buy one in the UK?"),
    Voice(14, XReply, Fr, "Baptiste Royer", "C’est combien en 28 cm ?"),
    Voice(31, TikTok, Fr, "chloe.cuisine", "je la veux 😍 elle est dispo en vert ?"),
    Voice(52, XPrivate, Fr, "Sandrine Petit", "Bonjour, ma commande 20512 devait arriver lundi, toujours rien."),
    Voice(75, LinkedIn, Fr, "Vincent Aubry", "Bravo pour l’atelier de réparation. Recrutez-vous encore à Nantes ?"),
    Voice(98, XMention, En, "Grace Miller", "third week waiting for a refund. This is getting ridiculous."),
    Voice(120, TikTokPrivate, Fr, "lucas.b", "Bonjour ! Vous faites un code promo étudiant ?"),
    Voice(150, TikTok, En, "potsandpans", "does it work on induction?"),
    Voice(185, XReply, Fr, "Nadia Ferrand", "La mienne a dix ans et cuit toujours aussi bien, merci !"),
    Voice(220, YouTube, Fr, "Gilles Portal", "Le couvercle est vendu seul ?"),
];

const BUSINESSES: &[Voice] = &[
    Voice(0, YouTube, Fr, "Hélène Castel", "Le module d’export gère-t-il plusieurs sites ?"),
    Voice(16, LinkedIn, Fr, "Marc-Antoine Lebrun", "Intéressant. Avez-vous un retour d’expérience dans l’industrie ?"),
    Voice(40, XReply, En, "Priya Nair", "Is there an API for this?"),
    Voice(66, LinkedIn, En, "Daniel Okafor", "We are comparing vendors for 200 seats, who should I talk to?"),
    Voice(95, XMention, Fr, "Julie Samson", "connexion impossible depuis ce matin, c’est prévu ?"),
    Voice(130, XPrivate, Fr, "Éric Mallet", "Bonjour, notre contrat arrive à échéance en janvier, à qui m’adresser ?"),
    Voice(170, LinkedIn, Fr, "Claire Vannier", "Une équipe toujours à l’écoute, je recommande."),
];

/// The brand's accounts on the four networks.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// On X.
    pub x: String,
    /// On YouTube.
    pub youtube: String,
    /// On LinkedIn.
    pub linkedin: String,
    /// On TikTok.
    pub tiktok: String,
}

/// Those people, speaking.
pub struct Voices {
    simulator: Simulator,
    accounts: Accounts,
    given: Given,
    pace: Arc<Pace>,
    dice: Dice,
    cast: &'static [Voice],
    /// The brand's post or video: on X, YouTube, LinkedIn, TikTok.
    posts: [String; 4],
    said: Mutex<usize>,
}

impl Voices {
    /// The brand has published; nobody has spoken yet.
    pub fn new(
        simulator: &Simulator,
        accounts: Accounts,
        given: Given,
        scenario: &str,
        seed: u64,
        pace: Arc<Pace>,
    ) -> Voices {
        let cast = if scenario == "b2b" { BUSINESSES } else { CONSUMERS };
        let text = if scenario == "b2b" {
            "Notre nouvelle version est là : l’export, enfin simple"
        } else {
            "Dans l’atelier : comment naît une cocotte, de la fonte à l’émail"
        };
        let posts = [
            simulator.x.publish(&accounts.x, text),
            simulator.youtube.publish(&accounts.youtube, text),
            simulator.linkedin.publish(&accounts.linkedin, text),
            simulator.tiktok.publish(&accounts.tiktok, text),
        ];
        Voices {
            simulator: simulator.clone(),
            accounts,
            given,
            pace,
            dice: Dice(seed),
            cast,
            posts,
            said: Mutex::new(0),
        }
    }

    /// Everybody says what they would have said by now; when all have spoken, others say the same,
    /// more seldom.
    pub fn beat(&self) {
        let (now, (_, paused)) = (self.pace.story(self.given.now()), self.pace.now());
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if paused {
            return;
        }
        loop {
            let (round, n) = (*said / self.cast.len(), *said % self.cast.len());
            let voice = &self.cast[n];
            let rounds = u64::try_from(round).unwrap_or(u64::MAX);
            if now < Duration::from_secs(rounds.saturating_mul(600).saturating_add(voice.0)) {
                return;
            }
            let turn = said.to_string();
            let who = if round == 0 {
                voice.3.to_owned()
            } else {
                names::name(voice.2, self.dice.below(10_000, &["voice", &turn]))
            };
            self.speak(voice, &who);
            *said += 1;
        }
    }

    fn speak(&self, voice: &Voice, who: &str) {
        let id = number(who);
        let handle: String = who.to_lowercase().chars().filter(char::is_ascii_alphanumeric).take(15).collect();
        let (sim, a) = (&self.simulator, &self.accounts);
        let [x, youtube, linkedin, tiktok] = &self.posts;
        let named = |text: &str| format!("@{} {text}", sim.x.username(&a.x));
        let on_x = (id.as_str(), who, handle.as_str());
        match voice.1 {
            XReply => drop(sim.x.reply(&a.x, x, on_x, &named(voice.4))),
            XMention => drop(sim.x.mention(&a.x, on_x, &named(voice.4))),
            XPrivate => drop(sim.x.message(&a.x, on_x, voice.4)),
            YouTube => drop(sim.youtube.comment(youtube, (&format!("UC{id}"), &format!("@{handle}")), voice.4)),
            LinkedIn => drop(sim.linkedin.comment(linkedin, (&id, who), voice.4)),
            TikTok => drop(sim.tiktok.comment(tiktok, (&id, who), voice.4)),
            TikTokPrivate => drop(sim.tiktok.message(&a.tiktok, &id, voice.4)),
        }
    }
}

/// A number for a person, the same for the same name.
fn number(who: &str) -> String {
    let hash = crate::base::sign::sha256(who.as_bytes());
    let n = u64::from_le_bytes(hash[..8].try_into().unwrap_or_default());
    (1_000_000_000_000_000_000 + n % 1_000_000_000_000_000_000).to_string()
}

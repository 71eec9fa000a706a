//! The demo's people on X, YouTube, LinkedIn and TikTok, and those who come over a bridge: fewer than on
//! the brand's own pages. Each says one thing, and answers when they are answered (`talks.rs`). Whoever
//! they are stands in `scenes/casts.rs`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;

use super::Simulator;
use super::dice::Dice;
use super::pace::Pace;
use super::scenes::casts::{Place, Voice};
use super::scenes::{Scenario, names};
use super::stage::Deed;
use super::talks::{Said, Talks};
use super::tiktok::conversation;
use crate::base::Given;
use crate::base::json::Reads;

/// The brand's accounts on these networks.
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
    /// The hook a bridge tells what it hears.
    pub bridge: String,
}

/// Those people, speaking.
pub struct Voices {
    simulator: Simulator,
    accounts: Accounts,
    given: Given,
    pace: Arc<Pace>,
    dice: Dice,
    scenario: &'static Scenario,
    /// The brand's post or video: on X, YouTube, LinkedIn, TikTok.
    posts: [String; 4],
    memory: Mutex<(usize, Talks)>,
}

/// Somebody, as a network knows them.
struct Person<'a> {
    id: String,
    who: &'a str,
    handle: String,
}

impl Voices {
    /// The brand has published; nobody has spoken yet.
    pub fn new(
        simulator: &Simulator,
        accounts: Accounts,
        given: Given,
        scenario: &'static Scenario,
        seed: u64,
        pace: Arc<Pace>,
    ) -> Voices {
        let text = scenario.film;
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
            scenario,
            posts,
            memory: Mutex::default(),
        }
    }

    /// Everybody says what they would have said by now; when all have spoken, others say the same.
    pub fn beat(&self) {
        let (now, (_, paused)) = (self.pace.story(self.given.now()), self.pace.now());
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let (said, talks) = &mut *memory;
        if paused {
            return;
        }
        self.go_on(talks, now);
        loop {
            let cast = self.scenario.voices;
            let (round, n) = (*said / cast.len(), *said % cast.len());
            let voice = &cast[n];
            let rounds = u64::try_from(round).unwrap_or(u64::MAX);
            if now < Duration::from_secs(rounds.saturating_mul(self.scenario.round).saturating_add(voice.0)) {
                return;
            }
            let turn = said.to_string();
            let who = if round == 0 {
                voice.3.to_owned()
            } else {
                names::name(voice.2, self.dice.below(10_000, &["voice", &turn]))
            };
            let id = self.speak(voice, &Person::called(&who), &turn);
            talks.begin(voice, who, id);
            *said += 1;
        }
    }

    /// Whoever was answered answers.
    fn go_on(&self, talks: &mut Talks, now: Duration) {
        let sim = &self.simulator;
        let over_the_bridge = sim.bridge.ledger().into_iter().filter(|told| told.text("type") == Some("reply"));
        let dm = |told: serde_json::Value| {
            let of = |key: &str| told.text(key).unwrap_or_default().to_owned();
            Deed { what: "dm", on: of("recipient"), text: of("text"), id: of("key") }
        };
        let bridge = over_the_bridge.map(dm).collect();
        let ledgers = [sim.x.ledger(), sim.youtube.ledger(), sim.linkedin.ledger(), sim.tiktok.ledger(), bridge];
        talks.hear(ledgers, now, self.dice);
        let orders = self.scenario.brands.first().map_or("", |scene| scene.orders);
        for said in talks.answers(now, orders, self.dice) {
            let Some(who) = talks.of(said.talk).map(|talk| talk.who.clone()) else { continue };
            let id = self.answer(&said, &Person::called(&who));
            talks.went_on(said.talk, id);
        }
    }

    /// Somebody's first words; what an answer will be said upon.
    fn speak(&self, voice: &Voice, p: &Person<'_>, turn: &str) -> String {
        let (sim, a, text) = (&self.simulator, &self.accounts, voice.4);
        let [x, youtube, linkedin, tiktok] = &self.posts;
        let named = format!("@{} {text}", sim.x.username(&a.x));
        match voice.1 {
            Place::XReply => sim.x.reply(&a.x, x, p.on_x(), &named),
            Place::XMention => sim.x.mention(&a.x, p.on_x(), &named),
            Place::YouTube => sim.youtube.comment(youtube, (&format!("UC{}", p.id), &format!("@{}", p.handle)), text),
            Place::LinkedIn => sim.linkedin.comment(linkedin, (&p.id, p.who), text),
            Place::TikTok => sim.tiktok.comment(tiktok, (&p.id, p.who), text),
            Place::XPrivate | Place::TikTokPrivate | Place::Bridge => self.write(voice.1, p, turn, text),
        }
    }

    /// Their words to an answer of ours; what the next one may be said upon.
    fn answer(&self, said: &Said, p: &Person<'_>) -> String {
        let (sim, a, on, text) = (&self.simulator, &self.accounts, &said.on, said.text.as_str());
        match said.place {
            Place::XReply | Place::XMention => sim.x.reply(&a.x, &on.id, p.on_x(), text),
            Place::YouTube => sim.youtube.reply(&on.on, (&format!("UC{}", p.id), &format!("@{}", p.handle)), text),
            Place::LinkedIn => sim.linkedin.comment(&on.on, (&p.id, p.who), text),
            Place::TikTok => sim.tiktok.comment(&on.on, (&p.id, p.who), text),
            Place::XPrivate | Place::TikTokPrivate | Place::Bridge => self.write(said.place, p, &on.id, text),
        }
    }

    /// Their words for the brand alone; what an answer will be said upon.
    fn write(&self, place: Place, p: &Person<'_>, turn: &str, text: &str) -> String {
        let (sim, a) = (&self.simulator, &self.accounts);
        match place {
            Place::TikTok | Place::TikTokPrivate => {
                sim.tiktok.message(&a.tiktok, &p.id, text);
                return conversation(&a.tiktok, &p.id);
            }
            Place::Bridge => {
                let (bridge, hook) = (Arc::clone(&sim.bridge), a.bridge.clone());
                let said = json!({"type": "message", "id": format!("{}-{turn}", p.id), "text": text,
                    "from": {"id": p.id, "name": p.who}});
                tokio::spawn(async move { bridge.tell(&hook, &said).await });
            }
            _ => drop(sim.x.message(&a.x, p.on_x(), text)),
        }
        p.id.clone()
    }
}

impl Person<'_> {
    fn called(who: &str) -> Person<'_> {
        let handle = who.to_lowercase().chars().filter(char::is_ascii_alphanumeric).take(15).collect();
        Person { id: number(who), who, handle }
    }

    fn on_x(&self) -> (&str, &str, &str) {
        (&self.id, self.who, &self.handle)
    }
}

/// A number for a person, the same for the same name.
fn number(who: &str) -> String {
    let hash = crate::base::sign::sha256(who.as_bytes());
    let n = u64::from_le_bytes(hash[..8].try_into().unwrap_or_default());
    (1_000_000_000_000_000_000 + n % 1_000_000_000_000_000_000).to_string()
}

//! The demo's people on X, YouTube, LinkedIn and TikTok, and those who come over a bridge: fewer than on
//! the brand's own pages, and each says one thing. Whoever they are stands in `scenes/casts.rs`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;

use super::Simulator;
use super::dice::Dice;
use super::pace::Pace;
use super::scenes::casts::{Place, Voice};
use super::scenes::{Scenario, names};
use crate::base::Given;

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
    said: Mutex<usize>,
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
            said: Mutex::new(0),
        }
    }

    /// Everybody says what they would have said by now; when all have spoken, others say the same.
    pub fn beat(&self) {
        let (now, (_, paused)) = (self.pace.story(self.given.now()), self.pace.now());
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if paused {
            return;
        }
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
            self.speak(voice, &who, &turn);
            *said += 1;
        }
    }

    fn speak(&self, voice: &Voice, who: &str, turn: &str) {
        let id = number(who);
        let handle: String = who.to_lowercase().chars().filter(char::is_ascii_alphanumeric).take(15).collect();
        let (sim, a) = (&self.simulator, &self.accounts);
        let [x, youtube, linkedin, tiktok] = &self.posts;
        let named = |text: &str| format!("@{} {text}", sim.x.username(&a.x));
        let on_x = (id.as_str(), who, handle.as_str());
        match voice.1 {
            Place::XReply => drop(sim.x.reply(&a.x, x, on_x, &named(voice.4))),
            Place::XMention => drop(sim.x.mention(&a.x, on_x, &named(voice.4))),
            Place::XPrivate => drop(sim.x.message(&a.x, on_x, voice.4)),
            Place::YouTube => drop(sim.youtube.comment(youtube, (&format!("UC{id}"), &format!("@{handle}")), voice.4)),
            Place::LinkedIn => drop(sim.linkedin.comment(linkedin, (&id, who), voice.4)),
            Place::TikTok => drop(sim.tiktok.comment(tiktok, (&id, who), voice.4)),
            Place::TikTokPrivate => drop(sim.tiktok.message(&a.tiktok, &id, voice.4)),
            Place::Bridge => {
                let (bridge, hook) = (Arc::clone(&sim.bridge), a.bridge.clone());
                let said = json!({"type": "message", "id": format!("{id}-{turn}"), "text": voice.4,
                    "from": {"id": id, "name": who}});
                tokio::spawn(async move { bridge.tell(&hook, &said).await });
            }
        }
    }
}

/// A number for a person, the same for the same name.
fn number(who: &str) -> String {
    let hash = crate::base::sign::sha256(who.as_bytes());
    let n = u64::from_le_bytes(hash[..8].try_into().unwrap_or_default());
    (1_000_000_000_000_000_000 + n % 1_000_000_000_000_000_000).to_string()
}

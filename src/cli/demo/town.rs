//! Everything a demo stands on: the desk with its brands, every network's accounts, and the people who
//! will write to them.

use std::sync::Arc;

use super::furnish::{self, Furnished};
use super::{elsewhere, post};
use crate::base::Given;
use crate::config::Config;
use crate::flow::House;
use crate::simulator::Simulator;
use crate::simulator::letters::Letters;
use crate::simulator::pace::Pace;
use crate::simulator::play::Play;
use crate::simulator::scenes::Scenario;
use crate::simulator::voices::Voices;

/// A town: nobody in it has spoken yet.
pub struct Town {
    /// Who works at the desk.
    pub people: Furnished,
    /// The crowd on Facebook, Instagram, WhatsApp and Threads.
    pub play: Play,
    /// Those on the other networks.
    pub voices: Voices,
    /// Those who write letters.
    pub letters: Letters,
}

/// What people do when, and by which dice.
#[derive(Clone)]
pub struct Chance {
    /// The clock, and dice for what need not be repeated.
    pub given: Given,
    /// The same seed brings the same people.
    pub seed: u64,
    /// The crowd's time.
    pub pace: Arc<Pace>,
}

/// Connects every network of a scenario, where that is not done yet, and lets its people in.
///
/// # Errors
/// As the use cases report.
pub async fn town(
    house: &House,
    config: &Config,
    simulator: &Simulator,
    scenario: &'static Scenario,
    chance: Chance,
) -> anyhow::Result<Town> {
    let people = furnish::furnish(house, config, simulator, scenario).await?;
    let accounts = elsewhere::furnish(house, config, simulator, scenario).await?;
    let boxes = post::furnish(house, simulator, scenario).await?;
    let Chance { given, seed, pace } = chance;
    let voices = Voices::new(simulator, accounts, given.clone(), scenario, seed, Arc::clone(&pace));
    let email = Arc::clone(&simulator.email);
    let letters = Letters::new(email, given.clone(), Arc::clone(&pace), boxes, scenario.letters);
    Ok(Town { people, play: Play::new(simulator, given, scenario, seed, pace), voices, letters })
}

//! The bot's studio: a draft beside what is live, what it takes to publish it, to whom it speaks then,
//! and the way back.

pub mod brain;
pub mod draft;
pub mod gate;
pub mod learn;
pub mod own;
pub mod propose;
pub mod publish;
pub mod roll;
pub mod trial;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

pub use self::brain::Brain;
pub use self::draft::Draft;
use self::trial::Trial;
use crate::base::id::BrandId;
use crate::desk::faq::Faq;
use crate::flow::bot::scenes::Failing;

/// What the studio remembers, so that it is not learnt at every look. Nothing in it is true by being
/// here: it is found by fingerprints, or forgotten with the library.
#[derive(Default)]
pub struct Memory {
    brains: Mutex<Vec<(String, Arc<Brain>)>>,
    learnt: Mutex<Vec<(String, Arc<Faq>)>>,
    trials: Mutex<HashMap<BrandId, Option<Arc<Trial>>>>,
    tests: Mutex<Vec<(String, Arc<Vec<Failing>>)>>,
}

/// So many of each are remembered.
const REMEMBERED: usize = 6;

/// What is remembered under a name, the freshest first.
fn known<T: Clone>(all: &Mutex<Vec<(String, T)>>, name: &str) -> Option<T> {
    let all = all.lock().unwrap_or_else(PoisonError::into_inner);
    all.iter().find(|(n, _)| n == name).map(|(_, t)| t.clone())
}

fn remember<T>(all: &Mutex<Vec<(String, T)>>, name: &str, what: T) {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|(n, _)| n != name);
    all.insert(0, (name.to_owned(), what));
    all.truncate(REMEMBERED);
}

impl Memory {
    /// What a brand has on trial may have changed.
    pub fn forget(&self, brand: BrandId) {
        self.trials.lock().unwrap_or_else(PoisonError::into_inner).remove(&brand);
    }
}

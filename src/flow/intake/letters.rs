//! Where a mail belongs. First by the names we gave our own mails, which only who received one can
//! say; then by the names its own sender gave before; at last by its subject, for answers of the same
//! sender. What somebody else wrote never decides: whoever puts a stranger's mail in copy joins
//! nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::arrive::{Arrival, Standing, Stands};
use crate::base::id::{BrandId, ChannelId, ThreadId};
use crate::desk::letter::Letter;
use crate::desk::message::Direction;
use crate::flow::Result;
use crate::store::threads::Thread;
use crate::store::{Tx, letters};

/// A thread that is here, or the key of one that will be.
type Where = std::result::Result<ThreadId, String>;

/// The names by which threads of a run are found, before and while it is carried out.
pub(super) struct Ties {
    known: HashMap<(ChannelId, String), Where>,
    borne: BTreeMap<(ChannelId, String), Where>,
}

impl Ties {
    /// What is known of the names a run asks for.
    pub async fn of(tx: &mut Tx, run: &[Arrival]) -> Result<Ties> {
        let mut asked: HashSet<(ChannelId, String)> = HashSet::new();
        for a in run {
            let names = a.wrote.letter.iter().flat_map(|l| l.sought.iter());
            asked.extend(names.map(|n| (a.channel.id, n.clone())));
        }
        let mut known = HashMap::new();
        if let Some(first) = run.first().filter(|_| !asked.is_empty()) {
            let asked: Vec<_> = asked.into_iter().collect();
            let found = letters::threads_named(tx, first.channel.brand_id, &asked).await?;
            known.extend(found.into_iter().map(|(name, thread)| (name, Ok(thread))));
        }
        Ok(Ties { known, borne: BTreeMap::new() })
    }

    /// The thread of a mail; the key of a new one where nothing is known.
    pub fn tie(&mut self, a: &Arrival, letter: &Letter, standing: &Standing) -> Where {
        let channel = a.channel.id;
        let ours = answered(a, letter, standing).map(|s| Ok(s.thread));
        let named = || letter.sought.iter().find_map(|n| self.known.get(&(channel, n.clone())).cloned());
        let place = ours.or_else(named).unwrap_or_else(|| Err(a.wrote.thread.clone()));
        for name in &letter.borne {
            self.known.insert((channel, name.clone()), place.clone());
            self.borne.insert((channel, name.clone()), place.clone());
        }
        place
    }

    /// Writes down what the threads are known by from now on.
    pub async fn keep(self, tx: &mut Tx, brand: BrandId, made: &HashMap<(ChannelId, String), Thread>) -> Result<()> {
        let names = self.borne.into_iter().filter_map(|((channel, name), place)| {
            let thread = match place {
                Ok(thread) => thread,
                Err(key) => made.get(&(channel, key))?.id,
            };
            Some(((channel, name), thread))
        });
        Ok(letters::name_threads(tx, brand, names.collect()).await?)
    }
}

/// A mail of ours that this one answers.
fn answered<'a>(a: &Arrival, letter: &Letter, standing: &'a Standing) -> Option<&'a Stands> {
    let ours = letter.ours.iter().filter_map(|id| standing.get(&(a.channel.id, id.clone())));
    ours.into_iter().find(|s| s.direction == Direction::Outbound)
}

/// A mail that only says somebody is away, in answer to a mail of ours: it is shown, and nobody need
/// look because of it.
pub(super) fn only_says_away(a: &Arrival, standing: &Standing) -> bool {
    a.wrote.letter.as_ref().is_some_and(|letter| letter.absent && answered(a, letter, standing).is_some())
}

/// Names and hours are given by senders: where another mail bears a name already, the later mail takes
/// its other one. Mail from our own address is nobody's question, whoever wrote it: anybody can write it there.
pub(super) fn tell_apart(run: &mut [Arrival], standing: &Standing) {
    let mut taken: HashSet<(ChannelId, String)> = HashSet::new();
    for a in run {
        let channel = a.channel.id;
        let Some(letter) = &a.wrote.letter else { continue };
        let is_us = a.wrote.author.as_ref().is_some_and(|w| w.id.eq_ignore_ascii_case(&a.channel.account));
        let stands = standing.get(&(channel, a.wrote.id.clone()));
        // Our own mail, sent back to us, is known by its name and is no news.
        let our_own = is_us && stands.is_some_and(|s| s.direction == Direction::Outbound);
        if !our_own && (stands.is_some() || taken.contains(&(channel, a.wrote.id.clone()))) {
            let twin = letter.twin.clone();
            a.wrote.thread.clone_from(&twin);
            a.wrote.id = twin;
        }
        taken.insert((channel, a.wrote.id.clone()));
        a.wrote.machine |= is_us;
        // Senders' clocks tell whole seconds, and not always the hour: what answers us came after.
        if answered(a, letter, standing).is_some_and(|s| a.at <= s.at) {
            a.at = a.received_at;
        }
    }
}

/// Keeps what the mails of a run say beside their words.
pub(super) async fn keep(tx: &mut Tx, run: &[Arrival]) -> Result<()> {
    let Some(first) = run.first() else { return Ok(()) };
    let all = run.iter().filter_map(|a| Some((a.id, a.wrote.letter.as_deref()?))).collect();
    Ok(letters::add(tx, first.channel.brand_id, all).await?)
}

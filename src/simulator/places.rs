//! Where people speak: one way to say something, whichever network it is said on. A brand has an
//! account on each; whose account an id is shows in its first figures.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Simulator;
use super::facebook::{Act, Facebook, psid_of};
use super::instagram::Instagram;
use super::meta::{Kept, Stage};
use super::scenes::Place;
use super::threads::Threads;
use super::whatsapp::{Person, Whatsapp};
use crate::base::At;
use crate::base::text::fold;

/// The networks people speak on.
#[derive(Clone)]
pub struct Places {
    /// The first one, and the one most is said on.
    pub facebook: Arc<Facebook>,
    instagram: Arc<Instagram>,
    whatsapp: Arc<Whatsapp>,
    threads: Arc<Threads>,
}

/// A network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum On {
    /// Facebook.
    Facebook,
    /// Instagram.
    Instagram,
    /// WhatsApp.
    Whatsapp,
    /// Threads.
    Threads,
}

impl On {
    /// Those beside Facebook.
    pub const OTHERS: [On; 3] = [On::Instagram, On::Whatsapp, On::Threads];

    /// Its slug.
    pub fn slug(self) -> &'static str {
        match self {
            On::Facebook => "facebook",
            On::Instagram => "instagram",
            On::Whatsapp => "whatsapp",
            On::Threads => "threads",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            On::Facebook => "",
            On::Instagram => "1784",
            On::Whatsapp => "2",
            On::Threads => "98",
        }
    }

    /// The account a brand has there, by its page’s id.
    pub fn account(self, page: &str) -> String {
        format!("{}{page}", self.prefix())
    }

    /// The network of an account.
    pub fn of(account: &str) -> On {
        // Pages of the plays begin with 1055.
        On::OTHERS.into_iter().find(|on| account.starts_with(on.prefix())).unwrap_or(On::Facebook)
    }

    /// Where this place is.
    pub fn at(place: Place) -> On {
        match place {
            Place::Under(_) | Place::Private | Place::Wall => On::Facebook,
            Place::Instagram(_) | Place::InstagramPrivate => On::Instagram,
            Place::Whatsapp => On::Whatsapp,
            Place::Threads(_) => On::Threads,
        }
    }
}

/// Somebody, by the id they have under posts, and their name.
#[derive(Debug, Clone, Copy)]
pub struct Who<'a> {
    /// The id.
    pub id: &'a str,
    /// The name.
    pub name: &'a str,
}

impl Who<'_> {
    /// What they go by where people are known by names.
    fn handle(self) -> String {
        let letters = fold(self.name).text;
        let kept = letters.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '.' }).collect::<String>();
        kept.split('.').filter(|p| !p.is_empty()).collect::<Vec<_>>().join(".")
    }

    fn number(self) -> String {
        format!("336{}", &self.id[self.id.len().saturating_sub(8)..])
    }

    /// The id they have in private conversations there.
    pub fn in_private(self, on: On) -> String {
        match on {
            On::Facebook => psid_of(self.id),
            On::Instagram => self.id.to_owned(),
            On::Whatsapp => self.number(),
            On::Threads => self.handle(),
        }
    }
}

impl Places {
    /// Those of a simulator.
    pub fn of(simulator: &Simulator) -> Places {
        Places {
            facebook: Arc::clone(&simulator.facebook),
            instagram: Arc::clone(&simulator.instagram),
            whatsapp: Arc::clone(&simulator.whatsapp),
            threads: Arc::clone(&simulator.threads),
        }
    }

    /// What a network beside Facebook is played on.
    pub fn stage(&self, on: On) -> Option<&Stage> {
        match on {
            On::Facebook => None,
            On::Instagram => Some(&self.instagram.stage),
            On::Whatsapp => Some(&self.whatsapp.stage),
            On::Threads => Some(&self.threads.stage),
        }
    }

    /// True when a brand’s account is played there.
    pub fn plays(&self, page: &str, on: On) -> bool {
        self.stage(on).is_none_or(|s| s.world().accounts.contains_key(&on.account(page)))
    }

    /// The brand publishes; the publication’s id, where the network has publications.
    pub fn publish_at(&self, account: &str, text: &str, at: At) -> Option<String> {
        match On::of(account) {
            On::Facebook => Some(self.facebook.publish_at(account, text, at)),
            On::Instagram => Some(self.instagram.publish_at(account, text, at)),
            On::Whatsapp => None,
            On::Threads => Some(self.threads.publish_at(account, text, at)),
        }
    }

    /// Somebody speaks for all to see; where they are answered.
    pub fn say(&self, account: &str, under: &str, who: Who<'_>, text: &str, at: At) -> String {
        match On::of(account) {
            On::Facebook => self.facebook.comment_at(account, under, (who.id, who.name), text, at),
            On::Instagram => self.instagram.comment_at(account, under, (who.id, &who.handle()), text, at),
            On::Whatsapp => self.say_in_private(account, who, text, at),
            On::Threads => self.threads.reply_at(account, under, &who.handle(), text, at),
        }
    }

    /// Somebody writes to the brand; where they are answered.
    pub fn say_in_private(&self, account: &str, who: Who<'_>, text: &str, at: At) -> String {
        let on = On::of(account);
        let id = who.in_private(on);
        match on {
            On::Facebook => drop(self.facebook.message_at(account, (&id, who.name), text, at)),
            On::Instagram => drop(self.instagram.message_at(account, (&id, &who.handle()), text, at)),
            On::Whatsapp => drop(self.whatsapp.message_at(account, &Person::with_number(&id, who.name), text, at)),
            On::Threads => {}
        }
        id
    }

    /// Somebody has read what we wrote to them.
    pub fn read(&self, account: &str, who: Who<'_>, id: &str) {
        let on = On::of(account);
        match on {
            On::Facebook => self.facebook.read(account, &who.in_private(on)),
            On::Instagram => self.instagram.read(account, &who.in_private(on), id),
            On::Whatsapp => self.whatsapp.read(account, id),
            On::Threads => {}
        }
    }

    /// What we did anywhere since the last time, by network.
    pub fn news(&self, read: &mut BTreeMap<On, usize>) -> Vec<Act> {
        let mut news = Vec::new();
        for on in [On::Facebook].into_iter().chain(On::OTHERS) {
            let known = read.entry(on).or_default();
            let fresh = match self.stage(on) {
                None => self.facebook.ledger_from(*known),
                Some(stage) => stage.ledger_from(*known),
            };
            *known += fresh.len();
            news.extend(fresh);
        }
        news
    }

    /// From now on what changes is kept.
    pub fn keep_changes(&self) {
        self.facebook.keep_changes();
        On::OTHERS.iter().filter_map(|on| self.stage(*on)).for_each(Stage::keep_changes);
    }

    /// What changed beside Facebook since the last time.
    pub fn changes(&self) -> Vec<(On, Kept)> {
        let of = |on: On| self.stage(on).map(Stage::changes).unwrap_or_default().into_iter().map(move |k| (on, k));
        On::OTHERS.into_iter().flat_map(of).collect()
    }

    /// Remembers what was kept.
    pub fn remember(&self, network: &str, kept: Kept) {
        let on = On::OTHERS.into_iter().find(|on| on.slug() == network);
        if let Some(stage) = on.and_then(|on| self.stage(on)) {
            stage.remember(kept);
        }
    }

    /// Leaves a gap in all ids.
    pub fn skip_ids(&self) {
        self.facebook.skip_ids();
        On::OTHERS.iter().filter_map(|on| self.stage(*on)).for_each(Stage::skip_ids);
    }
}

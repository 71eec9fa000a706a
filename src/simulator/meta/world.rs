//! What a simulated network knows, in pieces that can be written down and read again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Act, NewAccount};
use crate::base::At;

/// What a network knows.
#[derive(Default)]
pub struct World {
    /// Accounts of brands.
    pub accounts: BTreeMap<String, NewAccount>,
    /// Everything that was published or said, by id.
    pub items: BTreeMap<String, Item>,
    /// Who wants to hear nothing of an account any more.
    pub blocked: BTreeSet<(String, String)>,
    /// Tokens that were renewed: how often.
    pub renewed: u64,
    /// How often an account was subscribed to its events.
    pub subscribed: u64,
    pub(super) ledger: Vec<Act>,
    pub(super) refusals: Vec<(i64, i64)>,
    pub(super) lost: Vec<&'static str>,
    pub(super) failures: Vec<i64>,
    pub(super) next_id: u64,
    pub(super) changed: Option<Vec<Kept>>,
}

/// What something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// A publication.
    Post,
    /// What is said under one.
    Comment,
    /// What is said in private.
    Message,
    /// Made, and not yet published.
    Container,
}

/// A publication, a comment or a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Item {
    /// Whose account it concerns.
    pub account: String,
    /// What it is.
    pub sort: Sort,
    /// Who wrote it: id and name.
    pub from: (String, String),
    /// The words.
    pub text: String,
    /// What it answers.
    pub parent: String,
    /// The publication it stands under; of a message the person.
    pub post: String,
    /// When.
    pub at: At,
    /// Hidden from others.
    pub hidden: bool,
    /// No longer there.
    pub gone: bool,
    /// A private reply was sent to it.
    pub answered: bool,
}

/// A piece of what a network remembers. The later one counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kept {
    /// Something as it is.
    Item {
        /// Its id.
        id: String,
        /// What.
        item: Box<Item>,
    },
    /// Somebody wants to hear nothing more.
    Blocked {
        /// Of which account.
        account: String,
        /// Who.
        id: String,
    },
}

/// The first number of ids made here.
const FIRST: u64 = 17_900_000_000_000_000;

impl World {
    pub(super) fn fresh(&mut self) -> u64 {
        self.next_id += 1;
        FIRST + self.next_id
    }

    pub(super) fn keep(&mut self, kept: Kept) {
        if let Some(changed) = &mut self.changed {
            changed.push(kept.clone());
        }
        self.take(kept, "");
    }

    pub(super) fn take(&mut self, kept: Kept, prefix: &str) {
        match kept {
            Kept::Item { id, item } => {
                // Ids go on after the last one that was given.
                let number = id.strip_prefix(prefix).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
                self.next_id = self.next_id.max(number.saturating_sub(FIRST));
                self.items.insert(id, *item);
            }
            Kept::Blocked { account, id } => drop(self.blocked.insert((account, id))),
        }
    }

    /// Changes something that is there; false when it is not.
    pub fn change(&mut self, id: &str, change: impl FnOnce(&mut Item)) -> bool {
        let Some(mut item) = self.items.get(id).filter(|i| !i.gone).cloned() else { return false };
        change(&mut item);
        self.keep(Kept::Item { id: id.to_owned(), item: Box::new(item) });
        true
    }

    /// Something that is there.
    pub fn here(&self, id: &str) -> Option<&Item> {
        self.items.get(id).filter(|i| !i.gone)
    }

    /// The account of a token.
    pub(super) fn account_of(&self, token: &str) -> Option<&str> {
        self.accounts.values().find(|a| a.token == token).map(|a| a.id.as_str())
    }

    /// The account's name.
    pub fn name_of(&self, account: &str) -> String {
        self.accounts.get(account).map(|a| a.name.clone()).unwrap_or_default()
    }

    /// When the person last wrote in this conversation.
    pub fn last_from(&self, account: &str, person: &str) -> Option<At> {
        let theirs = |i: &&Item| i.sort == Sort::Message && i.account == account && i.from.0 == person;
        self.items.values().filter(theirs).map(|i| i.at).max()
    }
}

/// Something with everything else still unsaid.
pub fn item(account: &str, sort: Sort, from: (&str, &str), text: &str, at: At) -> Item {
    Item {
        account: account.to_owned(),
        sort,
        from: (from.0.to_owned(), from.1.to_owned()),
        text: text.to_owned(),
        parent: String::new(),
        post: String::new(),
        at,
        hidden: false,
        gone: false,
        answered: false,
    }
}

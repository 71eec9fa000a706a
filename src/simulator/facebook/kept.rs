//! What the network remembers, in pieces that can be written down and read again: a demo that goes on
//! another day still knows its posts, comments and conversations.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Facebook, Item, Page, World};

/// A piece of the network's memory. The later one counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kept {
    /// A post as it is.
    Post {
        /// The page it stands on.
        page: String,
        /// Its id.
        id: String,
        /// The post.
        item: Item,
    },
    /// A comment as it is.
    Comment {
        /// The page it stands on.
        page: String,
        /// Its id.
        id: String,
        /// The comment.
        item: Item,
    },
    /// A message in a conversation.
    Message {
        /// The page written to, or writing.
        page: String,
        /// The person's id in Messenger.
        with: String,
        /// The message.
        item: Item,
    },
    /// What somebody is called.
    Person {
        /// The page that knows them.
        page: String,
        /// Their id.
        id: String,
        /// Their name.
        name: String,
    },
    /// Somebody has blocked the page.
    Blocked {
        /// The page.
        page: String,
        /// Their id in Messenger.
        id: String,
    },
}

impl Facebook {
    /// From now on what changes is kept for [`Facebook::changes`].
    pub fn keep_changes(&self) {
        self.world().changed.get_or_insert_default();
    }

    /// What changed since the last time, in order.
    pub fn changes(&self) -> Vec<Kept> {
        self.world().changed.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Remembers what was kept.
    pub fn remember(&self, kept: Kept) {
        self.world().take(kept);
    }
}

impl Facebook {
    /// Leaves a gap in the ids, where there are any: what was made last may not have been written down.
    pub fn skip_ids(&self) {
        let mut world = self.world();
        if world.next_id > 0 {
            world.next_id += 1_000;
        }
    }
}

/// The first number of ids made here.
const FIRST: u64 = 100_000_000_000_000;

impl World {
    pub(super) fn fresh(&mut self) -> u64 {
        self.next_id += 1;
        FIRST + self.next_id
    }

    /// Makes a change, and keeps it where somebody asks for changes.
    pub(super) fn keep(&mut self, kept: Kept) {
        if let Some(changed) = &mut self.changed {
            changed.push(kept.clone());
        }
        self.take(kept);
    }

    fn take(&mut self, kept: Kept) {
        let (page, id) = match &kept {
            Kept::Post { page, id, .. } | Kept::Comment { page, id, .. } => (page.clone(), id.clone()),
            Kept::Message { page, item, .. } => (page.clone(), item.parent.clone()),
            Kept::Person { page, .. } | Kept::Blocked { page, .. } => (page.clone(), String::new()),
        };
        // Ids go on after the last one that was given.
        let number = id.rsplit('_').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        self.next_id = self.next_id.max(number.saturating_sub(FIRST));
        let Some(p) = self.pages.get_mut(&page) else { return };
        match kept {
            Kept::Post { id, item, .. } => {
                p.know(&item.from);
                p.posts.insert(id, item);
            }
            Kept::Comment { id, item, .. } => {
                p.know(&item.from);
                p.comments.insert(id, item);
            }
            Kept::Message { with, item, .. } => {
                p.know(&item.from);
                p.talks.entry(with).or_default().push(item);
            }
            Kept::Person { id, name, .. } => p.know(&(id, name)),
            Kept::Blocked { id, .. } => drop(p.blocked.insert(id)),
        }
    }

    pub(super) fn put_post(&mut self, page: &str, id: &str, item: Item) {
        self.keep(Kept::Post { page: page.to_owned(), id: id.to_owned(), item });
    }

    pub(super) fn put_comment(&mut self, page: &str, id: &str, item: Item) {
        self.keep(Kept::Comment { page: page.to_owned(), id: id.to_owned(), item });
    }

    pub(super) fn put_message(&mut self, page: &str, with: &str, item: Item) {
        self.keep(Kept::Message { page: page.to_owned(), with: with.to_owned(), item });
    }

    pub(super) fn know_everywhere(&mut self, id: &str, name: &str) {
        let pages: BTreeSet<String> = self.pages.keys().cloned().collect();
        for page in pages {
            self.keep(Kept::Person { page, id: id.to_owned(), name: name.to_owned() });
        }
    }

    /// Changes a comment that is there.
    pub(super) fn change_comment(&mut self, id: &str, change: impl FnOnce(&mut Item)) {
        let found = self.pages.iter().find_map(|(page, p)| Some((page.clone(), p.comments.get(id)?.clone())));
        if let Some((page, mut item)) = found {
            change(&mut item);
            self.put_comment(&page, id, item);
        }
    }

    /// The page of a token.
    pub(super) fn page_of(&self, token: &str) -> Option<&str> {
        self.pages.iter().find(|(_, p)| p.token == token).map(|(id, _)| id.as_str())
    }

    pub(super) fn comment(&self, id: &str) -> Option<&Item> {
        self.pages.values().find_map(|p| p.comments.get(id)).filter(|c| !c.gone)
    }

    pub(super) fn exists(&self, id: &str) -> bool {
        self.pages.values().any(|p| p.posts.contains_key(id) || p.comments.get(id).is_some_and(|c| !c.gone))
    }
}

impl Page {
    fn know(&mut self, who: &(String, String)) {
        self.people.insert(who.0.clone(), who.1.clone());
    }
}

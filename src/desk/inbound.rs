//! What a network hands us, in our own words: each element of a body, read without touching
//! anything, so that one that cannot be read never stops the ones behind it.

use serde::{Deserialize, Serialize};

use super::attachment::Attachment;
use super::letter::Letter;
use super::message::{Kind, Visibility};
use super::outbound::Refusal;
use crate::base::At;
use crate::words;

words! {
    /// Where an element of the inbound log stands.
    pub enum InboundState {
        /// Waits for its turn.
        Received = "received",
        /// Is being taken in.
        Processing = "processing",
        /// Became what it means.
        Done = "done",
        /// Means nothing to an inbox; its reason is kept.
        Ignored = "ignored",
        /// Is our own act coming back.
        Echo = "echo",
        /// Waits up to a day for the message it speaks of.
        Parked = "parked",
        /// Failed for a reason of ours; will be tried again.
        Retry = "retry",
        /// Could not be taken in; its bytes are kept for a replay.
        Quarantined = "quarantined",
    }
}

/// One element of a delivered body.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// The network's id of our account it is for; none when the body does not say.
    pub account: Option<String>,
    /// The network's id of the event, so that a repetition is recognised. Two events about one
    /// thing (written, edited, deleted) have two keys.
    pub key: String,
    /// What it says.
    pub said: Said,
}

/// What an element says.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// Something happened that an inbox should know.
    Event(Box<Event>),
    /// Nothing an inbox shows, and why: a word like `typing` or `field:leadgen`.
    Nothing(String),
    /// It should have meant something, and could not be read.
    Unreadable(String),
}

/// Something that happened at a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When, as the network says; none when it does not.
    pub at: Option<At>,
    /// What.
    pub what: What,
}

/// The things that happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Somebody wrote.
    Wrote(Wrote),
    /// Somebody changed what they had written. Carries the whole new text, so it can also create.
    Edited(Wrote),
    /// A message or post is gone.
    Deleted {
        /// The network's id of it.
        id: String,
    },
    /// A message or post was hidden or shown again.
    Hidden {
        /// The network's id of it.
        id: String,
        /// True when hidden.
        hidden: bool,
    },
    /// A reaction to a message or post.
    Reacted {
        /// The network's id of what was reacted to.
        id: String,
        /// Who.
        by: Option<Author>,
        /// The reaction; none when it was taken back.
        reaction: Option<String>,
        /// True when it is about a publication, not a message.
        on_post: bool,
    },
    /// Our messages reached the person's device, or were read.
    Receipt {
        /// The conversation.
        thread: String,
        /// The messages, where the network names them.
        ids: Vec<String>,
        /// Everything sent until then, where it gives a mark instead.
        upto: Option<At>,
        /// True when read, false when only delivered.
        read: bool,
    },
    /// How one message of ours fares, where the network tells it message by message.
    Fared {
        /// The network's id of it.
        id: String,
        /// The mark we had put on it when sending.
        tag: Option<String>,
        /// How.
        how: Fate,
    },
    /// A person's id at the network is another one from now on.
    IdChanged {
        /// The id they had.
        from: String,
        /// The one they have now.
        to: String,
    },
    /// Who wrote a message, as the network says now: where people are known by names, names change.
    Named {
        /// The network's id of the message.
        id: String,
        /// Its author.
        author: Author,
    },
    /// We published something.
    Published(Post),
    /// The network took our login away.
    LoginRevoked(String),
}

/// How a message of ours fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// The network has it.
    Sent,
    /// It reached the person's device.
    Delivered,
    /// It was read, or listened to.
    Read,
    /// After all, the network could not deliver it.
    Failed {
        /// Why.
        refusal: Refusal,
        /// In the network's words.
        why: String,
    },
}

/// A message as a network tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wrote {
    /// The network's id of the message.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// Who can read it.
    pub visibility: Visibility,
    /// Who wrote it; none when the network does not say.
    pub author: Option<Author>,
    /// Other ids of the same author, where the network knows people by several at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// True when it was written as our own account.
    pub own: bool,
    /// The text, as written; none when the network only names the message.
    pub text: Option<String>,
    /// What came along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The key of the thread, where it is known without asking: the root comment, the person.
    pub thread: String,
    /// The person on the other side of a private conversation.
    pub partner: Option<Author>,
    /// The message it answers.
    pub parent: Option<String>,
    /// The publication it stands under.
    pub post: Option<Post>,
    /// The mark we had put on it when sending, when it is our own coming back.
    pub tag: Option<String>,
    /// False where the network lets us read but not answer.
    pub replyable: bool,
    /// True when it bears the marks of a machine (auto-reply, bot account).
    pub machine: bool,
    /// Stars or thumbs of a review: `positive`, `negative`, `3/5`.
    pub rating: Option<String>,
    /// True when the body leaves out something else worth asking for: whether it is our own, or
    /// what it answers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ask: bool,
    /// What a mail says beside its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<Box<Letter>>,
}

impl Wrote {
    /// A message of this kind with everything else still unsaid.
    pub fn new(id: impl Into<String>, kind: Kind, visibility: Visibility, thread: impl Into<String>) -> Wrote {
        Wrote {
            id: id.into(),
            kind,
            visibility,
            author: None,
            also: Vec::new(),
            own: false,
            text: None,
            attachments: Vec::new(),
            thread: thread.into(),
            partner: None,
            parent: None,
            post: None,
            tag: None,
            replyable: true,
            machine: false,
            rating: None,
            ask: false,
            letter: None,
        }
    }

    /// True when the network must be asked for what the body does not tell.
    pub fn needs_asking(&self) -> bool {
        let mute = self.text.is_none() && self.attachments.is_empty() && self.rating.is_none();
        self.ask || mute || (self.author.is_none() && !self.own)
    }
}

/// Who wrote.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Author {
    /// The network's id of the person.
    pub id: String,
    /// The name, as given.
    pub name: Option<String>,
    /// `@name`, address or number.
    pub handle: Option<String>,
}

/// A publication as a network tells it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Post {
    /// The network's id of it.
    pub id: String,
    /// Its words, when told.
    pub text: Option<String>,
    /// Where it can be seen.
    pub permalink: Option<String>,
    /// Its picture.
    pub picture: Option<String>,
    /// Who published it; none when the network does not say.
    pub author: Option<Author>,
    /// True when it is ours; none when unknown.
    pub own: Option<bool>,
}

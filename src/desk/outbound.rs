//! What we ask a network to do, and how it may end.

use std::time::Duration;

use super::approved::Chosen;
use super::file::Enclosed;
use super::letter::Letter;
use crate::base::At;
use crate::base::id::OutboundId;
use crate::words;

words! {
    /// What we ask for.
    pub enum Action {
        /// Answer under the message, for all to see.
        ReplyPublic = "reply_public",
        /// Answer a public message in private.
        ReplyPrivate = "reply_private",
        /// Write in a private conversation.
        Dm = "dm",
        /// Hide a message from others.
        Hide = "hide",
        /// Show it again.
        Unhide = "unhide",
        /// Delete it.
        Delete = "delete",
        /// Like it.
        Like = "like",
        /// Take the like back.
        Unlike = "unlike",
    }
}

impl Action {
    /// True for what a customer reads; moderation may be repeated without harm.
    pub fn is_reply(self) -> bool {
        matches!(self, Action::ReplyPublic | Action::ReplyPrivate | Action::Dm)
    }
}

/// One thing to be done at a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Outbound {
    /// Ours; goes along as a mark where the network returns one.
    pub id: OutboundId,
    /// What.
    pub action: Action,
    /// The words.
    pub text: String,
    /// Files that go along; the words may be none then.
    pub files: Vec<Enclosed>,
    /// Words to choose from, shown as buttons where the network has them; they stand in the text, too.
    pub choices: Vec<String>,
    /// The network's id of the message acted upon or answered.
    pub target: Option<String>,
    /// True when that message is itself a publication (a visitor's post).
    pub target_is_post: bool,
    /// The network's key of the thread.
    pub thread: String,
    /// The network's id of the message the thread began with.
    pub root: Option<String>,
    /// The publication the thread stands under.
    pub post: Option<String>,
    /// The person in a private conversation.
    pub recipient: Option<String>,
    /// True when a person wrote it; only people may use a network's human mark.
    pub human: bool,
    /// The mail that is answered.
    pub letter: Option<Letter>,
    /// The approved text it is, where it is one.
    pub approved: Option<Chosen>,
    /// The person's last act in the conversation, for the network's window.
    pub last_inbound_at: Option<At>,
    /// When it was first tried.
    pub asked_at: At,
    /// The hour.
    pub now: At,
}

words! {
    /// Why a network will never do it, in the few classes people can act upon.
    pub enum Refusal {
        /// The time to answer is over.
        WindowClosed = "window_closed",
        /// The person cannot be reached or has blocked us.
        Unreachable = "unreachable",
        /// A private reply was already sent.
        AlreadyReplied = "already_replied",
        /// Another application holds the conversation.
        NotOwner = "not_owner",
        /// What we answer is gone.
        Gone = "gone",
        /// This login may not do that.
        NotPermitted = "not_permitted",
        /// The network has restricted our account.
        Restricted = "restricted",
        /// The text is too long.
        TooLong = "too_long",
        /// The network does not know this act.
        Unsupported = "unsupported",
        /// It did not accept what we sent.
        Invalid = "invalid",
    }
}

/// How one attempt ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Done.
    Sent {
        /// The network's id of the new message, where one was made.
        external_id: Option<String>,
        /// The person's id in private, where the network tells it now.
        recipient: Option<String>,
    },
    /// Surely not done; may be tried again after this long.
    Later {
        /// How long to wait; none: our own pace.
        after: Option<Duration>,
        /// True when the whole channel should be quiet meanwhile.
        whole_channel: bool,
        /// The network's words.
        why: String,
    },
    /// Surely not done; the login is no longer good.
    Reconnect(String),
    /// Surely not done, and never will be.
    Never(Refusal, String),
    /// It may have been done: nobody answered.
    Unknown(String),
}

/// What looking at the network for an unknown outcome found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookBack {
    /// It may be there under one of these ids, the newest first: same text, same place, not before
    /// we tried.
    Found(Vec<String>),
    /// It is not there, and would be shown if it were.
    Absent,
    /// One cannot tell.
    CannotSay(String),
}

//! One inbound or outbound unit.

use crate::words;

words! {
    /// What a message is.
    pub enum Kind {
        /// Under a post.
        Comment = "comment",
        /// In private.
        Dm = "dm",
        /// Somewhere else, naming us.
        Mention = "mention",
        /// A rating with or without words.
        Review = "review",
        /// By mail.
        Email = "email",
        /// In a live chat.
        Chat = "chat",
        /// An article of a feed.
        FeedEntry = "feed_entry",
        /// A telephone call.
        Call = "call",
    }
}

words! {
    /// Who can read a message.
    pub enum Visibility {
        /// Everybody.
        Public = "public",
        /// The contact and us.
        Private = "private",
        /// Colleagues only: a note.
        Internal = "internal",
    }
}

words! {
    /// Which way a message went.
    pub enum Direction {
        /// To us.
        Inbound = "inbound",
        /// From us.
        Outbound = "outbound",
    }
}

//! Names for rows: one type per noun, so that a ticket's id is never taken for a contact's.

/// Declares id types over UUID version 7 (48 bits of time, then dice), so they sort by age.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self { $name(id) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, uuid::Error> { s.parse().map($name) }
        }
        impl $crate::base::val::Bound for $name {
            fn val(self) -> $crate::base::val::Val { $crate::base::val::Val::Id(Some(self.0)) }
            fn null() -> $crate::base::val::Val { $crate::base::val::Val::Id(None) }
        }
    )*};
}

ids! {
    /// A brand: the wall that data never crosses.
    BrandId;
    /// A person who answers.
    AgentId;
    /// One application or login at a network.
    ConnectionId;
    /// One page, profile, number or mailbox.
    ChannelId;
    /// A publication that people comment on.
    PostId;
    /// The place of an exchange.
    ThreadId;
    /// One contact in one thread.
    TicketId;
    /// One inbound or outbound unit.
    MessageId;
    /// A person who writes to us.
    ContactId;
    /// That person's handle on one network.
    IdentityId;
    /// A group of agents.
    TeamId;
    /// A raw body as it arrived.
    DeliveryId;
    /// One element of a delivery.
    InboundId;
    /// Something we ask a network to do.
    OutboundId;
    /// A file sent along with a reply.
    FileId;
    /// A key for programs.
    TokenId;
    /// Work to be done later for a channel.
    ErrandId;
    /// A merge that can be undone.
    MergeId;
    /// An act of triage that can be undone.
    ActId;
    /// Anything that needs a name and has no noun of its own.
    AnyId;
}

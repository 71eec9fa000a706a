//! A person who writes to us, and that person's handles.

use crate::base::At;
use crate::base::id::{BrandId, ContactId, IdentityId};

/// A person.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Contact {
    /// Whose row this is.
    pub id: ContactId,
    /// The brand that knows them.
    pub brand_id: BrandId,
    /// The name to show; empty while nobody has told.
    pub name: String,
    /// The language they last wrote.
    pub language: Option<String>,
    /// When they first wrote.
    pub created_at: At,
    /// The contact this one was merged into.
    pub merged_into: Option<ContactId>,
}

/// A handle of a person on one network. `realm` is the account whose eyes see this id, where ids
/// differ by page or by application; empty where an id is the same for everybody.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Identity {
    /// Whose row this is.
    pub id: IdentityId,
    /// The brand that knows it.
    pub brand_id: BrandId,
    /// The person.
    pub contact_id: ContactId,
    /// The network's slug.
    pub network: String,
    /// Whose ids these are.
    pub realm: String,
    /// The network's id of the person.
    pub external_id: String,
    /// `@name`, address or number.
    pub handle: Option<String>,
    /// The name on that network.
    pub name: Option<String>,
}

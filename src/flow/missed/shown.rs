//! What was found, as people look at it.

use std::collections::HashMap;

use super::material;
use crate::base::id::{AnyId, BrandId, MessageId};
use crate::flow::Result;
use crate::store::Tx;
use crate::store::messages::{self, Message};
use crate::store::surveys::{self, Kept};

/// A cluster in the list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// As kept.
    pub kept: Kept,
    /// The words in its middle, without greeting and without what belongs to one person.
    pub title: String,
    /// Their language.
    pub language: String,
}

/// The clusters of a brand, the largest first. One whose messages are all gone is left out.
///
/// # Errors
/// As the database reports.
pub async fn list(tx: &mut Tx, brand: BrandId) -> Result<Vec<Listed>> {
    let kept = surveys::clusters(tx, brand).await?;
    let first: HashMap<AnyId, MessageId> =
        surveys::first_members(tx, brand, 1).await?.into_iter().map(|m| (m.cluster_id, m.message_id)).collect();
    let ids: Vec<MessageId> = first.values().copied().collect();
    let texts: HashMap<MessageId, Message> =
        messages::many(tx, brand, &ids).await?.into_iter().map(|m| (m.id, m)).collect();
    let listed = |kept: Kept| {
        let message = texts.get(first.get(&kept.id)?)?;
        let language = kept.languages[0][0].as_str().unwrap_or_default().to_owned();
        Some(Listed { title: material::example(message), language, kept })
    };
    Ok(kept.into_iter().filter_map(listed).collect())
}

/// Questions of a cluster from a place on, the most central first.
///
/// # Errors
/// As the database reports.
pub async fn questions(tx: &mut Tx, cluster: &Kept, from: i64, most: i64) -> Result<Vec<Message>> {
    let members = surveys::members(tx, cluster.id, from, most).await?;
    let ids: Vec<MessageId> = members.iter().map(|m| m.message_id).collect();
    let mut found: HashMap<MessageId, Message> =
        messages::many(tx, cluster.brand_id, &ids).await?.into_iter().map(|m| (m.id, m)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

//! Texts that networks have approved beforehand, as they were last listed.

use serde_json::Value;

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ChannelId};
use crate::desk::approved::Approved;
use crate::sql;

#[derive(sqlx::FromRow)]
struct Row {
    content: Value,
}

/// A channel's texts, by name and language.
pub async fn of_channel(tx: &mut Tx, brand: BrandId, channel: ChannelId) -> Result<Vec<Approved>> {
    let all = sql!(tx, all Row, "select content from approved where channel_id = $1 and brand_id = $2 order by name, language", channel, brand)?;
    Ok(all.into_iter().filter_map(|r| serde_json::from_value(r.content).ok()).collect())
}

/// Puts what the network lists in place of what it listed before.
pub async fn replace(tx: &mut Tx, brand: BrandId, channel: ChannelId, all: &[Approved], at: At) -> Result<()> {
    sql!(tx, run, "delete from approved where channel_id = $1 and brand_id = $2", channel, brand)?;
    for text in all {
        let content = serde_json::to_value(text).unwrap_or_default();
        sql!(
            tx,
            run,
            "insert into approved (brand_id, channel_id, name, language, content, seen_at) values ($1, $2, $3, $4, $5, $6) on conflict (channel_id, name, language) do nothing",
            brand,
            channel,
            text.name.clone(),
            text.language.clone(),
            content,
            at
        )?;
    }
    Ok(())
}

//! What mails say beside their words, and the names by which threads of mails are found.

use std::collections::BTreeMap;

use serde_json::Value;

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::id::{BrandId, ChannelId, MessageId, ThreadId};
use crate::base::val::{Bound, Val};
use crate::desk::letter::Letter;
use crate::sql;

const INSERT: Bulk = Bulk {
    head: "insert into letters (message_id, brand_id, subject, answer_to, refs) values",
    tail: "on conflict (message_id) do nothing",
};

/// Keeps what mails say beside their words.
pub async fn add(tx: &mut Tx, brand: BrandId, letters: Vec<(MessageId, &Letter)>) -> Result<()> {
    let rows = letters.into_iter().map(|(message, letter)| {
        let refs: Value = letter.references.clone().into();
        vec![message.val(), brand.val(), letter.subject.as_str().val(), letter.answer_to.clone().val(), refs.val()]
    });
    INSERT.run(tx, rows.collect()).await
}

#[derive(sqlx::FromRow)]
struct Kept {
    subject: String,
    answer_to: Option<String>,
    refs: Value,
}

/// What a mail said beside its words, by its name at the network.
pub async fn by_external(tx: &mut Tx, brand: BrandId, channel: ChannelId, external_id: &str) -> Result<Option<Letter>> {
    let kept = sql!(tx, maybe Kept, "select l.subject, l.answer_to, l.refs from messages m join letters l on l.message_id = m.id where m.brand_id = $1 and m.channel_id = $2 and m.external_id = $3", brand, channel, external_id)?;
    Ok(kept.map(|k| Letter {
        subject: k.subject,
        answer_to: k.answer_to,
        references: k.refs.as_array().into_iter().flatten().filter_map(|r| r.as_str().map(str::to_owned)).collect(),
        ..Letter::default()
    }))
}

#[derive(sqlx::FromRow)]
struct Named {
    name: String,
    thread_id: ThreadId,
}

/// The threads known by these names, among those of each channel.
pub async fn threads_named(
    tx: &mut Tx,
    brand: BrandId,
    names: &[(ChannelId, String)],
) -> Result<Vec<((ChannelId, String), ThreadId)>> {
    const FIND: Bulk = Bulk {
        head: "select name, thread_id from thread_names where brand_id = $1 and channel_id = $2 and name in (values",
        tail: ")",
    };
    let mut of_channel: BTreeMap<ChannelId, Vec<Vec<Val>>> = BTreeMap::new();
    for (channel, name) in names {
        of_channel.entry(*channel).or_default().push(vec![name.as_str().val()]);
    }
    let mut found = Vec::new();
    for (channel, rows) in of_channel {
        let named: Vec<Named> = FIND.among(tx, &[brand.val(), channel.val()], rows).await?;
        found.extend(named.into_iter().map(|n| ((channel, n.name), n.thread_id)));
    }
    Ok(found)
}

/// From now on these names mean these threads. No name may be given twice.
pub async fn name_threads(tx: &mut Tx, brand: BrandId, names: BTreeMap<(ChannelId, String), ThreadId>) -> Result<()> {
    const NAME: Bulk = Bulk {
        head: "insert into thread_names (channel_id, name, brand_id, thread_id) values",
        tail: "on conflict (channel_id, name) do update set thread_id = excluded.thread_id",
    };
    let rows = names
        .into_iter()
        .map(|((channel, name), thread)| vec![channel.val(), name.as_str().val(), brand.val(), thread.val()]);
    NAME.run(tx, rows.collect()).await
}

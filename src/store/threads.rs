//! Places of an exchange.

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ChannelId, PostId, ThreadId, TicketId};
use crate::base::val::Bound;
use crate::desk::message::{Kind, Visibility};
use crate::sql;

/// A thread as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Thread {
    /// Which.
    pub id: ThreadId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// The network's key of it: the root comment, the person.
    pub external_key: String,
    /// The publication it stands under.
    pub post_id: Option<PostId>,
    /// What kind of exchange.
    pub kind: Kind,
    /// Who can read it.
    pub visibility: Visibility,
    /// The person on the other side of a private conversation.
    pub partner: Option<String>,
    /// The public ticket it is the private sequel of.
    pub continues: Option<TicketId>,
}

/// A thread on its way in.
#[derive(Debug, Clone)]
pub struct NewThread {
    /// Its id, if it is new.
    pub id: ThreadId,
    /// Its brand.
    pub brand: BrandId,
    /// Its channel.
    pub channel: ChannelId,
    /// The network's key of it.
    pub key: String,
    /// The publication it stands under.
    pub post: Option<PostId>,
    /// What kind of exchange.
    pub kind: Kind,
    /// Who can read it.
    pub visibility: Visibility,
    /// The person on the other side.
    pub partner: Option<String>,
    /// When it began.
    pub at: At,
}

const UPSERT: Bulk = Bulk {
    head: "insert into threads (id, brand_id, channel_id, external_key, post_id, kind, visibility, partner, created_at) values",
    tail: "on conflict (channel_id, external_key) do update set post_id = coalesce(threads.post_id, excluded.post_id), partner = coalesce(threads.partner, excluded.partner) returning id, channel_id, external_key, post_id, kind, visibility, partner, continues",
};

/// Finds or makes threads. The same one may not be given twice.
pub async fn know(tx: &mut Tx, threads: Vec<NewThread>) -> Result<Vec<Thread>> {
    let rows = threads.into_iter().map(|t| {
        vec![
            t.id.val(),
            t.brand.val(),
            t.channel.val(),
            t.key.val(),
            t.post.val(),
            t.kind.val(),
            t.visibility.val(),
            t.partner.val(),
            t.at.val(),
        ]
    });
    UPSERT.all(tx, rows.collect()).await
}

/// One thread.
pub async fn get(tx: &mut Tx, brand: BrandId, id: ThreadId) -> Result<Thread> {
    sql!(tx, one Thread, "select id, channel_id, external_key, post_id, kind, visibility, partner, continues from threads where id = $1 and brand_id = $2", id, brand)
}

/// Threads of a brand, many at once, in no order; those that are not there are left out.
pub async fn many(tx: &mut Tx, brand: BrandId, ids: &[ThreadId]) -> Result<Vec<Thread>> {
    const FIND: Bulk = Bulk {
        head: "select id, channel_id, external_key, post_id, kind, visibility, partner, continues from threads where brand_id = $1 and id in (values",
        tail: ")",
    };
    FIND.among(tx, &[brand.val()], ids.iter().map(|id| vec![id.val()]).collect()).await
}

/// The thread of this key.
pub async fn by_key(tx: &mut Tx, brand: BrandId, channel: ChannelId, key: &str) -> Result<Option<Thread>> {
    sql!(tx, maybe Thread, "select id, channel_id, external_key, post_id, kind, visibility, partner, continues from threads where brand_id = $1 and channel_id = $2 and external_key = $3", brand, channel, key)
}

/// Notes that a private conversation is the sequel of a public ticket.
pub async fn continue_from(tx: &mut Tx, brand: BrandId, id: ThreadId, ticket: TicketId) -> Result<()> {
    sql!(tx, run, "update threads set continues = $3 where id = $1 and brand_id = $2", id, brand, ticket)?;
    Ok(())
}

/// A conversation's person has another id from now on; false when there is a conversation of that id
/// already.
pub async fn rename(tx: &mut Tx, brand: BrandId, id: ThreadId, key: &str, partner: &str) -> Result<bool> {
    Ok(sql!(
        tx,
        run,
        "update threads set external_key = $3, partner = $4 where id = $1 and brand_id = $2 and not exists (select 1 from threads other where other.channel_id = threads.channel_id and other.external_key = $3)",
        id,
        brand,
        key,
        partner
    )? == 1)
}

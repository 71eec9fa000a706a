//! Publications that people comment on.

use serde_json::Value;

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{BrandId, ChannelId, PostId, ThreadId};
use crate::base::val::Bound;
use crate::desk::inbound::Post as Told;
use crate::sql;

/// A publication as stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Post {
    /// Which.
    pub id: PostId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// The network's id of it.
    pub external_id: String,
    /// True when it is ours; none while unknown.
    pub own: Option<bool>,
    /// Who published it.
    pub author_name: Option<String>,
    /// Its words.
    pub text: Option<String>,
    /// Where it can be seen.
    pub permalink: Option<String>,
    /// Its picture.
    pub picture: Option<String>,
    /// When it was published.
    pub published_at: Option<At>,
    /// Since when it is hidden.
    pub hidden_at: Option<At>,
    /// Since when it is gone.
    pub deleted_at: Option<At>,
    /// How many reactions of which kind.
    pub reactions: Value,
}

/// A publication on its way in.
#[derive(Debug, Clone)]
pub struct NewPost {
    /// Its id, if it is new.
    pub id: PostId,
    /// Its brand.
    pub brand: BrandId,
    /// Its channel.
    pub channel: ChannelId,
    /// What the network tells of it.
    pub told: Told,
    /// When it was published, where told.
    pub published_at: Option<At>,
    /// When we heard of it.
    pub at: At,
}

const UPSERT: Bulk = Bulk {
    head: "insert into posts (id, brand_id, channel_id, external_id, own, author_name, text, permalink, picture, published_at, reactions, created_at) values",
    tail: "on conflict (channel_id, external_id) do update set own = coalesce(excluded.own, posts.own), author_name = coalesce(excluded.author_name, posts.author_name), text = coalesce(excluded.text, posts.text), permalink = coalesce(excluded.permalink, posts.permalink), picture = coalesce(excluded.picture, posts.picture), published_at = coalesce(posts.published_at, excluded.published_at) returning id, channel_id, external_id, own, author_name, text, permalink, picture, published_at, hidden_at, deleted_at, reactions",
};

/// Writes publications down, or completes what is known of them; what is there afterwards.
/// The same one may not be given twice.
pub async fn know(tx: &mut Tx, posts: Vec<NewPost>) -> Result<Vec<Post>> {
    let rows = posts.into_iter().map(|p| {
        let author = p.told.author.and_then(|a| a.name).map(|n| crate::base::text::clean_name(&n));
        vec![
            p.id.val(),
            p.brand.val(),
            p.channel.val(),
            p.told.id.val(),
            p.told.own.val(),
            author.val(),
            p.told.text.map(|t| crate::base::text::clean_text(&t)).val(),
            p.told.permalink.val(),
            p.told.picture.val(),
            p.published_at.val(),
            Value::Object(serde_json::Map::new()).val(),
            p.at.val(),
        ]
    });
    UPSERT.all(tx, rows.collect()).await
}

/// One publication.
pub async fn get(tx: &mut Tx, brand: BrandId, id: PostId) -> Result<Post> {
    sql!(tx, one Post, "select id, channel_id, external_id, own, author_name, text, permalink, picture, published_at, hidden_at, deleted_at, reactions from posts where id = $1 and brand_id = $2", id, brand)
}

/// Publications of a brand, many at once, in no order; those that are not there are left out.
pub async fn many(tx: &mut Tx, brand: BrandId, ids: &[PostId]) -> Result<Vec<Post>> {
    const FIND: Bulk = Bulk {
        head: "select id, channel_id, external_id, own, author_name, text, permalink, picture, published_at, hidden_at, deleted_at, reactions from posts where brand_id = $1 and id in (values",
        tail: ")",
    };
    FIND.among(tx, &[brand.val()], ids.iter().map(|id| vec![id.val()]).collect()).await
}

/// What a thread stands under.
#[derive(Debug, sqlx::FromRow)]
pub struct Above {
    /// The thread.
    pub thread_id: ThreadId,
    /// The words of its publication.
    pub text: String,
}

/// The words of the publications that threads stand under, where they have any; in no order.
pub async fn above(tx: &mut Tx, brand: BrandId, threads: &[ThreadId]) -> Result<Vec<Above>> {
    const FIND: Bulk = Bulk {
        head: "select t.id as thread_id, p.text from threads t join posts p on p.id = t.post_id where t.brand_id = $1 and p.text <> '' and t.id in (values",
        tail: ")",
    };
    FIND.among(tx, &[brand.val()], threads.iter().map(|id| vec![id.val()]).collect()).await
}

/// The publication of this id at the network.
pub async fn by_external(tx: &mut Tx, brand: BrandId, channel: ChannelId, external_id: &str) -> Result<Option<Post>> {
    sql!(tx, maybe Post, "select id, channel_id, external_id, own, author_name, text, permalink, picture, published_at, hidden_at, deleted_at, reactions from posts where brand_id = $1 and channel_id = $2 and external_id = $3", brand, channel, external_id)
}

/// Notes that a publication was hidden, shown, or is gone.
pub async fn mark(
    tx: &mut Tx,
    brand: BrandId,
    id: PostId,
    hidden_at: Option<At>,
    deleted_at: Option<At>,
) -> Result<()> {
    sql!(
        tx,
        run,
        "update posts set hidden_at = $3, deleted_at = coalesce($4, deleted_at) where id = $1 and brand_id = $2",
        id,
        brand,
        hidden_at,
        deleted_at
    )?;
    Ok(())
}

/// Counts reactions anew.
pub async fn set_reactions(tx: &mut Tx, brand: BrandId, id: PostId, reactions: &Value) -> Result<()> {
    sql!(tx, run, "update posts set reactions = $3 where id = $1 and brand_id = $2", id, brand, reactions)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct External {
    external_id: String,
}

/// Publications of a channel with exchanges since a moment, newest first: worth polling.
pub async fn lively(tx: &mut Tx, brand: BrandId, channel: ChannelId, since: At) -> Result<Vec<String>> {
    let rows = sql!(tx, all External, "select distinct p.external_id from posts p join threads t on t.post_id = p.id join messages m on m.thread_id = t.id where p.brand_id = $1 and p.channel_id = $2 and m.at >= $3 and p.deleted_at is null limit 50", brand, channel, since)?;
    Ok(rows.into_iter().map(|r| r.external_id).collect())
}

//! What a trial said, or would have said, beside what is live.

use serde_json::Value;

use crate::base::At;
use crate::base::id::{AnyId, BrandId, MessageId, TicketId};
use crate::base::val::Bound;
use crate::desk::replay::{Bucket, Buckets};
use crate::sql;
use crate::store::bulk::Bulk;
use crate::store::{Result, Tx};

/// One message of a trial.
#[derive(Debug, Clone)]
pub struct Thought {
    /// The message.
    pub message: MessageId,
    /// At which brand.
    pub brand: BrandId,
    /// Which release.
    pub release: AnyId,
    /// True where the trial was heard.
    pub heard: bool,
    /// What differs.
    pub bucket: Bucket,
    /// What is live says.
    pub live: Value,
    /// What is tried says.
    pub tried: Value,
    /// When.
    pub at: At,
}

const ADD: Bulk = Bulk {
    head: "insert into trial_thoughts (message_id, brand_id, release_id, heard, bucket, live, tried, at) values",
    tail: "on conflict (message_id) do update set release_id = excluded.release_id, heard = excluded.heard, bucket = excluded.bucket, live = excluded.live, tried = excluded.tried, at = excluded.at",
};

/// Writes thoughts down.
pub async fn note(tx: &mut Tx, thoughts: &[Thought]) -> Result<()> {
    let row = |t: &Thought| {
        vec![
            t.message.val(),
            t.brand.val(),
            t.release.val(),
            t.heard.val(),
            t.bucket.val(),
            (&t.live).val(),
            (&t.tried).val(),
            t.at.val(),
        ]
    };
    ADD.run(tx, thoughts.iter().map(row).collect()).await
}

#[derive(sqlx::FromRow)]
struct Count {
    bucket: Bucket,
    heard: bool,
    n: i64,
}

/// How messages fared in a trial: all of them, and those where it was heard.
pub async fn figures(tx: &mut Tx, brand: BrandId, release: AnyId) -> Result<(Buckets, usize)> {
    let counts = sql!(tx, all Count, "select bucket, heard, count(*) as n from trial_thoughts where brand_id = $1 and release_id = $2 group by bucket, heard", brand, release)?;
    let (mut buckets, mut heard) = (Buckets::default(), 0);
    for count in counts {
        let n = usize::try_from(count.n).unwrap_or(0);
        (0..n).for_each(|_| buckets.count(count.bucket));
        heard += if count.heard { n } else { 0 };
    }
    Ok((buckets, heard))
}

/// A message a trial thought otherwise about.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Differs {
    /// Its ticket.
    pub ticket_id: TicketId,
    /// Its words.
    pub text: String,
    /// True where the trial was heard.
    pub heard: bool,
    /// What differs.
    pub bucket: Bucket,
    /// What is live says.
    pub live: Value,
    /// What is tried says.
    pub tried: Value,
    /// When.
    pub at: At,
}

/// The last messages a trial thought otherwise about, the newest first, at most 50.
pub async fn differing(tx: &mut Tx, brand: BrandId, release: AnyId) -> Result<Vec<Differs>> {
    sql!(tx, all Differs, "select m.ticket_id, m.text, t.heard, t.bucket, t.live, t.tried, t.at from trial_thoughts t join messages m on m.id = t.message_id where t.brand_id = $1 and t.release_id = $2 and t.bucket <> 'unchanged' and m.ticket_id is not null order by t.at desc, t.message_id desc limit 50", brand, release)
}

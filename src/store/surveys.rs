//! What was last found out about missed questions: one survey a brand, its clusters, their questions.

use serde_json::Value;

use super::bulk::Bulk;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AnyId, BrandId, MessageId};
use crate::base::val::Bound;
use crate::sql;

/// A brand's last survey.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Survey {
    /// Whose.
    pub brand_id: BrandId,
    /// Since when somebody waits for a new one.
    pub asked_at: Option<At>,
    /// When it was made; none before the first.
    pub made_at: Option<At>,
    /// How far it looks back.
    pub since: At,
    /// How many questions it looked at.
    pub questions: i64,
    /// True when there were more than it looks at.
    pub capped: bool,
}

/// A cluster as kept.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Kept {
    /// Which: the same as long as most of its questions are.
    pub id: AnyId,
    /// At which brand.
    pub brand_id: BrandId,
    /// Its place: the largest first.
    pub place: i64,
    /// How many questions.
    pub questions: i64,
    /// How many of them one entry would have answered.
    pub saves: i64,
    /// Languages and how many questions each: `[["fr", 12]]`.
    pub languages: Value,
    /// Questions by week, this week first.
    pub weeks: Value,
    /// What people answered: see `desk::missed::Told`.
    pub answers: Value,
    /// The entry they come near to.
    pub near: Option<String>,
}

/// A question's place in its cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Member {
    /// The cluster.
    pub cluster_id: AnyId,
    /// The question.
    pub message_id: MessageId,
}

/// A brand's survey.
pub async fn of(tx: &mut Tx, brand: BrandId) -> Result<Option<Survey>> {
    sql!(tx, maybe Survey, "select brand_id, asked_at, made_at, since, questions, capped from missed_surveys where brand_id = $1", brand)
}

/// Somebody wants a new one.
pub async fn ask(tx: &mut Tx, brand: BrandId, at: At) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into missed_surveys (brand_id, asked_at, since, questions, capped) values ($1, $2, $2, 0, $3) on conflict (brand_id) do update set asked_at = excluded.asked_at",
        brand,
        at,
        false
    )?;
    Ok(())
}

/// Brands whose survey is asked for, or older than a moment, and those that have none, the longest
/// waiting first.
pub async fn due(tx: &mut Tx, older_than: At) -> Result<Vec<BrandId>> {
    #[derive(sqlx::FromRow)]
    struct Due {
        id: BrandId,
    }
    let due = sql!(tx, all Due, "select b.id from brands b left join missed_surveys s on s.brand_id = b.id where s.asked_at is not null or s.made_at is null or s.made_at < $1 order by coalesce(s.asked_at, s.made_at, 0), b.id", older_than)?;
    Ok(due.into_iter().map(|d| d.id).collect())
}

/// Puts a new survey in the place of the last one.
pub async fn keep(tx: &mut Tx, survey: &Survey, clusters: &[Kept], members: &[(AnyId, Vec<MessageId>)]) -> Result<()> {
    const CLUSTER: Bulk = Bulk {
        head: "insert into missed_clusters (id, brand_id, place, questions, saves, languages, weeks, answers, near) values",
        tail: "",
    };
    // A message that was erased meanwhile is a member no more.
    const MEMBER: Bulk = Bulk { head: "insert into missed_members (cluster_id, place, message_id) values", tail: "" };
    sql!(tx, run, "delete from missed_clusters where brand_id = $1", survey.brand_id)?;
    sql!(
        tx,
        run,
        "insert into missed_surveys (brand_id, asked_at, made_at, since, questions, capped) values ($1, $2, $3, $4, $5, $6) on conflict (brand_id) do update set asked_at = excluded.asked_at, made_at = excluded.made_at, since = excluded.since, questions = excluded.questions, capped = excluded.capped",
        survey.brand_id,
        survey.asked_at,
        survey.made_at,
        survey.since,
        survey.questions,
        survey.capped
    )?;
    let row = |k: &Kept| {
        vec![
            k.id.val(),
            k.brand_id.val(),
            k.place.val(),
            k.questions.val(),
            k.saves.val(),
            (&k.languages).val(),
            (&k.weeks).val(),
            (&k.answers).val(),
            k.near.clone().val(),
        ]
    };
    CLUSTER.run(tx, clusters.iter().map(row).collect()).await?;
    let rows = members.iter().flat_map(|(cluster, all)| {
        all.iter().zip(0_i64..).map(|(message, place)| vec![cluster.val(), place.val(), message.val()])
    });
    MEMBER.run(tx, rows.collect()).await
}

/// The clusters of a brand, the largest first.
pub async fn clusters(tx: &mut Tx, brand: BrandId) -> Result<Vec<Kept>> {
    sql!(tx, all Kept, "select id, brand_id, place, questions, saves, languages, weeks, answers, near from missed_clusters where brand_id = $1 order by place", brand)
}

/// One cluster.
pub async fn cluster(tx: &mut Tx, brand: BrandId, id: AnyId) -> Result<Option<Kept>> {
    sql!(tx, maybe Kept, "select id, brand_id, place, questions, saves, languages, weeks, answers, near from missed_clusters where brand_id = $1 and id = $2", brand, id)
}

/// The questions of a cluster from a place on, the most central first.
pub async fn members(tx: &mut Tx, cluster: AnyId, from: i64, most: i64) -> Result<Vec<Member>> {
    sql!(tx, all Member, "select cluster_id, message_id from missed_members where cluster_id = $1 and place >= $2 order by place limit $3", cluster, from, most)
}

/// The first questions of each cluster of a brand, and with `most` large all of them.
pub async fn first_members(tx: &mut Tx, brand: BrandId, most: i64) -> Result<Vec<Member>> {
    sql!(tx, all Member, "select m.cluster_id, m.message_id from missed_clusters c join missed_members m on m.cluster_id = c.id where c.brand_id = $1 and m.place < $2 order by c.place, m.place", brand, most)
}

/// A cluster is decided about and goes.
pub async fn drop(tx: &mut Tx, brand: BrandId, id: AnyId) -> Result<()> {
    sql!(tx, run, "delete from missed_clusters where brand_id = $1 and id = $2", brand, id)?;
    Ok(())
}

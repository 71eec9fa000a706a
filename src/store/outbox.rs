//! What we ask networks to do. The order of things here is the promise: `sending` is committed
//! before the first byte leaves, and nothing that may have left is queued again blindly.

use serde_json::Value;

use super::error::Error;
use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, AnyId, BrandId, ChannelId, ConnectionId, MessageId, OutboundId, ThreadId, TicketId};
use crate::desk::delivery::{Delivery, Next};
use crate::desk::outbound::Action;
use crate::sql;

/// A row of the outbox.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    /// Its place: the order of asking.
    pub seq: i64,
    /// Which.
    pub id: OutboundId,
    /// Its brand.
    pub brand_id: BrandId,
    /// Its channel.
    pub channel_id: ChannelId,
    /// Its thread.
    pub thread_id: ThreadId,
    /// The ticket it belongs to.
    pub ticket_id: Option<TicketId>,
    /// The reply's message, or the message acted upon.
    pub message_id: MessageId,
    /// Who asked.
    pub agent_id: Option<AgentId>,
    /// Which rule asked.
    pub by_rule: Option<String>,
    /// What is asked.
    pub action: Action,
    /// The words.
    pub text: String,
    /// The network's id of the message answered or acted upon.
    pub target: Option<String>,
    /// True when that is a publication.
    pub target_is_post: bool,
    /// The network's id of the message the thread began with.
    pub root: Option<String>,
    /// The network's id of the publication.
    pub post: Option<String>,
    /// The person in a private conversation.
    pub recipient: Option<String>,
    /// Where it stands.
    pub state: Delivery,
    /// Why.
    pub reason: Option<String>,
    /// The network's words.
    pub why: Option<String>,
    /// How often it was tried.
    pub attempt: i64,
    /// How often we looked for it.
    pub looks: i64,
    /// True when it was resent once by itself.
    pub resent: bool,
    /// When to act again.
    pub next_at: At,
    /// When it may no longer be sent.
    pub not_after: At,
    /// When it was first tried.
    pub asked_at: Option<At>,
    /// The network's id of what was made.
    pub external_id: Option<String>,
    /// Which approved text it is, and what was filled in.
    pub approved: Option<Value>,
    /// When it was asked.
    pub created_at: At,
    /// Words to choose from, for buttons: a list of texts.
    pub choices: Option<serde_json::Value>,
}

macro_rules! columns {
    () => {
        "seq, id, brand_id, channel_id, thread_id, ticket_id, message_id, agent_id, by_rule, action, text, target, target_is_post, root, post, recipient, state, reason, why, attempt, looks, resent, next_at, not_after, asked_at, external_id, approved, created_at, choices"
    };
}

/// Writes a row down; its `seq` is given by the database.
pub async fn add(tx: &mut Tx, r: &Row) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into outbox (id, brand_id, channel_id, thread_id, ticket_id, message_id, agent_id, by_rule, action, text, target, target_is_post, root, post, recipient, state, next_at, not_after, approved, created_at, choices) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        r.id,
        r.brand_id,
        r.channel_id,
        r.thread_id,
        r.ticket_id,
        r.message_id,
        r.agent_id,
        r.by_rule.clone(),
        r.action,
        &r.text,
        r.target.clone(),
        r.target_is_post,
        r.root.clone(),
        r.post.clone(),
        r.recipient.clone(),
        r.state,
        r.next_at,
        r.not_after,
        r.approved.clone(),
        r.created_at,
        r.choices.clone()
    )?;
    Ok(())
}

/// What is due is moved on: holds that are over, retries whose time has come become `queued`; what
/// may no longer be sent becomes `expired`, and is returned for telling people.
pub async fn ripen(tx: &mut Tx, now: At) -> Result<Vec<Row>> {
    let expired = sql!(tx, all Row, concat!("update outbox set state = 'expired', reason = coalesce(reason, 'too_late') where state in ('held', 'queued', 'retry_wait', 'blocked') and not_after <= $1 and next_at <= $1 returning ", columns!()), now)?;
    sql!(tx, run, "update outbox set state = 'queued' where state in ('held', 'retry_wait') and next_at <= $1", now)?;
    Ok(expired)
}

/// A channel that has rows waiting.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Waiting {
    /// Which.
    pub channel_id: ChannelId,
    /// Its connection.
    pub connection_id: ConnectionId,
    /// Its network's slug.
    pub network: String,
}

/// The channels of every brand with rows in a state whose time has come, in the order of the oldest
/// row of each. Those that send are active ones that need not be quiet.
pub async fn channels_with(tx: &mut Tx, state: Delivery, now: At) -> Result<Vec<Waiting>> {
    sql!(tx, all Waiting, "select o.channel_id, c.connection_id, c.network from outbox o join channels c on c.id = o.channel_id where o.state = $1 and o.next_at <= $2 and (o.state = 'unknown' or (c.state = 'active' and (c.quiet_until is null or c.quiet_until <= $2))) group by o.channel_id, c.connection_id, c.network order by min(o.seq)", state, now)
}

/// Claims a channel's rows to send, in order of asking, at most one of a thread, passing over threads
/// where something earlier is still under way, and bot rows of brands whose bot is stopped. Each is
/// `sending` once this commits. `bots` false: none of those at all.
pub async fn claim(
    tx: &mut Tx,
    node: AnyId,
    now: At,
    lease_until: At,
    (channel, most): (ChannelId, i64),
    bots: bool,
) -> Result<Vec<Row>> {
    sql!(tx, all Row,
        sqlite concat!("update outbox set state = 'sending', reason = null, why = null, attempt = attempt + 1, asked_at = coalesce(asked_at, $2), lease_by = $1, lease_until = $3 where seq in (
            select o.seq from outbox o join channels c on c.id = o.channel_id join brands b on b.id = o.brand_id
            where o.state = 'queued' and o.next_at <= $2 and o.channel_id = $6 and c.state = 'active' and (c.quiet_until is null or c.quiet_until <= $2)
            and (o.by_rule is null or ($5 and b.bot_stopped_at is null and exists (select 1 from tickets t where t.id = o.ticket_id and t.bot = 'active' and t.assignee_id is null)))
            and not exists (select 1 from outbox e where e.thread_id = o.thread_id and e.seq < o.seq and e.state in ('held', 'queued', 'sending', 'retry_wait', 'unknown'))
            and not exists (select 1 from outbox f where f.thread_id = o.thread_id and f.state in ('sending', 'unknown'))
            order by o.seq limit $4) returning ", columns!()),
        postgres concat!("update outbox set state = 'sending', reason = null, why = null, attempt = attempt + 1, asked_at = coalesce(asked_at, $2), lease_by = $1, lease_until = $3 where seq in (
            select o.seq from outbox o join channels c on c.id = o.channel_id join brands b on b.id = o.brand_id
            where o.state = 'queued' and o.next_at <= $2 and o.channel_id = $6 and c.state = 'active' and (c.quiet_until is null or c.quiet_until <= $2)
            and (o.by_rule is null or ($5 and b.bot_stopped_at is null and exists (select 1 from tickets t where t.id = o.ticket_id and t.bot = 'active' and t.assignee_id is null)))
            and not exists (select 1 from outbox e where e.thread_id = o.thread_id and e.seq < o.seq and e.state in ('held', 'queued', 'sending', 'retry_wait', 'unknown'))
            and not exists (select 1 from outbox f where f.thread_id = o.thread_id and f.state in ('sending', 'unknown'))
            order by o.seq limit $4 for update of o skip locked) returning ", columns!()),
        node, now, lease_until, most, bots, channel)
}

/// Records how an attempt ended; false when the row is no longer ours to record (the lease ran
/// out, or its echo came first).
pub async fn record(
    tx: &mut Tx,
    row: &Row,
    node: AnyId,
    next: &Next,
    external_id: Option<&str>,
    now: At,
) -> Result<bool> {
    let next_at = next.at.unwrap_or(now);
    let resent = row.resent || next.reason == Some("resend");
    Ok(sql!(
        tx,
        run,
        "update outbox set state = $4, reason = $5, why = $6, next_at = $7, external_id = coalesce($8, external_id), resent = $9, lease_by = null, lease_until = null where id = $1 and brand_id = $2 and attempt = $10 and ((state = 'sending' and lease_by = $3) or state = 'unknown')",
        row.id,
        row.brand_id,
        node,
        next.state,
        next.reason,
        next.why.clone(),
        next_at,
        external_id,
        resent,
        row.attempt
    )? == 1)
}

/// A channel's rows whose outcome is unknown and whose time to look has come; the next look is put off
/// until `until`, so that no other node looks too.
pub async fn to_look_for(tx: &mut Tx, now: At, until: At, (channel, most): (ChannelId, i64)) -> Result<Vec<Row>> {
    sql!(tx, all Row,
        sqlite concat!("update outbox set looks = looks + 1, next_at = $2 where seq in (select seq from outbox where state = 'unknown' and next_at <= $1 and channel_id = $4 order by seq limit $3) returning ", columns!()),
        postgres concat!("update outbox set looks = looks + 1, next_at = $2 where seq in (select seq from outbox where state = 'unknown' and next_at <= $1 and channel_id = $4 order by seq limit $3 for update skip locked) returning ", columns!()),
        now, until, most, channel)
}

/// Attempts whose sender is gone: their lease ran out, or this very node held it before it was
/// started again. They may have left, so they are `unknown`; looked for once `settled`. At the
/// start, so is what somebody was looking for: looking twice does no harm.
pub async fn orphans(tx: &mut Tx, node: AnyId, starting: bool, now: At, settled: At) -> Result<Vec<Row>> {
    if starting {
        sql!(tx, run, "update outbox set next_at = $1 where state = 'unknown' and next_at > $1", settled)?;
        return sql!(tx, all Row, concat!("update outbox set state = 'unknown', next_at = $3, lease_by = null, lease_until = null where state = 'sending' and (lease_by = $1 or lease_until <= $2) returning ", columns!()), node, now, settled);
    }
    sql!(tx, all Row, concat!("update outbox set state = 'unknown', next_at = $2, lease_by = null, lease_until = null where state = 'sending' and lease_until <= $1 returning ", columns!()), now, settled)
}

/// One row.
pub async fn get(tx: &mut Tx, brand: BrandId, id: OutboundId) -> Result<Row> {
    sql!(tx, one Row, concat!("select ", columns!(), " from outbox where id = $1 and brand_id = $2"), id, brand)
}

/// The row of a reply's message; the newest, where moderation made several of one message.
pub async fn of_message(tx: &mut Tx, brand: BrandId, message: MessageId) -> Result<Option<Row>> {
    sql!(tx, maybe Row, concat!("select ", columns!(), " from outbox where brand_id = $1 and message_id = $2 order by seq desc limit 1"), brand, message)
}

/// Replies in a thread that are on their way or may be: candidates for an echo.
pub async fn in_flight(tx: &mut Tx, brand: BrandId, thread: ThreadId) -> Result<Vec<Row>> {
    sql!(tx, all Row, concat!("select ", columns!(), " from outbox where brand_id = $1 and thread_id = $2 and state in ('sending', 'unknown', 'needs_decision') order by seq"), brand, thread)
}

/// The same over a whole channel, for private replies whose conversation is not known yet.
pub async fn private_in_flight(tx: &mut Tx, brand: BrandId, channel: ChannelId) -> Result<Vec<Row>> {
    sql!(tx, all Row, concat!("select ", columns!(), " from outbox where brand_id = $1 and channel_id = $2 and action = 'reply_private' and state in ('sending', 'unknown', 'needs_decision') order by seq"), brand, channel)
}

/// A reply was seen at the network: whatever its sender comes to say, it is sent. False when that
/// was known already.
pub async fn arrived(tx: &mut Tx, brand: BrandId, id: OutboundId, external_id: Option<&str>) -> Result<bool> {
    Ok(sql!(
        tx,
        run,
        "update outbox set state = 'sent', reason = null, why = null, external_id = coalesce($3, external_id), lease_by = null, lease_until = null where id = $1 and brand_id = $2 and state in ('sending', 'unknown', 'needs_decision', 'retry_wait', 'queued', 'blocked')",
        id,
        brand,
        external_id
    )? == 1)
}

/// A reply the network had taken failed after all.
pub async fn failed(tx: &mut Tx, brand: BrandId, id: OutboundId, reason: &str, why: &str) -> Result<()> {
    sql!(
        tx,
        run,
        "update outbox set state = 'failed', reason = $3, why = $4, lease_by = null, lease_until = null where id = $1 and brand_id = $2 and state in ('sent', 'sending', 'unknown', 'needs_decision')",
        id,
        brand,
        reason,
        why
    )?;
    Ok(())
}

/// A person takes a reply back; false when it has left already.
pub async fn cancel(tx: &mut Tx, brand: BrandId, message: MessageId) -> Result<bool> {
    Ok(sql!(
        tx,
        run,
        "update outbox set state = 'cancelled' where brand_id = $1 and message_id = $2 and state in ('held', 'queued', 'retry_wait', 'blocked')",
        brand,
        message
    )? == 1)
}

/// A person decides about a reply of unknown outcome.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs to decide.
pub async fn decide(
    tx: &mut Tx,
    brand: BrandId,
    id: OutboundId,
    state: Delivery,
    now: At,
    not_after: At,
) -> Result<()> {
    let done = sql!(
        tx,
        run,
        "update outbox set state = $3, reason = null, why = null, next_at = $4, not_after = $5 where id = $1 and brand_id = $2 and state in ('needs_decision', 'failed', 'expired', 'blocked')",
        id,
        brand,
        state,
        now,
        not_after
    )?;
    if done == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Everything waiting on a channel is blocked: its login is no longer good.
pub async fn block(tx: &mut Tx, brand: BrandId, channel: ChannelId, reason: &str, why: &str) -> Result<Vec<Row>> {
    sql!(tx, all Row, concat!("update outbox set state = 'blocked', reason = $3, why = $4 where brand_id = $1 and channel_id = $2 and state in ('queued', 'retry_wait') returning ", columns!()), brand, channel, reason, why)
}

/// The channel can be used again.
pub async fn unblock(tx: &mut Tx, brand: BrandId, channel: ChannelId, now: At) -> Result<Vec<Row>> {
    sql!(tx, all Row, concat!("update outbox set state = 'queued', reason = null, why = null, next_at = $3 where brand_id = $1 and channel_id = $2 and state = 'blocked' returning ", columns!()), brand, channel, now)
}

/// Bot replies not yet on their way are taken back when the bot is stopped.
pub async fn cancel_bot(tx: &mut Tx, brand: BrandId) -> Result<Vec<Row>> {
    sql!(tx, all Row, concat!("update outbox set state = 'cancelled', reason = 'bot_stopped' where brand_id = $1 and by_rule is not null and state in ('held', 'queued', 'retry_wait', 'blocked') returning ", columns!()), brand)
}

/// The same for one entry: it may no longer answer by itself.
pub async fn cancel_entry(tx: &mut Tx, brand: BrandId, entry: &str) -> Result<Vec<Row>> {
    sql!(tx, all Row, concat!("update outbox set state = 'cancelled', reason = 'bot_stopped' where brand_id = $1 and by_rule = $2 and by_rule is not null and state in ('held', 'queued', 'retry_wait', 'blocked') returning ", columns!()), brand, entry)
}

/// The same for one ticket: a person leads there now, or the customer has written again.
pub async fn cancel_bot_of(tx: &mut Tx, brand: BrandId, ticket: TicketId, reason: &str) -> Result<Vec<Row>> {
    sql!(tx, all Row, concat!("update outbox set state = 'cancelled', reason = $3 where brand_id = $1 and ticket_id = $2 and by_rule is not null and state in ('held', 'queued', 'retry_wait', 'blocked') returning ", columns!()), brand, ticket, reason)
}

/// True when an automatic answer in this ticket has not left yet.
pub async fn bot_waits_in(tx: &mut Tx, brand: BrandId, ticket: TicketId) -> Result<bool> {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    Ok(sql!(tx, one Count, "select count(*) as n from outbox where brand_id = $1 and ticket_id = $2 and by_rule is not null and state in ('held', 'queued', 'retry_wait', 'blocked')", brand, ticket)?.n > 0)
}

/// The tickets where an automatic answer has not left yet, at every brand.
pub async fn bot_waiting(tx: &mut Tx) -> Result<Vec<TicketId>> {
    #[derive(sqlx::FromRow)]
    struct Waits {
        ticket_id: TicketId,
    }
    let all = sql!(tx, all Waits, "select ticket_id from outbox where by_rule is not null and state in ('held', 'queued', 'retry_wait', 'blocked') and ticket_id is not null")?;
    Ok(all.into_iter().map(|w| w.ticket_id).collect())
}

/// How many of a brand's automatic answers are being sent.
pub async fn bot_sending(tx: &mut Tx, brand: BrandId) -> Result<i64> {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    Ok(sql!(tx, one Count, "select count(*) as n from outbox where state = 'sending' and brand_id = $1 and by_rule is not null", brand)?.n)
}

/// How many replies of a channel failed for this reason since one was last taken.
pub async fn refused_in_a_row(tx: &mut Tx, brand: BrandId, channel: ChannelId, reason: &str) -> Result<i64> {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    Ok(sql!(tx, one Count, "select count(*) as n from outbox where state = 'failed' and brand_id = $1 and channel_id = $2 and reason = $3 and seq > coalesce((select max(seq) from outbox where state = 'sent' and brand_id = $1 and channel_id = $2), 0)", brand, channel, reason)?.n)
}

/// How many rows are in which state, and since when the oldest of them: for operators.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Gauge {
    /// The state.
    pub state: Delivery,
    /// How many.
    pub n: i64,
    /// The oldest.
    pub oldest: At,
}

/// The outbox at a glance, over all brands.
pub async fn gauges(tx: &mut Tx) -> Result<Vec<Gauge>> {
    sql!(tx, all Gauge, "select state, count(*) as n, min(created_at) as oldest from outbox where state in ('held', 'queued', 'sending', 'retry_wait', 'unknown', 'blocked', 'needs_decision') group by state")
}

/// When something in the outbox is due next, for the clockwork.
pub async fn next_due(tx: &mut Tx) -> Result<Option<At>> {
    #[derive(sqlx::FromRow)]
    struct Due {
        at: Option<At>,
    }
    Ok(sql!(tx, one Due, "select min(next_at) as at from outbox where state in ('held', 'queued', 'retry_wait', 'unknown')")?.at)
}

//! Files sent along with replies.

use super::{Result, Tx};
use crate::base::At;
use crate::base::id::{AgentId, BrandId, FileId, MessageId, TicketId};
use crate::desk::file::{Enclosed, File};
use crate::sql;

/// A file on its way in.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// What it is.
    pub file: File,
    /// At which brand.
    pub brand: BrandId,
    /// In which ticket.
    pub ticket: TicketId,
    /// Whose.
    pub agent: AgentId,
    /// After which others.
    pub place: i64,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// When.
    pub at: At,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: FileId,
    name: String,
    media_type: String,
    size: i64,
}

impl From<Row> for File {
    fn from(row: Row) -> File {
        let size = usize::try_from(row.size).unwrap_or(usize::MAX);
        File { id: row.id, name: row.name, media_type: row.media_type, size }
    }
}

/// Takes a file in.
pub async fn add(tx: &mut Tx, new: NewFile) -> Result<()> {
    sql!(
        tx,
        run,
        "insert into files (id, brand_id, ticket_id, agent_id, place, name, media_type, size, bytes, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        new.file.id,
        new.brand,
        new.ticket,
        new.agent,
        new.place,
        &new.file.name,
        &new.file.media_type,
        i64::try_from(new.file.size).unwrap_or(i64::MAX),
        new.bytes,
        new.at
    )?;
    Ok(())
}

/// Somebody's files in a ticket that were not sent yet, in the order they were chosen.
pub async fn waiting(tx: &mut Tx, brand: BrandId, ticket: TicketId, agent: AgentId) -> Result<Vec<File>> {
    let rows = sql!(tx, all Row, "select id, name, media_type, size from files where brand_id = $1 and ticket_id = $2 and agent_id = $3 and message_id is null order by place, id", brand, ticket, agent)?;
    Ok(rows.into_iter().map(File::from).collect())
}

/// Lets a file go that was not sent; false when there is none.
pub async fn drop(tx: &mut Tx, brand: BrandId, ticket: TicketId, agent: AgentId, id: FileId) -> Result<bool> {
    let gone = sql!(
        tx,
        run,
        "delete from files where brand_id = $1 and ticket_id = $2 and agent_id = $3 and id = $4 and message_id is null",
        brand,
        ticket,
        agent,
        id
    )?;
    Ok(gone > 0)
}

/// From now on a file goes with a message.
pub async fn send_with(tx: &mut Tx, brand: BrandId, id: FileId, message: MessageId) -> Result<()> {
    sql!(tx, run, "update files set message_id = $3 where brand_id = $1 and id = $2", brand, id, message)?;
    Ok(())
}

/// What was to go with a message waits again, as its writer's, in this ticket.
pub async fn take_back(tx: &mut Tx, brand: BrandId, message: MessageId, to: (TicketId, AgentId)) -> Result<()> {
    let (ticket, agent) = to;
    sql!(
        tx,
        run,
        "update files set message_id = null, ticket_id = $3, agent_id = $4 where brand_id = $1 and message_id = $2",
        brand,
        message,
        ticket,
        agent
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Whole {
    name: String,
    media_type: String,
    bytes: Vec<u8>,
}

impl From<Whole> for Enclosed {
    fn from(row: Whole) -> Enclosed {
        Enclosed { name: row.name, media_type: row.media_type, bytes: row.bytes }
    }
}

/// What goes with a message, with its bytes.
pub async fn with(tx: &mut Tx, brand: BrandId, message: MessageId) -> Result<Vec<Enclosed>> {
    let rows = sql!(tx, all Whole, "select name, media_type, bytes from files where brand_id = $1 and message_id = $2 order by place, id", brand, message)?;
    Ok(rows.into_iter().map(Enclosed::from).collect())
}

/// One file with its bytes; none when it was let go.
pub async fn get(tx: &mut Tx, brand: BrandId, id: FileId) -> Result<Option<Enclosed>> {
    let row =
        sql!(tx, maybe Whole, "select name, media_type, bytes from files where brand_id = $1 and id = $2", brand, id)?;
    Ok(row.map(Enclosed::from))
}

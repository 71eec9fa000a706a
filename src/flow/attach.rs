//! Files an agent chooses wait beside their draft until they are sent along with a reply, or let go.

use super::{House, Reason, Result};
use crate::base::id::{AgentId, BrandId, FileId, MessageId, TicketId};
use crate::base::text::clean_name;
use crate::desk::agent::Power;
use crate::desk::attachment::Attachment;
use crate::desk::file::{self, File, MOST_BYTES, NOTES_TAKE, Takes, Unfit};
use crate::desk::limits::Limits;
use crate::desk::message::Visibility;
use crate::desk::scope::Scope;
use crate::desk::ticket::Ticket;
use crate::store::files::{self, NewFile};
use crate::store::{Tx, tickets};

/// The most characters of a file's name.
const NAME: usize = 120;

/// A file as it comes from a form.
#[derive(Debug, Clone)]
pub struct Given {
    /// Its name there.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Takes files in, to wait beside what the agent writes in a ticket: all of them, or none.
///
/// # Errors
/// [`Reason`]: not allowed, none chosen, too many or too big for where the reply would go, a sort the
/// network does not take.
pub async fn attach(
    house: &House,
    scope: &Scope,
    ticket: TicketId,
    visibility: Visibility,
    given: Vec<Given>,
) -> Result<Vec<File>> {
    let now = house.now();
    let mut tx = house.db.write().await?;
    let ticket = tickets::get(&mut tx, scope, ticket).await?;
    let (brand, agent) = (ticket.brand_id, writer(scope, ticket.brand_id)?);
    if given.is_empty() {
        return Err(Reason::NoFile.into());
    }
    let takes = takes(&house.limits_of(&ticket), visibility).ok_or(Reason::FilesNotTaken)?;
    let mut all = files::waiting(&mut tx, brand, ticket.id, agent).await?;
    for Given { name, bytes } in given {
        let name = clean_name(&name).replace(['/', '\\'], "_");
        let name = name.trim_start_matches('.').chars().take(NAME).collect::<String>();
        let media_type = file::media_type(&name, &bytes);
        let file = File { id: house.given.id(), name, media_type, size: bytes.len() };
        all.push(file.clone());
        fits(&takes, &all, false)?;
        let place = i64::try_from(all.len()).unwrap_or(i64::MAX);
        files::add(&mut tx, NewFile { file, brand, ticket: ticket.id, agent, place, bytes, at: now }).await?;
    }
    tx.commit().await?;
    Ok(all)
}

/// Lets a file go that waits.
///
/// # Errors
/// [`Reason::NotAllowed`]; not found when it does not wait there, or is somebody else's.
pub async fn let_go(house: &House, scope: &Scope, ticket: TicketId, file: FileId) -> Result<()> {
    let mut tx = house.db.write().await?;
    let ticket = tickets::get(&mut tx, scope, ticket).await?;
    let agent = writer(scope, ticket.brand_id)?;
    if !files::drop(&mut tx, ticket.brand_id, ticket.id, agent, file).await? {
        return Err(crate::store::Error::NotFound.into());
    }
    Ok(tx.commit().await?)
}

fn writer(scope: &Scope, brand: BrandId) -> Result<AgentId> {
    Ok(scope.who().filter(|_| scope.may(brand, Power::Handle)).ok_or(Reason::NotAllowed)?)
}

/// What files go along with what is this visible; none: none at all.
pub fn takes(limits: &Limits, visibility: Visibility) -> Option<Takes> {
    match visibility {
        Visibility::Internal => Some(NOTES_TAKE),
        Visibility::Private => limits.files,
        Visibility::Public => None,
    }
}

fn fits(takes: &Takes, files: &[File], with_words: bool) -> Result<()> {
    takes.fits(files, with_words).map_err(|unfit| match unfit {
        Unfit::TooMany(n) => Reason::TooManyFiles.about(n.to_string()),
        Unfit::TooBig(name, most) => Reason::FileTooBig.about(format!("{name} > {}", most >> 20)),
        Unfit::TooBigTogether(most) => Reason::FilesTooBig.about((most >> 20).to_string()),
        Unfit::Sort(name) => Reason::FileSort.about(name),
        Unfit::NoWords(name) => Reason::FileWithoutWords.about(name),
    })
}

/// The files a reply names, of those that wait beside it.
///
/// # Errors
/// [`Reason`]: one of them is gone, they cannot go this way, or not with these words.
pub(super) async fn chosen(
    house: &House,
    tx: &mut Tx,
    ticket: &Ticket,
    agent: AgentId,
    (ids, text, visibility): (&[FileId], &str, Visibility),
) -> Result<Vec<File>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let takes = takes(&house.limits_of(ticket), visibility).ok_or(Reason::FilesNotTaken)?;
    let mut waiting = files::waiting(tx, ticket.brand_id, ticket.id, agent).await?;
    waiting.retain(|f| ids.contains(&f.id));
    if ids.iter().any(|id| waiting.iter().all(|f| f.id != *id)) {
        return Err(Reason::FileGone.into());
    }
    fits(&takes, &waiting, !text.is_empty())?;
    if let Some(words) = takes.words.filter(|w| w.count(text) > w.most) {
        return Err(Reason::TooLongBesideFile.about(format!("{} / {}", words.count(text), words.most)));
    }
    Ok(waiting)
}

/// Files as they stand in a message of ours.
pub(super) fn shown(files: &[File]) -> serde_json::Value {
    let one = |f: &File| Attachment::ours(file::kind(&f.media_type), f.id).titled(Some(&f.name));
    serde_json::to_value(files.iter().map(one).collect::<Vec<_>>()).unwrap_or_default()
}

/// Files go with a message from now on.
pub(super) async fn send_with(tx: &mut Tx, brand: BrandId, files: &[File], message: MessageId) -> Result<()> {
    for file in files {
        files::send_with(tx, brand, file.id, message).await?;
    }
    Ok(())
}

/// The most bytes a form with files may have: what fits one message, and its other fields.
pub const FORM: usize = MOST_BYTES * 2;

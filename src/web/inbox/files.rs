//! Files that go along with a reply: chosen in the composer, they wait there until it is sent.

use axum::extract::{Multipart, Path, RawQuery};
use axum::response::Response;
use serde::Deserialize;

use super::act::{back, comes_back};
use super::kept::{Writing, written};
use super::said::Did;
use crate::base::id::{FileId, TicketId};
use crate::desk::file::MOST_BYTES;
use crate::desk::message::Visibility;
use crate::flow::attach::{self, Given};
use crate::flow::{self, draft};
use crate::web::ask::{Form, Hand};
use crate::web::{Error, Result};

/// The composer with its files, as a form sends it.
#[derive(Default)]
struct Sent {
    text: String,
    visibility: Option<Visibility>,
    base: String,
    client_key: String,
    files: Vec<Given>,
}

impl Sent {
    /// Reads a form; fields it does not know are of no matter here.
    async fn read(mut form: Multipart) -> Result<Sent> {
        let bad = |e: axum::extract::multipart::MultipartError| match e.status().as_u16() {
            413 => Error::Refused(flow::Reason::FilesTooBig, Some((MOST_BYTES >> 20).to_string())),
            _ => Error::Bad(e.body_text()),
        };
        let mut sent = Sent::default();
        while let Some(field) = form.next_field().await.map_err(bad)? {
            match field.name().unwrap_or_default() {
                "files" => {
                    let name = field.file_name().unwrap_or_default().to_owned();
                    let bytes = field.bytes().await.map_err(bad)?.to_vec();
                    if !name.is_empty() {
                        sent.files.push(Given { name, bytes });
                    }
                }
                "text" => sent.text = field.text().await.map_err(bad)?,
                "base" => sent.base = field.text().await.map_err(bad)?,
                "client_key" => sent.client_key = field.text().await.map_err(bad)?,
                "visibility" => sent.visibility = field.text().await.map_err(bad)?.parse().ok(),
                _ => {}
            }
        }
        Ok(sent)
    }
}

/// Takes files in; what is written meanwhile is kept as the draft.
pub async fn attach(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    form: Multipart,
) -> Result<Response> {
    let Sent { text, visibility, base, client_key, files } = Sent::read(form).await?;
    let visibility = visibility.ok_or_else(|| Error::Bad("visibility is missing".into()))?;
    let (house, scope) = (&hand.web.house, &hand.known.scope);
    draft::keep(house, scope, written(id, (visibility, text.clone()), &base, client_key)).await?;
    match attach::attach(house, scope, id, visibility, files).await {
        Ok(_) => Ok(back(id, query, &Did::Attached.to_string())),
        Err(flow::Error::Refused(flow::Reason::NotAllowed, _)) => Err(Error::Forbidden),
        Err(flow::Error::Refused(reason, about)) => {
            comes_back(hand, id, &query.unwrap_or_default(), (text, visibility), (reason, about)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The composer as it stands, and the file to let go.
#[derive(Deserialize)]
pub struct LetGo {
    #[serde(flatten)]
    writing: Writing,
    file: FileId,
}

/// Lets a file go; what is written meanwhile is kept as the draft.
pub async fn let_go(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    Form(form): Form<LetGo>,
) -> Result<Response> {
    let (house, scope) = (&hand.web.house, &hand.known.scope);
    draft::keep(house, scope, form.writing.of(id)).await?;
    attach::let_go(house, scope, id, form.file).await?;
    Ok(back(id, query, &Did::LetGo.to_string()))
}

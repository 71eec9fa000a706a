//! An agent asks the outside model: what it gives stands in the composer, marked, beside what was
//! begun; nothing is sent.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::composer::Composer;
use super::{canned, show};
use crate::base::id::TicketId;
use crate::base::locale::{find, t};
use crate::flow::assist::{self, Help};
use crate::flow::{self, Reason};
use crate::store::tickets;
use crate::web::ask::{Form, Hand};
use crate::web::error::refusal;
use crate::web::{Error, Result};

/// What stands in the composer; the rest of its form is of no matter here.
#[derive(Deserialize)]
pub struct Begun {
    #[serde(default)]
    text: String,
    #[serde(default)]
    visibility: String,
}

/// Asks it.
pub async fn ask(
    hand: Hand,
    Path(id): Path<TicketId>,
    RawQuery(query): RawQuery,
    Form(form): Form<Begun>,
) -> Result<Response> {
    let lang = hand.lang;
    let helped = assist::help(&hand.web.house, &hand.known.scope, id).await;
    let mut desk = hand.read_again().await?;
    let (here, tx) = desk.parts();
    let ticket = tickets::get(tx, &here.known.scope, id).await?;
    let (given, note, error) = match helped {
        Ok((Help::Draft(text), model)) => (text, t(lang, "assist-drafted", &[("model", model.into())]), None),
        Ok((Help::Entry(path), model)) => {
            let text = canned::text_of(&mut desk, &ticket, &path, &form.visibility).await?;
            (text.unwrap_or_default(), t(lang, "assist-chose", &[("model", model.into())]), None)
        }
        Err(flow::Error::Refused(Reason::NotAllowed, _)) => return Err(Error::Forbidden),
        Err(flow::Error::Refused(Reason::AssistUnfit, why)) => {
            let why = find(lang, &format!("assist-unfit-{}", why.unwrap_or_default()), &[]);
            (String::new(), String::new(), Some(refusal(lang, Reason::AssistUnfit, why.as_deref())))
        }
        Err(flow::Error::Refused(reason, about)) => {
            (String::new(), String::new(), Some(refusal(lang, reason, about.as_deref())))
        }
        Err(other) => return Err(other.into()),
    };
    let begun = form.text.trim_end();
    let text =
        if begun.is_empty() || given.is_empty() { format!("{begun}{given}") } else { format!("{begun}\n\n{given}") };
    let failed = error.is_some();
    let composer = Composer::draft(text, form.visibility, error, false).outside(note);
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(desk, ticket, &query.unwrap_or_default(), composer, status).await?.into_response())
}

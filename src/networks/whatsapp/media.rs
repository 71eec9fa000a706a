//! Pictures and recordings, which have an id and no lasting address.

use super::super::meta;
use super::super::{Line, Network, Refused};
use super::Whatsapp;
use super::act::{ask, at};
use crate::base::fetch::Ask;
use crate::base::json::Reads;
use crate::desk::outbound::Refusal;

/// What came with a message: its id leads to an address that lives for five minutes and asks for our
/// token; it is called at Meta’s hosts only. Source: developers.facebook.com/docs/whatsapp/cloud-api/
/// reference/media; read 2026-11.
pub(super) async fn media(line: &Line<'_>, id: &str) -> Result<Vec<u8>, Refused> {
    let number = line.account.id.clone();
    let about = Ask::get(at(line, id)).query("phone_number_id", number);
    let body = meta::read(line, ask(line, about)?).await?;
    let url = body.text("url").ok_or_else(|| Refused::Later(None, "no address came back".into()))?;
    let host = url::Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_default();
    if !Whatsapp.shows_from(&line.account.settings, &host) {
        return Err(Refused::Never(Refusal::Invalid, format!("{host} is not Meta’s")));
    }
    let token = line.account.need("access_token").map_err(Refused::Reconnect)?;
    let answer = line.call(Ask::get(url).bearer(token)).await?;
    if answer.ok() {
        return Ok(answer.body);
    }
    Err(Refused::Later(None, format!("{host} answered {}", answer.status)))
}

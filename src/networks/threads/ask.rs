//! Asking for what a hook left out.

use super::super::{Line, Refused};
use super::act::read;
use super::at;
use super::read::{attachments, author};
use crate::base::fetch::Ask;
use crate::base::json::Reads;
use crate::desk::inbound::Wrote;

/// Asks for what a hook left out.
pub(super) async fn hydrate(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    let fields = "id,text,username,permalink,timestamp,media_type,media_url,children{media_type,media_url}";
    let body = read(line, Ask::get(at(line, &wrote.id)).query("fields", fields)).await?;
    let came = attachments(&body);
    Ok(Wrote {
        author: author(&body).or(wrote.author),
        text: body.text("text").map(str::to_owned).or(wrote.text),
        attachments: if wrote.attachments.is_empty() { came } else { wrote.attachments },
        ..wrote
    })
}

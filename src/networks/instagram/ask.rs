//! Asking for what a hook only named.

use super::super::meta::messaging::thread_of;
use super::super::{Line, Refused};
use super::act::{at, read};
use super::read::person;
use crate::base::fetch::Ask;
use crate::base::json::Reads;
use crate::desk::inbound::{Author, Post, Wrote};
use crate::desk::message::Kind;

/// Asks for what a hook only named.
pub(super) async fn hydrate(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    match wrote.kind {
        Kind::Dm => profile(line, wrote).await,
        Kind::Mention => mention(line, wrote).await,
        _ => comment(line, wrote).await,
    }
}

async fn profile(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    let Some(author) = wrote.author.clone() else { return Ok(wrote) };
    let ask = Ask::get(at(line, &author.id)).query("fields", "name,username");
    let body = read(line, ask).await?;
    let username = body.text("username");
    let named = Author {
        name: body.text("name").filter(|n| !n.trim().is_empty()).or(username).map(str::to_owned).or(author.name),
        handle: username.map(|u| format!("@{u}")).or(author.handle),
        id: author.id,
    };
    Ok(Wrote { thread: thread_of(&named.id), author: Some(named), ..wrote })
}

/// A mention is read through our own account; of its author only the name is told.
async fn mention(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    let (edge, fields) = match &wrote.post {
        Some(_) => (
            "mentioned_comment",
            format!("mentioned_comment.comment_id({}){{id,text,timestamp,username,media{{id}}}}", wrote.id),
        ),
        None => (
            "mentioned_media",
            format!("mentioned_media.media_id({}){{id,caption,username,permalink,media_type,timestamp}}", wrote.id),
        ),
    };
    let body = read(line, Ask::get(at(line, &line.account.id)).query("fields", fields)).await?;
    let told = &body[edge];
    let author = told.text("username").map(|u| person(format!("@{u}"), Some(u)));
    let text = told.text("text").or_else(|| told.text("caption"));
    Ok(Wrote { author: author.or(wrote.author), text: text.map(str::to_owned).or(wrote.text), ..wrote })
}

async fn comment(line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
    let fields = "id,text,timestamp,from,user,username,parent_id,hidden,media{id,permalink}";
    let body = read(line, Ask::get(at(line, &wrote.id)).query("fields", fields)).await?;
    let username = body["from"].text("username").or_else(|| body.text("username"));
    let id = body["from"].id("id").or_else(|| username.map(|u| format!("@{u}")));
    let author = id.map(|id| person(id, username));
    let own = author.as_ref().is_some_and(|a| a.id == line.account.id) || body["user"].id("id").is_some();
    let link = body["media"].text("permalink").map(str::to_owned);
    Ok(Wrote {
        own: wrote.own || own,
        author: author.or(wrote.author),
        text: body.text("text").map(str::to_owned).or(wrote.text),
        post: wrote.post.map(|p| Post { permalink: p.permalink.or(link), ..p }),
        ..wrote
    })
}

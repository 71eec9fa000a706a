//! Who wrote a mail, and where an answer goes.

use mail_parser::Address;

use super::machine::is_nobody;
use super::read::Mail;
use crate::desk::inbound::Author;

impl Mail<'_> {
    /// Who wrote, and where an answer goes.
    pub(super) fn author(&self, id: &str) -> (Author, Option<String>) {
        let from = self.parsed.from().and_then(first_of);
        let reply_to = self.parsed.reply_to().and_then(first_of).filter(|(_, a)| is_address(a));
        let sender = self.parsed.sender().and_then(first_of);
        // Groups put their own address in From and say here who wrote (seen of Google Groups).
        let original = self.headers.get("x-original-sender").map(str::to_lowercase).filter(|a| is_address(a));
        let written_by = |(name, address): (Option<String>, String)| is_address(&address).then_some((name, address));
        let from_name = from.as_ref().and_then(|(name, _)| name.clone());
        let mut who = from.clone().and_then(written_by);
        if let Some(original) = original {
            let name =
                from_name.clone().map(|n| n.split(" via ").next().unwrap_or_default().trim_matches('\'').to_owned());
            who = Some((name, original));
        }
        // Forms on web sites write as “noreply” and name the person as who is to be answered.
        if let (Some((_, address)), Some((name, reply))) = (&who, &reply_to)
            && is_nobody(address)
            && !is_nobody(reply)
        {
            who = Some((name.clone().or(from_name.clone()), reply.clone()));
        }
        let who = who.or_else(|| reply_to.clone()).or_else(|| sender.and_then(written_by));
        let Some((name, address)) = who else {
            let name = from_name.or_else(|| self.headers.get("from").and_then(comment));
            return (Author { id: format!("unknown:{id}"), name, handle: None }, None);
        };
        let answer_to = reply_to.map_or_else(|| address.clone(), |(_, a)| a);
        let id = address.to_lowercase();
        (Author { id: id.clone(), name, handle: Some(id) }, Some(answer_to))
    }
}

fn first_of(address: &Address<'_>) -> Option<(Option<String>, String)> {
    let found = address.iter().find(|a| a.address().is_some_and(is_address)).or_else(|| address.first())?;
    let name = found.name().map(|n| n.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|n| !n.is_empty());
    Some((name, found.address().unwrap_or_default().trim().to_owned()))
}

/// True for what can be written to: one `@`, something on both sides, nothing that could end a line.
pub(super) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let sound =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')');
    text.len() <= 254 && !local.is_empty() && !domain.is_empty() && !local.contains('@') && text.chars().all(sound)
}

/// What stands in brackets: `"" (Mail Delivery System)`.
fn comment(text: &str) -> Option<String> {
    let inside = text.split_once('(')?.1.split(')').next()?.trim();
    Some(inside.to_owned()).filter(|i| !i.is_empty())
}

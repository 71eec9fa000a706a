//! What was made of what the bot offered or said, beside the message; and changing it.

use serde::Serialize;

use super::Names;
use crate::base::id::MessageId;
use crate::base::locale::t;
use crate::desk::agent::Power;
use crate::desk::calibration::Judged;
use crate::store::judgments::Offered;
use crate::store::messages::Message;

/// What stands beside a message.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// Which entry, and whether it was offered or said.
    pub(super) told: String,
    /// What was made of it; empty while nobody has said.
    pub(super) judged: String,
    /// Whether that means that the bot was right.
    pub(super) right: Option<bool>,
    /// True when one may say so.
    pub(super) may: bool,
}

impl Names<'_> {
    /// What is to be said of a message: of the bot's own, and of a customer's once an offer about it
    /// was judged.
    pub(super) fn verdict(&self, m: &Message) -> Option<Verdict> {
        let said = |o: &&Offered| o.reply_id == Some(m.id);
        let offered = |o: &&Offered| o.message_id == m.id && o.reply_id.is_none();
        let found = self.offers.iter().find(said).or_else(|| self.offers.iter().find(offered))?;
        let key = if found.reply_id.is_some() { "judge-said" } else { "judge-offered" };
        let lang = self.hand.lang;
        let told = t(lang, key, &[("entry", self.entry_title(&found.entry).into())]);
        let words = |j: Judged| t(lang, &format!("judged-{}", j.as_str().replace('_', "-")), &[]);
        Some(Verdict {
            told,
            judged: found.judged.map(words).unwrap_or_default(),
            right: found.judged.and_then(Judged::is_right),
            may: self.hand.may(Power::Handle),
        })
    }
}

/// True where a verdict has to be shown among these messages.
pub(super) fn any(offers: &[Offered], shown: &[Message]) -> bool {
    let ids: Vec<MessageId> = shown.iter().map(|m| m.id).collect();
    offers.iter().any(|o| ids.contains(&o.message_id) || o.reply_id.is_some_and(|r| ids.contains(&r)))
}

//! What was written and what was done, in one line of time, with days and ways between them.

use serde::Serialize;
use serde_json::Value;

use super::Names;
use super::deeds::{Why, why_entry};
use super::judged::Verdict;
use super::marks::{Piece, marked};
use crate::base::locale::t;
use crate::base::{At, text};
use crate::desk::agent::Power;
use crate::desk::attachment::Attachment;
use crate::desk::delivery::Delivery;
use crate::desk::message::{Direction, Visibility};
use crate::desk::outbound::Action;
use crate::desk::quoting;
use crate::flow::moderate::is_possible;
use crate::store::events::Past;
use crate::store::messages::Message;
use crate::web::inbox::queue::{delivery, shown_name};
use crate::web::inbox::said::hold_left;
use crate::web::show::tint;

/// One line of the conversation.
#[derive(Debug, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Entry {
    /// Something written.
    Message(Box<Line>),
    /// A note.
    Note { by: String, time: String, full: String, text: String, id: String, key: String },
    /// Something done.
    Done { id: String, icon: &'static str, text: String, time: String, why: Option<Why> },
    /// A line across: a day, or the way from public to private.
    Across { id: String, icon: &'static str, text: String },
}

impl Entry {
    /// What the page calls it: stays the same however often it is rendered.
    pub(super) fn anchor(&self) -> String {
        match self {
            Entry::Message(line) => format!("m-{}", line.id),
            Entry::Note { id, .. } => format!("m-{id}"),
            Entry::Done { id, .. } | Entry::Across { id, .. } => id.clone(),
        }
    }
}

/// A message.
#[derive(Debug, Default, Serialize)]
pub struct Line {
    pub(super) id: String,
    pub(super) out: bool,
    pub(super) public: bool,
    pub(super) by: String,
    pub(super) handle: String,
    pub(super) initials: String,
    pub(super) tint: usize,
    pub(super) time: String,
    pub(super) full: String,
    pub(super) iso: String,
    pub(super) lang: String,
    /// The words, in pieces; marked ones are evidence.
    pub(super) text: Vec<Piece>,
    /// What a mail only repeats: its signature, the mail it answers.
    pub(super) repeated: String,
    pub(super) attachments: Vec<Attached>,
    pub(super) rating: Option<String>,
    pub(super) edited: Option<Vec<(String, String)>>,
    pub(super) deleted: bool,
    pub(super) hidden: bool,
    pub(super) liked: bool,
    pub(super) reactions: String,
    pub(super) delivery: Option<String>,
    pub(super) delivery_state: String,
    pub(super) delivery_why: Option<String>,
    pub(super) trouble: bool,
    pub(super) may_take_back: bool,
    pub(super) may_decide: bool,
    pub(super) may_send_again: bool,
    pub(super) bot: bool,
    /// Why the bot said it.
    pub(super) why: Option<Why>,
    /// What was made of what the bot offered about it, or of the bot's own words.
    pub(super) verdict: Option<Verdict>,
    pub(super) page: bool,
    pub(super) acts: Vec<(&'static str, &'static str, bool)>,
    pub(super) other_person: bool,
    /// For how many more milliseconds it is held back, so that it can be taken back.
    pub(super) left: Option<i64>,
    /// The key of the composer it was written in, where one wrote it oneself.
    pub(super) key: String,
}

/// An attachment as shown.
#[derive(Debug, Serialize)]
pub struct Attached {
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) href: Option<String>,
}

/// Messages and events in one line of time, with days and ways between them.
pub(super) fn line_up(names: &Names<'_>, lines: Vec<Message>, past: Vec<Past>, with_latest: bool) -> Vec<Entry> {
    let first = lines.first().map(|m| m.at);
    let mut items: Vec<(At, i64, Item)> = lines.into_iter().map(|m| (m.at, 0, Item::Message(Box::new(m)))).collect();
    let shown = past.into_iter().filter(|e| first.is_none_or(|f| e.at >= f || with_latest));
    items.extend(shown.map(|e| (e.at, e.seq, Item::Event(Box::new(e)))));
    items.sort_by_key(|(at, seq, _)| (*at, *seq));
    let mut out: Vec<Entry> = Vec::new();
    let (mut day, mut side) = (String::new(), None);
    for (at, _, item) in items {
        let entry = match item {
            Item::Event(e) => names.event(&e),
            Item::Message(m) => {
                let today = names.clock.day(at);
                if today != day {
                    out.push(Entry::Across {
                        id: format!("day-{}", names.clock.date(at)),
                        icon: "",
                        text: today.clone(),
                    });
                    day = today;
                }
                if m.visibility != Visibility::Internal {
                    if side == Some(Visibility::Public) && m.visibility == Visibility::Private {
                        let text = t(names.hand.lang, "goes-on-in-private", &[]);
                        out.push(Entry::Across { id: format!("p-{}", m.id), icon: "lock", text });
                    }
                    side = Some(m.visibility);
                }
                Some(names.message(*m))
            }
        };
        out.extend(entry);
    }
    out
}

enum Item {
    Message(Box<Message>),
    Event(Box<Past>),
}

impl Names<'_> {
    fn message(&self, m: Message) -> Entry {
        if m.visibility == Visibility::Internal {
            let (time, full) = (self.clock.hour(m.at), self.clock.full(m.at));
            let key = self.own_key(&m);
            return Entry::Note { by: m.author_name, time, full, text: m.text, id: m.id.to_string(), key };
        }
        let out = m.direction == Direction::Outbound;
        let public = m.visibility == Visibility::Public;
        let page = out && m.agent_id.is_none() && m.by_rule.is_none();
        let by = match (&m.author_name, &m.by_rule) {
            (_, Some(_)) => t(self.hand.lang, "the-bot", &[]),
            (name, None) if name.is_empty() => shown_name(self.hand, "", m.author_handle.as_deref()),
            (name, None) => name.clone(),
        };
        let no_marks = Vec::new();
        let marks = self.evidence.get(&m.id).unwrap_or(&no_marks);
        let versions: Vec<(String, String)> = m
            .versions
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|v| {
                let at = At::parse(v["at"].as_str()?).ok()?;
                Some((self.clock.full(at), v["text"].as_str()?.to_owned()))
            })
            .collect();
        let state = m.delivery;
        Entry::Message(Box::new(Line {
            id: m.id.to_string(),
            initials: text::initials(&by),
            tint: tint(&by),
            handle: m.author_handle.clone().unwrap_or_default(),
            time: self.clock.hour(m.at),
            full: self.clock.full(m.at),
            iso: m.at.to_string(),
            lang: m.language.clone().unwrap_or_default(),
            text: marked(quoting::said(m.kind, &m.text), marks),
            repeated: quoting::repeated(m.kind, &m.text).to_owned(),
            attachments: attached(&m),
            rating: m.rating.clone(),
            edited: m.edited_at.map(|_| versions),
            deleted: m.deleted_at.is_some(),
            hidden: m.hidden_at.is_some(),
            liked: m.liked_at.is_some(),
            reactions: reactions(&m.reactions),
            delivery: state.map(|d| delivery(self.hand.lang, d, m.delivery_reason.as_deref())),
            delivery_state: state.map(|d| d.to_string()).unwrap_or_default(),
            delivery_why: m.delivery_why.clone(),
            trouble: state.is_some_and(Delivery::is_trouble),
            may_take_back: self.hand.may(Power::Handle)
                && matches!(state, Some(Delivery::Held | Delivery::Queued | Delivery::RetryWait | Delivery::Blocked)),
            may_decide: self.hand.may(Power::Handle) && state == Some(Delivery::NeedsDecision),
            may_send_again: self.hand.may(Power::Handle)
                && matches!(state, Some(Delivery::NeedsDecision | Delivery::Failed | Delivery::Expired)),
            left: hold_left(self.hand, &m),
            key: self.own_key(&m),
            bot: m.by_rule.is_some(),
            why: m
                .by_rule
                .as_ref()
                .and_then(|_| why_entry(self.hand.lang, m.trace.clone(), &|path| self.entry_title(path))),
            verdict: self.verdict(&m),
            page,
            acts: self.acts(&m),
            other_person: !out && m.contact_id != Some(self.ticket.contact_id),
            out,
            public,
            by,
        }))
    }

    /// By this key the writer's browser knows that what it had begun was sent.
    fn own_key(&self, m: &Message) -> String {
        let own = m.agent_id == Some(self.hand.known.agent.id);
        m.client_key.clone().filter(|_| own).unwrap_or_default()
    }

    /// What may be done to a customer's public message: word, icon, whether it is already so.
    fn acts(&self, m: &Message) -> Vec<(&'static str, &'static str, bool)> {
        if m.direction == Direction::Outbound || m.visibility != Visibility::Public || m.deleted_at.is_some() {
            return Vec::new();
        }
        let mut acts = Vec::new();
        if self.hand.may(Power::Moderate) && is_possible(&self.limits, Action::Like) {
            acts.push((if m.liked_at.is_some() { "unlike" } else { "like" }, "heart", m.liked_at.is_some()));
        }
        if self.hand.may(Power::Moderate) && is_possible(&self.limits, Action::Hide) {
            let (act, icon) = if m.hidden_at.is_some() { ("unhide", "eye") } else { ("hide", "eye-off") };
            acts.push((act, icon, m.hidden_at.is_some()));
        }
        if self.hand.may(Power::Delete) && is_possible(&self.limits, Action::Delete) {
            acts.push(("delete", "trash-2", false));
        }
        acts
    }
}

fn attached(m: &Message) -> Vec<Attached> {
    let list: Vec<Attachment> = serde_json::from_value(m.attachments.clone()).unwrap_or_default();
    let one = |(n, a): (usize, Attachment)| Attached {
        href: (a.url.is_some() || a.external_id.is_some() || a.place().is_some())
            .then(|| format!("/media/{}/{n}", m.id)),
        kind: a.kind.to_string(),
        title: a.title.unwrap_or_default(),
    };
    list.into_iter().enumerate().map(one).collect()
}

/// `❤ 3 😢 1`.
fn reactions(list: &Value) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for reaction in list.as_array().into_iter().flatten().filter_map(|r| r["reaction"].as_str()) {
        let shown = match reaction {
            "like" => "👍",
            "love" => "❤️",
            "haha" => "😆",
            "wow" => "😮",
            "sad" => "😢",
            "angry" => "😡",
            "care" => "🤗",
            other => other,
        };
        match counts.iter_mut().find(|(r, _)| r == shown) {
            Some((_, n)) => *n += 1,
            None => counts.push((shown.to_owned(), 1)),
        }
    }
    counts.into_iter().map(|(r, n)| format!("{r} {n}")).collect::<Vec<_>>().join("  ")
}

//! The conversation: what was written in the thread and its private sequel, what was done to the
//! ticket, in one line of time; with the words marked that led to automatic acts.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use serde_json::Value;

use super::asked::Asked;
use super::queue::{delivery, kind, shown_name};
use crate::base::id::{AgentId, MessageId, TeamId};
use crate::base::locale::t;
use crate::base::{At, text};
use crate::desk::agent::Power;
use crate::desk::attachment::Attachment;
use crate::desk::delivery::Delivery;
use crate::desk::event::EventKind;
use crate::desk::message::{Direction, Visibility};
use crate::desk::outbound::Action;
use crate::desk::ticket::{State, Ticket};
use crate::desk::trace::{Matched, Trace};
use crate::flow::moderate::is_possible;
use crate::store::events::{self, Past};
use crate::store::messages::{self, Message};
use crate::store::{Tx, agents, channels, contacts, posts, teams, threads, tickets};
use crate::web::Result;
use crate::web::ask::{Desk, Hand};
use crate::web::show::{Clockface, tint};

/// The conversation pane.
#[derive(Debug, Serialize)]
pub struct Conversation {
    id: String,
    number: i64,
    name: String,
    network: String,
    channel: String,
    kind_label: String,
    state: String,
    state_label: String,
    resolved: bool,
    sla: String,
    sla_class: &'static str,
    assignee: Option<(String, usize, String)>,
    mine: bool,
    team: Option<String>,
    priority: String,
    tail: String,
    back: String,
    post: Option<PostBar>,
    entries: Vec<Entry>,
    earlier: Option<String>,
    /// A channel that cannot send now: why, in words.
    ill: Option<String>,
    may_handle: bool,
    colleagues: Vec<(String, String, bool)>,
    teams: Vec<(String, String, bool)>,
    stages: Vec<(String, String, usize, bool)>,
    priorities: Vec<(String, String, bool)>,
    snooze_problem: bool,
    merged: Vec<(String, String)>,
}

/// The publication above a thread.
#[derive(Debug, Serialize)]
pub struct PostBar {
    text: String,
    about: String,
    href: Option<String>,
    gone: bool,
}

/// One line of the conversation.
#[derive(Debug, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Entry {
    /// Something written.
    Message(Box<Line>),
    /// A note.
    Note { by: String, time: String, full: String, text: String, id: String },
    /// Something done.
    Done { icon: &'static str, text: String, time: String, why: Option<Why> },
    /// A line across: a day, or the way from public to private.
    Across { icon: &'static str, text: String },
}

/// Why something automatic was done.
#[derive(Debug, Clone, Serialize)]
pub struct Why {
    rule: String,
    version: String,
    signals: Vec<String>,
    score: Option<String>,
}

/// A message.
#[derive(Debug, Default, Serialize)]
pub struct Line {
    id: String,
    out: bool,
    public: bool,
    by: String,
    handle: String,
    initials: String,
    tint: usize,
    time: String,
    full: String,
    iso: String,
    lang: String,
    /// The words, in pieces; marked ones are evidence.
    text: Vec<Piece>,
    attachments: Vec<Attached>,
    rating: Option<String>,
    edited: Option<Vec<(String, String)>>,
    deleted: bool,
    hidden: bool,
    liked: bool,
    reactions: String,
    delivery: Option<String>,
    delivery_state: String,
    delivery_why: Option<String>,
    trouble: bool,
    may_take_back: bool,
    may_decide: bool,
    may_send_again: bool,
    bot: bool,
    page: bool,
    acts: Vec<(&'static str, &'static str, bool)>,
    other_person: bool,
}

/// Some words of a message.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    text: String,
    why: Option<String>,
}

/// An attachment as shown.
#[derive(Debug, Serialize)]
pub struct Attached {
    kind: String,
    title: String,
    href: Option<String>,
}

/// Cuts a text into pieces at the evidence.
pub fn marked(text: &str, evidence: &[Matched]) -> Vec<Piece> {
    let chars: Vec<char> = text.chars().collect();
    let mut marks: Vec<&Matched> =
        evidence.iter().filter(|m| m.field == "text" && m.start < m.end && m.end <= chars.len()).collect();
    marks.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end)));
    let (mut pieces, mut at) = (Vec::new(), 0);
    let cut = |from: usize, to: usize| chars[from..to].iter().collect::<String>();
    for m in marks.into_iter() {
        if m.start < at || cut(m.start, m.end) != m.text {
            continue;
        }
        if m.start > at {
            pieces.push(Piece { text: cut(at, m.start), why: None });
        }
        pieces.push(Piece { text: m.text.clone(), why: Some(m.why.clone()) });
        at = m.end;
    }
    if at < chars.len() {
        pieces.push(Piece { text: cut(at, chars.len()), why: None });
    }
    pieces
}

/// What is looked up once for a whole conversation.
struct Names<'a> {
    hand: &'a Hand,
    clock: Clockface,
    agents: HashMap<AgentId, String>,
    teams: HashMap<String, String>,
    evidence: HashMap<MessageId, Vec<Matched>>,
    limits: crate::desk::limits::Limits,
    ticket: &'a Ticket,
}

/// A label as shown: the words the rules use have names, others are people's own.
pub fn label_name(lang: crate::base::Lang, label: &str) -> String {
    crate::base::locale::find(lang, &format!("label-{label}"), &[]).unwrap_or_else(|| label.to_owned())
}

/// A team's name: its own, or the interface's word for the first teams.
pub fn team_name(hand: &Hand, slug: &str, own: Option<&str>) -> String {
    let known = || crate::base::locale::find(hand.lang, &format!("team-{slug}"), &[]);
    own.map(str::to_owned).or_else(known).unwrap_or_else(|| slug.to_owned())
}

/// Reads the conversation of a ticket.
///
/// # Errors
/// As the database reports.
pub async fn read(desk: &mut Desk, ticket: &Ticket, asked: &Asked) -> Result<Conversation> {
    let (hand, tx) = desk.parts();
    let brand = ticket.brand_id;
    let channel = channels::get(tx, &hand.known.scope, ticket.channel_id).await?;
    let contact = contacts::get(tx, &hand.known.scope, ticket.contact_id).await?;
    let handles = contacts::identities(tx, brand, contact.id).await?;
    let thread = threads::get(tx, brand, ticket.thread_id).await?;
    let past = events::of_ticket(tx, brand, ticket.id).await?;
    let team_rows = teams::all(tx, brand).await?;
    let colleagues = agents::colleagues(tx, brand).await?;
    let network = hand.web.house.network(&channel.network);
    let names = Names {
        hand,
        clock: hand.clockface(),
        agents: colleagues.iter().map(|c| (c.id, c.name.clone())).collect(),
        teams: team_rows.iter().map(|t| (t.slug.clone(), team_name(hand, &t.slug, t.name.as_deref()))).collect(),
        evidence: evidence(&past),
        limits: network.map(|n| n.limits()).unwrap_or_default(),
        ticket,
    };
    let before = asked.before.unwrap_or(At(i64::MAX));
    let (lines, earlier) = written(tx, ticket, before).await?;
    let entries = line_up(&names, lines, past, asked.before.is_none());
    let post = match thread.post_id {
        Some(id) => Some(post_bar(&names, posts::get(tx, brand, id).await?, &channel.network)),
        None => None,
    };
    let handle = handles.iter().find(|i| i.network == ticket.network).and_then(|i| i.handle.as_deref());
    let (sla, sla_class) = ticket.sla_due_at.map_or((String::new(), ""), |due| names.clock.due(due));
    let team_of = |id: Option<TeamId>| team_rows.iter().find(|t| Some(t.id) == id);
    let assignee =
        ticket.assignee_id.and_then(|a| names.agents.get(&a)).map(|n| (text::initials(n), tint(n), n.clone()));
    let words = |key: String| t(hand.lang, &key, &[]);
    let merged = crate::store::merges::into(tx, brand, crate::base::id::AnyId(ticket.id.0)).await?;
    Ok(Conversation {
        id: ticket.id.to_string(),
        number: ticket.number,
        name: shown_name(hand, &contact.name, handle),
        network: ticket.network.clone(),
        channel: channel.name.clone(),
        kind_label: kind(hand.lang, ticket.kind, ticket.visibility).1,
        state: ticket.state.to_string(),
        state_label: words(format!("state-{}", ticket.state)),
        resolved: ticket.state == State::Resolved,
        sla,
        sla_class,
        mine: ticket.assignee_id == Some(hand.known.agent.id),
        assignee,
        team: team_of(ticket.team_id).map(|t| names.teams[&t.slug].clone()),
        priority: ticket.priority.to_string(),
        tail: asked.tail(),
        back: asked.here(&[]),
        post,
        earlier: earlier.map(|at| {
            let tail = asked.tail();
            let mark = if tail.is_empty() { "?" } else { "&" };
            format!("/tickets/{}{tail}{mark}before={}", ticket.id, at.0)
        }),
        entries,
        ill: ill(hand, &channel),
        may_handle: hand.may(Power::Handle),
        colleagues: colleagues
            .iter()
            .filter(|c| c.disabled_at.is_none())
            .map(|c| (c.id.to_string(), c.name.clone(), ticket.assignee_id == Some(c.id)))
            .collect(),
        teams: team_rows
            .iter()
            .map(|t| (t.id.to_string(), names.teams[&t.slug].clone(), ticket.team_id == Some(t.id)))
            .collect(),
        stages: crate::desk::stage::Stage::ALL
            .iter()
            .map(|s| (s.to_string(), words(format!("stage-{s}")), s.rank(), *s == ticket.stage))
            .collect(),
        priorities: crate::desk::ticket::Priority::ALL
            .iter()
            .map(|p| (p.to_string(), words(format!("priority-{p}")), *p == ticket.priority))
            .collect(),
        snooze_problem: false,
        merged: merged
            .into_iter()
            .filter(|m| m.kind == "ticket")
            .map(|m| (m.id.to_string(), names.clock.short(m.at)))
            .collect(),
    })
}

fn ill(hand: &Hand, channel: &crate::desk::channel::Channel) -> Option<String> {
    use crate::desk::channel::ChannelState;
    let key = match channel.state {
        ChannelState::Active if channel.quiet_until.is_some_and(|q| q > hand.now) => "channel-quiet",
        ChannelState::Active => return None,
        ChannelState::Paused => "channel-paused",
        ChannelState::NeedsReauth => "channel-needs_reauth",
    };
    Some(t(hand.lang, key, &[("name", channel.name.clone().into())]))
}

/// Messages shown at once.
const SHOWN: i64 = 50;

/// What was written in the ticket's thread, in its sequel or in what it continues, and whether
/// there is more before.
async fn written(tx: &mut Tx, ticket: &Ticket, before: At) -> Result<(Vec<Message>, Option<At>)> {
    let brand = ticket.brand_id;
    let mut all = messages::of_thread(tx, brand, ticket.thread_id, before, SHOWN).await?;
    let earlier = (all.len() as i64 == SHOWN).then(|| all.first().map(|m| m.at)).flatten();
    let from = all.first().map_or(At(0), |m| m.at);
    all.extend(messages::of_ticket(tx, brand, ticket.id).await?);
    let mut linked = tickets::sequels(tx, brand, ticket.id).await?;
    if let Some(public) = ticket.continues {
        linked.push(tickets::get(tx, &crate::desk::scope::Scope::house(brand), public).await?);
    }
    for other in linked {
        all.extend(messages::of_ticket(tx, brand, other.id).await?.into_iter().filter(|m| m.at < before));
    }
    // What belongs to the page's earlier part is shown there, unless all of it fits here.
    let cut = if earlier.is_some() { from } else { At(0) };
    all.retain(|m| m.at >= cut && m.at < before);
    let mut seen = HashSet::new();
    all.retain(|m| seen.insert(m.id));
    all.sort_by_key(|m| (m.at, m.id));
    Ok((all, earlier))
}

/// The marks of every message that a rule acted upon.
fn evidence(past: &[Past]) -> HashMap<MessageId, Vec<Matched>> {
    let mut out: HashMap<MessageId, Vec<Matched>> = HashMap::new();
    for event in past {
        let trace: Option<Trace> = event.trace.clone().and_then(|t| serde_json::from_value(t).ok());
        if let (Some(id), Some(trace)) = (event.message_id, trace) {
            out.entry(id).or_default().extend(trace.matched);
        }
    }
    out
}

fn post_bar(names: &Names<'_>, post: posts::Post, network: &str) -> PostBar {
    let name = names.hand.web.house.network(network).map_or(network, |n| n.card().name);
    let when = post.published_at.map(|at| names.clock.short(at));
    let key = if post.own == Some(true) { "post-ours" } else { "post-theirs" };
    let args = [("network", name.to_owned().into()), ("when", when.unwrap_or_default().into())];
    PostBar {
        text: post.text.as_deref().map(|t| text::excerpt(t, 90)).unwrap_or_default(),
        about: t(names.hand.lang, key, &args).trim().to_owned(),
        href: post.permalink.filter(|p| p.starts_with("https://")),
        gone: post.deleted_at.is_some(),
    }
}

/// Messages and events in one line of time, with days and ways between them.
fn line_up(names: &Names<'_>, lines: Vec<Message>, past: Vec<Past>, with_latest: bool) -> Vec<Entry> {
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
                    out.push(Entry::Across { icon: "", text: today.clone() });
                    day = today;
                }
                if m.visibility != Visibility::Internal {
                    if side == Some(Visibility::Public) && m.visibility == Visibility::Private {
                        out.push(Entry::Across { icon: "lock", text: t(names.hand.lang, "goes-on-in-private", &[]) });
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
            return Entry::Note { by: m.author_name, time, full, text: m.text, id: m.id.to_string() };
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
            text: marked(&m.text, marks),
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
            bot: m.by_rule.is_some(),
            page,
            acts: self.acts(&m),
            other_person: !out && m.contact_id != Some(self.ticket.contact_id),
            out,
            public,
            by,
        }))
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

    fn who(&self, e: &Past) -> String {
        let words = |key: &str| t(self.hand.lang, key, &[]);
        match e.actor_kind.as_str() {
            "agent" => {
                let id = e.actor.as_deref().and_then(|a| a.parse::<AgentId>().ok());
                id.and_then(|a| self.agents.get(&a).cloned()).unwrap_or_else(|| words("a-colleague"))
            }
            "rule" => t(self.hand.lang, "the-rule", &[("rule", self.rule_title(e).into())]),
            _ => words("guichet-itself"),
        }
    }

    /// What the rule behind an event is called by people.
    fn rule_title(&self, e: &Past) -> String {
        let id = e.actor.clone().unwrap_or_default();
        let rules = self.hand.web.house.rules.rules();
        let title = rules.iter().find(|r| r.id == id).and_then(|r| r.title.get(self.hand.lang.as_str()));
        title.cloned().unwrap_or(id)
    }

    /// What is worth a line in the conversation; most events show on the message itself.
    fn event(&self, e: &Past) -> Option<Entry> {
        let lang = self.hand.lang;
        let who = self.who(e);
        let text_of = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let team = |slug: &Value| {
            let slug = text_of(slug);
            self.teams.get(&slug).cloned().unwrap_or(slug)
        };
        let (icon, text) = match e.kind {
            EventKind::Escalated => {
                let args = [
                    ("who", who.into()),
                    ("team", team(&e.data["team"]).into()),
                    ("reason", text_of(&e.data["reason"]).into()),
                ];
                let mut line = t(lang, "did-escalate", &args);
                if let Some(summary) = e.data["summary"].as_str().filter(|s| !s.is_empty()) {
                    line = format!("{line} — {summary}");
                }
                ("split", line)
            }
            EventKind::Staged => {
                let stage = t(lang, &format!("stage-{}", text_of(&e.data["to"])), &[]);
                ("signpost", t(lang, "did-stage", &[("who", who.into()), ("stage", stage.into())]))
            }
            EventKind::Assigned if e.data.get("assignee").is_some() => {
                let to = e.data["assignee"]
                    .as_str()
                    .and_then(|a| a.parse::<AgentId>().ok())
                    .and_then(|a| self.agents.get(&a).cloned());
                match to {
                    Some(to) => ("user", t(lang, "did-assign", &[("who", who.into()), ("to", to.into())])),
                    None => ("user", t(lang, "did-unassign", &[("who", who.into())])),
                }
            }
            EventKind::Assigned if e.actor_kind == "agent" => {
                ("users", t(lang, "did-team", &[("who", who.into()), ("team", team(&e.data["team"]).into())]))
            }
            EventKind::TicketChanged => return self.changed(e, who),
            EventKind::Merged => (
                "corner-down-right",
                t(
                    lang,
                    "did-merge",
                    &[
                        ("who", who.into()),
                        ("number", e.data["ticket"].as_i64().unwrap_or(0).into()),
                        ("into", e.data["into"].as_i64().unwrap_or(0).into()),
                    ],
                ),
            ),
            EventKind::Unmerged => ("corner-down-left", t(lang, "did-unmerge", &[("who", who.into())])),
            _ => return None,
        };
        Some(Entry::Done { icon, text, time: self.clock.hour(e.at), why: self.why(e) })
    }

    fn changed(&self, e: &Past, who: String) -> Option<Entry> {
        let lang = self.hand.lang;
        let word = |key: &str| e.data[key].as_str().unwrap_or_default().to_owned();
        let (icon, text) = if let Some(state) = e.data["state"].as_str() {
            let icon = if state == "resolved" { "check-check" } else { "rotate-cw" };
            let until = e.data["until"]
                .as_str()
                .and_then(|u| At::parse(u).ok())
                .map(|u| self.clock.full(u))
                .unwrap_or_default();
            (icon, t(lang, &format!("did-{state}"), &[("who", who.into()), ("until", until.into())]))
        } else if e.data.get("priority").is_some() {
            let priority = t(lang, &format!("priority-{}", word("priority")), &[]);
            ("arrow-up", t(lang, "did-priority", &[("who", who.into()), ("priority", priority.into())]))
        } else if e.data.get("reopened").is_some() {
            ("rotate-cw", t(lang, "did-reopen-unsent", &[]))
        } else if e.data.get("label").is_some() {
            let label = label_name(lang, &word("label"));
            ("tag", t(lang, "did-label", &[("who", who.into()), ("label", label.into())]))
        } else if e.data.get("bot").is_some() {
            ("bot", t(lang, "did-silence-bot", &[("who", who.into())]))
        } else if e.data.get("moderated").is_some() {
            ("eye-off", t(lang, &format!("did-moderate-{}", word("moderated")), &[("who", who.into())]))
        } else {
            return None;
        };
        Some(Entry::Done { icon, text, time: self.clock.hour(e.at), why: self.why(e) })
    }

    fn why(&self, e: &Past) -> Option<Why> {
        let trace: Trace = serde_json::from_value(e.trace.clone()?).ok()?;
        let shown = |m: &Matched| if m.text.is_empty() { m.why.clone() } else { format!("« {} » {}", m.text, m.why) };
        let score = trace.score.zip(trace.threshold).map(|(s, t)| format!("{s} / {t}"));
        Some(Why {
            rule: trace.rule,
            version: trace.version,
            signals: trace.matched.iter().map(shown).collect(),
            score,
        })
    }
}

fn attached(m: &Message) -> Vec<Attached> {
    let list: Vec<Attachment> = serde_json::from_value(m.attachments.clone()).unwrap_or_default();
    let one = |(n, a): (usize, Attachment)| Attached {
        kind: a.kind.to_string(),
        title: a.title.unwrap_or_default(),
        href: a.url.map(|_| format!("/media/{}/{n}", m.id)),
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

impl Conversation {
    /// For trying the template.
    pub fn sample() -> Conversation {
        let why = Why {
            rule: "hot-to-sales".into(),
            version: "1a2b".into(),
            signals: vec!["« combien » asks-price +2".into()],
            score: Some("3 / 3".into()),
        };
        let said = |out, text: &str| Line {
            id: "0".into(),
            out,
            public: true,
            by: "Camille".into(),
            initials: "C".into(),
            tint: 1,
            time: "11:38".into(),
            full: "21 nov. 2026, 11:38".into(),
            iso: "2026-11-21T10:38:00Z".into(),
            lang: "fr".into(),
            text: vec![
                Piece { text: text.into(), why: None },
                Piece { text: "<script>".into(), why: Some("x +1".into()) },
            ],
            attachments: vec![
                Attached { kind: "image".into(), title: String::new(), href: Some("/media/0/0".into()) },
                Attached { kind: "file".into(), title: "suivi.png".into(), href: None },
            ],
            rating: Some("positive".into()),
            edited: Some(vec![("avant".into(), "ancien".into())]),
            deleted: !out,
            hidden: !out,
            liked: !out,
            reactions: "❤️ 2".into(),
            delivery: out.then(|| "Échec · fenêtre fermée".into()),
            delivery_state: "failed".into(),
            delivery_why: out.then(|| "outside of allowed window (10/2018278)".into()),
            trouble: out,
            may_take_back: out,
            may_decide: out,
            may_send_again: out,
            bot: out,
            page: out,
            acts: vec![("like", "heart", false), ("delete", "trash-2", false)],
            other_person: !out,
            handle: "@camille".into(),
        };
        Conversation {
            id: "0".into(),
            number: 12,
            name: "Camille Roussel".into(),
            network: "facebook".into(),
            channel: "Aubépine".into(),
            kind_label: "Commentaire".into(),
            state: "open".into(),
            state_label: "Ouverte".into(),
            resolved: false,
            sla: "8 min".into(),
            sla_class: "soon",
            assignee: Some(("SL".into(), 2, "Sarah".into())),
            mine: true,
            team: Some("Support".into()),
            priority: "high".into(),
            tail: "?in=mine".into(),
            back: "/inbox/mine".into(),
            post: Some(PostBar {
                text: "Petit Loup est de retour".into(),
                about: "Publication Facebook".into(),
                href: Some("https://x".into()),
                gone: true,
            }),
            entries: vec![
                Entry::Across { icon: "", text: "aujourd’hui".into() },
                Entry::Message(Box::new(said(false, "Bonjour "))),
                Entry::Done { icon: "split", text: "Transférée".into(), time: "11:39".into(), why: Some(why) },
                Entry::Message(Box::new(said(true, "Bonjour "))),
                Entry::Note {
                    by: "Karim".into(),
                    time: "11:52".into(),
                    full: "21 nov.".into(),
                    text: "Vu".into(),
                    id: "0".into(),
                },
            ],
            earlier: Some("/tickets/0?before=1".into()),
            ill: Some("Facebook demande une reconnexion".into()),
            may_handle: true,
            colleagues: vec![("0".into(), "Sarah".into(), true)],
            teams: vec![("0".into(), "Support".into(), true)],
            stages: vec![("customer".into(), "Client".into(), 4, true)],
            priorities: vec![("high".into(), "Haute".into(), true)],
            snooze_problem: true,
            merged: vec![("0".into(), "12 nov.".into())],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(start: usize, end: usize, text: &str) -> Matched {
        Matched { field: "text".into(), text: text.into(), start, end, why: "x".into() }
    }

    #[test]
    fn evidence_cuts_the_text_where_it_stands() {
        let pieces = marked("C’est combien ? 👋", &[evidence(0, 13, "C’est combien"), evidence(6, 13, "combien")]);
        assert_eq!(pieces.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), ["C’est combien", " ? 👋"]);
        // Evidence for a text that has been edited since marks nothing.
        assert_eq!(marked("autre chose", &[evidence(0, 5, "prix?")]).len(), 1);
        assert!(marked("", &[]).is_empty());
    }
}

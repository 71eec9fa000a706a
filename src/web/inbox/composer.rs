//! The composer: to whom, how much, how long, what stands in the way, and what was begun before.

use serde::Serialize;

use super::matter::Matter;
use crate::base::locale::{find, t};
use crate::desk::agent::Power;
use crate::desk::assist::May;
use crate::desk::bot::answers_at;
use crate::desk::explain::{Told, sentences};
use crate::desk::file::{File, Takes};
use crate::desk::limits::{Length, Limits, Unit, Window};
use crate::desk::message::Visibility;
use crate::desk::ticket::Ticket;
use crate::desk::trace::Trace;
use crate::flow::{self, attach, bot, reply};
use crate::store::Tx;
use crate::store::assists::{self, Assist};
use crate::store::drafts::{self, Draft};
use crate::store::files;
use crate::store::messages::Message;
use crate::web::Result;
use crate::web::ask::{Desk, Hand};
use crate::web::error::refusal;
use crate::web::show::size;

/// The composer.
#[derive(Debug, Default, Serialize)]
pub struct Composer {
    /// The ticket it writes in.
    pub ticket: String,
    /// What is in it.
    pub text: String,
    /// Public, private or note.
    pub mode: String,
    /// True when the text is no draft: it came back, or was picked from the library.
    held: bool,
    /// True when the text was picked from the library.
    #[serde(skip)]
    picked: bool,
    /// Why it came back.
    pub error: Option<String>,
    /// True when it came back because of somebody's personal data.
    personal: bool,
    /// True when its writer may publish it all the same.
    may_expose: bool,
    modes: Vec<Mode>,
    /// The files that will go along.
    files: Vec<Waiting>,
    /// Their ids, with blanks between them.
    along: String,
    /// True when files go along at least one way.
    takes: bool,
    /// Made before the first sending, so that one click is one reply.
    key: String,
    /// The hour at the server, in milliseconds: browsers' clocks differ.
    now: i64,
    /// The ticket to go on with when this one is resolved.
    next: String,
    /// What the bot would answer.
    offer: Option<Suggestion>,
    /// What the outside model may do, where there is one.
    assist: Option<String>,
    /// What an outside model did for the text; empty: nothing.
    outside: String,
    /// True when the time to answer is over, and a text the network has approved may be sent.
    approved: bool,
}

/// An entry the bot offers.
#[derive(Debug, Default, Serialize)]
struct Suggestion {
    path: String,
    title: String,
    /// The customer's words it goes by.
    words: Vec<String>,
    /// The example they are like.
    like: String,
    /// How near, of what was needed to answer by itself.
    score: String,
    /// Why it did not answer by itself.
    because: String,
    /// The whole of it, in sentences.
    sentences: Vec<String>,
    /// The other entries that came near: place and title.
    others: Vec<(String, String)>,
}

/// A file that waits to go along.
#[derive(Debug, Default, Serialize)]
struct Waiting {
    id: String,
    name: String,
    /// `1,2 Mo`
    size: String,
}

impl Waiting {
    fn of(hand: &Hand, file: &File) -> Waiting {
        let (id, name) = (file.id.to_string(), file.name.clone());
        Waiting { id, name, size: size(hand.lang, file.size) }
    }
}

/// One way to answer.
#[derive(Debug, Default, Serialize)]
struct Mode {
    word: &'static str,
    icon: &'static str,
    label: String,
    button: String,
    /// The most that is accepted, counted the network's way; 0: no limit.
    most: usize,
    /// That way.
    unit: &'static str,
    /// Why it cannot be chosen.
    closed: Option<String>,
    /// Until when.
    window: Option<String>,
    /// How long that is, in milliseconds.
    left: Option<i64>,
    current: bool,
    /// What files go along: what the browser offers to choose from, empty for any; none: none at all.
    accept: Option<String>,
    /// What was begun here and not sent.
    draft: String,
    /// Its version; empty when there is none.
    version: String,
    /// What another device had begun.
    previous: Option<String>,
    /// When.
    previous_when: String,
}

impl Composer {
    /// What a form that came back still holds.
    pub fn draft(text: String, mode: String, error: Option<String>, personal: bool) -> Composer {
        Composer { text, mode, error, personal, ..Composer::default() }
    }

    /// With what an outside model did for the text.
    pub fn outside(self, note: String) -> Composer {
        Composer { outside: note, ..self }
    }

    /// With a canned reply beside what was begun, which it never replaces.
    pub fn picked(text: String, mode: String) -> Composer {
        Composer { text, mode, picked: true, ..Composer::default() }
    }

    /// With the ticket to go on with when this one is resolved.
    pub fn then(self, next: String) -> Composer {
        Composer { next, ..self }
    }

    /// For trying the template.
    pub fn sample() -> Composer {
        let mode = |word, closed: Option<&str>| Mode {
            word,
            icon: "lock",
            label: "Privé".into(),
            button: "Envoyer en privé".into(),
            most: 2000,
            unit: "utf16",
            closed: closed.map(str::to_owned),
            window: Some("jusqu’à 12:12".into()),
            left: Some(60_000),
            current: closed.is_none(),
            accept: Some("image/png".into()),
            draft: "Bonjour".into(),
            version: "1".into(),
            previous: Some("Bonsoir <b>".into()),
            previous_when: "21 nov. 2026, 11:38".into(),
        };
        Composer {
            ticket: "0".into(),
            text: "Bonjour".into(),
            held: true,
            picked: false,
            mode: "private".into(),
            error: Some("Trop long".into()),
            personal: true,
            may_expose: true,
            modes: vec![mode("public", Some("fermé")), mode("private", None)],
            files: vec![Waiting { id: "f".into(), name: "facture <b>.pdf".into(), size: "12 ko".into() }],
            along: "f".into(),
            takes: true,
            key: "k".into(),
            now: 0,
            next: "2".into(),
            offer: Some(Suggestion {
                path: "delivery/order-status".into(),
                title: "Où est ma commande ?".into(),
                words: vec!["toujours".into(), "rien reçu".into()],
                like: "je n’ai toujours rien reçu".into(),
                score: "62 / 78".into(),
                because: "pas assez sûr".into(),
                sentences: vec!["Le robot propose « Où est ma commande ? » à l’agent.".into()],
                others: vec![("delivery/delay".into(), "Délais".into())],
            }),
            assist: Some("draft".into()),
            outside: "Brouillon d’un modèle extérieur".into(),
            approved: true,
        }
    }
}

/// What the bot offers about the customer's last message, if it offers anything.
async fn offered(hand: &Hand, tx: &mut Tx, ticket: &Ticket, last: Option<&Message>) -> Result<Option<Suggestion>> {
    let Some(last) = last else { return Ok(None) };
    let Some(thought) = bot::turn::offer(tx, ticket.brand_id, last.id).await? else { return Ok(None) };
    let library = hand.web.house.library(tx, ticket.brand_id).await?;
    let title = |path: &str| library.get(path).map(|e| e.title(hand.lang.as_str()).to_owned());
    let Some((path, name)) = thought.entry.clone().and_then(|p| Some((title(&p)?, p))).map(|(t, p)| (p, t)) else {
        return Ok(None);
    };
    let trace: Trace = serde_json::from_value(thought.trace.clone()).unwrap_or_default();
    let told = Told {
        decision: thought.decision,
        entry: thought.entry.as_deref(),
        because: thought.because.as_deref(),
        trace: &trace,
        done: true,
    };
    let sentences = sentences(hand.lang, &told, &|path| title(path).unwrap_or_else(|| path.to_owned()));
    let percent = |score: f64| (score * 100.0).round();
    let because = thought.because.clone().unwrap_or_default();
    let others: Vec<String> = serde_json::from_value(thought.others).unwrap_or_default();
    Ok(Some(Suggestion {
        sentences,
        path,
        title: name,
        like: trace.matched.first().map(|m| m.why.clone()).unwrap_or_default(),
        score: trace.score.map(|s| format!("{} / {}", percent(s), percent(answers_at(&trace)))).unwrap_or_default(),
        words: trace.matched.into_iter().map(|m| m.text).collect(),
        because: find(hand.lang, &format!("bot-because-{}", because.replace('_', "-")), &[]).unwrap_or(because),
        others: others.into_iter().filter_map(|p| Some((title(&p)?, p))).map(|(t, p)| (p, t)).collect(),
    }))
}

/// Reads what the composer of a ticket offers; `came_back` is what a form that came back still
/// holds.
///
/// # Errors
/// As the database reports.
pub async fn read(desk: &mut Desk, ticket: &Ticket, came_back: Composer, matter: &Matter) -> Result<Composer> {
    let (hand, tx) = desk.parts();
    let limits = hand.web.house.limits_of(ticket);
    let Matter { thread, last, .. } = matter;
    let offer = if hand.may(Power::Handle) { offered(hand, tx, ticket, last.as_ref()).await? } else { None };
    let model = if hand.may(Power::Handle) { assists::of_brand(tx, ticket.brand_id).await? } else { None };
    let useful = |a: &Assist| a.may == May::Draft || (a.may == May::Choose && offer.is_some());
    let assist = model.filter(useful).map(|a| a.may.to_string());
    let begun = drafts::of_ticket(tx, ticket.brand_id, ticket.id, hand.known.agent.id).await?;
    let mut modes = Vec::new();
    let mut approved = false;
    for (visibility, icon) in [(Visibility::Public, "globe"), (Visibility::Private, "lock")] {
        if visibility == Visibility::Public && thread.visibility == Visibility::Private {
            continue;
        }
        let mut mode = Mode::of(hand, (visibility, icon), &limits, &begun);
        match reply::way_to(tx, ticket, thread, &limits, visibility, last.clone(), hand.now).await {
            Ok(way) => {
                approved |= limits.approved && matches!(way.window, Window::Closed(_)) && hand.may(Power::Handle);
                mode.goes(hand, way.length, way.window);
            }
            Err(flow::Error::Refused(reason, about)) => {
                mode.closed = Some(refusal(hand.lang, reason, about.as_deref()));
            }
            Err(other) => return Err(other.into()),
        }
        modes.push(mode);
    }
    modes.push(Mode::of(hand, (Visibility::Internal, "sticky-note"), &limits, &begun));
    // What was begun goes on; else as visible as what the customer wrote last. If that way is open.
    // A reply before a note: the customer waits for one of them only.
    let written = || begun.iter().filter(|d| !d.text.is_empty());
    let newest = written().find(|d| d.mode != Visibility::Internal).or_else(|| written().next());
    let newest = newest.map(|d| d.mode.as_str());
    let usual = || newest.or(last.as_ref().map(|m| m.visibility.as_str())).unwrap_or("private").to_owned();
    let wanted = if came_back.mode.is_empty() { usual() } else { came_back.mode.clone() };
    let chosen = modes.iter().position(|m| m.word == wanted && m.closed.is_none());
    let chosen = chosen.or_else(|| modes.iter().position(|m| m.closed.is_none()));
    if let Some(mode) = chosen.and_then(|i| modes.get_mut(i)) {
        mode.current = true;
    }
    let waiting = files::waiting(tx, ticket.brand_id, ticket.id, hand.known.agent.id).await?;
    let current = modes.iter().find(|m| m.current);
    let held = came_back.error.is_some() || !came_back.text.is_empty();
    let begun = current.map(|m| m.draft.clone()).unwrap_or_default();
    let text = match held {
        true if came_back.picked && !begun.is_empty() => format!("{begun}\n\n{}", came_back.text),
        true => came_back.text,
        false => begun,
    };
    Ok(Composer {
        ticket: ticket.id.to_string(),
        mode: current.map(|m| m.word.to_owned()).unwrap_or_default(),
        key: hand.web.house.given.id::<crate::base::id::AnyId>().to_string(),
        now: hand.now.millis(),
        may_expose: hand.may(Power::Expose),
        text,
        held,
        picked: false,
        error: came_back.error,
        personal: came_back.personal,
        next: String::new(),
        outside: came_back.outside,
        assist,
        offer,
        approved,
        takes: modes.iter().any(|m| m.accept.is_some() && m.closed.is_none()),
        along: waiting.iter().map(|f| f.id.to_string()).collect::<Vec<_>>().join(" "),
        files: waiting.iter().map(|f| Waiting::of(hand, f)).collect(),
        modes,
    })
}

/// What a browser offers to choose from.
fn accept(takes: Takes) -> String {
    takes.sorts.iter().flat_map(|s| s.types).copied().collect::<Vec<_>>().join(",")
}

impl Mode {
    /// A way to answer, with what was begun in it.
    fn of(hand: &Hand, (visibility, icon): (Visibility, &'static str), limits: &Limits, begun: &[Draft]) -> Mode {
        let words = |key: String| t(hand.lang, &key, &[]);
        let draft = begun.iter().find(|d| d.mode == visibility);
        let when = draft.and_then(|d| d.previous_at).map(|at| hand.clockface().full(at));
        Mode {
            word: visibility.as_str(),
            accept: attach::takes(limits, visibility).map(accept),
            icon,
            label: words(format!("mode-{visibility}")),
            button: words(format!("send-{visibility}")),
            unit: Unit::Utf16.as_str(),
            draft: draft.map(|d| d.text.clone()).unwrap_or_default(),
            version: draft.map(|d| d.updated_at.0.to_string()).unwrap_or_default(),
            previous: draft.and_then(|d| d.previous.clone()),
            previous_when: when.unwrap_or_default(),
            ..Mode::default()
        }
    }

    /// It goes that far, and until then.
    fn goes(&mut self, hand: &Hand, length: Length, window: Window) {
        (self.most, self.unit) = (length.most, length.unit.as_str());
        match window {
            Window::Closed(_) => self.closed = Some(t(hand.lang, "refused-window-closed", &[])),
            Window::Until(until) | Window::HumanUntil(until) => {
                let when = hand.clockface().full(until);
                self.window = Some(t(hand.lang, "window-until", &[("when", when.into())]));
                self.left = i64::try_from(until.since(hand.now).as_millis()).ok();
            }
            Window::Always => {}
        }
    }
}

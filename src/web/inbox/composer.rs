//! The composer: to whom, how much, how long, and what stands in the way.

use serde::Serialize;

use crate::base::locale::t;
use crate::desk::agent::Power;
use crate::desk::limits::Window;
use crate::desk::message::Visibility;
use crate::desk::ticket::Ticket;
use crate::flow::{self, reply};
use crate::store::{messages, threads};
use crate::web::Result;
use crate::web::ask::Desk;
use crate::web::error::refusal;

/// The composer.
#[derive(Debug, Default, Serialize)]
pub struct Composer {
    /// The ticket it writes in.
    pub ticket: String,
    /// What is in it.
    pub text: String,
    /// Public, private or note.
    pub mode: String,
    /// Why it came back.
    pub error: Option<String>,
    modes: Vec<Mode>,
    /// Made before the first sending, so that one click is one reply.
    key: String,
    may_handle: bool,
}

/// One way to answer.
#[derive(Debug, Serialize)]
struct Mode {
    word: &'static str,
    icon: &'static str,
    label: String,
    button: String,
    /// The most characters, counted the network's way.
    most: usize,
    /// Why it cannot be chosen.
    closed: Option<String>,
    /// Until when.
    window: Option<String>,
    current: bool,
}

impl Composer {
    /// What a form that came back still holds.
    pub fn draft(text: String, mode: String, error: Option<String>) -> Composer {
        Composer { text, mode, error, ..Composer::default() }
    }

    /// For trying the template.
    pub fn sample() -> Composer {
        let mode = |word, closed: Option<&str>| Mode {
            word,
            icon: "lock",
            label: "Privé".into(),
            button: "Envoyer en privé".into(),
            most: 2000,
            closed: closed.map(str::to_owned),
            window: Some("jusqu’à 12:12".into()),
            current: closed.is_none(),
        };
        Composer {
            ticket: "0".into(),
            text: "Bonjour".into(),
            mode: "private".into(),
            error: Some("Trop long".into()),
            modes: vec![mode("public", Some("fermé")), mode("private", None)],
            key: "k".into(),
            may_handle: true,
        }
    }
}

/// Reads what the composer of a ticket offers; `draft` is what a form that came back still holds.
///
/// # Errors
/// As the database reports.
pub async fn read(desk: &mut Desk, ticket: &Ticket, draft: Composer) -> Result<Composer> {
    let (hand, tx) = desk.parts();
    let limits = hand.web.house.network(&ticket.network).map(crate::networks::Network::limits).unwrap_or_default();
    let thread = threads::get(tx, ticket.brand_id, ticket.thread_id).await?;
    let last = messages::last_inbound(tx, ticket.brand_id, ticket.id).await?;
    let words = |key: String| t(hand.lang, &key, &[]);
    let mut modes = Vec::new();
    for (visibility, icon) in [(Visibility::Public, "globe"), (Visibility::Private, "lock")] {
        if visibility == Visibility::Public && thread.visibility == Visibility::Private {
            continue;
        }
        let mut mode = Mode {
            word: visibility.as_str(),
            icon,
            label: words(format!("mode-{visibility}")),
            button: words(format!("send-{visibility}")),
            most: 0,
            closed: None,
            window: None,
            current: false,
        };
        match reply::way(tx, ticket, &thread, &limits, visibility, None, hand.now).await {
            Ok(way) => {
                mode.most = way.length.most;
                match way.window {
                    Window::Closed(_) => mode.closed = Some(words("refused-window-closed".into())),
                    Window::Until(until) | Window::HumanUntil(until) => {
                        mode.window =
                            Some(t(hand.lang, "window-until", &[("when", hand.clockface().full(until).into())]));
                    }
                    Window::Always => {}
                }
            }
            Err(flow::Error::Refused(reason, about)) => {
                mode.closed = Some(refusal(hand.lang, reason, about.as_deref()));
            }
            Err(other) => return Err(other.into()),
        }
        modes.push(mode);
    }
    modes.push(Mode {
        word: "internal",
        icon: "sticky-note",
        label: words("mode-internal".into()),
        button: words("send-internal".into()),
        most: 0,
        closed: None,
        window: None,
        current: false,
    });
    // As visible as what the customer wrote last, if that way is open.
    let wanted =
        if draft.mode.is_empty() { last.map_or("private", |m| m.visibility.as_str()).to_owned() } else { draft.mode };
    let open = |m: &&mut Mode| m.closed.is_none();
    let chosen = modes.iter().position(|m| m.word == wanted && m.closed.is_none());
    match chosen {
        Some(i) => modes[i].current = true,
        None => {
            if let Some(first) = modes.iter_mut().find(open) {
                first.current = true;
            }
        }
    }
    Ok(Composer {
        ticket: ticket.id.to_string(),
        mode: modes.iter().find(|m| m.current).map(|m| m.word.to_owned()).unwrap_or_default(),
        key: hand.web.house.given.id::<crate::base::id::AnyId>().to_string(),
        may_handle: hand.may(Power::Handle),
        text: draft.text,
        error: draft.error,
        modes,
    })
}

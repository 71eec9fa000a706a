//! What came in and could not be read: kept with its bytes, to be read again after a mend.

use axum::extract::Path;
use axum::response::Redirect;
use serde::Serialize;

use crate::base::id::AnyId;
use crate::desk::agent::Power;
use crate::desk::inbound::InboundState;
use crate::flow::intake;
use crate::store::{deliveries, inbound};
use crate::web::Result;
use crate::web::ask::{Desk, Hand};
use crate::web::page::{Page, View};

/// The troubles page.
#[derive(Debug, Serialize)]
pub struct TroublesView {
    bodies: Vec<Trouble>,
    elements: Vec<Trouble>,
}

/// One of them.
#[derive(Debug, Serialize)]
struct Trouble {
    id: String,
    why: String,
    when: String,
    bytes: i64,
}

impl View for TroublesView {
    const FILE: &'static str = "settings/troubles.html";
    fn samples() -> Vec<TroublesView> {
        let one = || Trouble { id: "0".into(), why: "not readable as JSON".into(), when: "12:04".into(), bytes: 812 };
        vec![
            TroublesView { bodies: vec![one()], elements: vec![one()] },
            TroublesView { bodies: Vec::new(), elements: Vec::new() },
        ]
    }
}

/// What could not be read at this brand.
pub async fn list(mut desk: Desk) -> Result<Page> {
    desk.needs(Power::Mend)?;
    let (hand, tx) = desk.parts();
    let clock = hand.clockface();
    let bodies = deliveries::quarantined(tx, hand.brand.id, 100).await?;
    let elements = inbound::in_state(tx, hand.brand.id, InboundState::Quarantined, 100).await?;
    let view = TroublesView {
        bodies: bodies
            .into_iter()
            .map(|b| Trouble {
                id: b.id.to_string(),
                why: b.error.unwrap_or_default(),
                when: clock.full(b.received_at),
                bytes: b.bytes,
            })
            .collect(),
        elements: elements
            .into_iter()
            .map(|e| Trouble {
                id: e.id.to_string(),
                why: e.reason.unwrap_or_default(),
                when: clock.full(e.created_at),
                bytes: 0,
            })
            .collect(),
    };
    desk.show("settings", &view)
}

/// Reads one of them again.
pub async fn replay(hand: Hand, Path(id): Path<AnyId>) -> Result<Redirect> {
    hand.needs(Power::Mend)?;
    intake::replay(&hand.web.house, hand.brand.id, id).await?;
    Ok(Redirect::to("/settings/troubles"))
}

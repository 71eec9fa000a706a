//! What stands around every page of the studio: its tabs, what is live, what is tried, what is being
//! changed.

use serde::Serialize;

use crate::desk::agent::Power;
use crate::desk::release::{Reach, Standing};
use crate::store::studio::{changes, releases};
use crate::web::Result;
use crate::web::ask::Desk;

/// A page of the studio.
#[derive(Debug, Clone, Copy)]
pub struct Tab {
    /// What its views call it.
    pub name: &'static str,
    /// Its address.
    pub path: &'static str,
    /// What it is called: a key of the interface's words.
    pub words: &'static str,
}

/// The pages, in the order they are shown in; a new page adds its line.
pub const TABS: &[Tab] = &[
    Tab { name: "rules", path: "/bot", words: "bot-tab-rules" },
    Tab { name: "replay", path: "/bot/replay", words: "bot-tab-replay" },
    Tab { name: "versions", path: "/bot/versions", words: "bot-tab-versions" },
    Tab { name: "missed", path: "/bot/missed", words: "bot-tab-missed" },
    Tab { name: "coverage", path: "/bot/coverage", words: "bot-tab-coverage" },
    Tab { name: "report", path: "/bot/report", words: "bot-tab-report" },
];

/// What stands around a page of the studio.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    /// Address, words, and true for the one that is open.
    tabs: Vec<(&'static str, &'static str, bool)>,
    /// The number of what is live.
    pub live: i64,
    /// For how long it has been.
    live_for: Option<String>,
    /// The number the draft would get.
    pub next: i64,
    /// How many entries the draft changes.
    pub changes: usize,
    /// The release before this one.
    before: Option<i64>,
    /// What is on trial.
    trial: Option<OnTrial>,
    /// True for those who may write.
    pub may_write: bool,
    may_roll: bool,
}

/// A release on trial.
#[derive(Debug, Clone, Serialize)]
struct OnTrial {
    number: i64,
    reach: Reach,
    /// Until when; none once it has ended.
    until: Option<String>,
}

impl Frame {
    /// The frame around the page of this name.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn of(desk: &mut Desk, tab: &str) -> Result<Frame> {
        let (hand, tx) = desk.parts();
        let (brand, clock) = (hand.brand.id, hand.clockface());
        let all = releases::all(tx, brand).await?;
        let live = all.iter().find(|r| r.standing == Standing::Live);
        let number = live.map_or(1, |r| r.number);
        let trial = all.iter().find(|r| r.standing == Standing::Trial).map(|r| OnTrial {
            number: r.number,
            reach: r.reach,
            until: r.ends_at.filter(|end| hand.now < *end).map(|end| clock.full(end)),
        });
        let before = |r: &&releases::Release| r.number < number && r.reach == Reach::All;
        Ok(Frame {
            live: number,
            live_for: live.map(|r| clock.ago(r.since)),
            next: all.first().map_or(1, |r| r.number) + 1,
            changes: changes::all(tx, brand).await?.len(),
            before: all.iter().find(before).map(|r| r.number),
            trial,
            may_write: hand.may(Power::Write),
            may_roll: hand.may(Power::StopBot),
            ..Frame::sample(tab)
        })
    }

    /// A frame with nothing read, for trying templates.
    pub fn sample(tab: &str) -> Frame {
        Frame {
            tabs: TABS.iter().map(|t| (t.path, t.words, t.name == tab)).collect(),
            live: 14,
            live_for: Some("9 j".into()),
            next: 15,
            changes: 1,
            before: Some(13),
            trial: Some(OnTrial { number: 15, reach: Reach::Tenth, until: Some("demain".into()) }),
            may_write: true,
            may_roll: true,
        }
    }
}

//! The column of views, with their counts.

use std::collections::BTreeMap;

use serde::Serialize;

use super::asked::{Asked, Which};
use crate::base::Lang;
use crate::base::locale::t;
use crate::desk::channel::Health;
use crate::desk::stage::Stage;
use crate::store::channels;
use crate::web::Result;
use crate::web::ask::Desk;
use crate::web::ill::{self, Ill};
use crate::web::show;

/// The column of views.
#[derive(Debug, Default, Serialize)]
pub struct Views {
    queue: Vec<Link>,
    stages: Vec<Link>,
    channels: Vec<Link>,
    /// What is the matter with channels, for all who work here to see.
    ill: Vec<Ill>,
}

/// The most that stand above the queue: a network that is down is down for many.
const MOST_ILL: usize = 3;

/// One view.
#[derive(Debug, Serialize)]
pub struct Link {
    href: String,
    label: String,
    count: Option<usize>,
    current: bool,
    /// An icon's name, a stage's rank or a network's slug, whichever stands before it.
    icon: &'static str,
    rank: usize,
    network: String,
    /// Counts that press.
    hot: bool,
    /// What is the matter with a channel.
    ill: Option<String>,
}

fn link(label: String, href: String, icon: &'static str, count: Option<usize>, current: bool) -> Link {
    Link { href, label, count, current, icon, rank: 0, network: String::new(), hot: false, ill: None }
}

impl Views {
    /// What the counts say, by the address of their view.
    pub fn figures(&self, lang: Lang) -> BTreeMap<String, String> {
        let all = self.queue.iter().chain(&self.stages).chain(&self.channels);
        let number = |n: usize| show::number(lang, i64::try_from(n).unwrap_or(i64::MAX));
        all.filter_map(|l| Some((l.href.clone(), number(l.count?)))).collect()
    }

    /// For trying the template.
    pub fn sample() -> Views {
        let one = |icon| link("À traiter".into(), "/inbox/todo".into(), icon, Some(38), true);
        Views {
            queue: vec![one("inbox"), Link { hot: true, ..one("clock-alert") }],
            stages: vec![Link { rank: 3, current: false, ..one("") }],
            channels: vec![Link {
                network: "facebook".into(),
                ill: Some("Ne répond pas".into()),
                current: false,
                ..one("")
            }],
            ill: vec![Ill::sample(Health::Unreachable)],
        }
    }
}

/// Reads the views of the brand looked at.
///
/// # Errors
/// As the database reports.
pub async fn read(desk: &mut Desk, asked: &Asked) -> Result<Views> {
    let (hand, tx) = desk.parts();
    let n = hand.web.counts.numbers(hand.brand.id, hand.known.agent.id, hand.now);
    let bare = asked.stage.is_none() && asked.channel.is_none();
    let queue = Which::ALL.iter().map(|view| {
        let (icon, count) = match view {
            Which::Todo => ("inbox", Some(n.todo)),
            Which::Mine => ("user", Some(n.mine)),
            Which::Unassigned => ("user-plus", Some(n.unassigned)),
            Which::Waiting => ("clock", Some(n.waiting)),
            Which::Snoozed => ("timer-reset", Some(n.snoozed)),
            Which::Open => ("rows-3", Some(n.open)),
            Which::Resolved => ("check-check", None),
        };
        let label = t(hand.lang, &format!("view-{view}"), &[]);
        link(label, format!("/inbox/{view}"), icon, count, asked.view == *view && bare)
    });
    let stages = Stage::ALL.iter().map(|stage| {
        let label = t(hand.lang, &format!("stage-{stage}"), &[]);
        let current = asked.stage == Some(*stage);
        let count = Some(n.stages[stage.rank() - 1]);
        Link { rank: stage.rank(), ..link(label, format!("/inbox/open?stage={stage}"), "", count, current) }
    });
    let mut troubles: Vec<Ill> = Vec::new();
    let channels = channels::of_brand(tx, hand.brand.id).await?.into_iter().map(|c| {
        let count = Some(n.channels.get(&c.id).copied().unwrap_or(0));
        let current = asked.channel == Some(c.id);
        let is_meant = asked.channel.is_none_or(|id| id == c.id);
        let ill = ill::of(hand, &c);
        // Whoever paused a channel knows.
        troubles.extend(ill.clone().filter(|i| is_meant && i.health != Health::Paused.as_str()));
        let ill = ill.map(|i| i.text);
        Link { network: c.network, ill, ..link(c.name, format!("/inbox/open?channel={}", c.id), "", count, current) }
    });
    let channels = channels.collect();
    troubles.truncate(MOST_ILL);
    Ok(Views { queue: queue.collect(), stages: stages.collect(), channels, ill: troubles })
}

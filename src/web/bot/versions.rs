//! Versions: what was published when, to whom and why, what differs, what a trial showed, and the way
//! back.

use axum::extract::{Path, Query};
use serde::{Deserialize, Serialize};

use super::Frame;
use super::shown::Shown;
use crate::base::locale::t;
use crate::base::text::excerpt;
use crate::desk::release::{Did, Manifest, Reach, Standing};
use crate::desk::replay::{Bucket, Buckets};
use crate::desk::studio::diff::{Line, around, diff};
use crate::flow::studio::draft;
use crate::store::studio::{releases, trials};
use crate::store::{Tx, agents};
use crate::web::ask::Desk;
use crate::web::page::{Page, View};
use crate::web::{Error, Result};

/// Every release.
#[derive(Debug, Serialize)]
pub struct VersionsView {
    frame: Frame,
    said: Option<String>,
    trial: Option<Figures>,
    releases: Vec<Release>,
    acts: Vec<(Did, i64, String, String)>,
}

/// What a trial showed.
#[derive(Debug, Serialize)]
struct Figures {
    number: i64,
    n: usize,
    heard: usize,
    buckets: Vec<(Bucket, usize)>,
    differing: Vec<Differs>,
}

/// A message a trial thought otherwise about.
#[derive(Debug, Serialize)]
struct Differs {
    ticket: String,
    text: String,
    bucket: Bucket,
    heard: bool,
    live: Shown,
    tried: Shown,
    at: String,
}

/// One release.
#[derive(Debug, Serialize)]
struct Release {
    number: i64,
    standing: Standing,
    reach: Reach,
    why: String,
    by: Option<String>,
    agreed: Option<String>,
    at: String,
    may_roll: bool,
}

/// An entry's file in two versions.
#[derive(Debug, Serialize)]
pub struct Diff {
    path: String,
    by: Option<String>,
    at: String,
    lines: Vec<Line>,
}

/// What differs in a file; unchanged lines only beside changes.
pub fn diff_of(path: &str, before: Option<&str>, after: Option<&str>, by: Option<String>, at: String) -> Diff {
    let lines = diff(before.unwrap_or_default(), after.unwrap_or_default());
    Diff { path: path.to_owned(), by, at, lines: around(&lines, 2) }
}

impl Diff {
    /// One to try templates with.
    pub fn sample() -> Diff {
        diff_of("delivery/late", Some("a\nb"), Some("a\nc"), Some("Élodie".into()), "hier".into())
    }
}

impl View for VersionsView {
    const FILE: &'static str = "bot/versions.html";
    fn samples() -> Vec<VersionsView> {
        let release = |standing, reach, may_roll: bool| Release {
            number: 14,
            standing,
            reach,
            why: "Plus de formulations".into(),
            by: may_roll.then(|| "Élodie".to_owned()),
            agreed: may_roll.then(|| "Ada".to_owned()),
            at: "hier".into(),
            may_roll,
        };
        let differs = |heard| Differs {
            ticket: "0".into(),
            text: "toujours rien".into(),
            bucket: Bucket::New,
            heard,
            live: super::shown::sample(false),
            tried: super::shown::sample(true),
            at: "12:04".into(),
        };
        let figures =
            |n, differing| Figures { number: 15, n, heard: 3, buckets: listed(Buckets::default()), differing };
        let releases = || {
            vec![
                release(Standing::Trial, Reach::Tenth, false),
                release(Standing::Trial, Reach::Shadow, false),
                release(Standing::Live, Reach::All, false),
                release(Standing::Past, Reach::All, true),
            ]
        };
        let acts = || Did::ALL.iter().map(|d| (*d, 14, "Élodie".to_owned(), "hier".to_owned())).collect();
        vec![
            VersionsView {
                frame: Frame::sample("versions"),
                said: Some("Publié".into()),
                trial: Some(figures(30, vec![differs(true), differs(false)])),
                releases: releases(),
                acts: acts(),
            },
            VersionsView {
                frame: Frame::sample("versions"),
                said: None,
                trial: Some(figures(0, Vec::new())),
                releases: Vec::new(),
                acts: Vec::new(),
            },
        ]
    }
}

fn listed(b: Buckets) -> Vec<(Bucket, usize)> {
    let each = [b.regression, b.escalated, b.changed, b.new, b.unchanged];
    Bucket::ALL.iter().copied().zip(each).collect()
}

/// What the page was asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    said: String,
}

/// Every release, and what is on trial.
pub async fn list(mut desk: Desk, Query(asked): Query<Asked>) -> Result<Page> {
    let frame = Frame::of(&mut desk, "versions").await?;
    let (hand, tx) = desk.parts();
    let (brand, clock) = (hand.brand.id, hand.clockface());
    let names = agents::colleagues(tx, brand).await?;
    let name = |id| names.iter().find(|n| Some(n.id) == id).map(|n| n.name.clone());
    let all = releases::all(tx, brand).await?;
    let mut trial = None;
    // The figures of a trial that is over stay until something else is tried.
    if let Some(release) = all.iter().find(|r| r.reach != Reach::All) {
        let (b, heard) = trials::figures(tx, brand, release.id).await?;
        let library = draft::read(tx, brand).await?.brain(&hand.web.house).await?;
        let differing = trials::differing(tx, brand, release.id).await?.into_iter().map(|d| Differs {
            ticket: d.ticket_id.to_string(),
            text: excerpt(&d.text, 160),
            bucket: d.bucket,
            heard: d.heard,
            live: Shown::of(&d.live, &library.library, hand.lang),
            tried: Shown::of(&d.tried, &library.library, hand.lang),
            at: clock.short(d.at),
        });
        let n = b.differ() + b.unchanged;
        trial = Some(Figures { number: release.number, n, heard, buckets: listed(b), differing: differing.collect() });
    }
    let acts = releases::acts(tx, brand).await?;
    let view = VersionsView {
        trial,
        said: match asked.said.as_str() {
            "published" => Some(t(hand.lang, "bot-said-published", &[])),
            "back" => Some(t(hand.lang, "bot-said-back", &[])),
            _ => None,
        },
        releases: all
            .into_iter()
            .map(|r| Release {
                number: r.number,
                standing: r.standing,
                reach: r.reach,
                by: name(r.made_by),
                agreed: name(r.approved_by),
                at: clock.full(r.made_at),
                may_roll: r.standing == Standing::Past && r.reach == Reach::All,
                why: r.why,
            })
            .collect(),
        acts: acts.into_iter().map(|a| (a.did, a.number, a.author.unwrap_or_default(), clock.full(a.at))).collect(),
        frame,
    };
    desk.show("bot", &view)
}

/// What a release changed.
#[derive(Debug, Serialize)]
pub struct VersionView {
    frame: Frame,
    number: i64,
    before: Option<i64>,
    why: String,
    diffs: Vec<Diff>,
}

impl View for VersionView {
    const FILE: &'static str = "bot/version.html";
    fn samples() -> Vec<VersionView> {
        let view = |before, diffs| VersionView {
            frame: Frame::sample("versions"),
            number: 14,
            before,
            why: "Plus de formulations".into(),
            diffs,
        };
        vec![view(Some(13), vec![Diff::sample()]), view(None, Vec::new())]
    }
}

/// One release beside the one before it.
pub async fn show(mut desk: Desk, Path(number): Path<i64>) -> Result<Page> {
    let frame = Frame::of(&mut desk, "versions").await?;
    let (hand, tx) = desk.parts();
    let brand = hand.brand.id;
    let release = releases::get(tx, brand, number).await?.ok_or(Error::NotFound)?;
    let all = releases::all(tx, brand).await?;
    let before = all.iter().find(|r| r.number < number && r.reach == Reach::All);
    let mut diffs = Vec::new();
    if let Some(before) = before {
        let (old, new): (Manifest, Manifest) = (before.manifest(), release.manifest());
        let paths: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for path in paths.into_iter().filter(|p| old.get(*p) != new.get(*p)) {
            let was = at(tx, &old, brand, path).await?;
            let is = at(tx, &new, brand, path).await?;
            diffs.push(diff_of(path, was.as_deref(), is.as_deref(), None, String::new()));
        }
    }
    let view = VersionView { frame, number, before: before.map(|r| r.number), why: release.why, diffs };
    desk.show("bot", &view)
}

async fn at(tx: &mut Tx, manifest: &Manifest, brand: crate::base::id::BrandId, path: &str) -> Result<Option<String>> {
    match manifest.get(path) {
        Some(version) => Ok(releases::source(tx, brand, path, *version).await?),
        None => Ok(None),
    }
}

//! `guichet bot replay`

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;

use super::Desk;
use crate::base::id::BrandId;
use crate::flow::House;
use crate::flow::replay::{self, MOST, Report, Sample, Tried};

/// What is replayed, and against what.
#[derive(Debug, Args)]
pub struct Replay {
    /// So many messages, the newest first
    #[arg(long, default_value_t = replay::LAST, value_parser = clap::value_parser!(i64).range(1..=MOST))]
    last: i64,
    /// Try the draft (the default)
    #[arg(long, conflicts_with = "version")]
    draft: bool,
    /// Try a release, by its number
    #[arg(long)]
    version: Option<i64>,
    /// Only messages of this network
    #[arg(long)]
    network: Option<String>,
    /// Only messages in this language: fr or en
    #[arg(long)]
    lang: Option<String>,
    /// The brand (default: the first)
    #[arg(long)]
    brand: Option<String>,
}

impl Replay {
    pub(super) fn brand(&self) -> Option<&str> {
        self.brand.as_deref()
    }

    /// Runs the command.
    pub(super) async fn run(self, desk: &Desk, house: &House, brand: BrandId) -> anyhow::Result<ExitCode> {
        let sample = Sample { last: self.last, network: self.network, language: self.lang, ..Sample::default() };
        let tried = match self.version {
            Some(number) if !self.draft => Tried::Release(number),
            _ => Tried::Draft,
        };
        let told = replay::report(house, brand, &sample, tried).await;
        let report = told.map_err(|e| match (self.version, e) {
            (Some(n), crate::flow::Error::Store(crate::store::Error::NotFound)) => {
                anyhow::anyhow!("there is no release {n}")
            }
            (_, other) => anyhow::Error::from(other),
        })?;
        desk.print(&report, &words(&report))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// For people: the figures, then every message that would fare otherwise, the riskiest first.
fn words(report: &Report) -> String {
    let b = report.buckets;
    let mut out = format!(
        "{} messages replayed, {} would fare differently. Nothing was sent.\n\
         regressions {}, handed over {}, other answer {}, newly answered {}, unchanged {}\n",
        report.n,
        b.differ(),
        b.regression,
        b.escalated,
        b.changed,
        b.new,
        b.unchanged
    );
    for seen in &report.changed {
        let of = |name: &str| seen[name].as_str().unwrap_or_default().to_owned();
        let text: String = of("text").split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = write!(out, "\n{}  “{}”\n  {}\n", of("bucket"), crate::base::text::excerpt(&text, 160), of("outcome"));
        if let Some(human) = seen["human"]["text"].as_str() {
            let alike = |side: &str| seen[side]["alike"].as_f64().map_or("–".to_owned(), |a| format!("{a:.2}"));
            let human = crate::base::text::excerpt(human, 120);
            let _ = writeln!(out, "  a person answered “{human}” (live {}, tried {})", alike("live"), alike("draft"));
        }
    }
    for fix in &report.fixes {
        let (what, entry, language, words) = fix.remedy.parts();
        let _ = writeln!(
            out,
            "\nmight help: {what} {entry} ({language}) “{}”: mends {} of {} regressions, loses {} of {} new answers",
            words.join("” “"),
            fix.mends,
            fix.of,
            fix.loses,
            fix.among
        );
    }
    out.trim_end().to_owned()
}

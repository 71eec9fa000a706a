//! What the bot's entries have shown so far: those one may open with a click, those the brake closed,
//! those that are still gathering.

use axum::response::Redirect;
use serde::{Deserialize, Serialize};

use crate::base::locale::t;
use crate::desk::calibration::scan::fewest_flawless;
use crate::desk::calibration::{Bar, Evidence, hundredths};
use crate::desk::canned::{Library, Mode};
use crate::desk::message::Visibility;
use crate::flow::bot::evidence::{self, Known};
use crate::store::library::Kept;
use crate::store::{Tx, calibrations};
use crate::web::Result;
use crate::web::ask::{Form, Hand};

/// The evidence, as the bot's page shows it.
#[derive(Debug, Default, Serialize)]
pub struct Proofs {
    /// What may be opened, or counted anew.
    ready: Vec<Proof>,
    /// What the brake closed.
    closed: Vec<Proof>,
    /// What is judged and not enough yet.
    gathering: Vec<Proof>,
}

/// One entry before one audience.
#[derive(Debug, Serialize)]
struct Proof {
    path: String,
    title: String,
    visibility: Visibility,
    /// The evidence in a sentence.
    told: String,
    /// By language, where there are several.
    languages: Vec<String>,
    /// True when it answers already, with another threshold.
    open: bool,
}

impl Proofs {
    /// For trying the template.
    pub fn sample() -> Proofs {
        let proof = |visibility, open| Proof {
            path: "hours/opening-hours".into(),
            title: "Horaires".into(),
            visibility,
            told: "58 des 60 étaient justes".into(),
            languages: vec!["français : 40 sur 41".into()],
            open,
        };
        Proofs {
            ready: vec![proof(Visibility::Private, false), proof(Visibility::Public, true)],
            closed: vec![proof(Visibility::Private, false)],
            gathering: vec![proof(Visibility::Public, false)],
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn read(hand: &Hand, tx: &mut Tx, library: &Library, kept: &[Kept]) -> Result<Proofs> {
        let (house, brand) = (&hand.web.house, hand.brand.id);
        let locked = calibrations::all(tx, brand).await?;
        let of = |path: &str| kept.iter().find(|k| k.path == path);
        let title = |path: &str| library.get(path).map(|e| e.title(hand.lang.as_str()).to_owned());
        let mut proofs = Proofs::default();
        for known in evidence::known(house, tx, brand, None).await? {
            let fits = library.get(&known.entry).is_some_and(|e| e.answers() && e.speaks(known.visibility));
            let (Some(kept), Some(name), true) = (of(&known.entry), title(&known.entry), fits) else { continue };
            let open = kept.mode(known.visibility) == Mode::Auto;
            let stands = locked.iter().find(|l| {
                (l.entry.as_str(), l.visibility, l.language.as_str()) == (&known.entry, known.visibility, "")
            });
            let new = known.common.bar.map(|b| hundredths(b.at));
            let proof = Proof {
                told: hand.told(&known),
                languages: hand.by_language(&known),
                path: known.entry,
                title: name,
                visibility: known.visibility,
                open,
            };
            match new {
                Some(new) if open && stands.is_some_and(|l| l.carried == new) => {}
                Some(_) => proofs.ready.push(proof),
                None => proofs.gathering.push(proof),
            }
        }
        for o in calibrations::openings(tx, brand).await? {
            let (Some(at), Some(kept), Some(name)) = (o.closed_at, of(&o.entry), title(&o.entry)) else { continue };
            if kept.mode(o.visibility) == Mode::Auto {
                continue;
            }
            let args = [
                ("when", hand.clockface().full(at).into()),
                ("corrected", o.corrected.into()),
                ("answers", o.answers.into()),
            ];
            let told = t(hand.lang, "proof-closed", &args);
            let (path, visibility) = (o.entry, o.visibility);
            proofs.closed.push(Proof { path, title: name, visibility, told, languages: Vec::new(), open: false });
        }
        Ok(proofs)
    }
}

impl Hand {
    fn told(&self, known: &Known) -> String {
        let share = |e: Evidence| (e.at_least * 100.0).floor();
        let counts = |e: Evidence| {
            vec![
                ("right", i64::from(e.right).into()),
                ("of", i64::from(e.of).into()),
                ("sent", i64::from(known.sent).into()),
                ("least", share(e).into()),
            ]
        };
        if let Some(Bar { at, evidence: Some(e) }) = known.common.bar {
            let mut args = counts(e);
            args.push(("score", i64::from(hundredths(at)).into()));
            return t(self.lang, "proof-carried", &args);
        }
        let aim = self.web.house.tuning.aims.of(known.visibility);
        let mut args = counts(known.common.all);
        args.push(("aim", (aim.right * 100.0).round().into()));
        args.push(("fewest", i64::from(fewest_flawless(aim)).into()));
        t(self.lang, "proof-gathering", &args)
    }

    fn by_language(&self, known: &Known) -> Vec<String> {
        if known.languages.len() < 2 {
            return Vec::new();
        }
        let name = |l: &str| crate::base::locale::find(self.lang, &format!("language-{l}"), &[]);
        let one = |(l, s): (&String, &crate::desk::calibration::Standing)| {
            let args = [
                ("language", name(l).unwrap_or_else(|| l.clone()).into()),
                ("right", i64::from(s.all.right).into()),
                ("of", i64::from(s.all.of).into()),
            ];
            t(self.lang, "proof-language", &args)
        };
        known.languages.iter().map(one).collect()
    }
}

/// What is to be opened.
#[derive(Deserialize)]
pub struct Opening {
    path: String,
    visibility: Visibility,
}

/// Opens an entry on its evidence.
pub async fn open(hand: Hand, Form(opening): Form<Opening>) -> Result<Redirect> {
    let (house, scope) = (&hand.web.house, &hand.known.scope);
    evidence::open(house, scope, hand.brand.id, &opening.path, opening.visibility).await?;
    Ok(Redirect::to("/settings/bot?said=opened"))
}

//! Thresholds as a file: out, in, out again as the same bytes; raised by hand, never lowered.

use guichet::desk::calibration::wilson::at_least;
use guichet::desk::canned::{Mode, Weight};
use guichet::desk::message::Visibility;
use guichet::desk::scope::Scope;
use guichet::flow::bot::{self, Said, lock};
use guichet::flow::{Error, Reason};

use super::{ASKED, HOURS, state_hours};
use crate::on_both;

fn file(threshold: &str, entry: &str) -> String {
    let bound = format!("{:.4}", at_least(120, 121));
    format!(
        "[entries.\"{entry}\".private.all]\nthreshold = {threshold}\ncarried = 0.60\nright = 120\njudged = 121\nat_least = {bound}\ncounted = \"2026-11-20T08:00:00Z\"\n"
    )
}

on_both! {
    async fn thresholds_go_out_and_in_and_are_never_lowered(desk) {
        state_hours(&desk).await;
        let (house, brand) = (&desk.house, desk.brand);
        assert_eq!(lock::export(house, brand).await.unwrap(), None, "nothing is known yet");
        let taken = lock::import(house, brand, &file("0.60", HOURS)).await.unwrap();
        assert_eq!((taken.taken, taken.unknown.len()), (1, 0));
        let out = lock::export(house, brand).await.unwrap().unwrap();
        lock::import(house, brand, &out).await.unwrap();
        assert_eq!(lock::export(house, brand).await.unwrap().unwrap(), out, "the same bytes");

        // It decides, and says why.
        bot::set_mode(house, &Scope::house(brand), brand, HOURS, Visibility::Private, Mode::Auto).await.unwrap();
        let said = Said::new(ASKED, "facebook", Visibility::Private, None);
        let ask = async || bot::ask(house, &mut house.db.read().await.unwrap(), brand, said).await.unwrap();
        let sure = ask().await;
        assert_eq!((sure.decision.as_str(), sure.trace.threshold), ("answer", Some(0.60)), "{sure:?}");
        assert_eq!(sure.trace.evidence.map(|e| (e.right, e.of)), Some((120, 121)));
        lock::import(house, brand, &out.replace("threshold = 0.60", "threshold = 1.00")).await.unwrap();
        let unsure = ask().await;
        assert_eq!((unsure.decision.as_str(), unsure.because.as_deref()), ("suggest", Some("not_sure_enough")));
        assert_eq!(unsure.trace.threshold, Some(1.0));

        // Down to what the evidence carries, and not below, however the file reads.
        lock::import(house, brand, &out).await.unwrap();
        for lowered in [out.replace("threshold = 0.60", "threshold = 0.40"), out.replace("= 0.60", "= 0.40")] {
            let refused = lock::import(house, brand, &lowered).await;
            let Err(Error::Refused(Reason::UnfitLock, Some(why))) = refused else { panic!("{refused:?}") };
            assert!(why.contains("may only be raised") && why.contains(HOURS), "{why}");
        }
        assert_eq!(lock::export(house, brand).await.unwrap().unwrap(), out, "nothing was changed");

        // What is not there is said, and left out.
        let strange = lock::import(house, brand, &file("0.70", "hours/gone")).await.unwrap();
        assert_eq!((strange.taken, strange.unknown), (0, vec!["hours/gone".to_owned()]));
        let notes = lock::lint(house, &file("0.70", "hours/gone"), &[HOURS.to_owned()]);
        assert_eq!(notes.len(), 1);
        assert!(notes[0].weight == Weight::Warning && notes[0].line == 1 && notes[0].what.names("hours/gone"));
        assert_eq!(lock::lint(house, "[entries", &[])[0].weight, Weight::Error);
    }
}

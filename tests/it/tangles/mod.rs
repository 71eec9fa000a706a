//! Tangles: our bot among other bots, out-of-office notes, mailing lists, bounces, echoes and people, all
//! answering each other. Whatever they do, at most two automatic messages an hour stand in a thread, and
//! one conversation a day of five turns; with all brakes, and with any one of them taken away.

mod book;
mod cast;
mod flow;
mod model;

use guichet::desk::brakes::Brake;

use self::model::tangle;

/// Tangles tried with each set of brakes.
const TANGLES: u64 = 10_000;

fn without(gone: &[Brake]) -> Vec<Brake> {
    Brake::ALL.iter().copied().filter(|b| !gone.contains(b)).collect()
}

/// What goes wrong among tangles with these brakes: the first, told whole.
fn first_wrong(brakes: &[Brake], tangles: u64) -> Option<String> {
    (0..tangles).find_map(|seed| tangle(seed, brakes).wrong().map(|wrong| format!("tangle {seed}: {wrong}")))
}

#[test]
fn ten_thousand_tangles_keep_within_bounds() {
    assert_eq!(first_wrong(Brake::ALL, TANGLES), None);
}

#[test]
fn six_brakes_hold_whichever_is_taken_away() {
    for gone in Brake::ALL {
        assert_eq!(first_wrong(&without(&[*gone]), TANGLES), None, "without {gone}");
    }
}

/// The tangles are worth something: the bot speaks and converses in them, each brake is needed by some,
/// and with two or three of them gone the bounds are broken.
#[test]
fn with_too_few_brakes_the_tangles_break_the_bounds() {
    let mut spoken = 0;
    let mut talks = 0;
    let mut held = std::collections::BTreeSet::new();
    for seed in 0..1_000 {
        let told = tangle(seed, Brake::ALL);
        spoken += told.spoken();
        talks += told.talks();
        held.extend(told.held.iter().copied());
    }
    assert!(spoken > 500 && talks > 60, "{spoken} messages, {talks} conversations");
    for brake in Brake::ALL.iter().filter(|b| **b != Brake::Breaker) {
        assert!(held.contains(brake), "nothing in the tangles needs {brake}");
    }
    for gone in [vec![Brake::Depth, Brake::Rate], vec![Brake::Depth, Brake::Rate, Brake::Sameness]] {
        assert!(first_wrong(&without(&gone), 2_000).is_some(), "without {gone:?} nothing goes wrong");
    }
    assert!(first_wrong(&[], 100).is_some(), "without any brake nothing goes wrong");
}

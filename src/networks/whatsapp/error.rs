//! What the errors of WhatsApp mean, whether they come as an answer or, hours later, as a status.
//! Source: developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes; read 2026-11.

use super::super::meta::{self, GraphError};
use crate::desk::inbound::Fate;
use crate::desk::outbound::{Outcome, Refusal};

/// By code only: titles are changed from time to time, and details are words for people.
pub(super) fn outcome(error: &GraphError) -> Outcome {
    let never = |refusal| Outcome::Never(refusal, error.words.clone());
    let later = |whole_channel| Outcome::Later { after: None, whole_channel, why: error.words.clone() };
    match error.code {
        131_047 => never(Refusal::WindowClosed),
        // Not on WhatsApp, not allowed for tests, has opted out, of a country that is closed to
        // us, ourselves, and those to whom Meta lets nobody write just now.
        131_026 | 131_030 | 131_050 | 130_497 | 131_021 | 131_062 | 131_049 | 130_472 => never(Refusal::Unreachable),
        131_031 | 131_042 | 131_048 | 368 => never(Refusal::Restricted),
        131_005 | 131_045 | 133_010 => never(Refusal::NotPermitted),
        131_008 | 131_009 | 131_051..=131_053 | 132_000..=132_999 | 135_000 | 139_100..=139_103 => {
            never(Refusal::Invalid)
        }
        0 if error.status == 401 => Outcome::Reconnect(error.words.clone()),
        // Of the app, of the number, and while Meta works on itself.
        4 | 80_007 | 130_429 | 131_057 | 133_016 => later(true),
        // Too many to this person: only this conversation waits.
        131_056 => later(false),
        // “Something went wrong” and “service unavailable” do not say that nothing was sent.
        131_000 | 131_016 => Outcome::Unknown(error.words.clone()),
        _ => meta::outcome(error),
    }
}

/// What an error means for a message that had been accepted.
pub(super) fn fate(code: i64, words: &str) -> Fate {
    let error = GraphError { code, subcode: 0, transient: false, status: 400, words: words.to_owned() };
    let refusal = match outcome(&error) {
        Outcome::Never(refusal, _) => refusal,
        Outcome::Later { .. } => Refusal::Restricted,
        Outcome::Reconnect(_) => Refusal::NotPermitted,
        Outcome::Sent { .. } | Outcome::Unknown(_) => Refusal::Invalid,
    };
    Fate::Failed { refusal, why: format!("{words} ({code})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_of_refusal_is_told_apart() {
        use Refusal::*;
        let of =
            |code, status| outcome(&GraphError { code, subcode: 0, transient: false, status, words: String::new() });
        for (refusal, codes) in [
            (WindowClosed, &[131_047][..]),
            (Unreachable, &[131_026, 131_030, 131_050, 130_497, 131_021, 131_062, 131_049, 130_472]),
            (Restricted, &[131_031, 131_042, 131_048, 368]),
            (NotPermitted, &[131_005, 131_045, 133_010, 3, 10, 200, 230, 299]),
            (
                Invalid,
                &[
                    131_008, 131_009, 131_051, 131_052, 131_053, 132_000, 132_001, 132_005, 132_007, 132_008, 132_012,
                    132_015, 132_016, 135_000, 139_100, 139_103, 100,
                ],
            ),
        ] {
            for code in codes {
                assert_eq!(of(*code, 400), Outcome::Never(refusal, String::new()), "{code}");
                assert!(matches!(fate(*code, ""), Fate::Failed { refusal: r, .. } if r == refusal), "{code}");
            }
        }
        for code in [4, 80_007, 130_429, 131_057, 133_016] {
            assert!(matches!(of(code, 400), Outcome::Later { whole_channel: true, .. }), "{code}");
        }
        assert!(matches!(of(131_056, 400), Outcome::Later { whole_channel: false, .. }));
        for (code, status) in [(131_000, 500), (131_016, 500), (1, 500), (2, 503), (0, 500)] {
            assert!(matches!(of(code, status), Outcome::Unknown(_)), "{code}");
        }
        for (code, status) in [(190, 401), (0, 401)] {
            assert!(matches!(of(code, status), Outcome::Reconnect(_)), "{code}");
        }
    }
}

//! Bank accounts and payment cards: their check digits tell them from other numbers.

use std::sync::LazyLock;

use regex::Regex;

use super::reading::{Reading, pattern};
use super::{Found, Personal};

static IBAN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?P<it>(?-u:\b)[a-z]{2}[0-9]{2}(?:[ \-.]?[a-z0-9]{4}){2,7}(?:[ \-.]?[a-z0-9]{1,4})?(?-u:\b))")
});

pub(super) fn ibans(reading: &Reading) -> Vec<Found> {
    reading.all(&IBAN, Personal::Iban, |_, c| {
        // A pattern this wide also takes the words that follow; the check digits decide how far it goes.
        let compact: String = c["it"].chars().filter(char::is_ascii_alphanumeric).collect();
        (15..=compact.len().min(34)).any(|n| compact.is_char_boundary(n) && is_iban(&compact[..n]))
    })
}

/// ISO 13616: the first four to the end, letters as numbers, 1 modulo 97.
fn is_iban(compact: &str) -> bool {
    let turned = compact[4..].chars().chain(compact[..4].chars());
    let rest = turned.fold(0_u32, |rest, c| {
        let value = c.to_digit(36).unwrap_or(0);
        if value < 10 { (rest * 10 + value) % 97 } else { (rest * 100 + value) % 97 }
    });
    rest == 1 && compact[4..].chars().filter(char::is_ascii_digit).count() >= 6
}

static CARD: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?P<it>(?-u:\b)[2-6][0-9](?:[ \-.]?[0-9]){11,17}(?-u:\b))"));

pub(super) fn cards(reading: &Reading) -> Vec<Found> {
    reading.all(&CARD, Personal::Card, |_, c| {
        let digits: String = c["it"].chars().filter(char::is_ascii_digit).collect();
        // A day or a code may follow after a space; then the card is what stands before.
        let from = if c["it"].contains(' ') { 14 } else { digits.len() };
        (from..=digits.len()).any(|n| is_issued(&digits[..n]) && adds_up(&digits[..n]))
    })
}

/// The check of Luhn: every second digit from the end twice, all together a multiple of ten.
fn adds_up(digits: &str) -> bool {
    let sum: u32 = digits
        .chars()
        .filter_map(|d| d.to_digit(10))
        .rev()
        .enumerate()
        .map(|(n, d)| match n % 2 {
            0 => d,
            _ if d < 5 => d * 2,
            _ => d * 2 - 9,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether some house issues cards of this length that begin like this.
fn is_issued(digits: &str) -> bool {
    let begins = |heads: &[&str]| heads.iter().any(|h| digits.starts_with(h));
    match digits.len() {
        14 => begins(&["30", "36", "38", "39"]),
        15 => begins(&["34", "37"]),
        16 => begins(&["22", "23", "24", "25", "26", "27", "35", "4", "5", "6"]),
        17..=19 => begins(&["62", "50", "56", "57", "58", "6", "4"]),
        _ => false,
    }
}

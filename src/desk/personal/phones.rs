//! Telephone numbers as people of many countries write them, told from dates, prices, sizes and the
//! house's own lines.

use std::sync::LazyLock;

use regex::Regex;

use super::orders::MEASURED;
use super::reading::{PRODUCT, Reading, any_of, ends_with_one_of, pattern, says};
use super::{Found, Personal};

/// What says that a number is the house's own, meant for everybody.
const HOUSE_LINE: &str = "appelez-nous|appelez nous|nous appeler|nous joindre|joindre notre|nous contacter\
    |contactez-nous|contactez nous|notre numero|notre service|notre boutique|notre magasin|service client\
    |service clients|service conso|standard|hotline|numero vert|joignable|joignables|call us|reach us\
    |ring us|contact us|our number|our line|our team on|customer service|customer care|helpline|our store\
    |our shop";

/// A run of digits with what people put between them.
static RUN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?P<it>\+?\(?[0-9](?:[ .\-/()]{0,2}[0-9])*)"));

/// What is called before a number that it is one to call.
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    let latin = r"(?-u:\b)(?:tel|telephone|phone|mobile|portable|whatsapp|numero|number|cell|gsm|handy|movil|celular|telefon\p{L}*|telefoon|cellulare|call|appel\p{L}*|rappel\p{L}*|joindre|joins|sms)(?-u:\b)";
    let others = any_of(&[
        "телефон",
        "тел.",
        "номер",
        "мобильный",
        "звоните",
        "позвоните",
        "τηλέφωνο",
        "τηλ.",
        "κινητό",
        "هاتف",
        "جوال",
        "رقم",
        "اتصل",
        "موبايل",
        "טלפון",
        "נייד",
        "תתקשר",
        "फोन",
        "फ़ोन",
        "मोबाइल",
        "नंबर",
        "โทร",
        "เบอร์",
        "电话",
        "電話",
        "手机",
        "手機",
        "携帯",
        "전화",
        "연락처",
        "휴대폰",
        "번호",
    ]);
    pattern(&format!("(?:{latin}|{others})"))
});

/// Dates, hours, opening times, addresses of machines.
static NO_PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^\(?(?:(?:19|20)[0-9]{2}[-./ ](?:0?[1-9]|1[0-2])[-./ ][0-3]?[0-9](?:$|[^0-9])",
        r"|[0-3]?[0-9][-./ ][01]?[0-9][-./ ](?:19|20)[0-9]{2}(?:$|[^0-9])",
        r"|[0-3]?[0-9]/[0-3]?[0-9](?:$|[^0-9])",
        r"|[0-2]?[0-9][.][0-5][0-9] ?[-/] ?[0-2]?[0-9][.][0-5][0-9]",
        r"|(?:19|20)[0-9]{2} ?[-/] ?(?:19|20)[0-9]{2}(?:$|[^0-9])",
        r"|(?:[0-9]{1,3}\.){3}[0-9]{1,3}$",
        r"|[0-9]+(?:[. ]000)+$)"
    ))
});

pub(super) fn phones(reading: &Reading) -> Vec<Found> {
    reading.all(&RUN, Personal::Phone, |r, c| {
        let (run, before, after) = (&c["it"], r.before(c), r.after(c));
        let called = CALLED.is_match(tail(before, 26));
        stands_free(before, after)
            && (is_dialled(run) || !MEASURED.is_match(after))
            && !before.trim_end().ends_with(['€', '$', '£', '¥', '₹', '₽', '₩', '฿', '₪', '₺'])
            && is_phone(run, called)
            && !is_bought(run, reading.is_latin())
            && !says(before, HOUSE_LINE)
            && !ends_with_one_of(before, PRODUCT)
    })
}

fn tail(text: &str, n: usize) -> &str {
    let from = text.char_indices().rev().nth(n - 1).map_or(0, |(i, _)| i);
    &text[from..]
}

/// Neither part of a longer number or name, nor of an address on the web.
fn stands_free(before: &str, after: &str) -> bool {
    let mut back = before.chars().rev();
    let (last, second) = (back.next(), back.next());
    let open = match last {
        Some('.' | ',' | '-' | ':') => {
            !second.is_some_and(|c| c.is_ascii_alphanumeric())
                || second.is_some_and(|c| c.is_ascii_alphabetic() && last != Some('-'))
        }
        Some(c) => !c.is_ascii_alphanumeric() && !matches!(c, '#' | '/' | '_' | '=' | '@' | '+' | '&' | '?'),
        None => true,
    };
    let mut ahead = after.chars();
    let (next, then) = (ahead.next(), ahead.next());
    let shut = match next {
        Some(',' | ':') => !then.is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_ascii_alphanumeric() && !matches!(c, '%' | '€' | '$' | '£' | '_' | '@'),
        None => true,
    };
    open && shut
}

/// Whether a run begins as numbers to dial do, and as nothing that is measured does.
fn is_dialled(run: &str) -> bool {
    let digits = run.chars().filter(char::is_ascii_digit).count();
    digits >= 9 && run.trim_start_matches('(').starts_with(['+', '0'])
}

/// Whether a run of digits is built like a number to call somewhere.
fn is_phone(run: &str, called: bool) -> bool {
    let run = run.trim_end_matches([' ', '.', '-', '/', '(', ')']);
    let digits: String = run.chars().filter(char::is_ascii_digit).collect();
    let groups: Vec<&str> = run.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).collect();
    let lengths: Vec<usize> = groups.iter().map(|g| g.len()).collect();
    let n = digits.len();
    if !(6..=15).contains(&n) || NO_PHONE.is_match(run) {
        return false;
    }
    let first = digits.as_bytes()[0];
    let from_two = first >= b'2';
    if run.starts_with('+') || digits.starts_with("00") {
        return n >= 8;
    }
    if called {
        return n >= 7 && !is_ladder(&groups);
    }
    if first == b'0' {
        return (9..=12).contains(&n);
    }
    match n {
        11 => {
            let china = first == b'1' && digits.as_bytes()[1] >= b'3' && matches!(lengths[..], [11] | [3, 4, 4]);
            let russia = matches!(first, b'7' | b'8') && matches!(lengths[..], [11] | [1, 3, 3, 2, 2] | [1, 3, 3, 4]);
            china || russia || lengths == [1, 3, 3, 4] || (run.starts_with('(') && matches!(lengths[..], [2, 5, 4]))
        }
        10 => {
            from_two && matches!(lengths[..], [10] | [3, 3, 4] | [2, 4, 4] | [5, 5] | [3, 3, 2, 2] | [4, 3, 3] | [3, 7])
        }
        9 => {
            first >= b'5'
                && matches!(lengths[..], [9] | [3, 3, 3] | [3, 2, 2, 2] | [2, 3, 4] | [2, 3, 2, 2] | [1, 2, 2, 2, 2])
                && !is_ladder(&groups)
        }
        8 => {
            let eight = first >= b'5' && lengths == [4, 4] && run.contains(' ');
            eight || (from_two && lengths == [2, 2, 2, 2] && !is_ladder(&groups))
        }
        _ => n >= 10 && run.starts_with('('),
    }
}

/// Sizes and scores go up in small steps: 36 38 40 42.
fn is_ladder(groups: &[&str]) -> bool {
    let values: Vec<i64> = groups.iter().filter_map(|g| g.parse().ok()).collect();
    let (Some(first), Some(last)) = (values.first(), values.last()) else { return false };
    let up = values.windows(2).all(|w| w[0] < w[1]);
    values.len() >= 3 && up && last - first <= 10 * i64::try_from(values.len()).unwrap_or(10)
}

/// Lines that companies buy in France: 08 in its ways of writing, and 0969.
fn is_bought(run: &str, latin: bool) -> bool {
    let digits: String = run.chars().filter(char::is_ascii_digit).collect();
    let lengths: Vec<usize> = run.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|n| *n > 0).collect();
    let french = matches!(lengths[..], [10] | [2, 2, 2, 2, 2] | [1, 3, 3, 3] | [4, 3, 3] | [4, 2, 2, 2]);
    latin && french && digits.len() == 10 && (digits.starts_with("08") || digits.starts_with("0969"))
        || digits.starts_with("338") && run.starts_with('+')
}

//! “demain 9h”, “lundi”, “in 2h”: moments as people say them, in French and English.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

use crate::base::At;
use crate::base::text::fold;

/// The moment a phrase means, seen from `now` in this time zone. A day without an hour means nine
/// o'clock; an hour without a day means the next time it strikes.
///
/// Understood: `2h`, `30 min`, `in 3 days`, `dans 2 semaines`, `demain`, `tomorrow 14:30`,
/// `ce soir`, `tonight`, `lundi 9h`, `next monday`, `9h`, `5pm`, `2026-12-24 10:00`, RFC 3339.
/// Nothing when the phrase is not understood or not in the future.
pub fn moment(phrase: &str, now: At, zone: &TimeZone) -> Option<At> {
    let here = now.timestamp().to_zoned(zone.clone());
    let found = exact(phrase, zone).or_else(|| relative(phrase, &here)).or_else(|| named(phrase, &here))?;
    let at = At(found.timestamp().as_microsecond());
    (at > now).then_some(at)
}

fn exact(phrase: &str, zone: &TimeZone) -> Option<Zoned> {
    let phrase = phrase.trim();
    if let Ok(at) = phrase.parse::<jiff::Timestamp>() {
        return Some(at.to_zoned(zone.clone()));
    }
    let civil: jiff::civil::DateTime = phrase.replacen(' ', "T", 1).parse().ok()?;
    let civil = if phrase.len() <= 10 { civil.date().to_datetime(NINE) } else { civil };
    civil.to_zoned(zone.clone()).ok()
}

const NINE: Time = Time::constant(9, 0, 0, 0);

fn words(phrase: &str) -> Vec<String> {
    let folded = fold(phrase).text;
    let mut out: Vec<String> = Vec::new();
    for raw in folded.split([' ', ',']).filter(|w| !w.is_empty()) {
        // “2h” and “30min” are a number and a unit; “9h30” and “14:30” are an hour.
        let digits = raw.bytes().take_while(u8::is_ascii_digit).count();
        let unit = &raw[digits..];
        if digits > 0
            && !unit.is_empty()
            && unit.bytes().all(|b| b.is_ascii_alphabetic())
            && hour(raw).is_none_or(|_| unit == "h")
        {
            out.extend([raw[..digits].to_owned(), unit.to_owned()]);
        } else {
            out.push(raw.to_owned());
        }
    }
    out
}

/// “in 2 h”, “dans 3 jours”, “30 min”: a number and a unit, and nothing that names a day.
fn relative(phrase: &str, here: &Zoned) -> Option<Zoned> {
    let words = words(phrase);
    let (asked, rest) = match words.first()?.as_str() {
        "in" | "dans" => (true, &words[1..]),
        _ => (false, &words[..]),
    };
    let [n, unit] = rest else { return None };
    let n: i64 = n.parse().ok().filter(|n| (1..=10_000).contains(n))?;
    let span = match unit.as_str() {
        "m" | "mn" | "min" | "mins" | "minute" | "minutes" => n.minutes(),
        // “9h” alone is an hour of the day, “2h” a while: without “in”, small numbers are a while.
        "h" if !asked && n > 6 => return None,
        "h" | "hr" | "hrs" | "hour" | "hours" | "heure" | "heures" => n.hours(),
        "d" | "j" | "day" | "days" | "jour" | "jours" => n.days(),
        "w" | "week" | "weeks" | "semaine" | "semaines" => n.weeks(),
        "month" | "months" | "mois" => n.months(),
        _ => return None,
    };
    here.checked_add(span).ok()
}

fn named(phrase: &str, here: &Zoned) -> Option<Zoned> {
    let (mut day, mut time) = (None, None);
    let words = words(phrase);
    let mut i = 0;
    while i < words.len() {
        let word = words[i].as_str();
        let pair = words.get(i + 1).filter(|u| matches!(u.as_str(), "h" | "am" | "pm")).map(|u| format!("{word}{u}"));
        if let Some(t) = pair.as_deref().and_then(hour) {
            time = Some(t);
            i += 1;
        } else if let Some(t) = hour(word) {
            time = Some(t);
        } else {
            match word {
                "demain" | "tomorrow" => day = Some(here.date().checked_add(1.days()).ok()?),
                "aujourd'hui" | "today" => day = Some(here.date()),
                "soir" | "tonight" | "evening" => {
                    (day, time) = (day.or(Some(here.date())), Some(Time::constant(18, 0, 0, 0)));
                }
                "midi" | "noon" => time = Some(Time::constant(12, 0, 0, 0)),
                "matin" | "morning" => time = Some(NINE),
                "apres-midi" | "afternoon" => time = Some(Time::constant(14, 0, 0, 0)),
                "ce" | "this" | "next" | "prochain" | "prochaine" | "on" | "at" | "a" | "le" | "la" | "vers" => {}
                _ => day = Some(here.date().nth_weekday(1, weekday(word)?).ok()?),
            }
        }
        i += 1;
    }
    let at = |date: jiff::civil::Date, time| date.to_datetime(time).to_zoned(here.time_zone().clone()).ok();
    match (day, time) {
        (Some(day), time) => at(day, time.unwrap_or(NINE)),
        (None, Some(time)) => {
            let today = at(here.date(), time)?;
            if today > *here { Some(today) } else { at(here.date().checked_add(1.days()).ok()?, time) }
        }
        (None, None) => None,
    }
}

/// `9h`, `9h30`, `14:30`, `5pm`, `17 h` joined.
fn hour(word: &str) -> Option<Time> {
    let (body, add) = match word.strip_suffix("pm") {
        Some(body) => (body, 12),
        None => (word.strip_suffix("am").unwrap_or(word), 0),
    };
    let marked = body.len() != word.len();
    let (h, m) = match body.split_once([':', 'h']) {
        Some((h, m)) => (h, if m.is_empty() { "0" } else { m }),
        None if marked => (body, "0"),
        None => return None,
    };
    let (h, m): (i8, i8) = (h.parse().ok()?, m.parse().ok()?);
    let h = if marked && h == 12 { add } else { h.checked_add(add)? };
    Time::new(h, m, 0, 0).ok()
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "lundi" | "monday" | "mon" | "lun" => Weekday::Monday,
        "mardi" | "tuesday" | "tue" | "mar" => Weekday::Tuesday,
        "mercredi" | "wednesday" | "wed" | "mer" => Weekday::Wednesday,
        "jeudi" | "thursday" | "thu" | "jeu" => Weekday::Thursday,
        "vendredi" | "friday" | "fri" | "ven" => Weekday::Friday,
        "samedi" | "saturday" | "sat" | "sam" => Weekday::Saturday,
        "dimanche" | "sunday" | "sun" | "dim" => Weekday::Sunday,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_say_it_in_many_ways() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        // Saturday 21 November 2026, 15:00 in Paris.
        let now = At::parse("2026-11-21T14:00:00Z").unwrap();
        for (phrase, expected) in [
            ("demain 9h", "2026-11-22T08:00:00Z"),
            ("Demain", "2026-11-22T08:00:00Z"),
            ("tomorrow at 14:30", "2026-11-22T13:30:00Z"),
            ("in 2h", "2026-11-21T16:00:00Z"),
            ("2h", "2026-11-21T16:00:00Z"),
            ("dans 8h", "2026-11-21T22:00:00Z"),
            ("9h", "2026-11-22T08:00:00Z"),
            ("17h30", "2026-11-21T16:30:00Z"),
            ("5pm", "2026-11-21T16:00:00Z"),
            ("30 min", "2026-11-21T14:30:00Z"),
            ("dans 3 jours", "2026-11-24T14:00:00Z"),
            ("2 weeks", "2026-12-05T14:00:00Z"),
            ("lundi", "2026-11-23T08:00:00Z"),
            ("next Monday 10h", "2026-11-23T09:00:00Z"),
            ("samedi", "2026-11-28T08:00:00Z"),
            ("ce soir", "2026-11-21T17:00:00Z"),
            ("tonight", "2026-11-21T17:00:00Z"),
            ("2026-12-24 10:00", "2026-12-24T09:00:00Z"),
            ("2026-12-24", "2026-12-24T08:00:00Z"),
            ("2026-12-24T10:00:00Z", "2026-12-24T10:00:00Z"),
        ] {
            assert_eq!(moment(phrase, now, &paris).map(|a| a.to_string()).as_deref(), Some(expected), "{phrase}");
        }
        for phrase in ["", "hier", "yesterday", "2020-01-01", "25h", "blue monday", "0 min", "99999999999 days"] {
            assert_eq!(moment(phrase, now, &paris), None, "{phrase}");
        }
    }

    #[test]
    fn an_hour_that_does_not_exist_is_moved_not_refused() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let now = At::parse("2026-03-28T12:00:00Z").unwrap();
        assert_eq!(moment("demain 2h30", now, &paris).unwrap().to_string(), "2026-03-29T01:30:00Z");
    }

    proptest::proptest! {
        #[test]
        fn no_phrase_panics(phrase in "\\PC{0,40}") {
            let _ = moment(&phrase, At::from_secs(1_795_000_000), &TimeZone::UTC);
        }
    }
}

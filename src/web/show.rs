//! How things look in words: times, numbers, tints.

use std::time::Duration;

use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::base::locale::{Arg, t};
use crate::base::{At, Lang};

/// How times are shown to a person: in their language, by the brand's clock, seen from now.
#[derive(Debug, Clone)]
pub struct Clockface {
    /// The hour.
    pub now: At,
    /// The brand's zone.
    pub zone: TimeZone,
    /// The language.
    pub lang: Lang,
}

impl Clockface {
    /// A clock in this zone; UTC when the zone is unknown.
    pub fn new(now: At, zone: &str, lang: Lang) -> Clockface {
        Clockface { now, zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC), lang }
    }

    fn local(&self, at: At) -> Zoned {
        at.timestamp().to_zoned(self.zone.clone())
    }

    /// `14:20`.
    pub fn hour(&self, at: At) -> String {
        self.local(at).strftime("%H:%M").to_string()
    }

    /// `14:20` today, `17 nov.` this year, `17 nov. 2024` before.
    pub fn short(&self, at: At) -> String {
        let (local, today) = (self.local(at), self.local(self.now));
        if local.date() == today.date() {
            return self.hour(at);
        }
        let month = t(self.lang, &format!("month-{}", local.month()), &[]);
        let day = format!("{} {month}", local.day());
        if local.year() == today.year() { day } else { format!("{day} {}", local.year()) }
    }

    /// Day and hour in full: `17 nov. 2026, 14:20`.
    pub fn full(&self, at: At) -> String {
        let local = self.local(at);
        let month = t(self.lang, &format!("month-{}", local.month()), &[]);
        format!("{} {month} {}, {}", local.day(), local.year(), self.hour(at))
    }

    /// The day as calendars write it: `2026-11-17`.
    pub fn date(&self, at: At) -> String {
        self.local(at).date().to_string()
    }

    /// The day alone, for separators: `aujourd’hui`, `hier`, `17 nov.`.
    pub fn day(&self, at: At) -> String {
        let (local, today) = (self.local(at).date(), self.local(self.now).date());
        if local == today {
            return t(self.lang, "today", &[]);
        }
        if Some(local) == today.yesterday().ok() {
            return t(self.lang, "yesterday", &[]);
        }
        self.short(at)
    }

    /// What is left until a due time, or how late it is, and how it looks: `8 min` `soon`,
    /// `−6 min` `late`.
    pub fn due(&self, due: At) -> (String, &'static str) {
        if due <= self.now {
            return (format!("−{}", self.span(self.now.since(due))), "late");
        }
        let left = due.since(self.now);
        let class = if left <= Duration::from_mins(15) { "soon" } else { "" };
        (self.span(left), class)
    }

    /// How long ago: `8 min`, `3 h 20`, `2 j`.
    pub fn ago(&self, at: At) -> String {
        self.span(self.now.since(at))
    }

    /// How long something takes: `8 min`, `3 h 20`, `2 j`.
    pub fn span(&self, d: Duration) -> String {
        let minutes = d.as_secs() / 60;
        let arg = |n: u64| -> Vec<Arg<'static>> { vec![("n", i64::try_from(n).unwrap_or(i64::MAX).into())] };
        match minutes {
            0..60 => t(self.lang, "span-minutes", &arg(minutes)),
            60..1_440 => {
                let (h, m) = (minutes / 60, minutes % 60);
                if m == 0 || h >= 10 {
                    t(self.lang, "span-hours", &arg(h))
                } else {
                    format!("{} {m:02}", t(self.lang, "span-hours", &arg(h)))
                }
            }
            _ => t(self.lang, "span-days", &arg(minutes / 1_440)),
        }
    }
}

/// A number in the language's way: `12 400` with a narrow no-break space, `12,400`.
pub fn number(lang: Lang, n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let separator = match lang {
        Lang::Fr => '\u{202F}',
        Lang::En => ',',
    };
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(c);
    }
    if n < 0 { format!("−{out}") } else { out }
}

const MEBI: usize = 1 << 20;

/// How long a file is: `12 KB`, `1.2 MB`.
pub fn size(lang: Lang, bytes: usize) -> String {
    let tenths = bytes.saturating_mul(10) / MEBI;
    let (key, n) = if bytes < MEBI {
        ("size-kb", bytes.div_ceil(1024).to_string())
    } else {
        ("size-mb", format!("{}.{}", tenths / 10, tenths % 10))
    };
    let n = if lang == Lang::Fr { n.replace('.', ",") } else { n };
    t(lang, key, &[("n", n.into())])
}

/// An avatar's tint, 1 to 7, always the same for a name.
pub fn tint(name: &str) -> usize {
    usize::from(crate::base::sign::sha256(name.as_bytes())[0] % 7) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_by_the_brands_clock() {
        let now = At::parse("2026-11-21T14:00:00Z").unwrap();
        let fr = Clockface::new(now, "Europe/Paris", Lang::Fr);
        assert_eq!(fr.hour(now), "15:00");
        assert_eq!(fr.due(now.plus(Duration::from_secs(480))), ("8 min".into(), "soon"));
        assert_eq!(fr.due(now.minus(Duration::from_secs(360))), ("−6 min".into(), "late"));
        assert_eq!(fr.due(now.plus(Duration::from_secs(4_200))), ("1 h 10".into(), ""));
        assert_eq!(fr.ago(now.minus(Duration::from_secs(3 * 86_400))), "3 j");
        assert_eq!(fr.short(At::parse("2026-11-17T10:00:00Z").unwrap()), "17 nov.");
        let en = Clockface::new(now, "Europe/London", Lang::En);
        assert_eq!(en.full(now), "21 Nov 2026, 14:00");
        assert_eq!(en.day(now.minus(Duration::from_secs(86_400))), "yesterday");
    }

    #[test]
    fn numbers_by_language() {
        assert_eq!(number(Lang::Fr, 1_234_567), "1\u{202F}234\u{202F}567");
        assert_eq!(number(Lang::En, -12_400), "−12,400");
        assert_eq!(number(Lang::En, 999), "999");
    }
}

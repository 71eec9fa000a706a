//! Two texts line by line.

use serde::Serialize;

use crate::words;

words! {
    /// Where a line stands.
    pub enum Side {
        /// In both.
        Same = "same",
        /// Only before.
        Gone = "gone",
        /// Only after.
        New = "new",
    }
}

/// A line, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Where.
    pub side: Side,
    /// Its words.
    pub text: String,
}

/// Longer texts are shown as one gone and one new.
const MOST: usize = 2_000;

/// How one text became another: the longest run of lines in both stays.
pub fn diff(before: &str, after: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let line = |side, text: &str| Line { side, text: text.to_owned() };
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut out: Vec<Line> = old[..head].iter().map(|t| line(Side::Same, t)).collect();
    if a.len().max(b.len()) > MOST {
        out.extend(a.iter().map(|t| line(Side::Gone, t)));
        out.extend(b.iter().map(|t| line(Side::New, t)));
    } else {
        let longest = longest(a, b);
        let (mut was, mut is) = (0, 0);
        while was < a.len() || is < b.len() {
            if was < a.len() && is < b.len() && a[was] == b[is] {
                out.push(line(Side::Same, a[was]));
                (was, is) = (was + 1, is + 1);
            } else if is == b.len() || (was < a.len() && longest[was + 1][is] >= longest[was][is + 1]) {
                out.push(line(Side::Gone, a[was]));
                was += 1;
            } else {
                out.push(line(Side::New, b[is]));
                is += 1;
            }
        }
    }
    out.extend(old[old.len() - tail..].iter().map(|t| line(Side::Same, t)));
    out
}

/// The same, with only so many unchanged lines around each change.
pub fn around(lines: &[Line], context: usize) -> Vec<Line> {
    let changed: Vec<usize> = (0..lines.len()).filter(|n| lines[*n].side != Side::Same).collect();
    let near = |n: usize| changed.iter().any(|c| c.abs_diff(n) <= context);
    lines.iter().enumerate().filter(|(n, _)| near(*n)).map(|(_, l)| l.clone()).collect()
}

/// For every pair of places, how many lines both have in common from there on.
fn longest(a: &[&str], b: &[&str]) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i][j] =
                if a[i] == b[j] { table[i + 1][j + 1] + 1 } else { u32::max(table[i + 1][j], table[i][j + 1]) };
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        let mark = |l: &Line| match l.side {
            Side::Same => " ",
            Side::Gone => "-",
            Side::New => "+",
        };
        diff(before, after).iter().map(|l| format!("{}{}", mark(l), l.text)).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn what_stayed_stays() {
        assert_eq!(told("a\nb\nc", "a\nx\nc"), " a|-b|+x| c");
        assert_eq!(told("", "a"), "+a");
        assert_eq!(told("a\nb", "a\nb"), " a| b");
        assert_eq!(told("a\nb\nc\nd", "b\nd\ne"), "-a| b|-c| d|+e");
    }

    proptest::proptest! {
        #[test]
        fn both_texts_can_be_read_from_it(a in "[a-c\n]{0,40}", b in "[a-c\n]{0,40}") {
            let lines = diff(&a, &b);
            let side = |not: Side| lines.iter().filter(|l| l.side != not).map(|l| l.text.as_str()).collect::<Vec<_>>();
            proptest::prop_assert_eq!(side(Side::New), a.lines().collect::<Vec<_>>());
            proptest::prop_assert_eq!(side(Side::Gone), b.lines().collect::<Vec<_>>());
        }
    }
}

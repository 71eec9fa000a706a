//! What in a mail is new, and what it only repeats: the quoted mail below, the signature. Both are
//! kept; only the first is read by rules and shown unfolded.

use super::message::Kind;

/// A mail's words in two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts<'a> {
    /// What was written now: always the beginning of the whole.
    pub fresh: &'a str,
    /// What follows: signature and quoted mail. Empty when there is nothing of the kind.
    pub rest: &'a str,
}

/// What somebody said in a message: of a mail what is new in it, of anything else all of it.
pub fn said(kind: Kind, text: &str) -> &str {
    if kind == Kind::Email { parts(text).fresh } else { text }
}

/// What of a message is only repeated.
pub fn repeated(kind: Kind, text: &str) -> &str {
    if kind == Kind::Email { parts(text).rest } else { "" }
}

/// Cuts a mail's words where what is repeated begins. A quote that is answered line by line stays
/// where it is; a mail that is nothing but a quote is not cut.
pub fn parts(text: &str) -> Parts<'_> {
    let whole = Parts { fresh: text, rest: "" };
    let lines = offsets(text);
    // Own words from each line on, counted once: mails come as long as their senders like.
    let mut own = vec![0; lines.len() + 1];
    for n in (0..lines.len()).rev() {
        let repeated = lines[n].1.trim().is_empty() || is_quote(lines[n].1) || is_sign_off(lines[n].1);
        own[n] = own[n + 1] + usize::from(!repeated);
    }
    let Some(first) = (0..lines.len()).find(|n| begins_rest(&lines, &own, *n)) else { return whole };
    let (fresh, rest) = text.split_at(lines[first].0);
    if fresh.trim().is_empty() {
        return whole;
    }
    Parts { fresh: fresh.trim_end(), rest: rest.trim() }
}

/// A mail that answers below what it quotes, with the quote put behind it, so that what is new
/// comes first. Anything else stays as it is.
pub fn fresh_first(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let blank = |l: &&str| l.trim().is_empty();
    let lead = lines.iter().take_while(|l| blank(l)).count();
    let intro = lines[lead..].iter().take(3).position(|l| is_quote(l)).unwrap_or(usize::MAX);
    let introduced = intro == 0 || (intro < 3 && is_attribution(&lines[lead..lead + intro].join(" ")));
    if !introduced {
        return text.to_owned();
    }
    let quoted = lead + intro;
    let end = quoted + lines[quoted..].iter().take_while(|l| is_quote(l) || blank(l)).count();
    let (quote, answer) = (lines[lead..end].join("\n"), lines[end..].join("\n"));
    // A quote in between means that it is answered piece by piece.
    if answer.trim().is_empty() || lines[end..].iter().any(|l| is_quote(l)) {
        return text.to_owned();
    }
    let Parts { fresh, rest } = parts(answer.trim());
    let mut out = format!("{fresh}\n\n{}", quote.trim());
    if !rest.is_empty() {
        out.push_str("\n\n");
        out.push_str(rest);
    }
    out
}

fn offsets(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let start = at;
            at += line.len();
            (start, line.trim_end_matches(['\n', '\r']))
        })
        .collect()
}

fn begins_rest(lines: &[(usize, &str)], own: &[usize], n: usize) -> bool {
    let line = lines[n].1;
    // The usual mark of a signature: “-- ” alone on its line (RFC 3676, 4.3); the blank is often lost.
    // What is long is no signature.
    if is_sign_off(line) {
        return own[n + 1] <= LONGEST_SIGNATURE;
    }
    let said = line.trim();
    if is_divider(said) || is_header_block(lines, n) {
        return true;
    }
    if is_quote(line) {
        return own[n] == 0;
    }
    // An attribution may be broken over up to three lines before its quote.
    for more in 1..=3 {
        let Some((_, next)) = lines.get(n + more) else { break };
        let joined = lines[n..n + more].iter().map(|(_, l)| l.trim()).collect::<Vec<_>>().join(" ");
        if !said.is_empty() && is_attribution(&joined) {
            let quote = lines[n + more..].iter().position(|(_, l)| !l.trim().is_empty());
            let quoted = quote.is_some_and(|q| is_quote(lines[n + more + q].1));
            return quoted && tail_is_repeated(lines, n + more);
        }
        if next.trim().is_empty() {
            break;
        }
    }
    false
}

/// After an attribution: quote, then at most a signature.
fn tail_is_repeated(lines: &[(usize, &str)], from: usize) -> bool {
    let quoted = |l: &str| l.trim().is_empty() || is_quote(l);
    let rest = lines[from..].iter().position(|(_, l)| !quoted(l));
    rest.is_none_or(|r| is_sign_off(lines[from + r].1))
}

/// Lines of a signature, at the most.
const LONGEST_SIGNATURE: usize = 15;

fn is_sign_off(line: &str) -> bool {
    matches!(line, "-- " | "--" | "—")
}

fn is_quote(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// “Le 3 mai 2026 à 10:12, Léa <lea@…> a écrit :”, “On …, Léa wrote:” and their kin.
fn is_attribution(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['\u{a0}', '\u{202f}', ' ']);
    if text.chars().count() > 300 {
        return false;
    }
    let said = text.trim_end_matches([':', '：']).trim_end_matches(['\u{a0}', '\u{202f}', ' ']).to_lowercase();
    let ends = ["wrote", "a écrit", "a ecrit", "schrieb", "escribió", "ha scritto", "escreveu", "schreef", "skrev"];
    let begins = ["le ", "on ", "am ", "el ", "il ", "em ", "op ", "den ", "em "];
    let colon = text.ends_with([':', '：']);
    colon
        && (ends.iter().any(|e| said.ends_with(e))
            || (begins.iter().any(|b| said.starts_with(b)) && said.contains('@')))
}

/// “-----Original Message-----”, “---------- Forwarded message ---------” keeps its words: what is
/// forwarded is the matter itself.
fn is_divider(line: &str) -> bool {
    let words = line.trim_matches(['-', '_', ' ', '\u{a0}']).to_lowercase();
    let dashed = line.starts_with("--") || line.starts_with("__");
    let known =
        ["original message", "message d'origine", "message d’origine", "message original", "ursprüngliche nachricht"];
    dashed && known.contains(&words.as_str())
}

/// Outlook's lines of headers: From, Sent, To, Subject, one under the other.
fn is_header_block(lines: &[(usize, &str)], n: usize) -> bool {
    let key = |m: usize| -> Option<String> {
        let (key, _) = lines.get(m)?.1.trim().trim_matches('*').split_once(':')?;
        Some(key.trim().trim_matches('*').trim().to_lowercase())
    };
    let from = ["from", "de", "von"];
    let then = ["sent", "envoyé", "date", "gesendet", "to", "à", "an", "envoyé le"];
    let (Some(first), Some(second)) = (key(n), key(n + 1)) else { return false };
    let forwarded = n > 0
        && lines[..n].iter().rev().find(|(_, l)| !l.trim().is_empty()).is_some_and(|(_, l)| {
            let l = l.to_lowercase();
            l.starts_with("--") && (l.contains("forward") || l.contains("transf") || l.contains("weitergel"))
        });
    from.contains(&first.as_str()) && then.contains(&second.as_str()) && !forwarded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(text: &str) -> &str {
        parts(text).fresh
    }

    #[test]
    fn what_is_repeated_is_put_aside() {
        for (text, new) in [
            (
                "Merci !\n\nLe lun. 3 mai 2026 à 10:12, Aubépine <sav@aubepine.example> a écrit :\n> Bonjour\n> ...",
                "Merci !",
            ),
            (
                "Yes\n\nOn Thu, Aug 19, 2021 at 2:07 PM Tess from the test of senders <\ntess@example.org> wrote:\n\n> Any update?\n>\n\n--\nSony\nDev",
                "Yes",
            ),
            ("Non.\n\n-----Message d’origine-----\nDe : SAV\nEnvoyé : lundi\nBonjour", "Non."),
            ("Non.\n\nDe : SAV <sav@aubepine.example>\nEnvoyé : lundi 3 mai\nÀ : Léa\nObjet : x\n\nBonjour", "Non."),
            ("Bonjour\n\nLéa\n-- \nLéa Martin\n06 00 00 00 00", "Bonjour\n\nLéa"),
            ("Okay then\n\n\n> Okay noted\n\n", "Okay then"),
        ] {
            assert_eq!(fresh(text), new, "{text}");
            assert!(!parts(text).rest.is_empty());
        }
    }

    #[test]
    fn what_is_new_is_never_put_aside() {
        for text in [
            "Bonjour, je vous écris :\n- un\n- deux",
            "> Quelle taille ?\n38\n> Quelle couleur ?\nRouge",
            "> seulement une citation",
            "On the label it says:\nwash cold",
            "Voici :\n\n---------- Forwarded message ---------\nFrom: Léa <lea@example.org>\nDate: lundi\n\nMa commande est cassée",
            "",
            "De : rien\nmerci",
        ] {
            assert_eq!(parts(text), Parts { fresh: text, rest: "" }, "{text}");
        }
    }

    #[test]
    fn an_answer_below_its_quote_comes_first() {
        let below =
            "Le 3 mai 2026, SAV <sav@aubepine.example> a écrit :\n> Quelle taille ?\n>\n\nLa 38, merci\n-- \nLéa";
        let turned = fresh_first(below);
        assert_eq!(fresh(&turned), "La 38, merci");
        assert!(turned.contains("> Quelle taille ?") && turned.ends_with("Léa"), "{turned}");
        for same in ["Bonjour\n> a\nb", "> a\nb\n> c\nd", "Bonjour", "", "> a"] {
            assert_eq!(fresh_first(same), same);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(text in "[>a-e :\\-\n]{0,200}") {
            let Parts { fresh, rest } = parts(&text);
            proptest::prop_assert!(text.starts_with(fresh));
            let letters = |t: &str| t.chars().filter(|c| !c.is_whitespace()).count();
            proptest::prop_assert_eq!(letters(fresh) + letters(rest), letters(&text));
            proptest::prop_assert_eq!(letters(&fresh_first(&text)), letters(&text));
        }
    }
}

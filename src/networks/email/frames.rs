//! Several mails in one body: a line that says what it is, then each mail behind its number in the
//! mailbox and its length. The mails' own bytes stay as they came.

const LEAD: &[u8] = b"guichet mails 1\n";

/// One body of several mails.
pub(super) fn join(mails: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut out = LEAD.to_vec();
    for (uid, raw) in mails {
        out.extend_from_slice(format!("{uid} {}\n", raw.len()).as_bytes());
        out.extend_from_slice(raw);
        out.push(b'\n');
    }
    out
}

/// The mails of a body; a body that is none of ours is one mail. None when it is cut short.
pub(super) fn split(body: &[u8]) -> Option<Vec<&[u8]>> {
    let Some(mut rest) = body.strip_prefix(LEAD) else { return Some(vec![body]) };
    let mut mails = Vec::new();
    while !rest.is_empty() {
        let end = rest.iter().take(40).position(|b| *b == b'\n')?;
        let (_, length) = std::str::from_utf8(&rest[..end]).ok()?.split_once(' ')?;
        let length: usize = length.parse().ok()?;
        let from = end + 1;
        mails.push(rest.get(from..from.checked_add(length)?)?);
        rest = rest.get(from + length + 1..)?;
    }
    Some(mails)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_joined_comes_apart_again() {
        let mails = vec![(7, b"From: a\n\n7 3\nabc".to_vec()), (9, Vec::new()), (12, b"\xFF\x00\n".to_vec())];
        let body = join(&mails);
        let all: Vec<Vec<u8>> = split(&body).unwrap().into_iter().map(<[u8]>::to_vec).collect();
        assert_eq!(all, mails.into_iter().map(|(_, raw)| raw).collect::<Vec<_>>());
        assert_eq!(split(b"From: a\n\nb"), Some(vec![&b"From: a\n\nb"[..]]));
        assert_eq!(split(&body[..body.len() - 3]), None);
        assert_eq!(split(b"guichet mails 1\n1 99999999999999999999\n"), None);
        assert_eq!(split(b"guichet mails 1\n1 18446744073709551615\n"), None);
    }
}

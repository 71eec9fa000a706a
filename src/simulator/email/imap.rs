//! The door where mailboxes are read.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::tokens::challenge;
use super::{At, Email, header};

/// Serves until `stop`.
pub(super) async fn serve(email: Arc<Email>, door: TcpListener, stop: CancellationToken) {
    loop {
        let visitor = tokio::select! {
            visitor = door.accept() => visitor,
            () = stop.cancelled() => return,
        };
        if let Ok((stream, _)) = visitor {
            tokio::spawn(talk(Arc::clone(&email), stream, stop.clone()));
        }
    }
}

/// One visitor; whatever breaks the talk ends it.
async fn talk(email: Arc<Email>, stream: TcpStream, stop: CancellationToken) {
    tokio::select! {
        _ = hear(&email, stream) => {}
        () = stop.cancelled() => {}
    }
}

#[derive(Default)]
struct Visit {
    user: String,
    sent: bool,
    /// How many mails of the folder the visitor was told of.
    told: usize,
}

async fn hear(email: &Email, stream: TcpStream) -> std::io::Result<()> {
    let mut wire = BufReader::new(stream);
    wire.write_all(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] mail.example ready\r\n").await?;
    let mut visit = Visit::default();
    loop {
        let mut line = String::new();
        if wire.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let mut words = line.trim_end().splitn(3, ' ').map(str::to_owned);
        let (tag, mut verb) = (words.next().unwrap_or_default(), words.next().unwrap_or_default().to_uppercase());
        let mut rest = words.next().unwrap_or_default();
        if verb == "UID" {
            let (what, after) = rest.split_once(' ').unwrap_or((&rest, ""));
            (verb, rest) = (format!("UID {}", what.to_uppercase()), after.to_owned());
        }
        let done = format!("{tag} OK done\r\n");
        match verb.as_str() {
            "CAPABILITY" => {
                // What a server can do is told again after the login (seen of Dovecot).
                let idle = if email.world().idles { " IDLE" } else { "" };
                say(&mut wire, &format!("* CAPABILITY IMAP4rev1 UIDPLUS SPECIAL-USE{idle}\r\n{done}")).await?;
            }
            "LOGIN" => {
                let (user, password) = login(&rest);
                let good = email.world().mailboxes.get(&user).is_some_and(|m| m.password == password);
                let answer = match email.instead(At::Imap) {
                    Some(words) => format!("{tag} {words}\r\n"),
                    None if good => done,
                    None => format!("{tag} NO [AUTHENTICATIONFAILED] Authentication failed.\r\n"),
                };
                visit.user = user;
                say(&mut wire, &answer).await?;
            }
            "AUTHENTICATE" if rest.eq_ignore_ascii_case("XOAUTH2") => {
                say(&mut wire, "+ \r\n").await?;
                let mut words = String::new();
                wire.read_line(&mut words).await?;
                if let Some(user) = email.opened_by(&words) {
                    visit.user = user;
                    say(&mut wire, &done).await?;
                } else {
                    say(&mut wire, &format!("+ {}\r\n", challenge())).await?;
                    wire.read_line(&mut String::new()).await?;
                    say(&mut wire, &format!("{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n"))
                        .await?;
                }
            }
            "LIST" => {
                let folders = "* LIST (\\HasNoChildren) \"/\" INBOX\r\n";
                let keeps = email.world().mailboxes.get(&visit.user).is_some_and(|m| m.sent.is_some());
                let sent = if keeps { "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\r\n" } else { "" };
                say(&mut wire, &format!("{folders}{sent}{done}")).await?;
            }
            "SELECT" | "EXAMINE" => {
                visit.sent = rest.trim_matches('"').eq_ignore_ascii_case("sent");
                visit.told = folder(email, &visit).len();
                let told = told(email, &visit);
                say(&mut wire, &format!("{told}{done}")).await?;
            }
            "UID SEARCH" => {
                let found = search(email, &visit, &rest);
                say(&mut wire, &format!("* SEARCH{found}\r\n{done}")).await?;
            }
            "UID FETCH" => {
                let answer = fetch(email, &visit, &rest);
                wire.write_all(&answer).await?;
                say(&mut wire, &done).await?;
            }
            "IDLE" => {
                say(&mut wire, "+ idling\r\n* OK Still here\r\n").await?;
                idle(email, &visit, &mut wire).await?;
                say(&mut wire, &done).await?;
            }
            "NOOP" => say(&mut wire, &done).await?,
            "LOGOUT" => {
                say(&mut wire, &format!("* BYE Logging out\r\n{done}")).await?;
                return Ok(());
            }
            _ => say(&mut wire, &format!("{tag} BAD unknown command\r\n")).await?,
        }
    }
}

async fn say(wire: &mut BufReader<TcpStream>, text: &str) -> std::io::Result<()> {
    wire.write_all(text.as_bytes()).await
}

/// `"user" "pass\"word"`.
fn login(rest: &str) -> (String, String) {
    let (mut words, mut word, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false);
    for c in rest.chars() {
        match c {
            _ if escaped => {
                word.push(c);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    let mut words = words.into_iter();
    (words.next().unwrap_or_default(), words.next().unwrap_or_default())
}

/// A copy of the folder that was selected.
fn folder(email: &Email, visit: &Visit) -> Vec<(u32, Vec<u8>)> {
    let world = email.world();
    let Some(mailbox) = world.mailboxes.get(&visit.user) else { return Vec::new() };
    if visit.sent { mailbox.sent.clone().unwrap_or_default() } else { mailbox.inbox.clone() }
}

fn told(email: &Email, visit: &Visit) -> String {
    let world = email.world();
    let Some(m) = world.mailboxes.get(&visit.user) else { return String::new() };
    let n = if visit.sent { m.sent.as_ref().map_or(0, Vec::len) } else { m.inbox.len() };
    format!(
        "* FLAGS (\\Seen)\r\n* {n} EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY {}] valid\r\n* OK [UIDNEXT {}] next\r\n",
        m.validity, m.next
    )
}

/// `UID n:*`, `SINCE day`, `HEADER Message-ID "part"`; together they all must hold. `n:*` names the
/// last mail in any case (RFC 9051, 6.4.9).
fn search(email: &Email, visit: &Visit, query: &str) -> String {
    let all = folder(email, visit);
    let from = query.split("UID ").nth(1).and_then(|q| q.split(':').next()?.parse::<u32>().ok());
    let part = query.split("HEADER Message-ID \"").nth(1).and_then(|q| q.split('"').next()).map(str::to_owned);
    let last = all.last().map(|(uid, _)| *uid);
    let fits = |(uid, raw): &&(u32, Vec<u8>)| {
        let named = part.as_ref().is_none_or(|p| header(raw, "message-id").is_some_and(|id| id.contains(p.as_str())));
        from.is_none_or(|f| *uid >= f || Some(*uid) == last) && named
    };
    let found: Vec<String> = all.iter().filter(fits).map(|(uid, _)| uid.to_string()).collect();
    if found.is_empty() { String::new() } else { format!(" {}", found.join(" ")) }
}

/// `7,9 (UID RFC822.SIZE)` and `7 (UID BODY.PEEK[]<0.100>)`.
fn fetch(email: &Email, visit: &Visit, rest: &str) -> Vec<u8> {
    let (set, what) = rest.split_once(' ').unwrap_or((rest, ""));
    let wanted: Vec<u32> = set.split(',').filter_map(|n| n.parse().ok()).collect();
    let mut out = Vec::new();
    for (n, (uid, raw)) in folder(email, visit).iter().enumerate().filter(|(_, (uid, _))| wanted.contains(uid)) {
        let n = n + 1;
        if what.contains("RFC822.SIZE") {
            out.extend_from_slice(format!("* {n} FETCH (UID {uid} RFC822.SIZE {})\r\n", raw.len()).as_bytes());
            continue;
        }
        let partly = what.split("<0.").nth(1).and_then(|p| p.split('>').next()?.parse::<usize>().ok());
        let bytes = &raw[..partly.unwrap_or(raw.len()).min(raw.len())];
        let mark = if partly.is_some() { "<0>" } else { "" };
        out.extend_from_slice(format!("* {n} FETCH (UID {uid} BODY[]{mark} {{{}}}\r\n", bytes.len()).as_bytes());
        out.extend_from_slice(bytes);
        out.extend_from_slice(b")\r\n");
    }
    out
}

/// Tells of mails until the visitor says DONE (RFC 2177), also of those that came since the folder was
/// opened.
async fn idle(email: &Email, visit: &Visit, wire: &mut BufReader<TcpStream>) -> std::io::Result<()> {
    let mut known = visit.told;
    let mut line = String::new();
    loop {
        let came = email.came.notified();
        let now = folder(email, visit).len();
        if now != known {
            known = now;
            say(wire, &format!("* {now} EXISTS\r\n")).await?;
        }
        tokio::select! {
            read = wire.read_line(&mut line) => {
                return if read? == 0 { Err(std::io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) };
            }
            () = came => {}
        }
    }
}

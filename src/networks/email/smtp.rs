//! Handing a mail to the submission server, told step by step, so that one always knows how far it
//! came: until the last dot nothing has been sent, after it nobody can say before the answer.
//!
//! Sources: RFC 5321 (SMTP; 4.5.4 and 4.2 for codes), RFC 6409 (submission), RFC 3207 (STARTTLS), RFC
//! 4954 (AUTH), RFC 2034 and 3463 (enhanced codes), RFC 6531 (SMTPUTF8), RFC 8314 (TLS from the first
//! byte). What Postfix answers was seen of version 3.7, 2026-11.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::login::{Key, xoauth2};
use super::report::refusal_of;
use super::{Server, secured};
use crate::base::dial::{Security, Wire};
use crate::base::fetch::Trouble;
use crate::desk::outbound::{Outcome, Refusal};
use crate::networks::Line;

/// Until the server says “go ahead”. Together with [`TELL`] and [`ANSWER`] less than a sender's claim.
const PREPARE: Duration = Duration::from_secs(25);
/// For the mail itself.
const TELL: Duration = Duration::from_secs(12);
/// For the answer to the last dot.
const ANSWER: Duration = Duration::from_secs(15);
/// Most that is read of a server's answers.
const CAP: usize = 256 << 10;

/// One answer: its code, its enhanced code where there is one, its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    code: u16,
    status: String,
    text: String,
}

impl Answer {
    fn of(lines: &[String]) -> Answer {
        let code = lines.first().and_then(|l| l.get(..3)).and_then(|c| c.parse().ok()).unwrap_or(0);
        let said: Vec<&str> = lines.iter().map(|l| l.get(4..).unwrap_or_default().trim()).collect();
        let first = said.first().and_then(|l| l.split_whitespace().next()).unwrap_or_default();
        let enhanced = first.split('.').count() == 3 && first.chars().all(|c| c.is_ascii_digit() || c == '.');
        let text: String = said.join(" ").chars().take(300).collect();
        Answer { code, status: if enhanced { first.to_owned() } else { String::new() }, text }
    }

    fn why(&self) -> String {
        format!("{} {}", self.code, self.text).trim().to_owned()
    }
}

/// Where in the talk an answer was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Greeting, EHLO, STARTTLS.
    Hello,
    /// AUTH.
    Auth,
    /// MAIL FROM: ourselves.
    From,
    /// RCPT TO: the person.
    To,
    /// DATA and the mail itself.
    Data,
}

/// What a refusal means.
pub(super) fn refused(step: Step, answer: &Answer) -> Outcome {
    let why = answer.why();
    let later = |whole_channel| Outcome::Later { after: None, whole_channel, why: why.clone() };
    let code = answer.code;
    match (step, code) {
        // 421: the server closes; 4xx: not now. 454 at AUTH: its own login is out of order.
        (Step::Auth, 400..=499) | (_, 421) => later(true),
        (_, 400..=499) => later(false),
        // 530 and 538: a login, or TLS, is asked for; 535: this one is not good.
        (Step::Auth, _) | (_, 530 | 534 | 535 | 538) => Outcome::Reconnect(why),
        // What is no SMTP at all, or refused at the door, may be another service being set up.
        (Step::Hello, _) => later(true),
        (_, 552) => Outcome::Never(size_or_room(answer), why),
        (Step::From, _) => Outcome::Never(Refusal::NotPermitted, why),
        (Step::To, _) => Outcome::Never(Refusal::Unreachable, why),
        (Step::Data, _) if !answer.status.is_empty() => match refusal_of(&answer.status) {
            // 5.7.x after the mail was read: its content was not wanted.
            Refusal::Unreachable => Outcome::Never(Refusal::Invalid, why),
            other => Outcome::Never(other, why),
        },
        (Step::Data, _) => Outcome::Never(Refusal::Invalid, why),
    }
}

/// 552 is said of a mail that is too large (5.3.4), and of a mailbox that is full (5.2.2).
fn size_or_room(answer: &Answer) -> Refusal {
    if answer.status == "5.2.2" { Refusal::Unreachable } else { Refusal::TooLong }
}

/// A mail ready to leave.
pub(super) struct Letter<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub bytes: &'a [u8],
}

/// Hands a mail over; none when it was taken.
pub(super) async fn hand_over(line: &Line<'_>, server: &Server, letter: &Letter<'_>) -> Result<(), Outcome> {
    let prepared = tokio::time::timeout(PREPARE, prepare(line, server, letter)).await;
    let mut talk = prepared.map_err(|_| lost("time ran out before the mail was told"))??;
    let body = stuffed(letter.bytes);
    let told = tokio::time::timeout(TELL, talk.write(&body)).await;
    // Without the last dot a server has nothing to deliver (RFC 5321, 4.1.1.4).
    told.map_err(|_| lost("time ran out while the mail was told"))??;
    let unknown = |why: &str| Outcome::Unknown(format!("{} gave no answer: {why}", server.host));
    let answered = tokio::time::timeout(ANSWER, async {
        talk.wire.get_mut().write_all(b".\r\n").await?;
        talk.wire.get_mut().flush().await?;
        talk.read().await
    });
    let answer = match answered.await {
        Err(_) => return Err(unknown("time ran out")),
        Ok(Err(error)) => return Err(unknown(&error.to_string())),
        Ok(Ok(answer)) => answer,
    };
    if !(200..300).contains(&answer.code) {
        return Err(refused(Step::Data, &answer));
    }
    // It is taken; whether the farewell is heard does not matter.
    let _ = tokio::time::timeout(Duration::from_secs(1), talk.write(b"QUIT\r\n")).await;
    Ok(())
}

/// Tries the login, and says nothing more.
pub(super) async fn sign_in(line: &Line<'_>, server: &Server) -> Result<(), Outcome> {
    let opened = tokio::time::timeout(PREPARE, open(line, server)).await;
    let mut talk = opened.map_err(|_| lost("time ran out"))??;
    let _ = tokio::time::timeout(Duration::from_secs(1), talk.write(b"QUIT\r\n")).await;
    Ok(())
}

fn lost(why: &str) -> Outcome {
    Outcome::Later { after: None, whole_channel: false, why: why.to_owned() }
}

async fn prepare(line: &Line<'_>, server: &Server, letter: &Letter<'_>) -> Result<Talk, Outcome> {
    let mut talk = open(line, server).await?;
    let mut from = format!("MAIL FROM:<{}>", letter.from);
    if talk.offers("SIZE") {
        from.extend([" SIZE=", &letter.bytes.len().to_string()]);
    }
    if !letter.to.is_ascii() || !letter.from.is_ascii() {
        if !talk.offers("SMTPUTF8") {
            let why = "the mail server cannot write to addresses with letters beyond ASCII";
            return Err(Outcome::Never(Refusal::Unreachable, why.into()));
        }
        from.push_str(" SMTPUTF8");
    }
    talk.ask(&from, Step::From, 250).await?;
    talk.ask(&format!("RCPT TO:<{}>", letter.to), Step::To, 250).await?;
    talk.ask("DATA", Step::Data, 354).await?;
    Ok(talk)
}

async fn open(line: &Line<'_>, server: &Server) -> Result<Talk, Outcome> {
    let wire = line.dial(&server.host, server.port, server.security, CAP).await.map_err(unreached)?;
    let mut talk = Talk { wire: BufReader::new(wire), offers: Vec::new() };
    let greeting = talk.read().await.map_err(|e| lost(&e.to_string()))?;
    if greeting.code != 220 {
        return Err(refused(Step::Hello, &greeting));
    }
    talk.hello().await?;
    if server.security == Security::StartTls {
        if !talk.offers("STARTTLS") {
            return Err(Outcome::Reconnect(format!("{} offers no STARTTLS", server.host)));
        }
        talk.ask("STARTTLS", Step::Hello, 220).await?;
        // What was said before TLS counts for nothing after it (RFC 3207, 4.2).
        let wire = secured(talk.wire.into_inner()).await.map_err(unreached)?;
        talk = Talk { wire: BufReader::new(wire), offers: Vec::new() };
        talk.hello().await?;
    }
    talk.log_in(server).await?;
    Ok(talk)
}

fn unreached(trouble: Trouble) -> Outcome {
    match trouble {
        Trouble::Forbidden(f) => Outcome::Never(Refusal::Invalid, f.to_string()),
        other => Outcome::Later { after: None, whole_channel: false, why: other.to_string() },
    }
}

struct Talk {
    wire: BufReader<Wire>,
    offers: Vec<String>,
}

impl Talk {
    fn offers(&self, what: &str) -> bool {
        self.offers.iter().any(|o| o.split_whitespace().next().is_some_and(|w| w.eq_ignore_ascii_case(what)))
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Outcome> {
        let wire = self.wire.get_mut();
        let written = async {
            wire.write_all(bytes).await?;
            wire.flush().await
        };
        written.await.map_err(|e| lost(&e.to_string()))
    }

    async fn read(&mut self) -> std::io::Result<Answer> {
        Ok(Answer::of(&self.lines().await?))
    }

    async fn lines(&mut self) -> std::io::Result<Vec<String>> {
        let mut lines = Vec::new();
        loop {
            let mut bytes = Vec::new();
            if self.wire.read_until(b'\n', &mut bytes).await? == 0 {
                return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the connection was closed"));
            }
            let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            let last = text.as_bytes().get(3) != Some(&b'-');
            lines.push(text);
            if last {
                return Ok(lines);
            }
        }
    }

    async fn ask(&mut self, command: &str, step: Step, wanted: u16) -> Result<Answer, Outcome> {
        // An address with a line end would be a command of somebody else's.
        if command.contains(['\r', '\n', '\0']) {
            return Err(Outcome::Never(Refusal::Invalid, "a line end in a command".into()));
        }
        self.write(format!("{command}\r\n").as_bytes()).await?;
        let answer = self.read().await.map_err(|e| lost(&e.to_string()))?;
        let fits = answer.code == wanted || (wanted == 250 && answer.code == 251);
        if fits { Ok(answer) } else { Err(refused(step, &answer)) }
    }

    /// We name ourselves as RFC 5321, 4.1.3 lets clients without a name do.
    async fn hello(&mut self) -> Result<(), Outcome> {
        self.write(b"EHLO [127.0.0.1]\r\n").await?;
        let lines = self.lines().await.map_err(|e| lost(&e.to_string()))?;
        let answer = Answer::of(&lines);
        if answer.code != 250 {
            return Err(refused(Step::Hello, &answer));
        }
        self.offers = lines.iter().skip(1).filter_map(|l| l.get(4..)).map(str::to_owned).collect();
        Ok(())
    }

    async fn log_in(&mut self, server: &Server) -> Result<(), Outcome> {
        let way = self.offers.iter().find_map(|o| o.to_ascii_uppercase().strip_prefix("AUTH ").map(str::to_owned));
        // A relay that trusts this machine offers no login, and asks for none.
        let Some(ways) = way else { return Ok(()) };
        let offered = |name: &str| ways.split_whitespace().any(|w| w == name);
        match &server.key {
            Key::Token(_) if !offered("XOAUTH2") => {
                return Err(Outcome::Reconnect(format!("{} takes no access tokens (XOAUTH2)", server.host)));
            }
            Key::Token(token) => {
                let words = BASE64.encode(xoauth2(&server.user, token));
                self.write(format!("AUTH XOAUTH2 {words}\r\n").as_bytes()).await?;
                let mut answer = self.read().await.map_err(|e| lost(&e.to_string()))?;
                // The reason of a refusal is told as a challenge; the refusal comes after an empty answer.
                if answer.code == 334 {
                    self.write(b"\r\n").await?;
                    answer = self.read().await.map_err(|e| lost(&e.to_string()))?;
                }
                if answer.code != 235 {
                    return Err(refused(Step::Auth, &answer));
                }
            }
            Key::Password(password) if offered("PLAIN") || !offered("LOGIN") => {
                let token = BASE64.encode(format!("\0{}\0{password}", server.user));
                self.ask(&format!("AUTH PLAIN {token}"), Step::Auth, 235).await?;
            }
            Key::Password(password) => {
                self.ask("AUTH LOGIN", Step::Auth, 334).await?;
                self.ask(&BASE64.encode(&server.user), Step::Auth, 334).await?;
                self.ask(&BASE64.encode(password), Step::Auth, 235).await?;
            }
        }
        Ok(())
    }
}

/// Lines that begin with a dot get another one, and the mail ends with a line end.
fn stuffed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 64);
    let mut begins = true;
    for &b in bytes {
        if begins && b == b'.' {
            out.push(b'.');
        }
        out.push(b);
        begins = b == b'\n';
    }
    if !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Answer {
        Answer::of(&[line.to_owned()])
    }

    #[test]
    fn every_refusal_has_its_class() {
        let class = |step, line: &str| match refused(step, &said(line)) {
            Outcome::Later { whole_channel: true, .. } => "quiet".to_owned(),
            Outcome::Later { .. } => "later".to_owned(),
            Outcome::Reconnect(_) => "reconnect".to_owned(),
            Outcome::Never(refusal, _) => refusal.to_string(),
            other => format!("{other:?}"),
        };
        for (step, line, means) in [
            (Step::Hello, "421 4.3.2 shutting down", "quiet"),
            (Step::Hello, "554 5.7.1 no", "quiet"),
            (Step::Auth, "454 4.7.0 Temporary authentication failure", "quiet"),
            (Step::Auth, "535 5.7.8 Error: authentication failed", "reconnect"),
            (Step::Auth, "534 5.7.9 Application-specific password required", "reconnect"),
            (Step::From, "530 5.7.0 Must issue a STARTTLS command first", "reconnect"),
            (Step::From, "553 5.7.1 Sender address rejected: not owned by user", "not_permitted"),
            (Step::From, "552 5.3.4 Message size exceeds fixed limit", "too_long"),
            (Step::From, "452 4.3.1 Insufficient system storage", "later"),
            (Step::To, "450 4.2.0 Greylisted", "later"),
            (Step::To, "421 4.7.0 Too many connections", "quiet"),
            (Step::To, "550 5.1.1 User unknown", "unreachable"),
            (Step::To, "554 5.7.1 Relay access denied", "unreachable"),
            (Step::To, "552 5.2.2 Mailbox full", "unreachable"),
            (Step::Data, "554 5.7.1 Spam", "invalid"),
            (Step::Data, "552 5.3.4 Too big", "too_long"),
            (Step::Data, "451 4.3.0 later", "later"),
            (Step::Data, "550 no words", "invalid"),
        ] {
            assert_eq!(class(step, line), means, "{step:?} {line}");
        }
    }

    #[test]
    fn a_dot_alone_never_ends_a_mail_early() {
        assert_eq!(stuffed(b"a\r\n.\r\n..b\r\nc"), b"a\r\n..\r\n...b\r\nc\r\n");
        assert_eq!(stuffed(b""), b"\r\n");
    }
}

//! The door where mails are handed in.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::tokens::challenge;
use super::{At, Email, Taken};

/// Serves until `stop`.
pub(super) async fn serve(email: Arc<Email>, door: TcpListener, stop: CancellationToken) {
    loop {
        let visitor = tokio::select! {
            visitor = door.accept() => visitor,
            () = stop.cancelled() => return,
        };
        if let Ok((stream, _)) = visitor {
            tokio::spawn(talk(Arc::clone(&email), stream));
        }
    }
}

/// One visitor; whatever breaks the talk ends it.
async fn talk(email: Arc<Email>, stream: TcpStream) {
    let _ = hear(&email, stream).await;
}

async fn hear(email: &Email, stream: TcpStream) -> std::io::Result<()> {
    let mut wire = BufReader::new(stream);
    wire.write_all(b"220 mail.example ESMTP\r\n").await?;
    let (mut user, mut from, mut to) = (None, String::new(), String::new());
    loop {
        let mut line = String::new();
        if wire.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        let upper = line.to_ascii_uppercase();
        let answer = if upper.starts_with("EHLO") {
            // RFC 1870 (SIZE), RFC 4954 (AUTH), RFC 2034 (codes like 5.1.1), RFC 6152 (8BITMIME).
            "250-mail.example\r\n250-SIZE 10240000\r\n250-AUTH PLAIN LOGIN XOAUTH2\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME"
                .into()
        } else if let Some(token) = upper.strip_prefix("AUTH PLAIN ").map(|_| &line[11..]) {
            let told = BASE64.decode(token).unwrap_or_default();
            let mut parts = told.split(|b| *b == 0).skip(1).map(|p| String::from_utf8_lossy(p).into_owned());
            let (name, password) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let good = email.world().mailboxes.get(&name).is_some_and(|m| m.password == password);
            match email.instead(At::Auth) {
                Some(words) => words,
                None if good => {
                    user = Some(name);
                    "235 2.7.0 Authentication successful".into()
                }
                None => "535 5.7.8 Error: authentication failed".into(),
            }
        } else if let Some(words) = upper.strip_prefix("AUTH XOAUTH2 ").map(|_| &line[13..]) {
            user = email.opened_by(words);
            if user.is_some() {
                "235 2.7.0 Accepted".into()
            } else {
                wire.write_all(format!("334 {}\r\n", challenge()).as_bytes()).await?;
                wire.read_line(&mut String::new()).await?;
                "535 5.7.8 Username and Password not accepted".into()
            }
        } else if upper.starts_with("MAIL FROM:") {
            from = between(line);
            match &user {
                None => "530 5.7.0 Authentication required".into(),
                // Postfix: reject_sender_login_mismatch.
                Some(user) if *user != from => "553 5.7.1 Sender address rejected: not owned by user".into(),
                Some(_) => "250 2.1.0 Ok".into(),
            }
        } else if upper.starts_with("RCPT TO:") {
            to = between(line);
            email.instead(At::To).unwrap_or_else(|| "250 2.1.5 Ok".into())
        } else if upper == "DATA" {
            wire.write_all(b"354 End data with <CR><LF>.<CR><LF>\r\n").await?;
            let raw = letter(&mut wire).await?;
            let taken = Taken { from: from.clone(), to: to.clone(), raw };
            if email.instead(At::Silence).is_some() {
                email.take(taken);
                return Ok(());
            }
            email.instead(At::Data).unwrap_or_else(|| {
                email.take(taken);
                "250 2.0.0 Ok: queued".into()
            })
        } else if upper == "QUIT" {
            wire.write_all(b"221 2.0.0 Bye\r\n").await?;
            return Ok(());
        } else {
            "502 5.5.2 Error: command not recognized".into()
        };
        // An empty word hangs up: what a server that is stopped does.
        if answer.is_empty() {
            return Ok(());
        }
        wire.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

fn between(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(inside, _)| inside).to_owned()
}

/// The mail up to the dot, without the dots that were added (RFC 5321, 4.5.2).
async fn letter(wire: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    loop {
        let mut line = Vec::new();
        if wire.read_until(b'\n', &mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(raw);
        }
        raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

//! A mail server on this machine: mailboxes read by IMAP, a submission door that takes mails, and
//! people at the other end, some of whom are away and some of whom do not exist.
//!
//! Sources: RFC 9051 and 3501 (what the IMAP side says), RFC 2177 (IDLE), RFC 5321 and 6409 (the SMTP
//! side), RFC 3464 (what a bounce looks like), RFC 3834 and 5230 (what somebody's absence says); the
//! wording of bounces and absences as Postfix 3.7 and Pigeonhole 0.5 were seen to put it, 2026-11.
//! It speaks in the clear and on loopback only; TLS is proved against the real servers.

mod imap;
mod people;
mod smtp;
mod tokens;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use self::tokens::routes;

use crate::base::Given;

/// The server.
pub struct Email {
    given: Given,
    world: Mutex<World>,
    /// Rung when a mail has come to some mailbox.
    came: Notify,
    /// Where mailboxes are read.
    pub imap: SocketAddr,
    /// Where mails are handed in.
    pub smtp: SocketAddr,
}

#[derive(Default)]
struct World {
    mailboxes: BTreeMap<String, Mailbox>,
    people: BTreeMap<String, Manner>,
    ledger: Vec<Taken>,
    refusals: VecDeque<(At, String)>,
    serial: u64,
    idles: bool,
}

struct Mailbox {
    password: String,
    /// The access token it takes in place of a password, and what new ones are given for.
    tokens: Option<(String, String)>,
    validity: u32,
    next: u32,
    inbox: Vec<(u32, Vec<u8>)>,
    /// Copies of what was sent, where this server keeps them.
    sent: Option<Vec<(u32, Vec<u8>)>>,
}

/// A mail somebody handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipient.
    pub to: String,
    /// The mail.
    pub raw: Vec<u8>,
}

/// How somebody at the other end takes a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Their server says that they are away.
    Away,
    /// Nobody of that name: their server sends the mail back.
    Unknown,
}

/// Where in the talk something goes otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The login.
    Auth,
    /// The recipient.
    To,
    /// The mail itself: this is said in place of “taken”, and it is not taken.
    Data,
    /// The mail is taken, and the connection lost before that is said.
    Silence,
    /// The mailbox's login.
    Imap,
}

impl Email {
    /// Opens both doors on loopback ports of the machine's choice.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(given: Given, stop: CancellationToken) -> anyhow::Result<Arc<Email>> {
        let (imap, smtp) = (TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?);
        let email = Arc::new(Email {
            given,
            world: Mutex::new(World { idles: true, ..World::default() }),
            came: Notify::new(),
            imap: imap.local_addr()?,
            smtp: smtp.local_addr()?,
        });
        tokio::spawn(imap::serve(Arc::clone(&email), imap, stop.clone()));
        tokio::spawn(smtp::serve(Arc::clone(&email), smtp, stop));
        Ok(email)
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a mailbox. Its numbers mean what they mean until it is made again.
    pub fn add_mailbox(&self, address: &str, password: &str) {
        let validity = u32::try_from(self.given.now().secs()).unwrap_or(1);
        let password = password.to_owned();
        let mailbox = Mailbox { password, tokens: None, validity, next: 1, inbox: Vec::new(), sent: None };
        self.world().mailboxes.insert(address.to_owned(), mailbox);
    }

    /// The settings by which a mailbox is connected.
    pub fn settings(&self, address: &str, password: &str) -> Vec<(String, String)> {
        let pairs = [
            ("address", address.to_owned()),
            ("imap_host", self.imap.ip().to_string()),
            ("imap_port", self.imap.port().to_string()),
            ("smtp_host", self.smtp.ip().to_string()),
            ("smtp_port", self.smtp.port().to_string()),
            ("password", password.to_owned()),
            ("security", "none".to_owned()),
        ];
        pairs.map(|(k, v)| (k.to_owned(), v)).to_vec()
    }

    /// Another password is good from now on.
    pub fn set_password(&self, address: &str, password: &str) {
        if let Some(mailbox) = self.world().mailboxes.get_mut(address) {
            password.clone_into(&mut mailbox.password);
        }
    }

    /// The server keeps copies of what is sent, from now on.
    pub fn keep_sent(&self, address: &str) {
        if let Some(mailbox) = self.world().mailboxes.get_mut(address) {
            mailbox.sent.get_or_insert_default();
        }
    }

    /// The mailbox was restored from elsewhere: its numbers no longer mean what they meant.
    pub fn renumber(&self, address: &str) {
        if let Some(mailbox) = self.world().mailboxes.get_mut(address) {
            mailbox.validity += 1;
            for (n, mail) in mailbox.inbox.iter_mut().enumerate() {
                mail.0 = u32::try_from(n).unwrap_or(0) + 1;
            }
            mailbox.next = u32::try_from(mailbox.inbox.len()).unwrap_or(0) + 1;
        }
    }

    /// Whether the server can tell when something comes.
    pub fn set_idles(&self, idles: bool) {
        self.world().idles = idles;
    }

    /// How somebody takes mails.
    pub fn set_manner(&self, address: &str, manner: Manner) {
        self.world().people.insert(address.to_owned(), manner);
    }

    /// The next time this is reached, these words are said instead.
    pub fn next_time(&self, at: At, words: &str) {
        self.world().refusals.push_back((at, words.to_owned()));
    }

    fn instead(&self, at: At) -> Option<String> {
        let mut world = self.world();
        let n = world.refusals.iter().position(|(a, _)| *a == at)?;
        world.refusals.remove(n).map(|(_, words)| words)
    }

    /// Everything that was handed in, in order.
    pub fn ledger(&self) -> Vec<Taken> {
        self.world().ledger.clone()
    }

    /// A mail comes to a mailbox, as its bytes are.
    pub fn deliver(&self, to: &str, raw: Vec<u8>) {
        let mut world = self.world();
        if let Some(mailbox) = world.mailboxes.get_mut(to) {
            mailbox.inbox.push((mailbox.next, raw));
            mailbox.next += 1;
        }
        drop(world);
        self.came.notify_waiters();
    }

    /// Somebody writes a mail; its name. `about` is what it answers.
    pub fn write(&self, to: &str, from: (&str, &str), subject: &str, text: &str, about: Option<&str>) -> String {
        let (address, name) = from;
        let serial = self.serial();
        let id = format!("{serial}.{}@{}", self.given.below(1 << 40), address.rsplit_once('@').map_or("", |(_, d)| d));
        let thread = about.map(|a| format!("In-Reply-To: <{a}>\r\nReferences: <{a}>\r\n")).unwrap_or_default();
        let raw = format!(
            "Return-Path: <{address}>\r\nFrom: \"{name}\" <{address}>\r\nTo: <{to}>\r\nSubject: {subject}\r\nDate: {}\r\nMessage-ID: <{id}>\r\n{thread}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
            self.date(),
            text.replace('\n', "\r\n")
        );
        self.deliver(to, raw.into_bytes());
        id
    }

    fn serial(&self) -> u64 {
        let mut world = self.world();
        world.serial += 1;
        world.serial
    }

    /// The hour as mails write it.
    fn date(&self) -> String {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let text = self.given.now().to_string();
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or("00").to_owned();
        let month = part(5, 7).parse::<usize>().unwrap_or(1).clamp(1, 12);
        format!("{} {} {} {} +0000", part(8, 10), MONTHS[month - 1], part(0, 4), part(11, 19))
    }
}

/// A header's value, unfolded.
pub fn header(raw: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(raw);
    let top = text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
    let mut lines = top.split("\r\n").filter_map(|l| l.split_once(':'));
    lines.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim().to_owned())
}

//! Mail, proved against Postfix and Dovecot as they are: a mail sent with an ordinary client is a
//! ticket, the agent's answer arrives in the sender's mailbox in the same thread, a bounce is told, and
//! a real responder starts no loop.

use std::ops::Deref;
use std::time::Duration;

use guichet::base::id::ChannelId;
use guichet::desk::channel::ChannelState;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::Direction;
use guichet::desk::ticket::State;
use guichet::flow::connect;
use guichet::store::channels;

use crate::support::Engine;
use crate::support::post::{PASSWORD, Post};
use crate::support::serving::Serving;

/// A running desk with one mailbox.
struct Counter {
    desk: Serving,
    channel: ChannelId,
    post: Post,
}

impl Deref for Counter {
    type Target = Serving;
    fn deref(&self) -> &Serving {
        &self.desk
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}", self.post.log());
        }
    }
}

impl Counter {
    async fn open(engine: Engine, security: &str) -> Counter {
        let post = tokio::task::spawn_blocking(Post::open).await.unwrap();
        let desk = Serving::open(engine, Some(post.authority())).await;
        let (imap, smtp) =
            if security == "tls" { (post.imaps, post.submissions) } else { (post.imap, post.submission) };
        let settings = [
            ("address", "support@brand.test"),
            ("imap_host", "localhost"),
            ("imap_port", &imap.to_string()),
            ("smtp_host", "127.0.0.1"),
            ("smtp_port", &smtp.to_string()),
            ("password", PASSWORD),
            ("security", security),
            ("plus_addressing", "yes"),
        ];
        let (channel, hook) = desk.connect("email", &settings).await;
        assert_eq!(hook, None);
        let counter = Counter { desk, channel, post };
        let found = connect::check(counter.house(), &counter.scope, channel).await.unwrap();
        assert!(found.problems.is_empty(), "{:?}", found.problems);
        assert_eq!(found.can, ["receive", "dm"]);
        counter
    }

    async fn arrived(&self, address: &str, n: usize) -> Vec<String> {
        let enough = async || Some(self.post.inbox(address)).filter(|all| all.len() >= n);
        self.until(&format!("mail {n} for {address}"), enough).await.0
    }
}

fn header(mail: &str, name: &str) -> String {
    let top = mail.replace("\r\n", "\n");
    let top = top.split("\n\n").next().unwrap().replace("\n ", " ").replace("\n\t", " ");
    let found = top.lines().filter_map(|l| l.split_once(": ")).find(|(n, _)| n.eq_ignore_ascii_case(name));
    found.map(|(_, v)| v.trim().to_owned()).unwrap_or_default()
}

fn letter(from: &str, subject: &str, id: &str, more: &str, text: &str) -> String {
    format!(
        "From: {from}\nTo: support@brand.test\nSubject: {subject}\nDate: Sat, 21 Nov 2026 10:00:00 +0100\nMessage-ID: <{id}>\n{more}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    )
}

async fn a_mail_is_answered_in_its_thread(engine: Engine, security: &str) {
    let counter = Counter::open(engine, security).await;
    // What was there before we came, and what comes while somebody waits for it.
    let lea = "Léa Martin <lea@people.test>";
    let mail = letter(
        "=?utf-8?q?L=C3=A9a?= Martin <lea@people.test>",
        "Ma commande",
        "un@people.test",
        "",
        "Bonjour, où est ma commande ?",
    );
    counter.post.send("lea@people.test", "support@brand.test", &mail);
    let (ticket, took) = counter.until("a ticket", async || counter.tickets().await.pop()).await;
    assert!(took < Duration::from_secs(5), "it took {took:?}");
    let asked = counter.messages(ticket.id).await.remove(0);
    assert_eq!((asked.author_name.as_str(), asked.author_handle.as_deref()), ("Léa Martin", Some("lea@people.test")));
    assert_eq!(asked.text, "Ma commande\n\nBonjour, où est ma commande ?");
    assert_eq!((ticket.state, asked.machine), (State::New, false), "{lea}");

    // The answer stands in her mailbox, in her thread.
    let said = counter.say(ticket.id, "Bonjour Léa,\n\nelle est partie ce matin.\n.\n").await;
    let inbox = counter.arrived("lea@people.test", 1).await;
    let answer = &inbox[0];
    let name = header(answer, "message-id");
    assert_eq!(header(answer, "in-reply-to"), "<un@people.test>");
    assert_eq!(header(answer, "references"), "<un@people.test>");
    assert_eq!(header(answer, "subject"), "Re: Ma commande");
    assert_eq!(header(answer, "from"), "\"Brand SAV\" <support@brand.test>");
    assert_eq!(header(answer, "to"), "lea@people.test");
    assert!(header(answer, "auto-submitted").is_empty(), "a person wrote it");
    assert!(header(answer, "date").starts_with("Sun, ") || header(answer, "date").contains("20"), "{answer}");
    let sent = async || {
        let all = counter.messages(ticket.id).await;
        all.into_iter().find(|m| m.id == said.id && m.delivery == Some(Delivery::Sent))
    };
    let (sent, _) = counter.until("the reply being sent", sent).await;
    assert_eq!(format!("<{}>", sent.external_id.unwrap()), name);

    // She answers twice: by name, and, with all names lost on the way, to the address she was given.
    let quoting = "Merci !\n\nLe sam. 21 nov. 2026 à 10:05, Brand SAV <support@brand.test> a écrit :\n> elle est partie ce matin.";
    let more = format!("In-Reply-To: {name}\nReferences: <un@people.test> {name}\n");
    counter.post.send(
        "lea@people.test",
        "support@brand.test",
        &letter(lea, "Re: Ma commande", "deux@people.test", &more, quoting),
    );
    let three = async || Some(counter.messages(ticket.id).await).filter(|all| all.len() == 3);
    let (all, took) = counter.until("her answer", three).await;
    assert!(took < Duration::from_secs(5), "it took {took:?}");
    assert!(all[2].text.starts_with("Merci !"), "{}", all[2].text);
    let address = header(answer, "reply-to");
    assert!(address.starts_with("support+"), "{address}");
    counter.post.send(
        "paul@people.test",
        &address,
        &letter("paul@people.test", "autre chose", "trois@people.test", "", "Je réponds pour Léa."),
    );
    let (paul, _) = counter.until("Paul's ticket", async || counter.tickets().await.into_iter().nth(1)).await;
    assert_eq!(paul.thread_id, ticket.thread_id, "who has the key to the thread joins it, with a ticket of their own");
    counter.say(paul.id, "Merci Paul").await;
    let to_paul = counter.arrived("paul@people.test", 1).await;
    assert_eq!(header(&to_paul[0], "in-reply-to"), "<trois@people.test>");
    assert_eq!(counter.post.inbox("lea@people.test").len(), 1, "what is said to Paul is not said to Léa");

    // Reading did not mark anything as read, and nothing is there twice.
    assert_eq!(counter.tickets().await.len(), 2);
    let kept = counter.post.inbox("support@brand.test").len();
    assert_eq!(kept, 3, "the mailbox keeps what it had");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_tls_on_sqlite() {
    a_mail_is_answered_in_its_thread(Engine::Sqlite, "tls").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_starttls_on_postgres() {
    a_mail_is_answered_in_its_thread(Engine::Postgres, "starttls").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_are_heard_and_never_answered() {
    let counter = Counter::open(Engine::Sqlite, "tls").await;

    // A real responder: its answer to ours is shown, reopens nothing, and is answered by nobody.
    let mail =
        letter("Ada <away@people.test>", "Une question", "q1@people.test", "", "Bonjour, quels sont vos horaires ?");
    counter.post.send("away@people.test", "support@brand.test", &mail);
    let (ticket, _) = counter.until("a ticket", async || counter.tickets().await.pop()).await;
    counter.say(ticket.id, "De 9 h à 18 h.").await;
    let three = async || Some(counter.messages(ticket.id).await).filter(|all| all.len() == 3);
    let (all, _) = counter.until("the responder's answer", three).await;
    assert!(all[2].machine && all[2].direction == Direction::Inbound, "{:#?}", all[2]);
    assert!(all[2].text.contains("De retour lundi."), "{}", all[2].text);
    assert_eq!(counter.ticket(ticket.id).await.state, State::Waiting, "nobody need look because of it");

    // Nobody of that name: told at once. Nobody any more, where the mail was to be kept: told by a bounce.
    for (n, address, reason) in [(1, "ghost@people.test", "unreachable"), (2, "gone@people.test", "unreachable")] {
        let mail = letter(&format!("Ghost <{address}>"), "Bouh", &format!("g{n}@people.test"), "", "Vous êtes là ?");
        counter.post.send("lea@people.test", "support@brand.test", &mail);
        let (ticket, _) = counter.until("a ticket", async || counter.tickets().await.into_iter().nth(n)).await;
        let said = counter.say(ticket.id, "Oui").await;
        let failed = async || {
            let all = counter.messages(ticket.id).await;
            all.into_iter().find(|m| m.id == said.id && m.delivery == Some(Delivery::Failed))
        };
        let (failed, _) = counter.until("the failure being told", failed).await;
        assert_eq!(failed.delivery_reason.as_deref(), Some(reason), "{address}: {:?}", failed.delivery_why);
        assert!(failed.delivery_why.as_deref().is_some_and(|w| w.contains("5.1.")), "{:?}", failed.delivery_why);
        assert_eq!(counter.ticket(ticket.id).await.state, State::Open, "{address}");
    }

    let kept = counter.post.inbox("support@brand.test");
    assert!(kept.iter().any(|m| header(m, "content-type").starts_with("multipart/report")), "there was a real bounce");

    // Three tickets, no more: the bounce is none. One answer in her mailbox, no more: there is no loop.
    assert_eq!(counter.tickets().await.len(), 3);
    assert_eq!(counter.post.inbox("away@people.test").len(), 1);

    // What is too long is said to be, and a login that ends says so on the channel.
    let long = counter.say(ticket.id, &"é".repeat(49_000)).await;
    let failed = async || {
        counter.messages(ticket.id).await.into_iter().find(|m| m.id == long.id && m.delivery == Some(Delivery::Failed))
    };
    let (failed, _) = counter.until("the length being refused", failed).await;
    assert_eq!(failed.delivery_reason.as_deref(), Some("too_long"), "{:?}", failed.delivery_why);
    let wrong = [("password".to_owned(), "wrong".to_owned())];
    connect::reconnect(counter.house(), &counter.scope, counter.channel, &wrong).await.unwrap();
    let ended = async || {
        let mut tx = counter.house().db.read().await.unwrap();
        let channel = channels::get(&mut tx, &counter.scope, counter.channel).await.unwrap();
        Some(channel).filter(|c| c.state == ChannelState::NeedsReauth)
    };
    let (ended, _) = counter.until("the login ending", ended).await;
    assert!(ended.state_why.is_some_and(|why| why.to_lowercase().contains("authentication")));
}

//! Mail in and out, with a simulated server: threads, machines, attachments, bounces, and what goes
//! wrong on the way. That real servers see it the same is told in `postfix.rs`.

use std::time::Duration;

use guichet::base::id::{ChannelId, TicketId};
use guichet::desk::agent::Role;
use guichet::desk::channel::ChannelState;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::{Direction, Visibility};
use guichet::desk::scope::Scope;
use guichet::desk::ticket::{Bot, State};
use guichet::flow::reply;
use guichet::flow::{connect, listen};
use guichet::simulator::email::{At, Manner, header};
use guichet::store::messages::Message;
use guichet::store::{channels, outbox};

use crate::on_both;
use crate::support::replies::{again, said, words};
use crate::support::{Desk, Visitor};

const US: &str = "support@aubepine.example";
const LEA: (&str, &str) = ("lea@example.org", "Léa Martin");
const KEY: &str = "pass \"word\"";

async fn mailbox(desk: &Desk) -> ChannelId {
    desk.simulator.email.add_mailbox(US, KEY);
    let (channel, hook) = desk.connect("email", desk.simulator.email.settings(US, KEY)).await;
    assert_eq!(hook, None, "a mailbox has no hook");
    channel
}

async fn say(desk: &Desk, who: &Visitor, ticket: TicketId, text: &str) -> Message {
    said(desk, who, words(ticket, text, Visibility::Private)).await
}

fn letter(from: &str, subject: &str, id: &str, more: &str, text: &str) -> Vec<u8> {
    format!("From: {from}\nTo: {US}\nSubject: {subject}\nDate: Sat, 21 Nov 2026 09:00:00 +0000\nMessage-ID: <{id}>\n{more}Content-Type: text/plain; charset=utf-8\n\n{text}\n").into_bytes()
}

on_both! {
    async fn a_mail_is_a_ticket_and_its_answer_stands_in_its_thread(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let channel = mailbox(&desk).await;
        let post = &desk.simulator.email;
        let first = post.write(US, LEA, "Ma commande", "Où est ma commande ?", None);
        desk.read(channel).await;
        let ticket = desk.ticket().await;
        let asked = desk.messages(ticket.id).await.remove(0);
        assert_eq!(asked.text, "Ma commande\n\nOù est ma commande ?");
        assert_eq!((asked.author_name.as_str(), asked.external_id.as_deref()), ("Léa Martin", Some(first.as_str())));
        assert_eq!(ticket.excerpt, "Ma commande Où est ma commande ?");

        let said = say(&desk, &sarah, ticket.id, "Elle est partie.\n.\nÀ bientôt !").await;
        assert_eq!(said.delivery, Some(Delivery::Sent));
        let taken = post.ledger().remove(0);
        assert_eq!((taken.from.as_str(), taken.to.as_str()), (US, LEA.0));
        let named = format!("<{}>", said.external_id.clone().unwrap());
        assert_eq!(header(&taken.raw, "message-id").as_deref(), Some(named.as_str()));
        assert_eq!(header(&taken.raw, "in-reply-to"), Some(format!("<{first}>")));
        assert_eq!(header(&taken.raw, "subject").as_deref(), Some("Re: Ma commande"));
        assert_eq!(header(&taken.raw, "auto-submitted"), None);

        // By our name: whoever has it joins, each with a ticket of their own.
        let ours = said.external_id.as_deref();
        post.write(US, LEA, "Re: Ma commande", "Merci !\n\nLe sam. 21 nov. 2026, Aubépine a écrit :\n> Elle est partie.", ours);
        desk.read(channel).await;
        assert_eq!(desk.tickets().await.len(), 1);
        assert_eq!(desk.again(ticket.id).await.state, State::Open);
        assert_eq!(desk.again(ticket.id).await.excerpt, "Merci !", "what is quoted is not said again");
        let page = sarah.get(&format!("/tickets/{}", ticket.id)).await.expect(200);
        assert!(page.text.contains("<details") && page.seen().contains("Signature et message cité"), "{}", page.seen());
        post.write(US, ("paul@example.org", "Paul"), "Re: Ma commande", "C’est moi qui l’ai commandée", ours);
        desk.read(channel).await;
        let all = desk.tickets().await;
        assert_eq!((all.len(), all[0].thread_id), (2, all[1].thread_id));
        say(&desk, &sarah, all[1].id, "Bien reçu, Paul.").await;
        assert_eq!(post.ledger()[1].to, "paul@example.org");
        let chain = header(&post.ledger()[1].raw, "references").unwrap();
        assert!(chain.contains(&named), "{chain}");
    }

    async fn a_mailbox_is_opened_with_a_token_that_is_renewed(desk) {
        let sarah = desk.agent("Sarah", Role::Admin).await;
        let scope = desk.scope(&sarah).await;
        let post = &desk.simulator.email;
        post.add_mailbox(US, KEY);
        post.set_tokens(US, "access-CANARY", "refresh-CANARY");
        let settings = post.settings(US, KEY).into_iter().filter(|(key, _)| key != "password").collect();
        let (channel, _) = desk.connect("email", settings).await;
        let problems = async || connect::check(&desk.house, &scope, channel).await.unwrap().problems;
        let set = async |pairs: &[(&str, &str)]| {
            let pairs: Vec<_> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            connect::reconnect(&desk.house, &scope, channel, &pairs).await.unwrap();
        };
        assert!(problems().await.iter().all(|(_, en)| en.contains("“password” or “access_token”")));
        // A password is not good any more, nor is an old token; both doors say so.
        for pair in [("password", KEY), ("access_token", "old")] {
            set(&[pair]).await;
            let found = problems().await;
            assert_eq!(found.len(), 2, "{found:?}");
        }
        // With what renews it, it is renewed before it is used, and stored.
        let url = format!("{}/token", desk.simulator.api_base("email"));
        set(&[("refresh_token", "refresh-CANARY"), ("client_id", "guichet"), ("client_secret", "s"), ("oauth_url", &url)]).await;
        post.write(US, LEA, "Ma commande", "Où est-elle ?", None);
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        assert_eq!(problems().await, []);
        let ticket = desk.ticket().await.id;
        assert_eq!(say(&desk, &sarah, ticket, "Elle est partie.").await.delivery, Some(Delivery::Sent));
        assert_eq!(post.ledger().len(), 1);
        // An hour later it has aged, and so did what renews it.
        desk.clock.forward(Duration::from_hours(1));
        listen::turn(&desk.house).await.unwrap();
        assert_eq!(say(&desk, &sarah, ticket, "Elle arrive demain.").await.delivery, Some(Delivery::Sent));
        // Taken away: the channel asks to be reconnected.
        post.set_tokens(US, "other", "another");
        let blocked = say(&desk, &sarah, ticket, "Encore").await;
        assert_eq!((blocked.delivery, blocked.delivery_reason.as_deref()), (Some(Delivery::Blocked), Some("token")));
        listen::turn(&desk.house).await.unwrap();
        let mut tx = desk.house.db.read().await.unwrap();
        let lost = channels::get(&mut tx, &Scope::house(desk.brand), channel).await.unwrap();
        assert_eq!(lost.state, ChannelState::NeedsReauth);
        drop(tx);
        // And takes the reply along once it is.
        set(&[("access_token", "other"), ("refresh_token", "another")]).await;
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
        assert_eq!(again(&desk, &blocked).await.delivery, Some(Delivery::Sent));
    }

    async fn only_the_senders_own_mails_and_ours_make_a_thread(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let channel = mailbox(&desk).await;
        let (lea, eve) = ("Lea <lea@example.org>", "Eve <eve@example.org>");
        let refers = |id: &str| format!("In-Reply-To: <{id}>\nReferences: <{id}>\n");
        // The answer comes first; then what it answers; both are one thread.
        desk.ingest(channel, letter(lea, "Re: Taille", "b@x", &refers("a@x"), "la 38")).await;
        desk.ingest(channel, letter(lea, "Taille", "a@x", "", "la 36 ?")).await;
        assert_eq!(desk.tickets().await.len(), 1);
        // By subject: an answer of the same sender; never a new mail, never somebody else's.
        desk.ingest(channel, letter(lea, "RE : Taille", "c@x", "", "ou la 37")).await;
        assert_eq!(desk.tickets().await.len(), 1);
        desk.ingest(channel, letter(lea, "Taille", "d@x", "", "autre chose")).await;
        assert_eq!(desk.tickets().await.len(), 2);
        let ticket = desk.tickets().await[0].clone();
        let said = say(&desk, &sarah, ticket.id, "La 37").await.external_id.unwrap();
        let cut = &said[..said.find('@').unwrap() - 2];
        for (n, (subject, about)) in [
            ("Re: Taille", "b@x".to_owned()),
            ("Re: Taille", "nobody@x".to_owned()),
            ("Re: Taille", format!("{cut}@aubepine.example")),
            ("Re: Taille", said.replace("gui.", "gui.a")),
            ("Re: Taille", said.to_uppercase()),
        ].into_iter().enumerate() {
            desk.ingest(channel, letter(eve, subject, &format!("e{n}@x"), &refers(&about), "laissez-moi entrer")).await;
            let all = desk.tickets().await;
            let last = all.last().unwrap();
            assert_ne!(last.thread_id, ticket.thread_id, "{about}");
        }
        // As herself she answers what she wrote; as Léa she is Léa to everybody who believes a From.
        desk.ingest(channel, letter(eve, "Re: Taille", "e9@x", &refers("e0@x"), "encore")).await;
        assert_eq!(desk.tickets().await.iter().filter(|t| t.thread_id == ticket.thread_id).count(), 1);
    }

    async fn no_mail_acts_as_us(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let channel = mailbox(&desk).await;
        desk.ingest(channel, letter("lea@example.org", "Taille", "a@x", "", "la 38 ?")).await;
        let ticket = desk.ticket().await;
        let said = say(&desk, &sarah, ticket.id, "Oui").await;
        let ours = said.external_id.clone().unwrap();
        // Our own mail, sent back to us: no news.
        let raw = desk.simulator.email.ledger()[0].raw.clone();
        desk.ingest(channel, raw).await;
        assert_eq!((desk.tickets().await.len(), desk.messages(ticket.id).await.len()), (1, 2));
        // A mail that says it is from us, in answer to ours: somebody's, and a machine's for the bot.
        let more = format!("In-Reply-To: <{ours}>\n");
        desk.ingest(channel, letter(US, "Re: Taille", "f@x", &more, "C’est gratuit, promis")).await;
        let all = desk.tickets().await;
        assert_eq!(all.len(), 2);
        let forged = desk.messages(all[1].id).await.remove(0);
        assert_eq!((forged.direction, forged.machine, forged.agent_id), (Direction::Inbound, true, None));
        // One that bears our mail's very name: another mail.
        desk.ingest(channel, letter("eve@example.org", "Re: Taille", &ours, "", "je suis votre réponse")).await;
        assert_eq!(again(&desk, &said).await.text, "Oui");
        assert_eq!(desk.tickets().await.len(), 3);
    }

    async fn the_same_mail_is_one_message_and_the_same_name_is_not(desk) {
        let channel = mailbox(&desk).await;
        let mail = letter("lea@example.org", "Taille", "a@x", "", "la 38 ?");
        let again = [b"Received: from elsewhere\nDelivered-To: other@aubepine.example\n".to_vec(), mail.clone()].concat();
        desk.ingest(channel, mail).await;
        desk.ingest(channel, again).await;
        assert_eq!(desk.messages(desk.ticket().await.id).await.len(), 1);
        desk.ingest(channel, letter("lea@example.org", "Taille", "a@x", "", "la 36 ?")).await;
        assert_eq!(desk.messages(desk.ticket().await.id).await.len(), 2, "another mail of hers");
        desk.ingest(channel, letter("paul@example.org", "Taille", "a@x", "", "la 36 ?")).await;
        assert_eq!(desk.tickets().await.len(), 2, "another person’s");
        let both = desk.tickets().await;
        assert_ne!(both[0].thread_id, both[1].thread_id);
    }

    async fn machines_are_never_answered_and_absences_wake_nobody(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let channel = mailbox(&desk).await;
        let post = &desk.simulator.email;
        post.set_manner(LEA.0, Manner::Away);
        post.write(US, LEA, "Horaires", "Bonjour, quels sont vos horaires ?", None);
        desk.read(channel).await;
        let ticket = desk.ticket().await;
        say(&desk, &sarah, ticket.id, "De 9 h à 18 h").await;
        desk.pass(Duration::from_secs(1)).await;
        desk.read(channel).await;
        let all = desk.messages(ticket.id).await;
        assert_eq!(all.len(), 3);
        assert!(all[2].machine && all[2].text.contains("I am away"), "{:?}", all[2]);
        let after = desk.again(ticket.id).await;
        assert_eq!((after.state, after.waiting_since), (State::Waiting, None));
        for (n, more) in [
            "Auto-Submitted: auto-generated\n",
            "Auto-Submitted: (yes) Auto-Replied (vacation); x=y\n",
            "Return-Path: <>\n",
            "Precedence: bulk\n",
            "Precedence: List\n",
            "List-Id: <x.example>\n",
            "List-Unsubscribe: <https://x.example>\n",
            "X-Auto-Response-Suppress: OOF\n",
            "X-Autoreply: yes\n",
            "X-Loop: x\n",
        ].into_iter().enumerate() {
            desk.ingest(channel, letter(&format!("m{n}@example.org"), "Horaires", &format!("m{n}@x"), more, "Bonjour, quels sont vos horaires ?")).await;
            let last = desk.tickets().await.pop().unwrap();
            let wrote = desk.messages(last.id).await;
            assert!(wrote[0].machine && wrote.len() == 1, "{more}: {wrote:#?}");
            assert_ne!(last.bot, Bot::Active, "{more}");
        }
        for from in ["MAILER-DAEMON@x.example", "no-reply@x.example", "owner-list@x.example", "list-request@x.example", "postmaster@x.example"] {
            desk.ingest(channel, letter(from, "Horaires", &format!("m-{from}"), "", "Bonjour, quels sont vos horaires ?")).await;
            let last = desk.tickets().await.pop().unwrap();
            assert!(desk.messages(last.id).await[0].machine, "{from}");
        }
        for more in ["Auto-Submitted: no\n", "Auto-Submitted: No (a person)\n", "Precedence: normal\n", ""] {
            desk.ingest(channel, letter("lou@example.org", "Bonjour", &format!("p{}@x", more.len()), more, "Bonjour")).await;
            let last = desk.tickets().await.pop().unwrap();
            assert!(!desk.messages(last.id).await[0].machine, "{more}");
        }
    }

    async fn what_does_not_arrive_is_told(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let channel = mailbox(&desk).await;
        let post = &desk.simulator.email;
        post.set_manner("ghost@example.org", Manner::Unknown);
        post.write(US, ("ghost@example.org", "Ghost"), "Bouh", "Vous êtes là ?", None);
        desk.read(channel).await;
        let ticket = desk.ticket().await;
        let said = say(&desk, &sarah, ticket.id, "Oui").await;
        assert_eq!(said.delivery, Some(Delivery::Sent));
        desk.read(channel).await;
        let said = again(&desk, &said).await;
        assert_eq!((said.delivery, said.delivery_reason.as_deref()), (Some(Delivery::Failed), Some("unreachable")));
        assert!(said.delivery_why.unwrap().contains("User unknown"));
        assert_eq!(desk.again(ticket.id).await.state, State::Open);
        assert_eq!(desk.tickets().await.len(), 1, "a bounce is no ticket");
        // Told again, it is no news; and a person may send it again.
        desk.read(channel).await;
        let scope = desk.scope(&sarah).await;
        reply::decide(&desk.house, &scope, said.id, reply::Decision::SendAgain).await.unwrap();
        desk.settle().await;
        let names: Vec<_> = post.ledger().iter().map(|t| header(&t.raw, "message-id")).collect();
        assert_eq!((names.len(), &names[0]), (2, &names[1]), "the same mail bears the same name");
    }

    async fn every_refusal_has_its_end(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let channel = mailbox(&desk).await;
        let post = &desk.simulator.email;
        post.write(US, LEA, "Bonjour", "Bonjour", None);
        desk.read(channel).await;
        let ticket = desk.ticket().await.id;
        for (at, words, state, reason) in [
            (At::To, "450 4.2.0 Greylisted", Delivery::RetryWait, Some("later")),
            (At::To, "550 5.1.1 User unknown", Delivery::Failed, Some("unreachable")),
            (At::Data, "552 5.3.4 Too big", Delivery::Failed, Some("too_long")),
            (At::Data, "554 5.7.1 Spam", Delivery::Failed, Some("invalid")),
            (At::To, "", Delivery::RetryWait, Some("later")),
            (At::Auth, "454 4.7.0 Temporary authentication failure", Delivery::RetryWait, Some("rate")),
        ] {
            post.next_time(at, words);
            let before = post.ledger().len();
            let said = say(&desk, &sarah, ticket, &format!("{words} ?")).await;
            assert_eq!((said.delivery, said.delivery_reason.as_deref()), (Some(state), reason), "{words}: {:?}", said.delivery_why);
            assert_eq!(post.ledger().len(), before, "{words}");
            desk.pass(Duration::from_mins(11)).await;
        }
        let once: Vec<_> = post.ledger().iter().filter_map(|t| header(&t.raw, "message-id")).collect();
        assert_eq!(once.len(), 3, "what was put off went out later, once each: {once:?}");
        // A dead login: the channel says so, and what is written waits.
        post.set_password(US, "another");
        let said = say(&desk, &sarah, ticket, "attend").await;
        assert_eq!((said.delivery, said.delivery_reason.as_deref()), (Some(Delivery::Blocked), Some("token")));
        let scope = desk.scope(&desk.agent("Ada", Role::Admin).await).await;
        connect::reconnect(&desk.house, &scope, channel, &[("password".into(), "another".into())]).await.unwrap();
        desk.settle().await;
        assert_eq!(again(&desk, &said).await.delivery, Some(Delivery::Sent));
    }

    async fn a_mail_of_unknown_end_is_looked_for(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let channel = mailbox(&desk).await;
        let post = &desk.simulator.email;
        post.write(US, LEA, "Bonjour", "Bonjour", None);
        desk.read(channel).await;
        let ticket = desk.ticket().await.id;
        // The server keeps nothing: nobody can say, and a person is asked.
        post.next_time(At::Silence, "");
        let said = say(&desk, &sarah, ticket, "un").await;
        assert_eq!(said.delivery, Some(Delivery::Unknown));
        for _ in 0..4 {
            desk.pass(Duration::from_mins(10)).await;
        }
        assert_eq!(again(&desk, &said).await.delivery, Some(Delivery::NeedsDecision));
        assert_eq!(post.ledger().len(), 1, "it is not sent again by itself");
        let scope = desk.scope(&sarah).await;
        reply::decide(&desk.house, &scope, said.id, reply::Decision::Arrived).await.unwrap();
        // It keeps copies: then it can be found.
        post.keep_sent(US);
        post.next_time(At::Silence, "");
        let said = say(&desk, &sarah, ticket, "deux").await;
        assert_eq!(said.delivery, Some(Delivery::Unknown));
        desk.pass(Duration::from_mins(1)).await;
        assert_eq!(again(&desk, &said).await.delivery, Some(Delivery::Sent));
        assert_eq!(post.ledger().len(), 2);
    }

    async fn a_mailbox_is_read_on_from_where_one_was(desk) {
        let channel = mailbox(&desk).await;
        let post = &desk.simulator.email;
        for n in 0..95 {
            post.write(US, (&format!("p{n}@example.org"), "P"), &format!("Sujet {n}"), "Bonjour", None);
        }
        desk.read(channel).await;
        assert_eq!(desk.tickets().await.len(), 95, "several batches, until all is read");
        let kept = async || {
            let mut tx = desk.house.db.read().await.unwrap();
            channels::kept(&mut tx, desk.brand, channel).await.unwrap().poll_cursor
        };
        let cursor = kept().await;
        desk.read(channel).await;
        assert_eq!(kept().await, cursor, "nothing new moves nothing");
        // Numbered anew: read again, and known by name.
        post.renumber(US);
        post.write(US, LEA, "Nouveau", "Bonjour", None);
        desk.read(channel).await;
        assert_eq!(desk.tickets().await.len(), 96);
        assert_ne!(kept().await, cursor);
        // What is not a mail, or a broken one, stops none of the others.
        post.deliver(US, b"\x00\xFF\xFE no mail at all".to_vec());
        post.deliver(US, b"From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x".to_vec());
        post.write(US, LEA, "Encore", "Bonjour", None);
        desk.read(channel).await;
        assert_eq!(desk.tickets().await.len(), 98);
    }

    async fn who_can_be_waited_for_is(desk) {
        use guichet::networks::{Line, NETWORKS, PollFrom, Waited};
        let channel = mailbox(&desk).await;
        let email = NETWORKS.iter().find(|n| n.slug() == "email").unwrap();
        let mut tx = desk.house.db.read().await.unwrap();
        let found = channels::get(&mut tx, &Scope::house(desk.brand), channel).await.unwrap();
        let account = desk.house.account(&mut tx, &found).await.unwrap();
        drop(tx);
        let line = Line::new(&account, &desk.house.fetch, desk.house.now());
        let from = |cursor| PollFrom { cursor, ..PollFrom::default() };
        // Never read: there may be anything.
        assert_eq!(email.wait(&line, &from(None)).await, Ok(Waited::News));
        listen::poll(&desk.house, &found).await.unwrap();
        let mut tx = desk.house.db.read().await.unwrap();
        let cursor = channels::kept(&mut tx, desk.brand, channel).await.unwrap().poll_cursor;
        drop(tx);
        let (post, wait) = (&desk.simulator.email, from(cursor.clone()));
        let waiting = email.wait(&line, &wait);
        let writing = async {
            tokio::task::yield_now().await;
            post.write(US, LEA, "Bonjour", "Bonjour", None);
        };
        assert_eq!(futures_util::future::join(waiting, writing).await.0, Ok(Waited::News));
        // It came before one waited.
        assert_eq!(email.wait(&line, &from(cursor)).await, Ok(Waited::News));
        let facebook = NETWORKS.iter().find(|n| n.slug() == "facebook").unwrap();
        assert_eq!(facebook.wait(&line, &PollFrom::default()).await, Ok(Waited::Never));
    }

    async fn attachments_are_seen_in_a_sandbox_or_saved(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let channel = mailbox(&desk).await;
        let raw = std::fs::read("tests/fixtures/networks/email/with-attachments.eml").unwrap();
        desk.simulator.email.deliver(US, raw);
        desk.simulator.email.write(US, LEA, "Autre", "Bonjour", None);
        desk.read(channel).await;
        let ticket = desk.tickets().await.remove(0);
        let message = desk.messages(ticket.id).await.remove(0);
        let page = sarah.get(&format!("/tickets/{}", ticket.id)).await.expect(200);
        for name in ["bouchon.png", "reçu.pdf"] {
            assert!(page.text.contains(name), "{name}");
        }
        for (n, kind, disposition) in [
            (0, "image/png", "inline"),
            (1, "application/octet-stream", "attachment; filename*=UTF-8''re%C3%A7u%2Epdf"),
            (2, "application/octet-stream", "attachment"),
        ] {
            let part = sarah.get(&format!("/media/{}/{n}", message.id)).await.expect(200);
            assert_eq!(part.headers["content-type"], kind);
            assert_eq!(part.headers["content-disposition"], disposition);
            assert_eq!(part.headers["content-security-policy"], "sandbox; default-src 'none'");
        }
        sarah.get(&format!("/media/{}/3", message.id)).await.expect(404);
        let other = desk.second_brand().await.0;
        let stranger = desk.agent_at(other, "Eve", Role::Admin).await;
        stranger.get(&format!("/media/{}/0", message.id)).await.expect(404);
    }

    /// Recordings of others, where they are: `GUICHET_TEST_RECORDED` names their folder.
    async fn recorded_mails_become_what_they_mean(desk) {
        let Ok(folder) = std::env::var("GUICHET_TEST_RECORDED") else { return };
        let channel = mailbox(&desk).await;
        let mut files: Vec<_> = std::fs::read_dir(format!("{folder}/mail")).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        for file in &files {
            let became = desk.ingest(channel, std::fs::read(file).unwrap()).await;
            assert_eq!(became, ["done"], "{}", file.display());
        }
        let mut all = Vec::new();
        for ticket in desk.tickets().await {
            all.extend(desk.messages(ticket.id).await);
        }
        assert_eq!(all.len(), files.len(), "each is a message of its own");
        if std::env::var("GUICHET_TEST_TELL").is_ok() {
            for m in &all {
                println!("--- {} <{}> machine {} at {} id {} in answer to {:?}, with {}\n{}", m.author_name, m.author_handle.clone().unwrap_or_default(), m.machine, m.at, m.external_id.clone().unwrap_or_default(), m.parent_external_id, m.attachments.as_array().unwrap().len(), m.text.chars().take(400).collect::<String>());
            }
        }
        let said = |text: &str| all.iter().filter(|m| m.text.contains(text)).count();
        assert!(said("hey v, can i get some help over here?") == 2 && said("This is html only mail") == 1);
        assert!(all.iter().any(|m| m.author_handle.as_deref() == Some("jane@example.com")), "a group’s mail is its writer’s");
    }
}

/// What an outbox row knows of a mail is enough to send it a second time under the same name.
#[tokio::test]
async fn a_name_is_the_same_each_time() {
    let desk = Desk::open(crate::support::Engine::Sqlite).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let channel = mailbox(&desk).await;
    desk.simulator.email.write(US, LEA, "Bonjour", "Bonjour", None);
    desk.read(channel).await;
    let ticket = desk.ticket().await.id;
    desk.simulator.email.next_time(At::To, "450 4.2.0 Greylisted");
    let said = say(&desk, &sarah, ticket, "un").await;
    desk.pass(Duration::from_mins(11)).await;
    let mut tx = desk.house.db.read().await.unwrap();
    let row = outbox::of_message(&mut tx, desk.brand, said.id).await.unwrap().unwrap();
    assert_eq!(row.attempt, 2);
    let name = header(&desk.simulator.email.ledger()[0].raw, "message-id").unwrap();
    assert_eq!(Some(name.trim_matches(['<', '>']).to_owned()), row.external_id);
}

//! The bot answers by itself: only what was opened to it, only when it is sure, never beside a person,
//! never in a circle, and not a word after somebody pressed stop.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::bot::Verdict;
use guichet::desk::canned::Mode;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::Visibility;
use guichet::desk::scope::Scope;
use guichet::desk::ticket::{Bot, State};
use guichet::flow::{Error, Reason, bot, facts, outbox};
use guichet::store::thoughts::{self, Thought};

use crate::on_both;
use crate::support::browser::Browser;
use crate::support::desk::PAGE;
use crate::support::{Desk, Engine};

const HOURS: &str = "hours/opening-hours";
const ASKED: &str = "Bonjour, quels sont vos horaires ?";
const SAYS_SO: &str = "réponse automatique";

/// A desk whose bot may answer one question, in private or before everybody.
async fn opened(desk: &Desk, visibility: Visibility) {
    state_hours(desk).await;
    bot::set_mode(&desk.house, &Scope::house(desk.brand), desk.brand, HOURS, visibility, Mode::Auto).await.unwrap();
}

async fn state_hours(desk: &Desk) {
    let stated = [("opening_hours".to_owned(), "du lundi au vendredi, 9 h à 18 h".to_owned())];
    facts::state(&desk.house, &Scope::house(desk.brand), desk.brand, &stated).await.unwrap();
}

/// Somebody writes in private; everything comes to rest.
async fn writes(desk: &Desk, who: (&str, &str), text: &str) {
    desk.simulator.facebook.message(PAGE, who, text);
    desk.settle().await;
}

/// Half a minute and a second: what was held has left.
async fn the_hold_is_over(desk: &Desk) {
    desk.pass(Duration::from_secs(31)).await;
}

async fn thought_of(desk: &Desk, ticket: guichet::base::id::TicketId) -> Thought {
    let mut tx = desk.house.db.read().await.unwrap();
    thoughts::of_ticket(&mut tx, desk.brand, ticket, 1).await.unwrap().swap_remove(0)
}

fn said(desk: &Desk) -> Vec<String> {
    desk.deeds()
}

on_both! {
    /// It is sure, and says so: what it is, why, and how to reach a person.
    async fn a_question_it_knows_is_answered_with_its_reason(desk) {
        opened(&desk, Visibility::Private).await;
        writes(&desk, ("1", "Léa"), ASKED).await;
        assert!(said(&desk).is_empty(), "held first, so that somebody can take it back");
        the_hold_is_over(&desk).await;
        assert_eq!(said(&desk).len(), 1, "{:?}", said(&desk));
        assert!(said(&desk)[0].contains("du lundi au vendredi") && said(&desk)[0].contains(SAYS_SO), "{:?}", said(&desk));
        let ticket = desk.ticket().await;
        assert_eq!((ticket.state, ticket.bot, ticket.assignee_id), (State::Waiting, Bot::Active, None));
        let answer = desk.messages(ticket.id).await.pop().unwrap();
        assert_eq!((answer.by_rule.as_deref(), answer.delivery), (Some(HOURS), Some(Delivery::Sent)));
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let page = sarah.get(&format!("/tickets/{}", ticket.id)).await.expect(200);
        let why = page.all(".m.out .whytext").concat();
        assert!(why.contains("Horaires d’ouverture") && why.contains("quels sont vos horaires ?"), "{why}");
        assert!(page.all(".m mark").concat().contains("horaires"), "its words are marked in what she wrote");
    }

    /// Public comments are answered in private unless two people opened the entry to everybody.
    async fn what_is_public_is_answered_in_private(desk) {
        opened(&desk, Visibility::Private).await;
        let post = desk.simulator.facebook.publish(PAGE, "La boutique vous attend");
        desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), ASKED);
        desk.settle().await;
        the_hold_is_over(&desk).await;
        assert!(said(&desk)[0].starts_with("private_reply"), "{:?}", said(&desk));

        let (ada, ida) = (desk.agent("Ada", Role::Admin).await, desk.agent("Ida", Role::Admin).await);
        let (one, two) = (desk.scope(&ada).await, desk.scope(&ida).await);
        let open = async |scope: &Scope| bot::set_mode(&desk.house, scope, desk.brand, HOURS, Visibility::Public, Mode::Auto).await.unwrap();
        assert_eq!(open(&one).await.public_mode, Mode::Suggest, "one person asks");
        assert_eq!(open(&one).await.public_mode, Mode::Suggest, "asking twice is still one person");
        assert_eq!(open(&two).await.public_mode, Mode::Auto, "another agrees");
        desk.simulator.facebook.comment(PAGE, &post, ("2", "Max"), ASKED);
        desk.settle().await;
        the_hold_is_over(&desk).await;
        assert_eq!(said(&desk).len(), 1, "in public one may take it back for two minutes");
        desk.pass(Duration::from_mins(2)).await;
        assert!(said(&desk)[1].starts_with("comment"), "{:?}", said(&desk));
    }

    /// Unsure, not opened, a value missing: it offers, and a person decides.
    async fn in_doubt_it_offers(desk) {
        writes(&desk, ("1", "Léa"), ASKED).await;
        the_hold_is_over(&desk).await;
        let ticket = desk.ticket().await;
        let thought = thought_of(&desk, ticket.id).await;
        assert_eq!((thought.decision, thought.because.as_deref()), (Verdict::Suggest, Some("not_opened")));
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let page = sarah.get(&format!("/tickets/{}", ticket.id)).await.expect(200);
        assert!(page.all("#offer").concat().contains("Horaires"), "{:?}", page.all("#offer"));
        let link = page.attr("#offer a[data-insert]", "href").unwrap();
        let filled = sarah.get(link.split('#').next().unwrap()).await.expect(200);
        assert!(filled.all("#ed").concat().contains("horaires habituels"), "{:?}", filled.all("#ed"));
        sarah.post(&format!("/tickets/{}/not-useful", ticket.id), &[]).await.expect(303);
        assert!(sarah.get(&format!("/tickets/{}", ticket.id)).await.expect(200).all("#offer").is_empty());
        // Opened, but nobody has said what the hours are.
        bot::set_mode(&desk.house, &Scope::house(desk.brand), desk.brand, HOURS, Visibility::Private, Mode::Auto).await.unwrap();
        writes(&desk, ("2", "Max"), ASKED).await;
        the_hold_is_over(&desk).await;
        let max = desk.tickets().await.pop().unwrap();
        assert_eq!(thought_of(&desk, max.id).await.because.as_deref(), Some("missing_values"));
        assert!(said(&desk).is_empty());
    }

    /// A person who takes the ticket, answers, or takes the words back ends it.
    async fn a_person_comes_first(desk) {
        opened(&desk, Visibility::Private).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        // The last two are corrections: after them the entry would be closed.
        for (n, act) in [("1", "assign"), ("2", "begin to write"), ("3", "answer"), ("4", "take back")] {
            writes(&desk, (n, "Léa"), ASKED).await;
            let ticket = desk.tickets().await.pop().unwrap();
            let at = |tail: &str| format!("/tickets/{}/{tail}", ticket.id);
            match act {
                "assign" => sarah.post(&at("assign"), &[("assignee", "me")]).await.expect(303),
                "answer" => {
                    let form = [("text", "Je regarde."), ("visibility", "private"), ("client_key", "k"), ("anyway", "1")];
                    sarah.post(&at("reply"), &form).await.expect(303)
                }
                "begin to write" => {
                    let form = [("text", "Bonj"), ("visibility", "private"), ("base", "")];
                    sarah.post(&at("draft"), &form).await.expect(303)
                }
                _ => {
                    let held = desk.messages(ticket.id).await.pop().unwrap();
                    sarah.post(&format!("/messages/{}/take-back", held.id), &[]).await.expect(303)
                }
            };
            the_hold_is_over(&desk).await;
            let automatic = desk.messages(ticket.id).await.into_iter().find(|m| m.by_rule.is_some()).unwrap();
            assert_eq!(automatic.delivery, Some(Delivery::Cancelled), "{act}");
        }
        assert_eq!(said(&desk).len(), 1, "{:?}", said(&desk));
        assert!(said(&desk)[0].contains("Je regarde."));
    }

    /// What comes while an answer is held is thought about in its place.
    async fn a_second_message_overtakes_the_first_answer(desk) {
        opened(&desk, Visibility::Private).await;
        writes(&desk, ("1", "Léa"), ASKED).await;
        writes(&desk, ("1", "Léa"), "Et surtout : je veux annuler ma commande, je suis furieuse !").await;
        the_hold_is_over(&desk).await;
        assert!(said(&desk).is_empty(), "{:?}", said(&desk));
        assert_eq!(desk.ticket().await.state, State::New.max(State::Open));
    }

    /// Old messages, our own accounts, machines: nobody is answered.
    async fn history_and_our_own_wake_nobody(desk) {
        opened(&desk, Visibility::Private).await;
        let (_, other_page) = desk.second_brand().await;
        let post = desk.simulator.facebook.publish(PAGE, "Bonjour");
        desk.simulator.facebook.comment(PAGE, &post, (other_page, "Vélora"), ASKED);
        desk.settle().await;
        the_hold_is_over(&desk).await;
        let ticket = desk.ticket().await;
        assert_eq!(thought_of(&desk, ticket.id).await.because.as_deref(), Some("origin"));
        // The hook was away for an hour.
        desk.simulator.facebook.message(PAGE, ("1", "Léa"), ASKED);
        desk.clock.forward(Duration::from_hours(1));
        desk.settle().await;
        the_hold_is_over(&desk).await;
        assert!(said(&desk).is_empty(), "{:?}", said(&desk));
    }

    /// Another machine answers each of our answers at once, in other words each time, for a day.
    async fn two_machines_do_not_talk_for_long(desk) {
        opened(&desk, Visibility::Private).await;
        let questions = ["quels sont vos horaires ?", "vos horaires du dimanche ?", "vous êtes ouverts le samedi ?", "vous fermez à midi ?"];
        let mut by_hour = Vec::new();
        for n in 0..48 {
            let before = said(&desk).len();
            writes(&desk, ("1", "Répondeur"), questions[n % 4]).await;
            the_hold_is_over(&desk).await;
            desk.pass(Duration::from_mins(29)).await;
            by_hour.push(said(&desk).len() - before);
        }
        assert!(by_hour[0] == 1 && by_hour.windows(2).all(|w| w[0] + w[1] <= 2), "{by_hour:?}");
        assert!(by_hour.iter().sum::<usize>() <= 3, "{by_hour:?}");
        assert_ne!(desk.ticket().await.bot, Bot::Active, "a person is asked for");
    }

    /// Whoever asks for a person gets one, and the bot is silent from then on.
    async fn a_person_is_one_sentence_away(desk) {
        opened(&desk, Visibility::Private).await;
        writes(&desk, ("1", "Léa"), "je veux parler à un conseiller").await;
        let ticket = desk.ticket().await;
        assert_eq!(ticket.bot, Bot::HandoffRequested);
        writes(&desk, ("1", "Léa"), ASKED).await;
        the_hold_is_over(&desk).await;
        assert!(said(&desk).is_empty());
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let page = sarah.get(&format!("/tickets/{}", ticket.id)).await.expect(200);
        assert!(page.seen().contains("Le robot passe la main"), "{}", page.seen());
    }

    /// Changed words close an entry; only an admin opens it, and only where it can answer.
    async fn who_may_open_what(desk) {
        opened(&desk, Visibility::Private).await;
        let (elodie, ada) = (desk.agent("Elodie", Role::Community).await, desk.agent("Ada", Role::Admin).await);
        let page = elodie.get("/settings/bot").await.expect(200);
        assert!(page.seen().contains("Horaires") && page.seen().contains("Le robot répond"), "{}", page.seen());
        let form = [("path", HOURS), ("visibility", "public"), ("mode", "auto"), ("sure", "1")];
        assert_eq!(elodie.post("/settings/bot/mode", &form).await.status, 403);
        // An admin is told first what it means.
        let warned = ada.post("/settings/bot/mode", &form[..3]).await.expect(303);
        let warning = ada.get(warned.location()).await.expect(200);
        assert!(warning.seen().contains("à la vue de tous"), "{}", warning.seen());
        let first = ada.post("/settings/bot/mode", &form).await.expect(303);
        assert!(ada.get(first.location()).await.expect(200).seen().contains("Une autre personne doit confirmer"));
        elodie.post("/settings/bot/mode", &[("path", HOURS), ("visibility", "private"), ("mode", "off")]).await.expect(303);
        writes(&desk, ("1", "Léa"), ASKED).await;
        the_hold_is_over(&desk).await;
        assert!(said(&desk).is_empty());
        let scope = Scope::house(desk.brand);
        let refused = bot::set_mode(&desk.house, &scope, desk.brand, "complaints/courtesy", Visibility::Private, Mode::Auto).await;
        assert!(matches!(refused, Err(Error::Refused(Reason::CannotAnswer, _))), "{refused:?}");
    }

    /// Stopped is stopped: what was held does not leave, what comes is only thought about; started
    /// again, the bot answers what comes then.
    async fn stop_means_stop(desk) {
        opened(&desk, Visibility::Private).await;
        let lead = desk.agent("Lena", Role::Lead).await;
        writes(&desk, ("1", "Léa"), ASKED).await;
        lead.post("/settings/bot/switch", &[("stop", "1")]).await.expect(303);
        assert!(lead.get("/settings/bot?said=stopped").await.expect(200).seen().contains("Le robot est arrêté depuis"));
        writes(&desk, ("2", "Max"), ASKED).await;
        the_hold_is_over(&desk).await;
        assert!(said(&desk).is_empty());
        let max = desk.tickets().await.pop().unwrap();
        assert_eq!(thought_of(&desk, max.id).await.because.as_deref(), Some("stopped"));
        lead.post("/settings/bot/switch", &[("stop", "0")]).await.expect(303);
        writes(&desk, ("3", "Zoé"), ASKED).await;
        the_hold_is_over(&desk).await;
        assert_eq!(said(&desk).len(), 1, "{:?}", said(&desk));
    }
}

/// One answer after another is on its way while somebody presses stop, a thousand times: once a press
/// is acknowledged, not one more begins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_presses_on_sqlite() {
    presses(Engine::Sqlite, 250).await;
}

/// The same, a hundred times.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_presses_on_postgres() {
    presses(Engine::Postgres, 25).await;
}

/// Rounds of nine people whose answers ripen together, and of four presses meanwhile. A connection
/// sends eight at once: so there is always one that a press can keep back, however fast the others go.
async fn presses(engine: Engine, rounds: u64) {
    let desk = Desk::open(engine).await;
    opened(&desk, Visibility::Private).await;
    let scope = Scope::house(desk.brand);
    let (mut met, mut sent) = (0, 0);
    for n in 0..rounds {
        for k in 0..9 {
            desk.simulator.facebook.message(PAGE, (&format!("{}", 1_000 + n * 9 + k), "Léa"), ASKED);
        }
        desk.settle().await;
        desk.clock.forward(Duration::from_secs(31));
        let (house, before) = (desk.house.clone(), desk.simulator.facebook.ledger_len());
        let sending = tokio::spawn(async move { while outbox::turn(&house).await.unwrap() > 0 {} });
        // Somewhere between the first claim and the last answer.
        let seen = before + usize::try_from(desk.house.given.below(10)).unwrap();
        while desk.simulator.facebook.ledger_len() < seen && !sending.is_finished() {
            tokio::task::yield_now().await;
        }
        for _ in 0..desk.house.given.below(200) {
            tokio::task::yield_now().await;
        }
        for _ in 0..4 {
            let switched = bot::switch(&desk.house, &scope, desk.brand, true).await.unwrap();
            let acknowledged = desk.simulator.facebook.ledger_len();
            assert_eq!(switched.under_way, 0);
            for _ in 0..desk.house.given.below(100) {
                tokio::task::yield_now().await;
            }
            assert_eq!(desk.simulator.facebook.ledger_len(), acknowledged, "begun after the acknowledgement");
        }
        sending.await.unwrap();
        assert_eq!(outbox::turn(&desk.house).await.unwrap(), 0);
        let gone = desk.simulator.facebook.ledger_len() - before;
        (met, sent) = (met + usize::from((1..9).contains(&gone)), sent + gone);
        bot::switch(&desk.house, &scope, desk.brand, false).await.unwrap();
        // An hour, and the brakes forget.
        desk.clock.forward(Duration::from_hours(1));
    }
    assert!(met > 0, "no press came between two answers: {sent} sent in {rounds} rounds");
}

/// A file in the data folder is enough, with no page and no database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_stops_every_bot() {
    let desk = Desk::open(Engine::Sqlite).await;
    opened(&desk, Visibility::Private).await;
    writes(&desk, ("1", "Léa"), ASKED).await;
    let file = desk.house.tuning.stop_file.clone().unwrap();
    std::fs::write(&file, "").unwrap();
    the_hold_is_over(&desk).await;
    assert!(said(&desk).is_empty(), "{:?}", said(&desk));
    std::fs::remove_file(&file).unwrap();
    desk.settle().await;
    assert_eq!(said(&desk).len(), 1, "taken away in time, what waited leaves");
}

/// The agent sees what the bot offers, takes it in with one key, and sends it: all by keyboard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_is_taken_with_one_key() {
    let desk = Desk::open(Engine::Sqlite).await;
    state_hours(&desk).await;
    writes(&desk, ("1", "Léa"), ASKED).await;
    let ticket = desk.ticket().await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let mut browser = Browser::open().await;
    browser.enter(&desk, &sarah, &format!("/tickets/{}", ticket.id)).await;
    browser.sees("Suggestion").await;
    browser.press("r").await;
    browser.press("p").await;
    browser.press("Ctrl+j").await;
    browser.until("document.getElementById('ed').value.includes('du lundi au vendredi')").await;
}

/// A row that names another which is not there yet is a promise, and while one is open SQLite searches
/// every message for each person that is added. So here nothing may be promised: without that leave,
/// everything a comment, an automatic answer, a private reply and an assignment write still goes in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_written_before_what_it_names() {
    let desk = Desk::open(Engine::Sqlite).await;
    opened(&desk, Visibility::Private).await;
    let db = rusqlite::Connection::open(desk.folder().join("guichet.db")).unwrap();
    let version: i64 = db.query_row("pragma schema_version", [], |r| r.get(0)).unwrap();
    db.execute_batch("pragma writable_schema = on").unwrap();
    let promises =
        "update sqlite_schema set sql = replace(sql, ' deferrable initially deferred', '') where type = 'table'";
    assert!(db.execute(promises, []).unwrap() > 5);
    db.execute_batch(&format!("pragma schema_version = {}; pragma writable_schema = off", version + 1)).unwrap();
    drop(db);
    let post = desk.simulator.facebook.publish(PAGE, "La théière est de retour");
    for n in 0..5 {
        let who = (format!("9{n}"), format!("Cliente {n}"));
        desk.simulator.facebook.comment(PAGE, &post, (&who.0, &who.1), "C’est combien la théière ?");
    }
    writes(&desk, ("1", "Léa"), ASKED).await;
    the_hold_is_over(&desk).await;
    desk.settle().await;
    assert_eq!(desk.tickets().await.len(), 6, "nothing was put off or into quarantine");
    assert!(said(&desk).iter().any(|d| d.contains(SAYS_SO)), "{:?}", said(&desk));
    let karim = desk.agent("Karim", Role::Agent).await;
    let ticket = desk.tickets().await.into_iter().find(|t| t.visibility == Visibility::Public).unwrap();
    let form = [("text", "Bonjour, 24 €."), ("visibility", "private")];
    karim.post(&format!("/tickets/{}/reply", ticket.id), &form).await.expect(303);
    desk.pass(Duration::from_secs(31)).await;
    desk.settle().await;
    assert!(said(&desk).iter().any(|d| d.contains("24 €")), "{:?}", said(&desk));
}

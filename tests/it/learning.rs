//! The bot learns from people: what it missed is put together and becomes an entry in two acts, or
//! part of one, or is let be; what a colleague wrote becomes an entry; and what is covered is counted.

use std::time::Duration;

use guichet::base::id::{AnyId, BrandId, MessageId, TicketId};
use guichet::desk::agent::Role;
use guichet::desk::canned::Mode;
use guichet::desk::message::{Direction, Visibility};
use guichet::desk::release::Reach;
use guichet::desk::scope::Scope;
use guichet::desk::ticket::Ticket;
use guichet::flow::missed::survey;
use guichet::flow::studio::publish as studio;
use guichet::flow::studio::{draft, gate};
use guichet::flow::{bot, facts};
use guichet::store::choices::{self, Chosen};
use guichet::store::{library, proposals, surveys};
use serde_json::json;

use crate::on_both;
use crate::studio::releases::rehearsed;
use crate::support::browser::Browser;
use crate::support::desk::PAGE;
use crate::support::{Desk, Engine, Visitor};

/// What no entry of the starter pack answers, asked in several ways.
const DISHWASHER: [&str; 6] = [
    "Bonjour, la théière passe au lave-vaisselle ?",
    "lave-vaisselle ou à la main pour la théière ?",
    "Peut-on mettre le couvercle de la théière au lave-vaisselle ?",
    "bjr, théière compatible lave vaisselle svp ?",
    "La théière supporte le lave-vaisselle ou pas",
    "Ma théière est passée au lave-vaisselle, elle ne risque rien ?",
];
const ENGRAVING: [&str; 4] = [
    "Vous faites la gravure d’un prénom sur la théière ?",
    "Bonjour, gravure du prénom possible ?",
    "je voudrais une gravure de prénom, c’est faisable ?",
    "gravure d’un prénom : comment faire ?",
];
const YES: &str = "Bonjour Léa, oui, la théière passe au lave-vaisselle, sans son couvercle. Bonne journée, Sarah";

/// People write, each in a conversation of their own; the new tickets, in their order.
async fn ask(desk: &Desk, from: u32, texts: &[&str]) -> Vec<Ticket> {
    let before: Vec<TicketId> = desk.tickets().await.iter().map(|t| t.id).collect();
    for (n, text) in (from..).zip(texts) {
        desk.simulator.facebook.message(PAGE, (&format!("8{n}"), "Léa Martin"), text);
        desk.settle().await;
    }
    desk.tickets().await.into_iter().filter(|t| !before.contains(&t.id)).collect()
}

async fn answer(desk: &Desk, who: &Visitor, tickets: &[Ticket], text: &str) {
    for ticket in tickets {
        let form = [("text", text), ("visibility", "private"), ("anyway", "1")];
        who.post(&format!("/tickets/{}/reply", ticket.id), &form).await.expect(303);
    }
    desk.pass(Duration::from_secs(60)).await;
}

async fn look(desk: &Desk) -> Vec<surveys::Kept> {
    survey::make(&desk.house, desk.brand).await.unwrap();
    surveys::clusters(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap()
}

/// What was learnt at a brand, so that somebody may try to get at it.
pub struct Traces {
    pub cluster: AnyId,
    pub choice: AnyId,
    pub proposal: AnyId,
}

/// A cluster, a decision and a proposal.
pub async fn traces(desk: &Desk, brand: BrandId, message: MessageId) -> Traces {
    let (now, id) = (desk.house.now(), || desk.house.given.id());
    let traces = Traces { cluster: id(), choice: id(), proposal: id() };
    let survey = surveys::Survey {
        brand_id: brand,
        asked_at: None,
        made_at: Some(now),
        since: now,
        questions: 1,
        capped: false,
    };
    let (languages, weeks) = (json!([["fr", 1]]), json!([1, 0, 0, 0, 0]));
    let kept = surveys::Kept {
        id: traces.cluster,
        brand_id: brand,
        place: 0,
        questions: 1,
        saves: 0,
        languages,
        weeks,
        answers: json!([]),
        near: None,
    };
    let title = "Le canari perdu".to_owned();
    let choice = choices::Choice {
        id: traces.choice,
        brand_id: brand,
        choice: Chosen::Ignored,
        entry: None,
        title,
        texts: json!({"fr": ["canari"]}),
        agent_id: None,
        at: now,
    };
    let proposal = proposals::Proposal {
        id: traces.proposal,
        brand_id: brand,
        message_id: Some(message),
        path: "delivery/canari".into(),
        source: String::new(),
        agent_id: None,
        at: now,
        state: proposals::Standing::Open,
        decided_by: None,
        decided_at: None,
    };
    let mut tx = desk.house.db.write().await.unwrap();
    surveys::keep(&mut tx, &survey, &[kept], &[(traces.cluster, vec![message])]).await.unwrap();
    choices::note(&mut tx, &choice, &[message]).await.unwrap();
    proposals::add(&mut tx, &proposal).await.unwrap();
    tx.commit().await.unwrap();
    traces
}

async fn source_of(desk: &Desk, path: &str) -> Option<String> {
    let kept = library::get(&mut desk.house.db.read().await.unwrap(), desk.brand, path).await.unwrap();
    kept.map(|k| k.source)
}

/// The same as the draft has it.
async fn drafted(desk: &Desk, path: &str) -> Option<String> {
    let draft = draft::read(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap();
    draft.source(path).map(str::to_owned)
}

/// What was learnt is rehearsed, and published by two.
async fn publish(desk: &Desk, writer: &Visitor) {
    let lead = desk.agent("Lena", Role::Lead).await;
    let (scope, second) = (desk.scope(writer).await, desk.scope(&lead).await);
    rehearsed(desk, &scope).await;
    let now = draft::read(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap();
    gate::agree(&desk.house, &second, desk.brand, &now.print()).await.unwrap();
    studio::publish(&desk.house, &scope, desk.brand, Reach::All, "").await.unwrap();
}

/// What a form would send, as it stands on the page.
fn filled(page: &crate::support::visitor::Answer) -> Vec<(String, String)> {
    let html = scraper::Html::parse_document(&page.text);
    let pick = |s: &str| scraper::Selector::parse(s).unwrap();
    let mut out = Vec::new();
    for field in html.select(&pick("form.twolang [name]")) {
        let name = field.value().attr("name").unwrap().to_owned();
        if field.value().attr("type") == Some("checkbox") && field.value().attr("checked").is_none() {
            continue;
        }
        let value = match field.value().name() {
            "textarea" => field.text().collect::<String>().trim_start_matches('\n').to_owned(),
            "select" => {
                field.select(&pick("option[selected]")).next().unwrap().value().attr("value").unwrap().to_owned()
            }
            _ => field.value().attr("value").unwrap_or_default().to_owned(),
        };
        out.push((name, value));
    }
    out
}

fn with(form: &[(String, String)], changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut form = form.to_vec();
    for (name, value) in changes {
        let field = form.iter_mut().find(|(n, _)| n == name).unwrap();
        field.1.clear();
        field.1.push_str(value);
    }
    form
}

async fn send(who: &Visitor, path: &str, form: &[(String, String)]) -> crate::support::visitor::Answer {
    let fields: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    who.post(path, &fields).await
}

const ENGLISH: [(&str, &str); 3] = [
    ("title_en", "Is it dishwasher safe?"),
    ("answer_en", "Hello, yes, without its lid."),
    ("examples_en", "is the teapot dishwasher safe?"),
];

on_both! {
    /// Asked again and again, answered by hand, made an entry in two acts, and offered to the next.
    async fn what_was_missed_becomes_an_entry(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let mona = desk.agent("Mona", Role::Community).await;
        let tickets = ask(&desk, 0, &DISHWASHER).await;
        answer(&desk, &sarah, &tickets, YES).await;
        ask(&desk, 50, &["Trop belle 😍", "Qui a gagné le concours ?"]).await;
        assert!(mona.get("/bot/missed").await.expect(200).seen().contains("Rien n’a encore été regardé"));
        let found = look(&desk).await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].questions, found[0].saves), (6, 6));
        let page = mona.get("/bot/missed").await.expect(200);
        let row = page.all(".lr").concat();
        assert!(row.contains("lave-vaisselle") && row.contains("6 questions") && row.contains("nouveau"), "{row}");
        let open = mona.get(&page.attr(".lr", "href").unwrap()).await.expect(200);
        assert!(open.seen().contains("6 réponses sur 6"), "{}", open.seen());
        assert_eq!(open.all(".lopen .people li").len(), 6, "every question leads to its conversation");

        // One act: the form, filled in. Nobody's name is in it.
        let form = mona.get(&open.attr(".lacts a.btn.pri", "href").unwrap()).await.expect(200);
        let prefilled = filled(&form);
        let value = |name: &str| prefilled.iter().find(|(n, _)| n == name).unwrap().1.clone();
        assert!(value("answer_fr").contains("{{ contact.first_name }}") && value("answer_fr").contains("{{ agent.first_name }}"), "{}", value("answer_fr"));
        assert!(!form.text.contains("Léa") && value("examples_fr").lines().count() == 6, "{}", value("examples_fr"));
        assert!(!value("examples_fr").contains("Bonjour"), "greetings are no examples");
        // What is missing is said, and what was written stays.
        let refused = send(&mona, "/bot/missed/new", &prefilled).await.expect(422);
        assert!(refused.all("#why").concat().contains("en") && refused.text.contains("sans son couvercle"), "{:?}", refused.all("#why"));
        // The other act.
        let whole = with(&prefilled, &[&[("folder", "sizes"), ("name", "lave-vaisselle")], &ENGLISH[..]].concat());
        let saved = send(&mona, "/bot/missed/new", &whole).await.expect(303);
        assert_eq!(saved.location(), "/bot/missed?said=entry");
        assert_eq!(source_of(&desk, "sizes/lave-vaisselle").await, None, "nothing is live that was not rehearsed");
        let source = drafted(&desk, "sizes/lave-vaisselle").await.expect("it is in the draft");
        assert!(source.contains("is the teapot dishwasher safe?"), "{source}");
        let page = mona.get(saved.location()).await.expect(200);
        assert!(page.all(".lr").is_empty() && page.seen().contains("devenu une réponse type"), "{}", page.seen());
        assert!(look(&desk).await.is_empty(), "what became an entry is not missed");

        publish(&desk, &mona).await;
        let next = ask(&desk, 90, &["Est-ce que la théière va au lave-vaisselle ?"]).await;
        let page = sarah.get(&format!("/tickets/{}", next[0].id)).await.expect(200);
        assert!(page.all("#offer").concat().contains("lave-vaisselle"), "{:?}", page.all("#offer"));
    }

    /// One cluster is attached to an entry, another let be; what is let be does not come back with new
    /// questions, and comes back when that is taken back.
    async fn attached_ignored_and_taken_back(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let mona = desk.agent("Mona", Role::Community).await;
        let tickets = [ask(&desk, 0, &DISHWASHER).await, ask(&desk, 20, &ENGRAVING).await].concat();
        answer(&desk, &sarah, &tickets, "Je demande à la boutique.").await;
        let found = look(&desk).await;
        assert_eq!(found.iter().map(|c| c.questions).collect::<Vec<_>>(), [6, 4], "{found:?}");
        let again = look(&desk).await;
        assert_eq!(again.iter().map(|c| c.id).collect::<Vec<_>>(), found.iter().map(|c| c.id).collect::<Vec<_>>(), "their names stay");
        let (dish, engraving) = (found[0].id, found[1].id);
        let before = source_of(&desk, "sizes/product-details").await.unwrap();
        let phrases = [("path", "sizes/product-details"), ("fr", "la théière va-t-elle au lave-vaisselle ?\n\n  et \"à la main\" ? ")];
        sarah.post(&format!("/bot/missed/{dish}/attach"), &phrases).await.expect(403);
        mona.post(&format!("/bot/missed/{dish}/attach"), &phrases).await.expect(303);
        assert_eq!(source_of(&desk, "sizes/product-details").await.as_ref(), Some(&before));
        let after = drafted(&desk, "sizes/product-details").await.unwrap();
        assert!(after.contains("la théière va-t-elle au lave-vaisselle ?") && after.contains("et \\\"à la main\\\" ?"), "{after}");
        assert_eq!(after.lines().last(), before.lines().last());
        sarah.post(&format!("/bot/missed/{engraving}/ignore"), &[]).await.expect(403);
        mona.post(&format!("/bot/missed/{engraving}/ignore"), &[]).await.expect(303);
        mona.post(&format!("/bot/missed/{engraving}/ignore"), &[]).await.expect(404);

        let more = ["la gravure d’un prénom est possible ?", "gravure prénom svp", "Bonsoir, vous gravez un prénom ? la gravure coûte combien", "gravure du prénom sur deux théières ?"];
        let tickets = ask(&desk, 40, &more).await;
        answer(&desk, &sarah, &tickets, "Je demande à la boutique.").await;
        assert!(look(&desk).await.is_empty(), "what was ignored does not come back");
        let all = choices::last(&mut desk.house.db.read().await.unwrap(), desk.brand, 5).await.unwrap();
        assert_eq!(all.iter().map(|c| c.choice).collect::<Vec<_>>(), [Chosen::Ignored, Chosen::Attached]);
        sarah.post(&format!("/bot/missed/choices/{}/back", all[0].id), &[]).await.expect(403);
        mona.post(&format!("/bot/missed/choices/{}/back", all[0].id), &[]).await.expect(303);
        let due = surveys::due(&mut desk.house.db.read().await.unwrap(), guichet::base::At(0)).await.unwrap();
        assert!(due.contains(&desk.brand), "a new look is asked for");
        assert_eq!(survey::turn(&desk.house).await.unwrap(), 1);
        let found = surveys::clusters(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap();
        assert!(found.len() == 1 && found[0].questions >= 7, "{found:?}");
        // The bot shall never answer these: an entry agents have, and it does not.
        let form = filled(&mona.get(&format!("/bot/missed/new?cluster={}&never=1", found[0].id)).await.expect(200));
        assert!(form.iter().any(|(n, v)| n == "never" && v == "1"), "{form:?}");
        let whole = with(&form, &[("folder", "sizes"), ("name", "gravure"), ("title_en", "Engraving"), ("answer_en", "We ask.")]);
        send(&mona, "/bot/missed/new", &whole).await.expect(303);
        let kept = library::get(&mut desk.house.db.read().await.unwrap(), desk.brand, "sizes/gravure").await.unwrap().unwrap();
        assert_eq!((kept.private_mode, kept.public_mode), (Mode::Off, Mode::Off));
        assert!(look(&desk).await.is_empty());
        let next = ask(&desk, 60, &["la gravure d’un prénom, c’est possible ?"]).await;
        let page = sarah.get(&format!("/tickets/{}", next[0].id)).await.expect(200);
        assert!(page.all("#offer").is_empty(), "it keeps silent");
    }

    /// What was offered and used is not missed; what was offered while something else was written is.
    async fn an_offer_that_was_not_taken_is_a_miss(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let stated = [("opening_hours".to_owned(), "du lundi au vendredi, 9 h à 18 h".to_owned())];
        facts::state(&desk.house, &Scope::house(desk.brand), desk.brand, &stated).await.unwrap();
        let hours = ["Bonjour, quels sont vos horaires ?", "vos horaires d’ouverture svp", "quels sont vos horaires cette semaine ?", "c’est quoi vos horaires d’ouverture"];
        let first = ask(&desk, 0, &hours).await;
        for ticket in &first {
            let page = sarah.get(&format!("/tickets/{}", ticket.id)).await.expect(200);
            let link = page.attr("#offer a[data-insert]", "href").expect("it is offered");
            let text = sarah.get(link.split('#').next().unwrap()).await.expect(200).all("#ed").concat();
            answer(&desk, &sarah, std::slice::from_ref(ticket), &format!("{text} Bien à vous")).await;
        }
        assert!(look(&desk).await.is_empty(), "the offer was good");
        let second = ask(&desk, 20, &hours).await;
        answer(&desk, &sarah, &second, "Le magasin de Nantes ferme définitivement samedi, pardon.").await;
        let found = look(&desk).await;
        assert_eq!(found.iter().map(|c| c.questions).collect::<Vec<_>>(), [4], "{found:?}");
        assert_eq!(found[0].near.as_deref(), Some("hours/opening-hours"), "and says what it came near to");
    }

    /// Before anything is typed, what may answer the last message stands first in the picker.
    async fn the_picker_begins_with_what_is_near(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let tickets = ask(&desk, 0, &["Bonjour, quels sont vos horaires ?", "comment obtenir un remboursement ?"]).await;
        let first = async |n: usize| {
            let offers = sarah.get(&format!("/tickets/{}/canned.json", tickets[n].id)).await.expect(200).json();
            offers["private"][0]["path"].as_str().unwrap().to_owned()
        };
        assert_eq!(first(0).await, "hours/opening-hours");
        assert!(first(1).await.starts_with("returns/"), "{}", first(1).await);
        let page = sarah.get(&format!("/tickets/{}/canned?mode=private", tickets[0].id)).await.expect(200);
        assert!(page.all("main li.card").first().is_some_and(|l| l.contains("Horaires")), "{:?}", page.all("main li.card"));
    }

    /// A colleague's reply: proposed by an agent, looked at and accepted by who writes the library.
    async fn a_reply_becomes_an_entry(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let mona = desk.agent("Mona", Role::Community).await;
        let yves = desk.agent("Yves", Role::Viewer).await;
        let tickets = ask(&desk, 0, &DISHWASHER[..1]).await;
        answer(&desk, &sarah, &tickets, YES).await;
        let at = format!("/tickets/{}", tickets[0].id);
        let page = sarah.get(&at).await.expect(200);
        let link = page.attr(".m.out a[href^='/bot/missed/new']", "href").expect("under the reply that was sent");
        yves.get(&link).await.expect(403);
        assert!(yves.get(&at).await.expect(200).attr(".m.out a[href^='/bot/missed/new']", "href").is_none());
        let form = sarah.get(&link).await.expect(200);
        let prefilled = filled(&form);
        assert!(prefilled.iter().any(|(n, v)| n == "examples_fr" && v == "la théière passe au lave-vaisselle ?"), "{prefilled:?}");
        let whole = with(&prefilled, &[&[("folder", "sizes"), ("name", "lave")], &ENGLISH[..]].concat());
        let sent = send(&sarah, "/bot/missed/new", &whole).await.expect(303);
        assert_eq!(sent.location(), "/bot/missed?said=proposed");
        assert_eq!(drafted(&desk, "sizes/lave").await, None, "an agent proposes");
        let waiting = proposals::open(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap();
        assert_eq!(waiting.len(), 1);
        sarah.get(&format!("/bot/missed/new?proposal={}", waiting[0].id)).await.expect(403);
        sarah.post(&format!("/bot/missed/proposals/{}/decline", waiting[0].id), &[]).await.expect(403);
        let page = mona.get("/bot/missed").await.expect(200);
        assert!(page.seen().contains("sizes/lave") && page.seen().contains("Sarah"), "{}", page.seen());
        let form = filled(&mona.get(&page.attr("a[href*=proposal]", "href").unwrap()).await.expect(200));
        assert!(form.iter().any(|(n, v)| n == "answer_en" && v == "Hello, yes, without its lid."), "{form:?}");
        send(&mona, "/bot/missed/new", &form).await.expect(303);
        assert!(drafted(&desk, "sizes/lave").await.unwrap().contains("{{ agent.first_name }}"));
        send(&mona, "/bot/missed/new", &form).await.expect(404);

        send(&sarah, "/bot/missed/new", &with(&whole, &[("name", "lave-2")])).await.expect(303);
        let waiting = proposals::open(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap();
        mona.post(&format!("/bot/missed/proposals/{}/decline", waiting[0].id), &[]).await.expect(303);
        mona.post(&format!("/bot/missed/proposals/{}/decline", waiting[0].id), &[]).await.expect(404);
        // Only what one of us said to a customer can be made one.
        let theirs: MessageId = desk.messages(tickets[0].id).await.iter().find(|m| m.direction == Direction::Inbound).unwrap().id;
        mona.get(&format!("/bot/missed/new?message={theirs}")).await.expect(422);
    }

    /// What is counted, and where each figure leads.
    async fn coverage_is_counted_and_leads_to_conversations(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let yves = desk.agent("Yves", Role::Viewer).await;
        let hours = "hours/opening-hours";
        let stated = [("opening_hours".to_owned(), "du lundi au vendredi, 9 h à 18 h".to_owned())];
        facts::state(&desk.house, &Scope::house(desk.brand), desk.brand, &stated).await.unwrap();
        ask(&desk, 0, &["Bonjour, quels sont vos horaires ?"]).await;
        bot::set_mode(&desk.house, &Scope::house(desk.brand), desk.brand, hours, Visibility::Private, Mode::Auto).await.unwrap();
        let answered = ask(&desk, 10, &["Bonjour, quels sont vos horaires ?", "Bonjour, quels sont vos horaires ?"]).await;
        desk.pass(Duration::from_secs(60)).await;
        // To one of the two somebody writes afterwards all the same.
        answer(&desk, &sarah, &answered[..1], "Et le samedi sur rendez-vous.").await;
        ask(&desk, 30, &["Le chat dort sur le toit bleu", "C’est un scandale, je porte plainte, remboursez-moi tout de suite !!"]).await;
        let page = yves.get("/bot/coverage").await.expect(200);
        let kpi = page.all(".kpi b");
        assert_eq!(kpi[0], "4", "a complaint is no question: {kpi:?}");
        assert_eq!(kpi[1..], ["75 %", "25 %", "50 %", "25 %"], "{kpi:?}");
        let follow = async |fate: &str| {
            let page = yves.get(&page.attr(&format!(".kpi[href*='fate={fate}']"), "href").unwrap()).await.expect(200);
            page.all(".people li").len()
        };
        assert_eq!((follow("asked").await, follow("known").await, follow("suggested").await), (4, 3, 1));
        assert_eq!((follow("answered").await, follow("deflected").await), (2, 1));
        let rows = page.all(".covered tbody tr");
        assert!(rows.iter().any(|r| r.starts_with("Horaires et contact")) && rows.iter().any(|r| r.starts_with("Sans réponse type")), "{rows:?}");
        let unknown = yves.get("/bot/coverage/questions?fate=unknown&days=7").await.expect(200);
        assert_eq!(unknown.all(".people li").len(), 1);
        let of = yves.get("/bot/coverage/questions?fate=asked&of=hours&language=fr").await.expect(200);
        assert_eq!(of.all(".people li").len(), 3);
        assert!(yves.get("/bot/coverage/questions?fate=asked&of=hour").await.expect(200).all(".people li").is_empty());
        let channel = yves.get(&format!("/bot/coverage?days=7&channel={}&language=en", desk.channel)).await.expect(200);
        assert!(channel.seen().contains("Aucune question"), "{}", channel.seen());
        assert!(page.seen().contains("Réponses que personne ne demande"));
        let idle = page.all("section:last-of-type .people li");
        assert!(idle.iter().all(|l| !l.contains("Horaires d’ouverture")) && idle.len() > 10, "{idle:?}");
        // A week later nothing of it is in the last seven days.
        desk.clock.forward(Duration::from_hours(24 * 8));
        let vera = desk.agent("Vera", Role::Viewer).await;
        assert!(vera.get("/bot/coverage?days=7").await.expect(200).seen().contains("Aucune question"));
        assert_eq!(vera.get("/bot/coverage?days=30").await.expect(200).all(".kpi b")[0], "4");
    }
}

/// In a browser, by keyboard: a manager makes an entry of what was missed, attaches, ignores; the next
/// customer's question brings the offer to the agent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_teaches_the_bot_in_a_browser() {
    let desk = Desk::open(Engine::Sqlite).await;
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let mona = desk.agent("Mona", Role::Community).await;
    let bags = [
        "Vous avez un sac de transport pour la théière ?",
        "un sac de transport existe ?",
        "je cherche un sac de transport",
    ];
    let all =
        [ask(&desk, 0, &DISHWASHER).await, ask(&desk, 20, &ENGRAVING).await, ask(&desk, 40, &bags).await].concat();
    answer(&desk, &sarah, &all, YES).await;
    assert_eq!(look(&desk).await.len(), 3);

    let mut browser = Browser::open().await;
    browser.sign_in(&desk.base, &mona.token).await;
    browser.go(&format!("{}/bot", desk.base)).await;
    browser.follow("a[href='/bot/missed']").await;
    browser.press("j").await;
    browser
        .until(
            "document.activeElement.matches('a.lr') && document.activeElement.textContent.includes('lave-vaisselle')",
        )
        .await;
    browser.press_and_go("Enter").await;
    browser.until("document.querySelector('#open-head')?.textContent.includes('lave-vaisselle')").await;
    browser.follow(".lacts a.btn.pri").await;
    for (field, text) in [("title_en", ENGLISH[0].1), ("answer_en", ENGLISH[1].1), ("name", "lave")] {
        browser.eval(&format!("document.getElementById('{field}').value = {text:?}")).await;
    }
    browser.follow_form("form.twolang .btn.pri").await;
    browser.sees("La réponse type est dans le brouillon du robot").await;

    browser.follow(".lr").await;
    browser.sees("gravure").await;
    browser.eval("document.getElementById('attach-to').value = 'sizes/product-details'").await;
    browser.follow_form(".lacts form .btn").await;
    browser.sees("Les formulations sont ajoutées au brouillon").await;
    browser.follow(".lr").await;
    browser.sees("sac de transport").await;
    browser.follow_form("form[action$=ignore] button").await;
    browser.until("!document.querySelector('.lr') && document.body.textContent.includes('ne reviendra pas')").await;
    assert!(look(&desk).await.is_empty(), "nothing comes back");

    publish(&desk, &mona).await;
    let next = ask(&desk, 60, &["Est-ce que ma théière va au lave-vaisselle ?"]).await;
    browser.enter(&desk, &sarah, &format!("/tickets/{}", next[0].id)).await;
    browser.until("document.querySelector('#offer')?.textContent.includes('lave-vaisselle')").await;
}

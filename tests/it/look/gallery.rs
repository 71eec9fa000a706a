//! Every page there is, in every state a person may find it in. The list is held against the
//! router's table: a page that is added there and not here fails the stories.

use std::time::Duration;

use guichet::base::Lang;
use guichet::base::id::TicketId;
use guichet::desk::agent::Role;
use guichet::desk::canned::Mode;
use guichet::desk::message::Visibility;
use guichet::desk::scope::Scope;
use guichet::desk::ticket::Ticket;
use guichet::flow::attach::{self, Given};
use guichet::flow::people::{self, Host, NewAgent};
use guichet::flow::{bot, facts, studio};
use guichet::simulator::facebook::psid_of;
use guichet::simulator::linkedin::NewPage;
use guichet::simulator::whatsapp::Person;
use guichet::store::{calibrations, channels, contacts, messages};
use serde_json::json;

use crate::support::desk::PAGE;
use crate::support::{Desk, Engine, Visitor};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// May do everything.
    Admin,
    /// May only look.
    Viewer,
    /// Works at a brand where nothing has happened yet.
    Newcomer,
    /// Is not signed in.
    Stranger,
}

/// A page in one of its states.
pub struct Sight {
    /// What it is called in reports.
    pub name: &'static str,
    /// Who looks at it.
    pub who: Who,
    /// The route it belongs to, as the router has it.
    pub route: &'static str,
    /// Its address.
    pub path: String,
    /// What is done there before it is looked at.
    pub act: &'static str,
    /// What holds once that is done.
    pub until: &'static str,
}

impl Sight {
    /// What of it no other sight shows: the rest of the page was looked at with the page itself.
    pub fn part(&self) -> &'static str {
        match self.name {
            "ticket, toast" => ".toasts",
            "ticket, keys" => "dialog[open]",
            "ticket, contact" => ".ctx",
            "ticket, long words" | "ticket, other way round" | "ticket, emoji" | "ticket, off the line" => ".main",
            "queue, my menu" => ".top",
            name if name.starts_with("ticket, ") => ".conv",
            name if name.starts_with("queue, ") => ".queue",
            _ => "html",
        }
    }
}

/// Routes that answer with no page, and what they answer with.
pub const NO_PAGES: &[(&str, &str)] = &[
    ("/", "leads to the inbox or to the sign-in page"),
    ("/enter/{link}", "signs in and leads on"),
    ("/assets/{file}", "style sheet, script, icons, fonts"),
    ("/inbox", "leads to the first view"),
    ("/tickets/{id}/canned.json", "canned replies for the script"),
    ("/media/{message}/{n}", "somebody’s picture"),
    ("/live", "a socket"),
    ("/settings", "leads to the first of the settings"),
    ("/bot/report.csv", "a file for a spreadsheet"),
    ("/healthz", "for operators"),
    ("/readyz", "for operators"),
    ("/metrics", "for operators"),
];

/// Routes that answer with a page; the sights are of these, and of each there is one.
pub const ROUTES: &[&str] = &[
    "/login",
    "/setup",
    "/invite/{link}",
    "/inbox/{view}",
    "/tickets/{id}",
    "/tickets/{id}/escalate",
    "/tickets/{id}/approved",
    "/tickets/{id}/canned",
    "/replies",
    "/replies/new",
    "/replies/{folder}/{slug}",
    "/bot",
    "/bot/new",
    "/bot/rules/{folder}/{slug}",
    "/bot/try",
    "/bot/replay",
    "/bot/publish",
    "/bot/versions",
    "/bot/versions/{number}",
    "/bot/missed",
    "/bot/missed/{id}",
    "/bot/missed/new",
    "/bot/coverage",
    "/bot/coverage/questions",
    "/contacts",
    "/contacts/{id}",
    "/search",
    "/settings/facts",
    "/settings/bot",
    "/settings/bot/connectors",
    "/bot/report",
    "/bot/report/list",
    "/settings/assist",
    "/settings/me",
    "/settings/login/back/",
    "/settings/channels",
    "/settings/channels/new/{network}",
    "/settings/channels/{id}",
    "/settings/people",
    "/settings/brands",
    "/settings/troubles",
];

/// A house in the middle of its work, and one where nobody has been.
pub struct Gallery {
    /// The house.
    pub desk: Desk,
    /// The house nobody has signed in to.
    pub empty: Desk,
    /// May do everything.
    pub admin: Visitor,
    /// May only look.
    pub viewer: Visitor,
    /// Works at a brand where nothing has happened yet.
    pub newcomer: Visitor,
    /// All sights.
    pub sights: Vec<Sight>,
}

/// A name as long as some are.
const LONG_NAME: &str = "Maximilienne-Wilhelmine Papadopoulos-Featherstonehaugh de la Rochefoucauld-Montmorency";
/// A word that does not end.
const LONG_WORD: &str = "https://exemple.fr/suivi/Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft0123456789012345678901234567890123456789";

impl Gallery {
    /// Opens both houses and lets a morning pass.
    pub async fn open() -> Gallery {
        let desk = Desk::open(Engine::Sqlite).await;
        let empty = Desk::open(Engine::Sqlite).await;
        let admin = desk.agent("Élodie", Role::Admin).await;
        let viewer = desk.agent("Yves", Role::Viewer).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        let (velora, _) = desk.second_brand().await;
        let newcomer = desk.agent_at(velora, "Nina", Role::Agent).await;
        let all = Box::pin(a_morning(&desk, &admin, &karim)).await;
        let sights = Box::pin(sights(&desk, &empty, &admin, &all)).await;
        Gallery { desk, empty, admin, viewer, newcomer, sights }
    }

    /// Where a sight is, in a language.
    pub fn url(&self, sight: &Sight, lang: Lang) -> String {
        let house = if sight.route == "/setup" { &self.empty } else { &self.desk };
        let url = format!("{}{}", house.base, sight.path);
        if sight.who != Who::Stranger {
            return url;
        }
        let joint = if url.contains('?') { '&' } else { '?' };
        format!("{url}{joint}lang={lang}")
    }

    /// The session of whoever looks.
    pub fn visitor(&self, who: Who) -> Option<&Visitor> {
        match who {
            Who::Admin => Some(&self.admin),
            Who::Viewer => Some(&self.viewer),
            Who::Newcomer => Some(&self.newcomer),
            Who::Stranger => None,
        }
    }

    /// Everybody reads this language from now on.
    pub async fn speaks(&self, lang: Lang) {
        for visitor in [&self.admin, &self.viewer, &self.newcomer] {
            visitor.post("/settings/me", &[("locale", lang.as_str())]).await.expect(303);
        }
    }
}

/// People write, in all ways they do; some are answered, some not, some answers fail.
async fn a_morning(desk: &Desk, admin: &Visitor, karim: &Visitor) -> Vec<Ticket> {
    let facebook = &desk.simulator.facebook;
    let post =
        facebook.publish(PAGE, "La théière en fonte est de retour, en trois couleurs. Laquelle irait chez vous ?");
    let asked = [
        ("1", "Camille Roussel", "Bonjour, elle passe au four ? C’est combien avec la livraison ?"),
        ("2", LONG_NAME, LONG_WORD),
        ("3", "ليلى حداد", "مرحبا، هل التوصيل متاح إلى باريس؟ \u{202E}txet sdrawkcab"),
        ("4", "Zoé 🦊🌿✨", "🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖🫖"),
        ("5", "James Whitfield", "I ordered three weeks ago and nothing has arrived. This is unacceptable!"),
        ("6", "Tom", "Spam spam spam"),
    ];
    let mut comments = Vec::new();
    for (id, name, text) in asked {
        comments.push(facebook.comment(PAGE, &post, (id, name), text));
        // One after the other, so that their numbers are in this order.
        desk.settle().await;
        desk.clock.forward(Duration::from_secs(300));
    }
    facebook.visitor_post(PAGE, ("7", "Inès Garnier"), "Merci pour la réparation, c’est parfait.");
    for n in 0..5 {
        facebook.message(PAGE, (&format!("7{n:02}"), &format!("Client {n}")), "Bonjour, une question sur ma commande");
    }
    desk.settle().await;
    facebook.message(PAGE, (&psid_of("1"), "Camille Roussel"), "Je vous écris aussi en privé, merci de répondre vite");
    facebook.edit_comment(
        PAGE,
        &comments[0],
        "Bonjour, elle passe au four à 180 °C ? C’est combien avec la livraison ?",
    );
    facebook.push_raw(PAGE, format!("{{\"object\":\"page\",\"entry\":[{{\"id\":\"{PAGE}\",").into_bytes());
    let mid = json!({"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": [{"sender": {"id": "700"}, "recipient": {"id": PAGE},
        "timestamp": desk.house.now().millis(), "message": {"mid": "m_pic", "attachments": [{"type": "image", "payload": {"url": "https://scontent.xx.fbcdn.net/a.jpg"}}, {"type": "file", "payload": {"url": "https://scontent.xx.fbcdn.net/facture.pdf"}}]}}]}]});
    facebook.push_raw(PAGE, mid.to_string().into_bytes());
    desk.settle().await;
    let all = desk.tickets().await;
    let at = |n: usize| format!("/tickets/{}", all[n].id);
    let say = |text: &'static str, way: &'static str| [("text", text), ("visibility", way)];
    karim.post(&format!("{}/reply", at(0)), &say("Cliente fidèle, voir son historique.", "internal")).await.expect(303);
    karim.post(&format!("{}/reply", at(0)), &say("Oui, jusqu’à 180 °C.", "public")).await.expect(303);
    desk.pass(Duration::from_secs(60)).await;
    facebook.refuse_next(200, 0);
    karim.post(&format!("{}/reply", at(4)), &say("We are looking into it.", "public")).await.expect(303);
    desk.pass(Duration::from_secs(60)).await;
    let spam = desk.messages(all[5].id).await.remove(0);
    karim.post(&format!("/messages/{}/moderate", spam.id), &[("action", "hide")]).await.expect(303);
    karim.post(&format!("{}/labels", at(0)), &[("labels", "four, garantie, livraison-express")]).await.expect(303);
    karim.post(&format!("{}/assign", at(0)), &[("assignee", "me")]).await.expect(303);
    karim.post(&format!("{}/stage", at(0)), &[("stage", "advocate")]).await.expect(303);
    for (n, stage) in ["awareness", "consideration", "hot_prospect", "customer"].iter().enumerate() {
        karim.post(&format!("{}/stage", at(n + 1)), &[("stage", stage)]).await.expect(303);
    }
    karim.post(&format!("{}/state", at(7)), &[("state", "snoozed"), ("until", "demain 9h")]).await.expect(303);
    karim.post(&format!("{}/state", at(8)), &[("state", "resolved")]).await.expect(303);
    admin.post(&format!("{}/draft", at(1)), &say("Bonjour, je regarde", "public")).await.expect(303);
    let entry = "+++\nid = \"trou\"\ntitle = { fr = \"Avec un trou\", en = \"With a gap\" }\nshortcut = \"trou\"\n+++\n## fr\n### answer\nElle part le {{ date }}.\n## en\n### answer\nIt leaves on {{ date }}.\n";
    admin.post("/replies", &[("path", "test/trou"), ("source", entry), ("version", "0")]).await.expect(303);
    admin
        .post("/replies/test/trou", &[("source", &entry.replace("part", "partira")), ("version", "1")])
        .await
        .expect(303);
    // What the bot knows, it first offers, then answers.
    let scope = Scope::house(desk.brand);
    let hours = [("opening_hours".to_owned(), "du lundi au vendredi, 9 h à 18 h".to_owned())];
    facts::state(&desk.house, &scope, desk.brand, &hours).await.unwrap();
    facebook.message(PAGE, ("720", "Nadia Offerte"), "Bonjour, quels sont vos horaires ?");
    desk.settle().await;
    bot::set_mode(&desk.house, &scope, desk.brand, "hours/opening-hours", Visibility::Private, Mode::Auto)
        .await
        .unwrap();
    facebook.message(PAGE, ("721", "Nadia Répondue"), "Bonjour, quels sont vos horaires ?");
    desk.settle().await;
    desk.pass(Duration::from_secs(3600)).await;
    // One answer was judged; another entry was closed by the brake.
    let answered = desk.tickets().await.pop().unwrap();
    let said = desk.messages(answered.id).await.pop().unwrap();
    admin.post(&format!("/messages/{}/judge", said.id), &[("right", "1")]).await.expect(303);
    let (now, other) = (desk.house.now(), "payment/payment-methods");
    let mut tx = desk.house.db.write().await.unwrap();
    calibrations::open(&mut tx, desk.brand, other, Visibility::Private, None, now).await.unwrap();
    calibrations::close(&mut tx, desk.brand, other, Visibility::Private, now, (2, 9)).await.unwrap();
    tx.commit().await.unwrap();
    let mut all = all;
    all.extend(desk.tickets().await.into_iter().rev().take(2).rev());
    studied(desk, admin).await;
    // At WhatsApp somebody asked more than a day ago.
    crate::meta::connected(desk, "whatsapp").await;
    guichet::flow::listen::turn(&desk.house).await.unwrap();
    let (person, long_ago) =
        (Person::with_number("33612345678", "Léa Vidal"), desk.house.now().minus(Duration::from_hours(25)));
    desk.simulator.whatsapp.message_at(crate::meta::account("whatsapp"), &person, "Où est ma commande ?", long_ago);
    desk.settle().await;
    // And a file waits to go along with what is said about it.
    let late = asked_long_ago(desk).await;
    let bill = Given { name: "facture du 21 novembre.pdf".into(), bytes: vec![0; 12_345] };
    attach::attach(&desk.house, &desk.scope(admin).await, late, Visibility::Internal, vec![bill]).await.unwrap();
    all
}

/// The ticket at WhatsApp.
async fn asked_long_ago(desk: &Desk) -> TicketId {
    desk.tickets().await.into_iter().find(|t| t.network == "whatsapp").expect("somebody wrote there").id
}

/// The bot's studio in the middle of its work: a draft that was replayed, a release on trial.
async fn studied(desk: &Desk, admin: &Visitor) {
    let scope = desk.scope(admin).await;
    let path = "hours/opening-hours";
    let drafted = async |from: &'static str, to: &'static str| {
        let draft = studio::draft::read(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap();
        let source = draft.source(path).unwrap().replacen(from, to, 1);
        let version = draft.entries.iter().find(|d| d.path == path).map_or(0, |d| d.version);
        studio::draft::put(&desk.house, &scope, desk.brand, path, Some(source), version).await.unwrap();
        admin.post("/bot/replay", &[("last", "5000")]).await.expect(303);
    };
    drafted("[examples]\nfr = [", "[examples]\nfr = [\n  \"quelles heures faites-vous le jeudi\",").await;
    let reach = guichet::desk::release::Reach::Tenth;
    studio::publish::publish(&desk.house, &scope, desk.brand, reach, "Plus de formulations").await.unwrap();
    desk.simulator.facebook.message(PAGE, ("722", "Nadia Jeudi"), "quelles heures faites-vous le jeudi");
    desk.settle().await;
    drafted("fr = [", "fr = [\n  \"une question sur ma commande\",").await;
    studio::propose::propose(&desk.house, &scope, desk.brand, path, "Ajouter « vous fermez quand »").await.unwrap();
}

/// The way in for whoever was invited.
async fn invitation(desk: &Desk) -> String {
    let new = NewAgent {
        email: "noemie@guichet.example".into(),
        name: "Noémie".into(),
        role: Role::Agent,
        brand: Some(desk.brand),
        password: None,
        locale: Lang::Fr,
    };
    people::add(&desk.house, Host::Operator, new).await.unwrap().1.expect("an invitation")
}

/// The set-up link of a house where nobody has been.
async fn set_up_link(desk: &Desk) -> String {
    let mut tx = desk.house.db.write().await.unwrap();
    let link = people::invite(&desk.house, &mut tx, None, "setup", Duration::from_secs(3600)).await.unwrap();
    tx.commit().await.unwrap();
    link
}

/// What a form at the ticket’s foot is sent with.
const SEND: &str = "document.querySelector('#ed').value = 'Votre commande AB-48213 part demain';
    document.querySelector('#mode-public').checked = true; HTMLFormElement.prototype.submit.call(document.querySelector('#composer'))";
/// Two answers at once: this one is based on what was seen before the other.
const COLLIDE: &str = "document.querySelector('#ed').value = 'Je regarde.';
    document.querySelector('#composer [name=seen]').value = '0';
    document.querySelector('#mode-public').checked = true; HTMLFormElement.prototype.submit.call(document.querySelector('#composer'))";
/// The picker, as “/” opens it.
const PICK: &str = "document.querySelector('#ed').value = ''; document.querySelector('#ed').focus(); document.querySelector('[data-pick]').click()";

#[expect(clippy::too_many_lines, reason = "a list")]
async fn sights(desk: &Desk, empty: &Desk, admin: &Visitor, all: &[Ticket]) -> Vec<Sight> {
    let mut out: Vec<Sight> = Vec::new();
    let mut see = |name, who, route, path: &str, act, until| {
        out.push(Sight { name, who, route, path: path.to_owned(), act, until });
    };
    let (ticket, inbox) = ("/tickets/{id}", "/inbox/{view}");
    let at = |n: usize| format!("/tickets/{}", all[n].id);
    let settled = admin.post(&format!("{}/priority", at(0)), &[("priority", "high")]).await.expect(303);

    see("queue", Who::Admin, inbox, "/inbox/todo", "", "");
    see("queue, a stage", Who::Admin, inbox, "/inbox/open?stage=hot_prospect&label=four", "", "");
    see("queue, resolved", Who::Admin, inbox, "/inbox/resolved", "", "");
    see(
        "queue, sort menu",
        Who::Admin,
        inbox,
        "/inbox/todo",
        "document.querySelector('.qh details summary').click()",
        "",
    );
    see("queue, my menu", Who::Admin, inbox, "/inbox/todo", "document.querySelector('.memenu summary').click()", "");
    see("queue, nobody wrote", Who::Newcomer, inbox, "/inbox/todo", "", "");
    see("queue, only looking", Who::Viewer, inbox, "/inbox/todo", "", "");
    see("ticket", Who::Admin, ticket, &at(0), "", "");
    see("ticket, toast", Who::Admin, ticket, settled.location(), "", "document.querySelector('#said button')");
    see("ticket, long words", Who::Admin, ticket, &at(1), "", "");
    see("ticket, other way round", Who::Admin, ticket, &at(2), "", "");
    see("ticket, emoji", Who::Admin, ticket, &at(3), "", "");
    see("ticket, an answer failed", Who::Admin, ticket, &at(4), "", "");
    see("ticket, hidden", Who::Admin, ticket, &at(5), "", "");
    see("ticket, a direct message", Who::Admin, ticket, &at(9), "", "");
    let last = all.len() - 1;
    see(
        "ticket, the bot offers",
        Who::Admin,
        ticket,
        &at(last - 1),
        "document.querySelectorAll('#offer details').forEach((d) => d.open = true)",
        "document.querySelector('#offer')",
    );
    see(
        "ticket, the bot answered",
        Who::Admin,
        ticket,
        &at(last),
        "document.querySelectorAll('.thread details').forEach((d) => d.open = true)",
        "document.querySelector('.m.out .whytext')",
    );
    see("ticket, only looking", Who::Viewer, ticket, &at(0), "", "");
    see("ticket, private", Who::Admin, ticket, &at(0), "document.querySelector('[for=mode-private]').click()", "");
    see("ticket, note", Who::Admin, ticket, &at(0), "document.querySelector('[for=mode-internal]').click()", "");
    see("ticket, picker", Who::Admin, ticket, &at(0), PICK, "document.querySelector('.picker .pick')");
    see("ticket, assign", Who::Admin, ticket, &at(0), "document.querySelector('[data-key=a]').click()", "");
    see("ticket, stage", Who::Admin, ticket, &at(0), "document.querySelector('[data-key=s]').click()", "");
    see("ticket, snooze", Who::Admin, ticket, &at(0), "document.querySelector('[data-key=h]').click()", "");
    see(
        "ticket, contact",
        Who::Admin,
        ticket,
        &format!("{}#ctx", at(0)),
        "document.querySelectorAll('.ctx details').forEach((d) => d.open = true)",
        "",
    );
    see(
        "ticket, why",
        Who::Admin,
        ticket,
        &at(0),
        "document.querySelectorAll('.thread details').forEach((d) => d.open = true)",
        "",
    );
    see(
        "ticket, keys",
        Who::Admin,
        ticket,
        &at(0),
        "document.querySelector('[data-sheet]').click()",
        "document.querySelector('dialog[open]')",
    );
    see("ticket, personal data", Who::Admin, ticket, &at(0), SEND, "document.querySelector('.blocked.personal')");
    see("ticket, two answers", Who::Admin, ticket, &at(0), COLLIDE, "document.querySelector('#both')");
    see(
        "ticket, off the line",
        Who::Admin,
        ticket,
        &at(0),
        "document.querySelectorAll('.offline').forEach((o) => o.hidden = false)",
        "",
    );
    see("escalate", Who::Admin, "/tickets/{id}/escalate", &format!("{}/escalate", at(0)), "", "");
    see(
        "escalate, no reason",
        Who::Admin,
        "/tickets/{id}/escalate",
        &format!("{}/escalate", at(0)),
        "document.querySelector('#reason').value = ''; HTMLFormElement.prototype.submit.call(document.querySelector('form.sheet'))",
        "document.querySelector('#why')",
    );
    see("escalate, forbidden", Who::Viewer, "/tickets/{id}/escalate", &format!("{}/escalate", at(0)), "", "");
    let late = asked_long_ago(desk).await;
    let approved = format!("/tickets/{late}/approved");
    let one = format!("{approved}?name=suivi_commande&language=fr");
    const LACKING: &str = "document.querySelector('#g1').value = '20451'; HTMLFormElement.prototype.submit.call(document.querySelector('form.sheet'))";
    see("ticket, time is over", Who::Admin, ticket, &format!("/tickets/{late}"), "", "");
    see("approved texts", Who::Admin, "/tickets/{id}/approved", &approved, "", "");
    see("approved text, to fill in", Who::Admin, "/tickets/{id}/approved", &one, "", "");
    see(
        "approved text, lacking",
        Who::Admin,
        "/tickets/{id}/approved",
        &one,
        LACKING,
        "document.querySelector('[role=alert]')",
    );
    see("approved texts, forbidden", Who::Viewer, "/tickets/{id}/approved", &approved, "", "");
    see("canned for a ticket", Who::Admin, "/tickets/{id}/canned", &format!("{}/canned?mode=public", at(0)), "", "");
    see(
        "canned, none such",
        Who::Admin,
        "/tickets/{id}/canned",
        &format!("{}/canned?mode=public&q=zzzzz", at(0)),
        "",
        "",
    );
    see(
        "library",
        Who::Admin,
        "/replies",
        "/replies",
        "document.querySelectorAll('details.card').forEach((d) => d.open = true)",
        "",
    );
    see("library, none such", Who::Admin, "/replies", "/replies?q=zzzzz", "", "");
    see("entry, new", Who::Admin, "/replies/new", "/replies/new", "", "");
    see("entry", Who::Admin, "/replies/{folder}/{slug}", "/replies/test/trou", "", "");
    see("entry, only looking", Who::Viewer, "/replies/{folder}/{slug}", "/replies/test/trou", "", "");
    see(
        "entry, wrong",
        Who::Admin,
        "/replies/{folder}/{slug}",
        "/replies/test/trou",
        "document.querySelector('#source').value = 'x'; HTMLFormElement.prototype.submit.call(document.querySelector('form.card'))",
        "document.querySelector('#why')",
    );
    for (name, who) in
        [("studio", Who::Admin), ("studio, only looking", Who::Viewer), ("studio, none yet", Who::Newcomer)]
    {
        see(name, who, "/bot", "/bot", "", "");
    }
    see("studio, new rule", Who::Admin, "/bot/new", "/bot/new", "", "");
    let rule = ("/bot/rules/{folder}/{slug}", "/bot/rules/hours/opening-hours");
    see("studio, a rule", Who::Admin, rule.0, rule.1, "", "document.querySelector('.coll')");
    let more = "const more = document.querySelector('#more-words').closest('details'); more.open = true; document.querySelectorAll('.scroll').forEach((s) => { s.scrollTop = more.offsetTop })";
    see("studio, a rule, words for one network", Who::Admin, rule.0, rule.1, more, "document.querySelector('.coll')");
    see("studio, a rule, only looking", Who::Viewer, rule.0, rule.1, "", "");
    let ask = "/bot/try?q=Bonjour%2C+quels+sont+vos+horaires+%3F";
    see("studio, trying", Who::Admin, "/bot/try", ask, "", "document.querySelector('.sides')");
    see("studio, replay", Who::Admin, "/bot/replay", "/bot/replay", "", "document.querySelector('.dr')");
    see("studio, one message", Who::Admin, "/bot/replay", "/bot/replay?m=0", "", "document.querySelector('.detmsg')");
    see("studio, replay, only looking", Who::Viewer, "/bot/replay", "/bot/replay", "", "");
    see("studio, never replayed", Who::Newcomer, "/bot/replay", "/bot/replay", "", "");
    see("studio, publish", Who::Admin, "/bot/publish", "/bot/publish", "", "document.querySelector('.gate')");
    see("studio, versions", Who::Admin, "/bot/versions", "/bot/versions", "", "document.querySelector('#trial')");
    see("studio, versions, none yet", Who::Newcomer, "/bot/versions", "/bot/versions", "", "");
    see("studio, a version", Who::Admin, "/bot/versions/{number}", "/bot/versions/2", "", "");
    see("facts", Who::Admin, "/settings/facts", "/settings/facts", "", "");
    see("facts, only looking", Who::Viewer, "/settings/facts", "/settings/facts", "", "");
    see("contacts", Who::Admin, "/contacts", "/contacts", "", "");
    see("contacts, none such", Who::Admin, "/contacts", "/contacts?q=zzzzz", "", "");
    see("contacts, none yet", Who::Newcomer, "/contacts", "/contacts", "", "");
    let tx = &mut desk.house.db.read().await.unwrap();
    for (name, ticket) in [("contact", &all[0]), ("contact, long", &all[1])] {
        see(name, Who::Admin, "/contacts/{id}", &format!("/contacts/{}?q=Cl", ticket.contact_id), "", "");
    }
    see("contact, only looking", Who::Viewer, "/contacts/{id}", &format!("/contacts/{}", all[0].contact_id), "", "");
    see("search", Who::Admin, "/search", "/search", "", "");
    see("search, hits", Who::Admin, "/search", "/search?q=four", "", "document.querySelector('.quote')");
    see("search, none", Who::Admin, "/search", "/search?q=zzzzz+foo:bar", "", "");
    see("bot", Who::Admin, "/settings/bot", "/settings/bot", "", "document.querySelector('.bots')");
    see(
        "bot, may it?",
        Who::Admin,
        "/settings/bot",
        "/settings/bot",
        "document.querySelector('.bots button[value=auto]:not(:disabled)').click()",
        "document.querySelector('#open')",
    );
    see("bot, only looking", Who::Viewer, "/settings/bot", "/settings/bot", "", "");
    see("connectors", Who::Admin, "/settings/bot/connectors", "/settings/bot/connectors", "", "");
    see("connectors, only looking", Who::Viewer, "/settings/bot/connectors", "/settings/bot/connectors", "", "");
    see("connectors, none yet", Who::Newcomer, "/settings/bot/connectors", "/settings/bot/connectors", "", "");
    see("outside model", Who::Admin, "/settings/assist", "/settings/assist", "", "");
    see("bot report", Who::Admin, "/bot/report", "/bot/report?days=7", "", "document.querySelector('.rep')");
    see("bot report, weeks", Who::Viewer, "/bot/report", "/bot/report?days=90", "", "document.querySelector('.rep')");
    see("bot report, nothing yet", Who::Newcomer, "/bot/report", "/bot/report", "", "");
    see("bot report, list", Who::Viewer, "/bot/report/list", "/bot/report/list?days=7", "", "");
    see("bot report, empty list", Who::Newcomer, "/bot/report/list", "/bot/report/list?days=7", "", "");
    see("my settings", Who::Admin, "/settings/me", "/settings/me", "", "");
    see("channels", Who::Admin, "/settings/channels", "/settings/channels", "", "");
    see("channels, only looking", Who::Viewer, "/settings/channels", "/settings/channels", "", "");
    see("connect", Who::Admin, "/settings/channels/new/{network}", "/settings/channels/new/facebook", "", "");
    // Logging in at the network: the way there, and whose account it is.
    for (id, name) in [("11", "Aubépine"), ("12", "Aubépine Recrutement")] {
        desk.simulator.linkedin.add_page(NewPage {
            id: id.into(),
            name: name.into(),
            token: "t".into(),
            refresh: "r".into(),
            ..NewPage::default()
        });
    }
    see("connect, X", Who::Admin, "/settings/channels/new/{network}", "/settings/channels/new/x", "", "");
    let ask = format!(
        "const form = document.querySelector('form[action$=login]'); form.client_id.value = 'client'; form.client_secret.value = 'secret'; const base = document.createElement('input'); base.name = 'api_base'; base.value = '{}'; form.append(base); form.submit()",
        desk.simulator.api_base("linkedin")
    );
    let ask: &'static str = ask.leak();
    let form = "/settings/channels/new/linkedin";
    let way = "document.querySelector('a.btn.pri[rel=noreferrer]')";
    see("log in, the way there", Who::Admin, "/settings/channels/new/{network}", form, ask, way);
    let there = "(document.querySelector('a.btn.pri[rel=noreferrer]')?.click(), document.querySelector('form[action$=confirm]'))";
    see("log in, whose account", Who::Admin, "/settings/login/back/", form, ask, there);
    let late = "/settings/login/back/?state=gone&code=1";
    see("log in, too late", Who::Admin, "/settings/login/back/", late, "", "");
    let channel = channels::of_brand(tx, desk.brand).await.unwrap().remove(0).id;
    see("channel", Who::Admin, "/settings/channels/{id}", &format!("/settings/channels/{channel}"), "", "");
    see(
        "channel, checked",
        Who::Admin,
        "/settings/channels/{id}",
        &format!("/settings/channels/{channel}"),
        "document.querySelector('form[action$=check]').submit()",
        "document.querySelector('[aria-live] h3')",
    );
    see(
        "channel, only looking",
        Who::Viewer,
        "/settings/channels/{id}",
        &format!("/settings/channels/{channel}"),
        "",
        "",
    );
    see("people", Who::Admin, "/settings/people", "/settings/people", "", "");
    see("people, only looking", Who::Viewer, "/settings/people", "/settings/people", "", "");
    see("brands", Who::Admin, "/settings/brands", "/settings/brands", "", "");
    see("troubles", Who::Admin, "/settings/troubles", "/settings/troubles", "", "");
    see("troubles, not for you", Who::Viewer, "/settings/troubles", "/settings/troubles", "", "");
    see("nothing there", Who::Admin, "/inbox/{view}", "/nowhere", "", "");
    see("sign in", Who::Stranger, "/login", "/login", "", "");
    see(
        "sign in, wrong",
        Who::Stranger,
        "/login",
        "/login",
        "document.querySelector('#email').value = 'a@b.fr'; document.querySelector('#password').value = 'x'; document.querySelector('form').submit()",
        "document.querySelector('#why')",
    );
    see("invited", Who::Stranger, "/invite/{link}", &format!("/invite/{}", invitation(desk).await), "", "");
    see("set-up", Who::Stranger, "/setup", &format!("/setup?link={}", set_up_link(empty).await), "", "");
    see("nothing there, for strangers", Who::Stranger, "/login", "/enter/0123", "", "");
    out.extend(super::learning::sights(desk, admin).await);
    for route in ROUTES {
        assert!(out.iter().any(|s| s.route == *route), "{route} is a page nobody looks at");
    }
    // What the sights are about is there: pages without it would show less than they say.
    assert!(contacts::list(tx, desk.brand, "Cl", 5).await.unwrap().len() > 1, "somebody to merge with");
    assert!(messages::of_ticket(tx, desk.brand, all[0].id).await.unwrap().len() > 2, "a conversation");
    out
}

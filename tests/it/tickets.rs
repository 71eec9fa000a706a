//! What colleagues do with tickets, at a screen without scripts, and what it costs.

use std::time::Duration;

use guichet::base::id::TicketId;
use guichet::desk::agent::Role;
use guichet::desk::message::{Direction, Kind};
use guichet::desk::stage::Stage;
use guichet::desk::ticket::{Priority, State, Ticket};
use guichet::flow::Error;
use guichet::store::select::{self, Assignee, Filter, Sort, States};
use guichet::store::{contacts, teams};

use crate::on_both;
use crate::support::desk::PAGE;
use crate::support::{Desk, Visitor};

/// Sarah, and a ticket of Léa's.
async fn sarah_and_lea(desk: &Desk) -> (Visitor, Ticket) {
    let post = desk.simulator.facebook.publish(PAGE, "La théière est de retour");
    desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), "Bonjour, elle passe au four ?");
    desk.settle().await;
    (desk.agent("Sarah", Role::Agent).await, desk.ticket().await)
}

/// Sends one of a ticket's forms, as the page has it; back at the ticket.
async fn press(who: &Visitor, ticket: TicketId, form: &str, fields: &[(&str, &str)]) -> String {
    let answer = who.post(&format!("/tickets/{ticket}/{form}"), fields).await.expect(303);
    assert!(answer.location().starts_with(&format!("/tickets/{ticket}")), "{}", answer.location());
    who.get(answer.location()).await.expect(200).seen()
}

on_both! {
    async fn a_ticket_goes_through_its_states(desk) {
        let (sarah, t) = sarah_and_lea(&desk).await;
        assert_eq!(t.state, State::New);
        press(&sarah, t.id, "assign", &[("assignee", "me")]).await;
        assert_eq!(desk.again(t.id).await.state, State::Open);
        let seen = press(&sarah, t.id, "state", &[("state", "snoozed"), ("until", "demain 9h")]).await;
        assert!(seen.contains("22 nov. 2026, 09:00"), "{seen}");
        assert_eq!(desk.again(t.id).await.state, State::Snoozed);
        desk.pass(Duration::from_hours(22)).await;
        assert_eq!(desk.again(t.id).await.state, State::Snoozed, "it is 8 o'clock in Paris");
        desk.pass(Duration::from_hours(1)).await;
        assert_eq!(desk.again(t.id).await.state, State::Open);
        // The night ended Sarah's session; Karim is there.
        let karim = desk.agent("Karim", Role::Agent).await;
        press(&karim, t.id, "state", &[("state", "resolved")]).await;
        assert_eq!(desk.again(t.id).await.state, State::Resolved);
        // Léa writes again: the same ticket opens.
        let post = desk.simulator.facebook.publish(PAGE, "autre");
        desk.simulator.facebook.comment(PAGE, &post, ("2", "Paul"), "Bonjour");
        let thread = desk.messages(t.id).await[0].external_id.clone().unwrap();
        desk.simulator.facebook.comment(PAGE, &thread, ("1", "Léa"), "Et au lave-vaisselle ?");
        desk.settle().await;
        assert_eq!((desk.again(t.id).await.state, desk.messages(t.id).await.len()), (State::Open, 2));
        // A time that has passed is refused, in words.
        let late = karim.post(&format!("/tickets/{}/state", t.id), &[("state", "snoozed"), ("until", "hier")]).await;
        assert_eq!(late.status, 422);
        assert!(late.seen().contains("demain 9h"), "{}", late.seen());
    }

    async fn what_a_person_set_no_rule_changes(desk) {
        let (sarah, t) = sarah_and_lea(&desk).await;
        press(&sarah, t.id, "stage", &[("stage", "customer")]).await;
        let thread = desk.messages(t.id).await[0].external_id.clone().unwrap();
        desk.simulator.facebook.comment(PAGE, &thread, ("1", "Léa"), "C’est combien ? Je prends, comment commander ?");
        desk.settle().await;
        let now = desk.again(t.id).await;
        assert_eq!((now.stage, now.stage_held), (Stage::Customer, true));
    }

    async fn labels_priority_team_and_notes(desk) {
        let (sarah, t) = sarah_and_lea(&desk).await;
        let seen = press(&sarah, t.id, "labels", &[("labels", "  four , VIP,four,")]).await;
        assert!(seen.contains("VIP"));
        assert_eq!(desk.again(t.id).await.label_list(), ["VIP", "four"]);
        let due = desk.again(t.id).await.sla_due_at.unwrap();
        press(&sarah, t.id, "priority", &[("priority", "urgent")]).await;
        let urgent = desk.again(t.id).await;
        assert!(urgent.priority == Priority::Urgent && urgent.sla_due_at.unwrap() < due);
        let seen = press(&sarah, t.id, "reply", &[("text", "Elle connaît Karim"), ("visibility", "internal"), ("client_key", "n1")]).await;
        assert!(seen.contains("Elle connaît Karim"));
        assert_eq!(desk.again(t.id).await.state, State::Open, "a note is no answer");
        let mut tx = desk.house.db.read().await.unwrap();
        let sales = teams::by_slug(&mut tx, desk.brand, "sales").await.unwrap().id.to_string();
        drop(tx);
        let seen = press(&sarah, t.id, "escalate", &[("team", &sales), ("reason", "veut un lot"), ("summary", "six théières")]).await;
        assert!(seen.contains("veut un lot") && seen.contains("six théières"), "{seen}");
        desk.settle().await;
        assert!(desk.deeds().is_empty());
    }

    async fn a_private_answer_continues_in_private(desk) {
        let (sarah, t) = sarah_and_lea(&desk).await;
        press(&sarah, t.id, "reply", &[("text", "Je vous écris en privé"), ("visibility", "private"), ("client_key", "p1")]).await;
        desk.pass(Duration::from_secs(6)).await;
        assert_eq!(desk.deeds(), ["private_reply: Je vous écris en privé"]);
        desk.simulator.facebook.message(PAGE, (&guichet::simulator::facebook::psid_of("1"), "Léa"), "Merci, oui");
        desk.settle().await;
        let all = desk.tickets().await;
        assert_eq!(all.len(), 2);
        let sequel = &all[1];
        assert_eq!((sequel.continues, sequel.kind, sequel.contact_id), (Some(t.id), Kind::Dm, t.contact_id));
        // Either page shows the whole exchange.
        for id in [t.id, sequel.id] {
            let seen = sarah.get(&format!("/tickets/{id}")).await.seen();
            assert!(seen.contains("elle passe au four") && seen.contains("Je vous écris en privé") && seen.contains("Merci, oui"), "{seen}");
        }
        press(&sarah, sequel.id, "state", &[("state", "resolved")]).await;
        assert_eq!(desk.again(t.id).await.state, State::Resolved, "the question is answered with it");
    }

    async fn two_tickets_become_one_and_two_again(desk) {
        let (sarah, first) = sarah_and_lea(&desk).await;
        let other = desk.simulator.facebook.publish(PAGE, "autre post");
        desk.simulator.facebook.comment(PAGE, &other, ("1", "Léa"), "Pas de réponse ?");
        desk.settle().await;
        let second = desk.tickets().await[1].clone();
        assert_eq!(second.contact_id, first.contact_id);
        let page = sarah.get(&format!("/tickets/{}", first.id)).await.expect(200);
        assert!(page.all("#from option").iter().any(|o| o.contains("Pas de réponse")));
        press(&sarah, first.id, "merge", &[("from", &second.id.to_string())]).await;
        assert_eq!((desk.messages(first.id).await.len(), desk.messages(second.id).await.len()), (2, 0));
        // What comes for the merged one comes to the other.
        let thread = desk.messages(first.id).await[1].external_id.clone().unwrap();
        desk.simulator.facebook.comment(PAGE, &thread, ("1", "Léa"), "toujours pas ?");
        desk.settle().await;
        assert_eq!(desk.messages(first.id).await.len(), 3);
        let page = sarah.get(&format!("/tickets/{}", first.id)).await;
        let undo = page.attr("form[action*='/merges/']", "action").unwrap();
        sarah.post(&undo, &[]).await.expect(303);
        assert_eq!((desk.messages(first.id).await.len(), desk.messages(second.id).await.len()), (2, 1));
        assert_eq!(sarah.post(&undo, &[]).await.status, 404, "once");
        // A ticket of somebody else's is not merged.
        desk.simulator.facebook.comment(PAGE, &other, ("2", "Paul"), "Bonjour");
        desk.settle().await;
        let pauls = desk.tickets().await[2].id.to_string();
        assert_eq!(sarah.post(&format!("/tickets/{}/merge", first.id), &[("from", &pauls)]).await.status, 422);
    }

    async fn two_contacts_become_one_person_and_two_again(desk) {
        let (sarah, first) = sarah_and_lea(&desk).await;
        desk.simulator.facebook.message(PAGE, ("7700", "Léa Martin"), "C’est encore moi");
        desk.settle().await;
        let second = desk.tickets().await[1].clone();
        assert_ne!(second.contact_id, first.contact_id);
        sarah.post(&format!("/contacts/{}/merge", first.contact_id), &[("from", &second.contact_id.to_string())]).await.expect(303);
        assert_eq!(desk.again(second.id).await.contact_id, first.contact_id);
        let page = sarah.get(&format!("/contacts/{}", first.contact_id)).await.expect(200);
        assert!(page.seen().contains("C’est encore moi"));
        desk.simulator.facebook.message(PAGE, ("7700", "Léa Martin"), "vous êtes là ?");
        desk.settle().await;
        assert_eq!(desk.messages(second.id).await.len(), 2, "her other handle is known");
        let undo = page.attr("form[action*='/merges/']", "action").unwrap();
        sarah.post(&undo, &[]).await.expect(303);
        assert_eq!(desk.again(second.id).await.contact_id, second.contact_id);
        let mut tx = desk.house.db.read().await.unwrap();
        let scope = guichet::desk::scope::Scope::house(desk.brand);
        assert!(contacts::get(&mut tx, &scope, second.contact_id).await.unwrap().merged_into.is_none());
    }

    async fn a_refused_form_keeps_what_was_written(desk) {
        let (sarah, t) = sarah_and_lea(&desk).await;
        let long = "é".repeat(8_001);
        let page = sarah.post(&format!("/tickets/{}/reply", t.id), &[("text", &long), ("visibility", "public"), ("client_key", "k")]).await.expect(422);
        assert!(page.text.contains(&long) && page.all("[role=alert]").concat().contains('8'));
        let gone = desk.messages(t.id).await;
        assert_eq!(gone.iter().filter(|m| m.direction == Direction::Outbound).count(), 0);
    }

    async fn every_list_reads_an_index_in_its_order(desk) {
        // The plan of a small table says little on PostgreSQL unless scans are frowned upon.
        let (sarah, t) = sarah_and_lea(&desk).await;
        let me = desk.scope(&sarah).await.who().unwrap();
        let mut tx = desk.house.db.read().await.unwrap();
        let team = teams::by_slug(&mut tx, desk.brand, "sales").await.unwrap().id;
        guichet::store::select::frown_on_scans(&mut tx).await.unwrap();
        let base = Filter::default();
        let filters = [
            base.clone(),
            Filter { states: States::ToDo, ..base.clone() },
            Filter { states: States::One(State::Waiting), ..base.clone() },
            Filter { states: States::One(State::Snoozed), ..base.clone() },
            Filter { states: States::One(State::Resolved), ..base.clone() },
            Filter { assignee: Some(Assignee::Agent(me)), ..base.clone() },
            Filter { assignee: Some(Assignee::Nobody), states: States::ToDo, ..base.clone() },
            Filter { team: Some(team), ..base.clone() },
            Filter { stage: Some(Stage::HotProspect), ..base.clone() },
            Filter { network: Some("facebook".into()), kind: Some(Kind::Comment), channel: Some(t.channel_id), ..base.clone() },
        ];
        for filter in &filters {
            for sort in Sort::ALL {
                let plan = select::plan(&mut tx, desk.brand, filter, *sort).await.unwrap();
                let resolved = filter.states == States::One(State::Resolved);
                if resolved && *sort == Sort::Urgent {
                    continue; // What is resolved owes nothing; nobody sorts it by urgency.
                }
                let told = format!("{filter:?} {sort}\n{plan}");
                assert!(plan.contains("tickets_"), "{told}");
                let sorts = plan.contains("TEMP B-TREE") || plan.contains("Sort");
                assert!(!sorts, "{told}");
            }
        }
    }

    async fn a_screen_costs_a_handful_of_statements_however_full_it_is(desk) {
        let post = desk.simulator.facebook.publish(PAGE, "Bonjour");
        for i in 0..60 {
            desk.simulator.facebook.comment(PAGE, &post, (&format!("9{i}"), "N"), "C’est combien ?");
        }
        desk.settle().await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let id = desk.tickets().await[0].id;
        let program = desk.program(&sarah, &["read"]).await;
        for (path, most) in [("/inbox/todo".to_owned(), 12), (format!("/tickets/{id}"), 32), ("/contacts".into(), 12), ("/search?q=combien".into(), 60)] {
            sarah.get(&path).await.expect(200);
            let (before, commits) = desk.house.db.counts();
            sarah.get(&path).await.expect(200);
            let (after, commits_after) = desk.house.db.counts();
            assert!(after - before <= most, "{path}: {} statements", after - before);
            assert_eq!(commits_after, commits, "{path} writes");
        }
        let (before, _) = desk.house.db.counts();
        program.get("/tickets?limit=50").await.expect(200);
        let (after, _) = desk.house.db.counts();
        assert!(after - before <= 20, "{} statements for a page of fifty", after - before);
    }
}

/// The house's own scope is nobody's: it cannot act as an agent.
#[tokio::test]
async fn only_people_handle_tickets() {
    let desk = Desk::open(crate::support::Engine::Sqlite).await;
    let (_, t) = sarah_and_lea(&desk).await;
    let scope = guichet::desk::scope::Scope::house(desk.brand);
    let change = guichet::flow::handle::Change { state: Some(State::Resolved), ..Default::default() };
    let refused = guichet::flow::handle::change(&desk.house, &scope, t.id, change).await;
    assert!(matches!(refused, Err(Error::Refused(guichet::flow::Reason::NotAllowed, _))));
}

/// Whatever is done at the desk, no statement reads a table that grows from end to end.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_reads_a_growing_table_whole() {
    let desk = Desk::open(crate::support::Engine::Sqlite).await;
    desk.house.db.overhear();
    let (sarah, t) = sarah_and_lea(&desk).await;
    // Many at once: what finds one row by its index may find sixty-four by reading everything.
    let post = desk.simulator.facebook.publish(PAGE, "Tout le monde en parle");
    for n in 0..70 {
        desk.simulator.facebook.comment(PAGE, &post, (&format!("80{n}"), "N"), "C’est combien ?");
    }
    desk.simulator.facebook.all_taken().await;
    desk.settle().await;
    let lead = desk.agent("Lead", Role::Admin).await;
    press(&sarah, t.id, "reply", &[("text", "Oui"), ("visibility", "private"), ("client_key", "k")]).await;
    desk.simulator.facebook.push_raw(PAGE, b"{".to_vec());
    desk.pass(Duration::from_secs(30)).await;
    desk.simulator.facebook.message(PAGE, (&guichet::simulator::facebook::psid_of("1"), "Léa"), "Merci !");
    desk.settle().await;
    let root = desk.messages(t.id).await[0].external_id.clone().unwrap();
    desk.simulator.facebook.edit_comment(PAGE, &root, "Bonjour, elle passe au four ? Et au micro-ondes ?");
    desk.simulator.facebook.push_comment(PAGE, &root, "hide");
    desk.settle().await;
    let sequel = desk.tickets().await.pop().unwrap();
    press(&sarah, sequel.id, "state", &[("state", "resolved")]).await;
    press(&sarah, sequel.id, "state", &[("state", "snoozed"), ("until", "demain")]).await;
    let message = desk.messages(t.id).await[0].id;
    let community = desk.agent("Com", Role::Community).await;
    community.post(&format!("/messages/{message}/moderate"), &[("action", "like")]).await.expect(303);
    desk.settle().await;
    guichet::flow::listen::turn(&desk.house).await.unwrap();
    desk.pass(Duration::from_hours(10)).await;
    for path in [
        "/inbox/todo",
        "/inbox/mine",
        "/inbox/open?stage=hot_prospect&sort=urgent",
        "/inbox/resolved",
        "/contacts",
        "/contacts?q=l",
        "/search?q=four",
    ] {
        sarah.get(path).await.expect(200);
    }
    let contact = t.contact_id;
    for path in [
        format!("/tickets/{}", t.id),
        format!("/tickets/{}?before=1795251700000000", sequel.id),
        format!("/contacts/{contact}"),
    ] {
        sarah.get(&path).await.expect(200);
    }
    for path in ["/settings/channels", "/settings/people", "/settings/troubles", "/settings/brands"] {
        lead.get(path).await.expect(200);
    }
    let program = desk.program(&lead, &["read", "write"]).await;
    for path in [
        "/tickets",
        "/tickets?sort=urgent",
        "/tickets?q=four",
        "/events?since=0",
        "/inbound?state=quarantined",
        "/inbound?state=done",
        "/channels",
        "/search?q=four",
    ] {
        program.get(path).await.expect(200);
    }
    let statements = desk.house.db.overheard();
    assert!(statements.len() > 60, "only {} statements were overheard", statements.len());
    // These stay small: a row for each brand, person, channel, team, lease.
    let small = [
        "brands",
        "agents",
        "a",
        "g",
        "grants",
        "teams",
        "team_members",
        "channels",
        "connections",
        "leases",
        "meta",
        "attempts",
        "_sqlx_migrations",
    ];
    let mut tx = desk.house.db.read().await.unwrap();
    let mut wrong = Vec::new();
    for statement in statements.iter().filter(|s| !s.starts_with("explain") && !s.starts_with("insert")) {
        for step in select::plan_of(&mut tx, statement).await.unwrap() {
            if step.starts_with("SEARCH ") && step.ends_with("(brand_id=?)") && statement.contains(" in (values") {
                wrong.push(format!("a whole brand is read for a list: {step}: {statement}"));
            }
            let Some(table) = step.strip_prefix("SCAN ").map(|s| s.split(' ').next().unwrap_or_default()) else {
                continue;
            };
            // An index read in order, up to a limit, is a walk, not a scan.
            let walks = step.contains("USING")
                || step.contains("CONSTANT ROW")
                || table.starts_with(|c: char| c.is_ascii_digit());
            // The few rows an inner question picked, up to its limit.
            let picked = ["p", "n", "h", "v", "f", "w"].contains(&table);
            if !walks && !picked && !small.contains(&table) {
                wrong.push(format!("{step}: {statement}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

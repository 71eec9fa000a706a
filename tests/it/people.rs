//! Coming in: setting up, inviting, signing in, and what ends a session.

use std::time::Duration;

use guichet::base::Lang;
use guichet::desk::agent::Role;
use guichet::flow::found;
use guichet::flow::people::{self, LONGEST};
use guichet::store::agents;

use crate::on_both;
use crate::support::desk::PASSWORD;
use crate::support::{Desk, Visitor};

/// A stranger who knows where the door is.
fn stranger(desk: &Desk) -> Visitor {
    Visitor::stranger(desk.web.clone())
}

async fn agent_id(desk: &Desk, visitor: &Visitor) -> guichet::base::id::AgentId {
    let mut tx = desk.house.db.read().await.unwrap();
    agents::by_email(&mut tx, &visitor.email).await.unwrap().unwrap().agent.id
}

on_both! {
    async fn one_signs_in_and_out(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let door = stranger(&desk);
        let answer = door.get("/tickets/1?in=mine").await;
        assert_eq!(answer.status, 303);
        assert_eq!(answer.location(), "/login?next=%2Ftickets%2F1%3Fin%3Dmine");
        let page = door.get(answer.location()).await.expect(200);
        assert_eq!(page.attr("input[name=next]", "value").unwrap(), "/tickets/1?in=mine");
        let wrong = door.post("/login", &[("email", &sarah.email), ("password", "pas le bon mot"), ("next", "")]).await;
        assert_eq!(wrong.status, 422);
        let unknown = door.post("/login", &[("email", "personne@guichet.example"), ("password", "pas le bon mot"), ("next", "")]).await;
        assert_eq!(wrong.all("[role=alert]"), unknown.all("[role=alert]"), "which addresses exist is nobody's business");
        let right = door.post("/login", &[("email", "SARAH@guichet.example"), ("password", PASSWORD), ("next", "/inbox/mine")]).await;
        assert_eq!((right.status.as_u16(), right.location()), (303, "/inbox/mine"));
        let cookie = &right.headers["set-cookie"];
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let token = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
        let inside = Visitor::new(desk.web.clone(), sarah.email.clone(), token);
        inside.get("/inbox/mine").await.expect(200);
        assert_eq!(inside.post("/logout", &[]).await.status, 303);
        assert_eq!(inside.get("/inbox/mine").await.status, 303);
        // Other sessions of the same person go on.
        sarah.get("/inbox/mine").await.expect(200);
    }

    async fn a_door_tried_too_often_stays_shut_for_a_while(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let door = stranger(&desk);
        let tried = |password: &'static str| {
            let (door, email) = (&door, sarah.email.clone());
            async move { door.post("/login", &[("email", &email), ("password", password), ("next", "")]).await.status.as_u16() }
        };
        // Who knows the password may come and go; only wrong tries are counted.
        for _ in 0..6 {
            assert_eq!(tried(PASSWORD).await, 303);
        }
        for _ in 0..5 {
            assert_eq!(tried("au hasard, encore").await, 422);
        }
        assert_eq!(tried(PASSWORD).await, 429);
        desk.clock.forward(Duration::from_mins(16));
        assert_eq!(tried(PASSWORD).await, 303);
    }

    async fn an_invitation_works_once_and_for_a_week(desk) {
        let admin = desk.agent("Ada", Role::Admin).await;
        let page = admin.post("/settings/people", &[("email", "karim@guichet.example"), ("name", "Karim"), ("role", "agent")]).await.expect(200);
        let link = page.all("code.hook").remove(0);
        let path = link.strip_prefix(&desk.base).unwrap().to_owned();
        let karim = stranger(&desk);
        assert!(karim.get(&path).await.expect(200).seen().contains("Karim"));
        let short = karim.post(&path, &[("password", "court")]).await.expect(422);
        assert_eq!(short.all("[role=alert]").len(), 1);
        let common = karim.post(&path, &[("password", "karim@guichet.example")]).await;
        assert_eq!(common.status, 422, "one's own address is no password");
        assert_eq!(karim.post(&path, &[("password", PASSWORD)]).await.status, 303);
        assert_eq!(karim.post(&path, &[("password", PASSWORD)]).await.status, 422);
        // The second newcomer waits too long.
        let page = admin.post("/settings/people", &[("email", "late@guichet.example"), ("name", "Late"), ("role", "agent")]).await.expect(200);
        let late = page.all("code.hook").remove(0).strip_prefix(&desk.base).unwrap().to_owned();
        desk.clock.forward(Duration::from_hours(7 * 24 + 1));
        assert_eq!(karim.get(&late).await.status, 422);
        // Nobody is there twice.
        let admin = Visitor::new(desk.web.clone(), admin.email.clone(), people::sign_in(&desk.house, &admin.email, PASSWORD.into(), "elsewhere", "x").await.unwrap());
        let twice = admin.post("/settings/people", &[("email", "karim@guichet.example"), ("name", "K"), ("role", "admin")]).await.expect(422);
        assert_eq!(twice.attr("input[name=email]", "value").unwrap(), "karim@guichet.example", "what was typed is kept");
    }

    async fn a_session_ends_by_itself_and_when_its_ground_is_gone(desk) {
        let admin = desk.agent("Ada", Role::Admin).await;
        let sarah = desk.agent("Sarah", Role::Lead).await;
        let id = agent_id(&desk, &sarah).await;
        sarah.get("/settings/troubles").await.expect(200);
        admin.post(&format!("/settings/people/{id}/role"), &[("role", "agent")]).await.expect(303);
        assert_eq!(sarah.get("/inbox/todo").await.status, 303, "a new role is a new session");
        let again = || async { Visitor::new(desk.web.clone(), sarah.email.clone(), people::sign_in(&desk.house, &sarah.email, PASSWORD.into(), "elsewhere", "x").await.unwrap()) };
        let sarah2 = again().await;
        sarah2.get("/settings/troubles").await.expect(403);
        admin.post(&format!("/settings/people/{id}/access"), &[("disabled", "true")]).await.expect(303);
        assert_eq!(sarah2.get("/inbox/todo").await.status, 303);
        assert!(people::sign_in(&desk.house, &sarah.email, PASSWORD.into(), "elsewhere", "x").await.is_err());
        admin.post(&format!("/settings/people/{id}/access"), &[("disabled", "false")]).await.expect(303);
        let sarah3 = again().await;
        // A lost password: the admin hands over a link, and what was open is shut.
        let page = admin.post(&format!("/settings/people/{id}/link"), &[]).await.expect(200);
        let path = page.all("code.hook").remove(0).strip_prefix(&desk.base).unwrap().to_owned();
        sarah3.get("/inbox/todo").await.expect(200);
        stranger(&desk).post(&path, &[("password", "quatre petits chiens")]).await.expect(303);
        assert_eq!(sarah3.get("/inbox/todo").await.status, 303);
        // However busy, a session ends after a week.
        let busy = Visitor::new(desk.web.clone(), admin.email.clone(), people::sign_in(&desk.house, &admin.email, PASSWORD.into(), "elsewhere", "x").await.unwrap());
        let mut lived = Duration::ZERO;
        while lived < LONGEST {
            busy.get("/inbox/todo").await.expect(200);
            people::seen(&desk.house, &busy.token, None).await.unwrap();
            desk.clock.forward(Duration::from_hours(6));
            lived += Duration::from_hours(6);
        }
        assert_eq!(busy.get("/inbox/todo").await.status, 303);
    }

    async fn somebody_always_keeps_the_keys(desk) {
        let ada = desk.agent("Ada", Role::Admin).await;
        let id = agent_id(&desk, &ada).await;
        for (path, fields) in [(format!("/settings/people/{id}/role"), [("role", "viewer")]), (format!("/settings/people/{id}/access"), [("disabled", "true")])] {
            let answer = ada.post(&path, &fields).await;
            assert_eq!(answer.status, 422, "{path}");
        }
        ada.get("/settings/people").await.expect(200);
    }

    async fn the_first_visitor_with_the_link_sets_up(desk) {
        // This desk has nobody yet but a brand; setting up founds another and its first admin.
        let link = found::setup_link(&desk.house).await.unwrap().unwrap();
        let first = stranger(&desk);
        let page = first.get(&format!("/setup?link={link}")).await.expect(200);
        assert_eq!(page.all("form").len(), 1);
        let fields = [("link", link.as_str()), ("name", "Ada"), ("email", "ada@guichet.example"), ("password", PASSWORD), ("brand", "Maison Dorée"), ("timezone", "Europe/Paris")];
        let mut bad = fields;
        bad[2].1 = "no address";
        let refused = first.post("/setup", &bad).await.expect(422);
        assert_eq!(refused.attr("input[name=brand]", "value").unwrap(), "Maison Dorée");
        let done = first.post("/setup", &fields).await.expect(303);
        assert!(done.headers["set-cookie"].starts_with("guichet="));
        assert_eq!(first.post("/setup", &fields).await.status, 404, "once");
        let mut tx = desk.house.db.read().await.unwrap();
        let ada = agents::by_email(&mut tx, "ada@guichet.example").await.unwrap().unwrap().agent;
        assert_eq!((ada.everywhere, ada.locale), (Some(Role::Admin), Lang::En));
    }
}

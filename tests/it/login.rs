//! Connecting by logging in at the network's own page: there, back, and only then a channel.

use std::time::Duration;

use guichet::base::fetch::Ask;
use guichet::desk::agent::Role;
use guichet::simulator::linkedin::NewPage;
use guichet::simulator::tiktok::NewAccount as NewTikTok;
use guichet::simulator::x::NewAccount;
use guichet::simulator::youtube::NewChannel;
use guichet::store::channels;

use crate::on_both;
use crate::support::{Desk, Visitor};

/// Where a page's own link leads.
async fn begin(desk: &Desk, who: &Visitor, network: &str) -> String {
    let base = desk.simulator.api_base(network);
    let form = [
        ("name", ""),
        ("client_id", "client"),
        ("client_secret", "client-CANARY"),
        ("consumer_secret", "consumer-CANARY"),
        ("api_base", base.as_str()),
    ];
    let fields: Vec<(&str, &str)> =
        form.into_iter().filter(|(k, _)| *k != "consumer_secret" || network == "x").collect();
    let page = who.post(&format!("/settings/channels/new/{network}/login"), &fields).await.expect(200);
    page.attr("a.btn.pri", "href").unwrap()
}

/// The network's page says yes, and sends one back: our own path.
async fn consent(desk: &Desk, address: &str) -> String {
    let answer = desk.house.fetch.call(Ask::get(address)).await.unwrap();
    assert_eq!(answer.status, 302, "{address}");
    answer.header("location").unwrap().strip_prefix(desk.base.as_str()).unwrap().to_owned()
}

fn play(desk: &Desk) {
    desk.simulator.x.add_account(NewAccount {
        id: "1790000000000000001".into(),
        name: "Aubépine".into(),
        username: "aubepine".into(),
        token: "t".into(),
        refresh: "r".into(),
        ..NewAccount::default()
    });
    desk.simulator.youtube.add_channel(NewChannel {
        id: "UCaubepine".into(),
        title: "Aubépine".into(),
        token: "t".into(),
        refresh: "r".into(),
    });
    for (id, name) in [("11", "Aubépine"), ("12", "Aubépine Recrutement")] {
        desk.simulator.linkedin.add_page(NewPage {
            id: id.into(),
            name: name.into(),
            token: "t".into(),
            refresh: "r".into(),
            ..NewPage::default()
        });
    }
    desk.simulator.tiktok.add_account(NewTikTok {
        id: "openid-1".into(),
        name: "Aubépine".into(),
        token: "t".into(),
        refresh: "r".into(),
        ..NewTikTok::default()
    });
}

async fn connected(desk: &Desk) -> Vec<(String, String)> {
    let mut tx = desk.house.db.read().await.unwrap();
    let all = channels::of_brand(&mut tx, desk.brand).await.unwrap();
    all.into_iter().filter(|c| c.network != "facebook").map(|c| (c.network, c.account)).collect()
}

on_both! {
    async fn one_sees_whose_account_it_is_before_a_channel_is_made(desk) {
        play(&desk);
        let admin = desk.agent("Admin", Role::Admin).await;
        for (network, account) in [("x", "1790000000000000001"), ("youtube", "UCaubepine"), ("tiktok", "openid-1")] {
            let form = admin.get(&format!("/settings/channels/new/{network}")).await.expect(200);
            assert!(form.seen().contains("/settings/login/back/"), "{}", form.seen());
            let address = begin(&desk, &admin, network).await;
            assert!(!address.contains("CANARY"), "no secret leaves with the person");
            let back = consent(&desk, &address).await;
            let page = admin.get(&back).await.expect(200);
            assert!(page.seen().contains("Aubépine") && page.seen().contains(account), "{}", page.seen());
            assert!(!connected(&desk).await.iter().any(|(n, _)| n == network), "nothing is made before one confirms");
            let token = page.attr("input[name=token]", "value").unwrap();
            let done = admin.post("/settings/login/confirm", &[("token", &token), ("account", account)]).await.expect(303);
            assert!(connected(&desk).await.contains(&(network.to_owned(), account.to_owned())));
            // The login works: the check says so.
            let checked = admin.post(&format!("{}/check", done.location()), &[]).await.expect(200);
            assert!(checked.all(".formerr").is_empty(), "{network}: {}", checked.seen());
            // Once only.
            admin.post("/settings/login/confirm", &[("token", &token), ("account", account)]).await.expect(422);
            admin.get(&back).await.expect(422);
        }
    }

    async fn of_several_pages_one_is_chosen(desk) {
        play(&desk);
        let admin = desk.agent("Admin", Role::Admin).await;
        let back = consent(&desk, &begin(&desk, &admin, "linkedin").await).await;
        let page = admin.get(&back).await.expect(200);
        assert!(page.seen().contains("Aubépine Recrutement"));
        let token = page.attr("input[name=token]", "value").unwrap();
        let done = admin.post("/settings/login/confirm", &[("token", &token), ("account", "12")]).await.expect(303);
        assert_eq!(connected(&desk).await, [("linkedin".to_owned(), "12".to_owned())]);
        // Later the login is renewed by the same way, and not with another account.
        let again = admin.post(&format!("{}/login", done.location()), &[]).await.expect(200);
        let back = consent(&desk, &again.attr("a.btn.pri", "href").unwrap()).await;
        let token = admin.get(&back).await.expect(200).attr("input[name=token]", "value").unwrap();
        let other = admin.post("/settings/login/confirm", &[("token", &token), ("account", "11")]).await.expect(422);
        assert!(other.seen().contains("un autre compte"), "{}", other.seen());
        assert_eq!(connected(&desk).await.len(), 1);
    }

    async fn what_goes_wrong_is_said_in_words(desk) {
        play(&desk);
        let admin = desk.agent("Admin", Role::Admin).await;
        // Denied.
        let address = begin(&desk, &admin, "x").await;
        let state = url::Url::parse(&address).unwrap().query_pairs().find(|(k, _)| k == "state").unwrap().1.into_owned();
        let denied = admin.get(&format!("/settings/login/back/?error=access_denied&state={state}")).await.expect(422);
        assert!(denied.seen().contains("n’a pas été accordé"), "{}", denied.seen());
        // A state nobody gave; one that waited too long; one of another session.
        let wrong = admin.get("/settings/login/back/?code=x&state=abc").await.expect(422);
        assert!(wrong.seen().contains("recommencez"), "{}", wrong.seen());
        let late = consent(&desk, &begin(&desk, &admin, "x").await).await;
        desk.clock.forward(Duration::from_secs(601));
        admin.get(&late).await.expect(422);
        let theirs = consent(&desk, &begin(&desk, &admin, "x").await).await;
        let other = desk.agent("Autre", Role::Admin).await;
        other.get(&theirs).await.expect(422);
        admin.get(&theirs).await.expect(422);
        // A code the network does not know.
        let address = begin(&desk, &admin, "x").await;
        let state = url::Url::parse(&address).unwrap().query_pairs().find(|(k, _)| k == "state").unwrap().1.into_owned();
        let refused = admin.get(&format!("/settings/login/back/?code=invented&state={state}")).await.expect(422);
        assert!(refused.seen().contains("authorization code was invalid"), "{}", refused.seen());
        // Who may not connect channels is not sent anywhere.
        let agent = desk.agent("Agent", Role::Agent).await;
        agent.post("/settings/channels/new/x/login", &[("client_id", "x")]).await.expect(403);
        admin.post("/settings/channels/new/x/login", &[("client_id", "")]).await.expect(422);
        assert!(connected(&desk).await.is_empty());
    }
}

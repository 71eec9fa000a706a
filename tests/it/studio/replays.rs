//! Replay: the same twice, nothing against itself, nothing sent; regressions found, mended, judged.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::replay::{Bucket, Remedy};
use guichet::flow::replay::{self, Sample, Tried};
use guichet::flow::studio::draft;
use guichet::store::studio::replays::{self as kept, State};

use super::{LATE, PULLS, STOCK, STOCK_FILE, a_day, more_examples, with_entries};
use crate::on_both;
use crate::support::Desk;
use crate::support::desk::PAGE;

/// The draft's version of the stock entry.
async fn drafted(desk: &Desk) -> i64 {
    let draft = draft::read(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap();
    draft.entries.iter().find(|d| d.path == STOCK).map_or(0, |d| d.version)
}

on_both! {
    /// What is live against itself changes nothing; the same draft twice gives the same bytes; nobody
    /// outside hears of it, and no ticket changes.
    async fn a_rehearsal_leaves_no_trace(desk) {
        let elodie = with_entries(&desk).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        a_day(&desk, &karim).await;
        let scope = desk.scope(&elodie).await;
        let tell = async || {
            let report = replay::report(&desk.house, desk.brand, &Sample::default(), Tried::Draft).await.unwrap();
            (report.buckets, serde_json::to_string(&report).unwrap())
        };
        let before = (desk.simulator.facebook.requests(), format!("{:?}", desk.tickets().await));
        assert!(before.0 > 0, "the simulator counts, so that the next lines mean something");
        let (nothing, _) = tell().await;
        assert_eq!((nothing.differ(), nothing.unchanged), (0, 6), "live against itself");
        more_examples(&desk, &scope, LATE, &PULLS).await;
        let (some, once) = tell().await;
        assert!(some.differ() > 0, "{some:?}");
        assert_eq!(once, tell().await.1, "the same twice");
        let id = replay::begin(&desk.house, &scope, desk.brand, Sample::default()).await.unwrap();
        replay::finish(&desk.house, desk.brand, id).await.unwrap();
        desk.settle().await;
        assert_eq!(before, (desk.simulator.facebook.requests(), format!("{:?}", desk.tickets().await)));
        // A release as it was gives what was live then.
        let back = replay::report(&desk.house, desk.brand, &Sample::default(), Tried::Release(1)).await.unwrap();
        assert_eq!(back.buckets.differ(), 0);
    }

    /// Against what a person really answered; the remedy mends, and its price is what replaying says.
    async fn regressions_are_found_and_mended(desk) {
        let elodie = with_entries(&desk).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        a_day(&desk, &karim).await;
        let scope = desk.scope(&elodie).await;
        more_examples(&desk, &scope, LATE, &PULLS).await;
        let report = replay::report(&desk.house, desk.brand, &Sample::default(), Tried::Draft).await.unwrap();
        assert!(report.buckets.regression >= 1, "{:?}", report.changed);
        assert_eq!(report.changed[0]["bucket"], "regression", "the riskiest first");
        assert!(report.changed[0]["human"]["text"].as_str().unwrap().contains("deux décembre"));
        assert!(report.changed[0]["news"][0].as_str().unwrap().contains("en attente"), "{:?}", report.changed[0]);
        let fix = report.fixes.first().expect("a remedy");
        assert_eq!((fix.of, fix.among), (report.buckets.regression, report.buckets.new));
        assert!(fix.mends > 0);
        replay::verdict::mend(&desk.house, &scope, desk.brand, &fix.remedy).await.unwrap();
        let after = replay::report(&desk.house, desk.brand, &Sample::default(), Tried::Draft).await.unwrap();
        assert_eq!(after.buckets.regression, report.buckets.regression - fix.mends, "as was promised: {fix:?}");
        assert!(matches!(&fix.remedy, Remedy::DropExample { .. } | Remedy::NearMiss { .. } | Remedy::NoneOf { .. }));
    }

    /// An entry that is meant only under some publications is replayed under those that were there, tried
    /// under any, and a verdict keeps the publication in its test.
    async fn a_comment_is_replayed_under_its_publication(desk) {
        let elodie = with_entries(&desk).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        let scope = desk.scope(&elodie).await;
        let facebook = &desk.simulator.facebook;
        let bottle = facebook.publish(PAGE, "La gourde glouglou est là");
        let lamp = facebook.publish(PAGE, "La lampe est là");
        for (n, post) in [(1, &bottle), (2, &lamp)] {
            facebook.comment(PAGE, post, (&format!("8{n}"), "Léa"), "quand revient la gourde glouglou ?");
            desk.settle().await;
        }
        let put = async |words: &str| {
            let source = STOCK_FILE.replace("]\n+++", &format!("]\n[when]\npost_any_of.fr = [\"{words}\"]\n+++"));
            let source = source.replace("# fr, facebook, private", &format!("# fr, facebook, public\n@ {words}"));
            let source = source.replace("< answer", "= suggest:disponible");
            let version = drafted(&desk).await;
            draft::put(&desk.house, &scope, desk.brand, STOCK, Some(source), version).await.unwrap();
        };
        put("gourde").await;
        let report = replay::report(&desk.house, desk.brand, &Sample::default(), Tried::Draft).await.unwrap();
        assert_eq!((report.buckets.unchanged, report.buckets.differ()), (1, 1), "{:?}", report.changed);
        assert_eq!(report.changed[0]["post"], "La lampe est là");
        put("lampe").await;
        elodie.post("/bot/replay", &[("last", "5000")]).await.expect(303);
        let page = elodie.get("/bot/replay").await.expect(200);
        assert!(page.seen().contains("Sous la publication : La gourde glouglou est là"), "{}", page.seen());
        let mut tx = desk.house.db.read().await.unwrap();
        let last = kept::last(&mut tx, desk.brand).await.unwrap().unwrap();
        let row = kept::rows(&mut tx, desk.brand, last.id).await.unwrap().remove(0);
        drop(tx);
        elodie.post(&format!("/bot/replays/{}/judge", last.id), &[("n", &row.n.to_string()), ("said", "wrong")]).await.expect(303);
        let source = draft::read(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap().source("availability/back-in-stock").unwrap().to_owned();
        let test = "facebook, public: replayed\n@ La gourde glouglou est là\n> quand revient la gourde glouglou ?\n= not:back-in-stock\n";
        assert!(source.contains(test), "{source}");
        let shut = elodie.get("/bot/publish").await.expect(200);
        assert!(shut.seen().contains("1 essai échoue"), "the test is of that publication: {}", shut.seen());
        let tried = async |post: &str| {
            let asked = format!("/bot/try?network=facebook&visibility=public&lang=fr&q=quand%20revient%20la%20gourde%20glouglou&post={post}");
            karim.get(&asked).await.expect(200).seen()
        };
        for (post, says) in [("la%20lampe", true), ("une%20tasse", false)] {
            let page = tried(post).await;
            assert_eq!(page.contains("La publication au-dessus contient le mot « lampe »"), says, "{post}: {page}");
        }
    }

    /// By network, language and period; in pieces, with progress, and an end before the end.
    async fn a_sample_is_a_choice_and_a_replay_can_be_ended(desk) {
        let elodie = with_entries(&desk).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        a_day(&desk, &karim).await;
        let scope = desk.scope(&elodie).await;
        let n = async |sample: Sample| replay::report(&desk.house, desk.brand, &sample, Tried::Draft).await.unwrap().n;
        assert_eq!(n(Sample { last: 2, ..Sample::default() }).await, 2);
        assert_eq!(n(Sample { network: Some("x".into()), ..Sample::default() }).await, 0);
        assert_eq!(n(Sample { network: Some("facebook".into()), ..Sample::default() }).await, 6);
        assert_eq!(n(Sample { language: Some("en".into()), ..Sample::default() }).await, 0);
        let later = desk.house.now().plus(Duration::from_secs(1)).0;
        assert_eq!(n(Sample { from: Some(later), ..Sample::default() }).await, 0);
        let id = replay::begin(&desk.house, &scope, desk.brand, Sample::default()).await.unwrap();
        let state = async || kept::get(&mut desk.house.db.read().await.unwrap(), desk.brand, id).await.unwrap().unwrap();
        assert_eq!(state().await.state, State::Running);
        let page = elodie.get("/bot/replay").await.expect(200);
        assert!(page.seen().contains("0 sur 5"), "{}", page.seen());
        elodie.post(&format!("/bot/replays/{id}/cancel"), &[]).await.expect(303);
        assert_eq!(state().await.state, State::Cancelled);
        assert_eq!(replay::turn(&desk.house).await.unwrap(), 0, "nothing goes on");
        // A draft that changes meanwhile ends it, too: what it found was about another.
        let id = replay::begin(&desk.house, &scope, desk.brand, Sample::default()).await.unwrap();
        more_examples(&desk, &scope, LATE, &PULLS).await;
        while replay::turn(&desk.house).await.unwrap() > 0 {}
        let ended = kept::get(&mut desk.house.db.read().await.unwrap(), desk.brand, id).await.unwrap().unwrap();
        assert_eq!(ended.state, State::Outdated);
    }

    /// A verdict is a test beside the answer: who thinks again leaves one, and what is wrong keeps the
    /// gate shut until it is mended.
    async fn verdicts_become_tests(desk) {
        let elodie = with_entries(&desk).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        a_day(&desk, &karim).await;
        let scope = desk.scope(&elodie).await;
        more_examples(&desk, &scope, LATE, &PULLS).await;
        elodie.post("/bot/replay", &[("last", "5000")]).await.expect(303);
        let mut tx = desk.house.db.read().await.unwrap();
        let last = kept::last(&mut tx, desk.brand).await.unwrap().unwrap();
        let rows = kept::rows(&mut tx, desk.brand, last.id).await.unwrap();
        drop(tx);
        let row = rows.iter().find(|r| r.bucket == Bucket::Regression).expect("a regression");
        let n = row.n.to_string();
        let judge = format!("/bot/replays/{}/judge", last.id);
        let source = async || {
            let draft = guichet::flow::studio::draft::read(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap();
            draft.source(LATE).unwrap().to_owned()
        };
        elodie.post(&judge, &[("n", &n), ("said", "wrong")]).await.expect(303);
        assert!(source().await.contains("= not:colis-en-retard"), "{}", source().await);
        let shut = elodie.get("/bot/publish").await.expect(200);
        assert!(shut.seen().contains("1 essai échoue") && shut.seen().contains("jugé mauvais"), "{}", shut.seen());
        assert!(shut.seen().contains("attendu tout sauf « Retard de livraison », obtenu"), "{}", shut.seen());
        // Whoever thinks otherwise withdraws it; what somebody wrote beside the answer stays.
        let path = LATE.to_owned();
        let withdraw = async |said: &str| elodie.post("/bot/tests/withdraw", &[("path", &path), ("said", said)]).await.expect(303);
        withdraw("mon colis zorglub est en retard").await;
        withdraw(row.seen["text"].as_str().unwrap()).await;
        assert!(!source().await.contains("replayed") && source().await.contains("< answer"), "{}", source().await);
        assert!(!elodie.get("/bot/publish").await.expect(200).seen().contains("échoue"));
        elodie.post(&judge, &[("n", &n), ("said", "right")]).await.expect(303);
        let now = source().await;
        assert!(now.contains("= suggest:colis-en-retard") && !now.contains("= not:"), "{now}");
        let stranger = karim.post(&judge, &[("n", &n), ("said", "right")]).await;
        assert_eq!(stranger.status, 403, "an agent may look, not judge");
        assert!(karim.get("/bot/replay").await.expect(200).all("button").iter().all(|b| !b.contains("est mieux")));
    }
}

//! From a draft to everybody, to a tenth, into the shadow, and back.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::canned::Mode;
use guichet::desk::event::EventKind;
use guichet::desk::message::Visibility;
use guichet::desk::release::{Reach, Standing, is_of_the_tenth};
use guichet::desk::scope::Scope;
use guichet::flow::replay::{self, Sample};
use guichet::flow::studio::{draft, publish, roll};
use guichet::flow::{Error, Reason, bot, library};
use guichet::store::studio::{releases, trials};
use guichet::store::{events, library as kept, thoughts};

use super::{LATE, LATE_FILE, a_day, asked, more_examples, with_entries};
use crate::on_both;
use crate::support::Desk;

async fn source(desk: &Desk, path: &str) -> Option<String> {
    let kept = kept::get(&mut desk.house.db.read().await.unwrap(), desk.brand, path).await.unwrap();
    kept.map(|k| k.source)
}

pub async fn rehearsed(desk: &Desk, scope: &Scope) {
    let id = replay::begin(&desk.house, scope, desk.brand, Sample::default()).await.unwrap();
    replay::finish(&desk.house, desk.brand, id).await.unwrap();
}

/// Nobody’s words but this example’s.
const MORE: &str = "bidulotron glabouzif";
const SHADOW: &str = "farfouillon zigouigoui";

on_both! {
    /// A draft is nobody's answer; published it is, and rolled back it is not, everything exactly as it was.
    async fn published_and_rolled_back(desk) {
        let elodie = with_entries(&desk).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        let scope = desk.scope(&elodie).await;
        bot::set_mode(&desk.house, &Scope::house(desk.brand), desk.brand, LATE, Visibility::Private, Mode::Auto).await.unwrap();
        let before = library::export(&desk.house, desk.brand).await.unwrap();
        more_examples(&desk, &scope, LATE, &[MORE]).await;
        assert_eq!(library::export(&desk.house, desk.brand).await.unwrap(), before, "a draft changes nothing that is live");
        let shut = publish::publish(&desk.house, &scope, desk.brand, Reach::All, "").await;
        assert!(matches!(shut, Err(Error::Refused(Reason::NotReady, _))), "not rehearsed: {shut:?}");
        rehearsed(&desk, &scope).await;
        let number = publish::publish(&desk.house, &scope, desk.brand, Reach::All, "Plus de formulations").await.unwrap();
        assert_eq!(number, 2);
        assert!(source(&desk, LATE).await.unwrap().contains(MORE));
        let now = kept::get(&mut desk.house.db.read().await.unwrap(), desk.brand, LATE).await.unwrap().unwrap();
        assert_eq!(now.private_mode, Mode::Auto, "it says the same words, only to more");
        asked(&desk, &karim, "9", MORE, None).await;
        let ticket = desk.tickets().await.pop().unwrap();
        let thought = thoughts::of_ticket(&mut desk.house.db.read().await.unwrap(), desk.brand, ticket.id, 1).await.unwrap().remove(0);
        assert_eq!(thought.entry.as_deref(), Some(LATE), "{thought:?}");
        // One act, and it is written down for every node.
        let page = elodie.get("/bot/versions").await.expect(200);
        assert!(page.seen().contains("Plus de formulations"), "{}", page.seen());
        elodie.post("/bot/rollback", &[("number", "1")]).await.expect(303);
        assert_eq!(library::export(&desk.house, desk.brand).await.unwrap(), before);
        let mut tx = desk.house.db.read().await.unwrap();
        let last = events::last(&mut tx).await.unwrap();
        let told = events::of_brand(&mut tx, desk.brand, last - 3, 10).await.unwrap();
        assert!(told.iter().any(|e| e.kind == EventKind::LibraryChanged && e.data["did"] == "rolled_back"), "{told:?}");
        drop(tx);
        let page = elodie.get("/bot/versions").await.expect(200);
        assert!(page.seen().contains("retour à v1"), "{}", page.seen());
        // What comes after a rollback is a new number, and an edit is a new version.
        more_examples(&desk, &scope, LATE, &["encore zorglub"]).await;
        rehearsed(&desk, &scope).await;
        assert_eq!(publish::publish(&desk.house, &scope, desk.brand, Reach::All, "").await.unwrap(), 3);
        let diff = elodie.get("/bot/versions/3").await.expect(200);
        assert!(diff.all(".ver ins").concat().contains("encore zorglub"), "{}", diff.seen());
    }

    /// Every tenth conversation hears it, always the same ones, for a day; what it says beside what is
    /// live is counted. In the shadow nobody hears it.
    async fn a_trial_is_heard_by_a_tenth_for_a_day(desk) {
        let elodie = with_entries(&desk).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        let scope = desk.scope(&elodie).await;
        more_examples(&desk, &scope, LATE, &[MORE]).await;
        rehearsed(&desk, &scope).await;
        let live = source(&desk, LATE).await;
        publish::publish(&desk.house, &scope, desk.brand, Reach::Tenth, "").await.unwrap();
        assert_eq!(source(&desk, LATE).await, live, "what is live stays");
        let mut heard = 0;
        for n in 0..40 {
            asked(&desk, &karim, &format!("{}", 100 + n), MORE, None).await;
        }
        for ticket in desk.tickets().await {
            let mut tx = desk.house.db.read().await.unwrap();
            let thought = thoughts::of_ticket(&mut tx, desk.brand, ticket.id, 1).await.unwrap().remove(0);
            let tenth = is_of_the_tenth(ticket.thread_id);
            heard += usize::from(tenth);
            assert_eq!(thought.entry.as_deref() == Some(LATE), tenth, "{thought:?}");
        }
        assert!((1..40).contains(&heard), "somebody of 40 is of the tenth, not all: {heard}");
        let mut tx = desk.house.db.read().await.unwrap();
        let trial = releases::standing(&mut tx, desk.brand, Standing::Trial).await.unwrap().unwrap();
        let (buckets, heard_by) = trials::figures(&mut tx, desk.brand, trial.id).await.unwrap();
        assert_eq!((buckets.new, heard_by), (40, heard), "{buckets:?}");
        drop(tx);
        let page = elodie.get("/bot/versions").await.expect(200);
        assert!(page.seen().contains("Messages comparés : 40"), "{}", page.seen());
        // After a day what is live speaks everywhere again, and the page says so.
        desk.pass(Duration::from_hours(11)).await;
        assert!(elodie.get("/bot").await.expect(200).seen().contains("v2"), "half a day is not a day");
        desk.pass(Duration::from_hours(11)).await;
        elodie.get("/bot").await.expect(200);
        desk.pass(Duration::from_hours(3)).await;
        for n in 0..40 {
            asked(&desk, &karim, &format!("{}", 200 + n), MORE, None).await;
        }
        let late: Vec<_> = desk.tickets().await.into_iter().skip(40).collect();
        for ticket in &late {
            let mut tx = desk.house.db.read().await.unwrap();
            assert_eq!(thoughts::of_ticket(&mut tx, desk.brand, ticket.id, 1).await.unwrap()[0].entry, None);
        }
        assert!(late.iter().any(|t| is_of_the_tenth(t.thread_id)), "somebody would have heard it");
        assert!(elodie.get("/bot").await.expect(200).seen().contains("L’essai de v2 est terminé"));
        elodie.post("/bot/promote", &[]).await.expect(303);
        assert!(source(&desk, LATE).await.unwrap().contains(MORE));
        let draft = draft::read(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap();
        assert!(draft.entries.is_empty(), "the draft is what is live");
        // The shadow says nothing.
        more_examples(&desk, &scope, LATE, &[SHADOW]).await;
        rehearsed(&desk, &scope).await;
        publish::publish(&desk.house, &scope, desk.brand, Reach::Shadow, "").await.unwrap();
        for n in 0..4 {
            asked(&desk, &karim, &format!("{}", 300 + n), SHADOW, None).await;
        }
        let mut tx = desk.house.db.read().await.unwrap();
        let shadow = releases::standing(&mut tx, desk.brand, Standing::Trial).await.unwrap().unwrap();
        let (buckets, heard) = trials::figures(&mut tx, desk.brand, shadow.id).await.unwrap();
        assert_eq!((buckets.new, heard), (4, 0), "{buckets:?}");
        for ticket in desk.tickets().await.iter().skip(80) {
            assert_eq!(thoughts::of_ticket(&mut tx, desk.brand, ticket.id, 1).await.unwrap()[0].entry, None);
        }
        drop(tx);
        roll::back(&desk.house, &scope, desk.brand, 2).await.unwrap();
        assert!(releases::standing(&mut desk.house.db.read().await.unwrap(), desk.brand, Standing::Trial).await.unwrap().is_none());
    }

    /// Words for everybody are read by two; who wrote them is not the second.
    async fn what_is_said_in_public_is_read_by_two(desk) {
        let elodie = with_entries(&desk).await;
        let lena = desk.agent("Lena", Role::Lead).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        a_day(&desk, &karim).await;
        let scope = desk.scope(&elodie).await;
        let public = LATE_FILE.replace("audience = \"private\"", "audience = \"any\"");
        draft::put(&desk.house, &scope, desk.brand, LATE, Some(public), 0).await.unwrap();
        rehearsed(&desk, &scope).await;
        let page = elodie.get("/bot/publish").await.expect(200);
        assert!(page.seen().contains("une deuxième personne doit relire"), "{}", page.seen());
        let print = page.attr("form[action='/bot/agree'] input", "value");
        assert_eq!(print, None, "not by whoever wrote it");
        let hers = lena.get("/bot/publish").await.expect(200);
        let print = hers.attr("form[action='/bot/agree'] input", "value").expect("Lena may agree");
        assert_eq!(elodie.post("/bot/agree", &[("print", &print)]).await.status, 403);
        assert_eq!(elodie.post("/bot/publish", &[("reach", "all")]).await.status, 422);
        lena.post("/bot/agree", &[("print", &print)]).await.expect(303);
        assert!(elodie.get("/bot/publish").await.expect(200).seen().contains("Relu et approuvé par Lena"));
        elodie.post("/bot/publish", &[("reach", "all")]).await.expect(303);
        assert!(source(&desk, LATE).await.unwrap().contains("audience = \"any\""));
        let kept = kept::get(&mut desk.house.db.read().await.unwrap(), desk.brand, LATE).await.unwrap().unwrap();
        assert_eq!(kept.public_mode, Mode::Suggest);
    }

    /// Two in the same entry: the second is told, and loses nothing; who may not write proposes.
    async fn nobody_writes_over_anybody(desk) {
        let elodie = with_entries(&desk).await;
        let karim = desk.agent("Karim", Role::Agent).await;
        let lena = desk.agent("Lena", Role::Lead).await;
        let at = format!("/bot/rules/{LATE}");
        let form = elodie.get(&at).await.expect(200);
        assert_eq!(form.attr("#words input[name=version]", "value").as_deref(), Some("0"));
        let phrases = "mon colis zorglub est en retard\nle colis zorglub n'arrive pas\nzorglub en rade";
        elodie.post(&at, &[("version", "0"), ("list:examples:fr", phrases)]).await.expect(303);
        let late = lena.post(&at, &[("version", "0"), ("source", &LATE_FILE.replace("Désolés", "Navrés"))]).await.expect(422);
        assert!(late.seen().contains("Elodie") && late.all("#source").concat().contains("Navrés"), "{}", late.seen());
        let draft = draft::read(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap();
        let expected = LATE_FILE.replace("n'arrive pas\",\n]", "n'arrive pas\",\n  \"zorglub en rade\",\n]");
        assert_eq!(draft.source(LATE), Some(expected.as_str()), "only this line is new");
        let seen = karim.get(&at).await.expect(200);
        assert!(seen.seen().contains("Proposer une modification") && seen.all("#words").is_empty());
        assert_eq!(karim.post(&at, &[("version", "1"), ("source", LATE_FILE)]).await.status, 422);
        karim.post(&format!("{at}/propose"), &[("words", "Ajouter « zorglub perdu »")]).await.expect(303);
        assert!(elodie.get("/bot").await.expect(200).seen().contains("zorglub perdu"));
        elodie.post(&format!("{at}/drop"), &[("version", "1")]).await.expect(303);
        let draft = draft::read(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap();
        assert!(draft.entries.is_empty());
    }
    /// Words for one network, by the form: written, refused with nothing lost, and taken out again.
    async fn a_network_gets_words_of_its_own(desk) {
        let elodie = with_entries(&desk).await;
        let at = format!("/bot/rules/{LATE}");
        let written = |words: &'static str| {
            [("more:name", "answer"), ("more:network", "x"), ("more:language", "en"), ("more:words", words)]
        };
        let post = |version: &'static str, more: Vec<(&'static str, &'static str)>| {
            let fields: Vec<_> = [("version", version)].into_iter().chain(more).collect();
            let (elodie, at) = (&elodie, &at);
            async move { elodie.post(at, &fields).await }
        };
        let lost = [("list:examples:en", "my zorglub parcel is late\nwhere is my zorglub parcel")];
        let refused = post("0", lost.into_iter().chain(written("Sorry\n## fr\nagain")).collect()).await.expect(422);
        assert!(refused.all("#more-words").concat().contains("## fr"), "{}", refused.seen());
        assert_eq!(refused.attr("#more-network option[selected]", "value").as_deref(), Some("x"));
        assert!(refused.all("#examples-en").concat().contains("where is my zorglub parcel"), "nothing is lost");
        post("0", written("Sorry for the delay.").to_vec()).await.expect(303);
        let page = elodie.get(&at).await.expect(200);
        assert!(page.all("#t-en-answer-x").concat().contains("Sorry for the delay."), "{}", page.seen());
        let source = || async { draft::read(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap() };
        let expected = LATE_FILE.replace("carrier.\n\n", "carrier.\n\n### answer @x\nSorry for the delay.\n\n");
        assert_eq!(source().await.source(LATE), Some(expected.as_str()));
        post("1", written("Again.").to_vec()).await.expect(422);
        post("1", vec![("text:en:answer:x", "")]).await.expect(303);
        assert_eq!(source().await.source(LATE), Some(LATE_FILE));
    }
}

//! The demo's crowd, with a clock that stands still until it is moved: who comes, how they take an
//! answer, and what they still know another day.

use std::sync::Arc;
use std::time::Duration;

use guichet::base::Given;
use guichet::cli::demo::{Chance, Journal, Remote, automatic, open_for_business, town};
use guichet::config::Config;
use guichet::desk::agent::Role;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::{Direction, Visibility};
use guichet::desk::scope::Scope;
use guichet::desk::ticket::{State, Ticket};
use guichet::flow::{connect, listen};
use guichet::simulator::Simulator;
use guichet::simulator::facebook::NewPage;
use guichet::simulator::pace::Pace;
use guichet::simulator::play::{Play, Record};
use guichet::simulator::push::Target;
use guichet::simulator::scenes::{Scenario, Scene, scenario};
use guichet::simulator::weather::Weather;
use guichet::store::messages::Message;
use guichet::store::select::{self, Filter, Sort, States};
use guichet::web::Web;
use tokio_util::sync::CancellationToken;

use crate::on_both;
use crate::support::desk::{SECRET, TOKEN};
use crate::support::{Desk, Engine, Visitor};

/// A play at a desk, and its time.
struct Stage {
    play: Play,
    pace: Arc<Pace>,
}

/// A play at the desk’s own page (the first brand of every scenario stands for it).
fn stage(desk: &Desk, name: &str, seed: u64) -> Stage {
    stage_at(desk, &desk.simulator, scenario(name).unwrap(), seed)
}

fn stage_at(desk: &Desk, simulator: &Simulator, scenario: &'static Scenario, seed: u64) -> Stage {
    for scene in scenario.brands {
        simulator.facebook.add_page(page(desk, scene));
    }
    let given = Given::seeded(desk.clock.clone(), 3);
    let pace = Arc::new(Pace::new(1.0));
    let play = Play::new(simulator, given, scenario, seed, Arc::clone(&pace));
    Stage { play, pace }
}

/// Every page of the play is the desk’s, by other names: one hook takes all they push, and what is
/// of a page nobody connected means nothing.
fn page(desk: &Desk, scene: &Scene) -> NewPage {
    let target = Target {
        hook: format!("{}{}", desk.base, desk.hook),
        header: "x-hub-signature-256",
        prefix: "sha256=",
        secret: SECRET.into(),
    };
    NewPage { id: scene.page.into(), name: scene.name.into(), token: format!("{TOKEN}{}", scene.page), target }
}

impl Stage {
    /// Lets so many seconds pass for the desk and the crowd, two at a time.
    async fn pass(&self, desk: &Desk, seconds: u64) {
        self.pass_answered(desk, seconds, false).await;
    }

    async fn pass_answered(&self, desk: &Desk, seconds: u64, by_machine: bool) {
        for _ in 0..seconds.div_ceil(2) {
            desk.clock.forward(Duration::from_secs(2));
            let known = automatic(&desk.house, self.play.pondered().iter()).await.unwrap();
            self.play.beat(&|id| by_machine || known.iter().any(|(i, automatic)| i == id && *automatic));
            desk.settle().await;
        }
    }

    /// What the crowd said so far, without who reacted to what.
    fn said(&self) -> Vec<String> {
        self.play.changes().into_iter().filter_map(words).collect()
    }
}

fn words(record: Record) -> Option<String> {
    let value = serde_json::to_value(record).unwrap();
    let item = value.get("kept")?.get("item")?;
    Some(format!("{}: {}", item["from"][1].as_str()?, item["text"].as_str()?))
}

async fn all(desk: &Desk) -> Vec<Ticket> {
    let filter = Filter { states: States::All, ..Filter::default() };
    let mut tx = desk.house.db.read().await.unwrap();
    let rows = select::page(&mut tx, desk.brand, &filter, Sort::Oldest, None, 100).await.unwrap();
    rows.into_iter().map(|l| l.ticket).collect()
}

/// The ticket of somebody, with its messages.
async fn of(desk: &Desk, who: &str) -> (Ticket, Vec<Message>) {
    for ticket in all(desk).await {
        let messages = desk.messages(ticket.id).await;
        if messages.iter().any(|m| m.direction == Direction::Inbound && m.author_name == who) {
            return (ticket, messages);
        }
    }
    panic!("{who} has not written");
}

async fn answer(agent: &Visitor, ticket: &Ticket, text: &str) {
    let visibility = ticket.visibility.as_str();
    let path = format!("/tickets/{}/reply", ticket.id);
    agent.post(&path, &[("text", text), ("visibility", visibility)]).await.expect(303);
}

fn inbound(messages: &[Message]) -> Vec<&str> {
    messages.iter().filter(|m| m.direction == Direction::Inbound).map(|m| m.text.as_str()).collect()
}

/// The same seed brings the same people in the same order, whether the crowd is looked at every
/// second or ten times as often; another seed brings others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seed_is_a_play() {
    let played = async |seed: u64, step: Duration| {
        let desk = Desk::open(Engine::Sqlite).await;
        let stage = stage(&desk, "normal", seed);
        stage.play.tell_the_past().await;
        let past = stage.said();
        assert!(past.len() > 40, "{past:?}");
        for _ in 0..Duration::from_secs(240).as_millis() / step.as_millis() {
            desk.clock.forward(step);
            stage.play.beat(&|_| false);
        }
        stage.said()
    };
    let once = played(1, Duration::from_secs(1)).await;
    assert!(once.len() > 25, "{once:?}");
    assert_eq!(once, played(1, Duration::from_millis(100)).await);
    let other = played(2, Duration::from_secs(1)).await;
    assert_ne!(once, other);
    assert_ne!(once.iter().take(12).collect::<Vec<_>>(), other.iter().take(12).collect::<Vec<_>>());
}

on_both! {
    /// Before the curtain rises there is a past, at past times; within a minute people of both
    /// languages come: a prospect for sales, a complaint, spam, somebody who cannot be reached.
    async fn the_first_minute_shows_what_there_is_to_see(desk) {
        let hugo = desk.agent("Hugo", Role::Agent).await;
        let stage = stage(&desk, "normal", 5);
        stage.play.tell_the_past().await;
        desk.settle().await;
        let past = all(&desk).await;
        assert!(past.len() >= 15, "{}", past.len());
        let days = |t: &Ticket| desk.house.now().since(t.created_at.min(t.last_message_at)).as_secs() / 86_400;
        assert!(past.iter().any(|t| days(t) >= 3) && past.iter().any(|t| days(t) == 0));
        let waiting = past.iter().filter(|t| t.state == State::Waiting).count();
        assert!(waiting >= 3 && past.len() - waiting >= 8, "{waiting} of {}", past.len());
        let (resolved, thread) = of(&desk, "Anaïs Colin").await;
        assert_eq!((resolved.visibility, thread.len()), (Visibility::Private, 3));
        assert!(thread.is_sorted_by_key(|m| m.at), "{thread:?}");
        assert!(thread[1].direction == Direction::Outbound && thread[1].agent_id.is_none());

        stage.pass(&desk, 60).await;
        let live = all(&desk).await.len() - past.len();
        assert!((10..=25).contains(&live), "{live} came within a minute");
        let sales = desk.house.teams(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap()["sales"];
        assert_eq!(of(&desk, "Camille Roussel").await.0.team_id, Some(sales));
        assert_eq!(of(&desk, "Maëlle Le Goff").await.0.label_list(), ["complaint"]);
        assert_eq!(of(&desk, "Crypto Wins").await.0.label_list(), ["spam"]);
        assert_eq!(of(&desk, "Olivia Hart").await.0.language.as_deref(), Some("en"));

        // Whoever has blocked the page cannot be reached: the network says so, the screen says why.
        let (denis, _) = of(&desk, "Denis Carlier").await;
        answer(&hugo, &denis, "Bonjour Denis, votre colis part ce soir.").await;
        stage.pass(&desk, 8).await;
        let (_, thread) = of(&desk, "Denis Carlier").await;
        let last = thread.last().unwrap();
        assert_eq!(last.delivery.map(Delivery::as_str), Some("failed"));
        assert_eq!(last.delivery_reason.as_deref(), Some("unreachable"));
        assert!(last.delivery_why.as_deref().is_some_and(|w| w.contains("551/1545041")), "{last:?}");
        let screen = hugo.get(&format!("/tickets/{}", denis.id)).await.expect(200).seen();
        assert!(screen.contains("la personne n’est pas joignable"), "{screen}");
        assert!(desk.deeds().is_empty(), "{:?}", desk.deeds());
    }

    /// People take answers as people do: a number is given, in private; thanks take a while; the
    /// angry insist; whoever a machine has not helped asks for a person, who is then called.
    async fn answers_are_answered(desk) {
        let karim = desk.agent("Karim", Role::Agent).await;
        let stage = stage(&desk, "normal", 5);
        stage.play.tell_the_past().await;
        stage.pass(&desk, 60).await;

        let (ines, before) = of(&desk, "Inès Moreau").await;
        answer(&karim, &ines, "Bonjour Inès, quel est votre numéro de commande ?").await;
        stage.pass(&desk, 8).await;
        assert_eq!(of(&desk, "Inès Moreau").await.1.len(), before.len() + 1, "nobody answers at once");
        stage.pass(&desk, 25).await;
        let (ines, thread) = of(&desk, "Inès Moreau").await;
        assert!(inbound(&thread).last().unwrap().contains("AB-4"), "{:?}", inbound(&thread));
        assert_eq!(thread.iter().rev().nth(1).unwrap().delivery.map(Delivery::as_str), Some("read"));
        answer(&karim, &ines, "Merci Inès, il arrive demain.").await;
        stage.pass(&desk, 35).await;
        let (_, thread) = of(&desk, "Inès Moreau").await;
        assert_eq!(inbound(&thread).last(), Some(&"D’accord, j’attends votre retour"));

        // Asked in public, the number comes in private: a ticket of its own that goes on with it.
        let (maelle, _) = of(&desk, "Maëlle Le Goff").await;
        answer(&karim, &maelle, "Bonjour Maëlle, écrivez-nous en message privé avec votre numéro de commande.").await;
        stage.pass(&desk, 40).await;
        let private: Vec<Ticket> = {
            let mut found = Vec::new();
            for t in all(&desk).await.into_iter().filter(|t| t.visibility == Visibility::Private) {
                if desk.messages(t.id).await.iter().any(|m| m.author_name == "Maëlle Le Goff") {
                    found.push(t);
                }
            }
            found
        };
        assert_eq!(private.len(), 1);
        // Now she is answered there, and insists.
        answer(&karim, &private[0], "Bonjour Maëlle, nous regardons cela.").await;
        stage.pass(&desk, 40).await;
        let said = desk.messages(private[0].id).await;
        assert!(inbound(&said).len() >= 2, "{:?}", inbound(&said));

        // A machine answers beside the question: a person is asked for, in the same language.
        let (aurelie, _) = of(&desk, "Aurélie Poncet").await;
        answer(&karim, &aurelie, "Vous pouvez suivre votre colis sur notre site.").await;
        stage.pass_answered(&desk, 35, true).await;
        let (_, thread) = of(&desk, "Aurélie Poncet").await;
        let last = inbound(&thread).last().copied().unwrap_or_default().to_owned();
        assert!(last.contains("humain") || last.contains("parler à quelqu’un"), "{last}");
        // Whoever wants nothing more is not heard of again.
        stage.pass(&desk, 60).await;
        assert_eq!(of(&desk, "Crypto Wins").await.1.len(), 1);
    }

    /// The bot answers what it is opened for, and says why; whoever it has not helped asks for a
    /// person, who is called.
    async fn the_bot_answers_and_steps_aside(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        open_for_business(&desk.house, desk.brand, &scenario("normal").unwrap().brands[0]).await.unwrap();
        let stage = stage(&desk, "normal", 5);
        stage.play.tell_the_past().await;
        stage.pass(&desk, 130).await;
        for (who, entry, words) in [
            ("Hannah Doherty", "hours/opening-hours", "9:00–18:00"),
            ("Soline Barbier", "delivery/delivery-time", "3–5 jours"),
            ("Mireille Tardy", "returns/return-how", "30 jours"),
        ] {
            let (ticket, thread) = of(&desk, who).await;
            // Once, also where Messenger tells the person’s name later than their words.
            let all: Vec<&Message> = thread.iter().filter(|m| m.by_rule.as_deref() == Some(entry)).collect();
            let [said] = all[..] else { panic!("{who}: {thread:#?}") };
            assert_eq!((said.by_rule.as_deref(), said.agent_id), (Some(entry), None), "{who}");
            assert!(said.text.contains(words), "{}", said.text);
            assert!(said.delivery.is_some_and(|d| matches!(d.as_str(), "sent" | "delivered" | "read")), "{said:?}");
            let screen = sarah.get(&format!("/tickets/{}", ticket.id)).await.expect(200);
            assert!(screen.seen().contains(words), "{who}");
        }
        let (mireille, thread) = of(&desk, "Mireille Tardy").await;
        let last = inbound(&thread).last().copied().unwrap().to_owned();
        assert!(last.contains("humain") || last.contains("parler à quelqu’un"), "{last}");
        assert_eq!(mireille.bot, guichet::desk::ticket::Bot::HandoffRequested);
        assert_eq!(mireille.state, State::Open);
    }

    /// The second scenario: companies ask for quotes, a journalist and a partner write, in both
    /// languages.
    async fn companies_write_to_companies(desk) {
        let stage = stage(&desk, "b2b", 1);
        // The first brand’s page is not connected here; its people come to the desk’s own.
        assert!(stage.said().is_empty());
        let scene = &scenario("b2b").unwrap().brands[0];
        let (channel, _) = crate::support::desk::connect_page(
            &desk.house, &desk.simulator, desk.brand, scene.page, scene.name, &desk.base).await;
        assert_ne!(channel, desk.channel);
        stage.play.tell_the_past().await;
        stage.pass(&desk, 60).await;
        let sales = desk.house.teams(&mut desk.house.db.read().await.unwrap(), desk.brand).await.unwrap()["sales"];
        for who in ["Delphine Aubry", "Sienna Cole", "Karim Ouali"] {
            assert_eq!(of(&desk, who).await.0.team_id, Some(sales), "{who}");
        }
        assert_eq!(of(&desk, "Laurence Bonnet").await.0.label_list(), ["complaint"]);
        assert_eq!(of(&desk, "Sienna Cole").await.0.language.as_deref(), Some("en"));
    }
}

/// While the crowd is paused nobody comes and nobody answers; a visitor pauses it from any page, with
/// a plain form, sees it, and lets it go on faster. A server of one’s own has neither strip nor route.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_crowd_is_paused_and_hurried_from_the_page() {
    let desk = Desk::open(Engine::Sqlite).await;
    let sarah = desk.agent("Sarah", Role::Viewer).await;
    let stage = stage(&desk, "normal", 1);
    let remote = Arc::new(Remote::new(Arc::clone(&stage.pace), Given::seeded(desk.clock.clone(), 1)));
    let web = Web { strip: Some(Arc::clone(&remote) as Arc<_>), ..desk.web.clone() };
    let here = Visitor::new(web.clone(), sarah.email.clone(), sarah.token.clone());

    let shown = here.get("/inbox/todo?brand=aubepine").await.expect(200);
    assert_eq!(shown.all(".strip button"), ["Mettre en pause", "×0,5", "×1", "×3", "×10"]);
    assert_eq!(shown.attr(".strip [aria-pressed=true]", "value").as_deref(), Some("1"));
    let back = shown.attr(".strip [name=back]", "value").unwrap();

    stage.pass(&desk, 10).await;
    assert!(!stage.said().is_empty());
    let pressed = here.post("/strip", &[("back", &back), ("pause", "true")]).await.expect(303);
    assert_eq!(pressed.location(), "/inbox/todo?brand=aubepine");
    stage.pass(&desk, 60).await;
    assert_eq!(stage.said(), [""; 0]);
    let paused = here.get("/inbox/todo").await.expect(200);
    assert_eq!(paused.all(".strip .btn"), ["Reprendre"]);

    here.post("/strip", &[("back", "//evil.example"), ("speed", "10")]).await.expect(303);
    here.post("/strip", &[("pause", "false")]).await.expect(303);
    stage.pass(&desk, 6).await;
    assert!(stage.said().len() >= 10, "a minute of theirs has passed");
    // A speed beyond all is the fastest; what is no speed is refused; strangers and other sites
    // press nothing.
    here.post("/strip", &[("speed", "1e9")]).await.expect(303);
    assert_eq!(stage.pace.now(), (100.0, false));
    here.post("/strip", &[("speed", "vite")]).await.expect(400);
    let elsewhere = here.post_from_elsewhere("/strip", &[("pause", "true")], "https://evil.example").await;
    assert_eq!(elsewhere.status, 403);
    Visitor::stranger(web).post("/strip", &[("pause", "true")]).await.expect(303);
    assert_eq!(stage.pace.now(), (100.0, false));
    // From the terminal.
    assert!(remote.toggle() && stage.pace.now().1 && !remote.toggle());

    // Without a strip there is none.
    let plain = sarah.get("/inbox/todo").await.expect(200);
    assert!(plain.all(".strip").is_empty());
    sarah.post("/strip", &[("pause", "true")]).await.expect(404);
}

/// The demo goes on another day: what was said then can be answered, the past is not told again,
/// nobody forgets what they owe, and a record cut off by a sudden end is left out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_day_the_demo_goes_on() {
    let desk = Desk::open(Engine::Sqlite).await;
    let karim = desk.agent("Karim", Role::Agent).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crowd.jsonl");
    let (journal, known) = Journal::open(&path).unwrap();
    assert!(known.is_empty());
    let normal = scenario("normal").unwrap();
    let first = stage_at(&desk, &desk.simulator, normal, 5);
    first.play.tell_the_past().await;
    first.pass(&desk, 45).await;
    let (ines, _) = of(&desk, "Inès Moreau").await;
    answer(&karim, &ines, "Bonjour Inès, quel est votre numéro de commande ?").await;
    first.pass(&desk, 7).await;
    journal.keep(&first.play).unwrap();
    drop((journal, first));
    let tickets = all(&desk).await.len();
    let torn = [std::fs::read(&path).unwrap(), b"{\"of\":\"arri".to_vec()].concat();
    std::fs::write(&path, &torn).unwrap();

    // Another day: another simulator, which knows only what was written down.
    let stop = CancellationToken::new();
    let given = Given::seeded(desk.clock.clone(), 99);
    let fetch = desk.house.fetch.clone();
    let again = Simulator::start(given, fetch, Weather::default(), stop.clone()).await.unwrap();
    let base = [("api_base".to_owned(), again.api_base("facebook"))];
    connect::reconnect(&desk.house, &Scope::house(desk.brand), desk.channel, &base).await.unwrap();
    let second = stage_at(&desk, &again, normal, 5);
    let (_journal, known) = Journal::open(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().len(), torn.len() as u64 - 11);
    for record in known.clone() {
        second.play.remember(record).unwrap();
    }
    let other = stage_at(&desk, &again, scenario("b2b").unwrap(), 5);
    assert_eq!(known.into_iter().find_map(|r| other.play.remember(r).err()).as_deref(), Some("normal"));
    second.play.resume();
    second.play.tell_the_past().await;
    again.facebook.all_taken().await;
    desk.settle().await;
    assert_eq!(all(&desk).await.len(), tickets, "the past was told once");

    // An old comment and an old conversation are answered as ever.
    let (lucie, _) = of(&desk, "Lucie Fabre").await;
    answer(&karim, &lucie, "Bonjour Lucie, 350 ml.").await;
    let mut said = Vec::new();
    for _ in 0..40 {
        desk.clock.forward(Duration::from_secs(1));
        second.play.beat(&|_| false);
        again.facebook.all_taken().await;
        desk.settle().await;
        said.extend(second.said());
    }
    let ledger: Vec<String> = again.facebook.ledger().into_iter().map(|a| a.text).collect();
    assert_eq!(ledger, ["Bonjour Lucie, 350 ml."]);
    let (_, thread) = of(&desk, "Inès Moreau").await;
    assert!(inbound(&thread).last().unwrap().contains("AB-4"), "what she owed: {:?}", inbound(&thread));
    // Those who came on the first day do not come again; new things have new ids.
    assert!(!said.iter().any(|s| s.starts_with("Camille Roussel: Trop belles")), "{said:?}");
    assert!(all(&desk).await.len() > tickets, "{said:?}");
    stop.cancel();
}

/// The same people write on the other networks, and take our answers there as they do on Facebook.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_write_on_every_network_that_is_played() {
    let desk = Desk::open(Engine::Sqlite).await;
    let karim = desk.agent("Karim", Role::Agent).await;
    let normal = scenario("normal").unwrap();
    for network in ["instagram", "whatsapp", "threads"] {
        crate::meta::connected_as(&desk, network, &place_of(network, normal.brands[0].page)).await;
    }
    let stage = stage(&desk, "normal", 5);
    stage.play.tell_the_past().await;
    stage.pass(&desk, 130).await;
    let mut answered = 0;
    for (who, network) in
        [("clara.benoist", "instagram"), ("Sébastien Morel", "whatsapp"), ("mathis.gaudin", "threads")]
    {
        let (ticket, before) = of(&desk, who).await;
        assert_eq!(ticket.network, network);
        answer(&karim, &ticket, "Bonjour ! Oui, bien sûr.").await;
        stage.pass(&desk, 60).await;
        let (_, after) = of(&desk, who).await;
        assert!(after.iter().any(|m| m.direction == Direction::Outbound && m.external_id.is_some()), "{who}");
        answered += usize::from(inbound(&after).len() > inbound(&before).len());
    }
    assert!(answered >= 2, "nobody answers an answer");
}

/// So they do on X, YouTube, LinkedIn and TikTok, and over a bridge.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_are_answered_beside_the_pages() {
    let desk = Desk::open(Engine::Sqlite).await;
    let karim = desk.agent("Karim", Role::Agent).await;
    let config = Config { public_url: desk.base.clone(), ..Config::default() };
    let (given, pace) = (Given::seeded(desk.clock.clone(), 3), Arc::new(Pace::new(1.0)));
    let chance = Chance { given, seed: 1, pace };
    let town = town(&desk.house, &config, &desk.simulator, scenario("normal").unwrap(), chance).await.unwrap();
    let pass = async |seconds: u64| {
        for _ in 0..seconds / 2 {
            desk.clock.forward(Duration::from_secs(2));
            town.voices.beat();
            desk.settle().await;
        }
        // Videos are asked, not told.
        desk.clock.forward(Duration::from_mins(20));
        listen::turn(&desk.house).await.unwrap();
        desk.settle().await;
    };
    pass(124).await;
    let crowd = [
        ("Grace Miller", "x"),
        ("Sandrine Petit", "x"),
        ("@mallegurin", "youtube"),
        ("@tomwhitby", "youtube"),
        ("Vincent Aubry", "linkedin"),
        ("chloe.cuisine", "tiktok"),
        ("Jade", "bridge"),
    ];
    let mut before = Vec::new();
    for (who, network) in crowd {
        let (ticket, said) = of(&desk, who).await;
        assert_eq!(ticket.network, network);
        let text =
            if who == "Sandrine Petit" { "Quel est votre numéro de commande ?" } else { "Bonjour ! Oui, bien sûr." };
        answer(&karim, &ticket, text).await;
        before.push(inbound(&said).len());
    }
    pass(60).await;
    let mut answered = std::collections::BTreeSet::new();
    for ((who, network), before) in crowd.into_iter().zip(before) {
        let (ticket, after) = of(&desk, who).await;
        let sent = after.iter().find(|m| m.direction == Direction::Outbound).unwrap();
        assert_eq!(sent.delivery.map(Delivery::as_str), Some("sent"), "{who}");
        if inbound(&after).len() > before {
            answered.insert(network);
            assert_eq!(ticket.state, State::Open);
        }
    }
    assert_eq!(answered.len(), 5, "{answered:?}");
    let (_, sandrine) = of(&desk, "Sandrine Petit").await;
    assert!(inbound(&sandrine).last().unwrap().contains("20512"), "{:?}", inbound(&sandrine));
    // Whom one answer does not calm says so.
    let (_, grace) = of(&desk, "Grace Miller").await;
    assert_eq!(inbound(&grace).len(), 2);
}

fn place_of(network: &str, page: &str) -> String {
    use guichet::simulator::places::On;
    On::OTHERS.into_iter().find(|on| on.slug() == network).unwrap().account(page)
}

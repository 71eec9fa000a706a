//! No connection keeps another waiting: a network that never answers stands beside one that does, in
//! everything that is asked of networks, and in what they push.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use guichet::app;
use guichet::base::clock::TestClock;
use guichet::base::id::{BrandId, ChannelId};
use guichet::base::json::{self, Reads};
use guichet::base::sign::sha256;
use guichet::base::{At, Given, Lang};
use guichet::config::Config;
use guichet::desk::agent::Role;
use guichet::desk::channel::{Channel, Health};
use guichet::desk::delivery::Delivery;
use guichet::desk::event::EventKind;
use guichet::desk::inbound::{Author, Element, Event, Said, What, Wrote};
use guichet::desk::limits::{Dm, Length, Limits, Unit};
use guichet::desk::message::{Kind, Visibility};
use guichet::desk::outbound::{LookBack, Outbound, Outcome};
use guichet::desk::scope::Scope;
use guichet::desk::ticket::Ticket;
use guichet::flow::connect::{self, NewChannel};
use guichet::flow::house::Tuning;
use guichet::flow::log::Log;
use guichet::flow::people::{self, Host, NewAgent};
use guichet::flow::reply::{self, Reply};
use guichet::flow::{House, beside, errands, intake, listen, outbox};
use guichet::networks::{Card, Checkup, Field, Line, Network, PollFrom, Polled, Refused, Unreadable};
use guichet::store::deliveries::{self, NewDelivery, Source};
use guichet::store::select::{self, Filter, Sort};
use guichet::store::{agents, channels, events, messages};
use serde_json::json;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::support::Engine;
use crate::support::desk::{BEGINNING, found_brand};

const MINUTE: Duration = Duration::from_mins(1);

/// A network that answers, or does not.
#[derive(Default)]
struct Toy {
    slug: &'static str,
    /// While true, whoever asks for anything waits for ever.
    hangs: AtomicBool,
    /// What the next polls bring; nothing left: nothing new.
    brings: Mutex<Vec<Result<Polled, Refused>>>,
    /// What it was polled for.
    asked: Mutex<Vec<PollFrom>>,
}

impl Toy {
    fn named(slug: &'static str, hangs: bool) -> &'static Toy {
        Box::leak(Box::new(Toy { slug, hangs: AtomicBool::new(hangs), ..Toy::default() }))
    }

    async fn think(&self) {
        if self.hangs.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
    }

    /// Waits until it was polled so often.
    async fn is_asked(&self, times: usize) {
        let deadline = tokio::time::Instant::now() + MINUTE;
        while self.asked.lock().await.len() < times {
            assert!(tokio::time::Instant::now() < deadline, "nobody asks");
            tokio::task::yield_now().await;
        }
    }

    async fn will(&self, polled: Vec<Result<Polled, Refused>>) {
        *self.brings.lock().await = polled;
    }
}

#[async_trait]
impl Network for Toy {
    fn slug(&self) -> &'static str {
        self.slug
    }

    fn card(&self) -> Card {
        static FIELDS: [Field; 1] = [Field::of("name", ("Nom", "Name"), false, true, false)];
        let brings = ("rien", "nothing");
        Card { name: "Toy", brings, fields: &FIELDS, account: "name", help: "https://example.org", hooks: true }
    }

    fn limits(&self) -> Limits {
        let length = Length::of(100, Unit::Graphemes);
        Limits { dm: Some(Dm { length, window: None, human_window: None }), ..Limits::default() }
    }

    fn read(&self, body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        let body = json::parse(body).map_err(|e| Unreadable(e.to_string()))?;
        let (id, who) = (body.id("id").unwrap_or_default(), body.id("who").unwrap_or_default());
        let author = Author { name: Some(who.clone()), id: who, handle: None };
        let wrote = Wrote {
            partner: Some(author.clone()),
            text: body.text("text").map(str::to_owned),
            ask: body.flag("unfinished"),
            ..Wrote::new(id.clone(), Kind::Dm, Visibility::Private, author.id.clone())
        };
        let wrote = Wrote { author: Some(author), ..wrote };
        let said = Said::Event(Box::new(Event { at: None, what: What::Wrote(wrote) }));
        Ok(vec![Element { account: None, key: format!("w:{id}"), said }])
    }

    async fn poll(&self, _: &Line<'_>, from: &PollFrom) -> Result<Polled, Refused> {
        self.asked.lock().await.push(from.clone());
        self.think().await;
        let mut brings = self.brings.lock().await;
        if brings.is_empty() { Ok(nothing(from.cursor.clone())) } else { brings.remove(0) }
    }

    async fn hydrate(&self, _: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
        self.think().await;
        Ok(Wrote { text: Some("asked for".into()), ..wrote })
    }

    async fn send(&self, _: &Line<'_>, out: &Outbound) -> Outcome {
        self.think().await;
        Outcome::Sent { external_id: Some(out.id.to_string()), recipient: None }
    }

    async fn look_back(&self, _: &Line<'_>, _: &Outbound) -> LookBack {
        LookBack::Absent
    }

    async fn check(&self, _: &Line<'_>) -> Checkup {
        Checkup::default()
    }
}

fn nothing(cursor: Option<String>) -> Polled {
    Polled { body: None, cursor, more: false }
}

fn wrote(id: &str, text: &str) -> Vec<u8> {
    json!({"id": id, "who": format!("who-{id}"), "text": text}).to_string().into_bytes()
}

/// A house with a channel of each of two networks: one never answers.
struct Place {
    house: House,
    clock: Arc<TestClock>,
    deaf: (&'static Toy, ChannelId),
    keen: (&'static Toy, ChannelId),
    brand: BrandId,
    /// Sarah, who answers.
    sarah: Scope,
    /// The same house on another machine.
    elsewhere: House,
    _dir: tempfile::TempDir,
}

impl Place {
    async fn open(engine: Engine, tuning: Tuning) -> Place {
        let (deaf, keen) = (Toy::named("deaf", true), Toy::named("keen", false));
        let networks: &'static [&'static dyn Network] =
            Box::leak(Box::new([deaf as &dyn Network, keen as &dyn Network]));
        let dir = tempfile::tempdir().unwrap();
        let config = Config {
            database_url: engine.fresh(dir.path()).await,
            data_dir: dir.path().to_path_buf(),
            ..Config::default()
        };
        let clock = Arc::new(TestClock::at(At::parse(BEGINNING).unwrap()));
        let (one, two) = (Given::seeded(clock.clone(), 5), Given::seeded(clock.clone(), 6));
        let house = app::open_house(&config, one, networks, tuning.clone()).await.unwrap();
        let other =
            Config { data_dir: dir.path().join("elsewhere"), secret_key_file: config.key_file(), ..config.clone() };
        let elsewhere = app::open_house(&other, two, networks, tuning).await.unwrap();
        let brand = found_brand(&house, "aubepine", "Aubépine").await;
        let mut ids = Vec::new();
        for toy in [deaf, keen] {
            let settings = vec![("name".to_owned(), toy.slug.to_owned())];
            let new = NewChannel { network: toy.slug.into(), brand, name: toy.slug.into(), connection: None, settings };
            ids.push(connect::connect(&house, &Scope::house(brand), new).await.unwrap().0);
        }
        let sarah = NewAgent {
            email: "sarah@guichet.example".into(),
            name: "Sarah".into(),
            role: Role::Agent,
            brand: Some(brand),
            password: None,
            locale: Lang::Fr,
        };
        people::add(&house, Host::Operator, sarah).await.unwrap();
        let mut tx = house.db.read().await.unwrap();
        let login = agents::by_email(&mut tx, "sarah@guichet.example").await.unwrap().unwrap();
        let sarah = agents::scope(&mut tx, login.agent.id).await.unwrap();
        drop(tx);
        Place { house, clock, sarah, deaf: (deaf, ids[0]), keen: (keen, ids[1]), brand, elsewhere, _dir: dir }
    }

    async fn channel(&self, id: ChannelId) -> Channel {
        let mut tx = self.house.db.read().await.unwrap();
        channels::get(&mut tx, &Scope::house(self.brand), id).await.unwrap()
    }

    /// Bodies pushed to a channel.
    async fn push(&self, id: ChannelId, bodies: impl IntoIterator<Item = Vec<u8>>) {
        let channel = self.channel(id).await;
        let mut tx = self.house.db.write().await.unwrap();
        let bodies = bodies.into_iter().map(|body| NewDelivery {
            id: self.house.given.id(),
            brand: self.brand,
            connection: channel.connection_id,
            channel: Some(id),
            source: Source::Hook,
            sha256: sha256(&body),
            body,
            at: self.house.now(),
        });
        deliveries::record(&mut tx, bodies.collect()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn take_in(&self) {
        while intake::turn(&self.house).await.unwrap() > 0 {}
    }

    /// The tickets of a channel.
    async fn tickets(&self, id: ChannelId) -> Vec<Ticket> {
        let mut tx = self.house.db.read().await.unwrap();
        let all = select::page(&mut tx, self.brand, &Filter::default(), Sort::Oldest, None, 100).await.unwrap();
        all.into_iter().map(|l| l.ticket).filter(|t| t.channel_id == id).collect()
    }

    /// Somebody answers in a channel's first ticket; where all answers there stand.
    async fn say(&self, id: ChannelId, text: &str) {
        let ticket = self.tickets(id).await[0].id;
        let (text, visibility) = (text.to_owned(), Visibility::Private);
        let words = Reply { ticket, text, files: Vec::new(), visibility, to: None, client_key: None, at_once: true };
        reply::reply(&self.house, &self.sarah, words).await.unwrap();
    }

    async fn stands(&self, id: ChannelId) -> Vec<Delivery> {
        let ticket = self.tickets(id).await[0].id;
        let mut tx = self.house.db.read().await.unwrap();
        let all = messages::of_ticket(&mut tx, self.brand, ticket).await.unwrap();
        all.into_iter().filter_map(|m| m.delivery).collect()
    }
}

/// What is under way, begun as the clockwork begins it.
#[derive(Default)]
struct UnderWay(JoinSet<guichet::flow::Result<bool>>);

impl UnderWay {
    /// Begins what can be begun; `left` of all that is under way does not end, the rest is waited for.
    async fn begin(&mut self, pieces: guichet::flow::Result<Vec<beside::Piece>>, left: usize) {
        pieces.unwrap().into_iter().for_each(|piece| drop(self.0.spawn(piece)));
        while self.0.len() > left {
            let done = self.0.join_next().await.unwrap();
            assert!(done.unwrap().unwrap());
        }
    }
}

async fn who_reads_waits_for_nobody(engine: Engine) {
    let place = Place::open(engine, Tuning::default()).await;
    let mut under_way = UnderWay::default();
    let (deaf, keen) = (place.deaf, place.keen);
    keen.0.will(vec![Ok(Polled { body: Some(wrote("1", "one")), ..nothing(None) })]).await;
    under_way.begin(listen::begin(&place.house).await, 1).await;
    place.take_in().await;
    assert_eq!(place.tickets(keen.1).await.len(), 1);
    // A quarter of an hour later the one is read again, and the other is still being read: once.
    keen.0.will(vec![Ok(Polled { body: Some(wrote("2", "two")), ..nothing(None) })]).await;
    place.clock.forward(MINUTE * 16);
    under_way.begin(listen::begin(&place.house).await, 1).await;
    place.take_in().await;
    assert_eq!(place.tickets(keen.1).await.len(), 2);
    assert_eq!((deaf.0.asked.lock().await.len(), keen.0.asked.lock().await.len()), (1, 2));
    // What it reads, another machine leaves to it for a while. After a sudden end it goes on itself.
    let channel = place.channel(deaf.1).await;
    under_way.0.shutdown().await;
    under_way.begin(listen::begin(&place.house).await, 1).await;
    deaf.0.is_asked(2).await;
    assert!(!listen::poll(&place.elsewhere, &channel).await.unwrap());
    under_way.0.shutdown().await;
    assert!(!listen::poll(&place.elsewhere, &channel).await.unwrap());
    deaf.0.hangs.store(false, Ordering::SeqCst);
    assert!(listen::poll(&place.house, &channel).await.unwrap());
    assert!(listen::poll(&place.elsewhere, &channel).await.unwrap(), "nobody is at it any more");
    deaf.0.hangs.store(true, Ordering::SeqCst);
    place.clock.forward(MINUTE * 16);
    under_way.begin(listen::begin(&place.house).await, 1).await;
    deaf.0.is_asked(5).await;
    under_way.0.shutdown().await;
    deaf.0.hangs.store(false, Ordering::SeqCst);
    place.clock.forward(MINUTE * 6);
    assert!(listen::poll(&place.elsewhere, &channel).await.unwrap(), "the other does not come back");
}

async fn who_fails_is_tried_less_and_less(engine: Engine) {
    let place = Place::open(engine, Tuning::default()).await;
    let (deaf, keen) = (place.deaf, place.keen);
    deaf.0.hangs.store(false, Ordering::SeqCst);
    let down = || Err(Refused::Later(None, "could not reach toys.example".into()));
    deaf.0.will((0..100).map(|_| down()).collect()).await;
    listen::turn(&place.house).await.unwrap();
    for _ in 0..120 {
        place.clock.forward(MINUTE);
        listen::turn(&place.house).await.unwrap();
    }
    let (failing, well) = (deaf.0.asked.lock().await.len(), keen.0.asked.lock().await.len());
    // Half a minute, one, two, four, eight, then a quarter of an hour and a little more each time.
    assert!((10..=14).contains(&failing), "{failing}");
    assert_eq!(well, 9, "its neighbour goes its own pace");
    // It says so while it lasts, and no longer.
    let channel = place.channel(deaf.1).await;
    assert_eq!(channel.health(place.house.now()), Health::Unreachable);
    assert_eq!(channel.why(place.house.now()), Some("could not reach toys.example"));
    assert_eq!(channel.hindered_since, Some(At::parse(BEGINNING).unwrap()));
    deaf.0.will(Vec::new()).await;
    place.clock.forward(MINUTE * 20);
    listen::turn(&place.house).await.unwrap();
    assert_eq!(place.channel(deaf.1).await.health(place.house.now()), Health::Active);
    // What it asks for itself is heeded: quiet, and no longer than it says.
    deaf.0.will(vec![Err(Refused::Later(Some(MINUTE * 50), "slow down".into()))]).await;
    place.clock.forward(MINUTE * 20);
    listen::turn(&place.house).await.unwrap();
    assert_eq!(place.channel(deaf.1).await.health(place.house.now()), Health::Quiet);
    let before = deaf.0.asked.lock().await.len();
    place.clock.forward(MINUTE * 49);
    listen::turn(&place.house).await.unwrap();
    assert_eq!(deaf.0.asked.lock().await.len(), before);
    place.clock.forward(MINUTE * 2);
    listen::turn(&place.house).await.unwrap();
    assert_eq!(deaf.0.asked.lock().await.len(), before + 1);
}

async fn a_first_reading_that_fails_loses_nothing(engine: Engine) {
    let place = Place::open(engine, Tuning { patience: Duration::ZERO, ..Tuning::default() }).await;
    let (toy, id) = place.deaf;
    let week_before = At::parse(BEGINNING).unwrap().minus(Duration::from_hours(168));
    // It hangs, and whoever reads has no patience left; two days later it refuses; then it answers, in
    // pieces, and hangs again within.
    listen::turn(&place.house).await.unwrap();
    assert_eq!(place.channel(id).await.health(place.house.now()), Health::Unreachable);
    toy.hangs.store(false, Ordering::SeqCst);
    place.clock.forward(Duration::from_hours(48));
    let piece = |n: u8, more| {
        let body = Some(wrote(&format!("p{n}"), "it was before"));
        Ok(Polled { body, cursor: Some(n.to_string()), more })
    };
    toy.will(vec![Err(Refused::Later(None, "busy".into())), piece(1, true), Err(Refused::Later(None, "busy".into()))])
        .await;
    listen::turn(&place.house).await.unwrap();
    place.clock.forward(MINUTE * 5);
    listen::turn(&place.house).await.unwrap();
    assert_eq!(place.channel(id).await.polled_at, None, "the past is not read to its end");
    place.clock.forward(MINUTE * 5);
    toy.will(vec![piece(2, true), piece(3, false)]).await;
    listen::turn(&place.house).await.unwrap();
    assert!(place.channel(id).await.polled_at.is_some());
    let asked = toy.asked.lock().await.clone();
    let asked: Vec<_> = asked.iter().map(|f| (f.since, f.cursor.as_deref())).collect();
    let from = |cursor| (week_before, cursor);
    assert_eq!(asked, [from(None), from(None), from(None), from(Some("1")), from(Some("1")), from(Some("2"))]);
    // From now on it is the present. All of the past is there, and woke nobody.
    place.clock.forward(MINUTE * 20);
    toy.will(vec![piece(4, false)]).await;
    listen::turn(&place.house).await.unwrap();
    place.take_in().await;
    assert_eq!(place.tickets(id).await.len(), 4);
    let mut came = Vec::new();
    let mut tx = place.house.db.read().await.unwrap();
    for ticket in place.tickets(id).await {
        let told = events::of_ticket(&mut tx, place.brand, ticket.id).await.unwrap();
        let first = told.into_iter().find(|e| e.kind == EventKind::MessageReceived).unwrap();
        came.push((ticket.number, first.data.get("backfill").is_some()));
    }
    came.sort_unstable();
    assert_eq!(came.iter().map(|(_, past)| *past).collect::<Vec<_>>(), [true, true, true, false]);
}

async fn who_answers_waits_for_nobody(engine: Engine) {
    let place = Place::open(engine, Tuning::default()).await;
    let (deaf, keen) = (place.deaf.1, place.keen.1);
    // More people than one connection has places for.
    place.push(deaf, (0..30).map(|n| wrote(&format!("d{n}"), "hello"))).await;
    place.push(keen, [wrote("k", "hello")]).await;
    place.take_in().await;
    for ticket in place.tickets(deaf).await {
        let (text, visibility) = ("hm".to_owned(), Visibility::Private);
        let words =
            Reply { ticket: ticket.id, text, files: Vec::new(), visibility, to: None, client_key: None, at_once: true };
        reply::reply(&place.house, &place.sarah, words).await.unwrap();
    }
    let mut under_way = UnderWay::default();
    for n in 1..=3 {
        place.say(keen, &format!("answer {n}")).await;
        under_way.begin(outbox::begin(&place.house).await, 8).await;
        assert_eq!(place.stands(keen).await, vec![Delivery::Sent; n]);
    }
    assert_eq!(place.stands(deaf).await, [Delivery::Sending]);
    // When it answers again, the rest goes out.
    place.deaf.0.hangs.store(false, Ordering::SeqCst);
    under_way.0.shutdown().await;
    let mut rest = UnderWay::default();
    for _ in 0..5 {
        rest.begin(outbox::begin(&place.house).await, 0).await;
    }
    let mut tx = place.house.db.read().await.unwrap();
    let mut sent = 0;
    for ticket in place.tickets(deaf).await {
        let all = messages::of_ticket(&mut tx, place.brand, ticket.id).await.unwrap();
        sent += all.iter().filter(|m| m.delivery == Some(Delivery::Sent)).count();
    }
    assert_eq!(sent, 22, "the eight that were broken off are looked for, not sent again");
}

async fn who_asks_on_waits_for_nobody(engine: Engine) {
    let place = Place::open(engine, Tuning::default()).await;
    let (deaf, keen) = (place.deaf.1, place.keen.1);
    let unfinished =
        |id: String| json!({"id": id, "who": format!("who-{id}"), "unfinished": true}).to_string().into_bytes();
    place.push(deaf, (0..40).map(|n| unfinished(format!("d{n}")))).await;
    place.push(keen, [unfinished("k".into())]).await;
    place.take_in().await;
    let mut under_way = UnderWay::default();
    under_way.begin(errands::begin(&place.house).await, 2).await;
    let ticket = place.tickets(keen).await.pop().unwrap();
    let mut tx = place.house.db.read().await.unwrap();
    assert_eq!(messages::of_ticket(&mut tx, place.brand, ticket.id).await.unwrap()[0].text, "asked for");
}

async fn a_flood_on_one_connection_leaves_room_for_another(engine: Engine) {
    let place = Place::open(engine, Tuning::default()).await;
    let (deaf, keen) = (place.deaf.1, place.keen.1);
    place.push(deaf, (0..500).map(|n| wrote(&format!("d{n}"), "flood"))).await;
    place.push(keen, [wrote("k", "hello")]).await;
    assert_eq!(intake::turn(&place.house).await.unwrap(), 64, "a whole batch");
    assert_eq!(place.tickets(keen).await.len(), 1, "the last to come is in the first batch");
    place.take_in().await;
    let mut tx = place.house.db.read().await.unwrap();
    assert_eq!(deliveries::unread(&mut tx).await.unwrap().n, 0);
}

async fn a_flood_at_the_door_leaves_the_door_open(engine: Engine) {
    let place = Place::open(engine, Tuning::default()).await;
    let stop = CancellationToken::new();
    let (log, writer) = Log::open(place.house.clone(), stop.clone());
    let body = async |id: ChannelId, n: i32| {
        let channel = place.channel(id).await;
        let body = wrote(&n.to_string(), "at the door");
        NewDelivery {
            id: place.house.given.id(),
            brand: place.brand,
            connection: channel.connection_id,
            channel: None,
            source: Source::Hook,
            sha256: sha256(&body),
            body,
            at: place.house.now(),
        }
    };
    // Nobody writes yet. A quarter of the room is one connection's; beyond that it is told to come back.
    let mut knocking = JoinSet::new();
    for n in 0..300 {
        let (log, body) = (log.clone(), body(place.deaf.1, n).await);
        knocking.spawn(async move { log.record(body).await.is_ok() });
    }
    for _ in 0..300 - 256 {
        assert!(!knocking.join_next().await.unwrap().unwrap());
    }
    let (other, last) = (log.clone(), body(place.keen.1, 1_000).await);
    knocking.spawn(async move { other.record(last).await.is_ok() });
    tokio::spawn(writer);
    while let Some(taken) = knocking.join_next().await {
        assert!(taken.unwrap());
    }
    let mut tx = place.house.db.read().await.unwrap();
    assert_eq!(deliveries::unread(&mut tx).await.unwrap().n, 257);
    assert!(log.record(body(place.deaf.1, 301).await).await.is_ok(), "it may come back");
    stop.cancel();
}

macro_rules! both {
    ($($name:ident)*) => {$(
        mod $name {
            use crate::support::Engine;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(Engine::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(Engine::Postgres).await;
            }
        }
    )*};
}

both! {
    who_reads_waits_for_nobody
    who_fails_is_tried_less_and_less
    a_first_reading_that_fails_loses_nothing
    who_answers_waits_for_nobody
    who_asks_on_waits_for_nobody
    a_flood_on_one_connection_leaves_room_for_another
    a_flood_at_the_door_leaves_the_door_open
}

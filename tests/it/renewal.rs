//! Logins that age: renewed in time, by one at a time, and stored before the old one is gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use guichet::app;
use guichet::base::clock::TestClock;
use guichet::base::id::BrandId;
use guichet::base::{At, Given};
use guichet::config::Config;
use guichet::desk::channel::{Channel, ChannelState};
use guichet::desk::inbound::{Element, Wrote};
use guichet::desk::limits::Limits;
use guichet::desk::outbound::{LookBack, Outbound, Outcome};
use guichet::desk::scope::Scope;
use guichet::flow::connect::{self, NewChannel};
use guichet::flow::house::Tuning;
use guichet::flow::{House, listen, outbox, renew};
use guichet::networks::{Card, Checkup, Field, Line, Network, PollFrom, Polled, Refused, Renewed, Unreadable};
use guichet::store::channels;
use tokio::sync::Mutex;

use crate::support::Engine;
use crate::support::desk::{BEGINNING, found_brand};

const HOUR: Duration = Duration::from_hours(1);

/// A network whose tokens rotate: each is good for one renewal, and using an old one is the end.
struct Rotating {
    issued: AtomicU64,
    refuses: Mutex<Option<Refused>>,
    /// Held by a test to keep an answer back.
    answering: Mutex<()>,
}

#[async_trait]
impl Network for Rotating {
    fn slug(&self) -> &'static str {
        "rotating"
    }

    fn card(&self) -> Card {
        static FIELDS: [Field; 2] = [
            Field { key: "name", label: ("Nom", "Name"), secret: false, required: true, shared: false },
            Field { key: "refresh_token", label: ("Jeton", "Token"), secret: true, required: true, shared: false },
        ];
        let brings = ("rien", "nothing");
        Card { name: "Rotating", brings, fields: &FIELDS, account: "name", help: "https://example.org", hooks: false }
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }

    fn read(&self, _body: &[u8]) -> Result<Vec<Element>, Unreadable> {
        Ok(Vec::new())
    }

    async fn poll(&self, _line: &Line<'_>, _from: &PollFrom) -> Result<Polled, Refused> {
        Ok(Polled { body: None, cursor: None, more: false })
    }

    async fn hydrate(&self, _line: &Line<'_>, wrote: Wrote) -> Result<Wrote, Refused> {
        Ok(wrote)
    }

    async fn send(&self, _line: &Line<'_>, _out: &Outbound) -> Outcome {
        Outcome::Unknown(String::new())
    }

    async fn look_back(&self, _line: &Line<'_>, _out: &Outbound) -> LookBack {
        LookBack::Absent
    }

    async fn check(&self, _line: &Line<'_>) -> Checkup {
        Checkup::default()
    }

    fn renew_after(&self) -> Option<Duration> {
        Some(HOUR)
    }

    async fn renew(&self, line: &Line<'_>) -> Result<Option<Renewed>, Refused> {
        if let Some(refused) = self.refuses.lock().await.take() {
            return Err(refused);
        }
        let given = line.account.need("refresh_token").map_err(Refused::Reconnect)?.to_owned();
        let current = self.issued.load(Ordering::SeqCst);
        if given != format!("t{current}") {
            return Err(Refused::Reconnect(format!("{given} was used already")));
        }
        let next = self.issued.fetch_add(1, Ordering::SeqCst) + 1;
        drop(self.answering.lock().await);
        let settings = vec![("refresh_token".into(), format!("t{next}"))];
        Ok(Some(Renewed { settings, until: Some(line.now.plus(HOUR * 2)), again: line.now.plus(HOUR) }))
    }
}

/// A house with one such channel.
struct Place {
    house: House,
    clock: Arc<TestClock>,
    network: &'static Rotating,
    brand: BrandId,
    id: guichet::base::id::ChannelId,
    _dir: tempfile::TempDir,
}

impl Place {
    async fn open(engine: Engine) -> Place {
        let network: &'static Rotating = Box::leak(Box::new(Rotating {
            issued: AtomicU64::new(0),
            refuses: Mutex::default(),
            answering: Mutex::default(),
        }));
        let networks: &'static [&'static dyn Network] = Box::leak(Box::new([network as &dyn Network]));
        let dir = tempfile::tempdir().unwrap();
        let config = Config {
            database_url: engine.fresh(dir.path()).await,
            data_dir: dir.path().to_path_buf(),
            ..Config::default()
        };
        let clock = Arc::new(TestClock::at(At::parse(BEGINNING).unwrap()));
        let given = Given::seeded(clock.clone(), 3);
        let house = app::open_house(&config, given, networks, Tuning::default()).await.unwrap();
        let brand = found_brand(&house, "aubepine", "Aubépine").await;
        let settings = vec![("name".into(), "aubepine".into()), ("refresh_token".into(), "t0".into())];
        let new = NewChannel { network: "rotating".into(), brand, name: "R".into(), connection: None, settings };
        let (id, _) = connect::connect(&house, &Scope::house(brand), new).await.unwrap();
        Place { house, clock, network, brand, id, _dir: dir }
    }

    async fn channel(&self) -> Channel {
        let mut tx = self.house.db.read().await.unwrap();
        channels::get(&mut tx, &Scope::house(self.brand), self.id).await.unwrap()
    }

    async fn token(&self) -> String {
        let channel = self.channel().await;
        let mut tx = self.house.db.read().await.unwrap();
        let account = self.house.account(&mut tx, &channel).await.unwrap();
        account.settings.get("refresh_token").unwrap().to_owned()
    }
}

async fn in_time_and_one_at_a_time(engine: Engine) {
    let place = Place::open(engine).await;
    listen::turn(&place.house).await.unwrap();
    assert_eq!(place.token().await, "t0", "a young login is left alone");
    place.clock.forward(HOUR);
    // Two come at once: the first is still being answered when the second comes.
    let held = place.network.answering.lock().await;
    let channel = place.channel().await;
    let (house, first) = (place.house.clone(), channel.clone());
    let first = tokio::spawn(async move { renew::renew(&house, &first).await.unwrap() });
    while place.network.issued.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    assert!(!renew::renew(&place.house, &channel).await.unwrap(), "whoever comes second leaves it to the first");
    drop(held);
    assert!(first.await.unwrap());
    assert!(!renew::renew(&place.house, &channel).await.unwrap(), "and finds nothing due afterwards");
    assert_eq!(place.token().await, "t1");
    assert_eq!(place.channel().await.login_until, Some(place.house.now().plus(HOUR * 2)));
    for n in 2..5 {
        place.clock.forward(HOUR);
        listen::turn(&place.house).await.unwrap();
        assert_eq!(place.token().await, format!("t{n}"));
    }
}

async fn refused_for_now_for_good_and_by_a_newer_login(engine: Engine) {
    let place = Place::open(engine).await;
    place.clock.forward(HOUR);
    *place.network.refuses.lock().await = Some(Refused::Later(None, "busy".into()));
    listen::turn(&place.house).await.unwrap();
    listen::turn(&place.house).await.unwrap();
    assert_eq!(place.token().await, "t0", "not again at once");
    place.clock.forward(Duration::from_mins(10));
    listen::turn(&place.house).await.unwrap();
    assert_eq!(place.token().await, "t1");

    // A login that was refused while sending is renewed, and the channel works again.
    let mut tx = place.house.db.write().await.unwrap();
    outbox::login_lost(&mut tx, place.brand, place.id, "expired", place.house.now()).await.unwrap();
    tx.commit().await.unwrap();
    listen::turn(&place.house).await.unwrap();
    assert_eq!((place.token().await.as_str(), place.channel().await.state), ("t2", ChannelState::Active));

    // Somebody logs in while the network is answering: theirs stays.
    place.clock.forward(HOUR);
    let held = place.network.answering.lock().await;
    let (house, channel) = (place.house.clone(), place.channel().await);
    let renewing = tokio::spawn(async move { renew::renew(&house, &channel).await.unwrap() });
    while place.network.issued.load(Ordering::SeqCst) == 2 {
        tokio::task::yield_now().await;
    }
    let own = [("refresh_token".into(), "t9".into())];
    connect::reconnect(&place.house, &Scope::house(place.brand), place.id, &own).await.unwrap();
    drop(held);
    assert!(!renewing.await.unwrap());
    assert_eq!(place.token().await, "t9");

    // And one that is refused for good says so, and is not tried again.
    place.clock.forward(HOUR);
    listen::turn(&place.house).await.unwrap();
    let channel = place.channel().await;
    assert_eq!(channel.state, ChannelState::NeedsReauth);
    assert_eq!(channel.state_why.as_deref(), Some("t9 was used already"));
    *place.network.refuses.lock().await = Some(Refused::Later(None, "never asked".into()));
    place.clock.forward(HOUR);
    listen::turn(&place.house).await.unwrap();
    assert!(place.network.refuses.lock().await.is_some(), "a dead login is left alone");
}

#[tokio::test]
async fn in_time_and_one_at_a_time_on_sqlite() {
    in_time_and_one_at_a_time(Engine::Sqlite).await;
}

#[tokio::test]
async fn in_time_and_one_at_a_time_on_postgres() {
    in_time_and_one_at_a_time(Engine::Postgres).await;
}

#[tokio::test]
async fn refused_renewals_on_sqlite() {
    refused_for_now_for_good_and_by_a_newer_login(Engine::Sqlite).await;
}

#[tokio::test]
async fn refused_renewals_on_postgres() {
    refused_for_now_for_good_and_by_a_newer_login(Engine::Postgres).await;
}

//! A desk: the whole product in this process, on a database of its own, with a clock that stands
//! still, dice that fall the same way, and a simulated Facebook on the other side of the wire.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use guichet::app;
use guichet::base::clock::TestClock;
use guichet::base::id::{BrandId, ChannelId, TicketId};
use guichet::base::sign::sha256;
use guichet::base::{At, Given, Lang};
use guichet::config::{Config, Outbound};
use guichet::desk::agent::Role;
use guichet::desk::scope::Scope;
use guichet::desk::ticket::Ticket;
use guichet::flow::connect::{self, NewChannel};
use guichet::flow::found::{self, NewBrand};
use guichet::flow::house::Tuning;
use guichet::flow::log::Log;
use guichet::flow::people::{self, Host, NewAgent};
use guichet::flow::{House, bot, errands, intake, listen, outbox, tick};
use guichet::live::tail::Tail;
use guichet::live::{Bus, Counts, Pace};
use guichet::networks::{NETWORKS, Network};
use guichet::search::{Feeder, Search};
use guichet::simulator::Simulator;
use guichet::simulator::facebook::NewPage;
use guichet::simulator::push::Target;
use guichet::simulator::weather::Weather;
use guichet::store::deliveries::{self, NewDelivery, Source};
use guichet::store::messages::Message;
use guichet::store::select::{self, Filter, Sort};
use guichet::store::{agents, channels, events, inbound, messages, readers, tickets};
use guichet::web::Web;
use guichet::web::page::Templates;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::{Engine, Program, Visitor};

/// The page of the desk's first brand.
pub const PAGE: &str = "105500000000001";
/// Its secrets.
pub const SECRET: &str = "app-secret-CANARY";
/// See [`SECRET`].
pub const TOKEN: &str = "page-token-CANARY";
/// The hour every story begins: a Saturday, 10:00 in Paris.
pub const BEGINNING: &str = "2026-11-21T09:00:00Z";
/// Everybody's password.
pub const PASSWORD: &str = "trois petits chats";

/// Everything.
pub struct Desk {
    pub house: House,
    pub web: Web,
    pub clock: Arc<TestClock>,
    pub simulator: Simulator,
    pub brand: BrandId,
    pub channel: ChannelId,
    /// The hook's path.
    pub hook: String,
    /// Where browsers and programs reach it.
    pub base: String,
    dir: tempfile::TempDir,
    tail: Mutex<Tail>,
    feeder: Mutex<Feeder>,
    stop: CancellationToken,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Desk {
    /// A desk in fair weather.
    pub async fn open(engine: Engine) -> Desk {
        Desk::in_weather(engine, Weather::default()).await
    }

    /// A desk in some weather.
    pub async fn in_weather(engine: Engine, weather: Weather) -> Desk {
        Box::pin(Desk::speaking(engine, weather, NETWORKS)).await
    }

    /// A desk that speaks these networks.
    pub async fn speaking(engine: Engine, weather: Weather, networks: &'static [&'static dyn Network]) -> Desk {
        let dir = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let base = format!("http://{address}");
        let config = Config {
            database_url: engine.fresh(dir.path()).await,
            data_dir: dir.path().to_path_buf(),
            listen: address.to_string(),
            outbound: Outbound { allow: vec!["127.0.0.0/8".parse().unwrap()], only: true, ca_file: None },
            ..Config::default()
        };
        let clock = Arc::new(TestClock::at(At::parse(BEGINNING).unwrap()));
        let given = Given::seeded(clock.clone(), 7);
        let tuning = Tuning {
            hold_public: Duration::from_secs(10),
            hold_private: Duration::from_secs(5),
            stop_file: Some(dir.path().join("STOP_BOT")),
            ..Tuning::default()
        };
        let house = app::open_house(&config, given.clone(), networks, tuning).await.unwrap();
        bot::turn::begin(&house).await.unwrap();
        let stop = CancellationToken::new();
        let other_dice = Given::seeded(clock.clone(), 11);
        let simulator = Simulator::start(other_dice, house.fetch.clone(), weather, stop.clone()).await.unwrap();
        let (log, writer) = Log::open(house.clone(), stop.clone());
        tokio::spawn(writer);
        let seconds = Duration::from_secs;
        let pace = Pace { beat: seconds(2), stalled: seconds(5), writing: seconds(4), ..Pace::default() };
        let (counts, bus) = (Counts::default(), Bus::at(pace));
        let tail = Tail::begin(house.db.clone(), counts.clone(), bus.clone()).await.unwrap();
        let search = Search::open(&dir.path().join("search")).unwrap();
        let feeder = Feeder::new(house.db.clone(), search.clone(), given.clone());
        let web = Web {
            house: house.clone(),
            log,
            counts,
            bus,
            search,
            proxies: Arc::new([]),
            forged: Arc::default(),
            templates: Arc::new(Templates::load().unwrap()),
            public_url: base.clone().into(),
            media_dir: Arc::new(dir.path().join("media")),
            room: guichet::web::room::Room::default(),
            strip: None,
            leaving: CancellationToken::new(),
        };
        std::fs::create_dir_all(dir.path().join("media")).unwrap();
        let router = guichet::web::router(web.clone());
        tokio::spawn(guichet::web::server::serve(listener, router, stop.clone()));
        let brand = found_brand(&house, "aubepine", "Aubépine").await;
        let (channel, hook) = connect_page(&house, &simulator, brand, PAGE, "Aubépine", &base).await;
        Desk {
            house,
            web,
            clock,
            simulator,
            brand,
            channel,
            hook,
            base,
            dir,
            tail: Mutex::new(tail),
            feeder: Mutex::new(feeder),
            stop,
        }
    }

    /// Its data folder.
    pub fn folder(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Another brand with a page of its own; its id and its page's.
    pub async fn second_brand(&self) -> (BrandId, &'static str) {
        let page = "105500000000002";
        let brand = found_brand(&self.house, "velora", "Vélora").await;
        connect_page(&self.house, &self.simulator, brand, page, "Vélora", &self.base).await;
        (brand, page)
    }

    /// Lets everything that is under way come to rest: pushes are taken, bodies become tickets,
    /// replies due go out, echoes come back.
    pub async fn settle(&self) {
        // What all turns carry together is more than a story's stack should.
        Box::pin(self.come_to_rest()).await;
    }

    async fn come_to_rest(&self) {
        for _ in 0..200 {
            self.simulator.facebook.all_taken().await;
            let done = intake::turn(&self.house).await.unwrap()
                + bot::turn::turn(&self.house).await.unwrap()
                + bot::call::turn(&self.house).await.unwrap()
                + outbox::turn(&self.house).await.unwrap()
                + errands::turn(&self.house).await.unwrap()
                + tick::turn(&self.house).await.unwrap();
            if done == 0 && self.has_the_bot_read_on().await {
                continue;
            }
            if done == 0 {
                let mut tail = self.tail.lock().await;
                self.read_to_the_end(&mut tail).await;
                while self.feeder.lock().await.turn().await.unwrap() > 0 {}
                return;
            }
        }
        panic!("the desk does not come to rest");
    }

    /// Connects a channel of a network to the first brand; its id, and its hook's path.
    pub async fn connect(&self, network: &str, settings: Vec<(String, String)>) -> (ChannelId, Option<String>) {
        let (network, name) = (network.to_owned(), "Le canal".to_owned());
        let new = NewChannel { network, brand: self.brand, name, connection: None, settings };
        connect::connect(&self.house, &Scope::house(self.brand), new).await.unwrap()
    }

    /// Reads what is new of a channel, and lets it come to rest.
    pub async fn read(&self, channel: ChannelId) {
        let mut tx = self.house.db.read().await.unwrap();
        let found = channels::get(&mut tx, &Scope::house(self.brand), channel).await.unwrap();
        drop(tx);
        listen::poll(&self.house, &found).await.unwrap();
        self.settle().await;
    }

    /// Gives a body to a channel as `guichet ingest` does; what each of its elements became, in words:
    /// `done`, `ignored(why)`.
    pub async fn ingest(&self, channel: ChannelId, body: Vec<u8>) -> Vec<String> {
        let mut tx = self.house.db.write().await.unwrap();
        let found = channels::get(&mut tx, &Scope::house(self.brand), channel).await.unwrap();
        let (connection, hash) = (found.connection_id, sha256(&body));
        let delivery = NewDelivery {
            id: self.house.given.id(),
            brand: self.brand,
            connection,
            channel: Some(channel),
            source: Source::Ingest,
            sha256: hash,
            body,
            at: self.house.now(),
        };
        deliveries::record(&mut tx, vec![delivery]).await.unwrap();
        tx.commit().await.unwrap();
        self.settle().await;
        let mut tx = self.house.db.read().await.unwrap();
        let id = deliveries::by_hash(&mut tx, self.brand, connection, &hash).await.unwrap();
        if let Some(why) = deliveries::error_of(&mut tx, self.brand, id).await.unwrap() {
            return vec![format!("unreadable({why})")];
        }
        let lines = inbound::of_delivery(&mut tx, self.brand, id).await.unwrap();
        lines.into_iter().map(|l| l.reason.map_or(l.state.to_string(), |why| format!("{}({why})", l.state))).collect()
    }

    /// Takes in what was pushed, and nothing more: the index is left as it is.
    pub async fn take_in(&self) {
        self.simulator.facebook.all_taken().await;
        while intake::turn(&self.house).await.unwrap() > 0 {}
    }

    /// Lets the bot read to the end of the log; true when there was something left to read, which on
    /// PostgreSQL waits for whatever else is under way on the server.
    async fn has_the_bot_read_on(&self) -> bool {
        let mut read = false;
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        loop {
            let mut tx = self.house.db.read().await.unwrap();
            let (last, place) = (events::last(&mut tx).await.unwrap(), readers::place(&mut tx, "bot").await.unwrap());
            drop(tx);
            if place >= Some(last) {
                return read;
            }
            assert!(tokio::time::Instant::now() < deadline, "the bot cannot read event {last}");
            read |= bot::turn::turn(&self.house).await.unwrap() > 0;
            tokio::task::yield_now().await;
        }
    }

    /// Passes on every event there is. On PostgreSQL an event waits for whatever else is under way
    /// on the server, also for others' stories.
    async fn read_to_the_end(&self, tail: &mut Tail) {
        let last = events::last(&mut self.house.db.read().await.unwrap()).await.unwrap();
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        while tail.turn(&|_| {}).await.unwrap() > 0 || self.web.bus.seq() < last {
            assert!(tokio::time::Instant::now() < deadline, "event {last} is not passed on");
            tokio::task::yield_now().await;
        }
    }

    /// Lets time pass, then everything come to rest.
    pub async fn pass(&self, d: Duration) {
        self.clock.forward(d);
        self.settle().await;
    }

    /// A colleague, signed in.
    pub async fn agent(&self, name: &str, role: Role) -> Visitor {
        self.agent_at(self.brand, name, role).await
    }

    /// A colleague at a brand, signed in.
    pub async fn agent_at(&self, brand: BrandId, name: &str, role: Role) -> Visitor {
        let email = format!("{}@guichet.example", name.to_lowercase());
        let new = NewAgent {
            email: email.clone(),
            name: name.into(),
            role,
            brand: Some(brand),
            password: Some(PASSWORD.into()),
            locale: Lang::Fr,
        };
        people::add(&self.house, Host::Operator, new).await.unwrap();
        let token = people::sign_in(&self.house, &email, PASSWORD.into(), "127.0.0.1", "story").await.unwrap();
        Visitor::new(self.web.clone(), email, token)
    }

    /// A program acting in somebody's name.
    pub async fn program(&self, visitor: &Visitor, scopes: &[&str]) -> Program {
        let scopes: Vec<String> = scopes.iter().map(|s| (*s).to_owned()).collect();
        let (_, token) = people::create_token(&self.house, &visitor.email, &scopes, None).await.unwrap();
        Program::new(self.web.clone(), Some(token))
    }

    /// The scope of a visitor.
    pub async fn scope(&self, visitor: &Visitor) -> Scope {
        let mut tx = self.house.db.read().await.unwrap();
        let login = agents::by_email(&mut tx, &visitor.email).await.unwrap().unwrap();
        agents::scope(&mut tx, login.agent.id).await.unwrap()
    }

    /// Every open ticket of the first brand, oldest first.
    pub async fn tickets(&self) -> Vec<Ticket> {
        let mut tx = self.house.db.read().await.unwrap();
        let mut all = select::page(&mut tx, self.brand, &Filter::default(), Sort::Oldest, None, 100).await.unwrap();
        all.sort_by_key(|l| l.ticket.number);
        all.into_iter().map(|l| l.ticket).collect()
    }

    /// The only open ticket.
    pub async fn ticket(&self) -> Ticket {
        let all = self.tickets().await;
        assert_eq!(all.len(), 1, "one ticket was expected: {all:#?}");
        all.into_iter().next().unwrap()
    }

    /// A ticket as it is now.
    pub async fn again(&self, id: TicketId) -> Ticket {
        let mut tx = self.house.db.read().await.unwrap();
        tickets::get(&mut tx, &Scope::house(self.brand), id).await.unwrap()
    }

    /// A ticket's messages, oldest first.
    pub async fn messages(&self, ticket: TicketId) -> Vec<Message> {
        let mut tx = self.house.db.read().await.unwrap();
        messages::of_ticket(&mut tx, self.brand, ticket).await.unwrap()
    }

    /// What we did at the network, in words: `comment on X: text`.
    pub fn deeds(&self) -> Vec<String> {
        self.simulator.facebook.ledger().into_iter().map(|a| format!("{}: {}", a.what, a.text)).collect()
    }

    /// The peer every in-process request seems to come from.
    pub fn peer() -> SocketAddr {
        "127.0.0.1:4000".parse().unwrap()
    }
}

/// A new brand.
pub async fn found_brand(house: &House, slug: &str, name: &str) -> BrandId {
    let new = NewBrand {
        slug: slug.into(),
        name: name.into(),
        languages: vec!["fr".into(), "en".into()],
        timezone: "Europe/Paris".into(),
    };
    found::brand(house, new).await.unwrap().id
}

/// Connects a page to a brand, and tells the simulated Facebook; the channel and its hook's path.
pub async fn connect_page(
    house: &House,
    simulator: &Simulator,
    brand: BrandId,
    page: &str,
    name: &str,
    base: &str,
) -> (ChannelId, String) {
    let settings = [("page_id", page), ("page_token", TOKEN), ("app_secret", SECRET), ("verify_token", "sésame")];
    let mut settings: Vec<(String, String)> =
        settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    settings.push(("api_base".into(), simulator.api_base("facebook")));
    settings[1].1.push_str(page);
    let new = NewChannel { network: "facebook".into(), brand, name: name.into(), connection: None, settings };
    let (channel, hook) = connect::connect(house, &Scope::house(brand), new).await.unwrap();
    let hook = hook.unwrap();
    let target = Target {
        hook: format!("{base}{hook}"),
        header: "x-hub-signature-256",
        prefix: "sha256=",
        secret: SECRET.into(),
    };
    simulator.facebook.add_page(NewPage {
        id: page.into(),
        name: name.into(),
        token: format!("{TOKEN}{page}"),
        target,
    });
    (channel, hook)
}

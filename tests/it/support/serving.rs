//! A desk as `guichet serve` runs it: with the machine's clock, its own clockwork, and a door that
//! other programs knock at.

use std::path::PathBuf;
use std::time::Duration;

use guichet::app::{self, App};
use guichet::base::id::{BrandId, ChannelId, TicketId};
use guichet::base::{Given, Lang};
use guichet::config::{Config, Outbound};
use guichet::desk::agent::Role;
use guichet::desk::message::Visibility;
use guichet::desk::scope::Scope;
use guichet::desk::ticket::Ticket;
use guichet::flow::House;
use guichet::flow::connect::{self, NewChannel};
use guichet::flow::house::Tuning;
use guichet::flow::people::{self, Host, NewAgent};
use guichet::flow::reply::{self, Reply};
use guichet::networks::NETWORKS;
use guichet::store::messages::{self, Message};
use guichet::store::select::{self, Filter, Sort};
use guichet::store::{agents, tickets};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Engine;
use super::desk::found_brand;

/// A running desk with one brand.
pub struct Serving {
    app: App,
    pub brand: BrandId,
    /// What Sarah, an admin, may see and do.
    pub scope: Scope,
    /// Where it is reached.
    pub base: String,
    stop: CancellationToken,
    _dir: tempfile::TempDir,
}

impl Serving {
    pub async fn open(engine: Engine, ca_file: Option<PathBuf>) -> Serving {
        let dir = tempfile::tempdir().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let config = Config {
            database_url: engine.fresh(dir.path()).await,
            data_dir: dir.path().to_path_buf(),
            listen: address.to_string(),
            outbound: Outbound {
                allow: vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()],
                only: true,
                ca_file,
            },
            ..Config::default()
        };
        let tuning = Tuning { settle: Some(Duration::from_millis(200)), ..app::tuning(&config) };
        let app = App::open(&config, Given::from_machine().unwrap(), NETWORKS, tuning).await.unwrap();
        let stop = CancellationToken::new();
        let web = app.start(&config, stop.clone()).await.unwrap();
        tokio::spawn(guichet::web::server::serve(listener, guichet::web::router(web), stop.clone()));
        let brand = found_brand(&app.house, "brand", "Brand").await;
        let email = "sarah@guichet.example";
        let sarah = NewAgent {
            email: email.into(),
            name: "Sarah".into(),
            role: Role::Admin,
            brand: Some(brand),
            password: None,
            locale: Lang::Fr,
        };
        people::add(&app.house, Host::Operator, sarah).await.unwrap();
        let mut tx = app.house.db.read().await.unwrap();
        let login = agents::by_email(&mut tx, email).await.unwrap().unwrap();
        let scope = agents::scope(&mut tx, login.agent.id).await.unwrap();
        drop(tx);
        Serving { app, brand, scope, base: format!("http://{address}"), stop, _dir: dir }
    }

    pub fn house(&self) -> &House {
        &self.app.house
    }

    /// Connects a channel; its id, and its hook's path.
    pub async fn connect(&self, network: &str, settings: &[(&str, &str)]) -> (ChannelId, Option<String>) {
        let settings = settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let (network, name) = (network.to_owned(), "Brand SAV".to_owned());
        let new = NewChannel { network, brand: self.brand, name, connection: None, settings };
        connect::connect(self.house(), &self.scope, new).await.unwrap()
    }

    pub async fn tickets(&self) -> Vec<Ticket> {
        let mut tx = self.house().db.read().await.unwrap();
        let all = select::page(&mut tx, self.brand, &Filter::default(), Sort::Oldest, None, 100).await.unwrap();
        let mut all: Vec<Ticket> = all.into_iter().map(|l| l.ticket).collect();
        all.sort_by_key(|t| t.number);
        all
    }

    pub async fn ticket(&self, id: TicketId) -> Ticket {
        let mut tx = self.house().db.read().await.unwrap();
        tickets::get(&mut tx, &Scope::house(self.brand), id).await.unwrap()
    }

    pub async fn messages(&self, ticket: TicketId) -> Vec<Message> {
        let mut tx = self.house().db.read().await.unwrap();
        messages::of_ticket(&mut tx, self.brand, ticket).await.unwrap()
    }

    /// Sarah answers in private, at once.
    pub async fn say(&self, ticket: TicketId, text: &str) -> Message {
        let (text, visibility) = (text.to_owned(), Visibility::Private);
        let reply = Reply { ticket, text, files: Vec::new(), visibility, to: None, client_key: None, at_once: true };
        reply::reply(self.house(), &self.scope, reply).await.unwrap()
    }

    /// Waits until something holds, and says how long that took.
    pub async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> (T, Duration) {
        let began = Instant::now();
        loop {
            if let Some(found) = look().await {
                return (found, began.elapsed());
            }
            assert!(began.elapsed() < Duration::from_secs(30), "{what} did not happen");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Lets everything finish.
    pub async fn close(self) {
        self.stop.cancel();
        self.app.finish().await;
    }
}

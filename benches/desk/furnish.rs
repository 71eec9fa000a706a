//! Desks for measuring: a folder and a database, brought to their shape by the product itself, with
//! a brand, its pages and its people.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use guichet::app;
use guichet::base::clock::SystemClock;
use guichet::base::id::{AgentId, BrandId, ChannelId, ConnectionId, TeamId};
use guichet::base::{Given, Lang};
use guichet::config::{Config, Outbound};
use guichet::desk::agent::Role;
use guichet::desk::scope::Scope;
use guichet::flow::House;
use guichet::flow::connect::{self, NewChannel};
use guichet::flow::found::{self, NewBrand};
use guichet::flow::house::Tuning;
use guichet::flow::people::{self, Host, NewAgent};
use guichet::networks::NETWORKS;
use guichet::store::{agents, channels, teams};
use tempfile::TempDir;

/// What Facebook signs its bodies with here.
pub const SECRET: &str = "bench-app-secret";
const PASSWORD: &str = "trois petits chats";

/// A desk, closed: whoever wants it serves it.
pub struct Desk {
    folder: TempDir,
    /// Another database than the file in the folder.
    pub database: Option<String>,
    pub brand: BrandId,
    pub pages: Vec<Page>,
    pub agents: Vec<AgentId>,
    pub teams: Vec<TeamId>,
    /// The session of the first agent.
    pub session: String,
}

/// A connected page.
#[derive(Debug, Clone)]
pub struct Page {
    pub channel: ChannelId,
    pub connection: ConnectionId,
    /// Facebook's id of it.
    pub account: String,
    /// The hook's path.
    pub hook: String,
}

impl Desk {
    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The `SQLite` file in it.
    pub fn file(&self) -> std::path::PathBuf {
        self.folder().join("guichet.db")
    }
}

/// Settings for a folder: nothing may be called but this machine.
pub fn config(folder: &Path, database: Option<&str>) -> Result<Config> {
    Ok(Config {
        data_dir: folder.to_path_buf(),
        database_url: database.unwrap_or_default().to_owned(),
        outbound: Outbound { allow: vec!["127.0.0.0/8".parse()?], only: true, ca_file: None },
        ..Config::default()
    })
}

/// The house of a folder.
pub async fn house(folder: &Path, database: Option<&str>, seed: u64) -> Result<House> {
    let given = Given::seeded(Arc::new(SystemClock), seed);
    app::open_house(&config(folder, database)?, given, NETWORKS, Tuning::default()).await
}

/// A new desk with so many pages and people.
pub async fn desk(database: Option<&str>, pages: u64, people: usize) -> Result<Desk> {
    let folder = tempfile::Builder::new().prefix("guichet-bench-").tempdir()?;
    let house = house(folder.path(), database, 4242).await?;
    let new = NewBrand {
        slug: "aubepine".into(),
        name: "Aubépine".into(),
        languages: vec!["fr".into(), "en".into()],
        timezone: "Europe/Paris".into(),
    };
    let brand = found::brand(&house, new).await?.id;
    let mut agents = Vec::new();
    for n in 0..people {
        agents.push(agent(&house, brand, n).await?);
    }
    let session = match people {
        0 => String::new(),
        _ => people::sign_in(&house, "a0@guichet.example", PASSWORD.into(), "127.0.0.1", "bench").await?,
    };
    let mut connected = Vec::new();
    for n in 0..pages {
        connected.push(page(&house, brand, n).await?);
    }
    let mut tx = house.db.read().await?;
    let teams = teams::all(&mut tx, brand).await?.into_iter().map(|t| t.id).collect();
    drop(tx);
    house.db.close().await;
    Ok(Desk { folder, database: database.map(str::to_owned), brand, pages: connected, agents, teams, session })
}

/// A key for programs, in the name of the first agent.
pub async fn token(desk: &Desk) -> Result<String> {
    let house = house(desk.folder(), desk.database.as_deref(), 5).await?;
    let (_, token) = people::create_token(&house, "a0@guichet.example", &["read".to_owned()], None).await?;
    house.db.close().await;
    Ok(token)
}

/// So many people more, each signed in; their sessions.
pub async fn crowd(desk: &Desk, people: usize) -> Result<Vec<String>> {
    let house = house(desk.folder(), desk.database.as_deref(), 6).await?;
    let mut sessions = Vec::with_capacity(people);
    for n in 0..people {
        agent(&house, desk.brand, 1_000 + n).await?;
        let mut tx = house.db.write().await?;
        let login = agents::by_email(&mut tx, &format!("a{}@guichet.example", 1_000 + n)).await?;
        let login = login.context("the agent is not there")?;
        sessions.push(people::begin_session(&house, &mut tx, &login.agent, "bench").await?);
        tx.commit().await?;
    }
    house.db.close().await;
    Ok(sessions)
}

async fn agent(house: &House, brand: BrandId, n: usize) -> Result<AgentId> {
    let new = NewAgent {
        email: format!("a{n}@guichet.example"),
        name: ["Sarah Lenoir", "Karim Benali", "Nora Voss", "Hugo Petit", "Ana Ruiz"][n % 5].to_owned(),
        role: Role::Lead,
        brand: Some(brand),
        // One signs in; the others only have tickets.
        password: (n == 0).then(|| PASSWORD.to_owned()),
        locale: Lang::Fr,
    };
    Ok(people::add(house, Host::Operator, new).await?.0)
}

async fn page(house: &House, brand: BrandId, n: u64) -> Result<Page> {
    let account = (105_500_000_000_001 + n).to_string();
    let settings = [
        ("page_id", account.as_str()),
        ("page_token", "bench-page-token"),
        ("app_secret", SECRET),
        ("verify_token", "sesame"),
        // Nobody listens there: what the clockwork wants to ask is refused at once.
        ("api_base", "http://127.0.0.1:1"),
    ];
    let settings = settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let name = format!("Aubépine {n}");
    let new = NewChannel { network: "facebook".into(), brand, name, connection: None, settings };
    let scope = Scope::house(brand);
    let (channel, hook) = connect::connect(house, &scope, new).await?;
    let mut tx = house.db.read().await?;
    let connection = channels::get(&mut tx, &scope, channel).await?.connection_id;
    Ok(Page { channel, connection, account, hook: hook.context("Facebook pushes to a hook")? })
}

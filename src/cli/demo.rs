//! `guichet demo`: the product as it is, joined by the real connector to networks that run on this
//! machine, with people who write and colleagues who answer. Nothing leaves the machine.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::serve::until_interrupted;
use super::{Desk, say};
use crate::app::{self, App};
use crate::base::clock::SystemClock;
use crate::base::id::{AgentId, BrandId};
use crate::base::{Given, Lang};
use crate::config::Config;
use crate::desk::agent::Role;
use crate::desk::event::EventKind;
use crate::desk::message::Visibility;
use crate::desk::scope::Scope;
use crate::desk::stage::Stage as FunnelStage;
use crate::desk::ticket::State;
use crate::flow::connect::{self, NewChannel};
use crate::flow::found::{self, NewBrand};
use crate::flow::house::Tuning;
use crate::flow::people::{self, Host, NewAgent};
use crate::flow::reply::{self, Reply};
use crate::flow::{House, handle};
use crate::networks::NETWORKS;
use crate::simulator::Simulator;
use crate::simulator::cast::{self, Cast, Stage};
use crate::simulator::facebook::NewPage;
use crate::simulator::push::Target;
use crate::simulator::weather::Weather;
use crate::store::events::Past;
use crate::store::select::{self, Assignee, Filter, Sort, States};
use crate::store::{agents, brands, channels, messages, tickets};

/// Show a living inbox: simulated people write, colleagues answer, nothing leaves this machine
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  guichet demo")]
pub struct Demo {
    /// Address and port to listen on; when taken, the next free port
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Dice: the same seed brings the same people in the same order
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How fast things happen: 1 is leisurely, 10 is a rush
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Keep the data in this folder (default: a temporary one, gone afterwards)
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// A brand of the demo: slug, name, page, its posts, and what people write there.
type Played = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [cast::Line]);

/// The two brands of the demo.
const BRANDS: [Played; 2] = [
    ("aubepine", "Aubépine", "105500000000001", cast::AUBEPINE_POSTS, cast::AUBEPINE),
    ("velora", "Vélora", "105500000000002", cast::VELORA_POSTS, cast::VELORA),
];

impl Demo {
    /// Plays until interrupted.
    pub async fn run(self, desk: Desk) -> anyhow::Result<ExitCode> {
        anyhow::ensure!(self.speed > 0.0 && self.speed <= 1_000.0, "--speed is between 0 and 1000");
        let (listener, address) = bind(&self.listen).await?;
        let temporary = std::env::temp_dir().join(format!("guichet-demo-{}", std::process::id()));
        let data = self.data.clone().unwrap_or_else(|| temporary.clone());
        let config = Config {
            data_dir: data.clone(),
            listen: address.clone(),
            public_url: format!("http://{address}"),
            secret_key_file: PathBuf::new(),
            outbound: crate::config::Outbound { allow: vec!["127.0.0.0/8".parse()?], only: true },
            // Its own database, always: a demo never writes where real people's tickets are.
            database_url: String::new(),
            ..desk.config
        };
        let _lock = app::lock(&data)?;
        let stop = until_interrupted();
        let played = self.play(&config, listener, stop).await;
        if self.data.is_none() {
            std::fs::remove_dir_all(&temporary)
                .with_context(|| format!("the temporary folder {} is still there", temporary.display()))?;
        }
        played.map(|()| ExitCode::SUCCESS)
    }

    async fn play(&self, config: &Config, listener: TcpListener, stop: CancellationToken) -> anyhow::Result<()> {
        let tuning = Tuning {
            demo: true,
            hold_public: Duration::from_secs(3),
            hold_private: Duration::from_secs(3),
            settle: Some(Duration::from_secs(5)),
            ..app::tuning(config)
        };
        let app = App::open(config, Given::from_machine()?, NETWORKS, tuning).await?;
        let dice = Given::seeded(Arc::new(SystemClock), self.seed);
        let simulator =
            Simulator::start(dice.clone(), app.house.fetch.clone(), Weather::default(), stop.clone()).await?;
        let house = app.house.clone();
        let link = furnish(&house, config, &simulator).await?;
        say(&format!("Guichet demo: http://{}", config.listen));
        say(&format!(
            "Open this link to sign in as Sarah (it can be used again):\n  {}/enter/{link}\n",
            config.public()
        ));
        say("Stop with Ctrl-C. What happens:");
        let web = app.start(config, stop.clone()).await?;
        tokio::spawn(narrate(house.clone(), web.bus.listen(), stop.clone()));
        let stages = BRANDS.iter().map(|(_, _, page, posts, lines)| Stage { page: (*page).to_owned(), posts, lines });
        let cast = Cast::new(Arc::clone(&simulator.facebook), dice.clone(), stages.collect());
        tokio::spawn(perform(cast, dice, self.speed, stop.clone()));
        tokio::spawn(colleague(house, self.speed, stop.clone()));
        crate::web::server::serve(listener, crate::web::router(web), stop).await;
        app.finish().await;
        Ok(())
    }
}

/// Binds the address, or the next free port after it.
async fn bind(listen: &str) -> anyhow::Result<(TcpListener, String)> {
    let (host, port) = listen.rsplit_once(':').with_context(|| format!("“{listen}” is not ADDRESS:PORT"))?;
    let port: u16 = port.parse().with_context(|| format!("“{port}” is no port"))?;
    for candidate in (port..=port.saturating_add(50)).take(50) {
        match TcpListener::bind((host, candidate)).await {
            Ok(listener) => {
                let address = listener.local_addr()?.to_string();
                return Ok((listener, address));
            }
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(error).with_context(|| format!("cannot listen on {host}:{candidate}")),
        }
    }
    anyhow::bail!("ports {port} to {} are taken; choose another with --listen", port.saturating_add(49))
}

/// Brands, people and channels, where they are not there yet; the link that signs Sarah in.
async fn furnish(house: &House, config: &Config, simulator: &Simulator) -> anyhow::Result<String> {
    for (slug, name, page, _, _) in BRANDS {
        let known = brands::by_slug(&mut house.db.read().await?, slug).await.ok();
        let brand = if let Some(brand) = known {
            brand
        } else {
            let new = NewBrand {
                slug: slug.into(),
                name: name.into(),
                languages: vec!["fr".into(), "en".into()],
                timezone: "Europe/Paris".into(),
            };
            found::brand(house, new).await?
        };
        let channel = channels::of_brand(&mut house.db.read().await?, brand.id).await?.pop();
        let id = if let Some(channel) = channel {
            let settings = [("api_base".to_owned(), simulator.api_base("facebook"))];
            connect::reconnect(house, &Scope::house(brand.id), channel.id, &settings).await?;
            channel.id
        } else {
            let pairs = [
                ("page_id", page),
                ("page_token", "demo-token-"),
                ("app_secret", "demo-secret"),
                ("verify_token", "demo"),
            ];
            let mut settings: Vec<(String, String)> =
                pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            settings[1].1.push_str(slug);
            settings.push(("api_base".into(), simulator.api_base("facebook")));
            let new = NewChannel {
                network: "facebook".into(),
                brand: brand.id,
                name: name.into(),
                connection: None,
                settings,
            };
            connect::connect(house, &Scope::house(brand.id), new).await?.0
        };
        let hook = hook_of(house, brand.id, id).await?;
        let target = Target {
            hook: format!("{}{hook}", config.public()),
            header: "x-hub-signature-256",
            prefix: "sha256=",
            secret: "demo-secret".into(),
        };
        simulator.facebook.add_page(NewPage {
            id: page.into(),
            name: name.into(),
            token: format!("demo-token-{slug}"),
            target,
        });
    }
    for (email, name, role) in [
        ("sarah@aubepine.example", "Sarah Lenoir", Role::Admin),
        ("karim@aubepine.example", "Karim Haddad", Role::Agent),
        ("hugo@aubepine.example", "Hugo Marchand", Role::Sales),
    ] {
        let known = agents::by_email(&mut house.db.read().await?, email).await?;
        if known.is_none() {
            let new = NewAgent {
                email: email.into(),
                name: name.into(),
                role,
                brand: None,
                password: None,
                locale: Lang::Fr,
            };
            people::add(house, Host::Operator, new).await?;
        }
    }
    let mut tx = house.db.write().await?;
    let sarah = agents::by_email(&mut tx, "sarah@aubepine.example").await?.context("Sarah was just added")?;
    let link = people::invite(house, &mut tx, Some(sarah.agent.id), "demo", Duration::from_hours(720)).await?;
    tx.commit().await?;
    Ok(link)
}

async fn hook_of(house: &House, brand: BrandId, id: crate::base::id::ChannelId) -> anyhow::Result<String> {
    let mut tx = house.db.read().await?;
    let channel = channels::get(&mut tx, &Scope::house(brand), id).await?;
    let connection = channels::connection(&mut tx, brand, channel.connection_id).await?;
    let network = house.network(&channel.network).context("the demo's network is spoken here")?;
    connect::hook_path(house, network, &connection)?.context("Facebook has hooks")
}

/// A pause of some seconds at speed 1.
async fn pause(seconds: f64, speed: f64, stop: &CancellationToken) -> bool {
    tokio::select! {
        () = tokio::time::sleep(Duration::from_secs_f64(seconds / speed)) => true,
        () = stop.cancelled() => false,
    }
}

/// People write, and answer when they are answered.
async fn perform(cast: Cast, dice: Given, speed: f64, stop: CancellationToken) {
    let mut n = 0_u32;
    while pause(if n < 8 { 2.0 } else { f64::from(u32::try_from(5 + dice.below(6)).unwrap_or(5)) }, speed, &stop).await
    {
        cast.somebody_speaks();
        n += 1;
        if n.is_multiple_of(2) {
            cast.answer_back();
        }
    }
}

/// Karim, a colleague, takes what nobody has taken for a while and answers it.
async fn colleague(house: House, speed: f64, stop: CancellationToken) {
    while pause(9.0, speed, &stop).await {
        if let Err(error) = lend_a_hand(&house).await {
            tracing::warn!(name: "demo.colleague", error = format!("{error:#}"), "Karim could not answer");
        }
    }
}

async fn lend_a_hand(house: &House) -> anyhow::Result<()> {
    let mut tx = house.db.read().await?;
    let karim = agents::by_email(&mut tx, "karim@aubepine.example").await?.context("Karim is in the demo")?.agent.id;
    let scope = agents::scope(&mut tx, karim).await?;
    let filter = Filter { states: States::ToDo, assignee: Some(Assignee::Nobody), ..Filter::default() };
    let all: Vec<BrandId> = scope.brands().collect();
    for brand in all {
        let waiting = select::page(&mut tx, brand, &filter, Sort::Oldest, None, 20).await?;
        // He leaves hot prospects and angry customers to those who are good at them.
        let his = waiting
            .into_iter()
            .find(|l| l.ticket.stage != FunnelStage::HotProspect && l.ticket.label_list().is_empty());
        let Some(l) = his else { continue };
        let mine = last_words(&mut tx, brand, l.ticket.id, karim).await?;
        drop(tx);
        let english = l.ticket.language.as_deref() == Some("en");
        let text = match (l.ticket.stage, mine, english) {
            (_, true, false) => "Avec plaisir ! Bonne journée 🙂",
            (_, true, true) => "You’re welcome, have a nice day 🙂",
            (FunnelStage::Customer, _, false) => {
                "Bonjour, désolés pour ce souci. Je regarde tout de suite et je reviens vers vous."
            }
            (FunnelStage::Customer, _, true) => "Hello, sorry about that. I’m looking into it right now.",
            (_, _, false) => {
                "Bonjour, merci pour votre message ! Oui, tout à fait : tous les détails sont sur la fiche du produit."
            }
            (_, _, true) => "Hello, thanks for asking! Yes, you will find all details on the product page.",
        };
        let visibility =
            if l.ticket.stage == FunnelStage::Customer { Visibility::Private } else { l.ticket.visibility };
        let wanted =
            Reply { ticket: l.ticket.id, text: text.into(), visibility, to: None, client_key: None, at_once: false };
        reply::reply(house, &scope, wanted).await?;
        if mine {
            let done = handle::Change { state: Some(State::Resolved), ..handle::Change::default() };
            handle::change(house, &scope, l.ticket.id, done).await?;
        }
        return Ok(());
    }
    Ok(())
}

/// True when Karim has written in this ticket before.
async fn last_words(
    tx: &mut crate::store::Tx,
    brand: BrandId,
    ticket: crate::base::id::TicketId,
    karim: AgentId,
) -> anyhow::Result<bool> {
    Ok(messages::of_ticket(tx, brand, ticket).await?.iter().any(|m| m.agent_id == Some(karim)))
}

/// Says on the terminal what happens, a line each.
async fn narrate(house: House, mut news: tokio::sync::broadcast::Receiver<Arc<Past>>, stop: CancellationToken) {
    loop {
        let event = tokio::select! {
            event = news.recv() => event,
            () = stop.cancelled() => return,
        };
        match event {
            Ok(event) => match tell(&house, &event).await {
                Ok(Some(line)) => say(&format!("  {line}")),
                Ok(None) => {}
                Err(error) => {
                    tracing::debug!(name: "demo.untold", error = format!("{error:#}"), "an event was not told");
                }
            },
            Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
            Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
        }
    }
}

async fn tell(house: &House, e: &Past) -> anyhow::Result<Option<String>> {
    let Some(ticket) = e.ticket_id else { return Ok(None) };
    let scope = Scope::house(e.brand_id);
    let mut tx = house.db.read().await?;
    let number = tickets::get(&mut tx, &scope, ticket).await?.number;
    let brand = brands::get(&mut tx, e.brand_id).await?.name;
    let text = match e.message_id {
        Some(id) => {
            let m = messages::get(&mut tx, &scope, id).await?;
            format!(
                "{}: “{}”",
                if m.author_name.is_empty() { "?" } else { &m.author_name },
                crate::base::text::excerpt(&m.text, 70)
            )
        }
        None => String::new(),
    };
    let word = |key: &str| e.data[key].as_str().unwrap_or_default().to_owned();
    Ok(match e.kind {
        EventKind::MessageReceived => Some(format!("in   {brand} #{number}  {text}")),
        EventKind::Escalated => Some(format!("     {brand} #{number}  goes to {} ({})", word("team"), word("reason"))),
        EventKind::ReplyQueued => Some(format!("     {brand} #{number}  answering, {text}")),
        EventKind::DeliveryChanged if word("delivery") == "sent" => {
            Some(format!("out  {brand} #{number}  sent, {text}"))
        }
        EventKind::DeliveryChanged if matches!(word("delivery").as_str(), "failed" | "blocked" | "expired") => {
            Some(format!("!!   {brand} #{number}  {} ({})", word("delivery"), word("reason")))
        }
        _ => None,
    })
}

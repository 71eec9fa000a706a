//! The other side of each wire: networks that run on this machine, for the demo and for tests.
//!
//! One file per network, mirroring `networks/`: it pushes signed events to our hooks, takes our
//! replies, and answers with echoes, limits and errors. Each rule cites where it comes from, as the
//! connector does: both come from the same hand, so neither may be the other's only proof.

pub mod bridge;
pub mod dice;
pub mod email;
pub mod facebook;
pub mod gate;
pub mod instagram;
pub mod letters;
pub mod linkedin;
pub mod manners;
pub mod meta;
pub mod model;
pub mod pace;
pub mod places;
pub mod play;
pub mod push;
pub mod scenes;
pub mod shop;
pub mod stage;
mod talks;
pub mod threads;
pub mod tiktok;
pub mod voices;
pub mod weather;
pub mod whatsapp;
pub mod x;
pub mod youtube;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::base::Given;
use crate::base::fetch::Fetch;

use self::bridge::Bridge;
use self::email::Email;
use self::facebook::Facebook;
use self::instagram::Instagram;
use self::linkedin::LinkedIn;
use self::meta::Stage;
use self::push::Pusher;
use self::shop::Shop;
use self::threads::Threads;
use self::tiktok::TikTok;
use self::weather::Weather;
use self::whatsapp::Whatsapp;
use self::x::X;
use self::youtube::YouTube;

/// The simulated networks, served on one port.
#[derive(Clone)]
pub struct Simulator {
    /// Facebook.
    pub facebook: Arc<Facebook>,
    /// Instagram.
    pub instagram: Arc<Instagram>,
    /// WhatsApp.
    pub whatsapp: Arc<Whatsapp>,
    /// Threads.
    pub threads: Arc<Threads>,
    /// X.
    pub x: Arc<X>,
    /// TikTok.
    pub tiktok: Arc<TikTok>,
    /// LinkedIn.
    pub linkedin: Arc<LinkedIn>,
    /// YouTube.
    pub youtube: Arc<YouTube>,
    /// The other end of a bridge.
    pub bridge: Arc<Bridge>,
    /// A shop's own program.
    pub shop: Arc<Shop>,
    /// An outside model.
    pub model: Arc<model::Model>,
    /// A mail server, on two ports of its own.
    pub email: Arc<Email>,
    /// What calls our hooks for all of them.
    pub pusher: Pusher,
    /// Where they are reached.
    pub address: SocketAddr,
}

impl Simulator {
    /// Starts the networks on a loopback port of the machine's choice. They run until `stop`.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(
        given: Given,
        fetch: Fetch,
        weather: Weather,
        stop: CancellationToken,
    ) -> anyhow::Result<Simulator> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let email = Email::start(given.clone(), stop.clone()).await?;
        let shop = Arc::new(Shop::new(given.clone()));
        let model = Arc::new(model::Model::default());
        let pusher = Pusher::new(fetch.clone(), given.clone(), weather.clone(), stop.clone());
        let bridge = Arc::new(Bridge::new(given.clone(), fetch, pusher.clone(), weather.clone()));
        // One wire for all of them, so that whoever waits for it waits for all.
        let stage = |prefix| Stage::new(given.clone(), pusher.clone(), weather.clone(), prefix);
        let instagram = Arc::new(Instagram::new(stage("")));
        let whatsapp = Arc::new(Whatsapp::new(stage("wamid.")));
        let threads = Arc::new(Threads::new(stage("")));
        let x = Arc::new(X::new(given.clone(), pusher.clone(), weather.clone()));
        let youtube = Arc::new(YouTube::new(given.clone(), pusher.clone(), weather.clone()));
        let linkedin = Arc::new(LinkedIn::new(given.clone(), pusher.clone(), weather.clone()));
        let tiktok = Arc::new(TikTok::new(given.clone(), pusher.clone(), weather.clone()));
        let facebook = Arc::new(Facebook::new(given, pusher.clone(), weather));
        let router = Router::new()
            .nest("/facebook", facebook::routes(Arc::clone(&facebook)))
            .nest("/bridge", bridge::routes(Arc::clone(&bridge)))
            .nest("/email", email::routes(Arc::clone(&email)))
            .nest("/shop", shop::routes(Arc::clone(&shop)))
            .nest("/model", model::routes(Arc::clone(&model)))
            .nest("/instagram", instagram::routes(Arc::clone(&instagram)))
            .nest("/whatsapp", whatsapp::routes(Arc::clone(&whatsapp)))
            .nest("/threads", threads::routes(Arc::clone(&threads)))
            .nest("/x", stage::routes(Arc::clone(&x)))
            .nest("/tiktok", stage::routes(Arc::clone(&tiktok)))
            .nest("/linkedin", stage::routes(Arc::clone(&linkedin)))
            .nest("/youtube", stage::routes(Arc::clone(&youtube)));
        tokio::spawn(async move {
            let served = axum::serve(listener, router).with_graceful_shutdown(async move { stop.cancelled().await });
            if let Err(error) = served.await {
                tracing::error!(name: "simulator.stopped", %error, "the simulated networks stopped");
            }
        });
        Ok(Simulator {
            facebook,
            instagram,
            whatsapp,
            threads,
            x,
            tiktok,
            linkedin,
            youtube,
            bridge,
            shop,
            model,
            email,
            pusher,
            address,
        })
    }

    /// The value of a channel's `api_base` setting for one network.
    pub fn api_base(&self, network: &str) -> String {
        format!("http://{}/{network}", self.address)
    }
}

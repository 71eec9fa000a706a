//! The other side of each wire: networks that run on this machine, for the demo and for tests.
//!
//! One file per network, mirroring `networks/`: it pushes signed events to our hooks, takes our
//! replies, and answers with echoes, limits and errors. Each rule cites where it comes from, as the
//! connector does: both come from the same hand, so neither may be the other's only proof.

pub mod bridge;
pub mod dice;
pub mod email;
pub mod facebook;
pub mod letters;
pub mod manners;
pub mod pace;
pub mod play;
pub mod push;
pub mod scenes;
pub mod weather;

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
use self::push::Pusher;
use self::weather::Weather;

/// The simulated networks, served on one port.
#[derive(Clone)]
pub struct Simulator {
    /// Facebook.
    pub facebook: Arc<Facebook>,
    /// The other end of a bridge.
    pub bridge: Arc<Bridge>,
    /// A mail server, on two ports of its own.
    pub email: Arc<Email>,
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
        let bridge = Arc::new(Bridge::new(given.clone(), fetch.clone()));
        let pusher = Pusher::new(fetch, given.clone(), weather.clone(), stop.clone());
        let facebook = Arc::new(Facebook::new(given, pusher, weather));
        let router = Router::new()
            .nest("/facebook", facebook::routes(Arc::clone(&facebook)))
            .nest("/bridge", bridge::routes(Arc::clone(&bridge)));
        tokio::spawn(async move {
            let served = axum::serve(listener, router).with_graceful_shutdown(async move { stop.cancelled().await });
            if let Err(error) = served.await {
                tracing::error!(name: "simulator.stopped", %error, "the simulated networks stopped");
            }
        });
        Ok(Simulator { facebook, bridge, email, address })
    }

    /// The value of a channel's `api_base` setting for one network.
    pub fn api_base(&self, network: &str) -> String {
        format!("http://{}/{network}", self.address)
    }
}

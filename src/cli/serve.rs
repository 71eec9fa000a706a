//! `guichet serve`

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Desk, say};
use crate::app::{self, App};
use crate::base::Given;
use crate::flow::found;
use crate::networks::NETWORKS;

/// Serve the inbox, the hooks and the API
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  GUICHET_PUBLIC_URL=https://desk.example.org guichet serve --listen 0.0.0.0:8080")]
pub struct Serve {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
}

impl Serve {
    /// Serves until interrupted.
    pub async fn run(self, mut desk: Desk) -> anyhow::Result<ExitCode> {
        if let Some(listen) = self.listen {
            desk.config.listen = listen;
        }
        let _lock = app::lock(&desk.config.data_dir)?;
        let app = App::open(&desk.config, Given::from_machine()?, NETWORKS, app::tuning(&desk.config)).await?;
        let listener = TcpListener::bind(&desk.config.listen)
            .await
            .with_context(|| format!("cannot listen on {}", desk.config.listen))?;
        say(&format!("guichet listens on http://{}", listener.local_addr()?));
        if let Some(link) = found::setup_link(&app.house).await.map_err(|e| anyhow::anyhow!("{e}"))? {
            let public = desk.config.public();
            say(&format!("Nobody can sign in yet. Set up within 30 minutes at:\n  {public}/setup?link={link}"));
        }
        app.serve(&desk.config, listener, until_interrupted()).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Cancelled by Ctrl-C or SIGTERM.
pub fn until_interrupted() -> CancellationToken {
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        #[cfg(unix)]
        {
            let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(terminate) => terminate,
                Err(error) => {
                    tracing::warn!(name: "serve.no_signals", %error, "only Ctrl-C will stop this");
                    let _ = tokio::signal::ctrl_c().await;
                    token.cancel();
                    return;
                }
            };
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
        token.cancel();
    });
    stop
}

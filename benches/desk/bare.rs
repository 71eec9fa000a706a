//! Servers that do less than the product: what stands beside it, and what of it is measured alone.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use guichet::base::sign;
use guichet::flow::log::Log;
use guichet::live::{Bus, Counts};
use guichet::search::Search;
use guichet::web::page::Templates;
use guichet::web::room::Room;
use guichet::web::{Web, router, server};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::furnish::{self, SECRET};

/// An axum server that checks the signature and says 200.
pub fn verify_only() -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let site = Router::new().route("/hooks/{token}", post(verify)).route("/readyz", get(|| async { "ready" }));
        serve(site).await
    })
}

/// Serves a site of a bench's own.
pub async fn serve(site: Router) -> Result<()> {
    let listener = listener().await?;
    axum::serve(listener, site).await?;
    Ok(())
}

async fn listener() -> Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listens on http://{}", listener.local_addr()?);
    Ok(listener)
}

async fn verify(headers: HeaderMap, body: Bytes) -> StatusCode {
    let given = headers.get("x-hub-signature-256").and_then(|h| h.to_str().ok());
    let given = given.and_then(|h| h.strip_prefix("sha256=")).unwrap_or_default();
    if sign::hex_matches(SECRET.as_bytes(), &[&body], given) { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
}

/// The product's own server, router and log; nothing takes the bodies in.
pub fn log_only(folder: &str) -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let folder = Path::new(folder);
        let house = furnish::house(folder, None, 99).await?;
        let (log, writer) = Log::open(house.clone(), CancellationToken::new());
        tokio::spawn(writer);
        let web = Web {
            house,
            log,
            counts: Counts::default(),
            bus: Bus::default(),
            search: Search::open(&folder.join("search"))?,
            proxies: Arc::new([]),
            forged: Arc::default(),
            templates: Arc::new(Templates::load()?),
            public_url: "http://127.0.0.1".into(),
            media_dir: Arc::new(folder.join("media")),
            room: Room::default(),
            strip: None,
            leaving: CancellationToken::new(),
        };
        server::serve(listener().await?, router(web), CancellationToken::new()).await;
        Ok(())
    })
}

//! For operators: is it alive, is it ready, how is it doing. Nothing here names a brand.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Web;
use crate::store::{deliveries, events, outbox};

/// The process runs.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// It can take requests: the database answers, and it is not shutting down.
pub async fn ready(State(web): State<Web>) -> (StatusCode, &'static str) {
    if web.leaving.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "leaving\n");
    }
    let reads = async { events::last(&mut web.house.db.read().await?).await };
    match reads.await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}

/// Gauges in Prometheus' text form.
pub async fn metrics(State(web): State<Web>) -> Response {
    let now = web.house.now();
    let read = async {
        let mut tx = web.house.db.read().await?;
        let last = events::last(&mut tx).await?;
        let unread = deliveries::unread(&mut tx).await?;
        Ok::<_, crate::store::Error>((last, unread, outbox::gauges(&mut tx).await?))
    };
    let Ok((last, unread, gauges)) = read.await else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let (statements, commits) = web.house.db.counts();
    let mut out = String::new();
    let mut line = |name: &str, labels: &str, value: u64| {
        let _ = writeln!(out, "guichet_{name}{labels} {value}");
    };
    line("events_total", "", u64::try_from(last).unwrap_or(0));
    line("search_behind", "", u64::try_from(last - web.search.fed()).unwrap_or(0));
    line("search_failing", "", u64::from(web.search.trouble().is_some()));
    line("db_statements_total", "", statements);
    line("db_commits_total", "", commits);
    line("hooks_forged_total", "", web.forged.load(Ordering::Relaxed));
    line("inbound_unread", "", u64::try_from(unread.n).unwrap_or(0));
    line("inbound_oldest_seconds", "", unread.oldest.map_or(0, |at| now.since(at).as_secs()));
    for g in gauges {
        let labels = format!("{{state=\"{}\"}}", g.state);
        line("outbox_rows", &labels, u64::try_from(g.n).unwrap_or(0));
        line("outbox_oldest_seconds", &labels, now.since(g.oldest).as_secs());
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], out).into_response()
}

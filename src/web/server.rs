//! Serving: our own loop around hyper, for what axum's does not set: a deadline for headers, a cap
//! on connections, and a clean end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::head;

/// Connections at once.
const CONNECTIONS: usize = 4_096;
/// How long open requests may go on after we were asked to stop.
const LEAVING: Duration = Duration::from_secs(20);

/// Serves until `stop`, then lets open requests finish.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(name: "server.accept_failed", %error, "no connection could be taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let (router, watcher) = (router.clone(), graceful.watcher());
        tokio::spawn(async move {
            let _permit = permit;
            let Some(spoken) = head::heard(stream).await else { return };
            // Who serves them is made only now, and on the heap: a caller who is not yet heard is small.
            Box::pin(converse(spoken, router, peer, watcher)).await;
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(LEAVING, graceful.shutdown()).await;
}

async fn converse(spoken: head::Spoken, router: Router, peer: SocketAddr, watcher: Watcher) {
    let service = service_fn(move |request: Request<Incoming>| answer(router.clone(), request, peer));
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head::PATIENCE).max_buf_size(head::LONGEST);
    let connection = builder.serve_connection_with_upgrades(spoken, service).into_owned();
    // Who breaks off has left; there is nobody to tell.
    let _ = watcher.watch(connection).await;
}

async fn answer(
    router: Router,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<axum::response::Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request).await
}

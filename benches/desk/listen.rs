//! Listeners: a process that holds many connections and tells when the first and the last of them
//! heard something. With sessions they are tabs of the product; without, bare TCP.

use std::io::BufRead;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::server::PUBLIC;

/// Microseconds since 1970: the same in every process.
pub fn now() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_micros()).unwrap_or(0)
}

/// What all connections of the process share.
#[derive(Default)]
struct Ears {
    round: AtomicU64,
    heard: AtomicUsize,
    first: AtomicU64,
    last: AtomicU64,
    bytes: AtomicUsize,
    gone: AtomicUsize,
}

impl Ears {
    /// Something came over a connection that has heard up to a round.
    fn hear(&self, upto: &mut u64, bytes: usize) {
        let (round, at) = (self.round.load(Ordering::SeqCst), now());
        if *upto < round {
            *upto = round;
            self.first.fetch_min(at, Ordering::SeqCst);
            self.last.fetch_max(at, Ordering::SeqCst);
            self.bytes.fetch_add(bytes, Ordering::SeqCst);
            self.heard.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Connects so many, says `ready`, then for each line on its input begins a round and tells when
/// everybody has heard.
pub fn role(address: &str, sessions: &str, sockets: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (address, sockets): (SocketAddr, usize) = (address.parse()?, sockets.parse()?);
        let sessions = match sessions {
            "-" => Vec::new(),
            path => std::fs::read_to_string(path)?.lines().map(str::to_owned).collect(),
        };
        let ears = Arc::new(Ears::default());
        for n in 0..sockets {
            let ears = Arc::clone(&ears);
            if sessions.is_empty() {
                let stream = TcpStream::connect(address).await?;
                tokio::spawn(bare(stream, ears));
            } else {
                tab(address, &sessions[n % sessions.len()], ears).await?;
            }
        }
        println!("ready");
        let (lines, mut rounds) = tokio::sync::mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                let _ = lines.send(line);
            }
        });
        while rounds.recv().await.is_some() {
            ears.heard.store(0, Ordering::SeqCst);
            ears.bytes.store(0, Ordering::SeqCst);
            ears.first.store(u64::MAX, Ordering::SeqCst);
            ears.last.store(0, Ordering::SeqCst);
            ears.round.fetch_add(1, Ordering::SeqCst);
            println!("listening");
            let mut patience = 30_000;
            while ears.heard.load(Ordering::SeqCst) < sockets && patience > 0 {
                ensure!(ears.gone.load(Ordering::SeqCst) == 0, "the server hung up");
                tokio::time::sleep(Duration::from_millis(1)).await;
                patience -= 1;
            }
            let of = |a: &AtomicU64| a.load(Ordering::SeqCst);
            let heard = ears.heard.load(Ordering::SeqCst);
            let bytes = ears.bytes.load(Ordering::SeqCst) / heard.max(1);
            println!("{}", json!({"heard": heard, "first": of(&ears.first), "last": of(&ears.last), "bytes": bytes}));
        }
        Ok(())
    })
}

async fn bare(mut stream: TcpStream, ears: Arc<Ears>) {
    let (mut upto, mut buffer) = (0, vec![0; 16 << 10]);
    while let Ok(n) = stream.read(&mut buffer).await {
        if n == 0 {
            break;
        }
        ears.hear(&mut upto, n);
    }
    ears.gone.fetch_add(1, Ordering::SeqCst);
}

/// A tab that looks at what there is to do.
async fn tab(address: SocketAddr, session: &str, ears: Arc<Ears>) -> Result<()> {
    let mut request = format!("ws://{address}/live?since=9000000000000").into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("cookie", format!("guichet={session}").parse()?);
    headers.insert("origin", PUBLIC.parse()?);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.context("a tab was turned away")?;
    let look = json!({"view": "/inbox/open", "ticket": null, "composing": false});
    socket.send(Message::text(look.to_string())).await?;
    tokio::spawn(async move {
        let mut upto = 0;
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Text(text) = message
                && text.contains("\"new\"")
            {
                ears.hear(&mut upto, text.len());
            }
        }
        ears.gone.fetch_add(1, Ordering::SeqCst);
    });
    Ok(())
}

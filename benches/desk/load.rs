//! The load: a second process that sends a list of requests over so many connections and tells how
//! long each answer took. The list is ready before the clock starts; nothing is made up on the way.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::report::middle_and_p99;
use crate::wire::Line;

/// What the load tells afterwards.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Loaded {
    /// From the first request to the last answer.
    pub wall: Duration,
    /// The middle answer.
    pub p50: Duration,
    /// The 99th of a hundred.
    pub p99: Duration,
    /// Answers other than 200.
    pub refused: usize,
    /// Bytes of all bodies.
    pub bytes: usize,
}

/// A load that is connected and waits for its signal.
pub struct Loader {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Loader {
    /// Starts the second process and waits until it is connected and has read its list.
    pub fn ready(address: SocketAddr, connections: usize, folder: &Path, requests: &[Vec<u8>]) -> Result<Loader> {
        Loader::paced(address, connections, folder, requests, 0)
    }

    /// The same, at so many requests a second where the server keeps up; 0: as fast as it can.
    pub fn paced(
        address: SocketAddr,
        connections: usize,
        folder: &Path,
        requests: &[Vec<u8>],
        per_second: usize,
    ) -> Result<Loader> {
        static PLANS: AtomicUsize = AtomicUsize::new(0);
        let plan = folder.join(format!("requests-{}", PLANS.fetch_add(1, Ordering::Relaxed)));
        let mut bytes = Vec::new();
        for request in requests {
            bytes.extend(u32::try_from(request.len())?.to_le_bytes());
            bytes.extend(request);
        }
        fs::write(&plan, bytes)?;
        let mut child = Command::new(std::env::current_exe()?)
            .args(["role:load", &address.to_string(), &connections.to_string()])
            .arg(&plan)
            .arg(per_second.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().context("the load has no output")?;
        let mut loader = Loader { child, out: BufReader::new(out) };
        ensure!(loader.line()? == "ready", "the load did not get ready");
        fs::remove_file(&plan)?;
        Ok(loader)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.out.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    /// Gives the signal and waits for the last answer.
    pub fn go(mut self) -> Result<Loaded> {
        self.child.stdin.as_mut().context("the load hears nothing")?.write_all(b"go\n")?;
        let told = self.line()?;
        ensure!(self.child.wait()?.success(), "the load failed");
        let loaded: Loaded = serde_json::from_str(&told)?;
        ensure!(loaded.refused == 0, "{} requests were refused", loaded.refused);
        Ok(loaded)
    }
}

/// What the second process does.
pub fn role(address: &str, connections: &str, plan: &str, per_second: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let apart = match per_second.parse::<u32>()? {
        0 => Duration::ZERO,
        n => Duration::from_secs(1) / n,
    };
    let loaded = runtime.block_on(send_all(address.parse()?, connections.parse()?, &fs::read(plan)?, apart))?;
    println!("{}", serde_json::to_string(&loaded)?);
    Ok(())
}

async fn send_all(address: SocketAddr, connections: usize, plan: &[u8], apart: Duration) -> Result<Loaded> {
    let requests = Arc::new(requests(plan));
    let mut lines = Vec::with_capacity(connections);
    for _ in 0..connections {
        lines.push(Line::open(address).await?);
    }
    println!("ready");
    std::io::stdin().read_line(&mut String::new())?;
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let senders: Vec<_> = lines
        .into_iter()
        .map(|line| tokio::spawn(keep_sending(line, Arc::clone(&requests), Arc::clone(&next), begun, apart)))
        .collect();
    let (mut took, mut refused, mut bytes) = (Vec::with_capacity(requests.len()), 0, 0);
    for sender in senders {
        let (t, r, b) = sender.await??;
        took.extend(t);
        refused += r;
        bytes += b;
    }
    let wall = begun.elapsed();
    let (p50, p99) = middle_and_p99(took);
    Ok(Loaded { wall, p50, p99, refused, bytes })
}

fn requests(mut plan: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    while let Some((length, rest)) = plan.split_first_chunk::<4>() {
        let (request, rest) = rest.split_at(usize::try_from(u32::from_le_bytes(*length)).unwrap_or(0));
        all.push(request.to_vec());
        plan = rest;
    }
    all
}

async fn keep_sending(
    mut line: Line,
    requests: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
    start: Instant,
    apart: Duration,
) -> Result<(Vec<Duration>, usize, usize)> {
    let (mut took, mut refused, mut bytes) = (Vec::new(), 0, 0);
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = requests.get(n) else { break };
        if !apart.is_zero() {
            tokio::time::sleep_until((start + apart * u32::try_from(n)?).into()).await;
        }
        let begun = Instant::now();
        let (status, length) = line.ask(request).await?;
        took.push(begun.elapsed());
        refused += usize::from(status != 200);
        bytes += length;
    }
    Ok((took, refused, bytes))
}

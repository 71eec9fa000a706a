//! W9: one event, told to everybody who looks at the list it belongs in. Each tab gets the row as
//! this very person may see it. Beside it: the same bytes sent to as many bare TCP connections, one
//! after the other.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use guichet::live::room::{PER_NODE, PER_PERSON};
use serde_json::Value;

use crate::listen::now;
use crate::report::{self, Figure, Goal, Spread, many};
use crate::server::Server;
use crate::{Bench, furnish, machine, traffic, wire};

/// Events of a turn.
const EVENTS: usize = 5;
/// Tabs are told at most four times a second, counts once: events are further apart than that.
const APART: Duration = Duration::from_millis(1_500);

/// Measures.
pub fn run(bench: &Bench) -> Result<()> {
    let sockets = bench.sockets.min(PER_NODE);
    report::title(&format!("W9: one event to {sockets} sockets"));
    if bench.sockets > sockets {
        println!("W9     one node seats {PER_NODE} sockets; {} were asked for", bench.sockets);
    }
    let desk = bench.runtime.block_on(furnish::desk(None, 1, 1))?;
    let sessions = bench.runtime.block_on(furnish::crowd(&desk, sockets.div_ceil(PER_PERSON)))?;
    let list = desk.folder().join("sessions");
    std::fs::write(&list, sessions.join("\n"))?;
    let server = Server::guichet(desk.folder(), None)?;
    // What the first page needs is in memory before memory is compared.
    tell_all(&server, &desk, 0)?;
    let before = machine::memory_of(server.pid()).0;
    let mut tabs = Listeners::connect(server.address, &list.to_string_lossy(), sockets)?;
    std::thread::sleep(Duration::from_secs(3));
    let kib = (machine::memory_of(server.pid()).0 - before) * 1024.0 / many(sockets);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut bare = Listeners::start(listener.local_addr()?, "-", sockets)?;
    let streams = (0..sockets).map(|_| Ok(listener.accept()?.0)).collect::<Result<Vec<_>>>()?;
    bare.wait_ready()?;

    let (mut last, mut spread, mut cpu, mut beside, mut size) = (vec![], vec![], vec![], vec![], 1_000);
    for n in 0..EVENTS * bench.turns {
        std::thread::sleep(APART);
        tabs.listen()?;
        let (begun, used) = (now(), server.cpu());
        tell_all(&server, &desk, n + 1)?;
        let told = tabs.told()?;
        ensure!(told.heard == sockets, "{} of {sockets} heard", told.heard);
        last.push(told.last.saturating_sub(begun));
        spread.push(told.last.saturating_sub(told.first));
        // The rest of what this event costs comes right after.
        std::thread::sleep(Duration::from_millis(200));
        cpu.push(server.cpu().saturating_sub(used).as_secs_f64() * 1e6 / many(sockets));
        size = told.bytes;
        bare.listen()?;
        let begun = now();
        let frame = vec![b'x'; size];
        for mut stream in &streams {
            stream.write_all(&frame)?;
        }
        beside.push(bare.told()?.last.saturating_sub(begun));
    }
    let millis = |all: &[u64]| {
        Spread::of(&all.iter().map(|us| many(usize::try_from(*us).unwrap_or(0)) / 1e3).collect::<Vec<_>>())
    };
    let figure = |what: &str, unit, ours, beside, goal| {
        Figure { workload: "W9", what, unit, ours, beside, goal }.print();
    };
    let bare_sends = Some(("bare sends", millis(&beside)));
    figure("from the hook to the last tab", "ms", millis(&last), bare_sends, None);
    figure("from the first tab to the last", "ms", millis(&spread), bare_sends, Some(Goal::RatioAtMost(2.0)));
    figure("processor, with intake and counts", "µs/tab", Spread::of(&cpu), None, None);
    figure("what a tab is told", "bytes", Spread::of(&[many(size)]), None, None);
    figure("memory of a connection", "KiB", Spread::of(&[kib]), None, Some(Goal::AtMost(10.0)));
    tabs.end()?;
    bare.end()?;
    server.stop()
}

/// A customer writes.
fn tell_all(server: &Server, desk: &furnish::Desk, n: usize) -> Result<()> {
    let body = traffic::saying(&desk.pages[0], 900 + n, &["Bonjour, c’est combien ?".to_owned()]).remove(0);
    let status = wire::post(server.address, &traffic::request(&desk.pages[0].hook, &body))?;
    ensure!(status == 200, "the hook answers {status}");
    Ok(())
}

/// The process of those who listen.
struct Listeners {
    child: Child,
    out: BufReader<ChildStdout>,
}

/// What they tell.
struct Told {
    heard: usize,
    first: u64,
    last: u64,
    bytes: usize,
}

impl Listeners {
    fn start(address: SocketAddr, sessions: &str, sockets: usize) -> Result<Listeners> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["role:listen", &address.to_string(), sessions, &sockets.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().context("the listeners have no output")?;
        Ok(Listeners { child, out: BufReader::new(out) })
    }

    fn connect(address: SocketAddr, sessions: &str, sockets: usize) -> Result<Listeners> {
        let mut listeners = Listeners::start(address, sessions, sockets)?;
        listeners.wait_ready()?;
        Ok(listeners)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.out.read_line(&mut line)?;
        ensure!(!line.is_empty(), "the listeners are gone");
        Ok(line.trim().to_owned())
    }

    fn wait_ready(&mut self) -> Result<()> {
        ensure!(self.line()? == "ready", "the listeners did not get ready");
        Ok(())
    }

    fn listen(&mut self) -> Result<()> {
        self.child.stdin.as_mut().context("the listeners hear nothing")?.write_all(b"listen\n")?;
        ensure!(self.line()? == "listening", "they do not listen");
        Ok(())
    }

    fn told(&mut self) -> Result<Told> {
        let told: Value = serde_json::from_str(&self.line()?)?;
        let number = |key: &str| told[key].as_u64().with_context(|| format!("they do not tell {key}"));
        Ok(Told {
            heard: usize::try_from(number("heard")?)?,
            first: number("first")?,
            last: number("last")?,
            bytes: usize::try_from(number("bytes")?)?,
        })
    }

    fn end(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        self.child.wait()?;
        Ok(())
    }
}

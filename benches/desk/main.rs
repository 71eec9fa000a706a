//! The product measured beside its limit: every figure stands next to what the same work costs when
//! it is written by hand, taken in the same run, in turns. What is measured, how, and what came out
//! of it is in `docs/performance.md`.
//!
//! ```text
//! cargo bench --bench desk                          everything
//! cargo bench --bench desk -- w0 w1                 some of it: w0 … w12 start memory evening
//! cargo bench --bench desk -- w3 --tickets 20000    on a smaller desk
//! cargo bench --bench desk -- w7 --tickets 1000000  on a larger one: five million messages
//! cargo bench --bench desk -- w9 --sockets 5000     as many as one node seats
//! ```
#![expect(clippy::disallowed_methods, reason = "here time is measured, and the load dials its server itself")]

mod bare;
mod evening;
mod furnish;
mod listen;
mod lite;
mod load;
mod machine;
mod memory;
mod pages;
mod post;
mod report;
mod seed;
mod server;
mod start;
mod traffic;
mod w0;
mod w1;
mod w10;
mod w11;
mod w12;
mod w2;
mod w3;
mod w4;
mod w5;
mod w6;
mod w7;
mod w8;
mod w9;
mod wire;

use std::cell::OnceCell;

use anyhow::{Context, Result, bail, ensure};
use tokio::runtime::Runtime;

use self::seed::Seeded;

/// Everything that can be asked for, in the order it is run.
const WORKLOADS: [&str; 16] =
    ["w0", "w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9", "w10", "w11", "w12", "start", "memory", "evening"];

/// What every workload has at hand.
struct Bench {
    /// For the parts of the product that run in this process.
    runtime: Runtime,
    /// How often each variant takes its turn.
    turns: usize,
    /// Bodies sent in W1 and W2.
    events: usize,
    /// Tickets of the large desk.
    tickets: usize,
    /// Listeners of W9.
    sockets: usize,
    large: OnceCell<Seeded>,
}

impl Bench {
    /// The large desk: made once, by whoever needs it first.
    fn large(&self) -> Result<&Seeded> {
        if let Some(large) = self.large.get() {
            return Ok(large);
        }
        let seeded = seed::large(&self.runtime, self.tickets)?;
        Ok(self.large.get_or_init(|| seeded))
    }
}

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let Some((first, rest)) = words.split_first() {
        match (first.as_str(), rest) {
            ("role:load", [address, connections, plan, rate]) => return load::role(address, connections, plan, rate),
            ("role:listen", [address, sessions, sockets]) => return listen::role(address, sessions, sockets),
            ("role:feed", [folder]) => return w8::feed(folder),
            ("role:verify", []) => return bare::verify_only(),
            ("role:log", [folder]) => return bare::log_only(folder),
            _ => {}
        }
    }
    let (bench, asked) = read(&words)?;
    report::begin(&asked);
    for name in WORKLOADS.iter().filter(|w| asked.iter().any(|a| a == *w)) {
        let run = match *name {
            "w0" => w0::run,
            "w1" => w1::run,
            "w2" => w2::run,
            "w3" => w3::run,
            "w4" => w4::run,
            "w5" => w5::run,
            "w6" => w6::run,
            "w7" => w7::run,
            "w8" => w8::run,
            "w9" => w9::run,
            "w10" => w10::run,
            "w11" => w11::run,
            "w12" => w12::run,
            "start" => start::run,
            "evening" => evening::run,
            _ => memory::run,
        };
        run(&bench).with_context(|| format!("{name} could not be measured"))?;
    }
    Ok(())
}

fn read(words: &[String]) -> Result<(Bench, Vec<String>)> {
    let (mut asked, mut turns, mut events, mut tickets, mut sockets) = (Vec::new(), 5, 8_000, 100_000, 1_000);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut number = || -> Result<usize> {
            let value = words.next().with_context(|| format!("{word} needs a number"))?;
            value.parse().with_context(|| format!("{word} needs a number, not “{value}”"))
        };
        match word.as_str() {
            "--tickets" => tickets = number()?,
            "--turns" => turns = number()?,
            "--events" => events = number()?,
            "--sockets" => sockets = number()?,
            name if WORKLOADS.contains(&name) => asked.push(name.to_owned()),
            other => bail!("“{other}” is none of {} --tickets N --turns N --events N --sockets N", WORKLOADS.join(" ")),
        }
    }
    ensure!(turns > 0 && events >= 100 && tickets >= 1_000, "at least 1 turn, 100 events, 1000 tickets");
    if asked.is_empty() {
        asked = WORKLOADS.map(str::to_owned).to_vec();
    }
    let runtime = Runtime::new()?;
    Ok((Bench { runtime, turns, events, tickets, sockets, large: OnceCell::new() }, asked))
}

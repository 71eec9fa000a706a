//! A server in a process of its own: the product as it is shipped, or a part of it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::machine;
use crate::wire;

/// The address pages believe to be at.
pub const PUBLIC: &str = "http://desk.example";

/// A server that answers.
pub struct Server {
    child: Child,
    /// Kept open: who prints into a closed pipe fails.
    _out: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
    /// From being started to the first 200.
    pub took: Duration,
}

impl Server {
    /// `guichet serve` on a data folder, and on another database than the one in it where one is
    /// named. Nothing of this process's own settings reaches it, and nothing leaves the machine.
    pub fn guichet(folder: &Path, database: Option<&str>) -> Result<Server> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(folder);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GUICHET_")) {
            command.env_remove(name);
        }
        command.env("GUICHET_DATA_DIR", folder).env("GUICHET_TIMING__POLL_SECONDS", "86400");
        command
            .env("GUICHET_PUBLIC_URL", PUBLIC)
            .env("GUICHET_OUTBOUND__ONLY", "true")
            .env("GUICHET_OUTBOUND__ALLOW", "127.0.0.0/8");
        if let Some(url) = database {
            command.env("GUICHET_DATABASE_URL", url);
        }
        Server::start(command, folder)
    }

    /// This program again, in one of its other roles.
    pub fn role(words: &[&str], folder: &Path) -> Result<Server> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(words);
        Server::start(command, folder)
    }

    fn start(mut command: Command, folder: &Path) -> Result<Server> {
        let said = folder.join("server.log");
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::piped()).stderr(File::create(&said)?).spawn()?;
        let mut out = BufReader::new(child.stdout.take().context("the server has no output")?);
        let mut line = String::new();
        out.read_line(&mut line)?;
        let address = line.trim().rsplit_once("http://").and_then(|(_, a)| a.parse().ok());
        let address = address.with_context(|| format!("the server did not start; it said:\n{}", told(&said)))?;
        let (status, _) = wire::get(address, "/readyz", "")?;
        let took = begun.elapsed();
        ensure!(status == 200, "the server is not ready: {status}");
        Ok(Server { child, _out: out, address, took })
    }

    /// Its id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its time on the processor.
    pub fn cpu(&self) -> Duration {
        machine::cpu_of(self.pid())
    }

    /// A gauge of `/metrics`.
    pub fn gauge(&self, name: &str) -> Result<f64> {
        let (_, text) = wire::get(self.address, "/metrics", "")?;
        let line = text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|v| v.trim().parse().ok()).with_context(|| format!("there is no gauge {name}"))
    }

    /// Statements and commits so far.
    pub fn statements(&self) -> Result<(f64, f64)> {
        Ok((self.gauge("guichet_db_statements_total")?, self.gauge("guichet_db_commits_total")?))
    }

    /// Waits until the search index has read the whole log.
    pub fn wait_for_search(&self) -> Result<()> {
        while self.gauge("guichet_search_behind")? > 0.0 {
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.pid().to_string()]).status()?;
        self.child.wait()?;
        Ok(())
    }
}

fn told(said: &Path) -> String {
    std::fs::read_to_string(said).unwrap_or_default()
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has stopped cannot be stopped again; that is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

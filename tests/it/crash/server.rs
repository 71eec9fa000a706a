//! The process that is killed.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use guichet::app::{self, App};
use guichet::base::Given;
use guichet::config::Config;
use guichet::flow::house::Tuning;
use guichet::networks::NETWORKS;
use tokio_util::sync::CancellationToken;

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// `guichet serve`, as people run it.
    Program,
    /// This test program, with a policy that must not be.
    SendsBlindlyAgain,
}

/// A running server.
pub struct Server {
    child: Child,
    log: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address nobody listens on at the moment.
pub fn free_port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

impl Server {
    /// Starts one; does not wait for it.
    pub fn start(who: Who, config: &Config) -> Server {
        let mut command = match who {
            Who::Program => Command::new(env!("CARGO_BIN_EXE_guichet")),
            Who::SendsBlindlyAgain => Command::new(std::env::current_exe().unwrap()),
        };
        match who {
            Who::Program => command.arg("serve"),
            Who::SendsBlindlyAgain => {
                command.args(["crash::a_server_that_sends_blindly_again", "--exact", "--ignored", "--nocapture"])
            }
        };
        let path = config.data_dir.join("log");
        let log = std::fs::File::options().create(true).append(true).open(&path).unwrap();
        let child = command
            .current_dir(&config.data_dir)
            .env("GUICHET_DATABASE_URL", &config.database_url)
            .env("GUICHET_DATA_DIR", &config.data_dir)
            .env("GUICHET_LISTEN", &config.listen)
            .env("GUICHET_LOG", "warn")
            .env("GUICHET_OUTBOUND__ALLOW", "127.0.0.0/8")
            .env("GUICHET_OUTBOUND__ONLY", "true")
            .env("GUICHET_TIMING__UNDO_PUBLIC_SECONDS", "0")
            .env("GUICHET_TIMING__UNDO_PRIVATE_SECONDS", "0")
            .env("GUICHET_TIMING__SETTLE_MILLIS", config.timing.settle_millis.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Server { child, log: path }
    }

    /// Waits until something is true; a server that is gone by itself is a failure.
    pub async fn until(&mut self, true_now: impl Fn() -> bool) {
        for _ in 0..30_000 {
            if true_now() {
                return;
            }
            assert!(self.child.try_wait().unwrap().is_none(), "the server stopped by itself: see its log");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let end: Vec<&str> = log.lines().rev().take(20).collect();
        panic!("what was waited for did not come within a minute; the log, newest first:\n{}", end.join("\n"));
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Serves with the policy that resends what had no answer; never returns.
pub fn serve_blindly() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let config = Config::read(None, std::env::vars()).unwrap();
        let tuning = Tuning { resend_blindly: true, ..app::tuning(&config) };
        let app = App::open(&config, Given::from_machine().unwrap(), NETWORKS, tuning).await.unwrap();
        let listener = tokio::net::TcpListener::bind(&config.listen).await.unwrap();
        app.serve(&config, listener, CancellationToken::new()).await.unwrap();
    });
}

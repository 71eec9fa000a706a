//! What every handler has at hand.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use ipnet::IpNet;

use crate::flow::House;
use crate::flow::log::Log;
use crate::live::{Bus, Counts};
use crate::search::Search;

use super::page::Templates;
use super::room::Room;
use super::strip::Strip;

/// What every handler has at hand. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    /// The use cases.
    pub house: House,
    /// The way into the log.
    pub log: Log,
    /// How many tickets are where.
    pub counts: Counts,
    /// What happens, as it happens.
    pub bus: Bus,
    /// The search index.
    pub search: Search,
    /// The pages.
    pub templates: Arc<Templates>,
    /// The address people reach us by, no slash at its end.
    pub public_url: Arc<str>,
    /// Proxies whose word for a caller's address counts.
    pub proxies: Arc<[IpNet]>,
    /// Wrong signatures at hooks since the start: counted, never stored.
    pub forged: Arc<AtomicU64>,
    /// Where media is kept for a while.
    pub media_dir: Arc<PathBuf>,
    /// The room at the door.
    pub room: Room,
    /// A strip above every page, where one was handed in.
    pub strip: Option<Arc<dyn Strip>>,
    /// True while shutting down: not ready for more.
    pub leaving: tokio_util::sync::CancellationToken,
}

impl Web {
    /// True when we are reached by https: cookies are then for https only.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The session cookie's name. The `__Host-` prefix binds it to this very host.
    pub fn cookie(&self) -> &'static str {
        if self.is_secure() { "__Host-guichet" } else { "guichet" }
    }
}

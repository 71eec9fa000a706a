//! What stands around every page of the studio: its tabs, what is live, what is being changed.

use serde::Serialize;

use crate::web::Result;
use crate::web::ask::Desk;

/// A page of the studio.
#[derive(Debug, Clone, Copy)]
pub struct Tab {
    /// What its views call it.
    pub name: &'static str,
    /// Its address.
    pub path: &'static str,
    /// What it is called: a key of the interface's words.
    pub words: &'static str,
}

/// The pages, in the order they are shown in; a new page adds its line.
pub const TABS: &[Tab] = &[
    Tab { name: "rules", path: "/bot", words: "bot-tab-rules" },
    Tab { name: "missed", path: "/bot/missed", words: "bot-tab-missed" },
    Tab { name: "coverage", path: "/bot/coverage", words: "bot-tab-coverage" },
];

/// What stands around a page of the studio.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    /// Address, words, and true for the one that is open.
    tabs: Vec<(&'static str, &'static str, bool)>,
}

impl Frame {
    /// The frame around the page of this name.
    ///
    /// # Errors
    /// As the database reports.
    #[expect(clippy::unused_async, reason = "what is live is read here")]
    pub async fn of(_desk: &mut Desk, tab: &str) -> Result<Frame> {
        Ok(Frame::around(tab))
    }

    /// A frame with nothing read, for trying templates.
    pub fn sample(tab: &str) -> Frame {
        Frame::around(tab)
    }

    fn around(tab: &str) -> Frame {
        Frame { tabs: TABS.iter().map(|t| (t.path, t.words, t.name == tab)).collect() }
    }
}

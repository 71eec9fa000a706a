//! The screens, the hooks and the API: what browsers, networks and programs see of the house.
//! Handlers ask, call one use case or read, and show; they hold no rules of their own.

pub mod api;
pub mod ask;
pub mod assets;
pub mod contact;
pub mod error;
pub mod health;
pub mod home;
pub mod hooks;
pub mod inbox;
pub mod layers;
pub mod login;
pub mod media;
pub mod page;
pub mod router;
pub mod search;
pub mod server;
pub mod settings;
pub mod setup;
pub mod show;
pub mod state;

pub use error::{Error, Result};
pub use page::{Page, View};
pub use router::router;
pub use state::Web;

//! What handlers ask of a request: who is there, in which language, for which brand.

mod desk;
mod form;
mod peer;
mod program;

pub use desk::{Desk, Hand, Onlooker, cookie_of, language};
pub use form::Form;
pub use peer::Peer;
pub use program::{Body, Caller, Path, Problem, Query};

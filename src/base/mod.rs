//! Things that know nothing of customers: time, dice, secrets, bytes, words and the way out to
//! the network. Every other room may use these; these use nothing of ours.

pub mod caught;
pub mod clock;
pub mod dial;
pub mod fetch;
pub mod given;
pub mod guard;
pub mod id;
pub mod json;
pub mod locale;
pub mod pace;
pub mod seal;
pub mod sign;
pub mod text;
pub mod val;
pub mod words;

pub use clock::{At, Clock};
pub use given::Given;
pub use locale::Lang;

//! Who should hear what: everything that happens is read from the log once per node, in order,
//! and passed on to counts, sockets and whoever else lives on it.

pub mod bus;
pub mod counts;
pub mod heard;
pub mod room;
pub mod tail;

pub use bus::{Bus, News, Pace};
pub use counts::Counts;
pub use heard::Heard;
pub use room::{Room, Seat};

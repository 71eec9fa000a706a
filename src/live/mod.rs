//! Who should hear what: everything that happens is read from the log once per node, in order,
//! and passed on to counts, sockets and whoever else lives on it.

pub mod bus;
pub mod counts;
pub mod heard;
pub mod left;
pub mod pace;
pub mod room;
pub mod tail;

pub use bus::{Bus, News};
pub use counts::Counts;
pub use heard::Heard;
pub use left::Left;
pub use pace::Pace;
pub use room::{Room, Seat};

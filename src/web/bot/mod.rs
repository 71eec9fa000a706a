//! The bot's studio: rules and questions, replay, versions. A page that belongs here is one line of
//! [`TABS`], a view with a [`Frame`], and a template that extends `bot/frame.html` and fills its
//! block `sheet` with something of class `pb`.

pub mod behind;
pub mod console;
pub mod coverage;
pub mod detail;
pub mod entry;
mod fields;
pub mod frame;
pub mod judge;
pub mod missed;
pub mod missed_acts;
mod missed_rows;
pub mod proposal;
pub mod publish;
pub mod replay;
pub mod report;
pub mod rules;
pub mod shown;
pub mod versions;
pub mod write;

pub use self::frame::{Frame, TABS, Tab};

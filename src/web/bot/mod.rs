//! The bot's studio: rules and questions, replay, versions. A page that belongs here is one line of
//! [`TABS`], a view with a [`Frame`], and a template that extends `bot/frame.html` and fills its
//! block `sheet`.

pub mod behind;
pub mod coverage;
pub mod entry;
pub mod frame;
pub mod missed;
pub mod missed_acts;
mod missed_rows;
pub mod rules;

pub use self::frame::{Frame, TABS, Tab};

//! Finding any message by its words: one Tantivy index per node, fed from the event log and
//! rebuildable from it at any time. The index knows ids only; whoever shows a hit reads the row
//! again under the viewer's scope.

pub mod faq;
pub mod index;
pub mod query;
pub mod schema;

pub use faq::Faq;
pub use index::{Feeder, Search};
pub use query::{Asked, parse};

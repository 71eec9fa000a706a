//! Finding any message by its words: one Tantivy index per node, fed from the event log and
//! rebuildable from it at any time. The index knows ids only; whoever shows a hit reads the row
//! again under the viewer's scope.

mod build;
pub mod feed;
pub mod index;
pub mod query;
pub mod quote;
pub mod schema;

pub use feed::Feeder;
pub use index::{By, Hit, Search, Spot};
pub use query::{Asked, parse};

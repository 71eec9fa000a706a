//! How sure is sure enough, learnt from what people made of what the bot offered and said: a score
//! from which on an entry may answer by itself, with the evidence for it, and when that ends.

pub mod closing;
pub mod feedback;
pub mod judged;
pub mod likeness;
pub mod lock;
pub mod scan;
pub mod thresholds;
pub mod wilson;

pub use self::closing::closes;
pub use self::judged::{Judged, Judgment};
pub use self::scan::{Aim, Aims, Heap, Standing, standing};
pub use self::thresholds::{Bar, Evidence, Thresholds, hundredths};

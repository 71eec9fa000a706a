//! What agents see arrive: nothing moves under their hands, nothing they write is lost, no two of
//! them answer unawares, and nobody hears what is not theirs.

mod browser;
mod guard;
mod line;
mod socket;

//! What the bot learns from people: questions it missed are put together, and become entries by
//! somebody's hand; replies of people become entries, too.

pub mod decide;
pub mod material;
pub mod propose;
pub mod shown;
pub mod survey;

pub use self::decide::{attach, ignore, make_entry, take_back};
pub use self::material::Material;

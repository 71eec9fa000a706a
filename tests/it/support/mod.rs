//! What the stories stand on: a desk with everything in it, visitors, a browser.

pub mod browser;
pub mod desk;
pub mod engine;
pub mod visitor;

pub use desk::Desk;
pub use engine::Engine;
pub use visitor::{Answer, Program, Visitor};

/// Tells a story on both databases: `on_both! { async fn name(desk) { … } }`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($desk:ident) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "each story uses some of them")]
            use super::*;

            async fn story($desk: $crate::support::Desk) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                story($crate::support::Desk::open($crate::support::Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                story($crate::support::Desk::open($crate::support::Engine::Postgres).await).await;
            }
        }
    )*};
}

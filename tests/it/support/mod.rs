//! What the stories stand on: a desk with everything in it, visitors, a browser.

pub mod browser;
pub mod desk;
pub mod engine;
pub mod open;
pub mod post;
pub mod replies;
pub mod serving;
pub mod visitor;

pub use desk::Desk;
pub use engine::Engine;
pub use visitor::{Program, Visitor};

/// Tells a story on both databases: `on_both! { async fn name(desk) { … } }`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($desk:ident) $body:block)*) => {$(
        $(#[$meta])*
        async fn $name($desk: $crate::support::Desk) $body

        mod $name {
            use $crate::support::{Desk, Engine};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(Desk::open(Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(Desk::open(Engine::Postgres).await).await;
            }
        }
    )*};
}

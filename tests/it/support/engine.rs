//! The two databases, each story with one of its own.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, Executor, PgConnection};
use tokio::sync::OnceCell;

/// A database kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A server: `GUICHET_TEST_POSTGRES` names one where databases may be made.
    Postgres,
}

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(1);

impl Engine {
    /// The URL of a fresh, migrated database.
    pub async fn fresh(self, folder: &Path) -> String {
        match self {
            Engine::Sqlite => format!("sqlite://{}", folder.join("guichet.db").display()),
            Engine::Postgres => {
                let template = TEMPLATE.get_or_init(make_template).await;
                let name = format!("story_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
                make(&format!("create database {name} template {template}")).await;
                with_database(&name)
            }
        }
    }

    /// The URL of a fresh, empty database.
    pub async fn empty(self, folder: &Path) -> String {
        match self {
            Engine::Sqlite => self.fresh(folder).await,
            Engine::Postgres => {
                let name = format!("empty_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
                make(&format!("create database {name}")).await;
                with_database(&name)
            }
        }
    }
}

/// The server; without one the PostgreSQL half of the stories fails, as it should.
fn server() -> String {
    std::env::var("GUICHET_TEST_POSTGRES")
        .expect("stories on PostgreSQL need a server: run tests/run, or set GUICHET_TEST_POSTGRES=postgres://USER@HOST/postgres")
}

fn with_database(name: &str) -> String {
    let server = server();
    let (base, _) = server.rsplit_once('/').expect("the URL names a database");
    let query = server.split_once('?').map(|(_, q)| format!("?{q}")).unwrap_or_default();
    format!("{base}/{name}{query}")
}

async fn make(sql: &str) {
    let mut server = PgConnection::connect(&server()).await.expect("the PostgreSQL of GUICHET_TEST_POSTGRES answers");
    server.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.expect("a database can be made there");
    server.close().await.expect("the connection closes");
}

async fn make_template() -> String {
    let name = format!("template_{}", std::process::id());
    make(&format!("create database {name}")).await;
    let db = guichet::store::Db::open(&with_database(&name)).await.unwrap();
    guichet::store::migrate::run(&db).await.unwrap();
    db.close().await;
    name
}

//! Opening the database a URL names.

use std::collections::BTreeSet;
use std::path::Path;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail};
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgListener};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};
use tokio::sync::Notify;

use super::error::{Error, Result};
use super::tx::{Inner, Sql, Tx};

/// The database, shared by all who ask for transactions.
#[derive(Clone)]
pub struct Db(Arc<Shared>);

struct Shared {
    pools: Pools,
    news: Notify,
    statements: AtomicU64,
    commits: AtomicU64,
    overheard: OnceLock<Mutex<BTreeSet<String>>>,
}

enum Pools {
    Sqlite { readers: SqlitePool, writer: SqlitePool },
    Postgres(PgPool),
}

/// SQLite before this could lose the write-ahead log on reset (fixed 2026-03-13).
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

impl Db {
    /// Opens `sqlite://PATH` (made if absent) or `postgres://…`.
    ///
    /// # Errors
    /// A sentence saying what is wrong with the URL, the file or the server.
    pub async fn open(url: &str) -> anyhow::Result<Db> {
        let pools = if let Some(path) = url.strip_prefix("sqlite://") {
            open_sqlite(path).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Pools::Postgres(open_postgres(url).await?)
        } else {
            bail!("“{url}” is no database: use sqlite://PATH or postgres://USER@HOST/NAME");
        };
        let shared = Shared {
            pools,
            news: Notify::new(),
            statements: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            overheard: OnceLock::new(),
        };
        Ok(Db(Arc::new(shared)))
    }

    /// A transaction that only reads; the database refuses writes in it.
    ///
    /// # Errors
    /// [`Error::Busy`] when no connection is free in time.
    pub async fn read(&self) -> Result<Tx> {
        let inner = match &self.0.pools {
            Pools::Sqlite { readers, .. } => Inner::Sqlite(readers.begin().await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.begin_with("begin read only").await?),
        };
        Ok(Tx { inner, db: self.clone(), news: Vec::new() })
    }

    /// A transaction that may write. On SQLite there is one at a time.
    ///
    /// # Errors
    /// [`Error::Busy`] when the database cannot take a writer in time.
    pub async fn write(&self) -> Result<Tx> {
        let inner = match &self.0.pools {
            Pools::Sqlite { writer, .. } => Inner::Sqlite(writer.begin_with("begin immediate").await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx { inner, db: self.clone(), news: Vec::new() })
    }

    /// Fires after a commit that wrote events.
    pub fn news(&self) -> &Notify {
        &self.0.news
    }

    /// True on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.0.pools, Pools::Postgres(_))
    }

    /// Passes PostgreSQL's notifications from other nodes on to [`Db::news`] until cancelled. On
    /// SQLite there is nothing to hear: other processes are noticed by polling.
    pub async fn hear_others(&self) -> anyhow::Result<()> {
        let Pools::Postgres(pool) = &self.0.pools else {
            return std::future::pending().await;
        };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen("guichet").await?;
        loop {
            listener.recv().await?;
            self.0.news.notify_waiters();
        }
    }

    /// Statements and commits so far, for tests that hold a request to a number of them.
    pub fn counts(&self) -> (u64, u64) {
        (self.0.statements.load(Ordering::Relaxed), self.0.commits.load(Ordering::Relaxed))
    }

    pub(super) fn count_statement(&self, sql: &Sql) {
        self.0.statements.fetch_add(1, Ordering::Relaxed);
        if let Some(overheard) = self.0.overheard.get() {
            overheard.lock().unwrap_or_else(PoisonError::into_inner).insert(sql.text().to_owned());
        }
    }

    /// From now on the text of every statement is remembered, for the tests that ask for its plan.
    pub fn overhear(&self) {
        self.0.overheard.get_or_init(Mutex::default);
    }

    /// The statements overheard so far.
    pub fn overheard(&self) -> Vec<String> {
        let all = self.0.overheard.get().map(|o| o.lock().unwrap_or_else(PoisonError::into_inner).clone());
        all.into_iter().flatten().collect()
    }

    pub(super) fn count_commit(&self) {
        self.0.commits.fetch_add(1, Ordering::Relaxed);
    }

    /// Closes every connection; SQLite folds its log into the file.
    pub async fn close(&self) {
        match &self.0.pools {
            Pools::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    pub(super) async fn migrate_with(
        &self,
        sqlite: &sqlx::migrate::Migrator,
        postgres: &sqlx::migrate::Migrator,
    ) -> Result<()> {
        let outcome = match &self.0.pools {
            Pools::Sqlite { writer, .. } => sqlite.run(writer).await,
            Pools::Postgres(pool) => postgres.run(pool).await,
        };
        outcome.map_err(|e| Error::Db(sqlx::Error::Migrate(Box::new(e))))
    }
}

async fn open_sqlite(path: &str) -> anyhow::Result<Pools> {
    if path.is_empty() {
        bail!("the URL sqlite:// names no file; write sqlite://PATH");
    }
    if let Some(folder) = Path::new(path).parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let options = SqliteConnectOptions::from_str(&format!("sqlite://{path}"))?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .statement_cache_capacity(300)
        .pragma("mmap_size", "0")
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "memory");
    let writer: SqlitePool = PoolOptions::<Sqlite>::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options.clone())
        .await
        .with_context(|| format!("cannot open the database {path}"))?;
    let readers = PoolOptions::<Sqlite>::new()
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    let (version,): (String,) = sqlx::query_as("select sqlite_version()").fetch_one(&readers).await?;
    if parse_version(&version) < OLDEST_SQLITE {
        bail!("SQLite {version} can lose data in its write-ahead log; this program must be built with 3.51.3 or newer");
    }
    Ok(Pools::Sqlite { readers, writer })
}

fn parse_version(version: &str) -> (u32, u32, u32) {
    let mut parts = version.split('.').map(|p| p.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

async fn open_postgres(url: &str) -> anyhow::Result<PgPool> {
    let options = PgConnectOptions::from_str(url)
        .context("the PostgreSQL URL is not readable; write postgres://USER:PASSWORD@HOST:5432/NAME")?
        .application_name("guichet")
        .statement_cache_capacity(300)
        .options([
            ("statement_timeout", "15s"),
            ("idle_in_transaction_session_timeout", "30s"),
            ("lock_timeout", "10s"),
        ]);
    let pool = PoolOptions::<Postgres>::new()
        .max_connections(12)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await
        .context("cannot reach PostgreSQL at the configured URL")?;
    let (version,): (String,) = sqlx::query_as("show server_version_num").fetch_one(&pool).await?;
    if version.parse::<u32>().unwrap_or(0) < 130_000 {
        bail!("PostgreSQL 13 or newer is needed; this server says {version}");
    }
    Ok(pool)
}

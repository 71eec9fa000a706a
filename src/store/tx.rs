//! A transaction on either database, and the one macro every statement goes through.

use serde_json::Value;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, FromRow, Postgres, SqlSafeStr, SqlStr, Sqlite, Transaction};

use super::error::{Error, Result};
use super::open::Db;
use crate::base::At;
use crate::base::val::Val;
use crate::desk::event::Event;

/// An open transaction. Dropped without [`Tx::commit`], nothing of it happened.
pub struct Tx {
    pub(super) inner: Inner,
    pub(super) db: Db,
    /// What has happened in it; written with the commit, which then wakes whoever tails the log.
    pub(super) news: Vec<(At, Event)>,
}

pub(super) enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A row both databases can give.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

/// A statement's text: one for both, or one for each where they differ.
#[derive(Clone)]
pub struct Sql {
    sqlite: SqlStr,
    postgres: SqlStr,
}

impl Sql {
    /// One text for both.
    pub fn same(text: &'static str) -> Sql {
        Sql::each(text, text)
    }

    /// A text for each.
    pub fn each(sqlite: &'static str, postgres: &'static str) -> Sql {
        Sql { sqlite: sqlite.into_sql_str(), postgres: postgres.into_sql_str() }
    }

    /// The text as SQLite gets it.
    pub(super) fn text(&self) -> &str {
        self.sqlite.as_str()
    }

    /// A text put together from parts written in this room; values are always bound.
    pub(super) fn composed(text: String) -> Sql {
        let text = AssertSqlSafe(text).into_sql_str();
        Sql { sqlite: text.clone(), postgres: text }
    }
}

/// Runs a statement: `sql!(tx, maybe|all|one Row, "…", values…)` or `sql!(tx, run, "…", values…)`.
/// Where the dialects differ: `sql!(tx, all Row, sqlite "…", postgres "…", values…)`.
#[macro_export]
macro_rules! sql {
    ($tx:expr, maybe $row:ty, sqlite $s:expr, postgres $p:expr $(, $v:expr)* $(,)?) => {
        $tx.maybe::<$row>($crate::store::tx::Sql::each($s, $p), vec![$($crate::base::val::Bound::val($v)),*]).await
    };
    ($tx:expr, all $row:ty, sqlite $s:expr, postgres $p:expr $(, $v:expr)* $(,)?) => {
        $tx.all::<$row>($crate::store::tx::Sql::each($s, $p), vec![$($crate::base::val::Bound::val($v)),*]).await
    };
    ($tx:expr, one $row:ty, sqlite $s:expr, postgres $p:expr $(, $v:expr)* $(,)?) => {
        $tx.one::<$row>($crate::store::tx::Sql::each($s, $p), vec![$($crate::base::val::Bound::val($v)),*]).await
    };
    ($tx:expr, run, sqlite $s:expr, postgres $p:expr $(, $v:expr)* $(,)?) => {
        $tx.run($crate::store::tx::Sql::each($s, $p), vec![$($crate::base::val::Bound::val($v)),*]).await
    };
    ($tx:expr, maybe $row:ty, $s:expr $(, $v:expr)* $(,)?) => {
        $tx.maybe::<$row>($crate::store::tx::Sql::same($s), vec![$($crate::base::val::Bound::val($v)),*]).await
    };
    ($tx:expr, all $row:ty, $s:expr $(, $v:expr)* $(,)?) => {
        $tx.all::<$row>($crate::store::tx::Sql::same($s), vec![$($crate::base::val::Bound::val($v)),*]).await
    };
    ($tx:expr, one $row:ty, $s:expr $(, $v:expr)* $(,)?) => {
        $tx.one::<$row>($crate::store::tx::Sql::same($s), vec![$($crate::base::val::Bound::val($v)),*]).await
    };
    ($tx:expr, run, $s:expr $(, $v:expr)* $(,)?) => {
        $tx.run($crate::store::tx::Sql::same($s), vec![$($crate::base::val::Bound::val($v)),*]).await
    };
}

impl Tx {
    /// The row, if there is one.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn maybe<T: Row>(&mut self, sql: Sql, values: Vec<Val>) -> Result<Option<T>> {
        self.db.count_statement(&sql);
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => {
                sqlx::query_as_with::<Sqlite, T, _>(sql.sqlite, sqlite_args(values)?).fetch_optional(&mut **tx).await?
            }
            Inner::Postgres(tx) => {
                sqlx::query_as_with::<Postgres, T, _>(sql.postgres, pg_args(values)?).fetch_optional(&mut **tx).await?
            }
        })
    }

    /// Every row.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn all<T: Row>(&mut self, sql: Sql, values: Vec<Val>) -> Result<Vec<T>> {
        self.db.count_statement(&sql);
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => {
                sqlx::query_as_with::<Sqlite, T, _>(sql.sqlite, sqlite_args(values)?).fetch_all(&mut **tx).await?
            }
            Inner::Postgres(tx) => {
                sqlx::query_as_with::<Postgres, T, _>(sql.postgres, pg_args(values)?).fetch_all(&mut **tx).await?
            }
        })
    }

    /// The row there must be.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub async fn one<T: Row>(&mut self, sql: Sql, values: Vec<Val>) -> Result<T> {
        self.maybe(sql, values).await?.ok_or(Error::NotFound)
    }

    /// Runs a statement; the number of rows it touched.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn run(&mut self, sql: Sql, values: Vec<Val>) -> Result<u64> {
        self.db.count_statement(&sql);
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => sqlx::query_with::<Sqlite, _>(sql.sqlite, sqlite_args(values)?)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
            Inner::Postgres(tx) => sqlx::query_with::<Postgres, _>(sql.postgres, pg_args(values)?)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
        })
    }

    /// Notes that something happened; it is written when the transaction commits.
    pub fn emit(&mut self, at: At, event: Event) {
        self.news.push((at, event));
    }

    /// Makes everything since the beginning true, durably, and wakes who tails the log.
    ///
    /// # Errors
    /// As the database reports; on a lost connection the outcome is unknown and is found out by
    /// reading.
    pub async fn commit(mut self) -> Result<()> {
        let news = std::mem::take(&mut self.news);
        let has_news = !news.is_empty();
        if has_news {
            super::events::write(&mut self, news).await?;
            if self.is_postgres() {
                self.run(Sql::same("select pg_notify('guichet', '')"), Vec::new()).await?;
            }
        }
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        self.db.count_commit();
        if has_news {
            self.db.news().notify_waiters();
        }
        Ok(())
    }

    /// True on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.inner, Inner::Postgres(_))
    }
}

/// PostgreSQL's text refuses U+0000; it is replaced on both, so that they hold the same.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text }
}

/// The same for the strings inside a document.
fn storable_json(value: Value) -> Value {
    match value {
        Value::String(s) => Value::String(storable(s)),
        Value::Array(items) => Value::Array(items.into_iter().map(storable_json).collect()),
        Value::Object(fields) => fields.into_iter().map(|(k, v)| (storable(k), storable_json(v))).collect(),
        other => other,
    }
}

macro_rules! args {
    ($name:ident, $args:ty) => {
        fn $name(values: Vec<Val>) -> Result<$args> {
            let mut args = <$args>::default();
            for value in values {
                match value {
                    Val::Id(v) => args.add(v),
                    Val::Int(v) => args.add(v),
                    Val::Flag(v) => args.add(v),
                    Val::Real(v) => args.add(v),
                    Val::Text(v) => args.add(v.map(storable)),
                    Val::Bytes(v) => args.add(v),
                    Val::Json(v) => args.add(v.map(storable_json)),
                }
                .map_err(|e| Error::Db(sqlx::Error::Encode(e)))?;
            }
            Ok(args)
        }
    };
}

args!(sqlite_args, SqliteArguments);
args!(pg_args, PgArguments);

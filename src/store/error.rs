//! How the database fails, in the few ways callers care about.

/// The store's result.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a statement or transaction did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such row in this scope.
    #[error("there is no such thing here")]
    NotFound,
    /// A row like that exists already; names the constraint or the columns.
    #[error("it exists already ({0})")]
    Conflict(String),
    /// The database is full, locked or away: nothing was written, try again.
    #[error("the database cannot take this now: {0}")]
    Busy(String),
    /// Anything else.
    #[error("database: {0}")]
    Db(sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Error::Busy(error.to_string()),
            sqlx::Error::RowNotFound => Error::NotFound,
            sqlx::Error::Database(e) if e.is_unique_violation() => {
                Error::Conflict(e.constraint().map_or_else(|| e.message().to_owned(), str::to_owned))
            }
            sqlx::Error::Database(e) if is_passing(e.code().as_deref()) => Error::Busy(e.message().to_owned()),
            _ => Error::Db(error),
        }
    }
}

/// SQLite: BUSY (5), LOCKED (6), FULL (13) and their extended codes. PostgreSQL: serialisation,
/// deadlock, too many connections, shutdown, out of space, cancelled, connection lost.
fn is_passing(code: Option<&str>) -> bool {
    let Some(code) = code else { return false };
    if let Ok(n) = code.parse::<u32>()
        && code.len() != 5
    {
        return matches!(n & 0xFF, 5 | 6 | 13);
    }
    ["40", "53", "55P03", "57", "08"].iter().any(|class| code.starts_with(class))
}

//! The seven kinds of value that SQLite and PostgreSQL both hold, and what may be bound as one.

use serde_json::Value;
use uuid::Uuid;

use super::At;

/// A value on its way into a statement. A null keeps its kind, which PostgreSQL asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Val {
    /// An identifier: `uuid`, or 16 bytes in SQLite.
    Id(Option<Uuid>),
    /// A whole number, or a moment in microseconds.
    Int(Option<i64>),
    /// Yes or no.
    Flag(Option<bool>),
    /// A fraction.
    Real(Option<f64>),
    /// Words.
    Text(Option<String>),
    /// Bytes as they came.
    Bytes(Option<Vec<u8>>),
    /// A document: `jsonb`, or text in SQLite.
    Json(Option<Value>),
}

/// What can be bound to a statement.
pub trait Bound {
    /// The value itself.
    fn val(self) -> Val;
    /// The null of this kind.
    fn null() -> Val;
}

impl<T: Bound> Bound for Option<T> {
    fn val(self) -> Val {
        self.map_or_else(T::null, Bound::val)
    }
    fn null() -> Val {
        T::null()
    }
}

macro_rules! bound {
    ($($kind:ident from $ty:ty, $x:ident => $to:expr;)*) => {$(
        impl Bound for $ty {
            fn val(self) -> Val { let $x = self; Val::$kind(Some($to)) }
            fn null() -> Val { Val::$kind(None) }
        }
    )*};
}

bound! {
    Id from Uuid, x => x;
    Int from i64, x => x;
    Int from i32, x => i64::from(x);
    Int from u32, x => i64::from(x);
    Flag from bool, x => x;
    Int from At, x => x.0;
    Real from f64, x => x;
    Text from String, x => x;
    Text from &String, x => x.clone();
    Text from &str, x => x.to_owned();
    Bytes from Vec<u8>, x => x;
    Bytes from &[u8], x => x.to_vec();
    Json from Value, x => x;
    Json from &Value, x => x.clone();
}

impl Bound for Val {
    fn val(self) -> Val {
        self
    }
    fn null() -> Val {
        Val::Text(None)
    }
}

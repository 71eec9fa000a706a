//! Many rows in few statements: `insert … values (…), (…)` in a few fixed sizes, so that the
//! statements stay prepared. This is where most of the speed of intake comes from.

use super::error::Result;
use super::tx::{Row, Sql, Tx};
use crate::base::val::Val;

/// A statement over rows: `insert into t (a, b) values`, then the rows, then `on conflict …`; or
/// `select … where brand_id = $1 and id in (values`, then the rows, then `)`.
#[derive(Debug, Clone, Copy)]
pub struct Bulk {
    /// What stands before the rows.
    pub head: &'static str,
    /// What stands after them.
    pub tail: &'static str,
}

/// Sizes a list of rows is cut into: statements of these sizes and no others are prepared.
const SIZES: [usize; 4] = [64, 16, 4, 1];

impl Bulk {
    /// Runs it over all rows; nothing comes back.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn run(self, tx: &mut Tx, rows: Vec<Vec<Val>>) -> Result<()> {
        for (sql, values) in self.statements(&[], rows, tx.is_postgres()) {
            tx.run(sql, values).await?;
        }
        Ok(())
    }

    /// Runs it over all rows; what `returning` gives comes back.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn all<T: Row>(self, tx: &mut Tx, rows: Vec<Vec<Val>>) -> Result<Vec<T>> {
        self.among(tx, &[], rows).await
    }

    /// As [`Bulk::all`], with values of the head (`$1` …) before the rows.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn among<T: Row>(self, tx: &mut Tx, head: &[Val], rows: Vec<Vec<Val>>) -> Result<Vec<T>> {
        let mut out = Vec::with_capacity(rows.len());
        for (sql, values) in self.statements(head, rows, tx.is_postgres()) {
            out.extend(tx.all(sql, values).await?);
        }
        Ok(out)
    }

    fn statements(self, head: &[Val], rows: Vec<Vec<Val>>, numbered: bool) -> Vec<(Sql, Vec<Val>)> {
        let width = rows.first().map_or(0, Vec::len);
        let mut rows = rows.into_iter();
        let mut out = Vec::new();
        while rows.len() > 0 {
            let size = SIZES.into_iter().find(|s| *s <= rows.len()).unwrap_or(1);
            let values = head.iter().cloned().chain(rows.by_ref().take(size).flatten()).collect();
            out.push((Sql::composed(self.text(head.len(), size, width, numbered)), values));
        }
        out
    }

    /// The statement's text. SQLite keeps a list of numbered places and walks it for each value, so it
    /// gets plain ones: the head names `$1` … once each and in order, which makes them the same.
    fn text(self, before: usize, rows: usize, width: usize, numbered: bool) -> String {
        let mut text = String::with_capacity(self.head.len() + self.tail.len() + rows * width * 6 + 16);
        text.push_str(&if numbered { self.head.to_owned() } else { plain(self.head, before) });
        text.push(' ');
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..width {
                if column > 0 {
                    text.push_str(", ");
                }
                if numbered {
                    text.push('$');
                    text.push_str(&(before + row * width + column + 1).to_string());
                } else {
                    text.push('?');
                }
            }
            text.push(')');
        }
        text.push(' ');
        text.push_str(self.tail);
        text
    }
}

/// `$1` … as plain places.
fn plain(head: &str, before: usize) -> String {
    (1..=before).fold(head.to_owned(), |text, n| text.replacen(&format!("${n}"), "?", 1))
}

//! What our account published of late, and who quotes it. X lists mentions, and a quote need not name
//! us; so quotes are searched for, by the posts they quote.
//!
//! Sources: docs.x.com/x-api/users/user-posts-timeline-by-user-id (`exclude`, `since_id`),
//! …/x-api/posts/search/integrate/operators (`quotes_of_tweet_id:`), …/build-a-query (512 characters
//! for self-serve), …/paginate (seven days back, `since_id` for who asks again and again); read
//! 2026-11. That `since_id` is refused once it is a week old is seen (2026-06 to 2026-08).

use std::time::Duration;

use serde_json::{Value, json};

use super::super::{Line, Refused};
use super::act::{moment, url};
use super::newer;
use super::poll::{self, ask_for, gather, is_cut, nothing, pages};
use crate::base::At;
use crate::base::json::Reads;
use crate::desk::budget::Budget;

/// As far back as X searches, but for an hour: the bound itself is refused.
const BACK: Duration = Duration::from_hours(7 * 24 - 1);

/// Publications whose quotes are searched for: the newest.
const POSTS: usize = 30;

/// Publications one search asks about: with ids of nineteen digits it has 456 characters.
const AT_ONCE: usize = 10;

/// The smallest page of a search.
const LEAST: u64 = 10;

/// What the account has published since it was last asked; in the last week, the first time.
pub(super) async fn published(line: &Line<'_>, known: &Value, budget: &Budget) -> Result<Value, Refused> {
    let ask = ask_for(url(line, &format!("2/users/{}/tweets", line.account.id))).query("exclude", "replies,retweets");
    let ask = match known.list("posts").iter().filter_map(|p| p.id("id")).reduce(newest) {
        Some(id) => ask.query("since_id", id),
        None => ask.query("start_time", moment(line.now.minus(BACK))),
    };
    pages(line, budget, poll::LEAST, "pagination_token", &ask).await
}

/// The publications whose quotes are worth a search, newest first, as the next poll will know them:
/// those known and those just read.
pub(super) fn recent(line: &Line<'_>, known: &Value, read: &Value) -> Value {
    let brief = |p: &Value| json!({"id": p.id("id"), "created_at": p.text("created_at")});
    let all = read.list("data").iter().chain(known.list("posts"));
    all.filter(|p| is_recent(line, p)).take(POSTS).map(brief).collect()
}

/// Posts of others that quote these publications, since the newest quote known. None while it is not
/// known what was published: a quote of that would be passed over.
pub(super) async fn quotes(line: &Line<'_>, posts: &Value, known: &Value, budget: &Budget) -> Result<Value, Refused> {
    let ids: Vec<String> = posts.as_array().into_iter().flatten().filter_map(|p| p.id("id")).collect();
    let mut all = nothing();
    for some in ids.chunks(AT_ONCE) {
        let ask = ask_for(url(line, "2/tweets/search/recent")).query("query", query(&line.account.id, some));
        let ask = match known["quote"].id("id").filter(|_| is_recent(line, &known["quote"])) {
            Some(id) => ask.query("since_id", id),
            None => ask.query("start_time", moment(line.now.minus(BACK))),
        };
        gather(&mut all, &pages(line, budget, LEAST, "next_token", &ask).await?);
    }
    Ok(all)
}

/// The newest quote known, as the next poll will know it: the same as before where not all were read.
pub(super) fn newest_quote(known: &Value, read: &Value) -> Value {
    let read = read.list("data").iter().filter(|_| !is_cut(read));
    let all = read.chain([&known["quote"]]).filter_map(|q| Some((q.id("id")?, q.text("created_at"))));
    let newest = all.reduce(|a, b| if newer(&b.0, &a.0) { b } else { a });
    newest.map_or(Value::Null, |(id, at)| json!({"id": id, "created_at": at}))
}

fn query(me: &str, posts: &[String]) -> String {
    let quoted: Vec<String> = posts.iter().map(|id| format!("quotes_of_tweet_id:{id}")).collect();
    format!("({}) -from:{me} -is:retweet", quoted.join(" OR "))
}

fn is_recent(line: &Line<'_>, post: &Value) -> bool {
    post.text("created_at").and_then(|t| At::parse(t).ok()).is_some_and(|at| at > line.now.minus(BACK))
}

fn newest(a: String, b: String) -> String {
    if newer(&b, &a) { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_as_long_as_x_takes() {
        let ids = vec!["2080761390344937001".to_owned(); AT_ONCE];
        assert_eq!(query("1790000000000000001", &ids).len(), 456);
        assert_eq!(query("7", &ids[..1]), "(quotes_of_tweet_id:2080761390344937001) -from:7 -is:retweet");
    }
}

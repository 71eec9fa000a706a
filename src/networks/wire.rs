//! Calling a network whose answers one function can judge: what the ends of a call mean is the same
//! everywhere, what a refusal means is the network's own.

use std::time::Duration;

use serde_json::Value;

use super::{Line, Refused};
use crate::base::At;
use crate::base::fetch::{Answer, Ask, Trouble};
use crate::desk::outbound::{LookBack, Outbound, Outcome, Refusal};

/// What an answer says when it is no success; none when it is one.
pub type Judge = fn(&Line<'_>, &Answer) -> Option<Outcome>;

/// Reads something.
///
/// # Errors
/// [`Refused`], as the network judges.
pub async fn read(line: &Line<'_>, ask: Ask, judge: Judge) -> Result<Value, Refused> {
    let answer = line.call(ask).await?;
    match judge(line, &answer) {
        Some(outcome) => Err(refused(outcome)),
        None => Ok(answer.json()),
    }
}

/// Does something; `done` makes the outcome of a success.
pub async fn act(
    line: &Line<'_>,
    ask: Ask,
    judge: Judge,
    done: impl FnOnce(&Answer, &Value) -> Outcome + Send,
) -> Outcome {
    match line.call(ask).await {
        Ok(answer) => judge(line, &answer).unwrap_or_else(|| done(&answer, &answer.json())),
        Err(Trouble::NoAnswer { .. }) => Outcome::Unknown("no answer came back".into()),
        Err(Trouble::NotSent { why, host }) => later(None, false, format!("{host}: {why}")),
        Err(Trouble::Forbidden(why)) => Outcome::Never(Refusal::Invalid, why.to_string()),
    }
}

/// Surely not done, to be tried again.
pub fn later(after: Option<Duration>, whole_channel: bool, why: impl Into<String>) -> Outcome {
    Outcome::Later { after, whole_channel, why: why.into() }
}

/// Done, with the id of what was made.
pub fn sent(external_id: Option<String>) -> Outcome {
    Outcome::Sent { external_id, recipient: None }
}

/// What the judgement of an act means for something that was to be read.
pub fn refused(outcome: Outcome) -> Refused {
    match outcome {
        Outcome::Reconnect(why) => Refused::Reconnect(why),
        Outcome::Never(refusal, why) => Refused::Never(refusal, why),
        // Whoever wants quiet and does not say how long is left alone for a minute.
        Outcome::Later { after: None, whole_channel: true, why } => Refused::Later(Some(Duration::from_mins(1)), why),
        Outcome::Later { after, why, .. } => Refused::Later(after, why),
        Outcome::Unknown(why) => Refused::Later(None, why),
        Outcome::Sent { .. } => Refused::Later(None, String::new()),
    }
}

/// What a search for something of ours found.
pub fn looked(found: Result<Vec<String>, Refused>) -> LookBack {
    match found {
        Ok(ids) if ids.is_empty() => LookBack::Absent,
        Ok(ids) => LookBack::Found(ids),
        Err(refused) => LookBack::CannotSay(refused.to_string()),
    }
}

/// True when something was there before we first tried; clocks may differ by two minutes.
pub fn is_before(at: Option<At>, out: &Outbound) -> bool {
    at.is_some_and(|at| at < out.asked_at.minus(Duration::from_mins(2)))
}

/// True when these are our words.
pub fn same_words(theirs: &str, out: &Outbound) -> bool {
    let plain = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
    plain(theirs) == plain(&out.text)
}

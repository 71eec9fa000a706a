//! Private conversations on Messenger and Instagram, as we write in them: the same call, the same
//! window, the same way of looking back.
//!
//! Sources: developers.facebook.com/docs/messenger-platform/reference/send-api,
//! …/docs/messenger-platform/instagram/features/send-message, …/policy/policy-overview; read 2026-11.

use serde_json::{Value, json};

use super::read;
use crate::base::At;
use crate::base::fetch::Ask;
use crate::base::json::Reads;
use crate::desk::limits::{Dm, Window, window};
use crate::desk::outbound::{Action, Outbound, Outcome, Refusal};
use crate::networks::{Line, Refused};

/// The body of a send: a private reply names what it answers, a message names the person. After the
/// window people may write for some days more, marked as people.
pub(in crate::networks) fn body(out: &Outbound, dm: &Dm, message: &Value) -> Result<Value, Outcome> {
    if out.action == Action::ReplyPrivate {
        let key = if out.target_is_post { "post_id" } else { "comment_id" };
        return Ok(json!({"recipient": {key: out.target}, "message": message}));
    }
    let Some(recipient) = &out.recipient else {
        return Err(Outcome::Never(Refusal::Invalid, "the conversation has no person".into()));
    };
    let to = match recipient.strip_prefix("ref:") {
        Some(user_ref) => json!({"user_ref": user_ref}),
        None => json!({"id": recipient}),
    };
    let message = &with_choices(message, &out.choices);
    match window(dm, out.last_inbound_at, out.now) {
        Window::Always | Window::Until(_) => {
            Ok(json!({"recipient": to, "messaging_type": "RESPONSE", "message": message}))
        }
        Window::HumanUntil(_) if out.human => {
            Ok(json!({"recipient": to, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": message}))
        }
        Window::HumanUntil(_) | Window::Closed(_) => {
            Err(Outcome::Never(Refusal::WindowClosed, "the time to answer in private is over".into()))
        }
    }
}

/// Choices as quick replies: 13 at most, 20 characters each; a press comes back as a message of these
/// words. Source: developers.facebook.com/docs/messenger-platform/send-messages/quick-replies and
/// …/instagram-platform/instagram-api-with-instagram-login/messaging-api/quick-replies; read 2026-11.
fn with_choices(message: &Value, choices: &[String]) -> Value {
    let mut message = message.clone();
    if !choices.is_empty() {
        let reply =
            |c: &String| json!({"content_type": "text", "title": c.chars().take(20).collect::<String>(), "payload": c});
        message["quick_replies"] = choices.iter().take(13).map(reply).collect();
    }
    message
}

/// What we wrote in a conversation, newest first, that may be this reply: the same words, not before
/// we first tried. Meta shows the twenty newest messages.
pub(in crate::networks) async fn by_us(
    line: &Line<'_>,
    out: &Outbound,
    us: &str,
    ask: Ask,
) -> Result<Vec<String>, Refused> {
    let call = ask
        .query("user_id", out.recipient.clone().unwrap_or_default())
        .query("fields", "messages.limit(20){id,message,from{id},created_time}");
    let body = read(line, call).await?;
    let messages = body.list("data").iter().flat_map(|c| c["messages"].list("data"));
    let ours = |m: &&Value| {
        let same = m.text("message").is_some_and(|said| said.trim() == out.text.trim());
        m["from"].id("id").as_deref() == Some(us) && same && !is_before(m, "created_time", out)
    };
    Ok(messages.filter(ours).filter_map(|m| m.id("id")).collect())
}

/// True when it was there before we first tried; clocks may differ by two minutes.
pub(in crate::networks) fn is_before(item: &Value, field: &str, out: &Outbound) -> bool {
    let created = item.text(field).and_then(time);
    created.is_some_and(|at| at < out.asked_at.minus(std::time::Duration::from_mins(2)))
}

/// Graph writes `2026-11-21T10:00:00+0000`.
pub(in crate::networks) fn time(text: &str) -> Option<At> {
    At::parse(text).ok().or_else(|| At::parse(&text.replace("+0000", "Z")).ok())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::desk::limits::{Length, Unit};

    #[test]
    fn the_window_is_kept_to_the_second_and_only_people_stay_longer() {
        let day = Duration::from_hours(24);
        let dm = Dm { length: Length::of(1_000, Unit::Bytes), window: Some(day), human_window: Some(day * 7) };
        let now = At::from_secs(1_795_251_600);
        let said = |ago: Duration, human: bool| {
            let out = Outbound {
                id: crate::base::id::OutboundId(uuid::Uuid::nil()),
                action: Action::Dm,
                text: "oui".into(),
                files: Vec::new(),
                choices: Vec::new(),
                target: None,
                target_is_post: false,
                thread: String::new(),
                root: None,
                post: None,
                recipient: Some("501".into()),
                human,
                letter: None,
                approved: None,
                last_inbound_at: Some(now.minus(ago)),
                asked_at: now,
                now,
            };
            body(&out, &dm, &json!({"text": "oui"})).map(|b| b["messaging_type"].as_str().unwrap().to_owned())
        };
        let asked = with_choices(&json!({"text": "?"}), &["1. Où est ma comman…".into(), "2. Autre chose".into()]);
        assert_eq!(
            asked["quick_replies"][1],
            json!({"content_type": "text", "title": "2. Autre chose", "payload": "2. Autre chose"})
        );
        assert_eq!(with_choices(&json!({"text": "?"}), &[]), json!({"text": "?"}));
        let second = Duration::from_secs(1);
        for human in [true, false] {
            assert_eq!(said(day.saturating_sub(second), human), Ok("RESPONSE".into()));
            assert!(matches!(said(day * 7 + second, human), Err(Outcome::Never(Refusal::WindowClosed, _))));
        }
        assert_eq!(said(day + second, true), Ok("MESSAGE_TAG".into()));
        assert_eq!(said((day * 7).saturating_sub(second), true), Ok("MESSAGE_TAG".into()));
        assert!(matches!(said(day + second, false), Err(Outcome::Never(Refusal::WindowClosed, _))));
    }
}

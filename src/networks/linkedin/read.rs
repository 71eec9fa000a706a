//! Notifications of an organisation's social actions, pushed or pulled: they have one shape.

use serde_json::Value;

use super::super::Unreadable;
use crate::base::At;
use crate::base::json::Reads;
use crate::base::sign::fingerprint;
use crate::desk::inbound::{Author, Element, Event, Post, Said, What, Wrote};
use crate::desk::message::{Kind, Visibility};

/// A hook's body (`notifications`) or a pull's (`elements`).
///
/// # Errors
/// [`Unreadable`] when it is neither.
pub(super) fn notifications(body: &Value) -> Result<Vec<Element>, Unreadable> {
    let Some(all) = ["notifications", "elements"].into_iter().find_map(|k| body[k].as_array()) else {
        return Err(Unreadable("there is no “notifications” list in the body".into()));
    };
    let mut elements: Vec<Element> = all.iter().map(notification).collect();
    // A pull may tell what a page of it told before.
    let mut seen = std::collections::BTreeSet::new();
    elements.retain(|e| seen.insert(e.key.clone()));
    Ok(elements)
}

/// The last part of a URN: `urn:li:organization:123`.
fn tail(urn: &str) -> String {
    urn.rsplit(':').next().unwrap_or(urn).to_owned()
}

/// What a comment stands under, and its own number. `urn:li:comment:(activity:A,C)` in one field is
/// `urn:li:comment:(urn:li:activity:A,C)` in another (seen); one comment has one number, whatever its
/// post is called.
pub(super) fn comment_urn(urn: &str) -> Option<(String, String)> {
    let inner = urn.strip_prefix("urn:li:comment:(")?.strip_suffix(')')?;
    let (object, id) = inner.rsplit_once(',')?;
    let object = if object.starts_with("urn:li:") { object.to_owned() } else { format!("urn:li:{object}") };
    (!id.is_empty() && id.len() <= 64).then(|| (object, id.to_owned()))
}

fn notification(n: &Value) -> Element {
    let account = n.text("organizationalEntity").map(tail);
    let at = n.number("lastModifiedAt").map(At::from_millis);
    let told = |key: String, said: Said| Element { account: account.clone(), key, said };
    let event = |key: String, what: What| told(key, Said::Event(Box::new(Event { at, what })));
    // The number of a notification may be negative (seen), and tells deliveries apart, not things.
    let number = n.id("notificationId").unwrap_or_else(|| fingerprint(&[&n.to_string()]));
    let unreadable = |why: &str| told(format!("u:{number}"), Said::Unreadable(why.to_owned()));
    let action = n.text("action").unwrap_or_default();
    let made = &n["decoratedGeneratedActivity"];
    let named = || n.id("generatedActivity").or_else(|| made["comment"].id("entity")).and_then(|u| comment_urn(&u));
    match action {
        "COMMENT" | "ADMIN_COMMENT" | "COMMENT_EDIT" => {
            let Some((object, id)) = named() else { return unreadable("a comment without its URN") };
            let comment = &made["comment"];
            let text = comment.text("text").map(str::to_owned);
            let owner = comment.id("owner");
            let own = action == "ADMIN_COMMENT" || is_us(owner.as_deref(), n);
            let wrote = Wrote {
                own,
                author: owner.filter(|_| !own).map(|id| Author { id, ..Author::default() }),
                text,
                post: Some(source(n, Some(&object))),
                // Whether it answers another comment has to be asked for.
                ask: !own,
                ..Wrote::new(id.clone(), Kind::Comment, Visibility::Public, id.clone())
            };
            if action == "COMMENT_EDIT" {
                let stamp = at.map(|a| a.millis().to_string()).unwrap_or_default();
                return event(format!("e:{id}:{stamp}"), What::Edited(wrote));
            }
            event(format!("w:{id}"), What::Wrote(wrote))
        }
        "COMMENT_DELETE" => match named() {
            Some((_, id)) => event(format!("d:{id}"), What::Deleted { id }),
            None => unreadable("a deletion that names no comment"),
        },
        "SHARE" | "SHARE_MENTION" => {
            let share = &made["share"];
            let Some(id) = n.id("generatedActivity").or_else(|| share.id("entity")) else {
                return unreadable("a share without its URN");
            };
            let text = share.text("text").map(str::to_owned).filter(|t| !t.trim().is_empty());
            let owner = share.id("owner");
            if is_us(owner.as_deref(), n) {
                let post = Post { text, own: Some(true), ..publication(&id) };
                return event(format!("p:{id}"), What::Published(post));
            }
            if action == "SHARE" && text.is_none() {
                return told(format!("n:{number}"), Said::Nothing("SHARE:without_words".into()));
            }
            let wrote = Wrote {
                author: owner.map(|id| Author { id, ..Author::default() }),
                text,
                post: (action == "SHARE").then(|| source(n, None)),
                ..Wrote::new(id.clone(), Kind::Mention, Visibility::Public, id.clone())
            };
            event(format!("w:{id}"), What::Wrote(wrote))
        }
        "LIKE" => match n.id("sourcePost") {
            Some(id) => event(
                format!("r:{number}"),
                What::Reacted { id, by: None, reaction: Some("like".into()), on_post: true },
            ),
            None => unreadable("a like of nothing"),
        },
        other => {
            let why: String = other.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
            told(format!("n:{number}"), Said::Nothing(format!("action:{why}")))
        }
    }
}

fn is_us(owner: Option<&str>, n: &Value) -> bool {
    let ours = n.text("organizationalEntity");
    owner.is_some() && owner == ours
}

fn publication(urn: &str) -> Post {
    Post {
        id: urn.to_owned(),
        permalink: Some(format!("https://www.linkedin.com/feed/update/{urn}/")),
        ..Post::default()
    }
}

/// The post that was acted upon. It is called an activity here, a share or a `ugcPost` there (seen):
/// the activity wins where it is named, since comments are numbered under it.
fn source(n: &Value, object: Option<&str>) -> Post {
    let names = [object, n.text("sourcePost"), n["decoratedSourcePost"].text("entity")];
    let all = || names.iter().flatten().copied();
    let id = all().find(|u| u.starts_with("urn:li:activity:")).or_else(|| all().next()).unwrap_or_default();
    let decorated = &n["decoratedSourcePost"];
    Post {
        text: decorated.text("text").map(str::to_owned),
        own: decorated.id("owner").map(|o| is_us(Some(&o), n)),
        ..publication(id)
    }
}

#[cfg(test)]
mod tests {
    use super::comment_urn;

    #[test]
    fn one_comment_has_one_number_however_it_is_called() {
        let named = |urn: &str| comment_urn(urn).unwrap();
        let whole = ("urn:li:activity:7".to_owned(), "9".to_owned());
        assert_eq!(named("urn:li:comment:(activity:7,9)"), whole);
        assert_eq!(named("urn:li:comment:(urn:li:activity:7,9)"), whole);
        assert_eq!(named("urn:li:comment:(urn:li:ugcPost:8,9)").1, "9");
        assert_eq!(comment_urn("urn:li:comment:9"), None);
        assert_eq!(comment_urn("urn:li:share:9"), None);
    }
}

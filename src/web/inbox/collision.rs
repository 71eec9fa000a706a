//! Two answered at once: both texts side by side, and the choice.

use serde::Serialize;

use crate::base::locale::t;
use crate::desk::message::Visibility;
use crate::store::messages::Message;
use crate::web::ask::Hand;

/// What the others said, and what one was about to say.
#[derive(Debug, Serialize)]
pub struct Collision {
    theirs: Vec<Theirs>,
    mine: String,
    /// The files that go along with it.
    along: String,
    visibility: &'static str,
    resolve: bool,
    key: String,
}

#[derive(Debug, Serialize)]
struct Theirs {
    by: String,
    time: String,
    text: String,
}

impl Collision {
    /// The others' answers beside one's own text.
    pub fn of(
        hand: &Hand,
        theirs: &[Message],
        (mine, along): (&str, &str),
        visibility: Visibility,
        resolve: bool,
        key: &str,
    ) -> Collision {
        let clock = hand.clockface();
        let by = |m: &Message| match (&m.by_rule, m.author_name.as_str()) {
            (Some(_), _) => t(hand.lang, "the-bot", &[]),
            (None, "") => t(hand.lang, "a-colleague", &[]),
            (None, name) => name.to_owned(),
        };
        let shown = |m: &Message| Theirs { by: by(m), time: clock.hour(m.at), text: m.text.clone() };
        Collision {
            theirs: theirs.iter().map(shown).collect(),
            mine: mine.to_owned(),
            along: along.to_owned(),
            visibility: visibility.as_str(),
            resolve,
            key: key.to_owned(),
        }
    }

    /// For trying the template.
    pub fn sample() -> Collision {
        let theirs = Theirs { by: "Karim".into(), time: "11:52".into(), text: "C’est parti <b>ce matin".into() };
        Collision {
            theirs: vec![theirs],
            mine: "Il part demain".into(),
            along: "f".into(),
            visibility: "public",
            resolve: true,
            key: "k".into(),
        }
    }
}

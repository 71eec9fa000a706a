//! Files that go along: each is a message of its own, with words beside it or without.
//!
//! Sources: developers.facebook.com/docs/whatsapp/cloud-api/reference/media (what is taken, how it is
//! handed over), …/whatsapp/cloud-api/messages/{image,video,audio,document}-messages (words beside it:
//! 1,024 characters, none beside a recording); read 2026-11.

use serde_json::{Value, json};

use super::super::{Line, meta};
use super::act::{ask, at};
use super::error;
use crate::base::fetch::{Ask, Body, FilePart, Trouble};
use crate::base::json::Reads;
use crate::desk::file::{Enclosed, Sort, Takes};
use crate::desk::limits::{Length, Unit};
use crate::desk::outbound::{Outcome, Refusal};

const MEBI: usize = 1 << 20;

/// What the Cloud API takes.
pub(super) const TAKES: Takes =
    Takes { most: 1, total: 100 * MEBI, sorts: &SORTS, words: Some(Length::of(1_024, Unit::Chars)) };

static SORTS: [Sort; 4] = [
    Sort { types: &["image/jpeg", "image/png"], most: 5 * MEBI, words: true },
    Sort { types: &["video/mp4", "video/3gpp"], most: 16 * MEBI, words: true },
    Sort { types: &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"], most: 16 * MEBI, words: false },
    Sort {
        types: &[
            "application/pdf",
            "text/plain",
            "application/msword",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.ms-excel",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ],
        most: 100 * MEBI,
        words: true,
    },
];

/// Hands a file over; its id there. Nothing has reached the person by that, however it ends.
pub(super) async fn hand_over(line: &Line<'_>, file: &Enclosed) -> Result<String, Outcome> {
    let later = |why: String| Outcome::Later { after: None, whole_channel: false, why };
    let fields = vec![("messaging_product", "whatsapp".to_owned()), ("type", file.media_type.clone())];
    let part = FilePart {
        field: "file",
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        bytes: file.bytes.clone(),
    };
    let call = Ask::post(at(line, &format!("{}/media", line.account.id))).body(Body::Parts(fields, part));
    let call = ask(line, call).map_err(|refused| Outcome::Reconnect(refused.to_string()))?;
    let answer = line.call(call).await.map_err(|trouble| match trouble {
        Trouble::Forbidden(why) => Outcome::Never(Refusal::Invalid, why.to_string()),
        other => later(other.to_string()),
    })?;
    meta::note_usage(line, &answer);
    if let Some(refused) = meta::error_in(&answer) {
        return Err(match error::outcome(&refused) {
            Outcome::Unknown(why) => later(why),
            known => known,
        });
    }
    answer.json().id("id").ok_or_else(|| later("no id came back for the file".into()))
}

/// The message that shows a file which was handed over.
pub(super) fn body(file: &Enclosed, id: &str, words: &str) -> (&'static str, Value) {
    let sort = match file.media_type.split('/').next() {
        Some("image") => "image",
        Some("video") => "video",
        Some("audio") => "audio",
        _ => "document",
    };
    let mut shown = json!({"id": id});
    if !words.is_empty() && sort != "audio" {
        shown["caption"] = words.into();
    }
    if sort == "document" {
        shown["filename"] = file.name.as_str().into();
    }
    (sort, shown)
}

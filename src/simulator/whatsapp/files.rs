//! Files handed over before they are shown in a message.
//!
//! Sources: developers.facebook.com/docs/whatsapp/cloud-api/reference/media (sorts and sizes; an id
//! comes back), …/whatsapp/cloud-api/messages/{image,video,audio,document}-messages (1,024 characters
//! beside it, none beside a recording; a name for documents only); read 2026-11.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::super::meta::{Done, Gone};
use crate::base::json::Reads;

const MEBI: u64 = 1 << 20;

/// What was handed over: by its id, its sort and its name.
#[derive(Debug, Default)]
pub struct Files(Mutex<BTreeMap<String, (&'static str, String)>>);

/// The sort of a media type, and the most bytes of one.
fn sort_of(media_type: &str) -> Option<(&'static str, u64)> {
    match media_type {
        "image/jpeg" | "image/png" => Some(("image", 5 * MEBI)),
        "video/mp4" | "video/3gpp" => Some(("video", 16 * MEBI)),
        "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" => Some(("audio", 16 * MEBI)),
        "text/plain" | "application/pdf" => Some(("document", 100 * MEBI)),
        office if office.starts_with("application/vnd.") || office == "application/msword" => {
            Some(("document", 100 * MEBI))
        }
        _ => None,
    }
}

impl Files {
    /// Takes one in.
    pub fn take_in(&self, fields: &Value) -> Done {
        let (file, told) = (&fields["file"], fields.text("type").unwrap_or_default());
        if fields.text("messaging_product") != Some("whatsapp") || !file.is_object() {
            return Err((131_008, 0, "Required parameter is missing"));
        }
        let (sort, most) = sort_of(told).ok_or((131_053, 0, "Media upload error: unsupported type"))?;
        let size = file["size"].as_u64().unwrap_or(0);
        if file.text("type") != Some(told) || size == 0 || size > most {
            return Err((131_053, 0, "Media upload error"));
        }
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = format!("{}", 700_000_000_000_001 + files.len());
        files.insert(id.clone(), (sort, file.text("name").unwrap_or_default().to_owned()));
        Ok(json!({"id": id}))
    }

    /// What a message shows: `image photo.png: Voilà`.
    pub fn shown(&self, sort: &str, shown: &Value) -> Result<String, Gone> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (is, name) =
            shown.text("id").and_then(|id| files.get(id)).ok_or((131_009, 0, "Parameter value is not valid"))?;
        let words = shown.text("caption").unwrap_or_default();
        let named = shown.text("filename");
        let fits = *is == sort && words.chars().count() <= 1_024 && (sort != "audio" || shown["caption"].is_null());
        if !fits || (sort == "document") != (named == Some(name.as_str())) {
            return Err((131_009, 0, "Parameter value is not valid"));
        }
        Ok(format!("{sort} {name}: {words}").trim_end_matches([' ', ':']).to_owned())
    }
}

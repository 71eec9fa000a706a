//! What comes along with a message.

use serde::{Deserialize, Serialize};

use crate::base::id::FileId;
use crate::words;

words! {
    /// What an attachment is, as far as the network says.
    pub enum AttachmentKind {
        /// A picture.
        Image = "image",
        /// A film.
        Video = "video",
        /// A recording.
        Audio = "audio",
        /// Any other file.
        File = "file",
        /// A sticker; pictures that stand for a feeling.
        Sticker = "sticker",
        /// A place.
        Location = "location",
        /// A link to something on the network: a post, a product, a story.
        Link = "link",
        /// A story of ours or naming us, gone after a day.
        Story = "story",
        /// Something this version cannot show.
        Unsupported = "unsupported",
    }
}

/// One attachment as the network described it; its bytes stay there until somebody looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// What it is.
    pub kind: AttachmentKind,
    /// Where it can be fetched, while the network keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// File name, caption or title, cleaned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The network's own id of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

/// Before the id of an attachment that came within its message's own body.
const WITHIN: &str = "part:";
/// Before the id of a file of ours.
const OURS: &str = "file:";

impl Attachment {
    /// One that came within the body of its message, by the network's key of that message and the
    /// part's place.
    pub fn within(kind: AttachmentKind, key: &str, place: usize) -> Attachment {
        Attachment { external_id: Some(format!("{WITHIN}{key}/{place}")), ..Attachment::new(kind, None) }
    }

    /// A file of ours, sent along.
    pub fn ours(kind: AttachmentKind, id: FileId) -> Attachment {
        Attachment { external_id: Some(format!("{OURS}{id}")), ..Attachment::new(kind, None) }
    }

    /// The file of ours it is, where it is one.
    pub fn file(&self) -> Option<FileId> {
        self.external_id.as_deref()?.strip_prefix(OURS)?.parse().ok()
    }

    /// The key of the message and the place of the part, where it came within the message's body.
    pub fn place(&self) -> Option<(&str, usize)> {
        let (key, place) = self.external_id.as_deref()?.strip_prefix(WITHIN)?.rsplit_once('/')?;
        Some((key, place.parse().ok()?))
    }

    /// An attachment of this kind at this address.
    pub fn new(kind: AttachmentKind, url: Option<&str>) -> Attachment {
        Attachment { kind, url: url.map(str::to_owned), title: None, external_id: None }
    }

    /// With a title, cleaned.
    #[must_use]
    pub fn titled(mut self, title: Option<&str>) -> Attachment {
        self.title = title.map(crate::base::text::clean_name).filter(|t| !t.is_empty());
        self
    }
}

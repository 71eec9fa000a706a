//! Files an agent sends along with a reply, and what of it a network takes.

use super::attachment::AttachmentKind;
use super::limits::Length;
use crate::base::id::FileId;

/// The most bytes of one file, whatever a network takes.
pub const MOST_BYTES: usize = 20 << 20;
/// The most files with one message or note.
pub const MOST_FILES: usize = 10;

/// A file, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Ours.
    pub id: FileId,
    /// Its name, cleaned.
    pub name: String,
    /// `image/png`; by its first bytes where they tell, else by its name.
    pub media_type: String,
    /// How many bytes.
    pub size: usize,
}

/// A file with its bytes, on its way to a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosed {
    /// Its name.
    pub name: String,
    /// `image/png`.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// A sort of file a network takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// Its media types.
    pub types: &'static [&'static str],
    /// The most bytes of one.
    pub most: usize,
    /// True when words may stand beside it.
    pub words: bool,
}

/// What files a network takes in a private conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takes {
    /// How many with one message.
    pub most: usize,
    /// How many bytes in all.
    pub total: usize,
    /// Which; none named: any.
    pub sorts: &'static [Sort],
    /// How long the words beside a file may be, where that differs from words alone.
    pub words: Option<Length>,
}

/// Why files cannot be sent this way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// No more than so many with one message.
    TooMany(usize),
    /// This file is longer than so many bytes.
    TooBig(String, usize),
    /// Together they are longer than so many bytes.
    TooBigTogether(usize),
    /// The network does not take this sort of file.
    Sort(String),
    /// Beside this file there can be no words.
    NoWords(String),
}

impl Takes {
    /// Whether these files, with words beside them or without, can go as one message.
    ///
    /// # Errors
    /// What stands against it.
    pub fn fits(&self, files: &[File], with_words: bool) -> Result<(), Unfit> {
        if files.len() > self.most {
            return Err(Unfit::TooMany(self.most));
        }
        for file in files {
            let sort = self.sorts.iter().find(|s| s.types.contains(&file.media_type.as_str()));
            if sort.is_none() && !self.sorts.is_empty() {
                return Err(Unfit::Sort(file.name.clone()));
            }
            let most = sort.map_or(self.total, |s| s.most).min(MOST_BYTES);
            if file.size > most {
                return Err(Unfit::TooBig(file.name.clone(), most));
            }
            if with_words && sort.is_some_and(|s| !s.words) {
                return Err(Unfit::NoWords(file.name.clone()));
            }
        }
        if files.iter().map(|f| f.size).sum::<usize>() > self.total {
            return Err(Unfit::TooBigTogether(self.total));
        }
        Ok(())
    }
}

/// What notes among colleagues take: they never leave the house.
pub const NOTES_TAKE: Takes = Takes { most: MOST_FILES, total: MOST_FILES * MOST_BYTES, sorts: &[], words: None };

/// What kind of attachment a media type is.
pub fn kind(media_type: &str) -> AttachmentKind {
    match media_type.split('/').next() {
        Some("image") if media_type != "image/svg+xml" => AttachmentKind::Image,
        Some("video") => AttachmentKind::Video,
        Some("audio") => AttachmentKind::Audio,
        _ => AttachmentKind::File,
    }
}

/// The media type of what is shown in place, by its first bytes; none for anything else.
pub fn shown_as(bytes: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..offset + magic.len()) == Some(magic);
    match bytes {
        _ if at(0, b"\xFF\xD8\xFF") => Some("image/jpeg"),
        _ if at(0, b"\x89PNG\r\n\x1A\n") => Some("image/png"),
        _ if at(0, b"GIF87a") || at(0, b"GIF89a") => Some("image/gif"),
        _ if at(0, b"RIFF") && at(8, b"WEBP") => Some("image/webp"),
        _ if at(0, b"RIFF") && at(8, b"WAVE") => Some("audio/wav"),
        _ if at(0, b"ID3") || at(0, b"\xFF\xFB") => Some("audio/mpeg"),
        _ if at(0, b"OggS") => Some("audio/ogg"),
        _ if at(4, b"ftypM4A") => Some("audio/mp4"),
        _ if at(4, b"ftyp") => Some("video/mp4"),
        _ if at(0, b"\x1A\x45\xDF\xA3") => Some("video/webm"),
        _ => None,
    }
}

/// The media type of a file: what its bytes say; else what its name says, unless that is something
/// bytes would have shown to be true.
pub fn media_type(name: &str, bytes: &[u8]) -> String {
    if let Some(shown) = shown_as(bytes) {
        return shown.to_owned();
    }
    let named = mime_guess::from_path(name).first_raw().unwrap_or("application/octet-stream");
    let would_show = ["image/jpeg", "image/png", "image/gif", "image/webp", "audio/wav", "video/mp4", "video/webm"];
    let named = if would_show.contains(&named) { "application/octet-stream" } else { named };
    named.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, media_type: &str, size: usize) -> File {
        File { id: FileId(uuid::Uuid::nil()), name: name.into(), media_type: media_type.into(), size }
    }

    #[test]
    fn what_is_no_picture_is_never_shown_in_place() {
        assert_eq!(shown_as(b"\x89PNG\r\n\x1A\n...."), Some("image/png"));
        for hostile in [&b"<svg onload=alert(1)>"[..], b"<!doctype html>", b"%PDF-1.7", b"GIF", b""] {
            assert_eq!(shown_as(hostile), None);
        }
    }

    #[test]
    fn bytes_are_believed_before_names() {
        assert_eq!(media_type("facture.pdf", b"%PDF-1.7"), "application/pdf");
        assert_eq!(media_type("facture.pdf", b"\x89PNG\r\n\x1A\n"), "image/png");
        assert_eq!(media_type("photo.png", b"<script>"), "application/octet-stream");
        assert_eq!(media_type("sans nom", b"?"), "application/octet-stream");
    }

    #[test]
    fn limits_hold_at_their_edges() {
        static SORTS: [Sort; 2] = [
            Sort { types: &["image/png"], most: 5, words: true },
            Sort { types: &["audio/ogg"], most: 16, words: false },
        ];
        let takes = Takes { most: 2, total: 8, sorts: &SORTS, words: None };
        let png = |size| file("p.png", "image/png", size);
        assert_eq!(takes.fits(&[png(5)], true), Ok(()));
        assert_eq!(takes.fits(&[png(6)], true), Err(Unfit::TooBig("p.png".into(), 5)));
        assert_eq!(takes.fits(&[png(4), png(4)], true), Ok(()));
        assert_eq!(takes.fits(&[png(4), png(5)], true), Err(Unfit::TooBigTogether(8)));
        assert_eq!(takes.fits(&[png(1), png(1), png(1)], true), Err(Unfit::TooMany(2)));
        assert_eq!(takes.fits(&[file("v.ogg", "audio/ogg", 8)], false), Ok(()));
        assert_eq!(takes.fits(&[file("v.ogg", "audio/ogg", 8)], true), Err(Unfit::NoWords("v.ogg".into())));
        assert_eq!(takes.fits(&[file("x.exe", "application/x", 1)], true), Err(Unfit::Sort("x.exe".into())));
        let anything = Takes { most: 1, total: MOST_BYTES + 1, sorts: &[], words: None };
        assert_eq!(anything.fits(&[file("x", "a/b", MOST_BYTES)], true), Ok(()));
        assert_eq!(
            anything.fits(&[file("x", "a/b", MOST_BYTES + 1)], true),
            Err(Unfit::TooBig("x".into(), MOST_BYTES))
        );
    }
}

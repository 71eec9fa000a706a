//! A picture of every sight, for eyes: beside the design, in both languages and themes, on two sizes of
//! window.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use guichet::base::Lang;
use serde_json::json;

use super::gallery::Gallery;
use super::{as_wide, look_at, still_browser};

/// Writes the pictures into the folder that `GUICHET_PICTURES` names; of sights only whose names hold
/// `GUICHET_PICTURES_OF`, where that is given.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a tool: its result is looked at by people"]
async fn of_everything() {
    let folder = PathBuf::from(std::env::var("GUICHET_PICTURES").expect("GUICHET_PICTURES names a folder"));
    std::fs::create_dir_all(&folder).unwrap();
    let of = std::env::var("GUICHET_PICTURES_OF").unwrap_or_default();
    let gallery = Gallery::open().await;
    let mut browser = still_browser().await;
    for lang in [Lang::Fr, Lang::En] {
        gallery.speaks(lang).await;
        for (n, sight) in gallery.sights.iter().enumerate().filter(|(_, s)| s.name.contains(&of)) {
            look_at(&mut browser, &gallery, sight, lang).await;
            for width in [1440, 390] {
                as_wide(&mut browser, width).await;
                for theme in ["light", "dark"] {
                    browser.eval(&format!("document.documentElement.dataset.theme = '{theme}'; true")).await;
                    let taken = browser.ask("Page.captureScreenshot", json!({"format": "png"})).await;
                    let picture = STANDARD.decode(taken["data"].as_str().unwrap()).unwrap();
                    let name: String =
                        sight.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
                    std::fs::write(folder.join(format!("{n:02}-{name}-{lang}-{width}-{theme}.png")), picture).unwrap();
                }
            }
        }
    }
}

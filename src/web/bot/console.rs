//! Trying a message: what is live says beside what the draft says, and why.

use axum::extract::Query;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Frame;
use super::rules::{self, Folder};
use super::shown::Shown;
use crate::base::text::excerpt;
use crate::desk::message::Visibility;
use crate::flow::bot::Said;
use crate::flow::replay::{self, Sample, Tried};
use crate::store::channels;
use crate::store::studio::sample::{self, Which};
use crate::web::Result;
use crate::web::ask::Desk;
use crate::web::page::{Page, View};

/// A message that is tried.
#[derive(Debug, Serialize)]
pub struct ConsoleView {
    frame: Frame,
    folders: Vec<Folder>,
    path: String,
    q: String,
    network: String,
    language: String,
    visibility: Visibility,
    post: String,
    networks: Vec<String>,
    /// What is live says, and what the draft says.
    told: Option<(Shown, Shown)>,
    /// Real messages to pick.
    real: Vec<(String, String)>,
}

impl View for ConsoleView {
    const FILE: &'static str = "bot/try.html";
    fn samples() -> Vec<ConsoleView> {
        let view = |told| ConsoleView {
            frame: Frame::sample("rules"),
            folders: rules::samples(),
            path: String::new(),
            q: "où est mon colis".into(),
            network: "facebook".into(),
            language: "fr".into(),
            visibility: Visibility::Public,
            post: "La gourde en acier".into(),
            networks: vec!["facebook".into(), "x".into()],
            told,
            real: vec![("où est ma commande".into(), "facebook".into())],
        };
        let sides = Some((super::shown::sample(false), super::shown::sample(true)));
        vec![view(sides), ConsoleView { real: Vec::new(), q: String::new(), ..view(None) }]
    }
}

/// What is tried.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    network: String,
    #[serde(default)]
    lang: String,
    visibility: Option<Visibility>,
    #[serde(default)]
    post: String,
}

/// A message, and what both would do with it.
pub async fn show(mut desk: Desk, Query(asked): Query<Asked>) -> Result<Page> {
    let frame = Frame::of(&mut desk, "rules").await?;
    let (hand, tx) = desk.parts();
    let (brand, house) = (hand.brand.id, &hand.web.house);
    let mut networks: Vec<String> = channels::of_brand(tx, brand).await?.into_iter().map(|c| c.network).collect();
    networks.sort();
    networks.dedup();
    let network = if asked.network.is_empty() { networks.first().cloned().unwrap_or_default() } else { asked.network };
    let visibility = asked.visibility.unwrap_or(Visibility::Private);
    let text: String = asked.q.trim().chars().take(2_000).collect();
    let post: String = asked.post.trim().chars().take(2_000).collect();
    let mut told = None;
    if !text.is_empty() {
        let stage = replay::stage(house, tx, brand, Tried::Draft).await?;
        let language = Some(asked.lang.as_str()).filter(|l| !l.is_empty());
        let post = Some(post.as_str()).filter(|p| visibility == Visibility::Public && !p.is_empty());
        let said = Said { post, ..Said::new(&text, &network, visibility, language) };
        let (live, draft) = replay::play::asked(house, &stage, said)?;
        let shown = |o: &crate::desk::replay::Outcome, b: &crate::flow::studio::Brain| {
            Shown::of(&json!(o), &b.library, hand.lang)
        };
        told = Some((shown(&live, &stage.live), shown(&draft, &stage.tried)));
    }
    let which = Which {
        brand,
        before: i64::MAX,
        from: crate::base::At(0),
        to: crate::base::At(i64::MAX),
        network: None,
        channel: None,
        most: Sample::default().last.min(8),
    };
    let real = sample::newest(tx, which).await?.into_iter().map(|h| (excerpt(&h.text, 140), h.network));
    let view = ConsoleView {
        frame,
        real: real.collect(),
        folders: rules::folders(hand, tx, "").await?,
        path: String::new(),
        q: text,
        network,
        language: asked.lang,
        visibility,
        post,
        networks,
        told,
    };
    desk.show("bot", &view)
}

//! The bot over the library: what it would do with a message, and stopping it.

use std::sync::{Arc, PoisonError};

use serde_json::json;

use super::library::LANGUAGES;
use super::{House, Reason, Result};
use crate::base::id::BrandId;
use crate::desk::agent::Power;
use crate::desk::bot::{Asked, Decision, decide};
use crate::desk::canned::{Entry, Library, Mode};
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::message::{Kind, Visibility};
use crate::desk::scope::Scope;
use crate::desk::triage::Facts;
use crate::search::Faq;
use crate::store::{Tx, brands, library, outbox};

/// A message to think about, as a customer wrote it somewhere.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The words.
    pub text: &'a str,
    /// The network's slug.
    pub network: &'a str,
    /// Who reads it.
    pub visibility: Visibility,
    /// The language, where it is known; else it is told from the words.
    pub language: Option<&'a str>,
}

impl House {
    /// What a brand's entries have learnt, remembered until the library changes.
    ///
    /// # Errors
    /// As the database reports, or when no index can be made.
    pub async fn faq(&self, tx: &mut Tx, brand: BrandId) -> Result<Arc<Faq>> {
        if let Some(known) = self.faqs.lock().unwrap_or_else(PoisonError::into_inner).get(&brand) {
            return Ok(Arc::clone(known));
        }
        let library = self.library(tx, brand).await?;
        let faq = tokio::task::spawn_blocking(move || learn(library.entries()));
        let faq = Arc::new(faq.await.map_err(anyhow::Error::from)??);
        self.faqs.lock().unwrap_or_else(PoisonError::into_inner).insert(brand, Arc::clone(&faq));
        Ok(faq)
    }

    /// What would be done with a message, by this library. `mode` says what each entry is open for.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn think(&self, library: &Library, faq: &Faq, said: Said<'_>, mode: &dyn Fn(&str) -> Mode) -> Result<Decision> {
        let facts = Facts {
            text: said.text,
            kind: if said.visibility == Visibility::Public { Kind::Comment } else { Kind::Dm },
            visibility: said.visibility,
            network: said.network,
            under_our_post: said.visibility == Visibility::Public,
            known_customer: false,
            has_team: false,
            rating: None,
        };
        let mut findings = self.rules.lexicon().look(&facts);
        if let Some(language) = said.language.and_then(|l| LANGUAGES.into_iter().find(|k| *k == l)) {
            findings.language = Some(language);
        }
        // Words too few to tell a language by are tried in each.
        let languages = findings.language.map_or_else(|| LANGUAGES.to_vec(), |l| vec![l]);
        let mut near = Vec::new();
        for language in languages {
            let found = faq.ask(language, said.text)?;
            let best = |n: &Vec<crate::desk::bot::Near>| n.first().map_or(0.0, |n| n.score);
            if best(&found) > best(&near) {
                near = found;
                findings.language = Some(language);
            }
        }
        let asked = Asked { text: said.text, visibility: said.visibility, findings: &findings, languages: &LANGUAGES };
        Ok(decide(&asked, &near, library, mode))
    }
}

/// Teaches an index every example.
///
/// # Errors
/// When no index can be made in memory.
pub fn learn<'a>(entries: impl Iterator<Item = &'a Entry>) -> anyhow::Result<Faq> {
    let all = entries.flat_map(|e| {
        let each = e.head.examples.iter();
        each.flat_map(move |(language, all)| all.iter().map(move |t| (e.path(), language.as_str(), t.as_str())))
    });
    Faq::learn(all)
}

/// What the bot would do with a message at a brand.
///
/// # Errors
/// As the database reports.
pub async fn ask(house: &House, tx: &mut Tx, brand: BrandId, said: Said<'_>) -> Result<Decision> {
    let (library, faq) = (house.library(tx, brand).await?, house.faq(tx, brand).await?);
    let kept = library::all(tx, brand).await?;
    let mode = |path: &str| {
        let kept = kept.iter().find(|k| k.path == path);
        kept.map_or(Mode::Off, |k| if said.visibility == Visibility::Public { k.public_mode } else { k.private_mode })
    };
    house.think(&library, &faq, said, &mode)
}

/// Stops a brand's bot, or lets it go on; what it had written and not yet sent is taken back.
/// Returns how many replies were taken back.
///
/// # Errors
/// [`Reason::NotAllowed`].
pub async fn switch(house: &House, scope: &Scope, brand: BrandId, stop: bool) -> Result<usize> {
    if !scope.may(brand, Power::StopBot) {
        return Err(Reason::NotAllowed.into());
    }
    let now = house.now();
    let mut tx = house.db.write().await?;
    brands::switch_bot(&mut tx, brand, stop.then_some(now)).await?;
    let back = if stop { outbox::cancel_bot(&mut tx, brand).await? } else { Vec::new() };
    for row in &back {
        let (delivery, why) = (crate::desk::delivery::Delivery::Cancelled, Some("bot_stopped"));
        crate::store::messages::set_delivery(&mut tx, brand, row.message_id, delivery, why, None, None).await?;
    }
    let actor = scope.who().map_or(Actor::House, Actor::Agent);
    tx.emit(
        now,
        Event::at(brand, EventKind::BotSwitched, actor).data(json!({"stopped": stop, "taken_back": back.len()})),
    );
    tx.commit().await?;
    Ok(back.len())
}

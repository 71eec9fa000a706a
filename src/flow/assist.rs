//! Help from an outside model, where a brand has set one up and an agent asks for it. It sends nothing
//! and changes nothing: what it gives stands in the composer, marked, for a person to read. When it
//! fails, that is said, and everything else is as before.

use std::time::Duration;

use serde_json::json;

use super::library::LANGUAGES;
use super::{Error, House, Reason, Result, facts};
use crate::base::fetch::Ask;
use crate::base::id::{BrandId, TicketId};
use crate::desk::agent::Power;
use crate::desk::assist::{self, Candidate, May, Question, Unfit};
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::quoting;
use crate::desk::scope::Scope;
use crate::store::assists::{self, Assist};
use crate::store::{self, Tx, brands, messages, thoughts, tickets};

/// Whoever waits for it waits no longer than this.
const PATIENCE: Duration = Duration::from_secs(12);
/// No answer worth reading is longer.
const LONGEST: usize = 256 << 10;
/// The longest draft, in characters.
const DRAFT: usize = 1_200;
/// So many entries are shown.
const SHOWN: usize = 3;

/// How a brand's model is set up.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What stands before `/chat/completions`.
    pub address: String,
    /// Its name there.
    pub model: String,
    /// What it may do.
    pub may: May,
    /// A new key; none keeps the one there is, as long as the address stays the same.
    pub key: Option<String>,
}

/// Sets the model of a brand up. A key belongs to an address: with another address it is forgotten.
///
/// # Errors
/// [`Reason::NotAllowed`]; [`Reason::MissingSetting`] where address or model cannot be used.
pub async fn set(house: &House, scope: &Scope, brand: BrandId, setup: Setup) -> Result<()> {
    let agent = scope.who().filter(|_| scope.may(brand, Power::Manage)).ok_or(Reason::NotAllowed)?;
    let address = setup.address.trim().trim_end_matches('/').to_owned();
    let model = setup.model.trim().to_owned();
    let sound = url::Url::parse(&address).is_ok_and(|u| {
        matches!(u.scheme(), "https" | "http")
            && u.host_str().is_some()
            && u.username().is_empty()
            && u.query().is_none()
    });
    if setup.may != May::Off && (!sound || address.len() > 300) {
        return Err(Reason::MissingSetting.about("https://…"));
    }
    if setup.may != May::Off && (model.is_empty() || model.chars().count() > 200) {
        return Err(Reason::MissingSetting.about("model"));
    }
    let mut tx = house.db.write().await?;
    let before = assists::of_brand(&mut tx, brand).await?;
    let sealed = match setup.key.map(|k| k.trim().to_owned()).filter(|k| !k.is_empty()) {
        Some(key) => Some(house.keys.seal(&place(brand), key.as_bytes())),
        None => before.filter(|b| b.address == address).and_then(|b| b.sealed),
    };
    let now = house.now();
    let new =
        Assist { brand_id: brand, address, model, may: setup.may, sealed, changed_by: Some(agent), changed_at: now };
    assists::put(&mut tx, &new).await?;
    let event = Event::at(brand, EventKind::LibraryChanged, Actor::Agent(agent));
    tx.emit(now, event.data(json!({"assist": new.may})));
    Ok(tx.commit().await?)
}

fn place(brand: BrandId) -> String {
    format!("assists.sealed/{brand}")
}

/// What it gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Help {
    /// One of the entries that the rules offer: the text is the library's.
    Entry(String),
    /// A draft.
    Draft(String),
}

/// What is asked, and what of the answer may be repeated.
struct Asked {
    setup: Assist,
    body: serde_json::Value,
    candidates: Vec<Candidate>,
    known: Vec<String>,
}

/// Asks the brand's model about the last thing a customer wrote in a ticket.
///
/// # Errors
/// [`Reason::NotAllowed`], [`Reason::NoAssist`], [`Reason::NothingToAnswer`]; [`Reason::AssistFailed`]
/// with what went wrong on the way, [`Reason::AssistUnfit`] with the word of an [`Unfit`].
pub async fn help(house: &House, scope: &Scope, ticket: TicketId) -> Result<(Help, String)> {
    let mut tx = house.db.read().await?;
    let asked = asked(house, &mut tx, scope, ticket).await?;
    let brand = asked.setup.brand_id;
    // Nothing of the database is held while somebody else thinks.
    drop(tx);
    let mut call = Ask::post(format!("{}/chat/completions", asked.setup.address)).json(asked.body);
    if let Some(sealed) = &asked.setup.sealed {
        let key = house.keys.open_sealed(&place(brand), sealed)?;
        call = call.bearer(&String::from_utf8_lossy(&key));
    }
    let agent = scope.who().ok_or(Reason::NotAllowed)?;
    let answer = house.fetch.within(PATIENCE).call(call).await;
    let mut tx = house.db.write().await?;
    let event = Event::of(brand, EventKind::RuleActed, ticket, Actor::Agent(agent));
    tx.emit(house.now(), event.data(json!({"did": "assisted", "model": asked.setup.model})));
    tx.commit().await?;
    let answer = answer.map_err(|trouble| Reason::AssistFailed.about(trouble.to_string()))?;
    if !answer.ok() {
        return Err(Reason::AssistFailed.about(format!("HTTP {}", answer.status)));
    }
    if answer.body.len() > LONGEST {
        return Err(unfit(Unfit::Long));
    }
    let body = answer.json();
    let help = match asked.setup.may {
        May::Draft => Help::Draft(assist::draft(&body, &asked.known, DRAFT).map_err(unfit)?),
        _ => Help::Entry(assist::chosen(&body, &asked.candidates).map_err(unfit)?),
    };
    Ok((help, asked.setup.model))
}

fn unfit(why: Unfit) -> Error {
    Reason::AssistUnfit.about(why.to_string())
}

async fn asked(house: &House, tx: &mut Tx, scope: &Scope, ticket: TicketId) -> Result<Asked> {
    let ticket = tickets::get(tx, scope, ticket).await?;
    if !scope.may(ticket.brand_id, Power::Handle) {
        return Err(Reason::NotAllowed.into());
    }
    let setup = assists::of_brand(tx, ticket.brand_id).await?.filter(|a| a.may != May::Off).ok_or(Reason::NoAssist)?;
    let last = messages::last_inbound(tx, ticket.brand_id, ticket.id).await?.ok_or(Reason::NothingToAnswer)?;
    let brand = brands::get(tx, ticket.brand_id).await?;
    let values = facts::of_brand(tx, &brand).await?;
    let library = house.library(tx, brand.id).await?;
    let thought = thoughts::of_message(tx, brand.id, last.id).await?;
    let language = thought.as_ref().and_then(|t| t.language.clone()).or(ticket.language.clone());
    let language = language.filter(|l| LANGUAGES.contains(&l.as_str())).unwrap_or_else(|| "fr".into());
    let near = thought.map(|t| {
        let others: Vec<String> = serde_json::from_value(t.others).unwrap_or_default();
        t.entry.into_iter().chain(others).collect::<Vec<String>>()
    });
    // Only what the brand says to everybody: nothing of this customer stands in it.
    let text = |path: &String| {
        let entry = library.get(path)?;
        let place = (language.as_str(), ticket.network.as_str(), last.visibility);
        let text = library.choose(entry, None, place, &values)?.filled.text();
        Some(Candidate { entry: path.clone(), title: entry.title(&language).to_owned(), text })
    };
    let candidates: Vec<Candidate> = near.unwrap_or_default().iter().filter_map(text).take(SHOWN).collect();
    if candidates.is_empty() && setup.may == May::Choose {
        return Err(unfit(Unfit::Nothing));
    }
    let said = quoting::said(last.kind, &last.text);
    let question = Question {
        model: &setup.model,
        may: setup.may,
        brand: &brand.name,
        language: &language,
        said,
        candidates: &candidates,
        most: DRAFT,
    };
    let body = assist::body(&question);
    let stated = store::facts::all(tx, brand.id).await?.into_iter().map(|f| f.value);
    let known = candidates.iter().map(|c| c.text.clone()).chain(stated).collect();
    Ok(Asked { setup, body, candidates, known })
}

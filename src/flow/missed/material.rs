//! What a new entry can be made of: questions as examples, an answer as a text; without what belongs
//! to one person.

use std::collections::BTreeMap;

use crate::base::id::{AnyId, BrandId, MessageId, TicketId};
use crate::desk::canned::Library;
use crate::desk::message::{Direction, Visibility};
use crate::desk::missed::Told;
use crate::desk::missed::draft::{Draft, name_for};
use crate::desk::missed::reuse::{self, Around};
use crate::desk::scope::Scope;
use crate::flow::library::LANGUAGES;
use crate::flow::{House, Reason, Result};
use crate::store::messages::{self, Message};
use crate::store::surveys::{self, Kept};
use crate::store::{Tx, agents, brands, contacts, facts, tickets};

/// Examples for each language.
const EXAMPLES: usize = 8;
/// Questions that are looked through for them.
const LOOK: i64 = 400;
/// Longer questions are poor examples.
const LONGEST: usize = 200;
/// And so are shorter ones.
const SHORTEST: usize = 5;

/// What a cluster gives.
#[derive(Debug, Clone)]
pub struct Material {
    /// The words in its middle.
    pub title: String,
    /// A new entry, as far as it writes itself.
    pub draft: Draft,
    /// Examples in any language, also those entries are not written in.
    pub texts: BTreeMap<String, Vec<String>>,
    /// The entry they come near to.
    pub near: Option<String>,
}

/// The material of a cluster.
///
/// # Errors
/// As the database reports.
pub async fn of_cluster(house: &House, tx: &mut Tx, scope: &Scope, cluster: &Kept) -> Result<Material> {
    let brand = cluster.brand_id;
    let members = surveys::members(tx, cluster.id, 0, LOOK).await?;
    let ids: Vec<MessageId> = members.iter().map(|m| m.message_id).collect();
    let found: BTreeMap<MessageId, Message> =
        messages::many(tx, brand, &ids).await?.into_iter().map(|m| (m.id, m)).collect();
    let languages: Vec<(String, usize)> = serde_json::from_value(cluster.languages.clone()).unwrap_or_default();
    let mut each = languages.iter().flat_map(|(l, n)| std::iter::repeat_n(l.as_str(), *n));
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut title = String::new();
    for (id, language) in ids.iter().zip(&mut each) {
        let Some(message) = found.get(id) else { continue };
        let example = example(message);
        let all = texts.entry(language.to_owned()).or_default();
        if title.is_empty() {
            title.clone_from(&example);
        }
        let length = example.chars().count();
        if all.len() < EXAMPLES && (SHORTEST..=LONGEST).contains(&length) && !all.contains(&example) {
            all.push(example);
        }
    }
    let told: Vec<Told> = serde_json::from_value(cluster.answers.clone()).unwrap_or_default();
    let mut answers = BTreeMap::new();
    for told in told.iter().filter(|t| LANGUAGES.contains(&t.language.as_str())) {
        if let Some(message) = messages::many(tx, brand, &[told.central]).await?.first() {
            answers.insert(told.language.clone(), answer(tx, scope, message).await?);
        }
    }
    let library = house.library(tx, brand).await?;
    let near = cluster.near.clone();
    let folder = folder(house, tx, brand, &library, near.as_deref(), &texts).await?;
    let draft = drafted(&title, &folder, &texts, answers, languages.first().map(|l| l.0.as_str()));
    Ok(Material { title, draft, texts, near })
}

/// The material of a reply that was sent: its words, and the question it answered.
///
/// # Errors
/// [`Reason::EmptyText`] where it is no reply of a colleague to a customer.
pub async fn of_reply(house: &House, tx: &mut Tx, scope: &Scope, message: MessageId) -> Result<(BrandId, Draft)> {
    let reply = messages::get(tx, scope, message).await?;
    let (brand, from_us) = (reply.brand_id, reply.direction == Direction::Outbound && reply.agent_id.is_some());
    let Some(ticket) = reply.ticket_id.filter(|_| from_us && reply.visibility != Visibility::Internal) else {
        return Err(Reason::EmptyText.into());
    };
    let before = messages::of_ticket(tx, brand, ticket).await?;
    let question = before.iter().rev().find(|m| m.direction == Direction::Inbound && m.at <= reply.at);
    let known = question.and_then(|q| q.language.clone()).or(tickets::get(tx, scope, ticket).await?.language);
    let language = known.filter(|l| LANGUAGES.contains(&l.as_str())).unwrap_or_else(|| LANGUAGES[0].to_owned());
    let example = question.map(example).unwrap_or_default();
    let texts: BTreeMap<String, Vec<String>> = [(language.clone(), vec![example.clone()])].into();
    let answers = [(language.clone(), answer(tx, scope, &reply).await?)].into();
    let library = house.library(tx, brand).await?;
    let folder = folder(house, tx, brand, &library, None, &texts).await?;
    Ok((brand, drafted(&example, &folder, &texts, answers, Some(&language))))
}

fn drafted(
    title: &str,
    folder: &str,
    texts: &BTreeMap<String, Vec<String>>,
    answers: BTreeMap<String, String>,
    language: Option<&str>,
) -> Draft {
    let ours = |l: &str| LANGUAGES.contains(&l);
    let titles = |(l, t): (&String, &Vec<String>)| ours(l).then(|| Some((l.clone(), t.first()?.clone())))?;
    let mut draft = Draft {
        path: format!("{folder}/{}", name_for(title)),
        title: texts.iter().filter_map(titles).collect(),
        examples: texts.iter().filter(|(l, _)| ours(l)).map(|(l, t)| (l.clone(), t.clone())).collect(),
        answers,
    };
    if let Some(language) = language.filter(|l| ours(l)) {
        draft.title.insert(language.to_owned(), title.to_owned());
    }
    draft
}

/// A question as an example.
pub(super) fn example(message: &Message) -> String {
    let said = crate::desk::quoting::said(message.kind, &message.text);
    reuse::example(said, Some(message.author_name.as_str()).filter(|n| !n.is_empty()))
}

/// A colleague's reply as a text for everybody.
async fn answer(tx: &mut Tx, scope: &Scope, reply: &Message) -> Result<String> {
    let brand = brands::get(tx, reply.brand_id).await?;
    let mut stated = vec![("brand.name".to_owned(), brand.name.clone())];
    stated.extend(facts::all(tx, brand.id).await?.into_iter().map(|f| (format!("brand.{}", f.name), f.value)));
    // The longest first: an address may begin with another.
    stated.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
    let around = Around {
        contact: match reply.ticket_id {
            Some(ticket) => Some(name_in(tx, scope, ticket).await?),
            None => None,
        },
        agent: match reply.agent_id {
            Some(agent) => Some(agents::me(tx, agent).await?.name),
            None => None,
        },
        facts: stated,
    };
    Ok(reuse::answer(&reply.text, &around))
}

async fn name_in(tx: &mut Tx, scope: &Scope, ticket: TicketId) -> Result<String> {
    let ticket = tickets::get(tx, scope, ticket).await?;
    Ok(contacts::get(tx, scope, ticket.contact_id).await?.name)
}

/// The folder a new entry would stand in: that of the entry it comes nearest to.
async fn folder(
    house: &House,
    tx: &mut Tx,
    brand: BrandId,
    library: &Library,
    near: Option<&str>,
    texts: &BTreeMap<String, Vec<String>>,
) -> Result<String> {
    let of = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
    if let Some(near) = near {
        return Ok(of(near));
    }
    let faq = house.faq(tx, brand).await?;
    let mut votes: BTreeMap<String, f64> = BTreeMap::new();
    for (language, text) in texts.iter().flat_map(|(l, all)| all.iter().map(move |t| (l, t))) {
        if let Some(nearest) = faq.ask(language, text).first() {
            *votes.entry(of(&nearest.entry)).or_default() += nearest.score;
        }
    }
    let best = votes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
    let first = || library.entries().next().map(|e| e.folder.clone());
    Ok(best.map(|(folder, _)| folder).or_else(first).unwrap_or_else(|| "questions".to_owned()))
}

/// A cluster of a brand.
///
/// # Errors
/// [`crate::store::Error::NotFound`]: it was decided about, or a new survey has no such cluster.
pub async fn cluster(tx: &mut Tx, brand: BrandId, id: AnyId) -> Result<Kept> {
    Ok(surveys::cluster(tx, brand, id).await?.ok_or(crate::store::Error::NotFound)?)
}

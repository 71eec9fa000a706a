//! What somebody decides about missed questions: a new entry, examples of one that is there, silence.

use std::collections::BTreeMap;

use serde_json::json;

use super::material::{self, Material};
use crate::base::id::{AnyId, BrandId, MessageId};
use crate::desk::agent::Power;
use crate::desk::canned::Mode;
use crate::desk::message::Visibility;
use crate::desk::missed::attach::with_examples;
use crate::desk::missed::draft::Draft;
use crate::desk::scope::Scope;
use crate::flow::studio::learn;
use crate::flow::{House, Reason, Result, bot, library};
use crate::store::choices::{self, Choice, Chosen};
use crate::store::{Error, surveys};

/// Makes an entry of a cluster. It stands in the draft when this returns, to be rehearsed and published,
/// and its questions are not missed any more; what is asked later and missed all the same is. With
/// `never` it is in the library at once, and the bot does nothing with it: it keeps silent on what asks
/// this, and agents have the text.
///
/// # Errors
/// As [`learn::add`]; when the cluster is gone.
pub async fn make_entry(
    house: &House,
    scope: &Scope,
    brand: BrandId,
    cluster: AnyId,
    (draft, never): (&Draft, bool),
) -> Result<()> {
    let material = material_of(house, scope, brand, cluster).await?;
    if never {
        library::save(house, scope, brand, (format!("{}.md", draft.path), draft.source()), 0).await?;
        for visibility in [Visibility::Private, Visibility::Public] {
            bot::set_mode(house, scope, brand, &draft.path, visibility, Mode::Off).await?;
        }
    } else {
        learn::add(house, scope, brand, &draft.path, draft.source()).await?;
    }
    let choice = if never { Chosen::Never } else { Chosen::Entry };
    settle(house, scope, brand, cluster, (choice, Some(draft.path.clone())), &material).await
}

/// Adds examples, by language, to an entry that is there, in the draft, and settles the cluster they
/// came from.
///
/// # Errors
/// As [`learn::learn`]; [`Reason::UnfitReply`] for a file that is written in a way examples cannot be
/// added to by themselves.
pub async fn attach(
    house: &House,
    scope: &Scope,
    brand: BrandId,
    cluster: AnyId,
    (path, examples): (&str, &BTreeMap<String, Vec<String>>),
) -> Result<()> {
    let material = material_of(house, scope, brand, cluster).await?;
    let file = format!("{path}.md");
    let grow = |standing: Option<String>| {
        let mut source = standing.ok_or(Error::NotFound)?;
        for (language, texts) in examples {
            source = with_examples(&file, &source, language, texts).ok_or_else(|| Reason::UnfitReply.about(&*file))?;
        }
        Ok(source)
    };
    learn::learn(house, scope, brand, path, grow).await?;
    settle(house, scope, brand, cluster, (Chosen::Attached, Some(path.to_owned())), &material).await
}

/// These are of no interest, nor is what asks the same.
///
/// # Errors
/// [`Reason::NotAllowed`]; when the cluster is gone.
pub async fn ignore(house: &House, scope: &Scope, brand: BrandId, cluster: AnyId) -> Result<()> {
    let material = material_of(house, scope, brand, cluster).await?;
    settle(house, scope, brand, cluster, (Chosen::Ignored, None), &material).await
}

/// Takes a decision back: its questions are missed again with the next survey. What became of them in
/// the library stays there.
///
/// # Errors
/// [`Reason::NotAllowed`]; when there is no such decision.
pub async fn take_back(house: &House, scope: &Scope, brand: BrandId, choice: AnyId) -> Result<()> {
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    if !choices::forget(&mut tx, brand, choice).await? {
        return Err(Error::NotFound.into());
    }
    surveys::ask(&mut tx, brand, house.now()).await?;
    tx.commit().await?;
    house.bells.missed.notify_one();
    Ok(())
}

async fn material_of(house: &House, scope: &Scope, brand: BrandId, cluster: AnyId) -> Result<Material> {
    if !scope.may(brand, Power::Write) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.read().await?;
    let cluster = material::cluster(&mut tx, brand, cluster).await?;
    material::of_cluster(house, &mut tx, scope, &cluster).await
}

/// Remembers the decision, for these questions and for what asks the same.
async fn settle(
    house: &House,
    scope: &Scope,
    brand: BrandId,
    cluster: AnyId,
    (choice, entry): (Chosen, Option<String>),
    material: &Material,
) -> Result<()> {
    let mut tx = house.db.write().await?;
    let members: Vec<MessageId> =
        surveys::members(&mut tx, cluster, 0, i64::MAX).await?.into_iter().map(|m| m.message_id).collect();
    let choice = Choice {
        id: house.given.id(),
        brand_id: brand,
        choice,
        entry,
        title: material.title.clone(),
        texts: json!(material.texts),
        agent_id: scope.who(),
        at: house.now(),
    };
    choices::note(&mut tx, &choice, &members).await?;
    surveys::drop(&mut tx, brand, cluster).await?;
    Ok(tx.commit().await?)
}

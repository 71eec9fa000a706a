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
use crate::flow::{House, Reason, Result, bot, library};
use crate::store::choices::{self, Choice, Chosen};
use crate::store::{Error, library as kept, surveys};

/// Makes an entry of a cluster. The entry stands when this returns, and its questions are not missed
/// any more; what is asked later and missed all the same is. With `never` the bot does nothing with the
/// entry: it keeps silent on what asks this, and agents have the text.
///
/// # Errors
/// As [`library::save`]; when the cluster is gone.
pub async fn make_entry(
    house: &House,
    scope: &Scope,
    brand: BrandId,
    cluster: AnyId,
    (draft, never): (&Draft, bool),
) -> Result<i64> {
    let material = material_of(house, scope, brand, cluster).await?;
    let version = library::propose(house, scope, brand, (format!("{}.md", draft.path), draft.source()), 0).await?;
    if never {
        for visibility in [Visibility::Private, Visibility::Public] {
            bot::set_mode(house, scope, brand, &draft.path, visibility, Mode::Off).await?;
        }
    }
    let choice = if never { Chosen::Never } else { Chosen::Entry };
    settle(house, scope, brand, cluster, (choice, Some(draft.path.clone())), &material).await?;
    Ok(version)
}

/// Adds examples, by language, to an entry that is there, and settles the cluster they came from.
///
/// # Errors
/// As [`library::save`]; [`Reason::UnfitReply`] for a file that is written in a way examples cannot be
/// added to by themselves.
pub async fn attach(
    house: &House,
    scope: &Scope,
    brand: BrandId,
    cluster: AnyId,
    (path, examples): (&str, &BTreeMap<String, Vec<String>>),
) -> Result<i64> {
    let material = material_of(house, scope, brand, cluster).await?;
    let standing = kept::get(&mut house.db.read().await?, brand, path).await?.ok_or(Error::NotFound)?;
    let file = format!("{path}.md");
    let mut source = standing.source.clone();
    for (language, texts) in examples {
        source = with_examples(&file, &source, language, texts).ok_or_else(|| Reason::UnfitReply.about(&*file))?;
    }
    let version = library::propose(house, scope, brand, (file, source), standing.version).await?;
    settle(house, scope, brand, cluster, (Chosen::Attached, Some(path.to_owned())), &material).await?;
    Ok(version)
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

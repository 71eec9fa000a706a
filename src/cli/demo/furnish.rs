//! The desk of the demo: brands, channels, people, and the link that signs in.

use std::time::Duration;

use anyhow::Context;

use crate::base::Lang;
use crate::base::id::{AgentId, BrandId};
use crate::config::Config;
use crate::desk::agent::Role;
use crate::desk::canned::Mode;
use crate::desk::message::Visibility;
use crate::desk::scope::Scope;
use crate::flow::connect::{self, NewChannel};
use crate::flow::found::{self, NewBrand};
use crate::flow::people::{self, Host, NewAgent};
use crate::flow::{House, bot, facts};
use crate::simulator::Simulator;
use crate::simulator::facebook::NewPage;
use crate::simulator::push::Target;
use crate::simulator::scenes::{Scenario, Scene};
use crate::store::{agents, brands, channels};

/// Who works here, and the link.
pub struct Furnished {
    /// Signs Sarah in.
    pub link: String,
    /// The visitor.
    pub sarah: AgentId,
    /// A colleague of support.
    pub karim: AgentId,
    /// A colleague of sales.
    pub hugo: AgentId,
}

/// Brands, people and channels, where they are not there yet; the link that signs Sarah in.
pub async fn furnish(
    house: &House,
    config: &Config,
    simulator: &Simulator,
    scenario: &Scenario,
) -> anyhow::Result<Furnished> {
    for scene in scenario.brands {
        let (slug, name, page) = (scene.slug, scene.name, scene.page);
        let known = brands::by_slug(&mut house.db.read().await?, slug).await.ok();
        let brand = if let Some(brand) = known {
            brand
        } else {
            let new = NewBrand {
                slug: slug.into(),
                name: name.into(),
                languages: vec!["fr".into(), "en".into()],
                timezone: "Europe/Paris".into(),
            };
            let brand = found::brand(house, new).await?;
            open_for_business(house, brand.id, scene).await?;
            brand
        };
        let channels = channels::of_brand(&mut house.db.read().await?, brand.id).await?;
        let channel = channels.into_iter().find(|c| c.network == "facebook");
        let id = if let Some(channel) = channel {
            let settings = [("api_base".to_owned(), simulator.api_base("facebook"))];
            connect::reconnect(house, &Scope::house(brand.id), channel.id, &settings).await?;
            channel.id
        } else {
            let pairs = [
                ("page_id", page),
                ("page_token", "demo-token-"),
                ("app_secret", "demo-secret"),
                ("verify_token", "demo"),
            ];
            let mut settings: Vec<(String, String)> =
                pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            settings[1].1.push_str(slug);
            settings.push(("api_base".into(), simulator.api_base("facebook")));
            let new = NewChannel {
                network: "facebook".into(),
                brand: brand.id,
                name: name.into(),
                connection: None,
                settings,
            };
            connect::connect(house, &Scope::house(brand.id), new).await?.0
        };
        let hook = hook_of(house, brand.id, id).await?;
        let target = Target {
            hook: format!("{}{hook}", config.public()),
            header: "x-hub-signature-256",
            prefix: "sha256=",
            secret: "demo-secret".into(),
        };
        simulator.facebook.add_page(NewPage {
            id: page.into(),
            name: name.into(),
            token: format!("demo-token-{slug}"),
            target,
        });
    }
    let home = scenario.brands.first().map_or("demo", |s| s.slug);
    let mut people = Vec::new();
    for (first, name, role) in [
        ("sarah", "Sarah Lenoir", Role::Admin),
        ("karim", "Karim Haddad", Role::Agent),
        ("hugo", "Hugo Marchand", Role::Sales),
    ] {
        let email = format!("{first}@{home}.example");
        let known = agents::by_email(&mut house.db.read().await?, &email).await?;
        if known.is_none() {
            let new = NewAgent {
                email: email.clone(),
                name: name.into(),
                role,
                brand: None,
                password: None,
                locale: Lang::Fr,
            };
            people::add(house, Host::Operator, new).await?;
        }
        let login = agents::by_email(&mut house.db.read().await?, &email).await?.context("somebody was just added")?;
        people.push(login.agent.id);
    }
    let [sarah, karim, hugo] = people[..] else { anyhow::bail!("three people work in the demo") };
    let mut tx = house.db.write().await?;
    let link = people::invite(house, &mut tx, Some(sarah), "demo", Duration::from_hours(720)).await?;
    tx.commit().await?;
    Ok(Furnished { link, sarah, karim, hugo })
}

/// Whatever a brand states about itself, and what its bot may say by itself.
///
/// # Errors
/// As the use cases report.
pub async fn open_for_business(house: &House, brand: BrandId, scene: &Scene) -> anyhow::Result<()> {
    let scope = Scope::house(brand);
    let stated: Vec<(String, String)> = scene.facts.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    facts::state(house, &scope, brand, &stated).await?;
    for (path, in_public) in scene.opened {
        bot::set_mode(house, &scope, brand, path, Visibility::Private, Mode::Auto).await?;
        if *in_public {
            bot::set_mode(house, &scope, brand, path, Visibility::Public, Mode::Auto).await?;
        }
    }
    Ok(())
}

async fn hook_of(house: &House, brand: BrandId, id: crate::base::id::ChannelId) -> anyhow::Result<String> {
    let mut tx = house.db.read().await?;
    let channel = channels::get(&mut tx, &Scope::house(brand), id).await?;
    let connection = channels::connection(&mut tx, brand, channel.connection_id).await?;
    let network = house.network(&channel.network).context("the demo's network is spoken here")?;
    connect::hook_path(house, network, &connection)?.context("Facebook has hooks")
}

//! The desk of the demo: brands, channels, people, and the link that signs in.

use std::time::Duration;

use anyhow::Context;

use crate::base::Lang;
use crate::base::id::{AgentId, BrandId, ChannelId};
use crate::config::Config;
use crate::desk::agent::Role;
use crate::desk::canned::Mode;
use crate::desk::message::Visibility;
use crate::desk::scope::Scope;
use crate::flow::connect::{self, NewChannel};
use crate::flow::found::{self, NewBrand};
use crate::flow::people::{self, Host, NewAgent};
use crate::flow::{House, bot, connectors, facts};
use crate::simulator::Simulator;
use crate::simulator::facebook::NewPage;
use crate::simulator::meta::NewAccount;
use crate::simulator::places::{On, Places};
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
        // The shop is somewhere else with every simulator.
        let shop = ("order-status", simulator.api_base("shop/order-status"));
        let asked = (shop.0, shop.1.as_str(), Some(crate::simulator::shop::SECRET));
        connectors::keep(house, &Scope::house(brand.id), brand.id, asked).await?;
        for on in [On::Facebook].into_iter().chain(On::OTHERS) {
            let (id, token) = (on.account(page), format!("IG-demo-{slug}-{}", on.slug()));
            let channel = connect_to(house, simulator, brand.id, (on, &id, name), &token).await?;
            let target = Target {
                hook: format!("{}{}", config.public(), hook_of(house, brand.id, channel).await?),
                header: "x-hub-signature-256",
                prefix: "sha256=",
                secret: "demo-secret".into(),
            };
            let (id, name) = (id, name.to_owned());
            match Places::of(simulator).stage(on) {
                None => simulator.facebook.add_page(NewPage { id, name, token, target }),
                // What an account is called there is a name without blanks and capitals.
                Some(stage) => {
                    let name = if on == On::Whatsapp { name } else { slug.to_owned() };
                    stage.add_account(NewAccount { id, name, token, target });
                }
            }
        }
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

/// The brand's channel on a network: connected, or led to where the network is today.
async fn connect_to(
    house: &House,
    simulator: &Simulator,
    brand: BrandId,
    (on, account, name): (On, &str, &str),
    token: &str,
) -> anyhow::Result<ChannelId> {
    let base = ("api_base".to_owned(), simulator.api_base(on.slug()));
    let known = channels::of_brand(&mut house.db.read().await?, brand).await?;
    if let Some(channel) = known.into_iter().find(|c| c.network == on.slug()) {
        // Tokens of the demo are given out anew with every simulator.
        let secret = (if on == On::Facebook { "page_token" } else { "access_token" }, token);
        let settings = [base, (secret.0.to_owned(), secret.1.to_owned())];
        connect::reconnect(house, &Scope::house(brand), channel.id, &settings).await?;
        return Ok(channel.id);
    }
    let (id, secret) = match on {
        On::Facebook => ("page_id", "page_token"),
        On::Instagram => ("account_id", "access_token"),
        On::Whatsapp => ("phone_number_id", "access_token"),
        On::Threads => ("user_id", "access_token"),
    };
    let mut settings = vec![(id, account), (secret, token), ("app_secret", "demo-secret"), ("verify_token", "demo")];
    if on == On::Whatsapp {
        settings.push(("waba_id", "102290129340398"));
    }
    let mut settings: Vec<(String, String)> = settings.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    settings.push(base);
    let new = NewChannel { network: on.slug().into(), brand, name: name.into(), connection: None, settings };
    Ok(connect::connect(house, &Scope::house(brand), new).await?.0)
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

async fn hook_of(house: &House, brand: BrandId, id: ChannelId) -> anyhow::Result<String> {
    let mut tx = house.db.read().await?;
    let channel = channels::get(&mut tx, &Scope::house(brand), id).await?;
    let connection = channels::connection(&mut tx, brand, channel.connection_id).await?;
    let network = house.network(&channel.network).context("the demo's network is spoken here")?;
    connect::hook_path(house, network, &connection)?.context("the demo's networks have hooks")
}

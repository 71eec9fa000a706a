//! The demo on X, YouTube, LinkedIn, TikTok and over a bridge: the first brand's accounts there, and who writes to them.

use std::time::Duration;

use anyhow::Context;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio_util::sync::CancellationToken;

use crate::base::id::{BrandId, ChannelId};
use crate::config::Config;
use crate::desk::scope::Scope;
use crate::flow::House;
use crate::flow::connect::{self, NewChannel};
use crate::simulator::scenes::Scenario;
use crate::simulator::voices::{Accounts, Voices};
use crate::simulator::{Simulator, linkedin, tiktok, x, youtube};
use crate::store::{brands, channels};

const TOKEN: &str = "demo-token";
const SECRET: &str = "demo-secret";
/// What the bridge shares with us.
const SHARED: &[u8] = b"demo-secret of the bridge";
/// How often they are looked at.
const BEAT: Duration = Duration::from_millis(500);

/// Connects the first brand's accounts, anew when the demo goes on another day.
///
/// # Errors
/// As the use cases report.
pub async fn furnish(
    house: &House,
    config: &Config,
    simulator: &Simulator,
    scenario: &Scenario,
) -> anyhow::Result<Accounts> {
    let scene = scenario.brands.first().context("a play has a brand")?;
    let brand =
        brands::by_slug(&mut house.db.read().await?, scene.slug).await.context("the brand was just founded")?.id;
    let accounts = Accounts {
        x: "1790000000000000001".into(),
        youtube: format!("UC{:0<22}", scene.slug),
        linkedin: "2414183".into(),
        tiktok: format!("open-{}", scene.slug),
        bridge: String::new(),
    };
    let (name, token, secret) = (scene.name.to_owned(), TOKEN.to_owned(), SECRET.to_owned());
    let at = |hook: Option<String>| hook.map(|h| format!("{}{h}", config.public())).unwrap_or_default();
    let there = Place { house, simulator, brand, name: scene.name };
    let hook = at(there.connect("x", &[("user_id", &accounts.x), ("consumer_secret", SECRET)]).await?);
    simulator.x.add_account(x::NewAccount {
        id: accounts.x.clone(),
        name: name.clone(),
        username: scene.slug.into(),
        token: token.clone(),
        refresh: String::new(),
        hook,
        secret: secret.clone(),
    });
    there.connect("youtube", &[("channel_id", &accounts.youtube)]).await?;
    let (id, title) = (accounts.youtube.clone(), name.clone());
    simulator.youtube.add_channel(youtube::NewChannel { id, title, token: token.clone(), refresh: String::new() });
    let hook =
        at(there.connect("linkedin", &[("organization_id", &accounts.linkedin), ("client_secret", SECRET)]).await?);
    let (id, refresh) = (accounts.linkedin.clone(), String::new());
    let page =
        linkedin::NewPage { id, name: name.clone(), token: token.clone(), refresh, hook, secret: secret.clone() };
    simulator.linkedin.add_page(page);
    let hook = at(there.connect("tiktok", &[("business_id", &accounts.tiktok), ("client_secret", SECRET)]).await?);
    let id = accounts.tiktok.clone();
    simulator.tiktok.add_account(tiktok::NewAccount { id, name, token, refresh: String::new(), hook, secret });
    simulator.bridge.share(SHARED);
    let carried_to = format!("{}/replies", simulator.api_base("bridge"));
    let secret = format!("whsec_{}", STANDARD.encode(SHARED));
    let own = [("account", "snapchat"), ("secret", secret.as_str()), ("url", carried_to.as_str())];
    let bridge = at(there.connect("bridge", &own).await?);
    Ok(Accounts { bridge, ..accounts })
}

/// A brand on its way to the networks.
struct Place<'a> {
    house: &'a House,
    simulator: &'a Simulator,
    brand: BrandId,
    name: &'a str,
}

impl Place<'_> {
    /// Connects the brand's account on one network; the hook's path, where there is one.
    async fn connect(&self, network: &str, own: &[(&str, &str)]) -> anyhow::Result<Option<String>> {
        let house = self.house;
        let mut settings: Vec<(String, String)> = own.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        // A bridge has a secret and an address instead.
        if network != "bridge" {
            settings.push(("access_token".into(), TOKEN.into()));
            settings.push(("api_base".into(), self.simulator.api_base(network)));
        }
        let known = channels::of_brand(&mut house.db.read().await?, self.brand).await?;
        let id: ChannelId = if let Some(channel) = known.into_iter().find(|c| c.network == network) {
            connect::reconnect(house, &Scope::house(self.brand), channel.id, &settings).await?;
            channel.id
        } else {
            let name = if network == "bridge" { "Snapchat".to_owned() } else { self.name.to_owned() };
            let network = network.to_owned();
            let new = NewChannel { network, brand: self.brand, name, connection: None, settings };
            connect::connect(house, &Scope::house(self.brand), new).await?.0
        };
        let mut tx = house.db.read().await?;
        let channel = channels::get(&mut tx, &Scope::house(self.brand), id).await?;
        let connection = channels::connection(&mut tx, self.brand, channel.connection_id).await?;
        let spoken = house.network(network).context("the demo's networks are spoken here")?;
        Ok(connect::hook_path(house, spoken, &connection)?)
    }
}

/// Lets them speak until `stop`.
pub async fn speak(voices: Voices, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(BEAT) => voices.beat(),
            () = stop.cancelled() => return,
        }
    }
}

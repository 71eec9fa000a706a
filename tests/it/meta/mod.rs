//! The networks of Meta beside Facebook: each one's own ways, and the faults all of them share.

mod instagram;
mod recordings;
mod templates;
mod threads;
mod whatsapp;

use guichet::base::id::{ChannelId, DeliveryId};
use guichet::base::sign::sha256;
use guichet::desk::inbound::InboundState;
use guichet::desk::scope::Scope;
use guichet::flow::connect::{self, NewChannel};
use guichet::simulator::meta::{NewAccount, Stage};
use guichet::simulator::push::Target;
use guichet::store::deliveries::{NewDelivery, Source};
use guichet::store::{channels, deliveries, inbound};
use serde_json::Value;

use crate::support::Desk;
use crate::support::desk::SECRET;

/// The account of each network in these stories.
pub fn account(network: &str) -> &'static str {
    match network {
        "instagram" => "17841400000000001",
        "whatsapp" => "106540352242922",
        "threads" => "9800000000000001",
        _ => crate::support::desk::PAGE,
    }
}

fn stage<'a>(desk: &'a Desk, network: &str) -> &'a Stage {
    match network {
        "instagram" => &desk.simulator.instagram.stage,
        "whatsapp" => &desk.simulator.whatsapp.stage,
        _ => &desk.simulator.threads.stage,
    }
}

/// Connects the network’s account; the channel and its hook’s path.
pub async fn connected(desk: &Desk, network: &str) -> (ChannelId, String) {
    connected_as(desk, network, account(network)).await
}

/// The same with another account.
pub async fn connected_as(desk: &Desk, network: &str, id: &str) -> (ChannelId, String) {
    let token = format!("IG-token-of-{network}");
    let key = match network {
        "instagram" => "account_id",
        "whatsapp" => "phone_number_id",
        _ => "user_id",
    };
    let mut settings = vec![(key, id), ("access_token", &token), ("app_secret", SECRET), ("verify_token", "sésame")];
    if network == "whatsapp" {
        settings.push(("waba_id", "102290129340398"));
    }
    let base = desk.simulator.api_base(network);
    settings.push(("api_base", &base));
    let settings = settings.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    let new =
        NewChannel { network: network.into(), brand: desk.brand, name: "aubepine".into(), connection: None, settings };
    let (channel, hook) = connect::connect(&desk.house, &Scope::house(desk.brand), new).await.unwrap();
    let hook = hook.unwrap();
    let target = Target {
        hook: format!("{}{hook}", desk.base),
        header: "x-hub-signature-256",
        prefix: "sha256=",
        secret: SECRET.into(),
    };
    stage(desk, network).add_account(NewAccount { id: id.into(), name: "aubepine".into(), token, target });
    (channel, hook)
}

/// What became of the elements of a body, taken in as if its signature had been checked.
pub async fn ingest(desk: &Desk, channel: ChannelId, body: &Value) -> Vec<(InboundState, Option<String>)> {
    let house = &desk.house;
    let body = body.to_string().into_bytes();
    let mut tx = house.db.write().await.unwrap();
    let row = channels::get(&mut tx, &Scope::house(desk.brand), channel).await.unwrap();
    let id: DeliveryId = house.given.id();
    let delivery = NewDelivery {
        id,
        brand: desk.brand,
        connection: row.connection_id,
        channel: Some(channel),
        source: Source::Ingest,
        sha256: sha256(&body),
        body,
        at: house.now(),
    };
    deliveries::record(&mut tx, vec![delivery]).await.unwrap();
    tx.commit().await.unwrap();
    desk.settle().await;
    let mut tx = house.db.read().await.unwrap();
    let lines = inbound::of_delivery(&mut tx, desk.brand, id).await.unwrap();
    lines.into_iter().map(|l| (l.state, l.reason)).collect()
}

/// What we did at a network, in words.
pub fn deeds(desk: &Desk, network: &str) -> Vec<String> {
    stage(desk, network).ledger().into_iter().map(|a| format!("{}: {}", a.what, a.text)).collect()
}

//! The demo's mail: a mailbox for each brand, and people who write letters.

use std::time::Duration;

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use crate::desk::scope::Scope;
use crate::flow::House;
use crate::flow::connect::{self, NewChannel};
use crate::simulator::Simulator;
use crate::simulator::letters::Letters;
use crate::simulator::scenes::Scenario;
use crate::store::{brands, channels};

/// What opens the mailboxes.
const PASSWORD: &str = "demo-password";
/// How often the writers are looked at.
const BEAT: Duration = Duration::from_millis(500);

/// Connects each brand's mailbox, anew when the demo goes on another day; their addresses.
///
/// # Errors
/// As the use cases report.
pub async fn furnish(house: &House, simulator: &Simulator, scenario: &Scenario) -> anyhow::Result<Vec<String>> {
    let mut boxes = Vec::new();
    for scene in scenario.brands {
        let address = format!("support@{}.example", scene.slug);
        simulator.email.add_mailbox(&address, PASSWORD);
        let settings = simulator.email.settings(&address, PASSWORD);
        let mut tx = house.db.read().await?;
        let brand = brands::by_slug(&mut tx, scene.slug).await.context("the brand was just founded")?.id;
        let known = channels::of_brand(&mut tx, brand).await?.into_iter().find(|c| c.network == "email");
        drop(tx);
        if let Some(channel) = known {
            connect::reconnect(house, &Scope::house(brand), channel.id, &settings).await?;
        } else {
            let (network, name) = ("email".to_owned(), scene.name.to_owned());
            let new = NewChannel { network, brand, name, connection: None, settings };
            connect::connect(house, &Scope::house(brand), new).await?;
        }
        boxes.push(address);
    }
    Ok(boxes)
}

/// Lets them write until `stop`.
pub async fn write(letters: Letters, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(BEAT) => letters.beat(),
            () = stop.cancelled() => return,
        }
    }
}

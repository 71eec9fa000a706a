//! A channel where one reply after the other is refused for the same reason is halted: what waits stays
//! unsent, instead of being lost one by one, until a person has looked.

use serde_json::json;

use super::{House, Result};
use crate::base::At;
use crate::desk::channel::{Channel, ChannelState};
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::outbound::{Outcome, Refusal};
use crate::networks::Network;
use crate::store::{Tx, channels, outbox};

/// Halts the channel when this refusal completes a run as long as its network bears.
pub(super) async fn after(house: &House, tx: &mut Tx, channel: &Channel, outcome: &Outcome, now: At) -> Result<()> {
    let Outcome::Never(refusal @ (Refusal::NotPermitted | Refusal::Restricted), why) = outcome else { return Ok(()) };
    let Some(most) = house.network(&channel.network).and_then(Network::halts_after) else { return Ok(()) };
    let run = outbox::refused_in_a_row(tx, channel.brand_id, channel.id, refusal.as_str()).await?;
    // Whoever lets it go on gives it the same number again.
    if run == 0 || run % most != 0 {
        return Ok(());
    }
    let words = format!("{run} replies in a row were refused: {why}");
    if channels::set_state(tx, channel.brand_id, channel.id, ChannelState::Paused, Some(&words)).await? {
        tracing::warn!(name: "outbox.halted", channel = %channel.id, %words, "a channel was halted");
        let event = Event::at(channel.brand_id, EventKind::ChannelChanged, Actor::House);
        tx.emit(now, event.data(json!({"channel": channel.id, "state": ChannelState::Paused})));
    }
    Ok(())
}

//! Whether a network answers: noted where it is asked, said on the channel when that changes.

use serde_json::json;

use super::{House, Result};
use crate::desk::channel::{Channel, Hindrance};
use crate::desk::event::{Actor, Event, EventKind};
use crate::networks::Line;
use crate::store::{Tx, listening};

impl House {
    /// Writes down whether the network answered on this line.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn note_reach(&self, tx: &mut Tx, channel: &Channel, line: &Line<'_>) -> Result<()> {
        match line.reach() {
            Some(Ok(())) if channel.hindered == Some(Hindrance::Unreachable) => self.works_again(tx, channel).await,
            Some(Err(why)) => self.hinders(tx, channel, Hindrance::Unreachable, &why).await,
            _ => Ok(()),
        }
    }

    /// Something keeps the channel from working.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn hinders(&self, tx: &mut Tx, channel: &Channel, what: Hindrance, why: &str) -> Result<()> {
        if listening::hinder(tx, channel.brand_id, channel.id, what, why, self.now()).await? {
            self.tell_of(tx, channel, Some(what));
        }
        Ok(())
    }

    /// Nothing does any more.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn works_again(&self, tx: &mut Tx, channel: &Channel) -> Result<()> {
        if listening::unhinder(tx, channel.brand_id, channel.id).await? {
            self.tell_of(tx, channel, None);
        }
        Ok(())
    }

    fn tell_of(&self, tx: &mut Tx, channel: &Channel, what: Option<Hindrance>) {
        let event = Event::at(channel.brand_id, EventKind::ChannelChanged, Actor::Network);
        tx.emit(self.now(), event.data(json!({"channel": channel.id, "state": channel.state, "hindered": what})));
    }
}

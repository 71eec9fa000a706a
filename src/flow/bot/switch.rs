//! Stopping the bot. The stop is committed first, so that nothing is claimed after it; then one waits
//! until what was claimed before has left or was given up. Only then is it acknowledged.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use super::answer;
use crate::base::id::BrandId;
use crate::desk::agent::Power;
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::scope::Scope;
use crate::flow::{House, Reason, Result};
use crate::store::{Tx, brands, outbox};

/// How often one looks whether what was being sent has left, and how often at most: five seconds.
const LOOK: Duration = Duration::from_millis(20);
const LOOKS: usize = 250;

/// What a press of the switch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Switched {
    /// Answers that had not left and never will.
    pub taken_back: usize,
    /// Answers whose sending had begun before and had not ended five seconds later: the network is
    /// slow to say whether it took them.
    pub under_way: usize,
}

/// Stops a brand's bot, or lets it go on. When this returns after a stop, no sending of an automatic
/// answer begins any more.
///
/// # Errors
/// [`Reason::NotAllowed`].
pub async fn switch(house: &House, scope: &Scope, brand: BrandId, stop: bool) -> Result<Switched> {
    if !scope.may(brand, Power::StopBot) {
        return Err(Reason::NotAllowed.into());
    }
    let mut tx = house.db.write().await?;
    let taken_back = set(house, &mut tx, brand, stop, scope.who().map_or(Actor::House, Actor::Agent)).await?;
    tx.commit().await?;
    let under_way = if stop { settle(house, brand).await? } else { 0 };
    Ok(Switched { taken_back, under_way })
}

/// Stops or starts within a transaction; how many answers were taken back.
pub(super) async fn set(house: &House, tx: &mut Tx, brand: BrandId, stop: bool, actor: Actor) -> Result<usize> {
    let now = house.now();
    brands::switch_bot(tx, brand, stop.then_some(now)).await?;
    let rows = if stop { outbox::cancel_bot(tx, brand).await? } else { Vec::new() };
    answer::stopped(house, tx, &rows).await?;
    tx.emit(
        now,
        Event::at(brand, EventKind::BotSwitched, actor).data(json!({"stopped": stop, "taken_back": rows.len()})),
    );
    Ok(rows.len())
}

/// Waits until nothing of the bot is being sent.
async fn settle(house: &House, brand: BrandId) -> Result<usize> {
    let mut under_way = 0;
    for _ in 0..LOOKS {
        under_way = outbox::bot_sending(&mut house.db.read().await?, brand).await?;
        if under_way == 0 {
            break;
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(usize::try_from(under_way).unwrap_or(0))
}

impl House {
    /// True while a file `STOP_BOT` lies in the data folder: it stops every brand's bot on this
    /// machine, with no need of database or pages.
    pub fn bot_is_barred(&self) -> bool {
        self.tuning.stop_file.as_deref().is_some_and(std::path::Path::exists)
    }
}

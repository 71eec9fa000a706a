//! Waiting for what comes: one waiter for each channel whose network can be waited for, each on a
//! connection of its own, so that nobody who keeps silent keeps the others waiting.

use std::collections::HashMap;
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{House, Result, listen};
use crate::base::id::ChannelId;
use crate::base::pace::backoff;
use crate::base::sign::sha256;
use crate::desk::channel::Channel;
use crate::desk::scope::Scope;
use crate::networks::{Line, PollFrom, Refused, Waited};
use crate::store::{channels, leases};

/// How often the waiters are looked after, when nobody rings.
const BEAT: Duration = Duration::from_secs(20);
/// The longest wait: networks promise to come back within ten minutes.
const LONGEST: Duration = Duration::from_mins(11);
/// How long whoever has news waits when somebody reads the channel already.
const MOMENT: Duration = Duration::from_secs(2);
/// How long this node keeps the waiting to itself.
const LEASE: Duration = Duration::from_mins(1);

/// Keeps a waiter for every channel that can be waited for, until `stop`.
pub async fn attend(house: House, stop: CancellationToken) {
    let mut all = Waiters { tasks: JoinSet::new(), of: HashMap::new() };
    let mut changed = true;
    loop {
        let rung = house.bells.channels.notified();
        if let Err(error) = all.look_after(&house, changed).await {
            tracing::warn!(name: "attend.failed", %error, "trying again");
        }
        changed = tokio::select! {
            () = rung => true,
            () = tokio::time::sleep(BEAT) => false,
            () = stop.cancelled() => break,
        }
    }
    all.tasks.shutdown().await;
}

struct Waiters {
    tasks: JoinSet<()>,
    /// By channel: what its login was when the waiter set out, and how to call it off.
    of: HashMap<ChannelId, ([u8; 32], AbortHandle)>,
}

impl Waiters {
    /// Calls off whoever waits for a channel that is gone or has another login, and sends out whoever
    /// is missing. Who has come home is sent out again only when something about channels changed:
    /// most networks cannot be waited for.
    async fn look_after(&mut self, house: &House, changed: bool) -> Result<()> {
        while self.tasks.try_join_next().is_some() {}
        let now = house.now();
        let mut tx = house.db.write().await?;
        let ours = leases::take(&mut tx, "attend", house.node, now, now.plus(LEASE)).await?;
        tx.commit().await?;
        let mut wanted: HashMap<ChannelId, ([u8; 32], Channel)> = HashMap::new();
        if ours {
            let mut tx = house.db.read().await?;
            for channel in channels::active(&mut tx).await? {
                let connection = channels::connection(&mut tx, channel.brand_id, channel.connection_id).await?;
                let kept = channels::kept(&mut tx, channel.brand_id, channel.id).await?;
                let plain = format!("{}{}", connection.settings, kept.settings);
                let login = sha256(&[plain.as_bytes(), &connection.secrets, &kept.secrets].concat());
                wanted.insert(channel.id, (login, channel));
            }
        }
        self.of.retain(|id, (login, task)| {
            let home = changed && task.is_finished();
            let stays = !home && wanted.get(id).is_some_and(|(l, _)| l == login);
            if !stays {
                task.abort();
            }
            stays
        });
        for (id, (login, channel)) in wanted {
            if !self.of.contains_key(&id) {
                let task = self.tasks.spawn(wait_for(house.clone(), channel));
                self.of.insert(id, (login, task));
            }
        }
        Ok(())
    }
}

/// Waits for one channel: reads, waits, reads. Ends where the network cannot be waited for, and where
/// the channel is no longer active.
async fn wait_for(house: House, channel: Channel) {
    let mut failures: u32 = 0;
    loop {
        let waited = once(&house, &channel).await;
        match waited {
            Ok(Waited::Never) => return,
            Ok(Waited::News | Waited::Nothing) => failures = 0,
            Err(why) => {
                failures += 1;
                tracing::warn!(name: "attend.refused", channel = %channel.id, %why, failures, "cannot wait; trying again");
                let [jitter] = house.given.bytes::<1>();
                tokio::time::sleep(backoff(failures, Duration::from_secs(1), Duration::from_mins(2), jitter)).await;
            }
        }
    }
}

async fn once(house: &House, channel: &Channel) -> anyhow::Result<Waited> {
    let Some(network) = house.network(&channel.network) else { return Ok(Waited::Never) };
    let mut tx = house.db.read().await?;
    let channel = match channels::get(&mut tx, &Scope::house(channel.brand_id), channel.id).await {
        Ok(channel) if channel.state == crate::desk::channel::ChannelState::Active => channel,
        _ => return Ok(Waited::Never),
    };
    let account = house.account(&mut tx, &channel).await?;
    let cursor = channels::kept(&mut tx, channel.brand_id, channel.id).await?.poll_cursor;
    drop(tx);
    let now = house.now();
    let line = Line::new(&account, &house.fetch, now);
    let from = PollFrom { since: now, cursor, posts: Vec::new() };
    let told = tokio::time::timeout(LONGEST, network.wait(&line, &from)).await;
    let told = told.unwrap_or_else(|_| Err(Refused::Later(None, "the wait does not end".into())));
    if line.reach().is_some() {
        let mut tx = house.db.write().await?;
        house.note_reach(&mut tx, &channel, &line).await?;
        tx.commit().await?;
    }
    let waited = match told {
        Ok(waited) => waited,
        Err(Refused::Reconnect(why)) => {
            let mut tx = house.db.write().await?;
            super::outbox::login_lost(&mut tx, channel.brand_id, channel.id, &why, now).await?;
            tx.commit().await?;
            return Ok(Waited::Never);
        }
        Err(refused) => return Err(refused.into()),
    };
    if waited == Waited::News && !listen::poll(house, &channel).await? {
        tokio::time::sleep(MOMENT).await;
    }
    Ok(waited)
}

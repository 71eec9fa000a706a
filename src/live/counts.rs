//! How many tickets are where: every open ticket in memory (a few dozen bytes each), so that all
//! counts of a page are one pass and no SQL. Fed from the log; exact as of the last event passed.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::base::At;
use crate::base::id::{AgentId, BrandId, ChannelId, TicketId};
use crate::desk::stage::Stage;
use crate::desk::ticket::State;
use crate::store::select::{self, Open};
use crate::store::{Db, Result};

/// The open tickets of every brand. Cheap to clone.
#[derive(Clone, Default)]
pub struct Counts(Arc<RwLock<HashMap<BrandId, HashMap<TicketId, Open>>>>);

/// The numbers beside the views of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Ours to act.
    pub todo: usize,
    /// Mine.
    pub mine: usize,
    /// With nobody.
    pub unassigned: usize,
    /// Past due.
    pub late: usize,
    /// Waiting for the customer.
    pub waiting: usize,
    /// Put aside.
    pub snoozed: usize,
    /// Everything open.
    pub open: usize,
    /// By stage, in order.
    pub stages: [usize; 5],
    /// By channel.
    pub channels: HashMap<ChannelId, usize>,
}

impl Counts {
    /// Reads every open ticket.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn load(&self, db: &Db) -> Result<()> {
        let mut tx = db.read().await?;
        let mut all: HashMap<BrandId, HashMap<TicketId, Open>> = HashMap::new();
        for open in select::every_open(&mut tx).await? {
            all.entry(open.brand_id).or_default().insert(open.id, open);
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = all;
        Ok(())
    }

    /// Looks again at tickets something happened to; each as it stood before and stands after,
    /// where it was open.
    ///
    /// # Errors
    /// As the database reports.
    pub async fn refresh(
        &self,
        db: &Db,
        changed: &[(BrandId, TicketId)],
    ) -> Result<HashMap<TicketId, (Option<Open>, Option<Open>)>> {
        let mut moved = HashMap::new();
        if changed.is_empty() {
            return Ok(moved);
        }
        let mut of: HashMap<BrandId, Vec<TicketId>> = HashMap::new();
        for (brand, ticket) in changed {
            of.entry(*brand).or_default().push(*ticket);
        }
        let mut tx = db.read().await?;
        let mut open = Vec::new();
        for (brand, tickets) in of {
            open.extend(select::open_of(&mut tx, brand, &tickets).await?);
        }
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for (brand, ticket) in changed {
            moved.insert(*ticket, (all.entry(*brand).or_default().remove(ticket), None));
        }
        for o in open {
            all.entry(o.brand_id).or_default().insert(o.id, o);
            moved.entry(o.id).or_default().1 = Some(o);
        }
        Ok(moved)
    }

    /// The numbers of a brand, for one person at one moment: one pass over its open tickets.
    pub fn numbers(&self, brand: BrandId, me: AgentId, now: At) -> Numbers {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut n = Numbers::default();
        for t in all.get(&brand).into_iter().flatten().map(|(_, t)| t) {
            let ours = matches!(t.state, State::New | State::Open);
            n.open += 1;
            n.todo += usize::from(ours);
            n.mine += usize::from(t.assignee_id == Some(me));
            n.unassigned += usize::from(ours && t.assignee_id.is_none());
            n.late += usize::from(t.sla_due_at.is_some_and(|due| due <= now));
            n.waiting += usize::from(t.state == State::Waiting);
            n.snoozed += usize::from(t.state == State::Snoozed);
            n.stages[t.stage.rank() - 1] += 1;
            *n.channels.entry(t.channel_id).or_default() += 1;
        }
        n
    }

    /// How many tickets of a brand match.
    pub fn count(&self, brand: BrandId, matches: impl Fn(&Open) -> bool) -> usize {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&brand).map_or(0, |tickets| tickets.values().filter(|t| matches(t)).count())
    }

    /// How many tickets of a brand are at a stage.
    pub fn at_stage(&self, brand: BrandId, stage: Stage) -> usize {
        self.count(brand, |t| t.stage == stage)
    }
}

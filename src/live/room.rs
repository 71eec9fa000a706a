//! Who is here: the sockets of this node, by person, and what each of them looks at. In memory
//! only; what nobody holds a socket for is not here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use crate::base::id::{AgentId, BrandId, TicketId};

/// Sockets one person may hold.
pub const PER_PERSON: usize = 10;
/// Sockets one node holds.
pub const PER_NODE: usize = 5_000;
/// Comings and goings a listener may be behind; who misses one sees the next.
const BEHIND: usize = 256;

/// The sockets of this node. Cheap to clone.
#[derive(Clone)]
pub struct Room {
    state: Arc<Mutex<State>>,
    moves: broadcast::Sender<(BrandId, TicketId)>,
}

#[derive(Default)]
struct State {
    next: u64,
    seats: usize,
    of: HashMap<AgentId, usize>,
    at: HashMap<TicketId, Vec<Looker>>,
}

struct Looker {
    seat: u64,
    agent: AgentId,
    name: Arc<str>,
    writing: bool,
}

/// Somebody at a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub name: Arc<str>,
    /// True while they write.
    pub writing: bool,
}

/// Why there is no seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// This person holds enough.
    Person,
    /// The node holds enough.
    Node,
}

impl Default for Room {
    fn default() -> Room {
        Room { state: Arc::default(), moves: broadcast::channel(BEHIND).0 }
    }
}

impl Room {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A seat for a socket, given back when it is dropped.
    ///
    /// # Errors
    /// [`Full`].
    pub fn sit(&self, brand: BrandId, agent: AgentId, name: &str) -> Result<Seat, Full> {
        let mut state = self.state();
        if state.seats >= PER_NODE {
            return Err(Full::Node);
        }
        let held = state.of.entry(agent).or_default();
        if *held >= PER_PERSON {
            return Err(Full::Person);
        }
        *held += 1;
        state.seats += 1;
        state.next += 1;
        Ok(Seat { room: self.clone(), id: state.next, brand, agent, name: name.into(), at: None })
    }

    /// How many sockets there are.
    pub fn seats(&self) -> usize {
        self.state().seats
    }

    /// Hears at which tickets somebody came, went, or began or stopped writing.
    pub fn moves(&self) -> broadcast::Receiver<(BrandId, TicketId)> {
        self.moves.subscribe()
    }

    /// Who else is at a ticket, each person once; those who write first.
    pub fn at(&self, ticket: TicketId, but: AgentId) -> Vec<Present> {
        let state = self.state();
        let mut all: Vec<(AgentId, Present)> = Vec::new();
        for l in state.at.get(&ticket).into_iter().flatten().filter(|l| l.agent != but) {
            match all.iter_mut().find(|(a, _)| *a == l.agent) {
                Some((_, present)) => present.writing |= l.writing,
                None => all.push((l.agent, Present { name: Arc::clone(&l.name), writing: l.writing })),
            }
        }
        all.sort_by_key(|(agent, present)| (!present.writing, *agent));
        all.into_iter().map(|(_, present)| present).collect()
    }
}

/// A socket's place in the room.
pub struct Seat {
    room: Room,
    id: u64,
    brand: BrandId,
    agent: AgentId,
    name: Arc<str>,
    at: Option<(TicketId, bool)>,
}

impl Seat {
    /// Looks at a ticket, or at none; others hear of it when that is news.
    pub fn look(&mut self, at: Option<(TicketId, bool)>) {
        if at == self.at {
            return;
        }
        let mut state = self.room.state();
        let left = self.at.map(|(ticket, _)| ticket);
        if let Some(ticket) = left
            && let Some(lookers) = state.at.get_mut(&ticket)
        {
            lookers.retain(|l| l.seat != self.id);
            if lookers.is_empty() {
                state.at.remove(&ticket);
            }
        }
        if let Some((ticket, writing)) = at {
            let me = Looker { seat: self.id, agent: self.agent, name: Arc::clone(&self.name), writing };
            state.at.entry(ticket).or_default().push(me);
        }
        drop(state);
        self.at = at;
        let came = at.map(|(ticket, _)| ticket);
        for ticket in left.into_iter().chain(came.filter(|c| Some(*c) != left)) {
            let _ = self.room.moves.send((self.brand, ticket));
        }
    }

    /// Stops writing, stays at the ticket.
    pub fn rest(&mut self) {
        self.look(self.at.map(|(ticket, _)| (ticket, false)));
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.look(None);
        let mut state = self.room.state();
        state.seats -= 1;
        if let Some(held) = state.of.get_mut(&self.agent) {
            *held -= 1;
            if *held == 0 {
                state.of.remove(&self.agent);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id<T: From<uuid::Uuid>>(n: u128) -> T {
        uuid::Uuid::from_u128(n).into()
    }

    #[test]
    fn who_looks_is_seen_by_others_until_they_leave() {
        let (room, ticket) = (Room::default(), id(7));
        let mut moves = room.moves();
        let mut karim = room.sit(id(1), id(2), "Karim").unwrap();
        let mut again = room.sit(id(1), id(2), "Karim").unwrap();
        karim.look(Some((ticket, false)));
        again.look(Some((ticket, true)));
        let seen = |but| room.at(ticket, id(but)).iter().map(|p| p.writing).collect::<Vec<_>>();
        assert_eq!((seen(3), seen(2)), (vec![true], vec![]), "a person is there once, and not for themselves");
        again.rest();
        assert_eq!(seen(3), [false]);
        again.rest();
        drop((karim, again));
        assert!(seen(3).is_empty() && room.seats() == 0);
        let heard = std::iter::from_fn(|| moves.try_recv().ok()).count();
        assert_eq!(heard, 5, "came twice, rested once, left twice; resting again is no news");
    }

    #[test]
    fn nobody_holds_every_seat() {
        let room = Room::default();
        let mut held: Vec<Seat> = (0..PER_PERSON).map(|_| room.sit(id(1), id(2), "Karim").unwrap()).collect();
        assert_eq!(room.sit(id(1), id(2), "Karim").err(), Some(Full::Person));
        held.pop();
        held.push(room.sit(id(1), id(2), "Karim").unwrap());
        held.extend((PER_PERSON..PER_NODE).map(|n| room.sit(id(1), id(100 + n as u128), "X").unwrap()));
        assert_eq!(room.sit(id(1), id(99_999), "X").err(), Some(Full::Node));
    }
}

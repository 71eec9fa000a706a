//! Whose turn it is: a batch holds something of every connection that has bodies waiting, so that a
//! flood on one delays what comes by another by a batch at the most.

use crate::base::At;
use crate::flow::Result;
use crate::store::Tx;
use crate::store::deliveries::{self, Place, Waiting};

/// Bodies in one transaction.
const BATCH: usize = 64;
/// Bytes in one transaction; a single body may have more.
const BYTES: i64 = 8 << 20;

/// The next batch, in order of arrival.
pub(super) async fn waiting(tx: &mut Tx, now: At) -> Result<Vec<Waiting>> {
    let mut queues = Vec::new();
    for connection in deliveries::connections_waiting(tx).await? {
        let most = i64::try_from(BATCH).unwrap_or(i64::MAX);
        queues.push(deliveries::places(tx, connection, now, most).await?);
    }
    let chosen = by_turns(queues);
    Ok(if chosen.is_empty() { Vec::new() } else { deliveries::waiting(tx, &chosen).await? })
}

/// One of each queue, then another of each, and so on while there is room.
fn by_turns(queues: Vec<Vec<Place>>) -> Vec<i64> {
    // Whoever waits longest comes first where not even one of each fits.
    let mut queues: Vec<_> = queues.into_iter().filter(|q| !q.is_empty()).map(Vec::into_iter).collect();
    queues.sort_by_key(|q| q.as_slice().first().map(|p| (p.next_at, p.seq)));
    let (mut chosen, mut bytes) = (Vec::new(), 0);
    while !queues.is_empty() {
        let before = chosen.len();
        for queue in &mut queues {
            let Some(place) = queue.as_slice().first() else { continue };
            if chosen.len() == BATCH || (bytes > 0 && bytes + place.bytes > BYTES) {
                return chosen;
            }
            bytes += place.bytes;
            chosen.push(place.seq);
            queue.next();
        }
        if chosen.len() == before {
            break;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(from: i64, n: i64, bytes: i64) -> Vec<Place> {
        (from..from + n).map(|seq| Place { seq, next_at: At(seq), bytes }).collect()
    }

    #[test]
    fn a_flood_leaves_room_for_everybody() {
        let chosen = by_turns(vec![queue(0, 64, 10), queue(5_000, 2, 10), queue(6_000, 1, 10)]);
        assert_eq!(chosen.len(), BATCH);
        assert_eq!(chosen[..5], [0, 5_000, 6_000, 1, 5_001]);
        // A flood alone takes all of it; nothing waiting is nothing.
        assert_eq!(by_turns(vec![queue(0, 64, 10)]).len(), BATCH);
        assert!(by_turns(vec![Vec::new()]).is_empty());
    }

    #[test]
    fn more_connections_than_room_come_in_the_order_of_their_waiting() {
        let queues = (0..100).rev().map(|n| queue(n, 1, 1)).collect();
        assert_eq!(by_turns(queues), (0..64).collect::<Vec<i64>>());
    }

    #[test]
    fn a_batch_is_no_longer_than_it_may_be_and_never_empty() {
        assert_eq!(by_turns(vec![queue(0, 64, 3 << 20), queue(100, 1, 1)]), [0, 100, 1]);
        assert_eq!(by_turns(vec![queue(0, 2, 100 << 20)]), [0]);
    }
}

//! Why a row left the view, in words.

use crate::base::id::AgentId;
use crate::base::locale::t;
use crate::live::Left;
use crate::live::heard::Changed;
use crate::store::{Tx, agents};
use crate::web::Result;
use crate::web::ask::Hand;

/// Why a row left, in words: “Résolue par Karim”.
///
/// # Errors
/// As the database reports.
pub async fn words(hand: &Hand, tx: &mut Tx, why: Left, changed: &Changed) -> Result<String> {
    let key = match why {
        Left::Resolved => "gone-resolved",
        Left::Answered => "gone-answered",
        Left::Snoozed => "gone-snoozed",
        Left::Merged => "gone-merged",
        Left::Taken(_) => "gone-taken",
        Left::Elsewhere => return Ok(t(hand.lang, "gone-elsewhere", &[])),
    };
    let acted = changed.by.1.as_deref().filter(|_| changed.by.0 == "agent").and_then(|a| a.parse::<AgentId>().ok());
    let who = match (why, acted) {
        (Left::Taken(agent), _) | (_, Some(agent)) if agent == hand.known.agent.id => t(hand.lang, "you", &[]),
        (Left::Taken(agent), _) | (_, Some(agent)) => {
            let colleagues = agents::colleagues(tx, hand.brand.id).await?;
            let named = colleagues.into_iter().find(|c| c.id == agent);
            named.map_or_else(|| t(hand.lang, "a-colleague", &[]), |c| c.name)
        }
        _ => t(hand.lang, "guichet-itself", &[]),
    };
    Ok(t(hand.lang, key, &[("who", who.into())]))
}

//! The colleagues of the demo: Karim answers what nobody has taken for a while, Hugo of sales helps
//! where hot prospects pile up. Both leave alone what somebody looks at.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::furnish::Furnished;
use crate::base::At;
use crate::base::id::{AgentId, BrandId};
use crate::desk::message::{Direction, Visibility};
use crate::desk::scope::Scope;
use crate::desk::stage::Stage;
use crate::desk::ticket::{State, Ticket};
use crate::flow::reply::{self, Reply};
use crate::flow::{House, handle};
use crate::simulator::pace::Pace;
use crate::store::select::{self, Filter, Sort, States};
use crate::store::{agents, brands, messages};
use crate::web::Web;

/// So much may lie there before Karim hurries, and so little that he lets the visitor have it.
const MUCH: usize = 22;
const LITTLE: usize = 8;
/// Hot prospects Hugo leaves to the visitor.
const HOT: usize = 4;

/// Makes the desk look lived in: what was answered long ago is resolved, something is with Sarah,
/// something is put aside.
///
/// # Errors
/// As the use cases report.
pub async fn tidy(house: &House, people: &Furnished) -> anyhow::Result<()> {
    let scope = agents::scope(&mut house.db.read().await?, people.karim).await?;
    let (mut with_sarah, mut aside) = (0, 0);
    let all: Vec<BrandId> = scope.brands().collect();
    for brand in all {
        let rows =
            select::page(&mut house.db.read().await?, brand, &Filter::default(), Sort::Oldest, None, 100).await?;
        for ticket in rows.into_iter().map(|l| l.ticket) {
            let old = house.now().since(ticket.last_message_at) > Duration::from_hours(18);
            let change = if old {
                handle::Change { state: Some(State::Resolved), ..handle::Change::default() }
            } else if ticket.state == State::Open && with_sarah < 1 {
                with_sarah += 1;
                handle::Change { assignee: Some(Some(people.sarah)), ..handle::Change::default() }
            } else if ticket.state == State::Waiting && aside < 1 {
                aside += 1;
                let until = house.now().plus(Duration::from_hours(16));
                handle::Change { state: Some(State::Snoozed), snoozed_until: Some(until), ..handle::Change::default() }
            } else {
                continue;
            };
            handle::change(house, &scope, ticket.id, change).await?;
        }
    }
    Ok(())
}

/// Lets both work until `stop`, in the crowd’s time.
pub async fn work(house: House, web: Web, people: Furnished, pace: Arc<Pace>, stop: CancellationToken) {
    let (mut karim_at, mut hugo_at) = (Duration::from_secs(9), Duration::from_secs(45));
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(300)) => {}
            () = stop.cancelled() => return,
        }
        let story = pace.story(house.now());
        if pace.now().1 {
            continue;
        }
        for (who, at, gap, sells) in [(people.karim, &mut karim_at, 8, false), (people.hugo, &mut hugo_at, 25, true)] {
            if story < *at {
                continue;
            }
            let looks = |ticket| !web.bus.room().at(ticket, who).is_empty();
            let lent = if sells { sell(&house, who, &looks).await } else { lend_a_hand(&house, who, &looks).await };
            let rest = match lent {
                Ok(busy) => {
                    if busy {
                        gap
                    } else {
                        gap + gap / 2
                    }
                }
                Err(error) => {
                    tracing::warn!(name: "demo.colleague", error = format!("{error:#}"), "a colleague could not answer");
                    gap
                }
            };
            *at = story + Duration::from_secs(rest);
        }
    }
}

type Looks<'a> = &'a (dyn Fn(crate::base::id::TicketId) -> bool + Sync);

/// Karim answers one; true when much is left.
async fn lend_a_hand(house: &House, karim: AgentId, looks: Looks<'_>) -> anyhow::Result<bool> {
    let scope = agents::scope(&mut house.db.read().await?, karim).await?;
    let mut his = Vec::new();
    let all: Vec<BrandId> = scope.brands().collect();
    for brand in all {
        let mut waiting = to_do(house, brand).await?;
        // He leaves hot prospects and angry customers to those who are good at them.
        waiting.retain(|t| t.stage != Stage::HotProspect && t.label_list().is_empty() && !looks(t.id));
        waiting.retain(|t| t.assignee_id.is_none_or(|a| a == karim));
        // Whoever asks nothing and praises nothing is for the community team.
        waiting.retain(|t| {
            t.assignee_id == Some(karim)
                || fresh(t, house.now())
                || t.excerpt.contains('?')
                || t.stage == Stage::Advocate
        });
        // The bot goes first.
        waiting.retain(|t| house.now().since(t.last_message_at) > Duration::from_secs(4));
        his.extend(waiting);
    }
    let left = his.len();
    // Who wrote to him before, then who came just now in private for help, first come first served,
    // then what is newest: what has lain there since before is the visitor's.
    let now = house.now();
    his.sort_by_key(|t| {
        let (helps, age) = (fresh(t, now), now.since(t.last_message_at));
        (t.assignee_id != Some(karim), !helps, if helps { Duration::MAX.saturating_sub(age) } else { age })
    });
    let Some((ticket, mine, theirs)) = first_that_wrote_last(house, his, karim).await? else { return Ok(false) };
    if ticket.assignee_id != Some(karim) && !fresh(&ticket, now) && left <= LITTLE {
        return Ok(false);
    }
    let english = ticket.language.as_deref() == Some("en");
    let named = theirs.chars().filter(char::is_ascii_digit).count() >= 5;
    let private = ticket.visibility == Visibility::Private;
    let (fr, en) = match (ticket.stage, mine) {
        (Stage::Customer, 0) if private && !named => (
            "Bonjour, désolés pour ce souci. Quel est votre numéro de commande ? Je regarde tout de suite.",
            "Hello, sorry about that. What is your order number? I’ll look into it right away.",
        ),
        (Stage::Customer, 0 | 1) if private => (
            "Merci. Je viens de vérifier : c’est entre les mains du service concerné, vous aurez une réponse demain avant midi.",
            "Thank you. I have just checked: the right team has it, and you will hear from us before noon tomorrow.",
        ),
        (Stage::Customer, 0) => (
            "Bonjour, désolés pour ce souci. Écrivez-nous en message privé avec votre numéro de commande et nous regardons tout de suite.",
            "Hello, sorry about that. Send us a private message with your order number and we will look into it right away.",
        ),
        (Stage::Advocate, 0) => (
            "Merci beaucoup, ça fait chaud au cœur à toute l’équipe 💚",
            "Thank you so much, that makes the whole team’s day 💚",
        ),
        (_, 0) => {
            return by_the_facts(house, &scope, &ticket, english).await.map(|()| left > MUCH);
        }
        _ if theirs.trim_end().ends_with('?') => (
            "Comptez un jour ou deux ; rien d’autre à faire, je vous tiens au courant ici.",
            "Allow a day or two; nothing else to do, I will keep you posted here.",
        ),
        _ => ("Avec plaisir ! Bonne journée 🙂", "You’re welcome, have a nice day 🙂"),
    };
    say(house, &scope, &ticket, if english { en } else { fr }).await?;
    if mine >= 2 || (mine == 1 && ticket.stage != Stage::Customer) {
        let done = handle::Change { state: Some(State::Resolved), ..handle::Change::default() };
        handle::change(house, &scope, ticket.id, done).await?;
    }
    Ok(left > MUCH)
}

/// Somebody who came just now, in private, with a problem.
fn fresh(t: &Ticket, now: At) -> bool {
    t.visibility == Visibility::Private
        && t.stage == Stage::Customer
        && now.since(t.last_message_at) < Duration::from_mins(5)
}

/// Questions in general are sent on to where the brand answers them.
async fn by_the_facts(house: &House, scope: &Scope, ticket: &Ticket, english: bool) -> anyhow::Result<()> {
    let mut tx = house.db.read().await?;
    let facts = crate::store::facts::all(&mut tx, ticket.brand_id).await?;
    let name = brands::get(&mut tx, ticket.brand_id).await?.name;
    drop(tx);
    let at = facts.iter().find(|f| f.name == "website").map_or(name, |f| f.value.clone());
    let text = if english {
        format!("Hello, thanks for your message! You will find the details at {at}, and I am here for anything else.")
    } else {
        format!("Bonjour, merci pour votre message ! Vous trouverez le détail sur {at}, et je reste là pour le reste.")
    };
    say(house, scope, ticket, &text).await
}

/// Hugo answers one prospect where there are many; true when many are left.
async fn sell(house: &House, hugo: AgentId, looks: Looks<'_>) -> anyhow::Result<bool> {
    let scope = agents::scope(&mut house.db.read().await?, hugo).await?;
    let mut his = Vec::new();
    let all: Vec<BrandId> = scope.brands().collect();
    for brand in all {
        let mut hot = to_do(house, brand).await?;
        hot.retain(|t| t.stage == Stage::HotProspect && !looks(t.id) && t.assignee_id.is_none_or(|a| a == hugo));
        his.extend(hot);
    }
    let many = his.len() > HOT;
    his.retain(|t| many || t.assignee_id == Some(hugo));
    his.sort_by_key(|t| (t.assignee_id != Some(hugo), t.last_message_at));
    let Some((ticket, mine, _)) = first_that_wrote_last(house, his, hugo).await? else { return Ok(false) };
    let (fr, en) = match mine {
        0 => (
            "Bonjour, Hugo, du service commercial. Je vous prépare une proposition : à quelle adresse e-mail vous l’envoyer ?",
            "Hello, Hugo from sales here. I am putting an offer together for you: which e-mail address shall I send it to?",
        ),
        _ => (
            "C’est noté, vous l’aurez dans l’heure. Merci et à bientôt !",
            "Noted, you will have it within the hour. Thank you!",
        ),
    };
    say(house, &scope, &ticket, if ticket.language.as_deref() == Some("en") { en } else { fr }).await?;
    Ok(many)
}

async fn to_do(house: &House, brand: BrandId) -> anyhow::Result<Vec<Ticket>> {
    let filter = Filter { states: States::ToDo, ..Filter::default() };
    let rows = select::page(&mut house.db.read().await?, brand, &filter, Sort::Newest, None, 100).await?;
    Ok(rows.into_iter().map(|l| l.ticket).collect())
}

/// The first of some tickets in which the customer had the last word, not we: an answer that did not
/// arrive is for somebody to look at, not to be written again. With it, how often somebody has written
/// there, and what the customer wrote.
async fn first_that_wrote_last(
    house: &House,
    tickets: Vec<Ticket>,
    who: AgentId,
) -> anyhow::Result<Option<(Ticket, usize, String)>> {
    let mut tx = house.db.read().await?;
    for ticket in tickets {
        let all = messages::of_ticket(&mut tx, ticket.brand_id, ticket.id).await?;
        if all.last().is_some_and(|m| m.direction == Direction::Inbound) {
            let mine = all.iter().filter(|m| m.agent_id == Some(who)).count();
            let theirs = all.iter().filter(|m| m.direction == Direction::Inbound).map(|m| m.text.as_str());
            return Ok(Some((ticket, mine, theirs.collect::<Vec<_>>().join(" "))));
        }
    }
    Ok(None)
}

async fn say(house: &House, scope: &Scope, ticket: &Ticket, text: &str) -> anyhow::Result<()> {
    let (text, visibility) = (text.to_owned(), ticket.visibility);
    let wanted =
        Reply { ticket: ticket.id, text, files: Vec::new(), visibility, to: None, client_key: None, at_once: false };
    reply::reply(house, scope, wanted).await?;
    Ok(())
}

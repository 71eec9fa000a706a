//! What stories of the other networks share: connecting one, saying something, and how it went.

use guichet::base::id::{ChannelId, TicketId};
use guichet::desk::channel::Channel;
use guichet::desk::message::Visibility;
use guichet::desk::scope::Scope;
use guichet::flow::Reason;
use guichet::flow::connect::{self, NewChannel};
use guichet::store::channels;
use guichet::store::messages::Message;

pub use super::replies::state;
use super::replies::{self, again, words};
use super::{Desk, Visitor};

/// A channel of another network.
pub struct Elsewhere {
    /// The channel.
    pub channel: ChannelId,
    /// Its hook's whole address; empty where there is none.
    pub hook: String,
}

/// Connects a channel of the desk's first brand to the simulated network.
pub async fn connect(desk: &Desk, network: &str, settings: &[(&str, &str)]) -> Elsewhere {
    let mut settings: Vec<(String, String)> =
        settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    settings.push(("api_base".into(), desk.simulator.api_base(network)));
    let new =
        NewChannel { network: network.into(), brand: desk.brand, name: "Aubépine".into(), connection: None, settings };
    let (channel, hook) = connect::connect(&desk.house, &Scope::house(desk.brand), new).await.unwrap();
    Elsewhere { channel, hook: hook.map(|h| format!("{}{h}", desk.base)).unwrap_or_default() }
}

/// Gives it other settings.
pub async fn set(desk: &Desk, there: &Elsewhere, settings: &[(&str, &str)]) {
    let settings: Vec<(String, String)> = settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    connect::reconnect(&desk.house, &Scope::house(desk.brand), there.channel, &settings).await.unwrap();
}

/// The channel as it is.
pub async fn channel(desk: &Desk, there: &Elsewhere) -> Channel {
    let mut tx = desk.house.db.read().await.unwrap();
    channels::get(&mut tx, &Scope::house(desk.brand), there.channel).await.unwrap()
}

/// Somebody answers.
pub async fn say(desk: &Desk, who: &Visitor, ticket: TicketId, text: &str, visibility: Visibility) -> Message {
    replies::say(desk, who, words(ticket, text, visibility)).await
}

/// Why somebody may not answer.
pub async fn refused(desk: &Desk, who: &Visitor, ticket: TicketId, text: &str, visibility: Visibility) -> Reason {
    replies::refused(desk, who, words(ticket, text, visibility)).await
}

/// The network's words about a reply.
pub async fn why(desk: &Desk, message: &Message) -> String {
    again(desk, message).await.delivery_why.unwrap_or_default()
}

/// Pushes a body under a signature; the status.
pub async fn knock(desk: &Desk, there: &Elsewhere, header: &'static str, signature: &str, body: &[u8]) -> u16 {
    let ask = guichet::base::fetch::Ask::post(&there.hook)
        .header(header, signature)
        .body(guichet::base::fetch::Body::Raw(body.to_vec(), "application/json"));
    desk.house.fetch.call(ask).await.unwrap().status
}

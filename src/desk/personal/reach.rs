//! Mail addresses of people, except the house's own.

use std::sync::LazyLock;

use regex::Regex;

use super::reading::{Reading, pattern};
use super::{Found, Personal};

/// Mailboxes that belong to a house, not to a person.
const HOUSE_BOXES: &str = "contact|info|infos|bonjour|hello|hi|support|sav|service|serviceclient\
    |service-client|service.client|clients|client|customer|customers|customerservice|customer-service|care\
    |help|aide|assistance|commande|commandes|order|orders|presse|press|rh|jobs|recrutement|shop|boutique\
    |magasin|store|sales|ventes|pro|b2b|dpo|privacy|rgpd|legal|noreply|no-reply|newsletter|team|equipe\
    |office";

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?P<it>(?P<box>[\p{L}\p{N}][\p{L}\p{N}\p{M}._%+'-]*)",
        r"(?: ?@ ?| ?(?:\(at\)|\[at\]|\{at\}|\(arobase\)|\[arobase\]) ?| (?:at|arobase) )",
        r"[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}])?",
        r"(?:(?:\.| (?:dot|point) | ?\((?:dot|point)\) ?|\[dot\])[\p{L}\p{N}\p{M}-]+)*",
        r"(?:\.| (?:dot|point) | ?\((?:dot|point)\) ?|\[dot\])[\p{L}\p{M}]{2,24})"
    ))
});

pub(super) fn emails(reading: &Reading) -> Vec<Found> {
    reading.all(&EMAIL, Personal::Email, |r, c| {
        let written = c["it"].to_owned();
        // “at exemple.fr” and “@ boutique.fr” are places; a mailbox is spelt out or stands close.
        let spelt = written.contains('@') && !written.contains(" @") && !written.contains("@ ");
        let said =
            written.contains('(') || written.contains('[') || written.contains(" dot ") || written.contains(" point ");
        // What follows an @ of its own is a handle: @name@server.
        let handle = r.before(c).ends_with('@');
        let latin: String =
            c["box"].chars().rev().take_while(char::is_ascii).collect::<String>().chars().rev().collect();
        let own = HOUSE_BOXES.split('|').any(|b| b == latin);
        (spelt || said) && !handle && !own
    })
}

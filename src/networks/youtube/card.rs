//! What YouTube is to people, and what is asked for when connecting it.

use super::super::{Card, Field};

/// The network’s card.
pub(super) fn card() -> Card {
    Card {
        name: "YouTube",
        brings: (
            "Commentaires et réponses sous toutes les vidéos d’une chaîne, et son chat en direct",
            "Comments and replies under all videos of a channel, and its live chat",
        ),
        fields: &FIELDS,
        account: "channel_id",
        help: "https://developers.google.com/youtube/registering_an_application",
        hooks: false,
    }
}

const fn field(
    key: &'static str,
    label: (&'static str, &'static str),
    secret: bool,
    required: bool,
    shared: bool,
) -> Field {
    Field { key, label, secret, required, shared }
}

static FIELDS: [Field; 7] = [
    field("channel_id", ("Identifiant de la chaîne (UC…)", "Channel ID (UC…)"), false, true, false),
    field("access_token", ("Jeton d’accès", "Access token"), true, true, false),
    field("refresh_token", ("Jeton de renouvellement", "Refresh token"), true, false, false),
    field("client_id", ("Client ID OAuth", "OAuth client ID"), false, false, true),
    field("client_secret", ("Client secret OAuth", "OAuth client secret"), true, false, true),
    field("daily_units", ("Unités de quota par jour", "Quota units a day"), false, false, true),
    field("api_base", ("Adresse de l’API (tests)", "API address (tests)"), false, false, true),
];

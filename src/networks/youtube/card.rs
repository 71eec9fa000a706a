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

static FIELDS: [Field; 7] = [
    Field::of("channel_id", ("Identifiant de la chaîne (UC…)", "Channel ID (UC…)"), false, true, false),
    Field::of("access_token", ("Jeton d’accès", "Access token"), true, true, false),
    Field::of("refresh_token", ("Jeton de renouvellement", "Refresh token"), true, false, false),
    Field::of("client_id", ("Client ID OAuth", "OAuth client ID"), false, false, true),
    Field::of("client_secret", ("Client secret OAuth", "OAuth client secret"), true, false, true),
    Field::of("daily_units", ("Unités de quota par jour", "Quota units a day"), false, false, true),
    Field::of("api_base", ("Adresse de l’API (tests)", "API address (tests)"), false, false, true),
];

//! What TikTok is to people, and what is asked for when connecting it.

use super::super::{Card, Field};

/// The network’s card.
pub(super) fn card() -> Card {
    Card {
        name: "TikTok",
        brings: (
            "Commentaires sous les vidéos d’un compte professionnel, et messages privés",
            "Comments under a business account’s videos, and private messages",
        ),
        fields: &FIELDS,
        account: "business_id",
        help: "https://business-api.tiktok.com/portal/docs",
        hooks: true,
    }
}

static FIELDS: [Field; 7] = [
    Field::of("business_id", ("Identifiant du compte (open_id)", "Account ID (open_id)"), false, true, false),
    Field::of("access_token", ("Jeton d’accès", "Access token"), true, true, false),
    Field::of("refresh_token", ("Jeton de renouvellement", "Refresh token"), true, false, false),
    Field::of("client_id", ("Identifiant de l’application", "Application ID"), false, false, true),
    Field::of("client_secret", ("Secret de l’application", "Application secret"), true, true, true),
    Field::of(
        "max_age",
        ("Âge accepté d’une signature, en secondes", "Accepted age of a signature, in seconds"),
        false,
        false,
        true,
    ),
    Field::of("api_base", ("Adresse de l’API (tests)", "API address (tests)"), false, false, true),
];

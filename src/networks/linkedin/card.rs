//! What LinkedIn is to people, and what is asked for when connecting it.

use super::super::{Card, Field};

/// The network’s card.
pub(super) fn card() -> Card {
    Card {
        name: "LinkedIn",
        brings: (
            "Commentaires, mentions et partages des publications d’une page",
            "Comments, mentions and shares of a page’s posts",
        ),
        fields: &FIELDS,
        account: "organization_id",
        help: "https://learn.microsoft.com/linkedin/marketing/community-management/",
        hooks: true,
    }
}

static FIELDS: [Field; 9] = [
    Field::of("organization_id", ("Identifiant de la page (chiffres)", "Page ID (digits)"), false, true, false),
    Field::of(
        "access_token",
        ("Jeton d’accès d’un administrateur", "An administrator’s access token"),
        true,
        true,
        false,
    ),
    Field::of("refresh_token", ("Jeton de renouvellement", "Refresh token"), true, false, false),
    Field::of("client_id", ("Client ID de l’application", "Application client ID"), false, false, true),
    Field::of("client_secret", ("Client secret de l’application", "Application client secret"), true, true, true),
    Field::of("application_id", ("Numéro de l’application", "Application number"), false, false, true),
    Field::of("version", ("Version de l’API (AAAAMM)", "API version (YYYYMM)"), false, false, true),
    Field::of("daily_calls", ("Appels par jour", "Calls a day"), false, false, true),
    Field::of("api_base", ("Adresse de l’API (tests)", "API address (tests)"), false, false, true),
];

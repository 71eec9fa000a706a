//! What X is to people, and what is asked for when connecting it.

use super::super::{Card, Field};

/// The network’s card.
pub(super) fn card() -> Card {
    Card {
        name: "X",
        brings: (
            "Mentions, réponses, citations et messages privés d’un compte",
            "An account’s mentions, replies, quotes and private messages",
        ),
        fields: &FIELDS,
        account: "user_id",
        help: "https://docs.x.com/fundamentals/developer-portal",
        hooks: true,
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

static FIELDS: [Field; 10] = [
    field("user_id", ("Identifiant du compte (chiffres)", "Account ID (digits)"), false, true, false),
    field("access_token", ("Jeton d’accès du compte (OAuth 2)", "Account access token (OAuth 2)"), true, true, false),
    field("refresh_token", ("Jeton de renouvellement", "Refresh token"), true, false, false),
    field(
        "consumer_secret",
        ("Secret de l’application (API key secret)", "App secret (API key secret)"),
        true,
        false,
        true,
    ),
    field("client_id", ("Client ID OAuth 2", "OAuth 2 client ID"), false, false, true),
    field("client_secret", ("Client secret OAuth 2", "OAuth 2 client secret"), true, false, true),
    field("bearer_token", ("Jeton de l’application (bearer)", "App bearer token"), true, false, true),
    field("webhook_id", ("Identifiant du webhook chez X", "Webhook ID at X"), false, false, true),
    field("daily_reads", ("Lectures payées par jour, au plus", "Paid reads a day, at the most"), false, false, true),
    field("api_base", ("Adresse de l’API (tests)", "API address (tests)"), false, false, true),
];

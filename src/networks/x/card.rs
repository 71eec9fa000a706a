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

static FIELDS: [Field; 10] = [
    Field::of("user_id", ("Identifiant du compte (chiffres)", "Account ID (digits)"), false, true, false),
    Field::of(
        "access_token",
        ("Jeton d’accès du compte (OAuth 2)", "Account access token (OAuth 2)"),
        true,
        true,
        false,
    ),
    Field::of("refresh_token", ("Jeton de renouvellement", "Refresh token"), true, false, false),
    Field::of(
        "consumer_secret",
        ("Secret de l’application (API key secret)", "App secret (API key secret)"),
        true,
        false,
        true,
    ),
    Field::of("client_id", ("Client ID OAuth 2", "OAuth 2 client ID"), false, false, true),
    Field::of("client_secret", ("Client secret OAuth 2", "OAuth 2 client secret"), true, false, true),
    Field::of("bearer_token", ("Jeton de l’application (bearer)", "App bearer token"), true, false, true),
    Field::of("webhook_id", ("Identifiant du webhook chez X", "Webhook ID at X"), false, false, true),
    Field::of(
        "daily_reads",
        ("Lectures payées par jour, au plus", "Paid reads a day, at the most"),
        false,
        false,
        true,
    ),
    Field::of("api_base", ("Adresse de l’API (tests)", "API address (tests)"), false, false, true),
];

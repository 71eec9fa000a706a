//! Mailboxes that are opened with tokens and with nothing else, as those of Microsoft 365 are; and the
//! address where tokens are renewed.
//!
//! Sources: developers.google.com/workspace/gmail/imap/xoauth2-protocol (the words, the challenge of a
//! refusal), RFC 6749, 5.2 and 6 (renewal and its refusal); read 2026-11.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::Email;

/// What a refusal tells before it is one.
const CHALLENGE: &str = r#"{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}"#;

impl Email {
    /// The mailbox is opened with this token from now on, and with no password.
    pub fn set_tokens(&self, address: &str, access: &str, refresh: &str) {
        let nobody_knows = hex::encode(self.given.bytes::<16>());
        if let Some(mailbox) = self.world().mailboxes.get_mut(address) {
            mailbox.tokens = Some((access.to_owned(), refresh.to_owned()));
            mailbox.password = nobody_knows;
        }
    }

    /// Whose mailbox these coded words of XOAUTH2 open.
    pub(super) fn opened_by(&self, words: &str) -> Option<String> {
        let told = String::from_utf8(STANDARD.decode(words.trim()).ok()?).ok()?;
        let (user, token) = told.strip_prefix("user=")?.strip_suffix("\x01\x01")?.split_once("\x01auth=Bearer ")?;
        let world = self.world();
        let (access, _) = world.mailboxes.get(user)?.tokens.as_ref()?;
        (access == token).then(|| user.to_owned())
    }
}

/// The reason of a refusal, coded.
pub(super) fn challenge() -> String {
    STANDARD.encode(CHALLENGE)
}

/// Where tokens are renewed.
pub fn routes(email: Arc<Email>) -> Router {
    Router::new().route("/token", post(renew)).with_state(email)
}

/// The new pair takes the place of the old one.
async fn renew(State(email): State<Arc<Email>>, Form(asked): Form<HashMap<String, String>>) -> Response {
    let of = |key: &str| asked.get(key).map_or("", String::as_str);
    let (access, refresh) = (hex::encode(email.given.bytes::<16>()), hex::encode(email.given.bytes::<16>()));
    let mut world = email.world();
    let theirs = world.mailboxes.values_mut().filter_map(|m| m.tokens.as_mut()).find(|t| t.1 == of("refresh_token"));
    let Some(tokens) = theirs.filter(|_| of("grant_type") == "refresh_token" && !of("client_id").is_empty()) else {
        let refused =
            json!({"error": "invalid_grant", "error_description": "The refresh token has expired or was revoked."});
        return (StatusCode::BAD_REQUEST, axum::Json(refused)).into_response();
    };
    *tokens = (access.clone(), refresh.clone());
    axum::Json(json!({"token_type": "Bearer", "expires_in": 3_600, "access_token": access, "refresh_token": refresh}))
        .into_response()
}

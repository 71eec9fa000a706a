//! How one signs in at a mail server: with a password, or with a token of OAuth 2, which is all that
//! Microsoft 365 takes.
//!
//! Sources: developers.google.com/workspace/gmail/imap/xoauth2-protocol (the form XOAUTH2; a refusal is
//! a challenge that wants an empty answer), learn.microsoft.com/exchange/client-developer/
//! legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth (the same form, and
//! the scopes), RFC 6749, 6 (renewal); read 2026-11. Not tried against either provider.

use async_imap::Authenticator;

use crate::networks::oauth;
use crate::networks::{Line, Refused, Renewed};

/// What one signs in with.
pub(super) enum Key {
    /// A password.
    Password(String),
    /// An access token.
    Token(String),
}

impl Key {
    /// The account's: the token, where there is one.
    pub fn of(line: &Line<'_>) -> Result<Key, Refused> {
        let settings = &line.account.settings;
        match (settings.get("access_token"), settings.get("refresh_token"), settings.get("password")) {
            (Some(token), ..) => Ok(Key::Token(token.to_owned())),
            (None, Some(_), _) => Err(Refused::Later(None, "the first access token is not here yet".into())),
            (None, None, Some(password)) => Ok(Key::Password(password.to_owned())),
            (None, None, None) => Err(Refused::Reconnect("the setting “password” or “access_token” is missing".into())),
        }
    }
}

/// The words of XOAUTH2, before they are coded.
pub(super) fn xoauth2(user: &str, token: &str) -> String {
    format!("user={user}\x01auth=Bearer {token}\x01\x01")
}

/// Says the words once; to what is asked after that, the reason of a refusal, nothing.
pub(super) struct Once(pub Option<String>);

impl Authenticator for Once {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.0.take().unwrap_or_default()
    }
}

/// Renews the token; none where the settings do not say how.
pub(super) async fn renew(line: &Line<'_>) -> Result<Option<Renewed>, Refused> {
    let settings = &line.account.settings;
    let (Some(refresh), Some(client), Some(url)) =
        (settings.get("refresh_token"), settings.get("client_id"), settings.get("oauth_url"))
    else {
        return Ok(None);
    };
    let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", client)];
    fields.extend(settings.get("client_secret").map(|secret| ("client_secret", secret)));
    let body = oauth::token(line, url.to_owned(), &fields, None).await?;
    Ok(Some(oauth::renewed(line, &body)))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// The example of Google's page.
    #[test]
    fn the_words_are_those_of_the_page() {
        let words = xoauth2("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg");
        let coded = "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==";
        assert_eq!(STANDARD.encode(&words), coded);
        let mut once = Once(Some(words.clone()));
        assert_eq!((once.process(b""), once.process(b"{\"status\":\"401\"}")), (words, String::new()));
    }
}

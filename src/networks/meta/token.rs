//! Tokens: what is missing, when they end, how they are renewed.

use std::time::Duration;

use serde_json::Value;

use super::{graph, graph_at, read, signed};
use crate::base::At;
use crate::base::fetch::Ask;
use crate::base::json::Reads;
use crate::desk::channel::Settings;
use crate::networks::{Line, Refused, Renewed};

/// What a token says of itself, where it may ask: missing permissions, and an end that is near.
/// Source: developers.facebook.com/docs/graph-api/reference/debug_token; read 2026-11.
pub async fn token_problems(line: &Line<'_>, token: &str, needed: &[&str]) -> Vec<(String, String)> {
    let ask = Ask::get(graph(&line.account.settings, "debug_token")).query("input_token", token);
    let Ok(body) = read(line, signed(&line.account.settings, ask, token)).await else { return Vec::new() };
    let data = &body["data"];
    let granted: Vec<&str> = data.list("scopes").iter().filter_map(Value::as_str).collect();
    let mut problems = Vec::new();
    let missing: Vec<&str> = needed.iter().filter(|n| !granted.contains(n)).copied().collect();
    if !granted.is_empty() && !missing.is_empty() {
        let missing = missing.join(", ");
        problems.push((
            format!("Il manque des autorisations à ce jeton : {missing}."),
            format!("This token lacks permissions: {missing}."),
        ));
    }
    let ends = data.number("expires_at").filter(|at| *at > 0).map(At::from_secs);
    if let Some(at) = ends.filter(|at| *at < line.now.plus(Duration::from_hours(24 * 7))) {
        problems.push((
            format!("Ce jeton expire le {}. Créez-en un nouveau.", at.timestamp().strftime("%Y-%m-%d")),
            format!("This token expires on {}. Create a new one.", at.timestamp().strftime("%Y-%m-%d")),
        ));
    }
    problems
}

/// Settings this network cannot work without and that are missing, in words.
pub fn missing(settings: &Settings, keys: &[&str]) -> Vec<(String, String)> {
    let missing = keys.iter().filter(|key| settings.get(key).is_none());
    missing.map(|key| (format!("Le réglage « {key} » manque."), format!("The setting “{key}” is missing."))).collect()
}

/// A long-lived token of Instagram or Threads, renewed: good for 60 days, to be renewed after one at
/// the earliest. Sources: developers.facebook.com/docs/instagram-platform/reference/
/// refresh_access_token, …/docs/threads/get-started/long-lived-tokens; read 2026-11.
///
/// # Errors
/// [`Refused`].
pub async fn refresh(line: &Line<'_>, host: &str, grant: &str, token: &str) -> Result<Renewed, Refused> {
    let ask = Ask::get(graph_at(&line.account.settings, host, "refresh_access_token"))
        .query("grant_type", grant)
        .query("access_token", token);
    let body = read(line, ask).await?;
    let fresh = body.text("access_token").ok_or_else(|| Refused::Later(None, "no token came back".into()))?;
    let lasts = body.number("expires_in").and_then(|s| u64::try_from(s).ok()).filter(|s| *s > 0);
    let lasts = Duration::from_secs(lasts.unwrap_or(60 * 86_400));
    Ok(Renewed {
        settings: vec![("access_token".into(), fresh.to_owned())],
        until: Some(line.now.plus(lasts)),
        again: line.now.plus((lasts / 2).max(Duration::from_hours(25))),
    })
}

//! Subscribing a page's social actions to our hook.
//!
//! Source: learn.microsoft.com/linkedin/marketing/community-management/organizations/
//! organization-social-action-notifications, “Event Subscription API” (a page of June 2026, read
//! 2026-11): one `PUT` makes the subscription or makes it anew, for one application, one administrator
//! and one page; it ends with that person's grant or role.

use std::time::Duration;

use serde_json::json;

use super::super::{Line, Network, Refused, wire};
use super::LinkedIn;
use super::act::{key, url, us, versioned};
use super::refuse::judge;
use crate::base::fetch::Ask;
use crate::base::json::Reads;
use crate::desk::outbound::Refusal;

/// A page somebody administers.
pub(super) struct Role {
    /// Its URN.
    pub page: String,
    /// Theirs; none where LinkedIn does not say.
    pub person: Option<String>,
}

/// The pages whoever holds this token administers.
pub(super) async fn roles(line: &Line<'_>, token: &str) -> Result<Vec<Role>, Refused> {
    let acls = url(line, "organizationAcls?q=roleAssignee&role=ADMINISTRATOR&state=APPROVED");
    line.spend(1);
    let body = wire::read(line, versioned(line, Ask::get(acls)).bearer(token), judge).await?;
    let page =
        |acl: &serde_json::Value| acl.text("organization").or(acl.text("organizationalTarget")).map(str::to_owned);
    let person = |acl: &serde_json::Value| acl.text("roleAssignee").map(str::to_owned);
    Ok(body.list("elements").iter().filter_map(|acl| Some(Role { page: page(acl)?, person: person(acl) })).collect())
}

/// Subscribes the page, where the application's number is known; false where it is not. Two calls.
pub(super) async fn subscribe(line: &Line<'_>) -> Result<bool, Refused> {
    let account = line.account;
    let (Some(application), Some(hook)) = (account.settings.get("application_id"), &account.hook) else {
        return Ok(false);
    };
    let token = account.need("access_token").map_err(Refused::Reconnect)?;
    let us = us(line);
    let ours = roles(line, token).await?.into_iter().find(|role| role.page == us);
    let Some(person) = ours.and_then(|role| role.person) else {
        let why = "whoever holds this token is no administrator of the page".to_owned();
        return Err(Refused::Never(Refusal::NotPermitted, why));
    };
    let path = format!(
        "eventSubscriptions/(developerApplication:{},user:{},entity:{},eventType:ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS)",
        key(&format!("urn:li:developerApplication:{application}")),
        key(&person),
        key(&us)
    );
    line.spend(1);
    let ask = Ask::put(url(line, &path)).json(json!({"webhook": hook}));
    wire::read(line, versioned(line, ask).bearer(token), judge).await?;
    Ok(true)
}

/// Whether it is time to subscribe again: in the first hour, then every six, since calls are counted;
/// and only while the day's calls reach for it.
pub(super) fn is_time(line: &Line<'_>) -> bool {
    let new = line.now < line.account.since.plus(Duration::from_hours(1));
    let hour = line.now.secs().div_euclid(3_600);
    let budget = LinkedIn.budget(&line.account.settings);
    (new || hour % 6 == 0) && budget.is_none_or(|b| b.may_read(line.used(&b), 2))
}

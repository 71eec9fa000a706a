//! The table of contents of the site. Every route is also a row of a list, with who may use it, so
//! that tests can knock on every door.

use axum::Router;

use super::room::Room;
use super::routes::Access::{Network, Open, Person, Program};
use super::routes::Routes;
pub use super::routes::{Access, Route};
use super::{
    Web, api, assets, bot, contact, health, home, hooks, inbox, layers, live, login, media, replies, search, settings,
    setup, strip,
};
use crate::flow::attach;

fn screens(room: Room) -> Routes {
    [door, inbox, library, studio, people, settings, channels, operators]
        .iter()
        .fold(Routes::new(room), |all, of| of(all))
}

/// Signing in and out.
fn door(routes: Routes) -> Routes {
    routes
        .get("/", Open, home::home)
        .get("/login", Open, login::form)
        .post("/login", Open, login::submit)
        .get("/enter/{link}", Open, login::enter)
        .post("/logout", Open, login::logout)
        .get("/setup", Open, setup::form)
        .post("/setup", Open, setup::submit)
        .get("/invite/{link}", Open, login::invite)
        .post("/invite/{link}", Open, login::accept)
        .get("/assets/{file}", Open, assets::serve)
}

/// Tickets, and what is done to them.
fn inbox(routes: Routes) -> Routes {
    routes
        .get("/inbox", Person, inbox::first)
        .get("/inbox/{view}", Person, inbox::queue)
        .get("/tickets/{id}", Person, inbox::ticket)
        .post("/tickets/{id}/reply", Person, inbox::reply)
        .post("/tickets/{id}/draft", Person, inbox::keep)
        .long_post("/tickets/{id}/files", Person, attach::FORM, inbox::attach)
        .post("/tickets/{id}/files/let-go", Person, inbox::let_go)
        .post("/tickets/{id}/undo", Person, inbox::undo)
        .post("/tickets/{id}/state", Person, inbox::state)
        .post("/tickets/{id}/assign", Person, inbox::assign)
        .post("/tickets/{id}/stage", Person, inbox::stage)
        .post("/tickets/{id}/labels", Person, inbox::labels)
        .post("/tickets/{id}/priority", Person, inbox::priority)
        .get("/tickets/{id}/escalate", Person, inbox::escalate_form)
        .post("/tickets/{id}/escalate", Person, inbox::escalate)
        .post("/tickets/{id}/merge", Person, inbox::merge)
        .post("/merges/{id}/undo", Person, inbox::unmerge)
        .post("/messages/{id}/moderate", Person, inbox::moderate)
        .post("/messages/{id}/take-back", Person, inbox::take_back)
        .post("/messages/{id}/decide", Person, inbox::decide)
        .post("/tickets/{id}/not-useful", Person, inbox::not_useful)
        .post("/tickets/{id}/assist", Person, inbox::assist)
        .post("/messages/{id}/judge", Person, inbox::judge)
        .get("/tickets/{id}/approved", Person, inbox::approved_form)
        .post("/tickets/{id}/approved", Person, inbox::send_approved)
        .get("/tickets/{id}/canned", Person, inbox::pick)
        .get("/tickets/{id}/canned.json", Person, inbox::offers)
        .get("/media/{message}/{n}", Person, media::show)
        .get("/live", Person, live::open)
}

/// Replies and facts.
fn library(routes: Routes) -> Routes {
    routes
        .get("/replies", Person, replies::list)
        .post("/replies", Person, replies::add)
        .get("/replies/new", Person, replies::fresh)
        .get("/replies/{folder}/{slug}", Person, replies::show)
        .post("/replies/{folder}/{slug}", Person, replies::save)
        .post("/replies/{folder}/{slug}/remove", Person, replies::remove)
        .get("/settings/facts", Person, replies::facts)
        .post("/settings/facts", Person, replies::state)
}

/// What the bot knows, tried, published and judged.
fn studio(routes: Routes) -> Routes {
    routes
        .get("/bot", Person, bot::rules::list)
        .get("/bot/new", Person, bot::entry::fresh)
        .post("/bot/new", Person, bot::write::add)
        .get("/bot/rules/{folder}/{slug}", Person, bot::entry::show)
        .post("/bot/rules/{folder}/{slug}", Person, bot::write::save)
        .post("/bot/rules/{folder}/{slug}/remove", Person, bot::write::remove)
        .post("/bot/rules/{folder}/{slug}/drop", Person, bot::write::drop)
        .post("/bot/rules/{folder}/{slug}/propose", Person, bot::write::propose)
        .post("/bot/proposals/{id}", Person, bot::publish::settle)
        .post("/bot/starter", Person, bot::publish::starter)
        .get("/bot/try", Person, bot::console::show)
        .get("/bot/replay", Person, bot::replay::show)
        .post("/bot/replay", Person, bot::replay::begin)
        .post("/bot/replays/{id}/cancel", Person, bot::replay::cancel)
        .post("/bot/replays/{id}/judge", Person, bot::judge::judge)
        .post("/bot/replays/{id}/mend", Person, bot::judge::mend)
        .get("/bot/publish", Person, bot::publish::show)
        .post("/bot/publish", Person, bot::publish::publish)
        .post("/bot/agree", Person, bot::publish::agree)
        .post("/bot/tests/withdraw", Person, bot::publish::withdraw)
        .post("/bot/promote", Person, bot::publish::promote)
        .post("/bot/rollback", Person, bot::publish::rollback)
        .get("/bot/versions", Person, bot::versions::list)
        .get("/bot/versions/{number}", Person, bot::versions::show)
        .get("/bot/missed", Person, bot::missed::list)
        .post("/bot/missed/again", Person, bot::missed_acts::again)
        .get("/bot/missed/new", Person, bot::proposal::form)
        .post("/bot/missed/new", Person, bot::proposal::save)
        .get("/bot/missed/{id}", Person, bot::missed::show)
        .post("/bot/missed/{id}/attach", Person, bot::missed_acts::attach)
        .post("/bot/missed/{id}/ignore", Person, bot::missed_acts::ignore)
        .post("/bot/missed/choices/{id}/back", Person, bot::missed_acts::take_back)
        .post("/bot/missed/proposals/{id}/decline", Person, bot::missed_acts::decline)
        .get("/bot/coverage", Person, bot::coverage::show)
        .get("/bot/coverage/questions", Person, bot::behind::show)
        .get("/bot/report", Person, bot::report::show)
        .get("/bot/report/list", Person, bot::report::list)
        .get("/bot/report.csv", Person, bot::report::csv)
}

/// People who write to us.
fn people(routes: Routes) -> Routes {
    routes
        .get("/contacts", Person, contact::list)
        .get("/contacts/{id}", Person, contact::show)
        .post("/contacts/{id}/merge", Person, contact::merge)
        .get("/search", Person, search::search)
}

/// Settings.
fn settings(routes: Routes) -> Routes {
    routes
        .get("/settings", Person, settings::index)
        .get("/settings/me", Person, settings::me::form)
        .post("/settings/me", Person, settings::me::submit)
        .get("/settings/bot", Person, settings::bot::show)
        .post("/settings/bot/mode", Person, settings::bot::set)
        .post("/settings/bot/switch", Person, settings::bot::switch)
        .get("/settings/bot/connectors", Person, settings::connectors::list)
        .post("/settings/bot/connectors", Person, settings::connectors::keep)
        .post("/settings/bot/connectors/test", Person, settings::connectors::test)
        .post("/settings/bot/connectors/remove", Person, settings::connectors::remove)
        .get("/settings/assist", Person, settings::assist::form)
        .post("/settings/assist", Person, settings::assist::submit)
        .post("/settings/bot/evidence", Person, settings::evidence::open)
        .get("/settings/people", Person, settings::people::list)
        .post("/settings/people", Person, settings::people::invite)
        .post("/settings/people/{id}/role", Person, settings::people::role)
        .post("/settings/people/{id}/access", Person, settings::people::access)
        .post("/settings/people/{id}/link", Person, settings::people::link)
        .get("/settings/brands", Person, settings::brands::list)
        .post("/settings/brands", Person, settings::brands::add)
        .get("/settings/troubles", Person, settings::troubles::list)
        .post("/settings/troubles/{id}/replay", Person, settings::troubles::replay)
}

/// Networks, connected and watched.
fn channels(routes: Routes) -> Routes {
    routes
        .get("/settings/channels", Person, settings::channels::list)
        .get("/settings/channels/new/{network}", Person, settings::channels::form)
        .post("/settings/channels/new/{network}", Person, settings::channels::connect)
        .post("/settings/channels/new/{network}/login", Person, settings::login::begin)
        .post("/settings/channels/{id}/login", Person, settings::login::again)
        .get("/settings/login/back/", Person, settings::login::back)
        .post("/settings/login/confirm", Person, settings::login::confirm)
        .get("/settings/channels/{id}", Person, settings::channels::show)
        .post("/settings/channels/{id}/check", Person, settings::channels::check)
        .post("/settings/channels/{id}/pause", Person, settings::channels::pause)
        .post("/settings/channels/{id}/reconnect", Person, settings::channels::reconnect)
}

/// For operators.
fn operators(routes: Routes) -> Routes {
    routes.get("/healthz", Open, health::alive).get("/readyz", Open, health::ready).get(
        "/metrics",
        Open,
        health::metrics,
    )
}

fn programs(room: Room) -> Routes {
    Routes::new(room)
        .get("/api/v1/openapi.json", Open, api::openapi)
        .get("/api/v1/tickets", Program, api::tickets::list)
        .get("/api/v1/tickets/{id}", Program, api::tickets::get)
        .patch("/api/v1/tickets/{id}", Program, api::tickets::change)
        .post("/api/v1/tickets/{id}/replies", Program, api::replies::reply)
        .post("/api/v1/tickets/{id}/notes", Program, api::replies::note)
        .post("/api/v1/tickets/{id}/escalate", Program, api::tickets::escalate)
        .post("/api/v1/messages/{id}/moderate", Program, api::messages::moderate)
        .post("/api/v1/messages/{id}/resolve-delivery", Program, api::messages::resolve)
        .delete("/api/v1/messages/{id}", Program, api::messages::take_back)
        .get("/api/v1/contacts/{id}", Program, api::contacts::get)
        .get("/api/v1/search", Program, api::search::search)
        .get("/api/v1/channels", Program, api::channels::list)
        .get("/api/v1/events", Program, api::events::list)
        .get("/api/v1/inbound", Program, api::inbound::list)
        .post("/api/v1/inbound/{id}/replay", Program, api::inbound::replay)
}

fn network_doors(room: Room) -> Routes {
    Routes::new(room).get("/hooks/{token}", Network, hooks::handshake).post("/hooks/{token}", Network, hooks::receive)
}

/// Every route there is.
pub fn table() -> Vec<Route> {
    let room = Room::default();
    [screens(room.clone()).rows, programs(room.clone()).rows, network_doors(room).rows].concat()
}

/// The whole site.
pub fn router(web: Web) -> Router {
    let mut screens = screens(web.room.clone());
    if web.strip.is_some() {
        screens = screens.post("/strip", Person, strip::press);
    }
    let screens = layers::around_screens(screens.router.fallback(home::nowhere), &web);
    let programs = layers::around_programs(programs(web.room.clone()).router);
    let all = screens.merge(programs).merge(network_doors(web.room.clone()).router);
    layers::around_all(all).with_state(web)
}

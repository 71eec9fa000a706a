//! The screens, the hooks and the API: what browsers, networks and programs see of the house.
//! Handlers ask, call one use case or read, and show; they hold no rules of their own.

pub mod api;
pub mod ask;
pub mod assets;
pub mod bot;
pub mod contact;
pub mod error;
pub mod find;
pub mod head;
pub mod health;
pub mod home;
pub mod hooks;
pub mod ill;
pub mod inbox;
pub mod layers;
pub mod live;
pub mod login;
pub mod media;
pub mod page;
pub mod replies;
pub mod room;
pub mod router;
mod routes;
pub mod search;
pub mod server;
pub mod settings;
pub mod setup;
pub mod show;
pub mod state;
pub mod strip;

pub use error::{Error, Result};
pub use page::{Page, View};
pub use router::router;
pub use state::Web;

/// Every screen's template, to be tried with its samples; a new screen adds its line.
pub const TRIALS: &[page::Trial] = &[
    page::Trial::of::<login::LoginView>(),
    page::Trial::of::<setup::SetupView>(),
    page::Trial::of::<error::ErrorView>(),
    page::Trial::of::<inbox::InboxView>(),
    page::Trial::of::<inbox::EscalateView>(),
    page::Trial::of::<inbox::PickView>(),
    page::Trial::of::<inbox::ApprovedView>(),
    page::Trial::of::<replies::RepliesView>(),
    page::Trial::of::<replies::EditView>(),
    page::Trial::of::<replies::FactsView>(),
    page::Trial::of::<settings::bot::BotView>(),
    page::Trial::of::<settings::connectors::ConnectorsView>(),
    page::Trial::of::<bot::rules::RulesView>(),
    page::Trial::of::<bot::entry::EntryView>(),
    page::Trial::of::<bot::console::ConsoleView>(),
    page::Trial::of::<bot::replay::ReplayView>(),
    page::Trial::of::<bot::publish::PublishView>(),
    page::Trial::of::<bot::versions::VersionsView>(),
    page::Trial::of::<bot::versions::VersionView>(),
    page::Trial::of::<settings::assist::AssistView>(),
    page::Trial::of::<bot::report::ReportView>(),
    page::Trial::of::<bot::report::ListView>(),
    page::Trial::of::<bot::missed::MissedView>(),
    page::Trial::of::<bot::proposal::ProposalView>(),
    page::Trial::of::<bot::coverage::CoverageView>(),
    page::Trial::of::<bot::behind::BehindView>(),
    page::Trial::of::<contact::ListView>(),
    page::Trial::of::<contact::ContactView>(),
    page::Trial::of::<search::SearchView>(),
    page::Trial::of::<settings::channels::ListView>(),
    page::Trial::of::<settings::channels::ConnectView>(),
    page::Trial::of::<settings::channels::ChannelView>(),
    page::Trial::of::<settings::login::LoginView>(),
    page::Trial::of::<settings::me::MeView>(),
    page::Trial::of::<settings::people::PeopleView>(),
    page::Trial::of::<settings::brands::BrandsView>(),
    page::Trial::of::<settings::troubles::TroublesView>(),
];

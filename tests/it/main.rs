//! Every integration test in one binary: stories first, then what holds for the whole house.

#![expect(
    clippy::cast_possible_truncation,
    clippy::format_push_string,
    clippy::items_after_statements,
    clippy::match_same_arms,
    reason = "stories are read from top to bottom, by people"
)]

mod support;

mod api;
mod assist;
mod beside;
mod bot;
mod bridge;
mod canned;
mod cli;
mod counter;
mod crash;
mod demo;
mod evening;
mod evidence;
mod files;
mod hooks;
mod house;
mod ill;
mod intake;
mod learning;
mod linkedin;
mod live;
mod login;
mod look;
mod mail;
mod meta;
mod morning;
mod net;
mod outbox;
mod people;
mod personal;
mod postfix;
mod renewal;
mod replies;
mod rules;
mod search;
mod story;
mod strangers;
mod studio;
mod sure;
mod talks;
mod tangles;
mod tickets;
mod tiktok;
mod toy;
mod triage;
mod x;
mod youtube;

//! Every integration test in one binary: stories first, then what holds for the whole house.

mod support;

mod api;
mod crash;
mod hooks;
mod house;
mod intake;
mod outbox;
mod people;
mod story;
mod strangers;
mod tickets;

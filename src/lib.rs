#![doc = "Guichet: one counter for every network."]
pub mod base;
pub mod desk;
pub mod flow;
pub mod networks;
pub mod store;

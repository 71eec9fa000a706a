#![doc = "Guichet: one counter for every network."]
pub mod base;
pub mod desk;

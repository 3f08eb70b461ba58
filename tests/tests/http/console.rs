//! The admin console, without scripts.

mod applications;
mod attacks;
mod clients;
mod furnished;
mod in_chromium;
mod offered;
mod people;
mod permissions;
mod realm;
mod registry;
mod statements;

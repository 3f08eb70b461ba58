//! The admin console, without scripts.

mod attacks;
mod furnished;
mod in_chromium;
mod offered;
mod people;
mod permissions;
mod registry;
mod statements;

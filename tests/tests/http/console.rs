//! The admin console, without scripts.

mod attacks;
mod furnished;
mod in_chromium;
mod offered;
mod permissions;
mod realm;
mod registry;
mod statements;

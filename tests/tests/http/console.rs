//! The admin console, without scripts.

mod applications;
mod attacks;
mod clients;
mod furnished;
mod in_chromium;
mod offered;
mod permissions;
mod registry;
mod statements;

//! The Admin REST API, wire-compatible with Keycloak's.
//!
//! Handlers are thin: read the request, call one service function, write the answer. [`routes`] is the table of all
//! of them, each with the permissions of which a caller needs at least one; a handler can't be mounted without.

pub mod errors;
mod kit;
pub mod routes;

mod brute_force;
mod caches;
mod client_scopes;
mod clients;
mod components;
mod docker;
mod events;
mod groups;
mod imports;
mod initial_access;
mod installation;
mod keys;
mod mappers;
mod multipart;
mod realms;
mod role_mappings;
mod roles;
mod scope_mappings;
mod server_info;
mod sessions;
mod users;

pub use routes::{Declared, Routes, configure, declared};

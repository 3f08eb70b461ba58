//! The Admin REST API, wire-compatible with Keycloak's.
//!
//! Handlers are thin: read the request, call one service function, write the answer. [`routes`] is the table of all
//! of them, each with the permissions of which a caller needs at least one; a handler can't be mounted without.

mod answers;
mod bodies;
pub mod cross_origin;
pub mod errors;
mod kit;
pub mod openapi;
pub mod routes;

mod authentication;
mod brute_force;
mod caches;
mod client_policies;
mod client_scopes;
mod clients;
mod components;
mod console;
mod docker;
mod events;
mod feature_off;
mod federated_identities;
mod groups;
mod identity_providers;
mod imports;
mod initial_access;
mod installation;
mod keys;
mod localization;
mod mappers;
mod multipart;
mod realms;
pub mod refused;
mod role_mappings;
mod roles;
mod scope_mappings;
mod server_info;
mod sessions;
mod user_storage;
mod users;
mod versions;
mod webhooks;

pub use routes::{Declared, Routes, configure, declared};

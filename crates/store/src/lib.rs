//! All SQL of Portcullis: one module per entity, free functions on a connection.
//!
//! Reads take a [`sqlx::PgConnection`]; writes take a [`Tx`], so that writing outside a transaction does not compile.
//! Every function names the realm it works in. Queries are checked against the schema at compile time, from the
//! committed description in `.sqlx` (`cargo xtask sqlx` renews it).

pub mod admin_events;
pub mod authentication;
pub mod change;
pub mod client_scopes;
pub mod client_sessions;
pub mod clients;
pub mod components;
pub mod consents;
pub mod credentials;
pub mod device_codes;
mod error;
pub mod event_counts;
pub mod events;
pub mod expired;
pub mod federated_identities;
pub mod find;
pub mod groups;
pub mod identity_providers;
pub mod identity_tokens;
pub mod initial_access_tokens;
pub mod jobs;
pub mod keys;
pub mod localization;
pub mod login;
pub mod mappers;
pub mod permissions;
mod pool;
pub mod pushed_requests;
pub mod realms;
pub mod refusals;
pub mod required_actions;
pub mod role_mappings;
pub mod roles;
mod row;
pub mod scope_mappings;
pub mod sessions;
pub mod subjects;
pub mod transfer;
mod tx;
pub mod used_assertions;
pub mod users;
pub mod webhooks;

pub use error::{Error, Result};
pub use pool::{Connection, MIGRATIONS, Store};
pub use sqlx::PgConnection;
pub use tx::{Committed, Snapshot, Tx};

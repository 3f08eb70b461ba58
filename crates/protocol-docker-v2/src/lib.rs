//! Docker Registry v2 token authentication: scopes, permission mappers, tokens, installation files.
//!
//! A registry sends its clients here for a token. One request goes this way: [`request`] reads it, [`scope`] reads what
//! it asks for, [`mapper`] holds the rules of the registry's client, [`access`] decides, [`claims`] and [`response`]
//! write the answer, [`error`] every refusal. All of that is pure: no clock, no randomness, no database.
//! [`registry`] makes a client ready for requests, [`token`] takes one request through all of it, [`routes`] is its HTTP,
//! [`explain`] and [`permission`] the view of administrators. [`DockerV2`] is what the rest of the server sees of this protocol.

pub mod access;
pub mod action;
pub mod claims;
pub mod client;
pub mod error;
pub mod explain;
pub mod installation;
pub mod mapper;
pub mod pattern;
pub mod permission;
mod protocol;
pub mod registry;
pub mod repository_name;
pub mod request;
pub mod response;
pub mod routes;
pub mod scope;
#[cfg(test)]
mod testing;
pub mod token;

pub use self::{protocol::DockerV2, routes::routes};

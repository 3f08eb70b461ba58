//! Claims from protocol mappers: what an administrator configured becomes what a token says.
//!
//! A stored mapper is read once, into a [`ClaimMapper`] of a closed set; [`build`] then runs the mappers of a client and
//! of its client scopes over the [`Facts`] of one request. Nothing here reads a clock, a database or the network, so
//! that the same facts always give the same token.
//!
//! The caller puts the claims that no mapper decides about (`iss`, `exp`, `jti` …) in front; no mapper writes them
//! ([`protected`]). What a standard claim may look like is enforced here and not left to the configuration: OpenID
//! Connect Core 1.0 wants booleans, numbers and absent claims (sections 5.1 and 5.3.2), whatever a user's attribute says.

mod build;
mod claim;
mod facts;
mod json_type;
mod kind;
mod mapper;
mod output;
mod parse;
pub mod protected;
mod requested;
mod roles;
mod subject_identifier;
mod target;
mod user;

pub use build::build;
pub use claim::{ClaimName, DEEPEST};
pub use facts::Facts;
pub use json_type::JsonType;
pub use kind::Kind;
pub use mapper::ClaimMapper;
pub use roles::{RoleScope, scope_applies};
pub use subject_identifier::subject_identifier;
pub use target::Target;

#[cfg(test)]
mod tests;

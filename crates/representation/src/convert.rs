//! Conversions from the model to representations, one file per thing.

mod client;
mod client_scope;
mod component;
mod credential;
mod event;
mod group;
mod mappings;
mod protocol_mapper;
mod realm;
mod role;
mod session;
mod user;
pub use realm::MASK;

//! Conversions from the model to representations, one file per thing.

mod client;
mod client_scope;
mod component;
mod group;
mod mappings;
mod protocol_mapper;
mod realm;
mod role;
pub use realm::MASK;

//! Telling clients, from server to server, that a session of theirs ended.

use model::{
    client::Client,
    id::{SessionId, UserId},
    protocol_mapper::ProtocolMapper,
    realm::Realm,
};
use serde_json::{Map, Value};

/// A session that ended, as one of its clients is to hear of it.
#[derive(Clone, Copy, Debug)]
pub struct EndedSession<'a> {
    /// The realm.
    pub realm: &'a Realm,
    /// The client that is told.
    pub client: &'a Client,
    /// The mappers that apply to it.
    pub mappers: &'a [ProtocolMapper],
    /// The address of the realm as the client knows it.
    pub issuer: &'a str,
    /// The session.
    pub session: &'a SessionId,
    /// Whose it was.
    pub user: &'a UserId,
    /// The present moment, seconds since 1970.
    pub now: i64,
    /// An id for this notice that nobody can guess.
    pub id: &'a str,
}

/// A notice that is to be signed and posted.
#[derive(Clone, Debug, PartialEq)]
pub struct LogoutNotice {
    /// Where to.
    pub url: String,
    /// The JWS algorithm that signs it.
    pub algorithm: String,
    /// The type in its header.
    pub typ: &'static str,
    /// What it says.
    pub claims: Map<String, Value>,
    /// The field of the form that carries it.
    pub field: &'static str,
}

//! Sessions as representations, and identity tokens in the shape of Keycloak's offline sessions.

use std::collections::BTreeMap;

use model::{
    clock::epoch_millis,
    session::{IdentityToken, UserSession},
};

use crate::UserSessionRepresentation;

impl From<&UserSession> for UserSessionRepresentation {
    fn from(session: &UserSession) -> Self {
        Self {
            id: Some(session.id.0.clone()),
            username: Some(session.username.clone()),
            user_id: Some(session.user_id.0.clone()),
            ip_address: session.ip_address.clone(),
            start: Some(epoch_millis(session.started)),
            last_access: Some(epoch_millis(session.last_access)),
            remember_me: Some(session.remember_me),
            clients: Some(session.clients.iter().map(|(id, client_id)| (id.0.clone(), client_id.clone())).collect()),
            transient_user: Some(false),
        }
    }
}

impl UserSessionRepresentation {
    /// An identity token, with the name of its user and the `clientId` of its client.
    #[must_use]
    pub fn of_identity_token(token: &IdentityToken, username: &str, client_id: &str) -> Self {
        Self {
            id: Some(token.id.0.clone()),
            username: Some(username.to_owned()),
            user_id: Some(token.user_id.0.clone()),
            ip_address: token.ip_address.clone(),
            start: Some(epoch_millis(token.created)),
            last_access: Some(epoch_millis(token.last_used)),
            remember_me: Some(false),
            clients: Some(BTreeMap::from([(token.client_id.0.clone(), client_id.to_owned())])),
            transient_user: Some(false),
        }
    }
}

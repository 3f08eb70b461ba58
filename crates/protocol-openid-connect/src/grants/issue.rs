//! The last step of every grant with a user: the subject is read, and the tokens are made of it.

use model::{
    session::{TokenFamily, UserSession},
    subject::Assignments,
    user::User,
};
use serde_json::Value;
use services::{authorizations, sessions::lifespans, subjects};

use super::{Failure, Request};
use crate::{
    audit::Facts,
    registration::flows::uses_refresh_tokens,
    scope::{OFFLINE_ACCESS, Scopes},
    token_id::Via,
    tokens::{Holder, outlives},
};

/// For whom tokens are made, and in which family.
pub struct For<'a> {
    /// The user.
    pub user: &'a User,
    /// What was given to the user.
    pub given: Assignments,
    /// The session.
    pub session: &'a UserSession,
    /// The family's id.
    pub family_id: &'a str,
    /// The family.
    pub family: &'a TokenFamily,
    /// The family is still to begin in the session.
    pub begins: bool,
    /// The request's `nonce`.
    pub nonce: Option<&'a str>,
    /// The way to the tokens.
    pub via: Via,
}

/// Makes the answer of a grant. With the scope `offline_access`, the session goes on without a browser, and a family
/// begins there.
///
/// # Errors
/// The refusal.
pub async fn issue(
    request: &Request<'_>,
    facts: &mut Facts,
    scopes: Scopes,
    mut whom: For<'_>,
) -> Result<Value, Failure> {
    let (services, realm, client) = (request.services, request.realm, request.client);
    let given = std::mem::take(&mut whom.given);
    let subject = subjects::of(services, realm.id, whom.user, given).await?;
    // What outlives the session is the refresh token: who gets none has nothing to take along.
    let scopes = if uses_refresh_tokens(&client.client) { scopes } else { scopes.without(OFFLINE_ACCESS) };
    let wanted_offline = outlives(&scopes);
    let scopes = scopes.for_subject(&subject);
    if wanted_offline && !outlives(&scopes) {
        let text = "Offline tokens not allowed for the user or client";
        return Err(Failure::invalid_grant(text, "not_allowed"));
    }
    let (session, family);
    let whom = match outlives(&scopes) && !whom.session.offline {
        false => {
            if whom.begins {
                authorizations::begin(services, realm, whom.session, &client.client, whom.family_id, whom.family)
                    .await?;
            }
            whom
        }
        true => {
            let lasts = lifespans::family(realm, &client.client, true);
            family = TokenFamily {
                generation: 0,
                reused: 0,
                expires: services.now().unix_timestamp().saturating_add(lasts),
                ..whom.family.clone()
            };
            let here = whom.begins.then_some(whom.family);
            let beginning = (whom.family_id, &family, here);
            session = authorizations::go_offline(services, realm, whom.session, &client.client, beginning).await?;
            For { session: &session, family: &family, ..whom }
        }
    };
    facts.user = Some(whom.user.id.clone());
    facts.session = Some(whom.session.id.clone());
    facts.detail("scope", scopes.text());
    let holder = Holder {
        realm,
        config: client,
        user: whom.user,
        subject: &subject,
        session: Some((whom.session, whom.family_id, whom.family)),
        scopes: &scopes,
        nonce: whom.nonce,
        via: whom.via,
        origin: request.origin,
    };
    Ok(holder.answer(services).await?)
}

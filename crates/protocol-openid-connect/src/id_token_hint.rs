//! `id_token_hint`: an ID token of ours that names the user a client expects (OpenID Connect Core 1.0 section 3.1.2.1).

use model::{realm::Realm, user::User};
use serde_json::Value;
use services::{Result, Services, cache, clients::ClientConfig};

use crate::{
    authorize::AuthorizationRequest,
    claims::{Facts, RoleScope, subject_identifier},
    prepared,
    tokens::ID,
};

/// The claims of an ID token that this realm signed, whenever it ended. None if it is anything else.
///
/// # Errors
/// If the database fails.
pub async fn claims(services: &Services, realm: &Realm, hint: &str) -> Result<Option<Value>> {
    let keys = cache::keys(services, realm).await?;
    let Ok(verified) = keys.verify(hint) else { return Ok(None) };
    Ok(is_ours(&verified.claims, &services.realm_url(realm)).then_some(verified.claims))
}

/// Whether claims that this realm signed are those of an ID token.
pub fn is_ours(claims: &Value, issuer: &str) -> bool {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    text("typ") == Some(ID) && text("iss") == Some(issuer)
}

/// The subject of a hint; a hint that can't be read hints at nobody.
///
/// # Errors
/// If the database fails.
pub async fn subject(services: &Services, realm: &Realm, hint: Option<&str>) -> Result<Option<String>> {
    let Some(hint) = hint else { return Ok(None) };
    let claims = claims(services, realm, hint).await?;
    // Somebody that nobody is: the hint is not passed over.
    let subject = claims.as_ref().and_then(|claims| claims.get("sub")?.as_str()).unwrap_or("");
    Ok(Some(subject.to_owned()))
}

/// Whether the user of a session is the one that a request is about.
///
/// # Errors
/// If the database fails.
pub async fn is_about(
    services: &Services,
    realm: &Realm,
    config: &ClientConfig,
    asked: &AuthorizationRequest,
    user: &User,
) -> Result<bool> {
    let wanted = [asked.hinted_subject.as_deref(), crate::authorize::wanted_subject(asked.claims.as_ref())];
    if wanted.iter().all(Option::is_none) {
        return Ok(true);
    }
    let subject = services::subjects::current(services, realm.id, user).await?;
    let (notes, prepared) = (std::collections::BTreeMap::new(), prepared::of(config));
    let roles = std::collections::BTreeSet::new();
    let facts = Facts {
        client: &config.client,
        subject: &subject,
        role_scope: RoleScope::of(&config.client, &roles),
        group_attributes: &[],
        created: None,
        notes: &notes,
        session: None,
        auth_time: None,
        acr: None,
        amr: &[],
        nonce: None,
        claims_parameter: None,
    };
    let mappers = prepared.mappers.iter().chain(prepared.scopes.iter().flat_map(|scope| &scope.mappers));
    let known_as = subject_identifier(mappers, &facts);
    Ok(wanted.into_iter().flatten().all(|wanted| Some(wanted) == known_as.as_deref()))
}

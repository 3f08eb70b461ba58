//! Token introspection (RFC 7662), for confidential clients that a token is for.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Bytes, Path},
};
use model::realm::Realm;
use serde_json::{Map, Value, json};
use services::{Services, cache, sessions, subjects};
use web::Hosted;

use crate::{
    access_token::{self, AccessToken},
    claims::{Facts, RoleScope, Target, build},
    endpoint::{self, Door},
    grants::{Failure, refresh_token},
    prepared,
    refusal::Refusal,
    scope::Scopes,
};

/// `POST …/token/introspect`.
pub async fn post(request: HttpRequest, services: Hosted, realm: Path<String>, body: Bytes) -> HttpResponse {
    endpoint::answer(&services, &request, &realm, &body, "INTROSPECT_TOKEN", async |door, _| {
        introspect(&services, door).await
    })
    .await
}

async fn introspect(services: &Services, door: Door<'_>) -> Result<HttpResponse, Failure> {
    let Door { realm, client, form, .. } = door;
    if client.client.settings.public_client {
        let refusal = Refusal::new(StatusCode::FORBIDDEN, "invalid_request", "Client not allowed.");
        return Err(Failure::new(refusal, "not_allowed"));
    }
    let Some(token) = form.get("token") else {
        return Err(Failure::new(Refusal::invalid_request("Token not provided."), "invalid_token"));
    };
    let hint = form.get("token_type_hint").unwrap_or("access_token");
    if !["access_token", "refresh_token", "requesting_party_token"].contains(&hint) {
        let shown: String = hint.chars().filter(char::is_ascii_graphic).take(40).collect();
        let text = format!("Unsupported token type [{shown}].");
        return Err(Failure::new(Refusal::invalid_request(text), "invalid_request"));
    }
    // RFC 7662 section 2.1: a hint only says where to begin.
    let caller = &client.client.client_id;
    let claims = match access_token::verify(services, realm, token).await? {
        Some(found) if found.client.client.client_id == *caller || found.is_for(caller) => {
            Some(of_access_token(services, realm, found).await?)
        }
        Some(_) => None,
        None => of_refresh_token(services, realm, caller, token).await?,
    };
    let answer = match claims {
        Some(mut claims) => {
            claims.insert("active".to_owned(), json!(true));
            Value::Object(claims)
        }
        None => json!({ "active": false }),
    };
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(answer))
}

async fn of_access_token(
    services: &Services,
    realm: &Realm,
    token: AccessToken,
) -> Result<Map<String, Value>, Failure> {
    let scope = token.text("scope").unwrap_or_default().to_owned();
    let scopes = Scopes::narrowed(&prepared::of(&token.client), &scope, None).map_err(Failure::invalid_scope)?;
    let mut claims = token.claims;
    // Claims that are only told here, such as those that a lightweight token leaves out.
    if scopes.mappers().any(|mapper| mapper.is_for(Target::Introspection) && !mapper.is_for(Target::Access))
        || crate::tokens::is_lightweight(&token.client.client)
    {
        let client = &token.client.client;
        let subject = subjects::of(services, realm.id, &token.user, token.given).await?;
        let (roles, session): (BTreeSet<_>, _) = (scopes.roles(), token.session.as_ref());
        let facts = Facts {
            client,
            subject: &subject,
            role_scope: RoleScope::of(client, &roles),
            group_attributes: &subject.group_attributes,
            created: Some(model::clock::epoch_millis(token.user.created)),
            notes: &BTreeMap::new(),
            session: session.map(|(session, ..)| &session.id),
            auth_time: session.map(|(session, ..)| session.authenticated.unix_timestamp()),
            acr: session.map(|(.., family)| family.acr.as_deref().unwrap_or("1")),
            amr: &[],
            nonce: None,
            claims_parameter: session.and_then(|(.., family)| family.claims.as_ref()),
        };
        build(scopes.mappers(), &facts, Target::Introspection, &mut claims);
    }
    claims.insert("client_id".to_owned(), json!(token.client.client.client_id));
    claims.insert("username".to_owned(), json!(token.user.username));
    claims.insert("token_type".to_owned(), json!("Bearer"));
    Ok(claims)
}

/// What is told of a refresh token, to the client that holds it. Looking at it doesn't use it up.
async fn of_refresh_token(
    services: &Services,
    realm: &Realm,
    caller: &str,
    token: &str,
) -> Result<Option<Map<String, Value>>, Failure> {
    let Ok(read) = refresh_token::read(services, realm, Some(token)).await else { return Ok(None) };
    if read.client != caller {
        return Ok(None);
    }
    let Some(config) = cache::client(services, realm, caller).await? else { return Ok(None) };
    let presented = services::authorizations::Presented {
        session: &read.session,
        offline: read.offline,
        family: &read.family,
        generation: read.generation,
    };
    let holder = services::authorizations::holder(services, realm, &config.client.id, presented, "").await?;
    let newest = |generation| !realm.settings.revoke_refresh_token || generation == read.generation;
    let Some(holder) = holder.filter(|holder| newest(holder.family.generation)) else { return Ok(None) };
    let not_before = realm.settings.not_before.max(config.client.settings.not_before).max(holder.user.not_before);
    if read.issued < not_before || sessions::lifespans::left(realm, &holder.session, services.now()) == Some(0) {
        return Ok(None);
    }
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("iss", json!(services.realm_url(realm)));
    put("sub", json!(read.user));
    put("iat", json!(read.issued));
    if let Some(expires) = read.expires {
        put("exp", json!(expires));
    }
    put("typ", json!(if read.offline { crate::tokens::OFFLINE } else { crate::tokens::REFRESH }));
    put("azp", json!(read.client));
    put("client_id", json!(read.client));
    put("sid", json!(read.session.as_str()));
    put("scope", json!(read.scope));
    put("username", json!(holder.user.username));
    Ok(Some(claims))
}

//! The metadata of a realm (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2): what is served, and nothing
//! else.

use std::collections::BTreeSet;

use actix_web::{
    HttpResponse,
    http::header::CACHE_CONTROL,
    web::{Data, Path},
};
use jose::Family;
use model::realm::Realm;
use serde_json::{Value, json};
use services::{Services, cache, keys::RealmKeys};

use crate::{endpoint::no_realm, grants::Grant, refusal::Refusal};

/// `GET /realms/{realm}/.well-known/openid-configuration`.
pub async fn get(services: Data<Services>, realm: Path<String>) -> HttpResponse {
    match metadata(&services, &realm).await {
        Ok(Some(metadata)) => {
            let mut answer = HttpResponse::Ok()
                .insert_header((CACHE_CONTROL, "no-cache, must-revalidate, no-transform, no-store"))
                .json(metadata);
            web::cors::permit_all(&mut answer);
            answer
        }
        Ok(None) => no_realm(),
        Err(error) => Refusal::from(error).answer(),
    }
}

async fn metadata(services: &Services, realm: &str) -> services::Result<Option<Value>> {
    let Some(realm) = services::realms::enabled(services, realm).await? else { return Ok(None) };
    let keys = cache::keys(services, &realm).await?;
    Ok(Some(document(&services.realm_url(&realm), &realm, &algorithms(&keys))))
}

/// The algorithms of the realm's keys that others can verify.
fn algorithms(keys: &RealmKeys) -> BTreeSet<&'static str> {
    let public = keys.all().iter().filter(|key| key.algorithm.family() != Family::Hmac);
    public.filter(|key| keys.active(key.algorithm).is_some()).map(|key| key.algorithm.as_str()).collect()
}

fn document(issuer: &str, realm: &Realm, algorithms: &BTreeSet<&str>) -> Value {
    let protocol = format!("{issuer}/protocol/openid-connect");
    let mut signing = algorithms.clone();
    signing.insert(realm.settings.default_signature_algorithm.as_str());
    json!({
        "issuer": issuer,
        "token_endpoint": format!("{protocol}/token"),
        "jwks_uri": format!("{protocol}/certs"),
        "grant_types_supported": Grant::ALL.map(Grant::as_str),
        // No response type: there is no authorization endpoint yet, and RFC 8414 wants none where no grant uses it.
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": signing,
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": ["openid"],
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "acr", "azp", "name", "given_name", "family_name",
            "preferred_username", "email", "email_verified",
        ],
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    })
}

#[cfg(test)]
mod tests {
    use model::{
        id::{RealmId, RoleId},
        realm::RealmSettings,
    };

    use super::*;

    #[test]
    fn the_document_names_what_is_served() {
        let realm = Realm {
            id: RealmId(Default::default()),
            given_id: "r".into(),
            name: "acme".into(),
            enabled: true,
            default_role: RoleId("d".into()),
            settings: RealmSettings::default(),
        };
        let document = document("https://id.example/realms/acme", &realm, &BTreeSet::from(["ES256"]));
        assert_eq!(document["issuer"], "https://id.example/realms/acme");
        assert_eq!(document["token_endpoint"], "https://id.example/realms/acme/protocol/openid-connect/token");
        assert_eq!(document["jwks_uri"], "https://id.example/realms/acme/protocol/openid-connect/certs");
        assert_eq!(document["grant_types_supported"], json!(["client_credentials", "password", "refresh_token"]));
        assert_eq!(document["id_token_signing_alg_values_supported"], json!(["ES256", "RS256"]));
        for absent in ["authorization_endpoint", "userinfo_endpoint", "end_session_endpoint"] {
            assert!(document.get(absent).is_none(), "{absent} is not served");
        }
    }
}

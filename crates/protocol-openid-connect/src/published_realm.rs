//! What a realm tells everybody about itself.

use actix_web::{HttpResponse, web::Path};
use base64::{Engine, engine::general_purpose::STANDARD};
use jose::SignatureAlgorithm;
use serde_json::{Value, json};
use services::{Services, cache};
use web::Hosted;

use crate::{endpoint::no_realm, refusal::Refusal};

/// `GET /realms/{realm}`.
pub async fn get(services: Hosted, realm: Path<String>) -> HttpResponse {
    match describe(&services, &realm).await {
        Ok(Some(realm)) => {
            let mut answer = HttpResponse::Ok().json(realm);
            web::cors::permit_all(&mut answer);
            answer
        }
        Ok(None) => no_realm(),
        Err(error) => Refusal::from(error).answer(),
    }
}

async fn describe(services: &Services, name: &str) -> services::Result<Option<Value>> {
    let Some(realm) = services::realms::enabled(services, name).await? else { return Ok(None) };
    let keys = cache::keys(services, &realm).await?;
    let url = services.realm_url(&realm);
    let mut published = json!({
        "realm": realm.name,
        "token-service": format!("{url}/protocol/openid-connect"),
        "account-service": format!("{url}/account"),
        "tokens-not-before": realm.settings.not_before,
    });
    let key = keys.active(SignatureAlgorithm::Rs256).and_then(|key| key.stored.public.as_deref());
    if let (Some(key), Some(published)) = (key, published.as_object_mut()) {
        published.insert("public_key".to_owned(), json!(STANDARD.encode(key)));
    }
    Ok(Some(published))
}

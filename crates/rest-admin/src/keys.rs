//! The keys of a realm.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use jose::Family;
use model::{key::Key, permission::Permission};
use representation::{KeyMetadataRepresentation, KeysMetadataRepresentation};
use services::keys::{self, RealmKey};

use crate::{
    Routes,
    answers::Json,
    errors::Answer,
    kit::{Admin, json},
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.get("/keys", &[Permission::ViewRealm, Permission::ManageRealm], list);
}

fn shown(key: &RealmKey) -> KeyMetadataRepresentation {
    let kind = match key.algorithm.family() {
        Family::Rsa => "RSA",
        Family::EllipticCurve(_) => "EC",
        Family::Edwards => "EdDSA",
        Family::Hmac => "OCT",
    };
    described(&key.stored, kind)
}

/// A key that neither signs nor verifies: for encryption.
fn other(key: &Key) -> KeyMetadataRepresentation {
    let kind = match key.public {
        None => "OCT",
        Some(_) if key.algorithm.starts_with("ECDH") => "EC",
        Some(_) => "RSA",
    };
    described(key, kind)
}

fn described(stored: &Key, kind: &str) -> KeyMetadataRepresentation {
    let status = match (stored.enabled, stored.active) {
        (true, true) => "ACTIVE",
        (true, false) => "PASSIVE",
        (false, _) => "DISABLED",
    };
    let expires = stored.certificate.as_deref().and_then(|der| jose::certificate::expires_at(der).ok());
    KeyMetadataRepresentation {
        provider_id: stored.component.as_ref().map(|component| component.0.clone()),
        provider_priority: Some(stored.priority),
        kid: Some(stored.kid.clone()),
        status: Some(status.to_owned()),
        r#type: Some(kind.to_owned()),
        algorithm: Some(stored.algorithm.clone()),
        public_key: stored.public.as_ref().map(|der| STANDARD.encode(der)),
        certificate: stored.certificate.as_ref().map(|der| STANDARD.encode(der)),
        r#use: Some(stored.purpose.as_str().to_owned()),
        valid_to: expires.map(|seconds| seconds * 1_000),
    }
}

async fn list(admin: Admin) -> Answer<Json<KeysMetadataRepresentation>> {
    let keys = keys::list(&admin.services, &admin.caller, admin.realm()?).await?;
    let mut active = BTreeMap::new();
    for key in keys.all() {
        if keys.active(key.algorithm).is_some_and(|signs| signs.kid == key.kid) {
            active.insert(key.algorithm.as_str().to_owned(), key.kid.clone());
        }
    }
    // The highest priority comes first.
    for key in keys.others().iter().filter(|key| key.enabled && key.active) {
        active.entry(key.algorithm.clone()).or_insert_with(|| key.kid.clone());
    }
    json(&KeysMetadataRepresentation {
        active: Some(active),
        keys: Some(keys.all().iter().map(shown).chain(keys.others().iter().map(other)).collect()),
    })
}

//! Identity providers and their mappers.

use std::collections::BTreeMap;

use actix_web::web::{Path, Query};
use model::{id::IdentityProviderMapperId, permission::Permission};
use protocol::MapperKind;
use representation::{
    CertificateRepresentation, IdentityProviderMapperRepresentation, IdentityProviderMapperTypeRepresentation,
    IdentityProviderRepresentation, StringMap, TextMap,
};
use serde::Deserialize;
use services::{
    Error, What,
    identity_providers::{self, kinds},
    provider_settings::property,
};

use crate::{
    Routes,
    answers::{Created, Json, NoContent, Versioned},
    bodies::{self, Body, BodyOrUpload, Either, Upload},
    clients::certificates::{KeyParts, read_upload},
    errors::{Answer, Refusal},
    kit::{Admin, Paging, body, json, no_content, versioned},
};

const VIEW: &[Permission] = &[Permission::ViewIdentityProviders, Permission::ManageIdentityProviders];
const MANAGE: &[Permission] = &[Permission::ManageIdentityProviders];

pub(crate) fn routes(routes: &mut Routes) {
    routes.post("/identity-provider/import-config", MANAGE, import_config);
    routes.post("/identity-provider/upload-certificate", MANAGE, upload_certificate);
    routes.get("/identity-provider/providers/{provider}", VIEW, provider);
    routes.get("/identity-provider/instances", VIEW, list);
    routes.post("/identity-provider/instances", MANAGE, create);
    routes.get("/identity-provider/instances/{alias}", VIEW, get);
    routes.put("/identity-provider/instances/{alias}", MANAGE, update);
    routes.delete("/identity-provider/instances/{alias}", MANAGE, delete);
    routes.get("/identity-provider/instances/{alias}/export", VIEW, export);
    routes.get("/identity-provider/instances/{alias}/reload-keys", VIEW, reload_keys);
    routes.get("/identity-provider/instances/{alias}/mapper-types", VIEW, mapper_types);
    routes.get("/identity-provider/instances/{alias}/mappers", VIEW, mappers);
    routes.post("/identity-provider/instances/{alias}/mappers", MANAGE, create_mapper);
    routes.get("/identity-provider/instances/{alias}/mappers/{mapper}", VIEW, get_mapper);
    routes.put("/identity-provider/instances/{alias}/mappers/{mapper}", MANAGE, update_mapper);
    routes.delete("/identity-provider/instances/{alias}/mappers/{mapper}", MANAGE, delete_mapper);
}

type AliasPath = Path<(String, String)>;
type MapperPath = Path<(String, String, IdentityProviderMapperId)>;

/// What Keycloak says to a request that can't be one.
fn bad_request() -> Refusal {
    Refusal::BadRequest("HTTP 400 Bad Request".to_owned())
}

/// The parts of the form with which metadata come.
struct ConfigParts;

impl bodies::Parts for ConfigParts {
    const TEXTS: &'static [&'static str] = &["providerId"];
    const FILES: &'static [&'static str] = &["file"];
}

async fn import_config(admin: Admin, given: BodyOrUpload<TextMap, ConfigParts>) -> Answer<Json<StringMap>> {
    let realm = admin.realm()?;
    match given.read().await? {
        Either::Upload(form) => {
            let (kind, file) = (form.text("providerId")?, form.get("file"));
            let (Some(kind), Some(file)) = (kind, file) else { return Err(bad_request()) };
            json(&identity_providers::from_text(&admin.caller, kind, file)?)
        }
        Either::Body(TextMap(given)) => {
            let (kind, url) = (given.get("providerId"), given.get("fromUrl"));
            let (Some(kind), Some(url)) = (kind, url) else { return Err(bad_request()) };
            json(&identity_providers::from_url(&admin.services, &admin.caller, realm, kind, url).await?)
        }
    }
}

async fn upload_certificate(admin: Admin, form: Upload<KeyParts>) -> Answer<Json<CertificateRepresentation>> {
    match identity_providers::read_key(&admin.caller, read_upload(form).await?) {
        // Keycloak's family of errors here.
        Err(Error::Invalid(problems)) => {
            let why: Vec<_> = problems.into_iter().map(|problem| problem.message).collect();
            let text = format!("Invalid certificate/key in file: {}", why.join(", "));
            Err(Refusal::Described("certificate-not-found", text))
        }
        read => json(&read?),
    }
}

async fn provider(_: Admin, path: AliasPath) -> Answer<Json<StringMap>> {
    let kind = kinds::find(&path.1).ok_or_else(bad_request)?;
    json(&[("id", kind.id), ("name", kind.name)].map(|(name, text)| (name.to_owned(), text.to_owned())).into())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListQuery {
    search: Option<String>,
    #[serde(default, deserialize_with = "crate::kit::switch")]
    brief_representation: Option<bool>,
    first: Option<i64>,
    max: Option<i64>,
    r#type: Option<String>,
}

/// An identity provider in a short list.
fn brief(provider: IdentityProviderRepresentation) -> IdentityProviderRepresentation {
    IdentityProviderRepresentation {
        alias: provider.alias,
        display_name: provider.display_name,
        internal_id: provider.internal_id,
        provider_id: provider.provider_id,
        enabled: provider.enabled,
        ..IdentityProviderRepresentation::default()
    }
}

async fn list(admin: Admin, query: Query<ListQuery>) -> Answer<Json<Vec<IdentityProviderRepresentation>>> {
    let query = query.into_inner();
    let paging = Paging::new(query.first, query.max);
    let (search, purpose) = (query.search, query.r#type);
    let wanted = identity_providers::Query { search, purpose, first: paging.first(), max: paging.max_or(100) };
    let providers = identity_providers::list(&admin.services, &admin.caller, admin.realm()?, &wanted).await?;
    match query.brief_representation {
        Some(true) => json(&providers.into_iter().map(brief).collect::<Vec<_>>()),
        _ => json(&providers),
    }
}

async fn create(admin: Admin, bytes: Body<IdentityProviderRepresentation>) -> Answer<Created> {
    let alias = identity_providers::create(&admin.services, &admin.caller, admin.realm()?, body(&bytes)?).await?;
    admin.created(&["identity-provider", "instances", &alias])
}

async fn get(admin: Admin, path: AliasPath) -> Answer<Versioned<IdentityProviderRepresentation>> {
    let provider = identity_providers::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    versioned(&provider, &identity_providers::versioned(&provider))
}

async fn update(admin: Admin, path: AliasPath, bytes: Body<IdentityProviderRepresentation>) -> Answer<NoContent> {
    identity_providers::update(&admin.services, &admin.caller, admin.realm()?, &path.1, body(&bytes)?).await?;
    no_content()
}

async fn delete(admin: Admin, path: AliasPath) -> Answer<NoContent> {
    identity_providers::delete(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    no_content()
}

async fn export(admin: Admin, path: AliasPath) -> Answer<NoContent> {
    let realm = admin.realm()?;
    match identity_providers::require_without_metadata(&admin.services, &admin.caller, realm, &path.1).await {
        Ok(()) => no_content(),
        Err(services::Error::NotFound(What::BrokerMetadata)) => {
            Err(Refusal::NoSuch("Could not export public broker configuration for identity provider [saml]."))
        }
        Err(error) => Err(error.into()),
    }
}

/// No keys of identity providers are kept, so none are loaded anew.
async fn reload_keys(admin: Admin, path: AliasPath) -> Answer<Json<bool>> {
    identity_providers::get(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    json(&false)
}

fn mapper_type(kind: &MapperKind) -> IdentityProviderMapperTypeRepresentation {
    IdentityProviderMapperTypeRepresentation {
        id: Some(kind.id.to_owned()),
        name: Some(kind.label.to_owned()),
        category: Some(kind.category.to_owned()),
        help_text: Some(kind.help.to_owned()),
        properties: Some(kind.settings.iter().map(property).collect()),
    }
}

async fn mapper_types(
    admin: Admin,
    path: AliasPath,
) -> Answer<Json<BTreeMap<&'static str, IdentityProviderMapperTypeRepresentation>>> {
    let kinds = identity_providers::mapper_kinds(&admin.services, &admin.caller, admin.realm()?, &path.1).await?;
    json(&kinds.into_iter().map(|kind| (kind.id, mapper_type(kind))).collect::<BTreeMap<_, _>>())
}

async fn mappers(admin: Admin, path: AliasPath) -> Answer<Json<Vec<IdentityProviderMapperRepresentation>>> {
    json(&identity_providers::mappers(&admin.services, &admin.caller, admin.realm()?, &path.1).await?)
}

async fn create_mapper(
    admin: Admin,
    path: AliasPath,
    bytes: Body<IdentityProviderMapperRepresentation>,
) -> Answer<Created> {
    let realm = admin.realm()?;
    let id = identity_providers::create_mapper(&admin.services, &admin.caller, realm, &path.1, body(&bytes)?).await?;
    admin.created(&["identity-provider", "instances", &path.1, "mappers", id.as_str()])
}

async fn get_mapper(admin: Admin, path: MapperPath) -> Answer<Json<IdentityProviderMapperRepresentation>> {
    let (_, alias, id) = path.into_inner();
    json(&identity_providers::get_mapper(&admin.services, &admin.caller, admin.realm()?, &alias, &id).await?)
}

async fn update_mapper(
    admin: Admin,
    path: MapperPath,
    bytes: Body<IdentityProviderMapperRepresentation>,
) -> Answer<NoContent> {
    let (_, alias, id) = path.into_inner();
    let given = body(&bytes)?;
    identity_providers::update_mapper(&admin.services, &admin.caller, admin.realm()?, &alias, &id, given).await?;
    no_content()
}

async fn delete_mapper(admin: Admin, path: MapperPath) -> Answer<NoContent> {
    let (_, alias, id) = path.into_inner();
    identity_providers::delete_mapper(&admin.services, &admin.caller, admin.realm()?, &alias, &id).await?;
    no_content()
}

//! Identity providers of a realm: kept with their secrets sealed, shown with them masked.
//!
//! What is set up here is checked, kept and given back. No login goes through an identity provider yet.

mod change;
mod discovered;
mod import;
pub mod kinds;
mod mappers;

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use model::{event::Operation, id::FlowId, identity_provider::IdentityProvider, permission::Permission, realm::Realm};
use representation::{CertificateRepresentation, IdentityProviderRepresentation, Masked};
use store::{PgConnection, Tx, identity_providers::Filter};

pub use discovered::{from_text, from_url};
pub(crate) use import::{export, import};
pub use mappers::{create as create_mapper, delete as delete_mapper, get as get_mapper, list as mappers};
pub use mappers::{mapper_kinds, update as update_mapper};

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    authentication,
    clients::keys::{self, Upload},
    error::{Found, OnConflict},
    provider_settings::masked,
};

const MANAGE: &[Permission] = &[Permission::ManageIdentityProviders];
const VIEW: &[Permission] = &[Permission::ViewIdentityProviders, Permission::ManageIdentityProviders];

/// The most identity providers that a realm may have.
const MAX_PROVIDERS: i64 = 2_000;

/// An identity provider as it is shown. `flows` are the aliases of those that it may name.
fn shown(provider: &IdentityProvider, flows: &HashMap<FlowId, String>) -> IdentityProviderRepresentation {
    let settings = &provider.settings;
    let alias = |flow: &Option<FlowId>| flow.as_ref().and_then(|flow| flows.get(flow)).cloned();
    let mut config = masked(&provider.config);
    config.entry("syncMode".to_owned()).or_insert_with(|| "LEGACY".to_owned());
    IdentityProviderRepresentation {
        alias: Some(provider.alias.clone()),
        display_name: settings.display_name.clone(),
        internal_id: Some(provider.id.0.clone()),
        provider_id: Some(provider.provider_id.clone()),
        enabled: Some(provider.enabled),
        update_profile_first_login_mode: Some(settings.update_profile_first_login_mode.clone()),
        trust_email: Some(settings.trust_email),
        store_token: Some(settings.store_token),
        add_read_token_role_on_create: Some(settings.add_read_token_role_on_create),
        authenticate_by_default: Some(settings.authenticate_by_default),
        link_only: Some(settings.link_only),
        hide_on_login: Some(settings.hide_on_login),
        first_broker_login_flow_alias: alias(&provider.first_broker_flow),
        post_broker_login_flow_alias: alias(&provider.post_broker_flow),
        config: Some(Masked::new(config)),
        types: Some(vec![kinds::USER_AUTHENTICATION.to_owned()]),
        ..IdentityProviderRepresentation::default()
    }
}

/// The aliases of the flows that providers name.
async fn flows_of(
    conn: &mut PgConnection,
    realm: &Realm,
    providers: &[IdentityProvider],
) -> Result<HashMap<FlowId, String>> {
    let named = providers.iter().flat_map(|provider| [&provider.first_broker_flow, &provider.post_broker_flow]);
    let named: Vec<FlowId> = named.flatten().cloned().collect();
    if named.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(store::authentication::aliases(conn, realm.id, &named).await?.into_iter().collect())
}

/// What a list of identity providers is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// `x` and `x*`: the alias or the name begins so; `*x*`: it holds this; `"x"`: it is this.
    pub search: Option<String>,
    /// What it has to be good for; all of this server's are for [`kinds::USER_AUTHENTICATION`].
    pub purpose: Option<String>,
    /// How many to skip.
    pub first: i64,
    /// How many to give; none is all.
    pub max: Option<i64>,
}

/// A pattern of SQL for what is searched.
fn pattern(search: &str) -> String {
    let text = search.trim().to_lowercase();
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    match quoted {
        Some(exact) => escaped(exact),
        None => {
            let begin = if text.starts_with('*') { "%" } else { "" };
            format!("{begin}{}%", escaped(text.trim_matches('*')))
        }
    }
}

/// Identity providers by alias.
///
/// # Errors
/// `Forbidden` without `view-identity-providers` or `manage-identity-providers`.
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    query: &Query,
) -> Result<Vec<IdentityProviderRepresentation>> {
    caller.require(VIEW)?;
    let other = |purpose: &String| !["ANY", kinds::USER_AUTHENTICATION].contains(&purpose.as_str());
    if query.purpose.as_ref().is_some_and(other) {
        return Ok(Vec::new());
    }
    let search = query.search.as_deref().filter(|search| !search.trim().is_empty());
    let filter = Filter { pattern: search.map(pattern), first: query.first, max: query.max };
    let mut conn = services.store.read().await?;
    let providers = store::identity_providers::list(&mut conn, realm.id, &filter).await?;
    let flows = flows_of(&mut conn, realm, &providers).await?;
    Ok(providers.iter().map(|provider| shown(provider, &flows)).collect())
}

/// One identity provider.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-identity-providers` or `manage-identity-providers`.
pub async fn get(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
) -> Result<IdentityProviderRepresentation> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    let provider = store::identity_providers::find(&mut conn, realm.id, alias).await?.found(What::IdentityProvider)?;
    let flows = flows_of(&mut conn, realm, std::slice::from_ref(&provider)).await?;
    Ok(shown(&provider, &flows))
}

/// Makes an identity provider and gives its alias.
///
/// # Errors
/// `Conflict` for a taken alias, `Refused` for an unknown kind, `Illegal` and `Invalid` for values that can't be, or
/// `Forbidden` without `manage-identity-providers`.
pub async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: IdentityProviderRepresentation,
) -> Result<String> {
    caller.require(MANAGE)?;
    let flows = change::Flows::named(services, realm, &given).await?;
    let provider = change::new(services, realm, given, &flows)?;
    let kind = kinds::find(&provider.provider_id);
    kind.ok_or_else(|| Error::Refused(format!("Invalid identity provider id [{}]", provider.provider_id)))?;
    let mut tx = services.configure(realm).await?;
    if store::identity_providers::count(&mut tx, realm.id).await? >= MAX_PROVIDERS {
        return Err(Error::Refused(format!("A realm has at most {MAX_PROVIDERS} identity providers")));
    }
    let taken = || format!("Identity Provider {} already exists", provider.alias);
    store::identity_providers::insert(&mut tx, std::slice::from_ref(&provider))
        .await
        .on_conflict("identity_providers_alias", taken)
        .map_err(|error| error.on_conflict("identity_providers_pkey", || Error::Conflict(taken())))?;
    record(services, &mut tx, caller, realm, Operation::Create, &provider).await?;
    services.commit(tx).await?;
    Ok(provider.alias)
}

/// Changes an identity provider. Absent fields stay; settings, if given, are replaced. The mask stands for a secret that
/// is kept, and only for the addresses that it was given for.
///
/// # Errors
/// `NotFound`, `Refused`, `Illegal` and `Invalid` for values that can't be, or `Forbidden` without
/// `manage-identity-providers`.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
    given: IdentityProviderRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let flows = change::Flows::named(services, realm, &given).await?;
    let mut tx = services.configure(realm).await?;
    let mut provider = store::identity_providers::lock(&mut tx, alias).await?.found(What::IdentityProvider)?;
    require_version(&mut tx, caller, realm, &provider).await?;
    change::apply(services, realm, &mut provider, given, &flows)?;
    let kind = kinds::find(&provider.provider_id);
    kind.ok_or_else(|| Error::Refused(format!("Invalid identity provider id [{}]", provider.provider_id)))?;
    store::identity_providers::update(&mut tx, &provider).await?;
    record(services, &mut tx, caller, realm, Operation::Update, &provider).await?;
    services.commit(tx).await
}

/// Removes an identity provider with its mappers and the accounts that users have there.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-identity-providers`.
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, alias: &str) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let provider = store::identity_providers::lock(&mut tx, alias).await?.found(What::IdentityProvider)?;
    require_version(&mut tx, caller, realm, &provider).await?;
    store::identity_providers::delete(&mut tx, &provider).await?;
    record(services, &mut tx, caller, realm, Operation::Delete, &provider).await?;
    services.commit(tx).await
}

async fn require_version(tx: &mut Tx, caller: &Caller, realm: &Realm, provider: &IdentityProvider) -> Result<()> {
    if caller.only_for.is_none() {
        return Ok(());
    }
    caller.require_version(&versioned(&shown(provider, &flows_of(tx, realm, std::slice::from_ref(provider)).await?)))
}

/// What counts as another version of an identity provider: all that is shown of it.
#[must_use]
pub fn versioned(shown: &IdentityProviderRepresentation) -> impl std::fmt::Debug + use<> {
    // Its settings keep themselves out of logs, and so out of `Debug`.
    serde_json::to_string(shown).unwrap_or_default()
}

/// Reads a key that is uploaded for an identity provider, to be put into its settings: a certificate comes with its public
/// key. Nothing is kept.
///
/// # Errors
/// `Invalid` if it can't be read, or `Forbidden` without `manage-identity-providers`.
pub fn read_key(caller: &Caller, upload: Upload) -> Result<CertificateRepresentation> {
    caller.require(MANAGE)?;
    let (mut key, _) = keys::read(upload)?;
    if let Some(certificate) = &key.certificate {
        let public = jose::key_store::public_key_of_certificate(certificate)?;
        key.public_key = Some(STANDARD.encode(public));
    }
    Ok(key)
}

/// What an identity provider publishes for the other side: nothing but for SAML, which this server doesn't speak.
///
/// # Errors
/// `NotFound` for no provider and for one of SAML, or `Forbidden` without `view-identity-providers` or
/// `manage-identity-providers`.
pub async fn require_without_metadata(services: &Services, caller: &Caller, realm: &Realm, alias: &str) -> Result<()> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    let provider = store::identity_providers::find(&mut conn, realm.id, alias).await?.found(What::IdentityProvider)?;
    match provider.provider_id.as_str() {
        kinds::SAML => Err(Error::NotFound(What::BrokerMetadata)),
        _ => Ok(()),
    }
}

async fn record(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    provider: &IdentityProvider,
) -> Result<()> {
    let path = format!("identity-provider/instances/{}", provider.alias);
    let resource = Resource { kind: "IDENTITY_PROVIDER", path: &path };
    let shown = match operation {
        Operation::Delete => None,
        _ => Some(shown(provider, &flows_of(tx, realm, std::slice::from_ref(provider)).await?)),
    };
    admin_events::record(services, tx, caller, realm, operation, resource, shown.as_ref()).await
}

/// The id of a flow with this alias.
async fn flow(services: &Services, realm: &Realm, alias: &str) -> Result<FlowId> {
    let found = authentication::flow_named(services, realm, alias).await?;
    found.ok_or_else(|| Error::Refused(format!("No available authentication flow with alias: {alias}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_become_patterns() {
        for (search, expected) in [
            ("git", "git%"),
            ("Git*", "git%"),
            ("*hub*", "%hub%"),
            ("\"github\"", "github"),
            ("a_b%c\\", "a\\_b\\%c\\\\%"),
        ] {
            assert_eq!(pattern(search), expected, "{search}");
        }
    }
}

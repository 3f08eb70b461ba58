//! Identity providers of a realm that is imported or exported.

use std::collections::{HashMap, HashSet};

use model::{id::FlowId, identity_provider::IdentityProvider, realm::Realm};
use representation::{IdentityProviderMapperRepresentation, IdentityProviderRepresentation, MASK};
use store::{PgConnection, Tx, identity_providers::Filter};

use super::{MAX_PROVIDERS, change, flows_of, kinds, mappers, shown};
use crate::{Result, Services, import_report::ImportReport, provider_settings::is_secret};

/// Makes the identity providers and mappers of a realm that is imported. Its flows have to be there already.
///
/// # Errors
/// If the database fails.
pub(crate) async fn import(
    services: &Services,
    tx: &mut Tx,
    realm: &Realm,
    given: Option<Vec<IdentityProviderRepresentation>>,
    given_mappers: Option<Vec<IdentityProviderMapperRepresentation>>,
    report: &mut ImportReport,
) -> Result<()> {
    let (given, given_mappers) = (given.unwrap_or_default(), given_mappers.unwrap_or_default());
    if given.is_empty() && given_mappers.is_empty() {
        return Ok(());
    }
    let flows: HashMap<String, FlowId> = match given.is_empty() {
        true => HashMap::new(),
        false => store::authentication::all(tx, realm.id)
            .await?
            .flows
            .into_iter()
            .map(|flow| (flow.alias, flow.id))
            .collect(),
    };
    let known = change::Flows::known(flows.clone());
    let mut providers: Vec<IdentityProvider> = Vec::new();
    let mut taken = HashSet::new();
    for (index, mut provider) in given.into_iter().enumerate() {
        let path = format!("identityProviders[{index}]");
        remark(&path, &mut provider, &flows, report);
        match change::new(services, realm, provider, &known) {
            Ok(_) if providers.len() as i64 >= MAX_PROVIDERS => {
                report.note(path, format!("left out: a realm has at most {MAX_PROVIDERS} identity providers"));
            }
            Ok(provider) => {
                if taken.insert(provider.alias.clone()) && taken.insert(provider.id.0.clone()) {
                    providers.push(provider);
                } else {
                    report.note(path, format!("left out: there is another one called '{}'", provider.alias));
                }
            }
            Err(error) => report.note(path, format!("left out: {error}")),
        }
    }
    store::identity_providers::insert(tx, &providers).await?;
    let mut new = Vec::new();
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    for (index, mapper) in given_mappers.into_iter().enumerate() {
        let path = format!("identityProviderMappers[{index}]");
        let alias = mapper.identity_provider_alias.clone().unwrap_or_default();
        let Some(provider) = providers.iter().find(|provider| provider.alias == alias) else {
            report.note(path, format!("left out: there is no identity provider '{alias}'"));
            continue;
        };
        match mappers::read(services, provider, mapper) {
            Ok(mapper) if !names.insert((alias, mapper.name.clone())) || !ids.insert(mapper.id.clone()) => {
                report.note(path, format!("left out: there is another one called '{}'", mapper.name));
            }
            Ok(mapper) => new.push(mapper),
            Err(error) => report.note(path, format!("left out: {error}")),
        }
    }
    Ok(store::identity_providers::insert_mappers(tx, &new).await?)
}

/// Notes what of a provider is not taken over, and takes it out.
fn remark(
    path: &str,
    provider: &mut IdentityProviderRepresentation,
    flows: &HashMap<String, FlowId>,
    report: &mut ImportReport,
) {
    let kind = provider.provider_id.as_deref().unwrap_or_default();
    if kinds::find(kind).is_none() {
        report.note(path, format!("kept, but this server doesn't know the kind '{kind}'"));
    }
    if let Some(config) = provider.config.take() {
        let mut config = config.into_inner();
        for (name, _) in config.extract_if(.., |name, value| is_secret(name) && value == MASK) {
            report.note(format!("{path}.config.{name}"), "left out: the mask stands for a secret that isn't here");
        }
        provider.config = Some(config.into());
    }
    if provider.organization_id.take().is_some() {
        report.note(format!("{path}.organizationId"), "left out: this server has no organizations");
    }
    for (name, alias) in [
        ("firstBrokerLoginFlowAlias", &mut provider.first_broker_login_flow_alias),
        ("postBrokerLoginFlowAlias", &mut provider.post_broker_login_flow_alias),
    ] {
        if let Some(missing) = alias.take_if(|alias| !alias.is_empty() && !flows.contains_key(alias)) {
            report.note(format!("{path}.{name}"), format!("left out: there is no authentication flow '{missing}'"));
        }
    }
}

/// The identity providers and mappers of a realm, for an export. Secrets are masked.
///
/// # Errors
/// If the database fails.
#[expect(dead_code, reason = "the export of a whole realm, which is made elsewhere, calls it")]
pub(crate) async fn export(
    conn: &mut PgConnection,
    realm: &Realm,
) -> Result<(Vec<IdentityProviderRepresentation>, Vec<IdentityProviderMapperRepresentation>)> {
    let providers = store::identity_providers::list(conn, realm.id, &Filter::default()).await?;
    let flows = flows_of(conn, realm, &providers).await?;
    let aliases: HashMap<_, _> = providers.iter().map(|provider| (&provider.id, provider.alias.as_str())).collect();
    let mappers = store::identity_providers::mappers_of_all(conn, realm.id).await?;
    let mappers = mappers
        .iter()
        .filter_map(|mapper| Some(self::mappers::shown(aliases.get(&mapper.provider)?, mapper)))
        .collect();
    Ok((providers.iter().map(|provider| shown(provider, &flows)).collect(), mappers))
}

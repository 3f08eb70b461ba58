//! Identity providers of a realm that is imported or exported.

use std::collections::{HashMap, HashSet};

use model::{id::FlowId, identity_provider::IdentityProvider, realm::Realm};
use representation::{IdentityProviderMapperRepresentation, IdentityProviderRepresentation, MASK, is_secret_name};
use store::{PgConnection, Tx, identity_providers::Filter};

use super::{
    MAX_PROVIDERS,
    change::{self, place},
    flows_of, kinds, mappers, shown,
};
use crate::{
    Result, Services, error::OnConflict as _, import_report::ImportReport, provider_settings, realms::export::Secrets,
};

/// Makes the identity providers and mappers of a realm that is imported. Its flows have to be there already. Providers and
/// mappers that are there under the same name are brought to the given state.
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
    let present = store::identity_providers::list(tx, realm.id, &Filter::default()).await?;
    let present_mappers = store::identity_providers::mappers_of_all(tx, realm.id).await?;
    let mut providers: Vec<IdentityProvider> = Vec::new();
    let mut taken = HashSet::new();
    for mut provider in given {
        let alias = provider.alias.clone().unwrap_or_default();
        let path = format!("identityProviders[{alias}]");
        if let Some(known) = present.iter().find(|known| known.alias == alias) {
            provider.internal_id = Some(known.id.0.clone());
        }
        remark(&path, &mut provider, &flows, report);
        match change::new(services, realm, provider, &known) {
            Ok(_) if (present.len() + providers.len()) as i64 >= MAX_PROVIDERS => {
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
    let taken_id = || "An identity provider of the import has another one's id".to_owned();
    store::transfer::identity_providers::put(tx, &providers).await.on_conflict("identity_providers_pkey", taken_id)?;
    let mut new = Vec::new();
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    for mut mapper in given_mappers {
        let alias = mapper.identity_provider_alias.clone().unwrap_or_default();
        let path = format!("identityProviderMappers[{alias}/{}]", mapper.name.as_deref().unwrap_or_default());
        let Some(provider) = providers.iter().chain(&present).find(|provider| provider.alias == alias) else {
            report.note(path, format!("left out: there is no identity provider '{alias}'"));
            continue;
        };
        let same = |known: &&model::identity_provider::IdentityProviderMapper| {
            known.provider == provider.id && Some(&known.name) == mapper.name.as_ref()
        };
        if let Some(known) = present_mappers.iter().find(same) {
            mapper.id = Some(known.id.0.clone());
        }
        match mappers::read(services, provider, mapper) {
            Ok(mapper) if !names.insert((alias, mapper.name.clone())) || !ids.insert(mapper.id.clone()) => {
                report.note(path, format!("left out: there is another one called '{}'", mapper.name));
            }
            Ok(mapper) => new.push(mapper),
            Err(error) => report.note(path, format!("left out: {error}")),
        }
    }
    let taken_id = || "A mapper of the import has another one's id".to_owned();
    store::transfer::identity_providers::put_mappers(tx, &new)
        .await
        .on_conflict("identity_provider_mappers_pkey", taken_id)
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
        for (name, _) in config.extract_if(.., |name, value| is_secret_name(name) && value == MASK) {
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

/// The identity providers and mappers of a realm, for an export.
///
/// # Errors
/// If the database fails or a secret can't be opened.
pub(crate) async fn export(
    services: &Services,
    conn: &mut PgConnection,
    realm: &Realm,
    secrets: Secrets,
) -> Result<(Vec<IdentityProviderRepresentation>, Vec<IdentityProviderMapperRepresentation>)> {
    let providers = store::identity_providers::list(conn, realm.id, &Filter::default()).await?;
    let flows = flows_of(conn, realm, &providers).await?;
    let aliases: HashMap<_, _> = providers.iter().map(|provider| (&provider.id, provider.alias.as_str())).collect();
    let mappers = store::identity_providers::mappers_of_all(conn, realm.id).await?;
    let mappers = mappers
        .iter()
        .filter_map(|mapper| Some(self::mappers::shown(aliases.get(&mapper.provider)?, mapper)))
        .collect();
    let providers = providers.iter().map(|provider| {
        let mut exported = shown(provider, &flows);
        if secrets == Secrets::Shown {
            let mut config = provider_settings::opened(services, &place(realm.id, &provider.id), &provider.config)?;
            config.entry("syncMode".to_owned()).or_insert_with(|| "LEGACY".to_owned());
            exported.config = Some(config.into());
        }
        Ok(exported)
    });
    Ok((providers.collect::<Result<_>>()?, mappers))
}

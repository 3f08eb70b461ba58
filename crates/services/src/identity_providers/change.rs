//! How a representation makes or changes an identity provider.

use std::collections::HashMap;

use model::{
    Attributes,
    id::{FlowId, IdentityProviderId, RealmId},
    identity_provider::{IdentityProvider, IdentityProviderSettings},
    realm::Realm,
};
use representation::{IdentityProviderRepresentation, MASK, is_secret_name};
use url::Url;

use super::flow;
use crate::{
    Error, Result, Services, provider_settings,
    realms::{check_text, given_id, given_name},
};

/// Settings that are addresses.
const ADDRESSES: [&str; 11] = [
    "authorizationUrl",
    "tokenUrl",
    "userInfoUrl",
    "logoutUrl",
    "jwksUrl",
    "tokenIntrospectionUrl",
    "metadataDescriptorUrl",
    "singleSignOnServiceUrl",
    "singleLogoutServiceUrl",
    "artifactResolutionServiceUrl",
    "baseUrl",
];

/// Settings that say where a secret is sent. One that is kept behind the mask is not sent anywhere else.
const DESTINATIONS: [&str; 8] =
    ["tokenUrl", "tokenIntrospectionUrl", "userInfoUrl", "baseUrl", "apiUrl", "issuer", "sandbox", "clientAuthMethod"];

/// The flows that a representation names, looked up before its transaction begins.
pub(super) struct Flows(HashMap<String, FlowId>);

impl Flows {
    /// Looks them up.
    ///
    /// # Errors
    /// `Refused` for one that isn't there.
    pub async fn named(services: &Services, realm: &Realm, given: &IdentityProviderRepresentation) -> Result<Self> {
        let mut flows = HashMap::new();
        let named = [&given.first_broker_login_flow_alias, &given.post_broker_login_flow_alias];
        for alias in named.into_iter().flatten().filter(|alias| !alias.is_empty()) {
            flows.insert(alias.clone(), flow(services, realm, alias).await?);
        }
        Ok(Self(flows))
    }

    /// Those of an import.
    pub fn known(flows: HashMap<String, FlowId>) -> Self {
        Self(flows)
    }

    /// What a field that is given sets: an empty alias takes the flow away.
    fn set(&self, given: Option<String>, kept: Option<FlowId>) -> Option<FlowId> {
        match given {
            None => kept,
            Some(alias) => self.0.get(&alias).cloned(),
        }
    }
}

pub(super) fn place(realm: RealmId, id: &IdentityProviderId) -> String {
    format!("{realm}/identity-provider/{id}")
}

/// A new identity provider.
///
/// # Errors
/// `Illegal` and `Invalid` for values that can't be.
pub(super) fn new(
    services: &Services,
    realm: &Realm,
    mut given: IdentityProviderRepresentation,
    flows: &Flows,
) -> Result<IdentityProvider> {
    let alias = given.alias.take().unwrap_or_default();
    let reserved = |letter: &char| letter.is_whitespace() || ":/?#@!$&()*+,;=[]\\".contains(*letter);
    if let Some(letter) = alias.chars().find(reserved) {
        return Err(Error::Illegal(format!("Character '{letter}' not allowed.")));
    }
    let mut provider = IdentityProvider {
        id: IdentityProviderId(given_id(services, given.internal_id.take())?),
        alias: given_name("alias", alias)?,
        provider_id: given.provider_id.clone().unwrap_or_default(),
        enabled: true,
        settings: IdentityProviderSettings::default(),
        config: Attributes::new(),
        first_broker_flow: None,
        post_broker_flow: None,
    };
    apply(services, realm, &mut provider, given, flows)?;
    Ok(provider)
}

/// Puts everything that is given into an identity provider.
///
/// # Errors
/// `Refused` for another alias and for a mask whose secret would go elsewhere, `Invalid` for values that can't be.
pub(super) fn apply(
    services: &Services,
    realm: &Realm,
    provider: &mut IdentityProvider,
    given: IdentityProviderRepresentation,
    flows: &Flows,
) -> Result<()> {
    if given.alias.is_some_and(|alias| alias != provider.alias) {
        return Err(Error::Refused("Identity Provider alias cannot be changed".to_owned()));
    }
    let kind = given.provider_id.filter(|kind| !kind.is_empty()).unwrap_or_else(|| provider.provider_id.clone());
    let kind = given_name("providerId", kind)?;
    let config = match given.config {
        None => provider.config.clone(),
        Some(config) => {
            let mut config = config.into_inner();
            config.retain(|_, value| !value.is_empty());
            provider_settings::check(&config)?;
            check_addresses(&config)?;
            let masked: Vec<_> = config.iter().filter(|(name, value)| is_secret_name(name) && *value == MASK).collect();
            if let Some((name, _)) = masked.iter().find(|(name, _)| !provider.config.contains_key(*name)) {
                return Err(Error::Refused(format!("{name}: the mask stands for a secret, and none is kept")));
            }
            if !masked.is_empty() {
                check_destinations(&provider.config, &config)?;
            }
            provider_settings::seal(services, &place(realm.id, &provider.id), config, Some(&provider.config))?
        }
    };
    let keeps = |name: &String, value: &String| is_secret_name(name) && provider.config.get(name) == Some(value);
    if kind != provider.provider_id && config.iter().any(|(name, value)| keeps(name, value)) {
        return Err(elsewhere("providerId"));
    }
    provider.provider_id = kind;
    provider.config = config;
    provider.enabled = given.enabled.unwrap_or(provider.enabled);
    provider.first_broker_flow = flows.set(given.first_broker_login_flow_alias, provider.first_broker_flow.take());
    provider.post_broker_flow = flows.set(given.post_broker_login_flow_alias, provider.post_broker_flow.take());
    let settings = &mut provider.settings;
    if let Some(name) = given.display_name {
        check_text("displayName", &name)?;
        settings.display_name = Some(name).filter(|name| !name.is_empty());
    }
    if let Some(mode) = given.update_profile_first_login_mode {
        check_text("updateProfileFirstLoginMode", &mode)?;
        settings.update_profile_first_login_mode = mode;
    }
    for (switch, given) in [
        (&mut settings.trust_email, given.trust_email),
        (&mut settings.store_token, given.store_token),
        (&mut settings.add_read_token_role_on_create, given.add_read_token_role_on_create),
        (&mut settings.authenticate_by_default, given.authenticate_by_default),
        (&mut settings.link_only, given.link_only),
        (&mut settings.hide_on_login, given.hide_on_login),
    ] {
        *switch = given.unwrap_or(*switch);
    }
    Ok(())
}

/// Goes on only if every address is one that a browser or this server may go to.
fn check_addresses(config: &Attributes) -> Result<()> {
    for name in ADDRESSES {
        let Some(text) = config.get(name) else { continue };
        let is_address = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        // A place that a deployment fills in is no address yet.
        if !is_address && !text.starts_with("${") {
            return Err(Error::Refused(format!("The url [{name}] is malformed")));
        }
    }
    Ok(())
}

/// Goes on only if what is sent with a secret goes where it went before.
fn check_destinations(before: &Attributes, after: &Attributes) -> Result<()> {
    match DESTINATIONS.into_iter().find(|name| before.get(*name) != after.get(*name)) {
        Some(name) => Err(elsewhere(name)),
        None => Ok(()),
    }
}

fn elsewhere(name: &str) -> Error {
    Error::Refused(format!("{name} changed: give the provider's secrets anew, the mask does not stand for them here"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(entries: &[(&str, &str)]) -> Attributes {
        entries.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn addresses_are_those_of_the_web() {
        for good in ["https://idp.example/token", "http://10.0.0.1:8080/x", "${idp.url}/token"] {
            assert!(check_addresses(&config(&[("tokenUrl", good)])).is_ok(), "{good}");
        }
        for bad in ["javascript:alert(1)", "/token", "idp.example", "file:///etc/passwd", "data:text/html,x"] {
            assert!(check_addresses(&config(&[("authorizationUrl", bad)])).is_err(), "{bad}");
        }
        assert!(check_addresses(&config(&[("clientId", "not an address")])).is_ok());
    }

    #[test]
    fn a_kept_secret_goes_nowhere_else() {
        let before = config(&[("tokenUrl", "https://a.example/token"), ("clientSecret", "sealed")]);
        let mut after = before.clone();
        assert!(check_destinations(&before, &after).is_ok());
        after.insert("authorizationUrl".to_owned(), "https://b.example/auth".to_owned());
        assert!(check_destinations(&before, &after).is_ok(), "the browser carries no secret there");
        for name in ["tokenUrl", "userInfoUrl", "baseUrl"] {
            let mut after = before.clone();
            after.insert(name.to_owned(), "https://b.example/".to_owned());
            assert!(check_destinations(&before, &after).is_err(), "{name}");
        }
        after.remove("tokenUrl");
        assert!(check_destinations(&before, &after).is_err());
    }
}

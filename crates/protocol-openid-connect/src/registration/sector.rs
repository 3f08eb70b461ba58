//! Sectors (OpenID Connect Core 1.0 section 8.1): clients whose users have one subject. Several hosts make up one only if
//! an address says so that lists all their redirect URIs.

use std::collections::BTreeSet;

use model::{client::OPENID_CONNECT, protocol_mapper::ProtocolMapper, realm::Realm};
use representation::ProtocolMapperRepresentation;
use serde_json::Value;
use services::{
    Services, client_keys,
    client_registration::{Refusal, Result},
};
use url::Url;

/// The kind of mapper that makes subjects pairwise; Keycloak's names, as those of its settings.
const KIND: &str = "oidc-sha256-pairwise-sub-mapper";
const NAME: &str = "pairwise subject identifier";
const SECTOR: &str = "sectorIdentifierUri";
const SALT: &str = "pairwiseSubAlgorithmSalt";

/// The longest document that is fetched, in bytes.
const MAX_LENGTH: usize = 64 * 1_024;

/// The mapper that makes subjects of a client pairwise.
pub fn pairwise_mapper(mappers: &[ProtocolMapper]) -> Option<&ProtocolMapper> {
    mappers.iter().find(|mapper| mapper.kind == KIND)
}

/// The address of a mapper's sector.
pub fn sector_of(mapper: &ProtocolMapper) -> Option<&str> {
    mapper.config.get(SECTOR).map(String::as_str).filter(|uri| !uri.is_empty())
}

/// The addresses of sectors in mappers that are about to be saved.
pub fn sectors_of(mappers: &[ProtocolMapperRepresentation]) -> impl Iterator<Item = &str> {
    let pairwise = mappers.iter().filter(|mapper| mapper.protocol_mapper.as_deref() == Some(KIND));
    pairwise.filter_map(|mapper| mapper.config.as_ref()?.get(SECTOR)).map(String::as_str).filter(|uri| !uri.is_empty())
}

/// A client's mappers with a pairwise one or without, the others as they are. A salt stays: with another one, every user
/// would be somebody else to the client.
pub fn with_pairwise(
    own: &[ProtocolMapper],
    pairwise: bool,
    sector: Option<&str>,
    new_salt: impl FnOnce() -> String,
) -> Vec<ProtocolMapperRepresentation> {
    let others = own.iter().filter(|mapper| mapper.kind != KIND).map(ProtocolMapperRepresentation::from);
    let salt = || {
        let kept = pairwise_mapper(own).and_then(|mapper| mapper.config.get(SALT)).filter(|salt| !salt.is_empty());
        kept.cloned().unwrap_or_else(new_salt)
    };
    let made = pairwise.then(|| ProtocolMapperRepresentation {
        name: Some(pairwise_mapper(own).map_or(NAME, |mapper| &mapper.name).to_owned()),
        protocol: Some(OPENID_CONNECT.to_owned()),
        protocol_mapper: Some(KIND.to_owned()),
        config: Some(
            [(SECTOR, sector.unwrap_or_default().to_owned()), (SALT, salt())].map(|(n, v)| (n.to_owned(), v)).into(),
        ),
        ..ProtocolMapperRepresentation::default()
    });
    others.chain(made).collect()
}

/// Goes on only if these redirect URIs make up one sector by themselves.
///
/// # Errors
/// If they have more than one host.
pub fn require_one_host(redirect_uris: &[String]) -> Result<()> {
    let host = |uri: &String| Url::parse(uri).ok()?.host_str().map(str::to_owned);
    match redirect_uris.iter().filter_map(host).collect::<BTreeSet<_>>().len() {
        0 | 1 => Ok(()),
        _ => Err(refuse(
            "Without a configured Sector Identifier URI, client redirect URIs must not contain multiple host components",
        )),
    }
}

/// Fetches the document at a sector's address and goes on only if it lists all of these redirect URIs.
///
/// # Errors
/// If the address may not be called, doesn't answer with a list, or the list lacks one.
pub async fn require_listed(services: &Services, realm: &Realm, uri: &str, redirect_uris: &[String]) -> Result<()> {
    let policy = client_keys::address_policy(realm);
    let fetched = services.outgoing.get(uri, &policy, MAX_LENGTH).await;
    let fetched = fetched.map_err(|error| refuse(&format!("The sector_identifier_uri can't be fetched: {error}")))?;
    let listed: BTreeSet<String> = match serde_json::from_slice(&fetched.body) {
        Ok(Value::Array(items)) => items.into_iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => return Err(refuse("The sector_identifier_uri gives no list of redirect URIs")),
    };
    match redirect_uris.iter().all(|uri| listed.contains(uri)) {
        true => Ok(()),
        false => {
            Err(refuse("Client redirect URIs does not match redirect URIs fetched from the Sector Identifier URI"))
        }
    }
}

fn refuse(text: &str) -> Refusal {
    Refusal::InvalidMetadata(text.to_owned())
}

#[cfg(test)]
mod tests {
    use model::id::MapperId;

    use super::*;

    fn mapper(name: &str, kind: &str, config: &[(&str, &str)]) -> ProtocolMapper {
        ProtocolMapper {
            id: MapperId(name.into()),
            name: name.into(),
            protocol: OPENID_CONNECT.into(),
            kind: kind.into(),
            config: config.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        }
    }

    #[test]
    fn a_salt_stays_and_other_mappers_too() {
        let own = [mapper("other", "oidc-full-name-mapper", &[]), mapper("mine", KIND, &[(SALT, "salt")])];
        let with = with_pairwise(&own, true, Some("https://a.example/"), || panic!("it has a salt"));
        assert_eq!(sectors_of(&with).collect::<Vec<_>>(), ["https://a.example/"]);
        assert_eq!(with[1].config.as_ref().unwrap()[SALT], "salt");
        assert_eq!(with[1].name.as_deref(), Some("mine"));
        let without = with_pairwise(&own, false, None, || panic!("nothing is made"));
        assert_eq!(without.len(), 1);
        let new = with_pairwise(&[], true, None, || "new".into());
        assert_eq!((new[0].config.as_ref().unwrap()[SALT].as_str(), sectors_of(&new).count()), ("new", 0));
    }

    #[test]
    fn one_host_is_a_sector() {
        let check = |uris: &[&str]| require_one_host(&uris.iter().map(|uri| (*uri).to_owned()).collect::<Vec<_>>());
        assert!(check(&["https://a.example/1", "https://a.example/2", "app:/cb"]).is_ok());
        assert!(check(&[]).is_ok());
        assert!(check(&["https://a.example/", "https://b.example/"]).is_err());
    }
}

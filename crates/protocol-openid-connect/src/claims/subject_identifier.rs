//! `sub`: the user's id, or for clients with a pairwise mapper one that other sectors can't recognise (OpenID Connect
//! Core 1.0 section 8).

use std::collections::BTreeSet;

use md5::Md5;
use model::{client::Client, id::UserId, protocol_mapper::ProtocolMapper};
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Builder;

use super::{
    facts::Facts,
    mapper::{ClaimMapper, Rule},
};

/// The subject that this client knows the user by: the same in ID tokens, access tokens and at the userinfo endpoint, as
/// clients compare them (OpenID Connect Core 1.0 section 5.3.2). None for a subject that is no user.
///
/// With several pairwise mappers the first one counts.
pub fn subject_identifier<'a>(mappers: impl IntoIterator<Item = &'a ClaimMapper>, facts: &Facts<'_>) -> Option<String> {
    let user = facts.subject.user_id.as_ref()?;
    let pairwise = mappers.into_iter().find_map(|mapper| match &mapper.rule {
        Rule::Pairwise(pairwise) => Some(pairwise),
        _ => None,
    });
    Some(pairwise.map_or_else(|| user.as_str().to_owned(), |pairwise| pairwise.subject(user, facts.client)))
}

/// A pairwise mapper's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairwise {
    sector: Option<String>,
    salt: String,
}

impl Pairwise {
    /// Reads a mapper. Keycloak draws a salt when one is saved without; here the mapper's random id stands in, which
    /// stays the same and which clients don't know either.
    pub fn read(mapper: &ProtocolMapper) -> Self {
        let sector = mapper.config.get("sectorIdentifierUri").and_then(|uri| host(uri));
        let salt = mapper.config.get("pairwiseSubAlgorithmSalt").filter(|salt| !salt.trim().is_empty());
        Self { sector, salt: salt.unwrap_or(&mapper.id.0).clone() }
    }

    /// The user's subject for this sector, by Keycloak's calculation, so that users of an imported realm keep theirs:
    /// SHA-256 over sector, user id and salt, and a version 3 UUID from that hash. The secrecy rests on SHA-256 and the
    /// salt; MD5 only makes 122 bits of a hash that nobody else knows.
    fn subject(&self, user: &UserId, client: &Client) -> String {
        let sector = self.sector.clone().unwrap_or_else(|| sector_of(client));
        let hash = Sha256::new().chain_update(sector).chain_update(user.as_str()).chain_update(&self.salt).finalize();
        Builder::from_md5_bytes(Md5::digest(hash).into()).into_uuid().to_string()
    }
}

/// The one host of the client's redirect URIs. Where there is none or more than one, section 8.1 asks for a sector
/// identifier; without it the client is its own sector, so that no other client's users are recognised.
fn sector_of(client: &Client) -> String {
    let root = client.settings.root_url.as_deref().unwrap_or_default();
    let absolute = |uri: &String| if uri.starts_with('/') { format!("{root}{uri}") } else { uri.clone() };
    let hosts: BTreeSet<_> = client.settings.redirect_uris.iter().map(|uri| host(&absolute(uri))).collect();
    match (hosts.len(), hosts.into_iter().next()) {
        (1, Some(Some(host))) => host,
        // a colon is in no host's name
        _ => format!("client:{}", client.id),
    }
}

fn host(uri: &str) -> Option<String> {
    let host = Url::parse(uri.trim_end_matches('*')).ok()?.host_str().map(str::to_owned)?;
    (!host.is_empty()).then_some(host)
}

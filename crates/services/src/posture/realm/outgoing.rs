//! Which networks clients can make the server call.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::network::Network;

use super::{Findings, RealmFacts, Rule, shown};
use crate::{
    client_keys::ALLOWED_NETWORKS,
    posture::Severity::{Violation, Warning},
};

/// Where clouds answer their machines with credentials, and an address that only neighbours on the same wire have.
const METADATA: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 1)),
];

static METADATA_REACHABLE: Rule = Rule {
    id: "outgoing-reaches-metadata",
    severity: Violation,
    risk: "Whoever registers an address for a client (jwks_uri, request_uri, back-channel logout) makes the server call the place where a cloud hands out the machine's credentials, or any address of an inner network.",
    remedy: "Name single hosts or small networks in the realm attribute outgoing.allowed-networks.",
    reference: "ASVS 5.0 1.3.6; RFC 9101 section 10.4.1",
};
static INNER_NETWORKS_REACHABLE: Rule = Rule {
    id: "outgoing-reaches-inner-networks",
    severity: Warning,
    risk: "Whoever registers an address for a client makes the server call hosts that they can't reach themselves.",
    remedy: "Keep the realm attribute outgoing.allowed-networks as small as the clients need it, or remove it.",
    reference: "ASVS 5.0 1.3.6; RFC 9101 section 10.4.1",
};

pub(super) const RULES: &[&Rule] = &[&METADATA_REACHABLE, &INNER_NETWORKS_REACHABLE];

pub(super) fn check(facts: &RealmFacts<'_>, findings: &mut Findings<'_>) {
    let Some(text) = facts.realm.settings.attributes.get(ALLOWED_NETWORKS) else { return };
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    // What can't be read allows nothing more, see `outgoing::AddressPolicy::of_attribute`.
    let networks: Vec<Network> = parts.map(str::parse).collect::<Result<_, _>>().unwrap_or_default();
    if networks.is_empty() {
        return;
    }
    let found = format!("{ALLOWED_NETWORKS} is {}.", shown(text));
    match METADATA.iter().any(|address| networks.iter().any(|network| network.contains(*address))) {
        true => findings.add(&METADATA_REACHABLE, found),
        false => findings.add(&INNER_NETWORKS_REACHABLE, found),
    }
}

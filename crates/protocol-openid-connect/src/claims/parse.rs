//! Reading a stored mapper.
//!
//! It is lenient: what [`crate::mapper_check`] would refuse today may have been stored before, or come from a Keycloak
//! that didn't mind. A mapper without its essential settings says nothing.

use model::{Attributes, client::OPENID_CONNECT, protocol_mapper::ProtocolMapper, role::RoleName};

use super::{
    claim::Claim,
    kind::Kind,
    mapper::{AddressAttributes, ClaimMapper, Rule},
    subject_identifier::Pairwise,
    target::{Target, Targets},
};

/// The members of the claim `address` (OpenID Connect Core 1.0 section 5.1.1), each with the part of the setting's name
/// after `user.attribute.` that names its attribute, which is also the attribute's usual name.
const ADDRESS: [(&str, &str); 6] = [
    ("formatted", "formatted"),
    ("street_address", "street"),
    ("locality", "locality"),
    ("region", "region"),
    ("postal_code", "postal_code"),
    ("country", "country"),
];

impl ClaimMapper {
    /// Reads a stored mapper. None if it is none of OpenID Connect's or can't say anything.
    pub fn parse(mapper: &ProtocolMapper) -> Option<Self> {
        let kind = Kind::named(&mapper.kind).filter(|_| mapper.protocol == OPENID_CONNECT)?;
        let config = &mapper.config;
        let text = |name: &str| config.get(name).filter(|text| !text.is_empty()).cloned();
        let is_true = |name: &str| config.get(name).is_some_and(|text| text == "true");
        let claim = || Claim::read(config, kind.source()?);
        let rule = match kind {
            Kind::Attribute => Rule::Attribute {
                attribute: text("user.attribute")?,
                aggregate: is_true("aggregate.attrs"),
                claim: claim()?,
            },
            Kind::Property => Rule::Property { property: text("user.attribute")?, claim: claim()? },
            Kind::FullName => Rule::FullName,
            Kind::Address => Rule::Address(AddressAttributes::read(config)),
            Kind::HardcodedClaim => {
                let claim = claim()?;
                Rule::HardcodedClaim { value: claim.convert(&text("claim.value")?)?, claim }
            }
            Kind::HardcodedRole => Rule::HardcodedRole(role(&text("role")?)?),
            Kind::RoleName => Rule::RoleName { role: text("role")?, name: role(&text("new.role.name")?)? },
            Kind::SessionNote => Rule::SessionNote { note: text("user.session.note")?, claim: claim()? },
            Kind::GroupMembership => {
                Rule::GroupMembership { full_path: is_true("full.path"), claim: claim()?.into_list() }
            }
            Kind::Audience => {
                Rule::Audience(text("included.client.audience").or_else(|| text("included.custom.audience"))?)
            }
            Kind::AudienceResolve => Rule::AudienceResolve,
            Kind::AllowedOrigins => Rule::AllowedOrigins,
            Kind::Acr => Rule::Acr,
            Kind::Amr => Rule::Amr,
            Kind::ClientRole => Rule::ClientRoles {
                client: text("usermodel.clientRoleMapping.clientId"),
                prefix: text("usermodel.clientRoleMapping.rolePrefix").unwrap_or_default(),
                claim: claim()?,
            },
            Kind::RealmRole => Rule::RealmRoles {
                prefix: text("usermodel.realmRoleMapping.rolePrefix").unwrap_or_default(),
                claim: claim()?,
            },
            Kind::Pairwise => Rule::Pairwise(Pairwise::read(mapper)),
            Kind::RequestedClaims => Rule::RequestedClaims,
            Kind::RequestedValue => Rule::RequestedValue { name: text("claim.name")?, claim: claim()? },
            Kind::Nonce => Rule::Nonce,
            Kind::SessionState => Rule::SessionState,
            Kind::Subject => Rule::Subject,
            // there are no organizations that anybody could be a member of
            Kind::Organization => return None,
        };
        Some(Self { targets: targets(kind, config), rule })
    }

    /// Reads the mappers of a client or of a client scope, in their order. Where two write the same claim the later one
    /// counts.
    pub fn parse_all<'a>(mappers: impl IntoIterator<Item = &'a ProtocolMapper>) -> Vec<Self> {
        mappers.into_iter().filter_map(Self::parse).collect()
    }
}

/// Where a mapper of this kind has its say: where the kind can, and where its switches are on.
fn targets(kind: Kind, config: &Attributes) -> Targets {
    match kind {
        Kind::Attribute
        | Kind::Property
        | Kind::FullName
        | Kind::Address
        | Kind::HardcodedClaim
        | Kind::SessionNote
        | Kind::GroupMembership
        | Kind::ClientRole
        | Kind::RealmRole
        | Kind::SessionState
        | Kind::Organization => Targets::switched_on(config),
        Kind::Audience | Kind::Acr | Kind::Amr => Targets::switched_on(config).and(Targets::TOKENS),
        Kind::AudienceResolve | Kind::AllowedOrigins => Targets::unless_switched_off(config).and(Targets::ACCESS),
        Kind::Subject => Targets::switched_on(config).and(Targets::ACCESS),
        Kind::RequestedClaims => Targets::switched_on(config).and(Targets::CLIENT),
        Kind::RequestedValue => Targets::switched_on(config).and(Targets::of(&[Target::Id])),
        Kind::Nonce => Targets::of(&[Target::Access, Target::LightweightAccess]),
        // a role has the same name, and a user the same subject, wherever they are seen
        Kind::HardcodedRole | Kind::RoleName | Kind::Pairwise => Targets::ALL,
    }
}

/// A role in Keycloak's notation: what stands before the last dot is the client.
fn role(text: &str) -> Option<RoleName> {
    let (client, name) = match text.rsplit_once('.') {
        Some((client, name)) if !client.is_empty() => (Some(client.to_owned()), name),
        _ => (None, text),
    };
    (!name.is_empty()).then(|| RoleName { client, name: name.to_owned() })
}

impl AddressAttributes {
    /// Reads the attributes' names. A name that is empty switches its member off.
    pub fn read(config: &Attributes) -> Self {
        let attribute =
            |part: &str| config.get(&format!("user.attribute.{part}")).map_or(part, String::as_str).to_owned();
        let members = ADDRESS.map(|(member, part)| (member, attribute(part)));
        Self(members.into_iter().filter(|(_, attribute)| !attribute.is_empty()).collect())
    }
}

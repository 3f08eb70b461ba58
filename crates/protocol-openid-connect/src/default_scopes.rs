//! The client scopes that a new realm has for OpenID Connect, with Keycloak's names, attributes and mappers.

use model::{
    Attributes,
    client::OPENID_CONNECT,
    client_scope::{ClientScope, ScopeAssignment},
    id::{ClientScopeId, MapperId},
    protocol_mapper::ProtocolMapper,
};
use protocol::DefaultClientScope;

/// Attribute: the scope's name is in the `scope` of tokens.
pub const IN_TOKEN_SCOPE: &str = "include.in.token.scope";

/// Where a claim goes, as a list of mapper settings.
type Targets = &'static [&'static str];
const EVERYWHERE: Targets =
    &["id.token.claim", "access.token.claim", "userinfo.token.claim", "introspection.token.claim"];
const ACCESS: Targets = &["access.token.claim", "introspection.token.claim"];
const TOKENS: Targets = &["id.token.claim", "access.token.claim", "introspection.token.claim"];

/// All of them.
pub fn all() -> Vec<DefaultClientScope> {
    use ScopeAssignment::{Default, Optional};
    vec![
        scope(
            "profile",
            "OpenID Connect built-in scope: profile",
            Some(Default),
            true,
            Consent::Text("profile"),
            profile(),
        ),
        scope(
            "email",
            "OpenID Connect built-in scope: email",
            Some(Default),
            true,
            Consent::Text("email"),
            vec![
                attribute("email", "email", "email", "String"),
                mapper(
                    "email verified",
                    "oidc-usermodel-property-mapper",
                    EVERYWHERE,
                    &[
                        ("user.attribute", "emailVerified"),
                        ("claim.name", "email_verified"),
                        ("jsonType.label", "boolean"),
                    ],
                ),
            ],
        ),
        scope(
            "address",
            "OpenID Connect built-in scope: address",
            Some(Optional),
            true,
            Consent::Text("address"),
            vec![mapper(
                "address",
                "oidc-address-mapper",
                EVERYWHERE,
                &[
                    ("user.attribute.street", "street"),
                    ("user.attribute.locality", "locality"),
                    ("user.attribute.region", "region"),
                    ("user.attribute.postal_code", "postal_code"),
                    ("user.attribute.country", "country"),
                    ("user.attribute.formatted", "formatted"),
                ],
            )],
        ),
        scope(
            "phone",
            "OpenID Connect built-in scope: phone",
            Some(Optional),
            true,
            Consent::Text("phone"),
            vec![
                attribute("phone number", "phoneNumber", "phone_number", "String"),
                attribute("phone number verified", "phoneNumberVerified", "phone_number_verified", "boolean"),
            ],
        ),
        offline_access(),
        scope(
            "roles",
            "OpenID Connect scope for add user roles to the access token",
            Some(Default),
            false,
            Consent::Text("roles"),
            roles(),
        ),
        scope(
            "web-origins",
            "OpenID Connect scope for add allowed web origins to the access token",
            Some(Default),
            false,
            Consent::Hidden,
            vec![mapper("allowed web origins", "oidc-allowed-origins-mapper", ACCESS, &[])],
        ),
        scope(
            "microprofile-jwt",
            "Microprofile - JWT built-in scope",
            Some(Optional),
            true,
            Consent::Hidden,
            vec![
                attribute("upn", "username", "upn", "String"),
                mapper(
                    "groups",
                    "oidc-usermodel-realm-role-mapper",
                    EVERYWHERE,
                    &[("multivalued", "true"), ("claim.name", "groups"), ("jsonType.label", "String")],
                ),
            ],
        ),
        scope(
            "acr",
            "OpenID Connect scope for add acr (authentication context class reference) to the token",
            Some(Default),
            false,
            Consent::Hidden,
            vec![mapper("acr loa level", "oidc-acr-mapper", TOKENS, &[])],
        ),
        scope(
            "basic",
            "OpenID Connect scope for add all basic claims to the token",
            Some(Default),
            false,
            Consent::Hidden,
            vec![note("auth_time", "AUTH_TIME", "auth_time", "long"), mapper("sub", "oidc-sub-mapper", ACCESS, &[])],
        ),
        scope(
            "service_account",
            "Specific scope for a client enabled for service accounts",
            None,
            false,
            Consent::Hidden,
            vec![
                note("Client ID", "client_id", "client_id", "String"),
                note("Client Host", "clientHost", "clientHost", "String"),
                note("Client IP Address", "clientAddress", "clientAddress", "String"),
            ],
        ),
        scope(
            "organization",
            "Additional claims about the organization a subject belongs to",
            Some(Optional),
            true,
            Consent::Text("organization"),
            vec![mapper(
                "organization",
                "oidc-organization-membership-mapper",
                EVERYWHERE,
                &[("claim.name", "organization"), ("jsonType.label", "String"), ("multivalued", "true")],
            )],
        ),
    ]
}

/// Whether the scope is on the consent screen, and with which of Keycloak's texts.
enum Consent {
    Text(&'static str),
    Hidden,
}

fn scope(
    name: &str,
    description: &str,
    assignment: Option<ScopeAssignment>,
    in_token_scope: bool,
    consent: Consent,
    mappers: Vec<ProtocolMapper>,
) -> DefaultClientScope {
    let mut attributes = Attributes::from([(IN_TOKEN_SCOPE.to_owned(), in_token_scope.to_string())]);
    let (shown, text) = match consent {
        Consent::Text(text) => ("true", format!("${{{text}ScopeConsentText}}")),
        Consent::Hidden => ("false", String::new()),
    };
    attributes.insert("display.on.consent.screen".to_owned(), shown.to_owned());
    attributes.insert("consent.screen.text".to_owned(), text);
    named(name, description, attributes, assignment, mappers)
}

fn named(
    name: &str,
    description: &str,
    attributes: Attributes,
    assignment: Option<ScopeAssignment>,
    mappers: Vec<ProtocolMapper>,
) -> DefaultClientScope {
    let scope = ClientScope {
        id: ClientScopeId(String::new()),
        name: name.to_owned(),
        description: Some(description.to_owned()),
        protocol: OPENID_CONNECT.to_owned(),
        attributes,
    };
    DefaultClientScope { scope, mappers, assignment }
}

/// Keycloak's has two attributes only.
fn offline_access() -> DefaultClientScope {
    let attributes =
        [("consent.screen.text", "${offlineAccessScopeConsentText}"), ("display.on.consent.screen", "true")];
    named(
        "offline_access",
        "OpenID Connect built-in scope: offline_access",
        attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        Some(ScopeAssignment::Optional),
        Vec::new(),
    )
}

fn mapper(name: &str, kind: &str, targets: Targets, settings: &[(&str, &str)]) -> ProtocolMapper {
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let targets = targets.iter().map(|target| ((*target).to_owned(), "true".to_owned()));
    ProtocolMapper {
        id: MapperId(String::new()),
        name: name.to_owned(),
        protocol: OPENID_CONNECT.to_owned(),
        kind: kind.to_owned(),
        config: settings.chain(targets).collect(),
    }
}

fn attribute(name: &str, attribute: &str, claim: &str, json_type: &str) -> ProtocolMapper {
    mapper(
        name,
        "oidc-usermodel-attribute-mapper",
        EVERYWHERE,
        &[("user.attribute", attribute), ("claim.name", claim), ("jsonType.label", json_type)],
    )
}

fn note(name: &str, note: &str, claim: &str, json_type: &str) -> ProtocolMapper {
    mapper(
        name,
        "oidc-usersessionmodel-note-mapper",
        TOKENS,
        &[("user.session.note", note), ("claim.name", claim), ("jsonType.label", json_type)],
    )
}

fn profile() -> Vec<ProtocolMapper> {
    let mut mappers = vec![mapper("full name", "oidc-full-name-mapper", EVERYWHERE, &[])];
    let attributes = [
        ("family name", "lastName", "family_name"),
        ("given name", "firstName", "given_name"),
        ("middle name", "middleName", "middle_name"),
        ("nickname", "nickname", "nickname"),
        ("username", "username", "preferred_username"),
        ("profile", "profile", "profile"),
        ("picture", "picture", "picture"),
        ("website", "website", "website"),
        ("gender", "gender", "gender"),
        ("birthdate", "birthdate", "birthdate"),
        ("zoneinfo", "zoneinfo", "zoneinfo"),
        ("locale", "locale", "locale"),
    ];
    mappers.extend(attributes.map(|(name, from, claim)| attribute(name, from, claim, "String")));
    mappers.push(attribute("updated at", "updatedAt", "updated_at", "long"));
    mappers
}

fn roles() -> Vec<ProtocolMapper> {
    vec![
        mapper(
            "realm roles",
            "oidc-usermodel-realm-role-mapper",
            ACCESS,
            &[("claim.name", "realm_access.roles"), ("jsonType.label", "String"), ("multivalued", "true")],
        ),
        mapper(
            "client roles",
            "oidc-usermodel-client-role-mapper",
            ACCESS,
            &[
                ("claim.name", "resource_access.${client_id}.roles"),
                ("jsonType.label", "String"),
                ("multivalued", "true"),
            ],
        ),
        mapper("audience resolve", "oidc-audience-resolve-mapper", ACCESS, &[]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapper_kinds::KINDS;

    #[test]
    fn twelve_scopes_with_known_mappers() {
        let scopes = all();
        let assigned = |wanted| {
            let named = scopes.iter().filter(|scope| scope.assignment == wanted).map(|scope| scope.scope.name.as_str());
            let mut names: Vec<_> = named.collect();
            names.sort_unstable();
            names
        };
        assert_eq!(
            assigned(Some(ScopeAssignment::Default)),
            ["acr", "basic", "email", "profile", "roles", "web-origins"]
        );
        let optional = ["address", "microprofile-jwt", "offline_access", "organization", "phone"];
        assert_eq!(assigned(Some(ScopeAssignment::Optional)), optional);
        assert_eq!(assigned(None), ["service_account"]);
        for mapper in scopes.iter().flat_map(|scope| &scope.mappers) {
            assert!(KINDS.iter().any(|kind| kind.id == mapper.kind), "{}", mapper.kind);
        }
    }
}

//! The kinds of mappers that Keycloak has for OpenID Connect, so that clients and scopes with such mappers can be made,
//! imported and listed.

use protocol::{MapperKind, Setting, SettingType};

const TOKEN_MAPPER: &str = "Token mapper";

const fn setting(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    kind: SettingType,
    default: Option<&'static str>,
) -> Setting {
    Setting { name, label, help, kind, default, options: &[], required: false }
}

const fn text(name: &'static str, label: &'static str, help: &'static str) -> Setting {
    setting(name, label, help, SettingType::String, None)
}

const fn switch(name: &'static str, label: &'static str, help: &'static str, default: &'static str) -> Setting {
    setting(name, label, help, SettingType::Boolean, Some(default))
}

const fn kind(id: &'static str, label: &'static str, help: &'static str, settings: &'static [Setting]) -> MapperKind {
    MapperKind { id, label, category: TOKEN_MAPPER, help, settings }
}

const CLAIM_NAME: Setting = text(
    "claim.name",
    "Token Claim Name",
    "The claim's name; a dot goes one level down, such as address.street. Write \\. for a dot in a name.",
);
const CLAIM_TYPE: Setting = Setting {
    name: "jsonType.label",
    label: "Claim JSON Type",
    help: "The JSON type of the claim's value.",
    kind: SettingType::List,
    default: Some("String"),
    options: &["String", "long", "int", "boolean", "JSON"],
    required: false,
};
const IN_ID_TOKEN: Setting = switch("id.token.claim", "Add to ID token", "The claim is in the ID token.", "true");
const IN_ACCESS_TOKEN: Setting =
    switch("access.token.claim", "Add to access token", "The claim is in the access token.", "true");
const IN_LIGHTWEIGHT: Setting = switch(
    "lightweight.claim",
    "Add to lightweight access token",
    "The claim is in access tokens of clients with lightweight tokens too.",
    "false",
);
const IN_USERINFO: Setting =
    switch("userinfo.token.claim", "Add to userinfo", "The claim is in the answer of the userinfo endpoint.", "true");
const IN_INTROSPECTION: Setting = switch(
    "introspection.token.claim",
    "Add to token introspection",
    "The claim is in the answer of the introspection endpoint.",
    "true",
);
const MULTIVALUED: Setting =
    switch("multivalued", "Multivalued", "All values are given as a list, instead of the first one.", "false");
const AGGREGATE: Setting = switch(
    "aggregate.attrs",
    "Aggregate attribute values",
    "Values of the user and of the user's groups are given together.",
    "false",
);
const USER_ATTRIBUTE: Setting =
    text("user.attribute", "User Attribute", "The name of the user's attribute, or of a field such as email.");
const ROLE: Setting =
    setting("role", "Role", "A realm role NAME, or a client role CLIENT.NAME.", SettingType::Role, None);
const CLIENT_ROLE_CLIENT: Setting = text(
    "usermodel.clientRoleMapping.clientId",
    "Client ID",
    "Only roles of this client; those of all clients if empty.",
);
const CLIENT_ROLE_PREFIX: Setting =
    text("usermodel.clientRoleMapping.rolePrefix", "Client Role prefix", "Stands before each role's name.");
const REALM_ROLE_PREFIX: Setting =
    text("usermodel.realmRoleMapping.rolePrefix", "Realm Role prefix", "Stands before each role's name.");

const fn address_field(name: &'static str, label: &'static str, default: &'static str) -> Setting {
    setting(name, label, "The user's attribute with this part of the address.", SettingType::String, Some(default))
}

/// All kinds.
pub const KINDS: &[MapperKind] = &[
    kind(
        "oidc-usermodel-attribute-mapper",
        "User Attribute",
        "A user's attribute becomes a claim.",
        &[
            USER_ATTRIBUTE,
            CLAIM_NAME,
            CLAIM_TYPE,
            IN_ID_TOKEN,
            IN_ACCESS_TOKEN,
            IN_LIGHTWEIGHT,
            IN_USERINFO,
            IN_INTROSPECTION,
            MULTIVALUED,
            AGGREGATE,
        ],
    ),
    kind(
        "oidc-usermodel-property-mapper",
        "User Property",
        "A field of the user becomes a claim.",
        &[
            USER_ATTRIBUTE,
            CLAIM_NAME,
            CLAIM_TYPE,
            IN_ID_TOKEN,
            IN_ACCESS_TOKEN,
            IN_LIGHTWEIGHT,
            IN_USERINFO,
            IN_INTROSPECTION,
        ],
    ),
    kind(
        "oidc-full-name-mapper",
        "User's full name",
        "Given and family name become the claim name.",
        &[IN_ID_TOKEN, IN_ACCESS_TOKEN, IN_LIGHTWEIGHT, IN_USERINFO, IN_INTROSPECTION],
    ),
    kind(
        "oidc-address-mapper",
        "User Address",
        "Attributes of the user become the claim address.",
        &[
            address_field("user.attribute.street", "User Attribute Name for Street", "street"),
            address_field("user.attribute.locality", "User Attribute Name for Locality", "locality"),
            address_field("user.attribute.region", "User Attribute Name for Region", "region"),
            address_field("user.attribute.postal_code", "User Attribute Name for Postal Code", "postal_code"),
            address_field("user.attribute.country", "User Attribute Name for Country", "country"),
            address_field("user.attribute.formatted", "User Attribute Name for Formatted Address", "formatted"),
            IN_ID_TOKEN,
            IN_ACCESS_TOKEN,
            IN_LIGHTWEIGHT,
            IN_USERINFO,
            IN_INTROSPECTION,
        ],
    ),
    kind(
        "oidc-hardcoded-claim-mapper",
        "Hardcoded claim",
        "A claim with a fixed value.",
        &[
            CLAIM_NAME,
            text("claim.value", "Claim value", "The value."),
            CLAIM_TYPE,
            IN_ID_TOKEN,
            IN_ACCESS_TOKEN,
            IN_LIGHTWEIGHT,
            IN_USERINFO,
            IN_INTROSPECTION,
        ],
    ),
    kind("oidc-hardcoded-role-mapper", "Hardcoded Role", "Adds a role to the access token.", &[ROLE]),
    kind(
        "oidc-role-name-mapper",
        "Role Name Mapper",
        "Gives a role another name in the access token.",
        &[ROLE, text("new.role.name", "New Role Name", "The other name, NAME or CLIENT.NAME.")],
    ),
    kind(
        "oidc-usersessionmodel-note-mapper",
        "User Session Note",
        "A note of the session becomes a claim.",
        &[
            text("user.session.note", "User Session Note", "The note's name."),
            CLAIM_NAME,
            CLAIM_TYPE,
            IN_ID_TOKEN,
            IN_ACCESS_TOKEN,
            IN_LIGHTWEIGHT,
            IN_USERINFO,
            IN_INTROSPECTION,
        ],
    ),
    kind(
        "oidc-group-membership-mapper",
        "Group Membership",
        "The user's groups become a claim.",
        &[
            CLAIM_NAME,
            switch("full.path", "Full group path", "Groups are given with the groups above them.", "true"),
            IN_ID_TOKEN,
            IN_ACCESS_TOKEN,
            IN_LIGHTWEIGHT,
            IN_USERINFO,
            IN_INTROSPECTION,
        ],
    ),
    kind(
        "oidc-audience-mapper",
        "Audience",
        "Adds an audience to the token.",
        &[
            text("included.client.audience", "Included Client Audience", "The client that becomes an audience."),
            text("included.custom.audience", "Included Custom Audience", "A text that becomes an audience."),
            switch("id.token.claim", "Add to ID token", "The audience is in the ID token.", "false"),
            IN_ACCESS_TOKEN,
            IN_LIGHTWEIGHT,
            IN_INTROSPECTION,
        ],
    ),
    kind(
        "oidc-audience-resolve-mapper",
        "Audience Resolve",
        "Clients of whom the user has roles become audiences.",
        &[IN_ACCESS_TOKEN, IN_LIGHTWEIGHT, IN_INTROSPECTION],
    ),
    kind(
        "oidc-allowed-origins-mapper",
        "Allowed Web Origins",
        "The client's web origins become a claim.",
        &[IN_ACCESS_TOKEN, IN_LIGHTWEIGHT, IN_INTROSPECTION],
    ),
    kind(
        "oidc-acr-mapper",
        "Authentication Context Class Reference (ACR)",
        "How strongly the user was authenticated becomes the claim acr.",
        &[IN_ID_TOKEN, IN_ACCESS_TOKEN, IN_LIGHTWEIGHT, IN_INTROSPECTION],
    ),
    kind(
        "oidc-amr-mapper",
        "Authentication Method Reference (AMR)",
        "The ways in which the user was authenticated become the claim amr.",
        &[IN_ID_TOKEN, IN_ACCESS_TOKEN, IN_LIGHTWEIGHT, IN_INTROSPECTION],
    ),
    kind(
        "oidc-usermodel-client-role-mapper",
        "User Client Role",
        "The user's client roles become a claim.",
        &[
            CLIENT_ROLE_CLIENT,
            CLIENT_ROLE_PREFIX,
            MULTIVALUED,
            CLAIM_NAME,
            CLAIM_TYPE,
            IN_ID_TOKEN,
            IN_ACCESS_TOKEN,
            IN_LIGHTWEIGHT,
            IN_USERINFO,
            IN_INTROSPECTION,
        ],
    ),
    kind(
        "oidc-usermodel-realm-role-mapper",
        "User Realm Role",
        "The user's realm roles become a claim.",
        &[
            REALM_ROLE_PREFIX,
            MULTIVALUED,
            CLAIM_NAME,
            CLAIM_TYPE,
            IN_ID_TOKEN,
            IN_ACCESS_TOKEN,
            IN_LIGHTWEIGHT,
            IN_USERINFO,
            IN_INTROSPECTION,
        ],
    ),
    kind(
        "oidc-sha256-pairwise-sub-mapper",
        "Pairwise subject identifier",
        "Each sector of clients sees another subject of the same user.",
        &[
            text("sectorIdentifierUri", "Sector Identifier URI", "An address whose host names the sector."),
            text("pairwiseSubAlgorithmSalt", "Salt", "A random text that goes into the subject."),
        ],
    ),
    kind(
        "oidc-claims-param-token-mapper",
        "Claims parameter Token",
        "Claims that the request asks for by name.",
        &[IN_ID_TOKEN, IN_USERINFO],
    ),
    kind(
        "oidc-claims-param-value-idtoken-mapper",
        "Claims parameter with value ID Token",
        "A claim that the request asks for with a value is in the ID token.",
        &[CLAIM_NAME, IN_ID_TOKEN],
    ),
    kind(
        "oidc-nonce-backwards-compatible-mapper",
        "Nonce backwards compatible",
        "The nonce is in the access token too.",
        &[],
    ),
    kind(
        "oidc-session-state-mapper",
        "Session State (session_state)",
        "The session's id as session_state.",
        &[IN_ID_TOKEN, IN_ACCESS_TOKEN, IN_LIGHTWEIGHT, IN_USERINFO, IN_INTROSPECTION],
    ),
    kind(
        "oidc-sub-mapper",
        "Subject (sub)",
        "The user's id as sub.",
        &[IN_ACCESS_TOKEN, IN_LIGHTWEIGHT, IN_INTROSPECTION],
    ),
    kind(
        "oidc-organization-membership-mapper",
        "Organization Membership",
        "The user's organizations.",
        &[
            CLAIM_NAME,
            CLAIM_TYPE,
            MULTIVALUED,
            IN_ID_TOKEN,
            IN_ACCESS_TOKEN,
            IN_LIGHTWEIGHT,
            IN_USERINFO,
            IN_INTROSPECTION,
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_keycloaks_23_kinds_each_once() {
        let ids: std::collections::BTreeSet<_> = KINDS.iter().map(|kind| kind.id).collect();
        assert_eq!((KINDS.len(), ids.len()), (23, 23));
    }

    #[test]
    fn no_kind_has_a_setting_twice() {
        for kind in KINDS {
            let names: std::collections::BTreeSet<_> = kind.settings.iter().map(|setting| setting.name).collect();
            assert_eq!(names.len(), kind.settings.len(), "{}", kind.id);
        }
    }
}

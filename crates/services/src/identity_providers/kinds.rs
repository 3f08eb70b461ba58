//! Kinds of identity providers, and the kinds of mappers that each of them can have, with Keycloak's ids.

use protocol::{MapperKind, Setting, SettingType};

use SettingType::{Boolean, Group, List, Role, String as Line, Text};

/// What every kind is good for.
pub const USER_AUTHENTICATION: &str = "USER_AUTHENTICATION";
/// The kind of SAML.
pub const SAML: &str = "saml";

/// How an identity provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaks {
    /// OpenID Connect, with metadata at an address.
    OpenIdConnect,
    /// OAuth 2.0 without more.
    OAuth,
    /// SAML.
    Saml,
    /// Its own way.
    Social,
}

/// A kind of identity provider.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The id in `providerId`.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// How it speaks.
    pub speaks: Speaks,
}

const fn kind(id: &'static str, name: &'static str, speaks: Speaks) -> Kind {
    Kind { id, name, speaks }
}

/// All kinds.
pub const ALL: [Kind; 16] = [
    kind("oidc", "OpenID Connect v1.0", Speaks::OpenIdConnect),
    kind("keycloak-oidc", "Keycloak OpenID Connect", Speaks::OpenIdConnect),
    kind(SAML, "SAML v2.0", Speaks::Saml),
    kind("oauth2", "OAuth v2", Speaks::OAuth),
    kind("google", "Google", Speaks::Social),
    kind("github", "GitHub", Speaks::Social),
    kind("gitlab", "GitLab", Speaks::Social),
    kind("facebook", "Facebook", Speaks::Social),
    kind("microsoft", "Microsoft", Speaks::Social),
    kind("bitbucket", "BitBucket", Speaks::Social),
    kind("linkedin-openid-connect", "LinkedIn", Speaks::Social),
    kind("openshift-v4", "Openshift v4", Speaks::Social),
    kind("paypal", "PayPal", Speaks::Social),
    kind("stackoverflow", "StackOverflow", Speaks::Social),
    kind("twitter", "Twitter", Speaks::Social),
    kind("instagram", "Instagram", Speaks::Social),
];

/// The kind with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Kind> {
    ALL.iter().find(|kind| kind.id == id)
}

const fn setting(name: &'static str, label: &'static str, kind: SettingType, help: &'static str) -> Setting {
    Setting { name, label, help, kind, default: None, options: &[], required: false }
}

const CLAIM: Setting = setting("claim", "Claim", Line, "The name of the claim; a dot leads into an object.");
const CLAIM_VALUE: Setting = setting("claim.value", "Claim Value", Line, "The value that the claim has to have.");
const CLAIMS: Setting = setting("claims", "Claims", Text, "Names and values that claims have to have, as JSON.");
const CLAIM_PATTERNS: Setting =
    setting("are.claim.values.regex", "Regex Claim Values", Boolean, "The values are regular expressions.");
const ROLE: Setting = setting("role", "Role", Role, "The role: NAME, or CLIENT.NAME for a client's.");
const GROUP: Setting = setting("group", "Group", Group, "The path of the group.");
const USER_ATTRIBUTE: Setting =
    setting("user.attribute", "User Attribute Name", Line, "The attribute, or email, firstName, lastName.");
const TEMPLATE: Setting = setting("template", "Template", Line, "The name, with ${ALIAS} and ${CLAIM.name} in it.");
const TARGET: Setting = Setting {
    options: &["LOCAL", "BROKER_ID", "BROKER_USERNAME"],
    ..setting("target", "Target", List, "What gets the name: the user here, or the account there.")
};
const SAML_ATTRIBUTE: Setting = setting("attribute.name", "Attribute Name", Line, "The name in the assertion.");
const SAML_FRIENDLY: Setting = setting("attribute.friendly.name", "Friendly Name", Line, "Its friendly name.");
const SAML_VALUE: Setting = setting("attribute.value", "Attribute Value", Line, "The value that it has to have.");
const SAML_ATTRIBUTES: Setting =
    setting("attributes", "Attributes", Text, "Names and values that attributes have to have, as JSON.");
const SAML_PATTERNS: Setting =
    setting("are.attribute.values.regex", "Regex Attribute Values", Boolean, "The values are regular expressions.");

macro_rules! mappers {
    ($($id:literal $label:literal $category:literal [$($setting:expr),*] $help:literal)*) => {
        &[$(MapperKind { id: $id, label: $label, category: $category, help: $help, settings: &[$($setting),*] }),*]
    };
}

/// For every kind of provider.
const COMMON: &[MapperKind] = mappers! {
    "hardcoded-user-session-attribute-idp-mapper" "Hardcoded User Session Attribute" "User Session"
        [
            setting("attribute", "User Session Attribute", Line, "The name of the note."),
            setting("attribute.value", "User Session Attribute Value", Line, "Its value.")
        ]
        "Notes a value with the session."
    "hardcoded-attribute-idp-mapper" "Hardcoded Attribute" "Attribute Importer"
        [
            setting("attribute", "User Attribute", Line, "The name of the attribute."),
            setting("attribute.value", "User Attribute Value", Line, "Its value.")
        ]
        "Gives the user an attribute."
    "oidc-hardcoded-role-idp-mapper" "Hardcoded Role" "Role Importer" [ROLE] "Gives the user a role."
    "oidc-hardcoded-group-idp-mapper" "Hardcoded Group" "Group Importer" [GROUP] "Makes the user a member of a group."
};

const OPENID_CONNECT: &[MapperKind] = mappers! {
    "oidc-user-attribute-idp-mapper" "Attribute Importer" "Attribute Importer" [CLAIM, USER_ATTRIBUTE]
        "Takes an attribute from a claim."
    "oidc-username-idp-mapper" "Username Template Importer" "Preprocessor" [TEMPLATE, TARGET]
        "Makes the user's name from claims."
    "oidc-role-idp-mapper" "Claim to Role" "Role Importer" [CLAIM, CLAIM_VALUE, ROLE]
        "Gives a role if a claim has a value."
    "oidc-advanced-role-idp-mapper" "Advanced Claim to Role" "Role Importer" [CLAIMS, CLAIM_PATTERNS, ROLE]
        "Gives a role if all claims have their values."
    "oidc-advanced-group-idp-mapper" "Advanced Claim to Group" "Group Importer" [CLAIMS, CLAIM_PATTERNS, GROUP]
        "Makes a member of a group if all claims have their values."
    "oidc-user-session-note-idp-mapper" "User Session Note" "User Session" [CLAIMS, CLAIM_PATTERNS]
        "Notes claims with the session."
};

const KEYCLOAK: &[MapperKind] = mappers! {
    "keycloak-oidc-role-to-role-idp-mapper" "External Role to Role" "Role Importer"
        [setting("external.role", "External Role", Line, "The role there: NAME, or CLIENT.NAME."), ROLE]
        "Gives a role to whoever has a role there."
};

const SAML_MAPPERS: &[MapperKind] = mappers! {
    "saml-user-attribute-idp-mapper" "Attribute Importer" "Attribute Importer"
        [SAML_ATTRIBUTE, SAML_FRIENDLY, USER_ATTRIBUTE]
        "Takes an attribute from the assertion."
    "saml-xpath-attribute-idp-mapper" "XPath Attribute Importer" "Attribute Importer"
        [
            SAML_ATTRIBUTE,
            SAML_FRIENDLY,
            setting("attribute.xpath", "Attribute XPath", Line, "The XPath within the attribute."),
            USER_ATTRIBUTE
        ]
        "Takes an attribute from a part of the assertion."
    "saml-username-idp-mapper" "Username Template Importer" "Preprocessor" [TEMPLATE, TARGET]
        "Makes the user's name from the assertion."
    "saml-role-idp-mapper" "SAML Attribute to Role" "Role Importer" [SAML_ATTRIBUTE, SAML_FRIENDLY, SAML_VALUE, ROLE]
        "Gives a role if an attribute has a value."
    "saml-advanced-role-idp-mapper" "Advanced Attribute to Role" "Role Importer"
        [SAML_ATTRIBUTES, SAML_PATTERNS, ROLE]
        "Gives a role if all attributes have their values."
    "saml-advanced-group-idp-mapper" "Advanced Attribute to Group" "Group Importer"
        [SAML_ATTRIBUTES, SAML_PATTERNS, GROUP]
        "Makes a member of a group if all attributes have their values."
};

macro_rules! social {
    ($($id:literal)*) => {
        mappers! {$(
            $id "Attribute Importer" "Attribute Importer"
                [
                    setting("jsonField", "Social Profile JSON Field Path", Line, "The path in the profile's JSON."),
                    setting("userAttribute", "User Attribute Name", Line, "The attribute.")
                ]
                "Takes an attribute from the profile."
        )*}
    };
}

const SOCIAL: &[MapperKind] = social! {
    "google-user-attribute-mapper"
    "github-user-attribute-mapper"
    "gitlab-user-attribute-mapper"
    "facebook-user-attribute-mapper"
    "microsoft-user-attribute-mapper"
    "bitbucket-user-attribute-mapper"
    "linkedin-user-attribute-mapper"
    "openshift-v4-user-attribute-mapper"
    "paypal-user-attribute-mapper"
    "stackoverflow-user-attribute-mapper"
    "twitter-user-attribute-mapper"
    "instagram-user-attribute-mapper"
};

/// The kinds of mappers that a provider of this kind can have.
pub fn mappers_of(provider_id: &str) -> impl Iterator<Item = &'static MapperKind> {
    let speaks = find(provider_id).map(|kind| kind.speaks);
    let openid = matches!(speaks, Some(Speaks::OpenIdConnect | Speaks::OAuth));
    let own = format!("{}-user-attribute-mapper", provider_id.trim_end_matches("-openid-connect"));
    COMMON
        .iter()
        .chain(if openid { OPENID_CONNECT } else { &[] })
        .chain(if provider_id == "keycloak-oidc" { KEYCLOAK } else { &[] })
        .chain(if speaks == Some(Speaks::Saml) { SAML_MAPPERS } else { &[] })
        .chain(SOCIAL.iter().filter(move |kind| kind.id == own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_own_mappers() {
        let count = |kind| mappers_of(kind).count();
        assert_eq!((count("oidc"), count("keycloak-oidc"), count("saml"), count("github")), (10, 11, 10, 5));
        for kind in ALL.iter().filter(|kind| kind.speaks == Speaks::Social) {
            assert_eq!(count(kind.id), 5, "{}", kind.id);
        }
        assert_eq!(count("nothing"), 4);
    }
}

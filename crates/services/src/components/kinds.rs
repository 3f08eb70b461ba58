//! The kinds of components that administrators may add, with their settings: what consoles build their forms from, and
//! what settings are checked against. Names, labels and texts of refusals are Keycloak's.

use model::component::{Component, KEY_PROVIDER};
use protocol::{Setting, SettingType};

use crate::{Error, Result, client_registration::PROVIDER_TYPE as REGISTRATION_POLICY};

/// A kind of component.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The id in `providerId`.
    pub id: &'static str,
    /// What it is for.
    pub help: &'static str,
    /// Its settings.
    pub settings: &'static [Setting],
}

const fn setting(name: &'static str, label: &'static str, help: &'static str, kind: SettingType) -> Setting {
    Setting { name, label, help, kind, default: None, options: &[], required: false }
}

const fn list(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    default: &'static str,
    options: &'static [&'static str],
) -> Setting {
    Setting { default: Some(default), options, ..setting(name, label, help, SettingType::List) }
}

const fn switch(name: &'static str, label: &'static str, help: &'static str, default: &'static str) -> Setting {
    Setting { default: Some(default), ..setting(name, label, help, SettingType::Boolean) }
}

const PRIORITY: Setting = Setting {
    default: Some("0"),
    ..setting(
        "priority",
        "Priority",
        "Of several keys for one algorithm, that of the highest priority is used.",
        SettingType::String,
    )
};
const ENABLED: Setting = switch("enabled", "Enabled", "Whether the key is used at all.", "true");
const ACTIVE: Setting =
    switch("active", "Active", "Whether the key makes new signatures; one that is not active still verifies.", "true");
const KEY_SIZE: Setting = list("keySize", "Key size", "Size of the key, bits.", "2048", &["2048", "3072", "4096"]);
const RSA_SIGNATURE: Setting = list(
    "algorithm",
    "Algorithm",
    "What the key signs with.",
    "RS256",
    &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
);
const RSA_ENCRYPTION: Setting =
    list("algorithm", "Algorithm", "How others encrypt to the key.", "RSA-OAEP", &["RSA-OAEP", "RSA-OAEP-256"]);
const PRIVATE_KEY: Setting =
    Setting { required: true, ..setting("privateKey", "Private RSA Key", "The private key, PEM.", SettingType::Text) };
const CERTIFICATE: Setting = setting(
    "certificate",
    "X509 Certificate",
    "The key's certificate, PEM. Without one, one that the key signs itself is made.",
    SettingType::Text,
);
const CURVES: &[&str] = &["P-256", "P-384", "P-521"];

/// The sources of keys.
pub const KEY_PROVIDERS: [Kind; 9] = [
    Kind {
        id: "rsa-generated",
        help: "Generates an RSA key that signs, and a certificate for it",
        settings: &[PRIORITY, ENABLED, ACTIVE, KEY_SIZE, RSA_SIGNATURE],
    },
    Kind {
        id: "rsa-enc-generated",
        help: "Generates an RSA key that request objects are encrypted to, and a certificate for it",
        settings: &[PRIORITY, ENABLED, ACTIVE, KEY_SIZE, RSA_ENCRYPTION],
    },
    Kind {
        id: "rsa",
        help: "An RSA key that signs, given as PEM",
        settings: &[PRIORITY, ENABLED, ACTIVE, RSA_SIGNATURE, PRIVATE_KEY, CERTIFICATE],
    },
    Kind {
        id: "rsa-enc",
        help: "An RSA key that request objects are encrypted to, given as PEM",
        settings: &[PRIORITY, ENABLED, ACTIVE, RSA_ENCRYPTION, PRIVATE_KEY, CERTIFICATE],
    },
    Kind {
        id: "ecdsa-generated",
        help: "Generates a key on a curve, which signs with ES256, ES384 or ES512",
        settings: &[
            PRIORITY,
            ENABLED,
            ACTIVE,
            list("ecdsaEllipticCurveKey", "Elliptic Curve", "The curve; it decides the algorithm.", "P-256", CURVES),
        ],
    },
    Kind {
        id: "ecdh-generated",
        help: "Generates a key on a curve that request objects are encrypted to",
        settings: &[
            PRIORITY,
            ENABLED,
            ACTIVE,
            list("ecdhEllipticCurveKey", "Elliptic Curve", "The curve.", "P-256", CURVES),
            list(
                "ecdhAlgorithm",
                "Algorithm",
                "How others encrypt to the key.",
                "ECDH-ES",
                &["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"],
            ),
        ],
    },
    Kind {
        id: "eddsa-generated",
        help: "Generates an Ed25519 key, which signs with EdDSA",
        settings: &[
            PRIORITY,
            ENABLED,
            ACTIVE,
            list("eddsaEllipticCurveKey", "Elliptic Curve", "The curve.", "Ed25519", &["Ed25519"]),
        ],
    },
    Kind {
        id: "hmac-generated",
        help: "Generates a secret that signs tokens which only this server reads",
        settings: &[
            PRIORITY,
            ENABLED,
            ACTIVE,
            list("secretSize", "Secret size", "Size of the secret, bytes.", "128", &["64", "128", "256", "512"]),
            list("algorithm", "Algorithm", "What the secret signs with.", "HS512", &["HS256", "HS384", "HS512"]),
        ],
    },
    Kind {
        id: "aes-generated",
        help: "Generates an AES secret. It is kept for who moves the realm to Keycloak: nothing is encrypted with it here",
        settings: &[
            PRIORITY,
            ENABLED,
            ACTIVE,
            list("secretSize", "AES Key size", "Size of the secret, bytes.", "16", &["16", "24", "32"]),
        ],
    },
];

/// The policies about clients that register themselves.
pub const REGISTRATION_POLICIES: [Kind; 8] = [
    Kind {
        id: "allowed-client-templates",
        help: "Registered clients may have these client scopes",
        settings: &[
            setting("allowed-client-scopes", "Allowed Client Scopes", "Their names.", SettingType::MultivaluedString),
            switch("allow-default-scopes", "Allow Default Scopes", "Those that every new client gets, too.", "true"),
        ],
    },
    Kind {
        id: "allowed-protocol-mappers",
        help: "Registered clients may have these kinds of protocol mappers",
        settings: &[setting(
            "allowed-protocol-mapper-types",
            "Allowed Protocol Mappers",
            "Their ids.",
            SettingType::MultivaluedString,
        )],
    },
    Kind { id: "client-disabled", help: "Registered clients wait until an administrator enables them", settings: &[] },
    Kind { id: "consent-required", help: "Registered clients ask users for consent", settings: &[] },
    Kind {
        id: "max-clients",
        help: "A realm has no more clients than this",
        settings: &[Setting {
            default: Some("200"),
            required: true,
            ..setting("max-clients", "Max Clients Per Realm", "The number.", SettingType::String)
        }],
    },
    Kind {
        id: "registration-web-origins",
        help: "Pages of these origins may register clients",
        settings: &[setting("web-origins", "Allowed web origins", "The origins.", SettingType::MultivaluedString)],
    },
    Kind { id: "scope", help: "Registered clients see mapped roles only", settings: &[] },
    Kind {
        id: "trusted-hosts",
        help: "Clients are registered from these hosts, and live on them",
        settings: &[
            setting("trusted-hosts", "Trusted Hosts", "Hosts, domains and networks.", SettingType::MultivaluedString),
            switch(
                "host-sending-registration-request-must-match",
                "Host Sending Client Registration Request Must Match",
                "Whoever registers must be one of them.",
                "true",
            ),
            switch(
                "client-uris-must-match",
                "Client URIs Must Match",
                "The addresses of the client must be there.",
                "true",
            ),
        ],
    },
];

/// All kinds by provider type.
pub const ALL: [(&str, &[Kind]); 2] = [(KEY_PROVIDER, &KEY_PROVIDERS), (REGISTRATION_POLICY, &REGISTRATION_POLICIES)];

/// The kinds of a provider type; none if this server has no such components.
#[must_use]
pub fn of(provider_type: &str) -> Option<&'static [Kind]> {
    ALL.into_iter().find(|(of, _)| *of == provider_type).map(|(_, kinds)| kinds)
}

/// The kind of a component: in old exports, a given key that encrypts is of the provider `rsa` too.
pub(super) fn id_of(component: &Component) -> &str {
    let encrypts = component.setting("keyUse").is_some_and(|purpose| purpose.eq_ignore_ascii_case("enc"));
    if component.provider_id == "rsa" && encrypts { "rsa-enc" } else { &component.provider_id }
}

/// Checks the settings that are there against their kind. Others are kept as they are.
///
/// # Errors
/// `Invalid` with Keycloak's text; `Refused` for a provider that this server doesn't run.
pub(crate) fn check(component: &Component, kinds: &[Kind]) -> Result<()> {
    let Some(kind) = kinds.iter().find(|kind| kind.id == id_of(component)) else {
        return Err(Error::Refused(match component.provider_id.as_str() {
            "java-keystore" => {
                "A Java keystore can't be read here: give its private key and certificate, as PEM, to the \
                                provider rsa"
                    .to_owned()
            }
            _ => "Invalid provider type or no such provider".to_owned(),
        }));
    };
    for setting in kind.settings {
        let Some(values) = component.config.get(setting.name) else { continue };
        let refuse = |text: String| Err(Error::invalid(setting.name, text));
        if setting.kind == SettingType::MultivaluedString {
            continue;
        }
        let [value] = values.as_slice() else {
            return refuse(format!("'{}' should be a single entry", setting.label));
        };
        match setting.kind {
            SettingType::Boolean if !["true", "false"].contains(&value.as_str()) => {
                return refuse(format!("'{}' should be 'true' or 'false'", setting.label));
            }
            SettingType::List if !setting.options.contains(&value.as_str()) => {
                return refuse(format!("'{}' should be {}", setting.label, or(setting.options)));
            }
            _ if setting.name == PRIORITY.name && value.parse::<i64>().is_err() => {
                return refuse(format!("'{}' should be a number", setting.label));
            }
            _ => {}
        }
    }
    Ok(())
}

/// `a, b or c`.
fn or(options: &[&str]) -> String {
    match options {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use model::id::ComponentId;

    use super::*;

    fn component(provider: &str, config: &[(&str, &[&str])]) -> Component {
        let texts = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
        Component {
            id: ComponentId("c".into()),
            name: "n".into(),
            provider_id: provider.into(),
            provider_type: KEY_PROVIDER.into(),
            parent_id: "r".into(),
            sub_type: None,
            config: config.iter().map(|(name, values)| ((*name).to_owned(), texts(values))).collect(),
        }
    }

    fn refusal(provider: &str, config: &[(&str, &[&str])]) -> String {
        match check(&component(provider, config), &KEY_PROVIDERS).unwrap_err() {
            Error::Invalid(problems) => problems[0].message.clone(),
            other => other.to_string(),
        }
    }

    #[test]
    fn refusals_are_keycloaks() {
        for (provider, config, text) in [
            ("rsa-generated", ("priority", &["x"][..]), "'Priority' should be a number"),
            ("rsa-generated", ("enabled", &["yes"]), "'Enabled' should be 'true' or 'false'"),
            ("rsa-generated", ("keySize", &["1024"]), "'Key size' should be 2048, 3072 or 4096"),
            ("rsa-generated", ("keySize", &["2048", "4096"]), "'Key size' should be a single entry"),
            ("rsa-enc-generated", ("algorithm", &["RSA1_5"]), "'Algorithm' should be RSA-OAEP or RSA-OAEP-256"),
            ("eddsa-generated", ("eddsaEllipticCurveKey", &["Ed448"]), "'Elliptic Curve' should be Ed25519"),
            ("aes-generated", ("secretSize", &["15"]), "'AES Key size' should be 16, 24 or 32"),
            ("nonsense", ("priority", &["1"]), "Invalid provider type or no such provider"),
        ] {
            assert_eq!(refusal(provider, &[config]), text);
        }
        assert!(refusal("java-keystore", &[]).contains("provider rsa"));
    }

    #[test]
    fn what_nobody_knows_is_kept_and_what_is_absent_has_its_default() {
        for kind in KEY_PROVIDERS {
            assert!(check(&component(kind.id, &[("keyUse", &["SIG"]), ("own", &["a", "b"])]), &KEY_PROVIDERS).is_ok());
            for setting in kind.settings.iter().filter(|setting| !setting.options.is_empty()) {
                assert!(setting.default.is_some_and(|default| setting.options.contains(&default)), "{}", setting.name);
            }
        }
    }
}

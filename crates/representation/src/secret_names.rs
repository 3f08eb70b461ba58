//! Which settings hold secrets, told by their names.
//!
//! Settings of providers come as maps, and what a provider of somebody else keeps in them is known by its name only. A name
//! that sounds like a secret is treated as one: a value that is hidden for nothing can be looked up elsewhere.

/// What names of secrets hold, in lower case and without separators.
const PARTS: [&str; 7] =
    ["password", "secret", "privatekey", "apikey", "registrationaccesstoken", "saltedvalue", "signingkey"];
/// How names of secrets may end.
const END: &str = "credential";
/// What names hold that only speak about a secret.
const ABOUT: [&str; 12] = [
    "creationtime",
    "creationdate",
    "expiration",
    "policy",
    "size",
    "keysize",
    "allow",
    "enabled",
    "authenticatortype",
    "update",
    "modify",
    "blacklist",
];

/// Whether a setting of this name holds a secret.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let bare: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let sounds_secret = PARTS.iter().any(|part| bare.contains(part)) || bare.ends_with(END);
    sounds_secret && !ABOUT.iter().any(|part| bare.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_their_names() {
        for name in [
            "secret",
            "clientSecret",
            "password",
            "privateKey",
            "ecdsaPrivateKey",
            "bindCredential",
            "secretData",
            "client.secret.rotated",
            "saml.signing.private.key",
            "keystorePassword",
            "keyPassword",
            "recaptcha.secret",
            "secret.key",
            "api.key",
            "private_key",
            "hashedSaltedValue",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "client.secret.creation.time",
            "client.secret.expiration.time",
            "passwordPolicy",
            "resetPasswordAllowed",
            "allowPasswordAuthentication",
            "validatePasswordPolicy",
            "usePasswordModifyExtendedOp",
            "clientAuthMethod",
            "secretSize",
            "publicKey",
            "certificate",
            "clientAuthenticatorType",
            "priority",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}

//! The members of RFC 7591 and OpenID Connect that are kept as attributes of the client, one to one.

use jose::{ContentEncryption, Family, KeyManagementAlgorithm, SignatureAlgorithm};
use model::client::Client;
use serde_json::{Map, Value, json};
use services::{
    client_registration::{
        Result,
        attributes::{
            BACKCHANNEL_LOGOUT, FRONTCHANNEL_LOGOUT, INITIATE_LOGIN, JWKS_URL, LOGO, POLICY, POST_LOGOUT_REDIRECTS,
            REQUEST_URIS, SEPARATOR, TERMS,
        },
    },
    outgoing::AddressPolicy,
};
use url::Url;

use super::members::{Members, invalid};
use crate::{authentication::ASSERTION_ALGORITHMS, authorize::OBJECT_ALGORITHMS};

/// What a member holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// A text.
    Text,
    /// A list of texts.
    List,
    /// A switch.
    Flag,
    /// A number of seconds.
    Seconds,
    /// One of a few words.
    OneOf(&'static [&'static str]),
    /// A page that people are sent to, or an image that they see.
    Page,
    /// A page that others send a browser to with something to tell (OpenID Connect Core 1.0 section 4).
    SecurePage,
    /// An address that the server calls.
    Called,
    /// Several of them.
    CalledList,
    /// Addresses that a browser is sent back to.
    Redirects,
    /// What signs for the client: others verify it, so it is an algorithm of key pairs.
    Signature,
    /// What signs a request object, or `none`.
    ObjectSignature,
    /// What signs the client's assertions.
    AssertionSignature,
    /// How the key of an encrypted token gets to the client.
    KeyManagement,
    /// How the token is encrypted.
    Encryption,
}

/// A member and the attribute that keeps it. The attributes' names are Keycloak's where it has one.
#[derive(Debug)]
struct Member {
    name: &'static str,
    attribute: &'static str,
    shape: Shape,
}

const fn member(name: &'static str, attribute: &'static str, shape: Shape) -> Member {
    Member { name, attribute, shape }
}

const TABLE: [Member; 27] = [
    member("application_type", "application.type", Shape::OneOf(&["web", "native"])),
    member("contacts", "contacts", Shape::List),
    member("logo_uri", LOGO, Shape::Page),
    member("policy_uri", POLICY, Shape::Page),
    member("tos_uri", TERMS, Shape::Page),
    member("initiate_login_uri", INITIATE_LOGIN, Shape::SecurePage),
    member("jwks_uri", JWKS_URL, Shape::Called),
    member("request_uris", REQUEST_URIS, Shape::CalledList),
    member("post_logout_redirect_uris", POST_LOGOUT_REDIRECTS, Shape::Redirects),
    member("backchannel_logout_uri", BACKCHANNEL_LOGOUT, Shape::Called),
    member("backchannel_logout_session_required", "backchannel.logout.session.required", Shape::Flag),
    member("frontchannel_logout_uri", FRONTCHANNEL_LOGOUT, Shape::Page),
    member("frontchannel_logout_session_required", "frontchannel.logout.session.required", Shape::Flag),
    member("token_endpoint_auth_signing_alg", "token.endpoint.auth.signing.alg", Shape::AssertionSignature),
    member("id_token_signed_response_alg", "id.token.signed.response.alg", Shape::Signature),
    member("id_token_encrypted_response_alg", "id.token.encrypted.response.alg", Shape::KeyManagement),
    member("id_token_encrypted_response_enc", "id.token.encrypted.response.enc", Shape::Encryption),
    member("userinfo_signed_response_alg", "user.info.response.signature.alg", Shape::Signature),
    member("userinfo_encrypted_response_alg", "user.info.encrypted.response.alg", Shape::KeyManagement),
    member("userinfo_encrypted_response_enc", "user.info.encrypted.response.enc", Shape::Encryption),
    member("request_object_signing_alg", "request.object.signature.alg", Shape::ObjectSignature),
    member("default_max_age", "default.max.age", Shape::Seconds),
    member("require_auth_time", "require.auth.time", Shape::Flag),
    member("default_acr_values", "default.acr.values", Shape::List),
    member("require_pushed_authorization_requests", "require.pushed.authorization.requests", Shape::Flag),
    member("software_id", "software.id", Shape::Text),
    member("software_version", "software.version", Shape::Text),
];

/// The attributes that are written here.
pub fn attributes() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|member| member.attribute)
}

/// Gives each attribute the value of its member, an empty one where it is absent. `policy` says which addresses the
/// server may call; none of them is called now.
///
/// # Errors
/// If a member can't be accepted.
pub fn read(members: &Members, policy: &AddressPolicy, mut attribute: impl FnMut(&str, String)) -> Result<()> {
    for member in &TABLE {
        attribute(member.attribute, member.read(members, policy)?.unwrap_or_default());
    }
    for kind in ["id_token", "userinfo"] {
        let [alg, enc] = ["alg", "enc"].map(|part| format!("{kind}_encrypted_response_{part}"));
        if members.has(&enc) && !members.has(&alg) {
            return Err(invalid(&enc, &format!("needs {alg}")));
        }
        if members.has(&alg) && !members.has("jwks") && !members.has("jwks_uri") {
            return Err(invalid(&alg, "needs a key of the client: jwks or jwks_uri"));
        }
    }
    Ok(())
}

/// Adds what the client's attributes say.
pub fn show(client: &Client, document: &mut Map<String, Value>) {
    for member in &TABLE {
        let kept = client.attributes.get(member.attribute).filter(|text| !text.is_empty());
        if let Some(value) = kept.and_then(|text| member.show(text)) {
            document.insert(member.name.to_owned(), value);
        }
    }
}

impl Member {
    fn read(&self, members: &Members, policy: &AddressPolicy) -> Result<Option<String>> {
        let name = self.name;
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let joined = |list: Option<Vec<&str>>| list.map(|list| list.join(SEPARATOR));
        let known = |is_known: &dyn Fn(&str) -> bool| {
            let text = members.text(name)?;
            match text.is_none_or(is_known) {
                true => Ok(owned(text)),
                false => Err(invalid(name, "names something that is not offered here")),
            }
        };
        let pairs =
            |text: &str| text.parse().is_ok_and(|algorithm: SignatureAlgorithm| algorithm.family() != Family::Hmac);
        match self.shape {
            Shape::Text => Ok(owned(members.text(name)?)),
            Shape::List => Ok(joined(members.list(name)?)),
            Shape::Flag => Ok(members.flag(name)?.map(|flag| flag.to_string())),
            Shape::Seconds => Ok(members.seconds(name)?.map(|seconds| seconds.to_string())),
            Shape::OneOf(words) => known(&|text| words.contains(&text)),
            Shape::Signature => known(&pairs),
            Shape::ObjectSignature => {
                known(&|text| text == "none" || OBJECT_ALGORITHMS.iter().any(|algorithm| algorithm.as_str() == text))
            }
            Shape::AssertionSignature => {
                known(&|text| ASSERTION_ALGORITHMS.iter().any(|algorithm| algorithm.as_str() == text))
            }
            Shape::KeyManagement => known(&|text| text.parse::<KeyManagementAlgorithm>().is_ok()),
            Shape::Encryption => known(&|text| text.parse::<ContentEncryption>().is_ok()),
            Shape::Page | Shape::SecurePage => {
                let text = members.text(name)?;
                text.map_or(Ok(()), |text| page(name, text, self.shape == Shape::SecurePage))?;
                Ok(owned(text))
            }
            Shape::Called => {
                let text = members.text(name)?;
                text.map_or(Ok(()), |text| called(name, text, policy))?;
                Ok(owned(text))
            }
            Shape::CalledList => {
                let list = members.list(name)?;
                list.iter().flatten().try_for_each(|text| called(name, text, policy))?;
                Ok(joined(list))
            }
            Shape::Redirects => {
                let list = members.list(name)?;
                list.iter().flatten().try_for_each(|text| redirect(name, text))?;
                Ok(joined(list))
            }
        }
    }

    fn show(&self, text: &str) -> Option<Value> {
        Some(match self.shape {
            Shape::List | Shape::CalledList | Shape::Redirects => json!(text.split(SEPARATOR).collect::<Vec<_>>()),
            Shape::Flag => json!(text == "true"),
            Shape::Seconds => json!(text.parse::<i64>().ok()?),
            _ => json!(text),
        })
    }
}

/// A page is shown or linked to on pages of ours: nothing but the web's own schemes.
pub fn page(name: &str, text: &str, secure: bool) -> Result<()> {
    let scheme = Url::parse(text).ok().filter(|url| url.has_host()).map(|url| url.scheme().to_owned());
    match scheme.as_deref() {
        Some("https") => Ok(()),
        Some("http") if !secure => Ok(()),
        Some("http") => Err(invalid(name, "has to begin with https://")),
        _ => Err(invalid(name, "has to be an address that begins with https:// or http://")),
    }
}

fn called(name: &str, text: &str, policy: &AddressPolicy) -> Result<()> {
    match policy.check(text) {
        Ok(_) => Ok(()),
        Err(refused) => Err(invalid(name, &format!("holds an address that this server does not call: {refused}"))),
    }
}

/// As redirect URIs: absolute, without a fragment.
fn redirect(name: &str, text: &str) -> Result<()> {
    match Url::parse(text) {
        Ok(url) if url.fragment().is_none() && !text.contains('*') => Ok(()),
        _ => Err(invalid(name, "has to hold absolute addresses, without a fragment or a wildcard")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn attributes_of(document: Value) -> Result<BTreeMap<String, String>> {
        let mut attributes = BTreeMap::new();
        let members = Members::of(document).unwrap();
        read(&members, &AddressPolicy::public_only(), |name, value| drop(attributes.insert(name.to_owned(), value)))?;
        attributes.retain(|_, value| !value.is_empty());
        Ok(attributes)
    }

    #[test]
    fn names_are_used_once() {
        let unique = |text: fn(&Member) -> &'static str| {
            let names: std::collections::BTreeSet<_> = TABLE.iter().map(text).collect();
            assert_eq!(names.len(), TABLE.len());
        };
        unique(|member| member.name);
        unique(|member| member.attribute);
    }

    #[test]
    fn everything_comes_back_as_it_came() {
        let document = json!({
            "application_type": "native",
            "contacts": ["a@example.org", "b@example.org"],
            "logo_uri": "https://app.example.org/logo.png",
            "policy_uri": "http://app.example.org/policy",
            "tos_uri": "https://app.example.org/tos",
            "initiate_login_uri": "https://app.example.org/login",
            "jwks_uri": "https://app.example.org/jwks",
            "request_uris": ["https://app.example.org/a#1", "https://app.example.org/b#2"],
            "post_logout_redirect_uris": ["https://app.example.org/bye", "app:/bye"],
            "backchannel_logout_uri": "https://app.example.org/back",
            "backchannel_logout_session_required": false,
            "frontchannel_logout_uri": "https://app.example.org/front",
            "frontchannel_logout_session_required": true,
            "token_endpoint_auth_signing_alg": "ES256",
            "id_token_signed_response_alg": "PS256",
            "id_token_encrypted_response_alg": "RSA-OAEP-256",
            "id_token_encrypted_response_enc": "A256GCM",
            "userinfo_signed_response_alg": "EdDSA",
            "userinfo_encrypted_response_alg": "ECDH-ES",
            "userinfo_encrypted_response_enc": "A128CBC-HS256",
            "request_object_signing_alg": "none",
            "default_max_age": 60,
            "require_auth_time": true,
            "default_acr_values": ["1", "0"],
            "require_pushed_authorization_requests": true,
            "software_id": "4NRB1-0XZABZI9E6-5SM3R",
            "software_version": "2.1",
        });
        let attributes = attributes_of(document.clone()).unwrap();
        assert_eq!(attributes.len(), TABLE.len());
        let mut shown = Map::new();
        for member in &TABLE {
            shown.extend(member.show(&attributes[member.attribute]).map(|value| (member.name.to_owned(), value)));
        }
        assert_eq!(Value::Object(shown), document);
    }

    #[test]
    fn what_is_unsafe_or_not_offered_is_refused() {
        for document in [
            json!({"logo_uri": "javascript:alert(1)"}),
            json!({"policy_uri": "data:text/html,x"}),
            json!({"tos_uri": "JaVaScRiPt:alert(1)"}),
            json!({"tos_uri": "/relative"}),
            json!({"initiate_login_uri": "http://app.example.org/"}),
            json!({"frontchannel_logout_uri": "vbscript:x"}),
            json!({"jwks_uri": "https://127.0.0.1/jwks"}),
            json!({"jwks_uri": "http://app.example.org/jwks"}),
            json!({"request_uris": ["https://app.example.org/", "https://169.254.169.254/"]}),
            json!({"backchannel_logout_uri": "https://[::1]/"}),
            json!({"post_logout_redirect_uris": ["https://app.example.org/#x"]}),
            json!({"post_logout_redirect_uris": ["https://app.example.org/*"]}),
            json!({"id_token_signed_response_alg": "none"}),
            json!({"id_token_signed_response_alg": "HS256"}),
            json!({"userinfo_signed_response_alg": "rs256"}),
            json!({"request_object_signing_alg": "HS256"}),
            json!({"id_token_encrypted_response_alg": "RSA1_5", "jwks_uri": "https://app.example.org/jwks"}),
            json!({"id_token_encrypted_response_enc": "A256GCM"}),
            json!({"userinfo_encrypted_response_alg": "RSA-OAEP"}),
            json!({"default_max_age": "60"}),
            json!({"require_auth_time": "true"}),
            json!({"application_type": "desktop"}),
        ] {
            assert!(attributes_of(document.clone()).is_err(), "{document}");
        }
    }
}

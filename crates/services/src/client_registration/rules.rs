//! What no registrant may do, whatever the realm's policies say.

use model::client::OPENID_CONNECT;
use representation::{ClientRepresentation, Masked};
use url::Url;

use super::{
    Dialect, Registrant,
    attributes::{PKCE_METHOD, S256},
    policies::State,
    refusal::{Refusal, Result},
};

/// How closely redirect URIs are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Strictness {
    /// Each has to be one address (RFC 9700 section 2.1), and `https` unless it stays on the user's machine.
    redirect_uris: bool,
    /// What an administrator took from a client stays taken.
    settings: bool,
}

impl Strictness {
    /// An administrator may do in Keycloak's words what they may do in the admin API.
    pub(super) fn of(registrant: &Registrant, dialect: Dialect) -> Self {
        let administrator = matches!(registrant, Registrant::Administrator(_));
        Self { redirect_uris: dialect == Dialect::Standard || !administrator, settings: !administrator }
    }
}

/// Leaves out what is an administrator's business.
pub(super) fn restrict(given: &mut ClientRepresentation, registrant: &Registrant) {
    given.registration_access_token = None;
    given.access = None;
    if matches!(registrant, Registrant::Administrator(_)) {
        return;
    }
    given.id = None;
    given.not_before = None;
    given.surrogate_auth_required = None;
    given.always_display_in_console = None;
    given.node_re_registration_timeout = None;
    given.registered_nodes = None;
    given.authentication_flow_binding_overrides = None;
    given.default_roles = None;
}

/// A client without a secret proves with the code verifier that a code is its own (RFC 7636).
pub(super) fn require_pkce(given: &mut ClientRepresentation) {
    let mut attributes = given.attributes.take().map(Masked::into_inner).unwrap_or_default();
    attributes.insert(PKCE_METHOD.to_owned(), S256.to_owned());
    given.attributes = Some(Masked::new(attributes));
}

/// Goes on only if the client may be as it is `after` the change.
pub(super) fn judge(strictness: Strictness, before: Option<&State>, after: &State) -> Result<()> {
    let client = &after.client;
    if client.protocol != OPENID_CONNECT {
        return Err(Refusal::InvalidMetadata("Only clients of OpenID Connect register themselves".to_owned()));
    }
    if let Some(before) = before.filter(|_| strictness.settings) {
        let (old, new) = (&before.client.settings, &client.settings);
        let text = if new.full_scope_allowed && !old.full_scope_allowed {
            Some("Not permitted to enable fullScopeAllowed")
        } else if old.consent_required && !new.consent_required {
            Some("Not permitted to update consentRequired to false")
        } else {
            None
        };
        if let Some(text) = text {
            return Err(Refusal::InvalidMetadata(text.to_owned()));
        }
    }
    let known = before.map(|before| before.client.settings.redirect_uris.as_slice()).unwrap_or_default();
    let new = client.settings.redirect_uris.iter().filter(|uri| strictness.redirect_uris && !known.contains(uri));
    match new.filter_map(|uri| redirect_fault(uri).map(|text| format!("{uri}: {text}"))).next() {
        Some(text) => Err(Refusal::InvalidRedirectUri(text)),
        None => Ok(()),
    }
}

/// What is wrong with a redirect URI of a client that nobody has looked at.
fn redirect_fault(uri: &str) -> Option<&'static str> {
    if uri.contains('*') {
        return Some("a redirect URI has to be one address, without a wildcard");
    }
    let Ok(url) = Url::parse(uri) else { return Some("a redirect URI has to be an absolute address") };
    if url.fragment().is_some() {
        return Some("a redirect URI may not have a fragment");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("a redirect URI may not hold a user name or a password");
    }
    // RFC 9700 section 2.6: without TLS anybody on the way reads the code; on the machine itself there is no way.
    let local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "http" if !local => Some("a redirect URI has to be https, unless it is on the user's own machine"),
        "http" | "https" if url.host().is_none() => Some("a redirect URI has to name a host"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::redirect_fault;

    #[test]
    fn a_redirect_uri_is_one_safe_address() {
        for sound in [
            "https://app.example.org/cb?a=b",
            "http://localhost:3000/cb",
            "http://127.0.0.1/cb",
            "http://[::1]:8080/cb",
            "com.example.app:/cb",
            "cursor://anysphere.cursor-retrieval/oauth/callback",
        ] {
            assert_eq!(redirect_fault(sound), None, "{sound}");
        }
        for fault in [
            "*",
            "https://*",
            "https://app.example.org/*",
            "https://app.example.org/cb#part",
            "/relative",
            "app.example.org/cb",
            "http://app.example.org/cb",
            "http://localhost.example.org/cb",
            "https://user@app.example.org/cb",
            "",
        ] {
            assert!(redirect_fault(fault).is_some(), "{fault}");
        }
    }
}

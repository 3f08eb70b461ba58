//! The `scope` parameter (RFC 6749 section 3.3) and what of it is granted.

use std::{collections::BTreeSet, sync::LazyLock};

use model::client::Client;

use crate::{default_scopes, default_scopes::IN_TOKEN_SCOPE, refusal::Refusal};

/// The scope that asks for an ID token.
pub const OPENID: &str = "openid";
/// The scope that asks for a token that outlives the session. None is issued yet, so it is never granted, as RFC 6749
/// section 3.3 allows.
const OFFLINE_ACCESS: &str = "offline_access";

/// The client scopes that aren't named in tokens.
static HIDDEN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let scopes = default_scopes::all().into_iter().map(|scope| scope.scope);
    let hidden = scopes.filter(|scope| scope.attributes.get(IN_TOKEN_SCOPE).is_some_and(|shown| shown == "false"));
    hidden.map(|scope| scope.name).collect()
});

/// The scopes of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes {
    openid: bool,
    names: BTreeSet<String>,
}

impl Scopes {
    /// What a client gets: its default scopes, and those of its optional ones that it asks for.
    ///
    /// # Errors
    /// `invalid_scope` for a scope that isn't the client's.
    pub fn granted(client: &Client, requested: Option<&str>) -> Result<Self, Refusal> {
        let requested = requested.unwrap_or_default();
        let mut scopes = Self { openid: false, names: client.default_scopes.iter().cloned().collect() };
        for name in requested.split_ascii_whitespace() {
            if name == OPENID {
                scopes.openid = true;
            } else if client.optional_scopes.iter().any(|optional| optional == name) {
                scopes.names.insert(name.to_owned());
            } else if !client.default_scopes.iter().any(|default| default == name) {
                let text = format!("Invalid scopes: {requested}");
                return Err(Refusal::new(actix_web::http::StatusCode::BAD_REQUEST, "invalid_scope", text));
            }
        }
        scopes.names.remove(OFFLINE_ACCESS);
        Ok(scopes)
    }

    /// Whether an ID token was asked for.
    pub fn openid(&self) -> bool {
        self.openid
    }

    /// Whether this client scope applies.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The text in tokens and answers: `openid` first, then by name, without the scopes that aren't shown.
    pub fn text(&self) -> String {
        let names = self.names.iter().filter(|name| !HIDDEN.contains(*name)).map(String::as_str);
        self.openid.then_some(OPENID).into_iter().chain(names).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use model::{Attributes, client::ClientSettings, id::ClientId};

    use super::*;

    fn client() -> Client {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Client {
            id: ClientId("id".into()),
            client_id: "admin-cli".into(),
            protocol: "openid-connect".into(),
            enabled: true,
            settings: ClientSettings::default(),
            attributes: Attributes::new(),
            default_scopes: names(&["web-origins", "acr", "profile", "roles", "basic", "email"]),
            optional_scopes: names(&["address", "phone", "offline_access"]),
        }
    }

    #[test]
    fn defaults_always_apply_and_optional_ones_on_request() {
        assert_eq!(Scopes::granted(&client(), None).unwrap().text(), "email profile");
        assert_eq!(Scopes::granted(&client(), Some("openid profile")).unwrap().text(), "openid email profile");
        assert_eq!(Scopes::granted(&client(), Some("phone")).unwrap().text(), "email phone profile");
        assert_eq!(Scopes::granted(&client(), Some(" offline_access ")).unwrap().text(), "email profile");
    }

    #[test]
    fn an_unknown_scope_is_refused() {
        assert_eq!(Scopes::granted(&client(), Some("openid nonsense")).unwrap_err().code(), "invalid_scope");
    }
}

//! The `scope` parameter (RFC 6749 section 3.3) and what of it is granted.

use std::{collections::BTreeSet, sync::Arc};

use model::{role::RoleName, subject::Subject};

use crate::{
    claims::{ClaimMapper, scope_applies},
    prepared::{Prepared, PreparedScope},
};

/// The scope that asks for an ID token.
pub const OPENID: &str = "openid";
/// The scope that asks for a refresh token that outlives the session.
pub const OFFLINE_ACCESS: &str = "offline_access";
/// The longest `scope`, in bytes, and the most words in it.
const MAX_LENGTH: usize = 4_000;
const MOST: usize = 200;

/// The scopes of a token.
#[derive(Clone)]
pub struct Scopes {
    openid: bool,
    /// Which of the client's scopes apply, by place.
    applying: BTreeSet<usize>,
    client: Arc<Prepared>,
}

impl std::fmt::Debug for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

impl Scopes {
    /// What a client gets: its default scopes, and those of its optional ones that it asks for.
    ///
    /// # Errors
    /// Keycloak's description, if a scope isn't the client's.
    pub fn granted(client: &Arc<Prepared>, requested: Option<&str>) -> Result<Self, String> {
        let requested = requested.unwrap_or_default();
        if requested.len() > MAX_LENGTH || requested.split_ascii_whitespace().count() > MOST {
            return Err("Invalid scopes: too many".to_owned());
        }
        let all = client.scopes.iter().enumerate();
        let mut applying: BTreeSet<_> =
            all.clone().filter(|(_, scope)| !scope.optional).map(|(place, _)| place).collect();
        let mut openid = false;
        for name in requested.split_ascii_whitespace() {
            if name == OPENID {
                openid = true;
                continue;
            }
            match all.clone().find(|(_, scope)| scope.name == name) {
                Some((place, _)) => drop(applying.insert(place)),
                None => return Err(format!("Invalid scopes: {requested}")),
            }
        }
        Ok(Self { openid, applying, client: Arc::clone(client) })
    }

    /// The scopes of an earlier token or fewer of them: those that `wanted` names, or all. What the client has lost since
    /// is left out.
    ///
    /// # Errors
    /// Keycloak's description, if `wanted` names one that was not granted.
    pub fn narrowed(client: &Arc<Prepared>, had: &str, wanted: Option<&str>) -> Result<Self, String> {
        let known = |name: &&str| *name == OPENID || client.scopes.iter().any(|scope| scope.name == *name);
        let had: Vec<_> = had.split_ascii_whitespace().filter(known).collect();
        let names = match wanted {
            None => had.join(" "),
            Some(wanted) if wanted.split_ascii_whitespace().all(|name| had.contains(&name)) => wanted.to_owned(),
            Some(wanted) => return Err(format!("Invalid scopes: {wanted}")),
        };
        Self::granted(client, Some(&names))
    }

    /// Whether an ID token was asked for.
    pub fn openid(&self) -> bool {
        self.openid
    }

    /// Whether this client scope applies.
    pub fn has(&self, name: &str) -> bool {
        self.scopes().any(|scope| scope.name == name)
    }

    /// The client scopes that apply.
    pub fn scopes(&self) -> impl Iterator<Item = &PreparedScope> + Clone {
        self.applying.iter().filter_map(|place| self.client.scopes.get(*place))
    }

    /// Those of the client scopes that apply to a user: some are for users with a role only.
    #[must_use]
    pub fn for_subject(mut self, subject: &Subject) -> Self {
        let scopes = &self.client.scopes;
        self.applying
            .retain(|place| scopes.get(*place).is_some_and(|scope| scope_applies(&scope.roles, &subject.roles)));
        self
    }

    /// All but the scope of this name.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        let scopes = &self.client.scopes;
        self.applying.retain(|place| scopes.get(*place).is_none_or(|scope| scope.name != name));
        self
    }

    /// The mappers that apply: the client's own, then those of the scopes.
    pub fn mappers(&self) -> impl Iterator<Item = &ClaimMapper> + Clone {
        self.client.mappers.iter().chain(self.scopes().flat_map(|scope| &scope.mappers))
    }

    /// The roles that tokens may show if the client has no full scope, beside its own.
    pub fn roles(&self) -> BTreeSet<RoleName> {
        self.client.roles.iter().chain(self.scopes().flat_map(|scope| &scope.roles)).cloned().collect()
    }

    /// The text in tokens and answers: `openid` first, then by name, without the scopes that aren't shown.
    pub fn text(&self) -> String {
        let mut names: Vec<_> =
            self.scopes().filter(|scope| scope.in_token_scope).map(|scope| scope.name.as_str()).collect();
        names.sort_unstable();
        self.openid.then_some(OPENID).into_iter().chain(names).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Arc<Prepared> {
        let scope = |name: &str, optional, in_token_scope| PreparedScope {
            name: name.to_owned(),
            optional,
            in_token_scope,
            asked_about: false,
            consent_text: None,
            mappers: Vec::new(),
            roles: match name {
                OFFLINE_ACCESS => BTreeSet::from([RoleName { client: None, name: OFFLINE_ACCESS.to_owned() }]),
                _ => BTreeSet::new(),
            },
        };
        let defaults = ["web-origins", "acr", "roles", "basic"].map(|name| scope(name, false, false));
        let shown = ["profile", "email"].map(|name| scope(name, false, true));
        let optional = ["address", "phone", OFFLINE_ACCESS].map(|name| scope(name, true, true));
        let scopes = defaults.into_iter().chain(shown).chain(optional).collect();
        Arc::new(Prepared { mappers: Vec::new(), scopes, roles: BTreeSet::new() })
    }

    #[test]
    fn defaults_always_apply_and_optional_ones_on_request() {
        let granted = |text| Scopes::granted(&client(), text).unwrap().text();
        assert_eq!(granted(None), "email profile");
        assert_eq!(granted(Some("openid profile")), "openid email profile");
        assert_eq!(granted(Some("phone")), "email phone profile");
        assert_eq!(granted(Some(" offline_access ")), "email offline_access profile");
    }

    #[test]
    fn an_unknown_scope_is_refused() {
        assert_eq!(Scopes::granted(&client(), Some("openid nonsense")).unwrap_err(), "Invalid scopes: openid nonsense");
        assert!(Scopes::granted(&client(), Some(&"a ".repeat(3_000))).is_err());
    }

    #[test]
    fn a_refresh_never_widens() {
        let narrowed = |wanted| Scopes::narrowed(&client(), "openid phone gone", wanted);
        assert_eq!(narrowed(None).unwrap().text(), "openid email phone profile");
        assert_eq!(narrowed(Some("openid")).unwrap().text(), "openid email profile");
        assert!(narrowed(Some("openid address")).is_err());
        assert!(narrowed(Some("gone")).is_err());
    }

    #[test]
    fn a_scope_with_roles_is_for_those_who_have_one() {
        let with = |role: &str| {
            let roles = vec![RoleName { client: None, name: role.to_owned() }];
            let subject = Subject { roles, ..Subject::default() };
            Scopes::granted(&client(), Some(OFFLINE_ACCESS)).unwrap().for_subject(&subject).has(OFFLINE_ACCESS)
        };
        assert!(with(OFFLINE_ACCESS) && !with("other"));
    }
}

//! What a file with a realm holds.

use representation::{PartialImportRepresentation, RealmRepresentation, RolesRepresentation};

use crate::posted::Form;

/// The kinds of things that are imported into a realm: the name in the form, and what it says.
pub(super) const KINDS: [(&str, &str); 5] = [
    ("clients", "Clients"),
    ("roles", "Roles"),
    ("groups", "Groups"),
    ("users", "Users"),
    ("identityProviders", "Identity providers"),
];

/// The realm in a file.
pub(crate) fn realm_of(file: &[u8]) -> Result<RealmRepresentation, String> {
    if holds_nul(file) {
        return Err("The file holds the NUL character, which no text may have.".to_owned());
    }
    match file.trim_ascii_start().first() {
        Some(b'{') => {}
        _ => {
            return Err(
                "This is not the export of a realm: one JSON object, as this page or Keycloak writes it.".to_owned()
            );
        }
    }
    representation::parse(file).map_err(|error| format!("This can't be read as a realm: {error}."))
}

/// No text in the database can hold it, and JSON can say it in an escape only.
fn holds_nul(file: &[u8]) -> bool {
    file.contains(&0) || file.windows(6).any(|window| window == br"\u0000")
}

/// The things of a file that were asked for: of the export of a realm, or of a file made for such an import.
pub(super) fn parts_of(file: &[u8], form: &Form) -> Result<PartialImportRepresentation, String> {
    let parts: PartialImportRepresentation = match realm_of(file) {
        Ok(realm) => PartialImportRepresentation {
            users: realm.users,
            groups: realm.groups,
            clients: realm.clients,
            identity_providers: realm.identity_providers,
            identity_provider_mappers: realm.identity_provider_mappers,
            roles: realm.roles,
            ..PartialImportRepresentation::default()
        },
        Err(text) if holds_nul(file) => return Err(text),
        Err(text) => representation::parse(file).or(Err(text))?,
    };
    let wanted = |name: &str| form.has(name);
    Ok(PartialImportRepresentation {
        if_resource_exists: Some(form.text("ifResourceExists").to_owned()),
        policy: None,
        users: parts.users.filter(|_| wanted("users")),
        groups: parts.groups.filter(|_| wanted("groups")),
        identity_providers: parts.identity_providers.filter(|_| wanted("identityProviders")),
        identity_provider_mappers: parts.identity_provider_mappers.filter(|_| wanted("identityProviders")),
        clients: parts.clients.filter(|_| wanted("clients")),
        roles: parts.roles.filter(|_| wanted("roles")),
    })
}

/// How many things of each kind a file holds, for people.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted(pub(crate) Vec<(&'static str, usize)>);

impl Counted {
    /// Counts.
    pub(crate) fn of(realm: &RealmRepresentation) -> Self {
        fn length<T>(list: Option<&Vec<T>>) -> usize {
            list.map_or(0, Vec::len)
        }
        let roles = |roles: &RolesRepresentation| {
            length(roles.realm.as_ref())
                + roles.client.iter().flat_map(|clients| clients.values()).map(Vec::len).sum::<usize>()
        };
        let counts = [
            ("clients", length(realm.clients.as_ref())),
            ("client scopes", length(realm.client_scopes.as_ref())),
            ("roles", realm.roles.as_ref().map_or(0, roles)),
            ("groups at the top", length(realm.groups.as_ref())),
            ("users", length(realm.users.as_ref())),
            ("identity providers", length(realm.identity_providers.as_ref())),
            ("authentication flows", length(realm.authentication_flows.as_ref())),
            ("components", realm.components.iter().flat_map(|all| all.values()).map(Vec::len).sum()),
        ];
        Self(counts.into_iter().filter(|(_, count)| *count > 0).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_realm_is_said() {
        for (file, part) in [
            (&b"[]"[..], "not the export"),
            (b"", "not the export"),
            (b"{", "can't be read"),
            (b"{\"realm\": 7, \"nonsense\": 1}", "nonsense"),
            (b"{\"displayName\": \"\\u0000\"}", "NUL"),
        ] {
            let text = realm_of(file).unwrap_err();
            assert!(text.contains(part), "{text}");
        }
        assert_eq!(realm_of(b" {\"realm\": \"a\"}").unwrap().realm.as_deref(), Some("a"));
    }

    #[test]
    fn only_what_was_asked_for_is_imported() {
        let form = Form::parse(b"clients=on&ifResourceExists=SKIP").unwrap();
        let file = br#"{"realm": "a", "clients": [{"clientId": "x"}], "users": [{"username": "u"}]}"#;
        let parts = parts_of(file, &form).unwrap();
        assert_eq!((parts.clients.unwrap().len(), parts.users), (1, None));
        assert_eq!(parts.if_resource_exists.as_deref(), Some("SKIP"));
        assert!(parts_of(br#"{"ifResourceExists": "FAIL", "users": []}"#, &form).is_ok());
    }
}

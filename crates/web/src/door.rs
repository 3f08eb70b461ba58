//! Which kind of caller stands at a path, and therefore in which form it wants to hear "no".

/// The kinds of callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// A program that speaks the Admin REST API: `{"error": …}`.
    Admin,
    /// A program that speaks OAuth 2.0: `{"error": …, "error_description": …}` (RFC 6749 section 5.2).
    OAuth,
    /// A docker client, which reads `{"errors": […]}`, or OAuth's form, depending on its make.
    Docker,
    /// A person with a browser.
    Page,
}

impl Door {
    /// The door at this path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let mut segments = path.trim_start_matches('/').split('/');
        match (segments.next(), segments.next(), segments.next(), segments.next()) {
            // Two of Keycloak's paths look like a console's: things of realms, and what consoles ask about themselves.
            (Some("admin"), Some(home), Some("console"), rest) if home != "realms" && rest != Some("whoami") => {
                Self::Page
            }
            (Some("admin"), ..) => Self::Admin,
            (Some("realms"), Some(_), Some("protocol"), Some("docker-v2")) => Self::Docker,
            (Some("realms"), Some(_), None | Some("protocol" | ".well-known" | "clients-registrations"), _) => {
                Self::OAuth
            }
            _ => Self::Page,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Door;

    #[test]
    fn a_path_leads_to_one_door() {
        for (path, door) in [
            ("/admin", Door::Admin),
            ("/admin/realms/a/users", Door::Admin),
            ("/admin/realms/console/users", Door::Admin),
            ("/admin/master/console/whoami", Door::Admin),
            ("/admin/master/console", Door::Page),
            ("/admin/master/console/realms/a/users", Door::Page),
            ("/realms/a", Door::OAuth),
            ("/realms/a/protocol/openid-connect/token", Door::OAuth),
            ("/realms/a/.well-known/openid-configuration", Door::OAuth),
            ("/realms/a/clients-registrations/openid-connect", Door::OAuth),
            ("/realms/a/protocol/docker-v2/auth", Door::Docker),
            ("/realms/a/login-actions/authenticate", Door::Page),
            ("/", Door::Page),
            ("/administrator", Door::Page),
        ] {
            assert_eq!(Door::of(path), door, "{path}");
        }
    }
}

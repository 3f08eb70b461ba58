//! Claims that a mapper may not write, or only a mapper of the right kind.
//!
//! Relying parties decide by these claims who is asking, for whom and how sure that is. A user's attribute, which often
//! the user may edit, must never become one of them.

/// Where a mapper takes its values from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The user's attributes, fields and groups.
    User,
    /// The user's roles.
    Roles,
    /// Notes of the login.
    Session,
    /// A text that an administrator wrote.
    Administrator,
    /// What the client itself asked for.
    Client,
}

/// Whether a mapper with values from `source` may write this claim, named at the top level of a token.
pub fn may_write(claim: &str, source: Source) -> bool {
    match claim {
        // who issued it to whom, when and for what (RFC 7519 section 4.1, RFC 9068, Keycloak's typ and sid); `sub`,
        // `aud`, `nonce` and `session_state` have mappers of their own
        "iss" | "sub" | "aud" | "exp" | "nbf" | "iat" | "jti" | "typ" | "azp" | "sid" | "scope" => false,
        "nonce" | "session_state" => false,
        // what binds it: RFC 7800, RFC 8693 sections 4.1 and 4.4, OpenID Connect Core 1.0 section 3.3.2.11
        "cnf" | "act" | "may_act" | "at_hash" | "c_hash" | "s_hash" | "events" => false,
        // what it permits: RFC 9396, Keycloak's permissions
        "authorization" | "authorization_details" => false,
        "realm_access" | "resource_access" => source == Source::Roles,
        // how the login was done, and by which client
        "acr" | "amr" | "auth_time" | "client_id" => matches!(source, Source::Session | Source::Administrator),
        _ => true,
    }
}

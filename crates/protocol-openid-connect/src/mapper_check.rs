//! What must be right about a mapper before it is saved.
//!
//! Only what can't work or would be dangerous is refused: Keycloak saves anything, so its exports must pass. Settings
//! that a kind doesn't know are left alone.

use model::{problem::Problem, protocol_mapper::ProtocolMapper};
use url::{Host, Url};

use crate::claims::{ClaimName, DEEPEST, JsonType, Kind, protected::may_write};

/// The most settings of a mapper.
const MOST_SETTINGS: usize = 100;
/// The longest name of a setting, in bytes.
const LONGEST_NAME: usize = 255;
/// The longest value of a setting, in bytes. Keycloak's hardcoded JSON may be long, but it goes into every token.
const LONGEST_VALUE: usize = 16 * 1024;
/// The longest name of a claim, in bytes.
const LONGEST_CLAIM_NAME: usize = 1024;

/// Checks a mapper of OpenID Connect. Gives one problem per offending setting, whose name is the field.
pub fn check(mapper: &ProtocolMapper) -> Vec<Problem> {
    let Some(kind) = Kind::named(&mapper.kind) else { return Vec::new() };
    let mut check = Check { mapper, problems: Vec::new() };
    check.bounds();
    if !check.problems.is_empty() {
        return check.problems;
    }
    check.claim_name(kind);
    check.json_type();
    match kind {
        Kind::Attribute | Kind::Property => check.required("user.attribute", "name the user's attribute or field"),
        Kind::SessionNote => check.required("user.session.note", "name the session's note"),
        Kind::HardcodedClaim => check.fixed_value(),
        Kind::HardcodedRole => check.role("role", "name a role, `NAME` or `CLIENT.NAME`"),
        Kind::RoleName => {
            check.role("role", "name a role, `NAME` or `CLIENT.NAME`");
            check.role("new.role.name", "give the role another name, `NAME` or `CLIENT.NAME`");
        }
        Kind::Pairwise => check.sector(),
        Kind::FullName
        | Kind::Address
        | Kind::GroupMembership
        | Kind::Audience
        | Kind::AudienceResolve
        | Kind::AllowedOrigins
        | Kind::Acr
        | Kind::Amr
        | Kind::ClientRole
        | Kind::RealmRole
        | Kind::RequestedClaims
        | Kind::RequestedValue
        | Kind::Nonce
        | Kind::SessionState
        | Kind::Subject
        | Kind::Organization => {}
    }
    check.problems
}

struct Check<'a> {
    mapper: &'a ProtocolMapper,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    fn problem(&mut self, setting: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(setting, message));
    }

    fn text(&self, setting: &str) -> &'a str {
        self.mapper.config.get(setting).map_or("", String::as_str)
    }

    fn required(&mut self, setting: &str, wish: &str) {
        if self.text(setting).is_empty() {
            self.problem(setting, format!("is missing: {wish}"));
        }
    }

    fn bounds(&mut self) {
        let config = &self.mapper.config;
        if config.len() > MOST_SETTINGS {
            return self.problem("config", format!("{} settings are more than {MOST_SETTINGS}", config.len()));
        }
        for (name, value) in config {
            if name.len() > LONGEST_NAME {
                self.problem("config", format!("the name of a setting is longer than {LONGEST_NAME} bytes"));
            } else if name.contains('\0') || value.contains('\0') {
                self.problem(&name.replace('\0', ""), "must not contain a NUL character");
            } else if value.len() > LONGEST_VALUE {
                self.problem(name, format!("is longer than {LONGEST_VALUE} bytes"));
            }
        }
    }

    fn claim_name(&mut self, kind: Kind) {
        const SETTING: &str = "claim.name";
        let Some(source) = kind.source() else { return };
        let text = self.text(SETTING);
        let Some(name) = ClaimName::parse(text) else {
            return self.problem(SETTING, "is missing: name the claim, such as `department` or `company.department`");
        };
        if text.len() > LONGEST_CLAIM_NAME || name.depth() > DEEPEST {
            let text = format!("is longer than {LONGEST_CLAIM_NAME} bytes or goes down more than {DEEPEST} levels");
            self.problem(SETTING, text);
        } else if !may_write(name.first(), source) {
            self.problem(SETTING, protected(name.first()));
        }
    }

    fn json_type(&mut self) {
        let text = self.text("jsonType.label");
        if !text.is_empty() && JsonType::named(text).is_none() {
            let text = text.escape_debug();
            self.problem(
                "jsonType.label",
                format!("`{text}` is none of `String`, `long`, `int`, `boolean` and `JSON`"),
            );
        }
    }

    /// A value that never becomes a claim is a mistake; no value at all is how exports have an unused mapper.
    fn fixed_value(&mut self) {
        let (value, label) = (self.text("claim.value"), self.text("jsonType.label"));
        if let Some(json_type) = JsonType::named(label).filter(|_| !value.is_empty())
            && json_type.convert(value).is_none()
        {
            self.problem("claim.value", format!("is no value of the type `{label}`"));
        }
    }

    fn role(&mut self, setting: &str, wish: &str) {
        if self.text(setting).rsplit('.').next().is_none_or(str::is_empty) {
            self.problem(setting, format!("is missing: {wish}"));
        }
    }

    /// OpenID Connect Core 1.0 section 8.1 wants `https`, as whoever answers there says who shares a sector. A developer
    /// may have it on the own machine.
    fn sector(&mut self) {
        const SETTING: &str = "sectorIdentifierUri";
        let text = self.text(SETTING);
        if text.is_empty() {
            return;
        }
        let Ok(uri) = Url::parse(text) else { return self.problem(SETTING, "is no absolute address") };
        let local = match uri.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if uri.scheme() != "https" && !(uri.scheme() == "http" && local) {
            self.problem(SETTING, "must begin with `https://`");
        } else if !uri.username().is_empty() || uri.password().is_some() {
            self.problem(SETTING, "must not contain a user name or password");
        } else if uri.fragment().is_some() {
            self.problem(SETTING, "must not contain a fragment");
        }
    }
}

fn protected(claim: &str) -> String {
    let instead = match claim {
        "sub" => "; use the mapper `oidc-sub-mapper` or `oidc-sha256-pairwise-sub-mapper`",
        "aud" => "; use the mapper `oidc-audience-mapper`",
        "session_state" => "; use the mapper `oidc-session-state-mapper`",
        "nonce" => "; use the mapper `oidc-nonce-backwards-compatible-mapper`",
        "realm_access" | "resource_access" => "; only mappers of roles write it",
        "acr" | "amr" | "auth_time" | "client_id" => "; only the login or an administrator decides about it",
        _ => "",
    };
    format!("this mapper can't write the claim `{claim}`{instead}")
}

#[cfg(test)]
mod tests;

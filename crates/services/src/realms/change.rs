//! How a representation changes a realm's settings.
//!
//! The typed settings carry Keycloak's names. So a change is an overlay of JSON objects: what a typed setting has the
//! name of goes there, everything else is kept as it is given.

use std::str::FromStr;

use model::realm::{Realm, RealmSettings};
use representation::{MASK, RealmRepresentation};
use serde_json::{Map, Value};

use crate::{Error, Result, Services, client_policies, client_scopes::merge, realms::check_text, themes};

/// Parts of a full export that aren't settings. A change of settings passes them over, as Keycloak's does.
pub(super) const OWNED: [&str; 38] = [
    "id",
    "realm",
    "enabled",
    "roles",
    "groups",
    "defaultRole",
    "defaultRoles",
    "defaultGroups",
    "clients",
    "clientScopes",
    "defaultDefaultClientScopes",
    "defaultOptionalClientScopes",
    "scopeMappings",
    "clientScopeMappings",
    "users",
    "federatedUsers",
    "components",
    "identityProviders",
    "identityProviderMappers",
    "authenticationFlows",
    "authenticatorConfig",
    "requiredActions",
    "protocolMappers",
    "organizations",
    "applications",
    "oauthClients",
    "applicationScopeMappings",
    "clientTemplates",
    "userFederationProviders",
    "userFederationMappers",
    "adminPermissionsClient",
    "privateKey",
    "publicKey",
    "certificate",
    "codeSecret",
    "socialProviders",
    "keycloakVersion",
    "localizationTexts",
];

/// The longest time that a lifespan may name: ten years, in seconds.
const LONGEST: i64 = 315_360_000;

/// Puts every given setting into the realm and checks the result.
pub(super) fn apply(services: &Services, realm: &mut Realm, given: RealmRepresentation) -> Result<()> {
    realm.enabled = given.enabled.unwrap_or(realm.enabled);
    let attributes = given.attributes.clone();
    let Ok(Value::Object(mut given)) = serde_json::to_value(given) else { return Ok(()) };
    given.retain(|name, _| name != "attributes" && !OWNED.contains(&name.as_str()));
    let Ok(Value::Object(mut typed)) = serde_json::to_value(&realm.settings) else { return Ok(()) };
    let mut uninterpreted = std::mem::take(&mut realm.settings.uninterpreted);
    let mut merged = std::mem::take(&mut realm.settings.attributes);
    merge(&mut merged, attributes.unwrap_or_default());
    for (name, value) in given {
        match typed.get_mut(&name) {
            Some(setting) => *setting = value,
            None if name == "smtpServer" => {
                let server = seal_smtp_password(services, realm, value, uninterpreted.get(&name))?;
                uninterpreted.insert(name, server);
            }
            None => {
                uninterpreted.insert(name, value);
            }
        }
    }
    typed.remove("uninterpreted");
    typed.remove("attributes");
    let mut settings: RealmSettings = serde_json::from_value(Value::Object(typed))
        .map_err(|error| Error::invalid("realm", format!("A setting can't be read: {error}")))?;
    settings.uninterpreted = uninterpreted;
    settings.attributes = merged;
    check(&settings)?;
    client_policies::check(&mut settings)?;
    realm.settings = settings;
    Ok(())
}

/// The mail server's settings with the password sealed. The mask stands for the password that is kept already, and only
/// for the server that it was given for.
fn seal_smtp_password(services: &Services, realm: &Realm, given: Value, kept: Option<&Value>) -> Result<Value> {
    let Value::Object(mut server) = given else { return Ok(given) };
    let Some(password) = server.get("password").and_then(Value::as_str) else { return Ok(Value::Object(server)) };
    let kept = kept.and_then(Value::as_object);
    let sealed = if password == MASK {
        let same_host = kept.is_some_and(|kept| same(kept, &server, "host") && same(kept, &server, "port"));
        match kept.and_then(|kept| kept.get("password")).filter(|_| same_host) {
            Some(sealed) => sealed.clone(),
            None => {
                return Err(Error::invalid("smtpServer.password", "The mail server changed: give its password anew"));
            }
        }
    } else {
        Value::from(services.sealing.seal(&format!("{}/smtp-password", realm.id), password.as_bytes())?)
    };
    server.insert("password".to_owned(), sealed);
    Ok(Value::Object(server))
}

/// Puts the mail server's password in the place of its mask.
pub(super) fn show_smtp_password(services: &Services, realm: &Realm, shown: &mut RealmRepresentation) -> Result<()> {
    let kept = realm.settings.uninterpreted.get("smtpServer").and_then(|server| server.get("password"));
    let Some(sealed) = kept.and_then(Value::as_str) else { return Ok(()) };
    let Some(server) = shown.smtp_server.take() else { return Ok(()) };
    let opened = services.sealing.open(&format!("{}/smtp-password", realm.id), sealed)?;
    let mut server = server.into_inner();
    server.insert("password".to_owned(), String::from_utf8_lossy(&opened).into_owned());
    shown.smtp_server = Some(representation::Masked::new(server));
    Ok(())
}

fn same(kept: &Map<String, Value>, given: &Map<String, Value>, name: &str) -> bool {
    kept.get(name) == given.get(name)
}

fn check(settings: &RealmSettings) -> Result<()> {
    for (name, seconds, least) in [
        ("accessTokenLifespan", settings.access_token_lifespan, 1),
        ("accessTokenLifespanForImplicitFlow", settings.access_token_lifespan_for_implicit_flow, 1),
        ("ssoSessionIdleTimeout", settings.sso_session_idle_timeout, 1),
        ("ssoSessionMaxLifespan", settings.sso_session_max_lifespan, 1),
        ("ssoSessionIdleTimeoutRememberMe", settings.sso_session_idle_timeout_remember_me, 0),
        ("ssoSessionMaxLifespanRememberMe", settings.sso_session_max_lifespan_remember_me, 0),
        ("offlineSessionIdleTimeout", settings.offline_session_idle_timeout, 1),
        ("offlineSessionMaxLifespan", settings.offline_session_max_lifespan, 1),
        ("clientSessionIdleTimeout", settings.client_session_idle_timeout, 0),
        ("clientSessionMaxLifespan", settings.client_session_max_lifespan, 0),
        ("clientOfflineSessionIdleTimeout", settings.client_offline_session_idle_timeout, 0),
        ("clientOfflineSessionMaxLifespan", settings.client_offline_session_max_lifespan, 0),
        ("accessCodeLifespan", settings.access_code_lifespan, 1),
        ("accessCodeLifespanLogin", settings.access_code_lifespan_login, 1),
        ("accessCodeLifespanUserAction", settings.access_code_lifespan_user_action, 1),
        ("refreshTokenMaxReuse", settings.refresh_token_max_reuse, 0),
        ("oauth2DeviceCodeLifespan", settings.oauth2_device_code_lifespan, 1),
        ("oauth2DevicePollingInterval", settings.oauth2_device_polling_interval, 1),
        ("eventsExpiration", settings.events.events_expiration, 0),
        ("notBefore", settings.not_before, 0),
    ] {
        let most = if name == "notBefore" { i64::from(i32::MAX) } else { LONGEST };
        if !(least..=most).contains(&seconds) {
            return Err(Error::invalid(name, format!("{name} must be from {least} to {most} seconds")));
        }
    }
    let brute_force = &settings.brute_force;
    for (name, value, least) in [
        ("failureFactor", i64::from(brute_force.failure_factor), 1),
        ("maxFailureWaitSeconds", i64::from(brute_force.max_failure_wait_seconds), 0),
        ("minimumQuickLoginWaitSeconds", i64::from(brute_force.minimum_quick_login_wait_seconds), 0),
        ("waitIncrementSeconds", i64::from(brute_force.wait_increment_seconds), 0),
        ("maxDeltaTimeSeconds", i64::from(brute_force.max_delta_time_seconds), 1),
        ("maxTemporaryLockouts", i64::from(brute_force.max_temporary_lockouts), 0),
        ("quickLoginCheckMilliSeconds", brute_force.quick_login_check_milli_seconds, 0),
    ] {
        if !(least..=LONGEST).contains(&value) {
            return Err(Error::invalid(name, format!("{name} must be from {least} to {LONGEST}")));
        }
    }
    if !["none", "external", "all"].contains(&settings.ssl_required.to_lowercase().as_str()) {
        return Err(Error::invalid("sslRequired", "sslRequired must be none, external or all"));
    }
    if jose::SignatureAlgorithm::from_str(&settings.default_signature_algorithm).is_err() {
        let text = format!("'{}' is no signature algorithm", settings.default_signature_algorithm);
        return Err(Error::invalid("defaultSignatureAlgorithm", text));
    }
    if let Some(policy) = settings.password_policy.as_deref().filter(|policy| !policy.is_empty()) {
        credential::PasswordPolicy::from_str(policy)
            .map_err(|error| Error::invalid("passwordPolicy", error.to_string()))?;
    }
    themes::check(&settings.attributes)?;
    check_text("displayName", settings.display_name.as_deref().unwrap_or_default())
}

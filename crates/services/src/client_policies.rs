//! Client policies and profiles: checked, kept among a realm's settings, and given back. No client is held to them yet.

mod kinds;

use std::collections::HashSet;

use model::{
    event::Operation,
    permission::Permission,
    realm::{Realm, RealmSettings},
};
use representation::{
    ClientPoliciesRepresentation, ClientPolicyExecutorRepresentation, ClientProfileRepresentation,
    ClientProfilesRepresentation, RealmRepresentation,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    error::Found,
    import_report::ImportReport,
    realms::{check_text, given_name},
};

const MANAGE: &[Permission] = &[Permission::ManageRealm];
const VIEW: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];

/// The settings of a realm that hold them.
pub(crate) const POLICIES: &str = "clientPolicies";
/// See [`POLICIES`].
pub(crate) const PROFILES: &str = "clientProfiles";
/// The most policies, profiles, and parts of one of them.
const MAX_COUNT: usize = 500;

fn kept<T: DeserializeOwned + Default>(settings: &RealmSettings, name: &str) -> T {
    // What is kept was checked when it came; what an earlier version kept and this one can't read is as if it weren't.
    settings.uninterpreted.get(name).cloned().and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default()
}

fn refuse<T>(text: impl Into<String>) -> Result<T> {
    Err(Error::Refused(text.into()))
}

/// The policies of a realm.
///
/// # Errors
/// `Forbidden` without `view-realm` or `manage-realm`.
pub fn policies(caller: &Caller, realm: &Realm, global: bool) -> Result<ClientPoliciesRepresentation> {
    caller.require(VIEW)?;
    let kept: ClientPoliciesRepresentation = kept(&realm.settings, POLICIES);
    Ok(ClientPoliciesRepresentation {
        policies: Some(kept.policies.unwrap_or_default()),
        global_policies: global.then(Vec::new),
    })
}

/// The profiles of a realm.
///
/// # Errors
/// `Forbidden` without `view-realm` or `manage-realm`.
pub fn profiles(caller: &Caller, realm: &Realm, global: bool) -> Result<ClientProfilesRepresentation> {
    caller.require(VIEW)?;
    let kept: ClientProfilesRepresentation = kept(&realm.settings, PROFILES);
    Ok(ClientProfilesRepresentation {
        profiles: Some(kept.profiles.unwrap_or_default()),
        global_profiles: global.then(kinds::global_profiles),
    })
}

/// Replaces the policies of a realm.
///
/// # Errors
/// `Refused` and `Invalid` for what can't be, or `Forbidden` without `manage-realm`.
pub async fn set_policies(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: ClientPoliciesRepresentation,
) -> Result<()> {
    set(services, caller, realm, POLICIES, "client-policies/policies", &given).await
}

/// Replaces the profiles of a realm.
///
/// # Errors
/// `Refused` and `Invalid` for what can't be, or `Forbidden` without `manage-realm`.
pub async fn set_profiles(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: ClientProfilesRepresentation,
) -> Result<()> {
    set(services, caller, realm, PROFILES, "client-policies/profiles", &given).await
}

async fn set<T: Serialize>(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    name: &str,
    path: &str,
    given: &T,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let mut changed = store::realms::lock(&mut tx).await?.found(What::Realm)?;
    let value = serde_json::to_value(given).unwrap_or_default();
    changed.settings.uninterpreted.insert(name.to_owned(), value);
    check(&mut changed.settings)?;
    store::realms::update(&mut tx, &changed).await?;
    let resource = Resource { kind: "REALM", path };
    admin_events::record(services, &mut tx, caller, realm, Operation::Update, resource, Some(given)).await?;
    services.commit(tx).await
}

/// Takes policies and profiles out of a realm of an import where they can't be kept, and notes it.
pub(crate) fn keep_what_can_be(given: &mut RealmRepresentation, report: &mut ImportReport) {
    let mut settings = RealmSettings::default();
    for (name, value) in [(PROFILES, &given.client_profiles), (POLICIES, &given.client_policies)] {
        settings.uninterpreted.extend(value.clone().map(|value| (name.to_owned(), value)));
    }
    if let Err(error) = check(&mut settings) {
        report.note(POLICIES, format!("{error}; left out, and {PROFILES} too"));
        (given.client_policies, given.client_profiles) = (None, None);
    }
}

/// Checks the policies and profiles among a realm's settings, and takes out what every realm has.
///
/// # Errors
/// `Refused` and `Invalid` for what can't be.
pub(crate) fn check(settings: &mut RealmSettings) -> Result<()> {
    let known = check_profiles(settings)?;
    let Some(value) = settings.uninterpreted.get(POLICIES).cloned() else { return Ok(()) };
    let given: ClientPoliciesRepresentation = read(POLICIES, value)?;
    let policies = given.policies.unwrap_or_default();
    let mut names = HashSet::new();
    if policies.len() > MAX_COUNT {
        return refuse(format!("A realm has at most {MAX_COUNT} client policies"));
    }
    for policy in &policies {
        let name = policy.name.clone().unwrap_or_default();
        if name.is_empty() {
            return refuse("client policy without its name not allowed.");
        }
        given_name("name", name.clone())?;
        check_text("description", policy.description.as_deref().unwrap_or_default())?;
        if !names.insert(name) {
            return refuse("proposed client policy name duplicated.");
        }
        let conditions = policy.conditions.as_deref().unwrap_or_default();
        let is_known = |kind: Option<&str>| kind.is_some_and(|kind| kinds::CONDITIONS.contains(&kind));
        let fits = |configuration: &Option<Value>| configuration.as_ref().is_none_or(Value::is_object);
        if conditions.len() > MAX_COUNT
            || !conditions.iter().all(|one| is_known(one.condition.as_deref()) && fits(&one.configuration))
        {
            return refuse("proposed client policy contains the condition with its invalid configuration.");
        }
        let profiles = policy.profiles.as_deref().unwrap_or_default();
        if profiles.len() > MAX_COUNT || !profiles.iter().all(|profile| known.contains(profile)) {
            return refuse("referring not existing client profile not allowed.");
        }
    }
    let kept = ClientPoliciesRepresentation { policies: Some(policies), global_policies: None };
    settings.uninterpreted.insert(POLICIES.to_owned(), serde_json::to_value(kept).unwrap_or_default());
    Ok(())
}

fn read<T: DeserializeOwned>(name: &str, value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::invalid(name, format!("{name} can't be read: {error}")))
}

/// Checks the profiles, and gives the names of all that policies may name.
fn check_profiles(settings: &mut RealmSettings) -> Result<HashSet<String>> {
    let global: Vec<String> = kinds::global_profiles().into_iter().filter_map(|profile| profile.name).collect();
    let mut names: HashSet<String> = HashSet::new();
    if let Some(value) = settings.uninterpreted.get(PROFILES).cloned() {
        let given: ClientProfilesRepresentation = read(PROFILES, value)?;
        let profiles = given.profiles.unwrap_or_default();
        if profiles.len() > MAX_COUNT {
            return refuse(format!("A realm has at most {MAX_COUNT} client profiles"));
        }
        for profile in &profiles {
            let name = check_profile(profile)?;
            if global.contains(&name) {
                return refuse("Proposed profile name duplicated as the name of some global profile");
            }
            if !names.insert(name) {
                return refuse("proposed client profile name duplicated.");
            }
        }
        let kept = ClientProfilesRepresentation { profiles: Some(profiles), global_profiles: None };
        settings.uninterpreted.insert(PROFILES.to_owned(), serde_json::to_value(kept).unwrap_or_default());
    }
    names.extend(global);
    Ok(names)
}

fn check_profile(profile: &ClientProfileRepresentation) -> Result<String> {
    let name = profile.name.clone().unwrap_or_default();
    if name.is_empty() {
        return refuse("client profile without its name not allowed.");
    }
    check_text("description", profile.description.as_deref().unwrap_or_default())?;
    let executors = profile.executors.as_deref().unwrap_or_default();
    let fits = |one: &ClientPolicyExecutorRepresentation| {
        one.executor.as_deref().is_some_and(|kind| kinds::EXECUTORS.contains(&kind))
            && one.configuration.as_ref().is_none_or(Value::is_object)
    };
    if executors.len() > MAX_COUNT || !executors.iter().all(fits) {
        return refuse(
            "proposed client profile contains the executor, which does not have valid provider, or has invalid \
             configuration.",
        );
    }
    given_name("name", name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings(name: &str, value: Value) -> RealmSettings {
        let mut settings = RealmSettings::default();
        settings.uninterpreted.insert(name.to_owned(), value);
        settings
    }

    #[test]
    fn every_global_profile_would_be_taken() {
        for profile in kinds::global_profiles() {
            check_profile(&profile).unwrap();
        }
    }

    #[test]
    fn what_every_realm_has_is_not_kept() {
        let mut given = settings(PROFILES, json!({"profiles": [{"name": "x"}], "globalProfiles": [{"name": "y"}]}));
        check(&mut given).unwrap();
        assert_eq!(given.uninterpreted[PROFILES], json!({"profiles": [{"name": "x"}]}));
    }

    #[test]
    fn what_can_not_be_is_refused() {
        for profiles in [
            json!([{}]),
            json!([{"name": "x"}, {"name": "x"}]),
            json!([{"name": "fapi-1-baseline"}]),
            json!([{"name": "x", "executors": [{"executor": "nothing"}]}]),
            json!([{"name": "x", "executors": [{"executor": "pkce-enforcer", "configuration": 7}]}]),
        ] {
            assert!(check(&mut settings(PROFILES, json!({"profiles": profiles}))).is_err(), "{profiles}");
        }
        for policies in [
            json!([{"name": ""}]),
            json!([{"name": "x"}, {"name": "x"}]),
            json!([{"name": "x", "profiles": ["nothing"]}]),
            json!([{"name": "x", "conditions": [{"condition": "nothing"}]}]),
        ] {
            assert!(check(&mut settings(POLICIES, json!({"policies": policies}))).is_err(), "{policies}");
        }
    }
}

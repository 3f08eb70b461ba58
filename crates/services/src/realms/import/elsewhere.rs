//! Parts of a realm's export that nothing here takes over or obeys, in one table: what is not named in it is taken over.

use representation::RealmRepresentation;
use serde_json::Value;

use crate::import_report::ImportReport;

/// What becomes of a part.
enum Fate {
    /// It is given back as it came, and nothing reads it.
    Kept(&'static str),
    /// It is not taken over.
    LeftOut(&'static str),
}

use Fate::{Kept, LeftOut};

/// The parts by their names in an export.
const PARTS: [(&str, Fate); 20] = [
    ("clientProfiles", Kept("no client is held to it")),
    ("clientPolicies", Kept("no client is held to it")),
    ("identityProviders", Kept("no login goes through one")),
    ("localizationTexts", Kept("pages do not show them")),
    ("federatedUsers", LeftOut("users of other stores are not read here")),
    ("userFederationProviders", LeftOut("components replaced it")),
    ("userFederationMappers", LeftOut("components replaced it")),
    ("organizations", LeftOut("there are no organizations here")),
    ("adminPermissionsClient", LeftOut("there are no fine-grained permissions of administrators here")),
    ("protocolMappers", LeftOut("client scopes replaced it")),
    ("applications", LeftOut("clients replaced it")),
    ("oauthClients", LeftOut("clients replaced it")),
    ("clientTemplates", LeftOut("client scopes replaced it")),
    ("socialProviders", LeftOut("identity providers replaced it")),
    ("codeSecret", LeftOut("key providers replaced it")),
    ("organizationsEnabled", Kept("there are no organizations here")),
    ("adminPermissionsEnabled", Kept("there are no fine-grained permissions of administrators here")),
    ("verifiableCredentialsEnabled", Kept("there are no verifiable credentials here")),
    ("scimApiEnabled", Kept("there is no SCIM API here")),
    ("userManagedAccessAllowed", Kept("there are no authorization services here")),
];

/// Whether anything is said: an empty list, an absent name and a switch that is off say nothing.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) | Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(members) => members.values().any(says_something),
    }
}

/// Notes the parts of the table that the export holds.
pub(crate) fn note(given: &RealmRepresentation, report: &mut ImportReport) {
    let Ok(Value::Object(fields)) = serde_json::to_value(given) else { return };
    for flow in given.authentication_flows.iter().flatten() {
        if flow.built_in != Some(true) && flow.top_level != Some(false) {
            let alias = flow.alias.as_deref().unwrap_or_default();
            report.note(format!("authenticationFlows[{alias}]"), "no login follows it; kept, without an effect");
        }
    }
    for (name, fate) in &PARTS {
        if fields.get(*name).is_some_and(says_something) {
            note_part(name, fate, report);
        }
    }
}

/// Notes what becomes of identity providers that come by themselves.
pub(crate) fn note_identity_providers(report: &mut ImportReport) {
    let of_providers = |(name, _): &&(&str, Fate)| *name == "identityProviders";
    if let Some((name, fate)) = PARTS.iter().find(of_providers) {
        note_part(name, fate, report);
    }
}

fn note_part(name: &str, fate: &Fate, report: &mut ImportReport) {
    match fate {
        Kept(why) => report.note(name, format!("{why}; kept, without an effect")),
        LeftOut(why) => report.note(name, format!("{why}; left out")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_not_noted() {
        let given: RealmRepresentation = serde_json::from_value(serde_json::json!({
            "realm": "a", "organizations": [], "organizationsEnabled": false,
            "clientProfiles": {"profiles": []}, "clientPolicies": {"policies": [{"name": "x"}]},
            "authenticationFlows": [
                {"alias": "browser", "builtIn": true, "topLevel": true},
                {"alias": "ours", "builtIn": false, "topLevel": true},
                {"alias": "a part of ours", "builtIn": false, "topLevel": false},
            ],
        }))
        .unwrap();
        let mut report = ImportReport::default();
        note(&given, &mut report);
        let paths: Vec<_> = report.remarks().iter().map(|remark| remark.path.as_str()).collect();
        assert_eq!(paths, ["authenticationFlows[ours]", "clientPolicies"]);
    }

    #[test]
    fn every_part_is_one_of_an_export() {
        for (name, _) in &PARTS {
            let body = format!("{{\"{name}\":null}}");
            assert!(representation::parse::<RealmRepresentation>(body.as_bytes()).is_ok(), "{name}");
        }
    }
}

//! Every real export imports, loses nothing that its report doesn't name, and is a fixed point from then on.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{KEPT, exported, lost};
use crate::http::support::World;

/// The realms among the exports that lie beside the repository, by file name.
pub fn realms() -> Vec<(String, Value)> {
    // Beside the repository, or a level further up where this is a working tree beside others.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|above| above.join("shared/data/keycloak-exports"))
        .find(|folder| folder.is_dir())
        .expect("the exports lie in shared/data/keycloak-exports");
    let mut realms: Vec<(String, Value)> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("the exports lie in shared/data/keycloak-exports: {error}"))
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name.ends_with("-realm.json"))
        .map(|(name, text)| (name, serde_json::from_slice(&text).unwrap()))
        .collect();
    realms.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert!(realms.len() >= 5, "{} exports", realms.len());
    realms
}

/// The remarks of a report as their paths, without those that say that something is kept: nothing may be lost there.
fn noted(report: &Value) -> Vec<String> {
    let remarks = report["notTakenOver"].as_array().expect("a list");
    for remark in remarks {
        assert!(!remark["reason"].as_str().unwrap().is_empty(), "{remark}");
    }
    remarks
        .iter()
        .filter(|remark| !remark["reason"].as_str().unwrap().ends_with(KEPT))
        .map(|remark| remark["path"].as_str().unwrap().to_owned())
        .collect()
}

fn is_noted(path: &str, noted: &[String]) -> bool {
    noted.iter().any(|note| path == note || path.strip_prefix(note).is_some_and(|rest| rest.starts_with(['.', '['])))
}

#[tokio::test]
async fn every_export_of_keycloak_imports_and_round_trips() {
    let world = World::start().await;
    let api = &world.admin;
    for (file, mut given) in realms() {
        // The server has a master of its own, and it stays.
        let name = format!("from-{}", file.split('-').next().unwrap());
        given["realm"] = json!(name);
        let report = api.post("/realms?report=true", given.clone()).await.expect(201).json();
        let noted = noted(&report);
        let first = exported(&world, &name).await;
        let mut lost = lost(&given, &first);
        // It says who wrote it, and this one was written here.
        lost.retain(|path| path != "keycloakVersion");
        let silently: Vec<_> = lost.iter().filter(|path| !is_noted(path, &noted)).collect();
        assert!(silently.is_empty(), "{file} lost without a word: {silently:#?}\nnoted: {noted:#?}");
        assert!(noted.iter().any(|path| path.contains("role_list")), "{file}: SAML is left out: {noted:#?}");
        // From now on nothing changes any more.
        api.delete(&format!("/realms/{name}")).await.expect(204);
        let again = api.post("/realms?report=true", first.clone()).await.expect(201).json();
        let second = exported(&world, &name).await;
        assert_eq!(first, second, "{file}: the second round differs");
        let left_out = again["notTakenOver"].as_array().unwrap();
        let left_out: Vec<_> =
            left_out.iter().filter(|one| one["reason"].as_str().unwrap().contains("left out")).collect();
        assert!(left_out.is_empty(), "{file}: {left_out:#?}");
        // It works: its own administrators' client and its keys are there.
        api.read(&format!("/realms/{name}/keys")).await;
        world.client_id(&name, "realm-management").await;
    }
}

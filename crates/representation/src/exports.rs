//! Real Keycloak exports are read strictly and written back unchanged.

use std::{fs, path::Path};

use crate::{ClientRepresentation, RealmRepresentation, Representation, parse};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

fn exports() -> Vec<(String, Vec<u8>)> {
    // Beside the repository, or a level further up where this is a working tree beside others.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|above| above.join("shared/data/keycloak-exports"))
        .find(|folder| folder.is_dir())
        .expect("the Keycloak exports must lie in shared/data/keycloak-exports beside the repository");
    let entries = fs::read_dir(&folder).unwrap();
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "shared/data/keycloak-exports is empty");
    files
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        scalar => scalar,
    }
}

fn round_trip<T: DeserializeOwned + Representation + Serialize>(name: &str, body: &[u8]) {
    let typed: T = parse(body).unwrap_or_else(|error| panic!("{name}: {error}"));
    let written = serde_json::to_value(&typed).unwrap();
    let original = without_nulls(serde_json::from_slice(body).unwrap());
    let (Value::Object(written), Value::Object(original)) = (&written, &original) else {
        panic!("{name}: not an object")
    };
    for (key, value) in original {
        assert_eq!(written.get(key), Some(value), "{name}: {key}");
    }
    assert_eq!(written.len(), original.len(), "{name}");
}

#[test]
fn exports_survive_a_round_trip() {
    let (mut realms, mut clients) = (0, 0);
    for (name, body) in exports() {
        if name.ends_with("-realm.json") {
            round_trip::<RealmRepresentation>(&name, &body);
            realms += 1;
        } else if name.ends_with("-client.json") {
            round_trip::<ClientRepresentation>(&name, &body);
            clients += 1;
        } else {
            panic!("{name}: neither a realm nor a client export");
        }
    }
    assert!(realms >= 5 && clients >= 1, "{realms} realms, {clients} clients");
}

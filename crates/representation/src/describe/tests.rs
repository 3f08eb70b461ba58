use serde_json::{Value, json};

use super::*;
use crate::{ClientRepresentation, GroupRepresentation, UserRepresentation};

fn named<T: Described>(name: &str) -> Value {
    let mut schemas = Schemas::default();
    T::schema(&mut schemas);
    serde_json::to_value(&schemas.into_inner()[name]).unwrap()
}

#[test]
fn fields_have_their_names_in_json_types_and_comments() {
    let user = named::<UserRepresentation>("UserRepresentation");
    assert_eq!(user["additionalProperties"], json!(false));
    let property = |name: &str| user["properties"][name].clone();
    let about = "Creation time, epoch milliseconds.";
    assert_eq!(property("createdTimestamp"), json!({"type": "integer", "format": "int64", "description": about}));
    assert_eq!(property("self")["description"], json!("Link to itself; unused."));
    assert_eq!(property("attributes")["additionalProperties"]["items"], json!({"type": "string"}));
    assert_eq!(property("credentials")["items"]["$ref"], json!("#/components/schemas/CredentialRepresentation"));
}

#[test]
fn a_representation_may_hold_itself_and_secrets_are_texts() {
    let groups = named::<GroupRepresentation>("GroupRepresentation");
    assert_eq!(groups["properties"]["subGroups"]["items"]["$ref"], json!("#/components/schemas/GroupRepresentation"));
    let client = named::<ClientRepresentation>("ClientRepresentation");
    assert_eq!(client["properties"]["secret"]["type"], json!("string"));
    assert_eq!(client["properties"]["authorizationSettings"].get("type"), None);
}

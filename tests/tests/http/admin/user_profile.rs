//! The user profile of a realm.

use serde_json::{Value, json};

use crate::http::support::{World, field, r};

#[tokio::test]
async fn a_profile_is_read_changed_and_judges_users() {
    let world = World::start().await;
    let api = &world.admin;
    let profile = r("/users/profile");
    let default = api.read(&profile).await;
    assert_eq!(field(&default["attributes"], "name"), ["username", "email", "firstName", "lastName"]);
    let of_profile = "/components?type=org.keycloak.userprofile.UserProfileProvider";
    assert_eq!(api.read(&r(of_profile)).await, json!([]), "nothing is stored before somebody changes it");

    // attributes that nobody may have are passed over
    let given = json!({"username": "alice", "enabled": true, "attributes": {"team": "red", "free": ["x"]}});
    let alice = r(&format!("/users/{}", api.post(&r("/users"), given).await.created()));
    assert_eq!(api.read(&alice).await.get("attributes"), None);

    let mut changed = default.clone();
    let more = [
        json!({"name": "team", "displayName": "Team", "multivalued": false, "group": "user-metadata",
               "validations": {"options": {"options": ["red", "blue"]}}, "required": {"roles": ["admin"]},
               "annotations": {"inputType": "select"}, "permissions": {"view": ["admin"], "edit": ["admin"]}}),
        json!({"name": "shoe", "permissions": {"view": ["admin", "user"], "edit": ["user"]}}),
        json!({"name": "many", "multivalued": true, "permissions": {"view": ["admin"], "edit": ["admin"]}}),
    ];
    changed["attributes"].as_array_mut().unwrap().extend(more);
    let echoed = api.put(&profile, changed.clone()).await.expect(200).json();
    assert_eq!(echoed, changed);
    assert_eq!(api.read(&profile).await, changed);
    let stored = api.read(&r(of_profile)).await;
    let text = stored[0]["config"]["kc.user.profile.config"][0].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), changed);
    let metadata = api.read(&r("/users/profile/metadata")).await;
    let team = &metadata["attributes"][4];
    assert_eq!(
        (&team["required"], &team["readOnly"], &team["group"], &team["annotations"]["inputType"]),
        (&json!(true), &json!(false), &json!("user-metadata"), &json!("select"))
    );
    assert_eq!(metadata["attributes"][5]["readOnly"], true);
    assert_eq!(api.read(&format!("{alice}?userProfileMetadata=true")).await["userProfileMetadata"], metadata);

    // one problem stands alone, several in a list
    let bad = api.put(&alice, json!({"attributes": {"team": "green"}})).await.expect(400).json();
    let of_team = |key: &str, params: Value| json!({"field": "team", "errorMessage": key, "params": params});
    assert_eq!(bad, of_team("error-invalid-value", json!(["team", "green"])));
    let missing = api.put(&alice, json!({"firstName": "A"})).await.expect(400).json();
    assert_eq!(missing, of_team("error-user-attribute-required", json!(["team"])));
    let several = json!({"username": "b", "firstName": "<b>", "attributes": {"team": ["red", "blue"], "shoe": ["42"]}});
    let errors = api.post(&r("/users"), several).await.expect(400).json();
    assert_eq!(field(&errors["errors"], "field"), ["username", "firstName", "team", "shoe"]);
    assert_eq!(
        errors["errors"][0],
        json!({"field": "username", "errorMessage": "error-invalid-length", "params": ["username", 3, 255]})
    );
    assert_eq!(errors["errors"][3]["errorMessage"], "error-user-attribute-read-only");

    api.put(&alice, json!({"attributes": {"team": ["blue"], "many": ["a", "b"], "free": ["x"]}})).await.expect(204);
    let expected = json!({"many": ["a", "b"], "team": ["blue"]});
    assert_eq!(api.read(&alice).await["attributes"], expected);
    assert_eq!(
        api.read(&r("/users?username=alice")).await[0]["attributes"],
        expected,
        "lists show what single reads do"
    );

    // with a policy there are others too
    changed["unmanagedAttributePolicy"] = json!("ADMIN_EDIT");
    api.put(&profile, changed.clone()).await.expect(200);
    api.put(&alice, json!({"attributes": {"team": ["blue"], "free": ["x"]}})).await.expect(204);
    assert_eq!(api.read(&alice).await["attributes"], json!({"free": ["x"], "team": ["blue"]}));
    assert_eq!(api.read(&format!("{alice}/unmanagedAttributes")).await, json!({"free": ["x"]}));
    // and without it they stay, unseen
    changed.as_object_mut().unwrap().remove("unmanagedAttributePolicy");
    api.put(&profile, changed.clone()).await.expect(200);
    api.put(&alice, json!({"attributes": {"team": ["red"]}})).await.expect(204);
    assert_eq!(api.read(&alice).await["attributes"], json!({"team": ["red"]}));
    assert_eq!(api.read(&format!("{alice}/unmanagedAttributes")).await, json!({"free": ["x"]}));
}

#[tokio::test]
async fn a_wrong_profile_is_refused_and_few_may_change_one() {
    let world = World::start().await;
    let api = &world.admin;
    let profile = r("/users/profile");
    let default = api.read(&profile).await;
    let mut wrong = default.clone();
    wrong["attributes"].as_array_mut().unwrap().remove(0);
    let reply = api.put(&profile, wrong).await.expect(400).json();
    let text = reply["errorMessage"].as_str().unwrap();
    assert!(text.starts_with("UserProfile configuration is invalid: ["), "{text}");
    let mut wrong = default.clone();
    wrong["attributes"][0]["validations"]["pattern"] = json!({"pattern": "("});
    api.put(&profile, wrong).await.expect(400);
    let unknown = api.put(&profile, json!({"attributes": [], "unknown": 1})).await.expect(400).json();
    assert!(unknown["error"].as_str().unwrap().contains("Unrecognized field"), "{unknown}");
    assert_eq!(api.read(&profile).await, default);
    // one of its kind
    let component = json!({"providerId": "declarative-user-profile",
        "providerType": "org.keycloak.userprofile.UserProfileProvider",
        "config": {"kc.user.profile.config": [default.to_string()]}});
    api.post(&r("/components"), component.clone()).await.expect(201);
    api.post(&r("/components"), component).await.expect(409);

    let viewer = world.user("viewer", "pw").await;
    world.grant_admin("acme", &viewer, "view-clients").await;
    let viewer = world.api("acme", "viewer", "pw").await;
    assert_eq!(viewer.read(&profile).await, default);
    viewer.put(&profile, default.clone()).await.error(403, "HTTP 403 Forbidden");
    world.user("nobody", "pw").await;
    let nobody = world.api("acme", "nobody", "pw").await;
    nobody.get(&profile).await.error(403, "HTTP 403 Forbidden");
    nobody.get(&r("/users/profile/metadata")).await.error(403, "HTTP 403 Forbidden");
}

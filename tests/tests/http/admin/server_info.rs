//! `serverinfo`: the first thing that programs for Keycloak ask for.

use crate::http::support::{World, send};

#[tokio::test]
async fn server_info_has_what_programs_look_for() {
    let world = World::start().await;
    let info = world.admin.read("/serverinfo").await;
    let version = info["systemInfo"]["version"].as_str().unwrap();
    assert!(version.split('.').next().unwrap().parse::<u32>().is_ok(), "{version}");
    let allowed = [
        "systemInfo",
        "cpuInfo",
        "memoryInfo",
        "profileInfo",
        "features",
        "themes",
        "socialProviders",
        "identityProviders",
        "providers",
        "protocolMapperTypes",
        "builtinProtocolMappers",
        "clientInstallations",
        "componentTypes",
        "passwordPolicies",
        "enums",
        "cryptoInfo",
    ];
    for name in info.as_object().unwrap().keys() {
        assert!(allowed.contains(&name.as_str()), "{name}");
    }
    let ids = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let mappers = ids(&info["protocolMapperTypes"]["docker-v2"]);
    for id in [
        "docker-v2-role-repository-mapper",
        "docker-v2-group-repository-mapper",
        "docker-v2-everyone-repository-mapper",
        "docker-v2-allow-all-mapper",
    ] {
        assert!(mappers.contains(&id.to_owned()), "{id} in {mappers:?}");
    }
    assert_eq!(ids(&info["clientInstallations"]["docker-v2"]).len(), 7);
    let keys = ids(&info["componentTypes"]["org.keycloak.keys.KeyProvider"]);
    assert!(keys.contains(&"rsa-generated".to_owned()) && keys.contains(&"ecdsa-generated".to_owned()), "{keys:?}");
}

#[tokio::test]
async fn the_api_describes_itself() {
    let world = World::start().await;
    let answer = world.admin.get("/openapi.json").await.expect(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let tag = answer.header("etag").unwrap().to_owned();
    let document = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let body = &document["paths"]["/admin/realms/{realm}/users"]["post"]["requestBody"]["content"]["application/json"];
    assert_eq!(body["schema"]["$ref"], "#/components/schemas/UserRepresentation");
    let again = world.admin.request(reqwest::Method::GET, "/openapi.json").header("If-None-Match", &tag);
    assert_eq!(send(again).await.expect(304).body, b"");
}

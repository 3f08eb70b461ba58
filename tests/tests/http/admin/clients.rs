//! Clients, their secrets, mappers and installation providers.

use serde_json::json;

use crate::http::support::{EVERYONE_MAPPER, World, field, r};

#[tokio::test]
async fn clients_are_created_read_listed_changed_and_deleted() {
    let world = World::start().await;
    let api = &world.admin;
    let given = json!({
        "id": "chosen", "clientId": "web", "name": "Web", "redirectUris": ["https://web.example.org/*"],
        "attributes": {"a": "1", "b": true},
    });
    assert_eq!(api.post(&r("/clients"), given).await.created(), "chosen");
    let web = api.read(&r("/clients/chosen")).await;
    for (name, value) in [
        ("clientId", json!("web")),
        ("protocol", json!("openid-connect")),
        ("enabled", json!(true)),
        ("publicClient", json!(false)),
        ("redirectUris", json!(["https://web.example.org/*"])),
    ] {
        assert_eq!(web[name], value, "{name} of {web}");
    }
    assert_eq!((&web["attributes"]["a"], &web["attributes"]["b"]), (&json!("1"), &json!("true")));
    // a change says what changes; an empty attribute goes
    let change = json!({"name": "Changed", "attributes": {"a": "", "c": "3"}});
    api.put(&r("/clients/chosen"), change).await.expect(204);
    let web = api.read(&r("/clients/chosen")).await;
    assert_eq!((&web["name"], &web["attributes"]["a"]), (&json!("Changed"), &json!(null)));
    assert_eq!((&web["attributes"]["b"], &web["attributes"]["c"]), (&json!("true"), &json!("3")));
    assert_eq!(web["redirectUris"], json!(["https://web.example.org/*"]));
    // what is read can be written
    api.put(&r("/clients/chosen"), web.clone()).await.expect(204);
    assert_eq!(api.read(&r("/clients/chosen")).await, web);
    // lists
    api.post(&r("/clients"), json!({"clientId": "web-two"})).await.expect(201);
    let listed = async |query: &str| {
        let found = api.read(&r(&format!("/clients{query}"))).await;
        field(&found, "clientId").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(listed("?clientId=web").await, ["web"]);
    assert_eq!(listed("?clientId=web&search=true").await, ["web", "web-two"]);
    assert_eq!(listed("?q=c:3").await, ["web"]);
    assert_eq!(listed("?clientId=web&search=true&first=1&max=1").await, ["web-two"]);
    let all = listed("").await;
    assert!(all.is_sorted() && all.contains(&"admin-cli".to_owned()), "{all:?}");
    // secrets
    let secret = api.read(&r("/clients/chosen/client-secret")).await;
    assert_eq!(secret["type"], "secret");
    let renewed = api.post(&r("/clients/chosen/client-secret"), json!({})).await.expect(200).json();
    assert_ne!(secret["value"], renewed["value"]);
    assert_eq!(api.read(&r("/clients/chosen/client-secret")).await, renewed);
    api.delete(&r("/clients/chosen")).await.expect(204);
    api.get(&r("/clients/chosen")).await.error(404, "Could not find client");
}

#[tokio::test]
async fn clients_are_refused_with_keycloaks_words() {
    let (world, registry) = World::with_registry().await;
    let api = &world.admin;
    api.post(&r("/clients"), json!({"clientId": "registry"}))
        .await
        .error_message(409, "Client registry already exists");
    for path in [
        "/clients/x",
        "/clients/x/client-secret",
        "/clients/x/protocol-mappers/models",
        "/clients/x/roles",
        "/clients/x/default-client-scopes",
        "/clients/x/service-account-user",
    ] {
        api.get(&r(path)).await.error(404, "Could not find client");
    }
    api.put(&r("/clients/x"), json!({})).await.error(404, "Could not find client");
    api.delete(&r("/clients/x")).await.error(404, "Could not find client");
    let text = format!("Service account not enabled for the client '{registry}'");
    let reply = api.get(&r(&format!("/clients/{registry}/service-account-user"))).await.expect(400);
    assert!(
        reply.json()["error"].as_str().unwrap().starts_with("Service account not enabled for the client"),
        "{text}"
    );
    for (name, value) in [
        ("clientId", json!("")),
        ("clientId", json!("a\u{0}b")),
        ("clientId", json!("x".repeat(300))),
        ("protocol", json!("nonsense")),
        ("redirectUris", json!(["javascript:alert(1)"])),
        ("baseUrl", json!("javascript:alert(1)")),
    ] {
        let mut client = json!({"clientId": "fresh"});
        client[name] = value.clone();
        let reply = api.post(&r("/clients"), client).await;
        assert_eq!(reply.status, 400, "{name} {value:.40}: {}", reply.text());
    }
    // one name, one client: service names too
    world.registry("first", json!({"docker.services": "shared"})).await;
    let second = json!({"clientId": "second", "protocol": "docker-v2", "attributes": {"docker.services": "shared"}});
    api.post(&r("/clients"), second).await.expect(409);
    api.post(&r("/clients"), json!({"clientId": "shared", "protocol": "docker-v2"})).await.expect(409);
    // attributes that registries can't use
    for (name, value) in [
        ("access.token.lifespan", "5"),
        ("access.token.signed.response.alg", "HS256"),
        ("docker.token.header", "jwk"),
        ("docker.identity.token.lifespan", "-1"),
        ("docker.services", "a\u{1}b"),
    ] {
        let change = json!({"attributes": {name: value}});
        let reply = api.put(&r(&format!("/clients/{registry}")), change).await;
        assert_eq!(reply.status, 400, "{name}={value}: {}", reply.text());
        assert!(reply.text().contains(name), "{}", reply.text());
    }
}

#[tokio::test]
async fn service_accounts_come_and_go_with_their_switch() {
    let world = World::start().await;
    let api = &world.admin;
    let client = json!({"clientId": "Robot", "serviceAccountsEnabled": true, "publicClient": false});
    let id = api.post(&r("/clients"), client).await.created();
    let path = r(&format!("/clients/{id}"));
    let user = api.read(&format!("{path}/service-account-user")).await;
    assert_eq!(user["username"], "service-account-robot");
    assert_eq!(api.read(&r("/users")).await, json!([]), "a list of people shows no robots");
    api.put(&path, json!({"serviceAccountsEnabled": false})).await.expect(204);
    api.get(&format!("{path}/service-account-user")).await.expect(400);
    api.get(&r(&format!("/users/{}", user["id"].as_str().unwrap()))).await.expect(404);
}

#[tokio::test]
async fn mappers_are_created_read_listed_changed_and_deleted() {
    let (world, registry) = World::with_registry().await;
    let api = &world.admin;
    let scope = api.post(&r("/client-scopes"), json!({"name": "s", "protocol": "docker-v2"})).await.created();
    for owner in [format!("/clients/{registry}"), format!("/client-scopes/{scope}")] {
        let models = r(&format!("{owner}/protocol-mappers/models"));
        let mapper = |name: &str| {
            json!({
                "name": name, "protocol": "docker-v2", "protocolMapper": EVERYONE_MAPPER,
                "config": {"repositories": "a/*", "actions": "pull", "anonymous": true},
            })
        };
        let id = api.post(&models, mapper("one")).await.created();
        let path = format!("{models}/{id}");
        let read = api.read(&path).await;
        assert_eq!((&read["name"], &read["config"]["anonymous"]), (&json!("one"), &json!("true")));
        api.post(&models, mapper("one")).await.error_message(409, "Protocol mapper exists with same name");
        let many = r(&format!("{owner}/protocol-mappers/add-models"));
        api.post(&many, json!([mapper("two"), mapper("three")])).await.expect(204);
        // all or nothing
        api.post(&many, json!([mapper("four"), mapper("two")])).await.expect(409);
        let listed = api.read(&models).await;
        let mut names = field(&listed, "name");
        names.sort_unstable();
        assert_eq!(names, ["one", "three", "two"]);
        let by_protocol = r(&format!("{owner}/protocol-mappers/protocol/docker-v2"));
        assert_eq!(api.read(&by_protocol).await.as_array().unwrap().len(), 3);
        let other = r(&format!("{owner}/protocol-mappers/protocol/openid-connect"));
        assert_eq!(api.read(&other).await, json!([]));
        let mut changed = read.clone();
        changed["config"]["actions"] = "push".into();
        api.put(&path, changed).await.expect(204);
        assert_eq!(api.read(&path).await["config"]["actions"], "push");
        let mut unknown = mapper("five");
        unknown["protocolMapper"] = "nonsense".into();
        api.post(&models, unknown).await.error(404, "ProtocolMapper provider not found");
        // what is wrong is named
        for (name, value, part) in [
            ("repositories", "a/[b", "[b"),
            ("repositories", "a//b", "//"),
            ("repositories", "A/b", "A"),
            ("repositories", "${nonsense}/x", "nonsense"),
            ("actions", "pull,fly", "fly"),
            ("effect", "maybe", "maybe"),
            ("anonymous", "yes", "yes"),
            ("catalog", "1", "1"),
        ] {
            let mut bad = mapper("bad");
            bad["config"][name] = value.into();
            let reply = api.post(&models, bad).await;
            assert_eq!(reply.status, 400, "{name}={value}: {}", reply.text());
            assert!(reply.text().contains(part), "{name}={value}: {}", reply.text());
        }
        api.delete(&path).await.expect(204);
        api.get(&path).await.error(404, "Model not found");
        api.delete(&path).await.error(404, "Model not found");
    }
}

#[tokio::test]
async fn installation_providers_give_their_files() {
    let (world, registry) = World::with_registry().await;
    let provider = |id: &str| r(&format!("/clients/{registry}/installation/providers/{id}"));
    for id in [
        "docker-v2-compose-yaml",
        "docker-v2-registry-config-file",
        "docker-v2-variable-override",
        "docker-v2-registry3-config-file",
        "docker-v2-zot-config",
        "docker-v2-compose-file",
        "docker-v2-containerd-hosts",
    ] {
        let reply = world.admin.get(&provider(id)).await.expect(200);
        assert!(!reply.body.is_empty(), "{id}");
        assert!(reply.header("content-disposition").is_some_and(|value| value.contains("filename")), "{id}");
    }
    world.admin.get(&provider("nonsense")).await.error(404, "Unknown Provider");
    // of another protocol
    let web = world.admin.post(&r("/clients"), json!({"clientId": "web"})).await.created();
    let path = r(&format!("/clients/{web}/installation/providers/docker-v2-compose-yaml"));
    world.admin.get(&path).await.expect(404);
}

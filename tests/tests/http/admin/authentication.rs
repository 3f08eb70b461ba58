//! Authentication management: flows, executions, configurations, required actions.

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::http::support::{World, field, r};

/// The steps of a flow, as depth, position and name.
async fn steps(world: &World, alias: &str) -> Vec<(i64, i64, String)> {
    let alias = alias.replace(' ', "%20");
    let steps = world.admin.read(&r(&format!("/authentication/flows/{alias}/executions"))).await;
    let steps = steps.as_array().unwrap().iter();
    let step = |step: &Value| {
        let name = step["providerId"].as_str().or_else(|| step["displayName"].as_str()).unwrap();
        (step["level"].as_i64().unwrap(), step["index"].as_i64().unwrap(), name.to_owned())
    };
    steps.map(step).collect()
}

async fn step(world: &World, flow: &str, name: &str) -> Value {
    let flow = flow.replace(' ', "%20");
    let steps = world.admin.read(&r(&format!("/authentication/flows/{flow}/executions"))).await;
    let found = steps.as_array().unwrap().iter().find(|step| step["displayName"] == name || step["id"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {steps}")).clone()
}

#[tokio::test]
async fn a_realm_has_keycloaks_flows_from_the_start() {
    let world = World::start().await;
    let api = &world.admin;
    let flows = api.read(&r("/authentication/flows")).await;
    let expected = [
        "browser",
        "direct grant",
        "registration",
        "reset credentials",
        "clients",
        "first broker login",
        "docker auth",
    ];
    assert_eq!(field(&flows, "alias"), expected);
    for flow in flows.as_array().unwrap() {
        let mut keys: Vec<_> = flow.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        let expected = ["alias", "authenticationExecutions", "builtIn", "description", "id", "providerId", "topLevel"];
        assert_eq!(keys, expected);
        assert_eq!((&flow["builtIn"], &flow["topLevel"]), (&json!(true), &json!(true)));
        let alone = api.read(&r(&format!("/authentication/flows/{}", flow["id"].as_str().unwrap()))).await;
        assert_eq!(alone, *flow);
    }
    let browser = steps(&world, "browser").await;
    assert_eq!(browser.len(), 15);
    assert_eq!(browser[4], (1, 0, "Browser - Conditional Organization".to_owned()));
    let of_master = api.read("/realms/master/authentication/flows/browser/executions").await;
    assert_eq!(of_master.as_array().unwrap().len(), 11, "master has no flows of organizations");
    let cookie = step(&world, "browser", "Cookie").await;
    assert_eq!(cookie["requirementChoices"], json!(["REQUIRED", "ALTERNATIVE", "DISABLED"]));
    assert_eq!((cookie.get("authenticationFlow"), &cookie["configurable"]), (None, &json!(false)));
    let forms = step(&world, "browser", "forms").await;
    assert_eq!(forms["requirementChoices"], json!(["REQUIRED", "ALTERNATIVE", "DISABLED", "CONDITIONAL"]));
    assert_eq!((&forms["authenticationFlow"], forms.get("providerId")), (&json!(true), None));
    // what came with a realm stays with it
    let id = flows[0]["id"].as_str().unwrap();
    api.delete(&r(&format!("/authentication/flows/{id}"))).await.error(400, "Can't delete built in flow");
    let (cookie, forms) = (cookie["id"].as_str().unwrap(), forms["id"].as_str().unwrap());
    let executions = r("/authentication/executions");
    let text = "It is illegal to remove execution from a built in flow";
    api.delete(&format!("{executions}/{cookie}")).await.error(400, text);
    let text = "It is illegal to modify execution in a built in flow";
    api.post(&format!("{executions}/{forms}/raise-priority"), json!({})).await.error(400, text);
    let browser = r("/authentication/flows/browser/executions");
    let text = "It is illegal to add execution to a built in flow";
    api.post(&format!("{browser}/execution"), json!({"provider": "auth-otp-form"})).await.error(400, text);
    let text = "It is illegal to add sub-flow to a built in flow";
    api.post(&format!("{browser}/flow"), json!({"alias": "x", "type": "basic-flow"})).await.error(400, text);
    // but for how much depends on it
    api.put(&browser, json!({"id": cookie, "requirement": "DISABLED"})).await.expect(204);
    let read = api.read(&format!("{executions}/{cookie}")).await;
    assert_eq!(
        (&read["requirement"], &read["disabled"], &read["enabled"]),
        (&json!("DISABLED"), &json!(true), &json!(false))
    );
    // a realm that is older than flows gets them when they are asked for
    let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
    for table in ["authentication_flows", "authenticator_configs", "required_actions"] {
        sqlx::query(AssertSqlSafe(format!("delete from {table}"))).execute(&mut database).await.unwrap();
    }
    database.close().await.unwrap();
    assert_eq!(api.read(&r("/authentication/required-actions")).await.as_array().unwrap().len(), 14);
    assert_eq!(steps(&world, "browser").await.len(), 15);
    let path = "/realms/master/authentication/required-actions/UPDATE_PASSWORD";
    api.put(path, json!({"enabled": false})).await.expect(204);
    assert_eq!(api.read(path).await["enabled"], json!(false));
}

#[tokio::test]
async fn a_flow_is_copied_changed_bound_and_removed() {
    let world = World::start().await;
    let api = &world.admin;
    let flows = r("/authentication/flows");
    let made = api.post(&flows, json!({"alias": "mine", "providerId": "basic-flow", "topLevel": true})).await.created();
    let read = api.read(&format!("{flows}/{made}")).await;
    assert_eq!((&read["description"], &read["builtIn"]), (&json!(""), &json!(false)));
    api.post(&flows, json!({"alias": "mine"})).await.error_message(409, "Flow mine already exists");
    api.post(&flows, json!({})).await.error_message(409, "Failed to create flow with empty alias name");
    api.post(&flows, json!({"alias": "a/b"})).await.error(400, "Character '/' not allowed.");
    api.get(&format!("{flows}/nothing")).await.error(404, "Could not find flow with id");
    api.delete(&format!("{flows}/nothing")).await.error(404, "Flow not found");
    api.put(&format!("{flows}/nothing"), json!({"alias": "x"})).await.error(404, "Illegal execution");
    api.put(&format!("{flows}/{made}"), json!({"alias": "browser"}))
        .await
        .error_message(409, "Flow alias name already exists");
    api.delete(&format!("{flows}/{made}")).await.expect(204);
    let copy = api.post(&format!("{flows}/browser/copy"), json!({"newName": "my browser"})).await.created();
    let path = format!("{flows}/my%20browser");
    assert_eq!(api.read(&format!("{flows}/{copy}")).await["alias"], "my browser");
    assert_eq!(steps(&world, "my browser").await.len(), 15);
    let text = "New flow alias name already exists";
    api.post(&format!("{flows}/browser/copy"), json!({"newName": "my browser"})).await.error_message(409, text);
    api.post(&format!("{flows}/nothing/copy"), json!({"newName": "x"})).await.error(404, "Flow not found");
    // steps
    let otp = api.post(&format!("{path}/executions/execution"), json!({"provider": "auth-otp-form"})).await.created();
    let inner = json!({"alias": "inner", "type": "basic-flow", "description": "d", "provider": "x"});
    let inner = api.post(&format!("{path}/executions/flow"), inner).await.created();
    assert_eq!(api.read(&format!("{flows}/{inner}")).await["topLevel"], json!(false));
    for (body, text) in [
        (json!({"provider": "nothing"}), "No authentication provider found for id: nothing"),
        (json!({"provider": "client-jwt"}), "No authentication provider found for id: client-jwt"),
    ] {
        api.post(&format!("{path}/executions/execution"), body).await.error(400, text);
    }
    let nowhere = format!("{flows}/nothing/executions");
    api.post(&format!("{nowhere}/execution"), json!({"provider": "x"})).await.error(400, "Parent flow doesn't exist");
    let text = "Parent flow doesn't exist";
    api.post(&format!("{nowhere}/flow"), json!({"alias": "x"})).await.error_message(400, text);
    api.get(&nowhere).await.error(404, "Flow not found");
    api.put(&nowhere, json!({"id": otp})).await.error(404, "flow not found");
    api.put(&format!("{path}/executions"), json!({"id": "nothing"})).await.error(404, "Illegal execution");
    let names = steps(&world, "my browser").await;
    let last: Vec<_> = names.iter().rev().take(2).map(|(level, index, name)| (*level, *index, name.as_str())).collect();
    assert_eq!(last, [(0, 6, "inner"), (0, 5, "auth-otp-form")]);
    let executions = r("/authentication/executions");
    api.post(&format!("{executions}/{otp}/lower-priority"), json!({})).await.expect(204);
    assert_eq!(step(&world, "my browser", &otp).await["index"], 6);
    // at the end it stays
    api.post(&format!("{executions}/{otp}/lower-priority"), json!({})).await.expect(204);
    api.post(&format!("{executions}/{otp}/raise-priority"), json!({})).await.expect(204);
    assert_eq!(step(&world, "my browser", &otp).await["index"], 5);
    let mut set = step(&world, "my browser", "inner").await;
    set["requirement"] = json!("CONDITIONAL");
    set["displayName"] = json!("deep inside");
    set["description"] = json!("e");
    api.put(&format!("{path}/executions"), set).await.expect(204);
    let set = step(&world, "my browser", "deep inside").await;
    assert_eq!((&set["requirement"], &set["description"]), (&json!("CONDITIONAL"), &json!("e")));
    api.put(&format!("{path}/executions"), json!({"id": otp, "requirement": "SOMETIMES"})).await.expect(400);
    // a flow can't be put into itself
    let own = json!({"parentFlow": inner, "flowId": copy, "authenticatorFlow": true, "requirement": "REQUIRED"});
    assert_eq!(api.post(&executions, own).await.status, 400);
    let plain = json!({"parentFlow": inner, "authenticator": "auth-cookie", "requirement": "REQUIRED"});
    let plain = api.post(&executions, plain).await.created();
    assert_eq!(api.read(&format!("{executions}/{plain}")).await["parentFlow"], json!(inner));
    api.post(&executions, json!({})).await.error(400, "parent flow not set on new execution");
    let body = json!({"parentFlow": "nothing"});
    api.post(&executions, body).await.error(400, "execution parent flow does not exist");
    // the step that is a flow goes with it
    api.delete(&format!("{executions}/{}", set["id"].as_str().unwrap())).await.expect(204);
    api.get(&format!("{executions}/{plain}")).await.error(404, "Illegal execution");
    api.get(&format!("{flows}/{inner}")).await.error(404, "Could not find flow with id");
    api.delete(&format!("{executions}/{otp}")).await.expect(204);
    api.delete(&format!("{executions}/{otp}")).await.error(404, "Illegal execution");
    // bound, renamed, in use
    api.put(&r(""), json!({"browserFlow": "my browser"})).await.expect(204);
    api.put(&r(""), json!({"browserFlow": "nothing"})).await.expect(400);
    api.put(&r(""), json!({"browserFlow": "forms"})).await.expect(400);
    api.put(&format!("{flows}/{copy}"), json!({"alias": "ours", "description": "d"})).await.expect(204);
    assert_eq!(api.read(&r("")).await["browserFlow"], "ours");
    let text = "Cannot remove authentication flow, it is currently in use";
    api.delete(&format!("{flows}/{copy}")).await.error(400, text);
    api.put(&r(""), json!({"browserFlow": "browser"})).await.expect(204);
    let overrides = json!({"clientId": "web", "authenticationFlowBindingOverrides": {"browser": copy}});
    let client = api.post(&r("/clients"), overrides).await.created();
    api.delete(&format!("{flows}/{copy}")).await.error(400, text);
    api.delete(&r(&format!("/clients/{client}"))).await.expect(204);
    api.delete(&format!("{flows}/{copy}")).await.expect(204);
    api.get(&format!("{path}/executions")).await.error(404, "Flow not found");
    let name = "my%20browser%20forms";
    api.get(&format!("{flows}/{name}/executions")).await.error(404, "Flow not found");
    assert_eq!(steps(&world, "browser").await.len(), 15, "the original is as it was");
}

#[tokio::test]
async fn an_execution_is_configured_and_its_secrets_are_shown_to_nobody() {
    let world = World::start().await;
    let api = &world.admin;
    let events = json!({"adminEventsEnabled": true, "adminEventsDetailsEnabled": true});
    api.put(&r("/events/config"), events).await.expect(204);
    let captcha = step(&world, "registration", "reCAPTCHA").await;
    assert_eq!(captcha["configurable"], json!(true));
    let path = r(&format!("/authentication/executions/{}/config", captcha["id"].as_str().unwrap()));
    let given = json!({"alias": "captcha", "config": {"site.key": "s", "secret.key": "h1dden", "recaptcha.v3": true}});
    let id = api.post(&path, given).await.created();
    let config = r(&format!("/authentication/config/{id}"));
    let read = api.read(&config).await;
    let expected = json!({"site.key": "s", "secret.key": "**********", "recaptcha.v3": "true"});
    assert_eq!(read, json!({"id": id, "alias": "captcha", "config": expected}));
    assert_eq!(api.read(&format!("{path}/{id}")).await, read);
    let captcha = step(&world, "registration", "reCAPTCHA").await;
    assert_eq!((&captcha["authenticationConfig"], &captcha["alias"]), (&json!(id), &json!("captcha")));
    let text = "Authentication execution configuration captcha already exists";
    api.post(&path, json!({"alias": "captcha"})).await.error_message(409, text);
    api.post(&path, json!({})).await.error_message(400, "Alias missing");
    let nowhere = r("/authentication/executions/nothing/config");
    api.post(&nowhere, json!({"alias": "x"})).await.error(404, "Illegal execution");
    // the mask keeps what is there; settings that are left out go
    let given = json!({"alias": "captcha", "config": {"secret.key": "**********", "action": "login"}});
    api.put(&config, given).await.expect(204);
    let sealed = async || {
        let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
        let sql = "select config ->> 'secret.key' from authenticator_configs where config ? 'secret.key'";
        let sealed: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut database).await.unwrap();
        database.close().await.unwrap();
        sealed
    };
    let kept = sealed().await;
    assert!(kept.len() == 1 && !kept[0].contains("h1dden") && kept[0].len() > 40, "{kept:?}");
    assert_eq!(api.read(&config).await["config"], json!({"secret.key": "**********", "action": "login"}));
    // a copy has its own
    let copy = api.post(&r("/authentication/flows/registration/copy"), json!({"newName": "other"})).await.created();
    let of_copy = step(&world, "other", "reCAPTCHA").await;
    assert_eq!(of_copy["alias"], "other captcha");
    assert_ne!(of_copy["authenticationConfig"], json!(id));
    let both = sealed().await;
    assert!(both.len() == 2 && both[0] != both[1]);
    api.delete(&r(&format!("/authentication/flows/{copy}"))).await.expect(204);
    assert_eq!(sealed().await, kept);
    let free = api.post(&r("/authentication/config"), json!({"alias": "free", "config": {}})).await.created();
    api.delete(&r(&format!("/authentication/config/{free}"))).await.expect(204);
    api.delete(&config).await.expect(204);
    for reply in [api.get(&config).await, api.delete(&config).await, api.put(&config, json!({})).await] {
        reply.error(404, "Could not find authenticator config");
    }
    assert_eq!(step(&world, "registration", "reCAPTCHA").await.get("authenticationConfig"), None);
    let events = api.read(&r("/admin-events?max=100")).await;
    for kind in ["AUTH_FLOW", "AUTH_EXECUTION", "AUTHENTICATOR_CONFIG"] {
        assert!(field(&events, "resourceType").contains(&kind), "{kind}: {events}");
    }
    assert!(!events.to_string().contains("h1dden"));
}

#[tokio::test]
async fn providers_are_listed_with_their_settings() {
    let world = World::start().await;
    let api = &world.admin;
    let list = async |name: &str| api.read(&r(&format!("/authentication/{name}"))).await;
    let providers = list("authenticator-providers").await;
    assert_eq!(providers.as_array().unwrap().len(), 42);
    assert!(field(&providers, "displayName").contains(&"Cookie"));
    let of_clients = list("client-authenticator-providers").await;
    assert_eq!(field(&of_clients, "id"), ["client-secret", "client-jwt", "client-secret-jwt", "client-x509"]);
    assert_eq!((&of_clients[0]["supportsSecret"], &of_clients[1]["supportsSecret"]), (&json!(true), &json!(false)));
    assert_eq!(field(&list("form-providers").await, "displayName"), ["Registration Page"]);
    assert_eq!(list("form-action-providers").await.as_array().unwrap().len(), 4);
    let expected = json!({
        "name": "Cookie", "providerId": "auth-cookie",
        "helpText": "Validates the SSO cookie set by the auth server.", "properties": [],
    });
    assert_eq!(list("config-description/auth-cookie").await, expected);
    let captcha = list("config-description/registration-recaptcha-action").await;
    let secret = captcha["properties"].as_array().unwrap().iter().find(|one| one["name"] == "secret.key").unwrap();
    assert_eq!(secret["secret"], json!(true));
    let path = r("/authentication/config-description/nothing");
    api.get(&path).await.error(404, "Could not find authenticator provider");
    assert_eq!(list("per-client-config-description").await["client-jwt"], json!([]));
}

#[tokio::test]
async fn required_actions_are_registered_set_moved_and_removed() {
    let world = World::start().await;
    let api = &world.admin;
    let actions = r("/authentication/required-actions");
    let listed = api.read(&actions).await;
    assert_eq!(listed.as_array().unwrap().len(), 14);
    let expected = json!({
        "alias": "CONFIGURE_TOTP", "name": "Configure OTP", "providerId": "CONFIGURE_TOTP", "enabled": true,
        "defaultAction": false, "priority": 10, "config": {},
    });
    assert_eq!(listed[0], expected);
    assert_eq!(api.read(&r("/authentication/unregistered-required-actions")).await, json!([]));
    let profile = format!("{actions}/UPDATE_PROFILE");
    api.delete(&profile).await.expect(204);
    for reply in [api.get(&profile).await, api.delete(&profile).await, api.put(&profile, json!({})).await] {
        reply.error(404, "Failed to find required action");
    }
    let free = api.read(&r("/authentication/unregistered-required-actions")).await;
    assert_eq!(free, json!([{"name": "Update Profile", "providerId": "UPDATE_PROFILE"}]));
    let register = r("/authentication/register-required-action");
    api.post(&register, free[0].clone()).await.expect(204);
    let read = api.read(&profile).await;
    assert_eq!((&read["priority"], &read["enabled"]), (&json!(1_001), &json!(true)));
    assert_eq!(api.post(&register, free[0].clone()).await.status, 409);
    let text = "Required Action Provider with given providerId not found";
    api.post(&register, json!({"providerId": "nothing", "name": "x"})).await.error(400, text);
    api.post(&format!("{profile}/raise-priority"), json!({})).await.expect(204);
    let aliases = api.read(&actions).await;
    assert_eq!(field(&aliases, "alias")[12..], ["UPDATE_PROFILE", "update_user_locale"]);
    api.post(&format!("{profile}/lower-priority"), json!({})).await.expect(204);
    let mut set = api.read(&profile).await;
    set["defaultAction"] = json!(true);
    set["name"] = json!("Other");
    api.put(&profile, set.clone()).await.expect(204);
    assert_eq!(api.read(&profile).await, set);
    // a default action is for users whom an administrator makes, beside their own, and not for those of an import
    let anna = json!({"username": "anna", "requiredActions": ["VERIFY_EMAIL"]});
    let anna = api.post(&r("/users"), anna).await.created();
    let to_do = api.read(&r(&format!("/users/{anna}"))).await["requiredActions"].clone();
    assert_eq!(to_do, json!(["UPDATE_PROFILE", "VERIFY_EMAIL"]));
    api.post(&r("/partialImport"), json!({"users": [{"username": "bert"}]})).await.expect(200);
    assert_eq!(api.read(&r("/users?username=bert")).await[0]["requiredActions"], json!([]));
    api.put(&profile, json!({"enabled": false})).await.expect(204);
    let cleo = api.post(&r("/users"), json!({"username": "cleo"})).await.created();
    assert_eq!(api.read(&r(&format!("/users/{cleo}"))).await["requiredActions"], json!([]));
    // settings
    let config = format!("{actions}/UPDATE_PASSWORD/config");
    assert_eq!(api.read(&config).await, json!({"config": {"max_auth_age": "300"}}));
    let described = api.read(&format!("{actions}/UPDATE_PASSWORD/config-description")).await;
    assert_eq!(field(&described["properties"], "name"), ["max_auth_age"]);
    api.put(&config, json!({"config": {"max_auth_age": 301}})).await.expect(204);
    assert_eq!(api.read(&config).await["config"]["max_auth_age"], "301");
    assert_eq!(api.read(&format!("{actions}/UPDATE_PASSWORD")).await["config"], json!({"max_auth_age": "301"}));
    for wrong in ["-1", "x"] {
        api.put(&config, json!({"config": {"max_auth_age": wrong}})).await.expect(400);
    }
    api.delete(&config).await.expect(204);
    assert_eq!(api.read(&config).await, json!({"config": {"max_auth_age": "300"}}));
    let nothing = format!("{actions}/nothing/config");
    api.get(&nothing).await.error(400, "RequiredAction is not configurable");
    api.delete(&profile).await.expect(204);
    api.get(&format!("{profile}/config")).await.error(404, "Could not find RequiredAction config");
}

//! The realm's policies, which judge the client that a request would leave behind.

use reqwest::Method;
use serde_json::{Value, json};

use super::{KEYCLOAK, STANDARD, app, client_id, own_access, refused, with};
use crate::http::support::{REALM, World, field, r};

const TYPE: &str = "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy";

fn rejected(policy: &str, text: &str) -> String {
    format!("Policy '{policy}' rejected request to client-registration service. Details: {text}")
}

#[track_caller]
fn rejects(reply: crate::http::support::Reply, policy: &str, text: &str) {
    let reply = reply.expect(403);
    let body = reply.json();
    assert_eq!(body["error"], "insufficient_scope", "{body}");
    assert_eq!(body["error_description"], rejected(policy, text));
}

impl World {
    async fn policies(&self, access: &str) -> Vec<Value> {
        let all = self.admin.read(&r(&format!("/components?type={TYPE}"))).await;
        all.as_array().unwrap().iter().filter(|policy| policy["subType"] == access).cloned().collect()
    }

    async fn policy(&self, access: &str, provider: &str) -> Value {
        let found = self.policies(access).await.into_iter().find(|policy| policy["providerId"] == provider);
        found.unwrap_or_else(|| panic!("no {access} policy {provider}"))
    }

    async fn set_policy(&self, access: &str, provider: &str, config: Value) {
        let policy = self.policy(access, provider).await;
        let path = r(&format!("/components/{}", policy["id"].as_str().unwrap()));
        self.admin.put(&path, json!({"config": config})).await.expect(204);
    }

    async fn remove_policy(&self, access: &str, provider: &str) {
        let policy = self.policy(access, provider).await;
        self.admin.delete(&r(&format!("/components/{}", policy["id"].as_str().unwrap()))).await.expect(204);
    }

    /// Trusts whoever calls from this machine, and these hosts in addresses.
    async fn trust(&self, hosts: &[&str]) {
        self.set_policy("anonymous", "trusted-hosts", json!({"trusted-hosts": hosts})).await;
    }
}

#[tokio::test]
async fn a_new_realm_has_keycloaks_policies() {
    let world = World::start().await;
    let all = world.admin.read(&r(&format!("/components?type={TYPE}"))).await;
    let mut found: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|policy| ["subType", "name", "providerId"].map(|name| policy[name].as_str().unwrap().to_owned()))
        .collect();
    found.sort();
    let expected = [
        ["anonymous", "Allowed Client Scopes", "allowed-client-templates"],
        ["anonymous", "Allowed Protocol Mapper Types", "allowed-protocol-mappers"],
        ["anonymous", "Consent Required", "consent-required"],
        ["anonymous", "Full Scope Disabled", "scope"],
        ["anonymous", "Max Clients Limit", "max-clients"],
        ["anonymous", "Trusted Hosts", "trusted-hosts"],
        ["authenticated", "Allowed Client Scopes", "allowed-client-templates"],
        ["authenticated", "Allowed Protocol Mapper Types", "allowed-protocol-mappers"],
    ];
    assert_eq!(found, expected.map(|policy| policy.map(str::to_owned)));
    let realm = world.admin.read(&r("")).await;
    assert!(field(&all, "parentId").iter().all(|parent| realm["id"] == *parent));
    let hosts = world.policy("anonymous", "trusted-hosts").await;
    assert_eq!(hosts["config"]["client-uris-must-match"], json!(["true"]));
    assert_eq!(hosts["config"].get("trusted-hosts"), None);
}

#[tokio::test]
async fn strangers_are_refused_until_somebody_is_trusted() {
    let world = World::start().await;
    for dialect in [STANDARD, KEYCLOAK] {
        rejects(world.register(dialect, None, &json!({})).await, "Trusted Hosts", "Host not trusted.");
    }
    // addresses in the list are of callers, and never looked up
    world.trust(&["app.example.org", "10.0.0.0/8"]).await;
    rejects(world.register(STANDARD, None, &app()).await, "Trusted Hosts", "Host not trusted.");
    world.trust(&["127.0.0.1"]).await;
    let text = "URI doesn't match any trusted host or trusted domain";
    rejects(world.register(STANDARD, None, &app()).await, "Trusted Hosts", text);
    world.trust(&["127.0.0.0/8", "*.example.org"]).await;
    let client = world.register(STANDARD, None, &app()).await.expect(201).json();
    let seen = world.seen(client_id(&client)).await;
    assert_eq!((&seen["consentRequired"], &seen["fullScopeAllowed"]), (&json!(true), &json!(false)));
    // a forwarded address is nobody's
    world.trust(&["203.0.113.7", "*.example.org"]).await;
    let address = world.url(&format!("/realms/{REALM}/clients-registrations/openid-connect"));
    let request = world.http.post(address).header("x-forwarded-for", "203.0.113.7").json(&app());
    rejects(crate::http::support::send(request).await, "Trusted Hosts", "Host not trusted.");
    // nor does the client manage itself from elsewhere
    rejects(world.own(Method::GET, &client, None).await, "Trusted Hosts", "Host not trusted.");
    rejects(world.own(Method::DELETE, &client, None).await, "Trusted Hosts", "Host not trusted.");
}

/// Attack 65: an address that the policy doesn't see is one that gets through.
#[tokio::test]
async fn attack_65_every_address_of_a_client_is_judged() {
    let world = World::start().await;
    world.trust(&["127.0.0.1", "app.example.org"]).await;
    let text = "URI doesn't match any trusted host or trusted domain";
    let elsewhere = "https://evil.example/x";
    for more in [
        json!({"redirect_uris": ["https://app.example.org/cb", elsewhere]}),
        json!({"redirect_uris": ["com.example.app:/cb"]}),
        json!({"client_uri": elsewhere}),
        json!({"logo_uri": elsewhere}),
        json!({"policy_uri": elsewhere}),
        json!({"tos_uri": elsewhere}),
        json!({"jwks_uri": elsewhere}),
        json!({"initiate_login_uri": elsewhere}),
        json!({"backchannel_logout_uri": elsewhere}),
        json!({"frontchannel_logout_uri": elsewhere}),
        json!({"request_uris": [elsewhere]}),
        json!({"post_logout_redirect_uris": ["https://app.example.org/", elsewhere]}),
    ] {
        rejects(world.register(STANDARD, None, &with(app(), more)).await, "Trusted Hosts", text);
    }
    for given in [
        json!({"rootUrl": elsewhere, "redirectUris": []}),
        json!({"adminUrl": elsewhere}),
        json!({"webOrigins": ["*"]}),
        json!({"webOrigins": ["https://evil.example"]}),
    ] {
        rejects(world.register(KEYCLOAK, None, &given).await, "Trusted Hosts", text);
    }
    // a change is judged by all that the client is then
    let client = world.register(STANDARD, None, &app()).await.expect(201).json();
    let change = with(app(), json!({"client_id": client_id(&client), "logo_uri": elsewhere}));
    rejects(world.own(Method::PUT, &client, Some(&change)).await, "Trusted Hosts", text);
    let kept = with(app(), json!({"client_id": client_id(&client), "logo_uri": "https://app.example.org/logo"}));
    world.own(Method::PUT, &client, Some(&kept)).await.expect(200);
}

/// Attack 65: fields that are left out, or sent to say the opposite.
#[tokio::test]
async fn attack_65_what_strangers_get_cannot_be_had_otherwise() {
    let world = World::start().await;
    world.trust(&["127.0.0.1", "app.example.org"]).await;
    let wanted = json!({
        "clientId": "app", "consentRequired": false, "fullScopeAllowed": true, "notBefore": 7,
        "attributes": {"access.token.lifespan": "999999", "logoUri": "https://app.example.org/logo"},
    });
    let client = world.register(KEYCLOAK, None, &wanted).await.expect(201).json();
    assert_eq!((&client["consentRequired"], &client["fullScopeAllowed"]), (&json!(true), &json!(false)));
    assert_eq!(client["attributes"].get("access.token.lifespan"), None);
    assert_eq!(client["attributes"]["logoUri"], "https://app.example.org/logo");
    assert_eq!(client["notBefore"], 0);
    let own = client["registrationAccessToken"].as_str().unwrap();
    let url = world.url(&format!("/realms/{REALM}/clients-registrations/default/app"));
    for change in [json!({"consentRequired": false}), json!({"fullScopeAllowed": true})] {
        let change = with(json!({"clientId": "app"}), change);
        let reply = world.registration(Method::PUT, &url, Some(own), Some(&change)).await;
        assert!([400, 403].contains(&reply.status), "{}", reply.text());
    }
    let standard = with(app(), json!({"client_id": "app"}));
    let url = url.replace("/default/", "/openid-connect/");
    world.registration(Method::PUT, &url, Some(own), Some(&standard)).await.expect(200);
    let seen = world.seen("app").await;
    assert_eq!((&seen["consentRequired"], &seen["fullScopeAllowed"]), (&json!(true), &json!(false)));
}

fn mapper(name: &str, kind: &str, config: Value) -> Value {
    json!({"name": name, "protocol": "openid-connect", "protocolMapper": kind, "config": config})
}

/// CVE-2026-16102 and attack 65: a mapper is judged by what it is, not by its name or its id.
#[tokio::test]
async fn attack_65_a_mapper_of_another_kind_is_another_mapper() {
    let world = World::start().await;
    let token = world.initial_access(20).await;
    let role = mapper("m", "oidc-hardcoded-role-mapper", json!({"role": "realm-management.realm-admin"}));
    let name = mapper("m", "oidc-full-name-mapper", json!({"id.token.claim": "true"}));
    let with_mapper = |mapper: &Value| json!({"clientId": "app", "protocolMappers": [mapper]});
    let text = "ProtocolMapper type not allowed";
    let policy = "Allowed Protocol Mapper Types";
    rejects(world.register(KEYCLOAK, Some(&token), &with_mapper(&role)).await, policy, text);
    let made = world.register(KEYCLOAK, Some(&token), &with_mapper(&name)).await.expect(201).json();
    let own = made["registrationAccessToken"].as_str().unwrap();
    let url = world.url(&format!("/realms/{REALM}/clients-registrations/default/app"));
    let swapped = with(
        made["protocolMappers"][0].clone(),
        json!({
            "protocolMapper": "oidc-hardcoded-role-mapper", "config": {"role": "realm-management.realm-admin"},
        }),
    );
    let reply = world.registration(Method::PUT, &url, Some(own), Some(&with_mapper(&swapped))).await;
    rejects(reply, policy, text);
    // what an administrator added stays, as it is
    let id = world.client_id(REALM, "app").await;
    let audience = mapper("audience", "oidc-audience-mapper", json!({"included.client.audience": "app"}));
    world.admin.post(&r(&format!("/clients/{id}/protocol-mappers/models")), audience).await.expect(201);
    let standard = with(app(), json!({"client_id": "app"}));
    let url = url.replace("/default/", "/openid-connect/");
    let changed = world.registration(Method::PUT, &url, Some(own), Some(&standard)).await.expect(200).json();
    let mut mappers = world.seen("app").await["protocolMappers"].clone();
    assert_eq!(mappers.as_array().unwrap().len(), 2);
    let (_, own) = own_access(&changed);
    let url = url.replace("/openid-connect/", "/default/");
    for mapper in mappers.as_array_mut().unwrap() {
        if mapper["name"] == "audience" {
            mapper["config"]["included.client.audience"] = "realm-management".into();
        }
    }
    let change = json!({"clientId": "app", "protocolMappers": mappers});
    rejects(world.registration(Method::PUT, &url, Some(&own), Some(&change)).await, policy, text);
}

#[tokio::test]
async fn client_scopes_are_those_of_new_clients_or_named_ones() {
    let world = World::start().await;
    let token = world.initial_access(20).await;
    world.admin.post(&r("/client-scopes"), json!({"name": "mine", "protocol": "openid-connect"})).await.expect(201);
    let text = "Not permitted to use specified clientScope";
    for given in [json!({"defaultClientScopes": ["mine"]}), json!({"optionalClientScopes": ["mine", "email"]})] {
        rejects(world.register(KEYCLOAK, Some(&token), &given).await, "Allowed Client Scopes", text);
    }
    let with_account = json!({"serviceAccountsEnabled": true, "publicClient": false});
    world.register(KEYCLOAK, Some(&token), &with_account).await.expect(201);
    let config = json!({"allowed-client-scopes": ["mine"]});
    world.set_policy("authenticated", "allowed-client-templates", config).await;
    let given = json!({"clientId": "app", "defaultClientScopes": ["mine"], "optionalClientScopes": ["phone"]});
    let made = world.register(KEYCLOAK, Some(&token), &given).await.expect(201).json();
    assert_eq!((&made["defaultClientScopes"], &made["optionalClientScopes"]), (&json!(["mine"]), &json!(["phone"])));
    // what the client has it may keep
    world.set_policy("authenticated", "allowed-client-templates", json!({"allowed-client-scopes": [""]})).await;
    let own = made["registrationAccessToken"].as_str().unwrap();
    let url = world.url(&format!("/realms/{REALM}/clients-registrations/default/app"));
    let change = json!({"clientId": "app", "defaultClientScopes": ["email"], "optionalClientScopes": ["mine"]});
    let made = world.registration(Method::PUT, &url, Some(own), Some(&change)).await.expect(200).json();
    assert_eq!((&made["defaultClientScopes"], &made["optionalClientScopes"]), (&json!(["email"]), &json!(["mine"])));
    world.set_policy("authenticated", "allowed-client-templates", json!({"allow-default-scopes": ["false"]})).await;
    rejects(world.register(STANDARD, Some(&token), &app()).await, "Allowed Client Scopes", text);
}

#[tokio::test]
async fn strangers_fill_a_realm_up_to_its_limit() {
    let world = World::start().await;
    world.trust(&["127.0.0.1"]).await;
    let present = world.admin.read(&r("/clients")).await.as_array().unwrap().len();
    world.set_policy("anonymous", "max-clients", json!({"max-clients": [(present + 3).to_string()]})).await;
    let document = json!({});
    let requests = (0..10).map(|_| world.register(STANDARD, None, &document));
    let replies = futures_util::future::join_all(requests).await;
    let (made, others): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 201);
    assert_eq!(made.len(), 3);
    for reply in others {
        let text = format!("It's allowed to have max {} clients per realm", present + 3);
        rejects(reply, "Max Clients Limit", &text);
    }
    // it is for strangers only, and for new clients
    world.registered(&app()).await;
    let client = made[0].json();
    world.own(Method::PUT, &client, Some(&json!({"client_id": client_id(&client)}))).await.expect(200);
}

#[tokio::test]
async fn what_an_administrator_removes_is_not_asked_any_more() {
    let world = World::start().await;
    world.remove_policy("anonymous", "trusted-hosts").await;
    let client = world.register(STANDARD, None, &app()).await.expect(201).json();
    assert_eq!(world.seen(client_id(&client)).await["consentRequired"], true);
    for provider in ["consent-required", "scope", "max-clients", "allowed-protocol-mappers"] {
        world.remove_policy("anonymous", provider).await;
    }
    world.register(STANDARD, None, &app()).await.expect(201);
    // but without any of them nobody has said that strangers are welcome
    world.remove_policy("anonymous", "allowed-client-templates").await;
    refused(world.register(STANDARD, None, &app()).await, 403, "insufficient_scope", None);
    // and a realm without any at all is one from before there were any
    for provider in ["allowed-client-templates", "allowed-protocol-mappers"] {
        world.remove_policy("authenticated", provider).await;
    }
    rejects(world.register(STANDARD, None, &app()).await, "Trusted Hosts", "Host not trusted.");
    let token = world.initial_access(1).await;
    let role = mapper("m", "oidc-hardcoded-role-mapper", json!({"role": "realm-management.realm-admin"}));
    let given = json!({"protocolMappers": [role]});
    let reply = world.register(KEYCLOAK, Some(&token), &given).await;
    rejects(reply, "Allowed Protocol Mapper Types", "ProtocolMapper type not allowed");
}

#[tokio::test]
async fn both_checks_of_trusted_hosts_can_be_switched_off() {
    let world = World::start().await;
    let off = json!({
        "host-sending-registration-request-must-match": ["false"], "client-uris-must-match": ["false"],
    });
    world.set_policy("anonymous", "trusted-hosts", off).await;
    let client = world.register(STANDARD, None, &app()).await.expect(201).json();
    world.own(Method::GET, &client, None).await.expect(200);
}

#[tokio::test]
async fn new_clients_may_have_to_wait_for_an_administrator() {
    let world = World::start().await;
    let policy = json!({
        "name": "Client Disabled", "providerId": "client-disabled", "providerType": TYPE, "subType": "authenticated",
    });
    world.admin.post(&r("/components"), policy).await.expect(201);
    let client = world.registered(&app()).await;
    assert_eq!(world.seen(client_id(&client)).await["enabled"], false);
    refused(world.own(Method::GET, &client, None).await, 401, "invalid_token", None);
    world.change(client_id(&client), json!({"enabled": true})).await;
    world.own(Method::GET, &client, None).await.expect(200);
}

#[tokio::test]
async fn pages_of_named_origins_may_register_clients() {
    let world = World::start().await;
    world.trust(&["127.0.0.1", "app.example.org"]).await;
    let policy = json!({
        "name": "Allowed Registration Web Origins", "providerId": "registration-web-origins", "providerType": TYPE,
        "subType": "anonymous", "config": {"web-origins": ["https://inspector.example.org"]},
    });
    world.admin.post(&r("/components"), policy).await.expect(201);
    let url = world.url(&format!("/realms/{REALM}/clients-registrations/openid-connect"));
    for (origin, allowed) in [("https://inspector.example.org", true), ("https://evil.example", false)] {
        let request = world.http.post(&url).header("origin", origin).json(&app());
        let reply = crate::http::support::send(request).await.expect(201);
        assert_eq!(reply.header("access-control-allow-origin"), allowed.then_some(origin));
    }
}

#[tokio::test]
async fn policies_are_checked_before_they_are_kept_and_keep_what_nobody_knows() {
    let world = World::start().await;
    let policy = |provider: &str, access: &str, config: Value| json!({"name": "mine", "providerId": provider, "providerType": TYPE, "subType": access, "config": config});
    for (bad, name) in [
        (policy("nonsense", "anonymous", json!({})), "kind"),
        (policy("scope", "nobody", json!({})), "access"),
        (policy("max-clients", "anonymous", json!({})), "no limit"),
        (policy("max-clients", "anonymous", json!({"max-clients": ["-1"]})), "limit"),
        (policy("max-clients", "anonymous", json!({"max-clients": ["x"]})), "limit"),
        (policy("trusted-hosts", "anonymous", json!({"trusted-hosts": ["https://a.example/"]})), "host"),
        (policy("trusted-hosts", "anonymous", json!({"client-uris-must-match": ["yes"]})), "switch"),
    ] {
        let reply = world.admin.post(&r("/components"), bad).await;
        assert_eq!(reply.status, 400, "{name}: {}", reply.text());
    }
    let config = json!({"max-clients": ["7"], "frobnicate": ["a", "b"]});
    let id = world.admin.post(&r("/components"), policy("max-clients", "anonymous", config.clone())).await.created();
    let path = r(&format!("/components/{id}"));
    assert_eq!(world.admin.read(&path).await["config"], config);
    world.admin.put(&path, json!({"config": {"max-clients": ["8"]}})).await.expect(204);
    let kept = world.admin.read(&path).await;
    assert_eq!(kept["config"], json!({"max-clients": ["8"], "frobnicate": ["a", "b"]}));
    world.admin.put(&path, json!({"config": {"max-clients": ["x"]}})).await.expect(400);
    world.admin.delete(&path).await.expect(204);
}

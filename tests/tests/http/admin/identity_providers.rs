//! Identity providers, their mappers, and the accounts that users have there.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use tests::{Hosting, RelyingParty, localhost};

use crate::http::support::{World, field, r, send};

const INSTANCES: &str = "/identity-provider/instances";

fn idp(alias: &str, config: Value) -> Value {
    json!({"alias": alias, "providerId": "oidc", "config": config})
}

#[tokio::test]
async fn an_identity_provider_is_made_listed_changed_and_removed() {
    let world = World::start().await;
    let api = &world.admin;
    let instances = r(INSTANCES);
    let given = json!({
        "alias": "corp", "providerId": "oidc", "displayName": "Corporate", "trustEmail": true, "enabled": true,
        "firstBrokerLoginFlowAlias": "first broker login",
        "config": {"clientId": "us", "authorizationUrl": "https://idp.example/auth", "guiOrder": 3},
    });
    let location = api.post(&instances, given).await.expect(201);
    assert!(location.header("location").unwrap().ends_with("/identity-provider/instances/corp"));
    assert!(location.body.is_empty());
    let path = format!("{instances}/corp");
    let read = api.read(&path).await;
    for (name, value) in [
        ("displayName", json!("Corporate")),
        ("trustEmail", json!(true)),
        ("storeToken", json!(false)),
        ("hideOnLogin", json!(false)),
        ("firstBrokerLoginFlowAlias", json!("first broker login")),
        ("types", json!(["USER_AUTHENTICATION"])),
    ] {
        assert_eq!(read[name], value, "{name} of {read}");
    }
    assert_eq!(read.get("postBrokerLoginFlowAlias"), None);
    assert_eq!((&read["config"]["syncMode"], &read["config"]["guiOrder"]), (&json!("LEGACY"), &json!("3")));
    let by_id = api.read(&format!("{instances}/{}", read["internalId"].as_str().unwrap())).await;
    assert_eq!(by_id, read);
    api.post(&instances, idp("corp", json!({}))).await.error_message(409, "Identity Provider corp already exists");
    let unknown = json!({"alias": "x", "providerId": "nothing"});
    api.post(&instances, unknown).await.error_message(400, "Invalid identity provider id [nothing]");
    api.post(&instances, idp("a b", json!({}))).await.error(400, "Character ' ' not allowed.");
    let script = idp("x", json!({"authorizationUrl": "javascript:alert(1)"}));
    api.post(&instances, script).await.error_message(400, "The url [authorizationUrl] is malformed");
    let flow = json!({"alias": "x", "providerId": "oidc", "postBrokerLoginFlowAlias": "nothing"});
    api.post(&instances, flow).await.error_message(400, "No available authentication flow with alias: nothing");
    for alias in ["github", "google"] {
        api.post(&instances, json!({"alias": alias, "providerId": alias, "enabled": false})).await.expect(201);
    }
    let found = async |query: &str| {
        let found = api.read(&format!("{instances}?{query}")).await;
        field(&found, "alias").iter().map(|alias| (*alias).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("").await, ["corp", "github", "google"]);
    assert_eq!(found("search=g").await, ["github", "google"]);
    assert_eq!(found("search=*hub*").await, ["github"]);
    assert_eq!(found("search=%22corporate%22").await, ["corp"]);
    assert_eq!(found("first=1&max=1").await, ["github"]);
    assert_eq!(found("type=CLIENT_ASSERTION").await, [""; 0]);
    let brief = api.read(&format!("{instances}?briefRepresentation=true&search=github")).await;
    assert_eq!((brief[0].get("config"), &brief[0]["enabled"]), (None, &json!(false)));
    // a flow that a provider names stays
    let copy = r("/authentication/flows/browser/copy");
    let copy = api.post(&copy, json!({"newName": "after"})).await.created();
    api.put(&path, json!({"postBrokerLoginFlowAlias": "after", "enabled": false})).await.expect(204);
    let read = api.read(&path).await;
    assert_eq!((&read["postBrokerLoginFlowAlias"], &read["trustEmail"]), (&json!("after"), &json!(true)));
    let text = "Cannot remove authentication flow, it is currently in use";
    let copy = r(&format!("/authentication/flows/{copy}"));
    api.delete(&copy).await.error(400, text);
    api.put(&path, json!({"alias": "other"})).await.error_message(400, "Identity Provider alias cannot be changed");
    api.put(&path, json!({"postBrokerLoginFlowAlias": ""})).await.expect(204);
    api.delete(&copy).await.expect(204);
    api.get(&format!("{path}/export")).await.expect(204);
    assert_eq!(api.read(&format!("{path}/reload-keys")).await, json!(false));
    assert_eq!(api.read(&r("/identity-provider/providers/oidc")).await["name"], "OpenID Connect v1.0");
    api.get(&r("/identity-provider/providers/nothing")).await.error(400, "HTTP 400 Bad Request");
    api.delete(&path).await.expect(204);
    for reply in [api.get(&path).await, api.delete(&path).await, api.put(&path, json!({})).await] {
        reply.error(404, "HTTP 404 Not Found");
    }
}

/// A secret is shown to nobody, and one that is kept behind the mask goes to no other address than before.
#[tokio::test]
async fn a_providers_secret_is_sealed_masked_and_stays_where_it_was_given_for() {
    let world = World::start().await;
    let api = &world.admin;
    api.put(&r("/events/config"), json!({"adminEventsEnabled": true, "adminEventsDetailsEnabled": true}))
        .await
        .expect(204);
    let config = json!({
        "clientId": "us", "clientSecret": "h1dden", "tokenUrl": "https://idp.example/token",
        "authorizationUrl": "https://idp.example/auth",
    });
    api.post(&r(INSTANCES), idp("corp", config)).await.expect(201);
    let path = r(&format!("{INSTANCES}/corp"));
    let kept = async || {
        let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
        let sql = "select config ->> 'clientSecret' from identity_providers where alias = 'corp'";
        let kept: Option<String> = sqlx::query_scalar(sql).fetch_one(&mut database).await.unwrap();
        database.close().await.unwrap();
        kept
    };
    let sealed = kept().await.unwrap();
    assert!(!sealed.contains("h1dden") && sealed.len() > 40, "{sealed}");
    let mut read = api.read(&path).await;
    assert_eq!(read["config"]["clientSecret"], "**********");
    // what is read can be written back
    read["config"]["authorizationUrl"] = json!("https://other.example/auth");
    api.put(&path, read.clone()).await.expect(204);
    assert_eq!(kept().await.unwrap(), sealed);
    // but not for another address
    let shown = api.read(&path).await;
    for (name, value) in [("tokenUrl", "https://evil.example/token"), ("userInfoUrl", "https://evil.example/me")] {
        let mut elsewhere = shown.clone();
        elsewhere["config"][name] = json!(value);
        let reply = api.put(&path, elsewhere).await.expect(400);
        assert!(reply.json()["errorMessage"].as_str().unwrap().starts_with(name), "{}", reply.text());
    }
    let mut elsewhere = shown.clone();
    elsewhere["providerId"] = json!("github");
    api.put(&path, elsewhere).await.expect(400);
    api.put(&path, json!({"providerId": "github"})).await.expect(400);
    assert_eq!(api.read(&path).await, shown);
    let mut anew = shown.clone();
    anew["config"]["tokenUrl"] = json!("https://new.example/token");
    anew["config"]["clientSecret"] = json!("an0ther");
    api.put(&path, anew).await.expect(204);
    assert_ne!(kept().await.unwrap(), sealed);
    // a mask that stands for nothing is no secret
    let copy = idp("copy", shown["config"].clone());
    assert_eq!(api.post(&r(INSTANCES), copy).await.status, 400);
    api.put(&path, json!({"config": {"clientId": "us"}})).await.expect(204);
    assert_eq!(kept().await, None);
    let events = api.read(&r("/admin-events?resourceTypes=IDENTITY_PROVIDER")).await.to_string();
    assert!(events.contains("corp") && !events.contains("h1dden") && !events.contains("an0ther"), "{events}");
    // whoever may only look at them sees no more
    let viewer = world.user("viewer", "pw").await;
    world.grant_admin("acme", &viewer, "view-identity-providers").await;
    let viewer = world.api("acme", "viewer", "pw").await;
    viewer.get(&path).await.expect(200);
    viewer.put(&path, json!({})).await.expect(403);
}

#[tokio::test]
async fn mappers_of_a_provider_are_made_listed_changed_and_removed() {
    let world = World::start().await;
    let api = &world.admin;
    api.post(&r(INSTANCES), idp("corp", json!({}))).await.expect(201);
    let path = r(&format!("{INSTANCES}/corp"));
    let types = api.read(&format!("{path}/mapper-types")).await;
    assert_eq!(types["oidc-user-attribute-idp-mapper"]["name"], "Attribute Importer");
    assert_eq!(types.get("saml-user-attribute-idp-mapper"), None);
    let given = json!({
        "name": "mail", "identityProviderAlias": "corp", "identityProviderMapper": "oidc-user-attribute-idp-mapper",
        "config": {"claim": "email", "user.attribute": "email"},
    });
    let mappers = format!("{path}/mappers");
    let id = api.post(&mappers, given.clone()).await.created();
    let one = format!("{mappers}/{id}");
    let mut expected = given.clone();
    expected["id"] = json!(id);
    assert_eq!(api.read(&one).await, expected);
    let text = "Failed to add mapper 'mail' to identity provider [oidc].";
    api.post(&mappers, given.clone()).await.error_message(400, text);
    let mut of_another = given.clone();
    of_another["identityProviderAlias"] = json!("other");
    api.post(&mappers, of_another).await.error_message(400, text);
    api.put(&one, json!({"id": id, "config": {"claim": "mail"}})).await.expect(204);
    let read = api.read(&mappers).await;
    assert_eq!((&read[0]["config"], &read[0]["name"]), (&json!({"claim": "mail"}), &json!("mail")));
    api.delete(&one).await.expect(204);
    for reply in [api.get(&one).await, api.delete(&one).await, api.put(&one, json!({})).await] {
        reply.error(404, "Model not found");
    }
    let nowhere = r(&format!("{INSTANCES}/nothing/mappers"));
    api.get(&nowhere).await.error(404, "HTTP 404 Not Found");
    api.post(&nowhere, given).await.error(404, "HTTP 404 Not Found");
}

#[tokio::test]
async fn settings_are_read_from_metadata_at_an_address_or_in_a_file() {
    let hosting = Hosting { outgoing_trust: Some(localhost::authority_pem()), ..Hosting::default() };
    let world = World::hosted(hosting).await;
    let api = &world.admin;
    let import = r("/identity-provider/import-config");
    // of a realm of this server, which it asks nobody for
    let own = world.url("/realms/master/.well-known/openid-configuration");
    let read = api.post(&import, json!({"fromUrl": own, "providerId": "oidc"})).await.expect(200).json();
    assert_eq!(read["issuer"], json!(world.url("/realms/master")));
    assert_eq!(read["tokenUrl"], json!(world.url("/realms/master/protocol/openid-connect/token")));
    assert_eq!((&read["useJwksUrl"], &read["metadataDescriptorUrl"]), (&json!("true"), &json!(own)));
    // of others only where the realm allows it
    let metadata = json!({"issuer": "https://idp.example", "token_endpoint": "https://idp.example/token"});
    let party = RelyingParty::start();
    let elsewhere = party.publish_json("/metadata", &metadata);
    let body = json!({"fromUrl": elsewhere, "providerId": "oidc"});
    let reply = api.post(&import, body.clone()).await.expect(400);
    assert!(reply.text().contains("can't be fetched"), "{}", reply.text());
    api.put(&r(""), json!({"attributes": {"outgoing.allowed-networks": "127.0.0.0/8,::1/128"}})).await.expect(204);
    let read = api.post(&import, body).await.expect(200).json();
    assert_eq!((&read["issuer"], read.get("useJwksUrl")), (&json!("https://idp.example"), None));
    for bad in [
        json!({}),
        json!({"fromUrl": own}),
        json!({"providerId": "oidc"}),
        json!({"fromUrl": own, "providerId": "saml"}),
    ] {
        api.post(&import, bad).await.error(400, "HTTP 400 Bad Request");
    }
    let upload = async |form: Form| send(api.request(Method::POST, &import).multipart(form)).await;
    let file = || Part::bytes(metadata.to_string().into_bytes()).file_name("metadata.json");
    let read = upload(Form::new().text("providerId", "keycloak-oidc").part("file", file())).await.expect(200).json();
    assert_eq!((&read["tokenUrl"], &read["syncMode"]), (&json!("https://idp.example/token"), &json!("LEGACY")));
    upload(Form::new().text("providerId", "oidc")).await.error(400, "HTTP 400 Bad Request");
    let no_json = Part::bytes(b"<xml/>".to_vec());
    upload(Form::new().text("providerId", "oidc").part("file", no_json)).await.expect(400);
    let broken =
        api.request(Method::POST, &import).header("content-type", "multipart/form-data; boundary=x").body("--x");
    send(broken).await.expect(400);
    // keys: what a provider's settings need of them, and nothing is kept
    let path = r("/identity-provider/upload-certificate");
    let upload = async |format: &'static str, file: String| {
        let form = Form::new().text("keystoreFormat", format).part("file", Part::bytes(file.into_bytes()));
        send(api.request(Method::POST, &path).multipart(form)).await
    };
    let keys = api.read(&r("/keys")).await;
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["algorithm"] == "RS256").unwrap();
    let text = |name: &str| key[name].as_str().unwrap().to_owned();
    let read = upload("Certificate PEM", text("certificate")).await.expect(200).json();
    assert_eq!(read, json!({"certificate": key["certificate"], "publicKey": key["publicKey"]}));
    let read = upload("Public Key PEM", text("publicKey")).await.expect(200).json();
    assert_eq!(read, json!({"publicKey": key["publicKey"]}));
    let jwks = send(world.http.get(world.url("/realms/acme/protocol/openid-connect/certs"))).await.text();
    assert_eq!(upload("JSON Web Key Set", jwks.clone()).await.expect(200).json(), json!({ "jwks": jwks }));
    for (format, file) in
        [("Certificate PEM", "x"), ("Public Key PEM", "x"), ("JSON Web Key Set", "{}"), ("PKCS12", "x")]
    {
        let refused = upload(format, file.to_owned()).await.expect(400).json();
        assert_eq!(refused["error"], "certificate-not-found", "{format}: {refused}");
    }
    upload("JKS", "x".to_owned()).await.expect(400);
}

#[tokio::test]
async fn a_user_is_linked_to_accounts_elsewhere() {
    let world = World::start().await;
    let api = &world.admin;
    let alice = world.user("alice", "pw").await;
    let bob = world.user("bob", "pw").await;
    let links = |user: &str| r(&format!("/users/{user}/federated-identity"));
    api.post(&r(INSTANCES), idp("corp", json!({}))).await.expect(201);
    let account = json!({"identityProvider": "corp", "userId": "4711", "userName": "ali"});
    let corp = format!("{}/corp", links(&alice));
    api.post(&corp, account.clone()).await.expect(204);
    assert_eq!(api.read(&links(&alice)).await, json!([account]));
    api.post(&corp, account.clone()).await.error_message(409, "User is already linked with provider");
    // nobody else is that account
    assert_eq!(api.post(&format!("{}/corp", links(&bob)), account.clone()).await.status, 409);
    // a provider that isn't there can be named, and isn't shown
    let nothing = format!("{}/nothing", links(&alice));
    api.post(&nothing, json!({"userId": "1", "userName": "x"})).await.expect(204);
    assert_eq!(field(&api.read(&links(&alice)).await, "identityProvider"), ["corp"]);
    api.delete(&nothing).await.expect(204);
    api.delete(&nothing).await.error(404, "Link not found");
    api.get(&links("nothing")).await.error(404, "User not found");
    api.post(&format!("{}/corp", links("nothing")), account.clone()).await.error(404, "User not found");
    // with the provider go its accounts
    api.delete(&r(&format!("{INSTANCES}/corp"))).await.expect(204);
    api.post(&r(INSTANCES), idp("corp", json!({}))).await.expect(201);
    assert_eq!(api.read(&links(&alice)).await, json!([]));
    // nobody becomes an administrator by an account of their own elsewhere
    let boss = world.user("boss", "pw").await;
    world.grant_admin("acme", &boss, "realm-admin").await;
    let helper = world.user("helper", "pw").await;
    world.grant_admin("acme", &helper, "manage-users").await;
    let helper = world.api("acme", "helper", "pw").await;
    helper.post(&format!("{}/corp", links(&bob)), account.clone()).await.expect(204);
    helper.post(&format!("{}/corp", links(&boss)), json!({"userId": "1"})).await.expect(403);
}

//! User stores, and the tests of directories and mail servers.

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use tests::{
    Hosting,
    directory_server::{self, DirectoryServer},
    localhost,
    mail_server::{self, MailServer},
};

use crate::http::support::{World, field, r, send};

const PROVIDER: &str = "org.keycloak.storage.UserStorageProvider";
const MAPPER: &str = "org.keycloak.storage.ldap.mappers.LDAPStorageMapper";

fn ldap(url: &str) -> Value {
    json!({
        "name": "corp", "providerId": "ldap", "providerType": PROVIDER,
        "config": {
            "connectionUrl": [url], "bindDn": [directory_server::LOGIN.0], "bindCredential": ["s3cret"],
            "vendor": ["other"], "usersDn": ["ou=people,dc=example,dc=org"], "usernameLDAPAttribute": ["uid"],
        },
    })
}

#[tokio::test]
async fn a_directory_is_kept_with_its_mappers_and_its_secret_sealed() {
    let world = World::start().await;
    let api = &world.admin;
    let components = r("/components");
    let id = api.post(&components, ldap("ldap://ldap.example.org")).await.created();
    let path = format!("{components}/{id}");
    let read = api.read(&path).await;
    assert_eq!(read["config"]["bindCredential"], json!(["**********"]));
    let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
    let sql = "select config::text from components where id = $1";
    let kept: String = sqlx::query_scalar(sql).bind(&id).fetch_one(&mut database).await.unwrap();
    assert!(!kept.contains("s3cret"), "{kept}");
    let mappers = api.read(&format!("{components}?parent={id}&type={MAPPER}")).await;
    let names = ["creation date", "email", "first name", "last name", "modify date", "username"];
    assert_eq!(field(&mappers, "name"), names);
    // the mask keeps the secret, but not for another address
    let mut changed = read.clone();
    changed["config"]["usersDn"] = json!(["ou=all,dc=example,dc=org"]);
    api.put(&path, changed.clone()).await.expect(204);
    changed["config"]["connectionUrl"] = json!(["ldap://evil.example.org"]);
    api.put(&path, changed.clone()).await.expect(400);
    changed["config"]["bindCredential"] = json!(["other"]);
    api.put(&path, changed).await.expect(204);
    // an address alone takes the secret nowhere either
    api.put(&path, json!({"config": {"connectionUrl": ["ldap://evil.example.org:99"]}})).await.expect(400);
    let types = api.read(&format!("{path}/sub-component-types?type={MAPPER}")).await;
    assert!(field(&types, "id").contains(&"group-ldap-mapper"));
    api.get(&format!("{path}/sub-component-types")).await.error(400, "must specify a subtype");
    let nowhere = format!("{components}/nothing/sub-component-types?type={MAPPER}");
    api.get(&nowhere).await.error(404, "Could not find parent component");
    for (name, value) in [
        ("providerId", json!("nothing")),
        ("config", json!({"connectionUrl": ["http://ldap.example.org"]})),
        ("config", json!({"customUserSearchFilter": ["uid=x"]})),
        ("config", json!({"bindCredential": ["**********"]})),
    ] {
        let mut bad = ldap("ldap://ldap.example.org");
        bad[name] = value;
        api.post(&components, bad.clone()).await.expect(400);
    }
    // what is asked of a store
    let store = r(&format!("/user-storage/{id}"));
    assert_eq!(api.read(&format!("{store}/name")).await, json!({"id": id, "name": "corp"}));
    for action in ["remove-imported-users", "unlink-users"] {
        api.post(&format!("{store}/{action}"), json!({})).await.expect(204);
        let nowhere = r(&format!("/user-storage/nothing/{action}"));
        api.post(&nowhere, json!({})).await.error(404, "Could not find component");
    }
    let text = "This server takes no users over from a user store";
    api.post(&format!("{store}/sync?action=triggerFullSync"), json!({})).await.error(501, text);
    api.post(&format!("{store}/sync"), json!({})).await.error(400, "Missing action");
    api.post(&r("/user-storage/nothing/sync?action=triggerFullSync"), json!({}))
        .await
        .error(404, "Could not find component");
    let mapper = mappers[0]["id"].as_str().unwrap();
    api.post(&format!("{store}/mappers/{mapper}/sync"), json!({})).await.error(501, text);
    // with the store go its mappers
    api.delete(&path).await.expect(204);
    assert_eq!(api.read(&format!("{components}?parent={id}")).await, json!([]));
    let kept: Vec<String> = sqlx::query_scalar(sql).bind(mapper).fetch_all(&mut database).await.unwrap();
    assert!(kept.is_empty());
    database.close().await.unwrap();
}

#[tokio::test]
async fn a_directory_is_tried_out() {
    let world = World::start().await;
    let api = &world.admin;
    let directory = DirectoryServer::start().await;
    let url = format!("ldap://127.0.0.1:{}", directory.port);
    let ask = |action: &str, password: &str| {
        json!({
            "action": action, "connectionUrl": url, "bindDn": directory_server::LOGIN.0,
            "bindCredential": password, "authType": "simple", "useTruststoreSpi": "always", "startTls": "",
        })
    };
    let test = r("/testLDAPConnection");
    let reply = api.post(&test, ask("testConnection", "")).await.expect(400);
    assert!(reply.json()["errorMessage"].as_str().unwrap().starts_with("CommunicationError: "), "{}", reply.text());
    api.put(&r(""), json!({"attributes": {"outgoing.allowed-networks": "127.0.0.0/8"}})).await.expect(204);
    api.post(&test, ask("testConnection", "")).await.expect(204);
    assert_eq!(directory.binds(), 0);
    api.post(&test, ask("testAuthentication", "s3cret")).await.expect(204);
    let text = "AuthenticationFailure: the directory refused the login with code 49";
    api.post(&test, ask("testAuthentication", "wrong")).await.error_message(400, text);
    let mut start_tls = ask("testConnection", "");
    start_tls["startTls"] = json!("true");
    let text = "CommunicationError: the directory refused StartTLS with code 2";
    api.post(&test, start_tls).await.error_message(400, text);
    let able = api.post(&r("/ldap-server-capabilities"), ask("queryServerCapabilities", "s3cret")).await.expect(200);
    assert_eq!(able.json(), json!([{"oid": directory_server::EXTENSION, "type": "EXTENSION"}]));
    for (name, value) in [("action", "nothing"), ("connectionUrl", "http://127.0.0.1"), ("connectionUrl", "")] {
        let mut bad = ask("testConnection", "");
        bad[name] = json!(value);
        api.post(&test, bad).await.expect(400);
    }
    // the mask stands for a component's password, where that goes anyway
    let id = api.post(&r("/components"), ldap(&url)).await.created();
    let mut kept = ask("testAuthentication", "**********");
    kept["componentId"] = json!(id);
    api.post(&test, kept.clone()).await.expect(204);
    let before = directory.binds();
    kept["connectionUrl"] = json!(format!("{url}/"));
    api.post(&test, kept).await.expect(400);
    assert_eq!(directory.binds(), before, "the password went nowhere else");
}

#[tokio::test]
async fn a_mail_server_is_tried_out_with_a_mail_to_whoever_asks() {
    let hosting = Hosting { outgoing_trust: Some(localhost::authority_pem()), ..Hosting::default() };
    let world = World::hosted(hosting).await;
    let api = &world.admin;
    let test = r("/testSMTPConnection");
    let (name, password) = mail_server::LOGIN;
    let server = MailServer::start().await;
    let settings = |port: u16, more: Value| {
        let mut settings = json!({"host": "localhost", "port": port.to_string(), "from": "id@example.org"});
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        settings
    };
    let login = |password: &str| json!({"starttls": "true", "auth": "true", "user": name, "password": password});
    let full = settings(server.port, login(password));
    api.post(&test, full.clone()).await.error_message(500, "Logged in user does not have an e-mail.");
    let me = api.read("/realms/master/users?username=admin").await[0]["id"].as_str().unwrap().to_owned();
    api.put(&format!("/realms/master/users/{me}"), json!({"email": "boss@example.org"})).await.expect(204);
    // not into networks that the realm does not name
    let refused = api.post(&test, full.clone()).await.expect(500);
    assert!(
        refused.json()["errorMessage"].as_str().unwrap().starts_with("Failed to send email: "),
        "{}",
        refused.text()
    );
    assert!(server.said().is_empty());
    let networks = json!({"attributes": {"outgoing.allowed-networks": "127.0.0.0/8"}});
    api.put(&r(""), networks).await.expect(204);
    api.post(&test, full.clone()).await.expect(204);
    let said = server.said();
    for line in
        ["STARTTLS", "MAIL FROM:<id@example.org>", "RCPT TO:<boss@example.org>", "To: boss@example.org", "DATA", "."]
    {
        assert!(said.iter().any(|said| said.starts_with(line)), "{line} in {said:?}");
    }
    let greeting = said.iter().position(|line| line == "STARTTLS").unwrap();
    assert!(
        said[..greeting].iter().all(|line| line.starts_with("EHLO")),
        "nothing but a greeting before TLS: {said:?}"
    );
    let wrong = settings(server.port, login("wrong"));
    let text = "Failed to send email: the mail server refused the login with code 535";
    api.post(&test, wrong).await.error_message(500, text);
    // the realm's own password, where it goes anyway
    let mut kept = full.clone();
    api.put(&r(""), json!({"smtpServer": kept})).await.expect(204);
    kept["password"] = json!("**********");
    api.post(&test, kept.clone()).await.expect(204);
    let elsewhere = MailServer::start().await;
    kept["port"] = json!(elsewhere.port.to_string());
    api.post(&test, kept).await.expect(400);
    assert!(elsewhere.said().is_empty());
    // with TLS from the start, and without
    let secure = MailServer::secure().await;
    api.post(&test, settings(secure.port, json!({"ssl": true}))).await.expect(204);
    assert!(secure.said().iter().any(|line| line.starts_with("RCPT TO:<boss@")));
    let plain = MailServer::plain().await;
    api.post(&test, settings(plain.port, json!({}))).await.expect(204);
    let text = "Failed to send email: the mail server offers no STARTTLS";
    api.post(&test, settings(plain.port, json!({"starttls": "true"}))).await.error_message(500, text);
    // older clients send a form
    let port = plain.port.to_string();
    let form = [("host", "localhost"), ("port", port.as_str()), ("from", "id@example.org")];
    send(api.request(reqwest::Method::POST, &test).form(&form)).await.expect(204);
    for bad in [json!({}), json!({"host": "localhost"}), settings(plain.port, json!({"from": "x\r\nBcc: y@z"}))] {
        let reply = api.post(&test, bad).await;
        assert!(reply.status == 400 || reply.text().contains("is no address"), "{}: {}", reply.status, reply.text());
    }
}

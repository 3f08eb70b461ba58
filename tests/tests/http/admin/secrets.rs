//! No secret is in what anybody reads, exports or finds in an event or the log, but where Keycloak's own administrators get it:
//! a client's secret, for those who manage clients (attack 51 of the project's list).

use std::collections::BTreeMap;

use model::permission::Permission;
use reqwest::Method;
use serde_json::json;

use crate::http::support::{Api, REALM, World, r, send};

const OF_CLIENT: &str = "secret-of-a-client-7c1f";
const OF_MAIL: &str = "secret-of-the-mail-server-1b7a";
const OF_PROVIDER: &str = "secret-of-a-provider-93de";
const OF_DIRECTORY: &str = "secret-of-a-directory-4f20";
const OF_USER: &str = "Secret-of-a-user-58aa";
const SECRETS: [&str; 5] = [OF_CLIENT, OF_MAIL, OF_PROVIDER, OF_DIRECTORY, OF_USER];

/// Things of the realm by the names that paths have for them.
async fn furnish(world: &World) -> BTreeMap<&'static str, String> {
    let admin = &world.admin;
    let smtp =
        json!({"host": "mail.example.org", "from": "a@example.org", "auth": "true", "user": "u", "password": OF_MAIL});
    admin
        .put(&r(""), json!({"smtpServer": smtp, "adminEventsEnabled": true, "adminEventsDetailsEnabled": true}))
        .await
        .expect(204);
    let client = json!({"clientId": "app", "secret": OF_CLIENT, "serviceAccountsEnabled": true});
    let client = admin.post(&r("/clients"), client).await.created();
    let provider = json!({"alias": "corp", "providerId": "oidc", "config": {
        "clientId": "c", "clientSecret": OF_PROVIDER, "authorizationUrl": "https://idp.example.org/a",
        "tokenUrl": "https://idp.example.org/t"}});
    admin.post(&r("/identity-provider/instances"), provider).await.expect(201);
    let directory = json!({
        "name": "directory", "providerId": "ldap", "providerType": "org.keycloak.storage.UserStorageProvider",
        "config": {
            "vendor": ["other"], "connectionUrl": ["ldap://directory.example.org"], "usersDn": ["ou=people"],
            "authType": ["simple"], "bindDn": ["cn=admin"], "bindCredential": [OF_DIRECTORY],
            "usernameLDAPAttribute": ["uid"], "rdnLDAPAttribute": ["uid"], "uuidLDAPAttribute": ["entryUUID"],
            "userObjectClasses": ["inetOrgPerson"], "editMode": ["READ_ONLY"], "enabled": ["true"],
        },
    });
    let component = admin.post(&r("/components"), directory).await.created();
    let user = world.user("alice", OF_USER).await;
    let group = world.group("/team").await;
    world.role("editor").await;
    BTreeMap::from([
        ("client", client),
        ("user", user),
        ("group", group),
        ("component", component),
        ("alias", "corp".to_owned()),
        ("role", "editor".to_owned()),
        ("realm", REALM.to_owned()),
        ("id", "corp".to_owned()),
    ])
}

/// Every address that can be read, with things that are there in the places of names.
fn addresses(things: &BTreeMap<&str, String>) -> Vec<String> {
    let reads = rest_admin::declared().into_iter().filter(|declared| declared.method == actix_web::http::Method::GET);
    let filled = reads.map(|declared| {
        let mut address = declared.path;
        while let (Some(from), Some(to)) = (address.find('{'), address.find('}')) {
            let name = address[from + 1..to].split(':').next().unwrap().to_owned();
            let value = things.get(name.as_str()).cloned().unwrap_or_else(|| "nothing".to_owned());
            address.replace_range(from..=to, &value);
        }
        address
    });
    filled.collect()
}

async fn search(world: &World, api: &Api, things: &BTreeMap<&str, String>, allowed: &[&str], who: &str) {
    let mut read = 0;
    for address in addresses(things) {
        let reply = api.get(&address).await;
        read += usize::from(reply.status == 200);
        let text = reply.text();
        for secret in SECRETS.iter().filter(|secret| !allowed.contains(secret)) {
            assert!(!text.contains(secret), "{who} reads a secret at {address}: {text}");
        }
    }
    assert!(read > 40, "{who} could read {read} addresses only");
    let export = r("/partial-export?exportClients=true&exportGroupsAndRoles=true");
    let text = send(api.request(Method::POST, &export)).await.text();
    assert!(SECRETS.iter().all(|secret| !text.contains(secret)), "{who}: {text}");
    let _ = world;
}

#[tokio::test]
async fn secrets_are_shown_to_nobody_who_does_not_manage_them() {
    let world = World::start().await;
    let things = furnish(&world).await;
    // Changes are in events, with what was sent.
    world.admin.put(&r(&format!("/clients/{}", things["client"])), json!({"secret": OF_CLIENT})).await.expect(204);
    let password = json!({"type": "password", "value": OF_USER, "temporary": false});
    world.admin.put(&r(&format!("/users/{}/reset-password", things["user"])), password).await.expect(204);

    let viewer = world.user("viewer", "pw").await;
    let views = [
        Permission::ViewRealm,
        Permission::ViewUsers,
        Permission::ViewClients,
        Permission::ViewEvents,
        Permission::ViewIdentityProviders,
        Permission::ViewAuthorization,
    ];
    for permission in views {
        world.grant_admin(REALM, &viewer, permission.as_str()).await;
    }
    search(&world, &world.api(REALM, "viewer", "pw").await, &things, &[], "a viewer").await;
    search(&world, &world.admin, &things, &[OF_CLIENT], "an administrator").await;
    let events = world.admin.get(&r("/admin-events?max=1000")).await.expect(200).text();
    assert!(SECRETS.iter().all(|secret| !events.contains(secret)), "{events}");
}

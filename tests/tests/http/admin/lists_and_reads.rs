//! A list shows of each thing what reading it alone would show to the same person, counts count what lists show, and what
//! stands in a search is a text and nothing else (attacks 50 and 52 of the project's list).

use model::permission::Permission;
use serde_json::{Value, json};

use crate::http::support::{Api, REALM, World, r};

/// Lists, the member that names a thing in them, and where one of them is read.
const LISTS: [(&str, &str, &str); 8] = [
    ("/users", "id", "/users/"),
    ("/groups", "id", "/groups/"),
    ("/clients", "clientId", "/clients/"),
    ("/client-scopes", "id", "/client-scopes/"),
    ("/roles", "name", "/roles/"),
    ("/components", "id", "/components/"),
    ("/identity-provider/instances", "alias", "/identity-provider/instances/"),
    ("/authentication/flows", "id", "/authentication/flows/"),
];
/// All that somebody who may not read a thing may see of it.
const STUB: [&str; 10] =
    ["id", "clientId", "name", "path", "username", "access", "alias", "displayName", "subGroupCount", "subGroups"];

async fn furnished() -> World {
    let world = World::start().await;
    let alice = world.user("alice", "pw").await;
    let team = world.group("/team").await;
    world.join(&alice, &team).await;
    world.role("editor").await;
    world.admin.post(&r("/clients"), json!({"clientId": "app", "secret": "of-the-app"})).await.expect(201);
    let provider = json!({"alias": "corp", "providerId": "oidc", "config": {
        "clientId": "c", "clientSecret": "of-the-provider", "authorizationUrl": "https://idp.example.org/a",
        "tokenUrl": "https://idp.example.org/t"}});
    world.admin.post(&r("/identity-provider/instances"), provider).await.expect(201);
    world
}

/// What a list shows of a thing is what reading it shows, or no more than its name.
async fn compare(api: &Api, (list, name, single): (&str, &str, &str), who: &str) {
    let reply = api.get(&r(list)).await;
    if reply.status == 403 {
        return;
    }
    for item in reply.expect(200).json().as_array().unwrap() {
        let key = if name == "clientId" { &item["id"] } else { &item[name] };
        let path = format!("{single}{}", key.as_str().unwrap());
        let read = api.get(&r(&path)).await;
        let members = item.as_object().unwrap();
        if read.status == 403 {
            let beyond: Vec<_> = members.keys().filter(|member| !STUB.contains(&member.as_str())).collect();
            assert!(beyond.is_empty(), "{who} may not read {path}, but the list shows {beyond:?}");
            continue;
        }
        let read = read.expect(200).json();
        for (member, value) in members.iter().filter(|(member, _)| !["access", "subGroups"].contains(&member.as_str()))
        {
            assert_eq!(&read[member], value, "{who}: {member} of {path}");
        }
    }
}

#[tokio::test]
async fn lists_show_what_reads_show() {
    let world = furnished().await;
    for permission in Permission::ALL {
        let name = permission.as_str();
        let id = world.user(name, "pw").await;
        world.grant_admin(REALM, &id, name).await;
        let api = world.api(REALM, name, "pw").await;
        for list in LISTS {
            compare(&api, list, name).await;
        }
        for (list, count) in [("/users", "/users/count"), ("/groups", "/groups/count")] {
            let (list, count) = (api.get(&r(list)).await, api.get(&r(count)).await);
            assert_eq!(list.status, count.status, "{name}");
            if list.status == 200 {
                let counted = count.json();
                let counted = counted.as_u64().or(counted["count"].as_u64());
                assert_eq!(counted, Some(list.json().as_array().unwrap().len() as u64), "{name}");
            }
        }
    }
}

#[tokio::test]
async fn a_search_is_a_text_and_nothing_else() {
    let world = furnished().await;
    let lists: [(&str, &[&str]); 5] = [
        ("/users", &["search", "username", "email", "firstName", "lastName", "q", "idpAlias", "idpUserId"]),
        ("/users/count", &["search", "username", "email"]),
        ("/groups", &["search", "q"]),
        ("/clients", &["clientId", "q"]),
        ("/client-scopes", &[]),
    ];
    let found_by_nobody = [
        "%",
        "_",
        "\\",
        "'",
        "''",
        "al%ce",
        "al_ce",
        "%' or '1'='1",
        "'; drop table users; --",
        "\" or \"\"=\"",
        "\u{202e}",
        "id:' or 1=1",
        "id:%",
        "$1",
        "(select 1)",
        "a:b' or 'a'='a",
        "\\%",
        "{}",
        "[]",
    ];
    for (list, names) in lists {
        for name in names {
            for text in found_by_nobody {
                let query = url::form_urlencoded::Serializer::new(String::new()).append_pair(name, text).finish();
                let reply = world.admin.get(&r(&format!("{list}?{query}"))).await;
                assert!([200, 400].contains(&reply.status), "{list}?{query}: {}", reply.text());
                // What is no attribute search asks for nothing in particular, as in Keycloak.
                if reply.status == 200 && (*name != "q" || text.contains(':')) {
                    let found = reply.json();
                    let nothing = found == json!([]) || found == json!(0);
                    assert!(nothing, "{list}?{query} found {found}");
                }
            }
        }
        for page in [
            "first=-1",
            "max=-1",
            "first=0&max=0",
            "first=9223372036854775807",
            "max=9223372036854775807",
            "first=1e3",
            "max=x",
            "first=99999999999999999999",
        ] {
            let reply = world.admin.get(&r(&format!("{list}?{page}"))).await;
            assert!([200, 400, 404].contains(&reply.status), "{list}?{page}: {}", reply.text());
        }
    }
    // Letters that are wildcards elsewhere: two roles have one of them in their names.
    for (text, count) in [("_", 2), ("%25", 0), ("offline_access", 1), ("offline%25access", 0), ("'", 0)] {
        let found = world.admin.read(&r(&format!("/roles?search={text}"))).await;
        let named =
            found.as_array().unwrap().iter().filter(|role| role["name"].as_str().unwrap().contains('_')).count();
        assert_eq!(named, count, "{text}: {found}");
    }
    assert!(matches!(world.admin.read(&r("/users?search=alice")).await, Value::Array(found) if found.len() == 1));
}

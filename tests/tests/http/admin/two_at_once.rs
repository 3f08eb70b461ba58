//! Administrators who change the same things at once: no change is lost silently, none is half applied, nobody is told
//! that the server failed.

mod kinds;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use self::kinds::{Kind, all, fill, shown};
use crate::http::support::{Api, Reply, World, field, r, send};

/// How often each pair of changes is tried: whether they meet is a matter of chance.
const ROUNDS: u64 = 5;

/// Two calls that each add something to a list, where it is read, by which member, and what stands there then.
type Additions = ([(Method, String, Value); 2], String, &'static str, [String; 2]);

async fn start() -> World {
    let world = World::start().await;
    let events = json!({"adminEventsEnabled": true, "adminEventsDetailsEnabled": true});
    world.admin.put(&r("/events/config"), events).await.expect(204);
    world
}

async fn together<const N: usize>(api: &Api, calls: [(Method, String, Value); N]) -> [Reply; N] {
    let calls = calls.map(|(method, path, body)| send(api.request(method, &path).json(&body)));
    let replies = join_all(calls).await;
    for reply in &replies {
        assert!(reply.status < 500, "{}: {} {}", reply.request, reply.status, reply.text());
    }
    replies.try_into().unwrap()
}

fn put(path: &str, body: Value) -> (Method, String, Value) {
    (Method::PUT, path.to_owned(), body)
}

fn statuses<const N: usize>(replies: &[Reply; N]) -> [u16; N] {
    let mut statuses = replies.each_ref().map(|reply| reply.status);
    statuses.sort_unstable();
    statuses
}

async fn updates(api: &Api) -> usize {
    let events = api.read(&r("/admin-events?max=10000&operationTypes=UPDATE")).await;
    events.as_array().unwrap().len()
}

#[tokio::test]
async fn two_fields_at_once_are_both_changed_and_the_same_one_is_changed_by_one_after_the_other() {
    let world = start().await;
    let api = &world.admin;
    for Kind { name, path, read, one, other, .. } in all(&world).await {
        let before = updates(api).await;
        for round in 0..ROUNDS {
            let (first, second) = (fill(&one.body, round), fill(&other.body, round));
            let replies = together(api, [put(&path, first.clone()), put(&path, second.clone())]).await;
            assert!(replies.iter().all(|reply| reply.status < 300), "{name}: {}", replies[0].text());
            let read = api.read(&read).await;
            for (field, given) in [(&one, first), (&other, second)] {
                assert_eq!(shown(&read, field.at), given.pointer(field.at).unwrap(), "{name} {} in {read}", field.at);
            }
        }
        let values = [ROUNDS, ROUNDS + 1, ROUNDS + 2].map(|value| fill(&one.body, value));
        let replies = together(api, values.clone().map(|body| put(&path, body))).await;
        assert!(replies.iter().all(|reply| reply.status < 300), "{name}");
        let read = api.read(&read).await;
        let now = shown(&read, one.at);
        assert!(values.iter().any(|given| given.pointer(one.at).unwrap() == now), "{name}: {now}");
        // whoever looks finds each of them
        assert_eq!(updates(api).await - before, 2 * ROUNDS as usize + values.len(), "{name}");
    }
}

#[tokio::test]
async fn who_names_the_version_that_was_read_does_not_undo_what_came_since() {
    let world = start().await;
    let api = &world.admin;
    for Kind { name, path, read, one, other, versioned } in all(&world).await {
        let tag = api.get(&read).await.expect(200).header("etag").map(str::to_owned);
        let call = |method: Method, tag: &str, body: Value| {
            send(api.request(method, &path).header("if-match", tag).json(&body))
        };
        if !versioned {
            assert!(tag.is_none() || path != read, "{name}");
            call(Method::PUT, "\"x\"", fill(&one.body, 1)).await.error(412, "HTTP 412 Precondition Failed");
            continue;
        }
        let tag = tag.unwrap_or_else(|| panic!("{name} has no version"));
        let bodies = [fill(&one.body, 7), fill(&other.body, 7)];
        let replies: [Reply; 2] =
            join_all(bodies.clone().map(|body| call(Method::PUT, &tag, body))).await.try_into().unwrap();
        assert_eq!(statuses(&replies), [204, 412], "{name}");
        call(Method::DELETE, &tag, json!({})).await.error(412, "HTTP 412 Precondition Failed");
        let loser = bodies[replies.iter().position(|reply| reply.status == 412).unwrap()].clone();
        let now = api.get(&read).await.header("etag").unwrap().to_owned();
        assert_ne!(now, tag, "{name}");
        call(Method::PUT, &format!("{tag}, {now}"), loser.clone()).await.expect(204);
        call(Method::PUT, &now, loser.clone()).await.expect(412);
        call(Method::PUT, "*", loser).await.expect(204);
    }
}

#[tokio::test]
async fn of_several_who_make_the_same_one_makes_it_and_what_is_removed_while_it_is_changed_is_gone() {
    let world = start().await;
    let api = &world.admin;
    let kinds = all(&world).await;
    for kind in &kinds {
        let Some((place, body)) = kind.twin() else { continue };
        let made = together(api, [(); 4].map(|()| (Method::POST, place.clone(), body.clone()))).await;
        let refused = if kind.name == "mapper of an identity provider" { 400 } else { 409 };
        assert_eq!(statuses(&made), [201, refused, refused, refused], "{}", kind.name);
    }
    for kind in kinds.into_iter().rev().filter(Kind::goes) {
        let (path, one, other) = (&kind.path, fill(&kind.one.body, 1), fill(&kind.other.body, 1));
        let calls = [put(path, one), (Method::DELETE, path.clone(), json!({})), put(path, other)];
        let [one, gone, other] = together(api, calls).await;
        assert_eq!(gone.status, 204, "{}: {}", kind.name, gone.text());
        for reply in [one, other] {
            assert!([204, 404].contains(&reply.status), "{}: {} {}", kind.name, reply.status, reply.text());
        }
        api.get(path).await.expect(404);
    }
}

async fn role(api: &Api, name: &str) -> Value {
    api.post(&r("/roles"), json!({"name": name})).await.expect(201);
    api.read(&r(&format!("/roles/{name}"))).await
}

#[tokio::test]
async fn what_is_added_to_a_list_at_once_is_all_in_it() {
    let world = start().await;
    let api = &world.admin;
    let (a, b) = (role(api, "a").await, role(api, "b").await);
    let whole = r("/roles/whole");
    role(api, "whole").await;
    let user = world.user("anna", "pw").await;
    let group = world.group("/team").await;
    let client = api.post(&r("/clients"), json!({"clientId": "app"})).await.created();
    let scope = |name: &'static str| async move {
        let body = json!({"name": name, "protocol": "openid-connect"});
        world_scope(api, body).await
    };
    let (one, two) = (scope("one").await, scope("two").await);
    let post = |path: &str, body: Value| (Method::POST, r(path), body);
    let put = |path: String| (Method::PUT, r(&path), json!({}));
    let node = |name: &str| post(&format!("/clients/{client}/nodes"), json!({"node": name}));
    let mapper = |name: &str| {
        let body = json!([{"name": name, "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper",
            "config": {"claim.name": "c", "claim.value": "v"}}]);
        post(&format!("/clients/{client}/protocol-mappers/add-models"), body)
    };
    let groups = [world.group("/x").await, world.group("/y").await];
    let lists: Vec<Additions> = vec![
        (
            [post("/roles/whole/composites", json!([a])), post("/roles/whole/composites", json!([b]))],
            format!("{whole}/composites"),
            "name",
            ["a".into(), "b".into()],
        ),
        (
            [
                post(&format!("/users/{user}/role-mappings/realm"), json!([a])),
                post(&format!("/users/{user}/role-mappings/realm"), json!([b])),
            ],
            r(&format!("/users/{user}/role-mappings/realm")),
            "name",
            ["a".into(), "b".into()],
        ),
        (
            [
                post(&format!("/groups/{group}/role-mappings/realm"), json!([a, b])),
                post(&format!("/groups/{group}/role-mappings/realm"), json!([b, a])),
            ],
            r(&format!("/groups/{group}/role-mappings/realm")),
            "name",
            ["a".into(), "b".into()],
        ),
        (
            [
                post(&format!("/clients/{client}/scope-mappings/realm"), json!([a])),
                post(&format!("/clients/{client}/scope-mappings/realm"), json!([b])),
            ],
            r(&format!("/clients/{client}/scope-mappings/realm")),
            "name",
            ["a".into(), "b".into()],
        ),
        (
            [
                put(format!("/clients/{client}/default-client-scopes/{one}")),
                put(format!("/clients/{client}/default-client-scopes/{two}")),
            ],
            r(&format!("/clients/{client}/default-client-scopes")),
            "name",
            ["one".into(), "two".into()],
        ),
        (
            [
                put(format!("/default-optional-client-scopes/{one}")),
                put(format!("/default-optional-client-scopes/{two}")),
            ],
            r("/default-optional-client-scopes"),
            "name",
            ["one".into(), "two".into()],
        ),
        (
            [mapper("first"), mapper("second")],
            r(&format!("/clients/{client}/protocol-mappers/models")),
            "name",
            ["first".into(), "second".into()],
        ),
        (
            groups.clone().map(|group| put(format!("/users/{user}/groups/{group}"))),
            r(&format!("/users/{user}/groups")),
            "id",
            groups.clone(),
        ),
        (
            groups.clone().map(|group| put(format!("/default-groups/{group}"))),
            r("/default-groups"),
            "id",
            groups.clone(),
        ),
    ];
    for (calls, list, name, expected) in lists {
        let replies = together(api, calls).await;
        assert!(replies.iter().all(|reply| reply.status == 204), "{list}: {}", replies[0].text());
        let listed = api.read(&list).await;
        let listed = field(&listed, name);
        assert!(expected.iter().all(|one| listed.contains(&one.as_str())), "{list}: {listed:?}");
    }
    let replies = together(api, [node("n1"), node("n2")]).await;
    assert_eq!(statuses(&replies), [204, 204]);
    let nodes = api.read(&r(&format!("/clients/{client}"))).await["registeredNodes"].clone();
    assert_eq!(nodes.as_object().unwrap().len(), 2, "{nodes}");
    // a list that a body carries is replaced as a whole: by one of the two
    let path = r(&format!("/clients/{client}"));
    let uris = ["https://a.example", "https://b.example"].map(|uri| json!({ "redirectUris": [uri] }));
    let replies = together(api, uris.clone().map(|body| (Method::PUT, path.clone(), body))).await;
    assert_eq!(statuses(&replies), [204, 204]);
    let now = api.read(&path).await["redirectUris"].clone();
    assert!(uris.iter().any(|body| body["redirectUris"] == now), "{now}");
}

async fn world_scope(api: &Api, body: Value) -> String {
    api.post(&r("/client-scopes"), body).await.created()
}

#[tokio::test]
async fn things_that_are_put_into_one_another_at_once_make_no_circle() {
    let world = start().await;
    let api = &world.admin;
    for round in 0..ROUNDS {
        let (x, y) = (format!("x{round}"), format!("y{round}"));
        let (a, b) = (world.group(&format!("/{x}")).await, world.group(&format!("/{y}")).await);
        let into = |below: &str, id: &str, name: &str| {
            (Method::POST, r(&format!("/groups/{below}/children")), json!({"id": id, "name": name}))
        };
        let replies = together(api, [into(&a, &b, &y), into(&b, &a, &x)]).await;
        assert_eq!(statuses(&replies), [204, 400], "{}", replies[0].text());
        let paths = [api.read(&r(&format!("/groups/{a}"))).await, api.read(&r(&format!("/groups/{b}"))).await];
        let mut paths = field(&json!(paths), "path").into_iter().map(str::len).collect::<Vec<_>>();
        paths.sort_unstable();
        assert_eq!(paths, [x.len() + 1, x.len() + y.len() + 2]);

        // Keycloak lets roles be parts of each other
        let roles = [role(api, &format!("a{round}")).await, role(api, &format!("b{round}")).await];
        let part = |of: &Value, part: &Value| {
            (Method::POST, r(&format!("/roles-by-id/{}/composites", of["id"].as_str().unwrap())), json!([part]))
        };
        let replies = together(api, [part(&roles[0], &roles[1]), part(&roles[1], &roles[0])]).await;
        assert_eq!(statuses(&replies), [204, 204]);
        for (role, other) in [(0, 1), (1, 0)] {
            let path = r(&format!("/roles-by-id/{}/composites", roles[role]["id"].as_str().unwrap()));
            assert_eq!(field(&api.read(&path).await, "id"), [roles[other]["id"].as_str().unwrap()]);
        }
    }
    // steps that change places at once all keep one
    let copy = json!({"newName": "mine"});
    api.post(&r("/authentication/flows/browser/copy"), copy).await.expect(201);
    let list = r("/authentication/flows/mine/executions");
    let top = |steps: &Value| -> Vec<(String, i64)> {
        let steps = steps.as_array().unwrap().iter().filter(|step| step["level"] == 0);
        steps.map(|step| (step["id"].as_str().unwrap().to_owned(), step["priority"].as_i64().unwrap())).collect()
    };
    let before = top(&api.read(&list).await);
    let shift = |index: usize, way: &str| {
        let id = before[index].0.as_str();
        (Method::POST, r(&format!("/authentication/executions/{id}/{way}-priority")), json!({}))
    };
    let calls = [shift(1, "lower"), shift(2, "raise"), shift(3, "raise"), shift(0, "lower"), shift(2, "lower")];
    assert_eq!(statuses(&together(api, calls).await), [204; 5]);
    let after = top(&api.read(&list).await);
    let sorted = |steps: &[(String, i64)]| {
        let mut ids: Vec<_> = steps.iter().map(|(id, _)| id.clone()).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(sorted(&before), sorted(&after));
    assert!(after.iter().zip(after.iter().skip(1)).all(|(one, next)| one.1 < next.1), "{after:?}");
}

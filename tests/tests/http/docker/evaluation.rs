//! `evaluate` and `access` say what tokens say.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};

use crate::http::support::{ALLOW_ALL_MAPPER, EVERYONE_MAPPER, GROUP_MAPPER, ROLE_MAPPER, World, r};

async fn evaluate(world: &World, registry: &str, username: Option<&str>, scopes: &[&str]) -> Value {
    let body = match username {
        Some(username) => json!({"username": username, "scope": scopes}),
        None => json!({"anonymous": true, "scope": scopes}),
    };
    world.admin.post(&r(&format!("/clients/{registry}/docker-v2/evaluate")), body).await.expect(200).json()
}

/// The granted actions of an evaluation as sorted scopes.
fn granted(evaluation: &Value) -> Vec<String> {
    let mut resources = std::collections::BTreeMap::<String, Vec<&str>>::new();
    for action in evaluation["actions"].as_array().unwrap() {
        if action["granted"] == true {
            let resource = format!("{}:{}", action["type"].as_str().unwrap(), action["name"].as_str().unwrap());
            resources.entry(resource).or_default().push(action["action"].as_str().unwrap());
        }
    }
    let mut scopes: Vec<String> = resources
        .into_iter()
        .map(|(resource, mut actions)| {
            actions.sort_unstable();
            actions.dedup();
            format!("{resource}:{}", actions.join(","))
        })
        .collect();
    scopes.sort();
    scopes
}

/// The access of a token without the literal star that a full grant of a repository carries beside its actions.
fn without_star(access: Vec<String>) -> Vec<String> {
    let mut scopes: Vec<String> = access.into_iter().map(|scope| scope.replace(":*,", ":")).collect();
    scopes.sort();
    scopes
}

fn action<'a>(evaluation: &'a Value, name: &str, action: &str) -> &'a Value {
    let actions = evaluation["actions"].as_array().unwrap();
    actions
        .iter()
        .find(|entry| entry["name"] == name && entry["action"] == action)
        .unwrap_or_else(|| panic!("no {action} of {name} in {evaluation}"))
}

#[tokio::test]
async fn each_action_names_the_rule_that_decided() {
    let (world, registry) = World::with_registry().await;
    let alice = world.user("alice", "pw").await;
    let red = world.group("/teams/red").await;
    world.join(&alice, &red).await;
    world.role("puller").await;
    world.grant(&alice, "puller").await;
    let by_role = world
        .mapper(&registry, "pulls", ROLE_MAPPER, json!({"role": "puller", "repositories": "**", "actions": "pull"}))
        .await;
    let own = json!({"repositories": "home/${username}/*", "actions": "push,pull,delete"});
    let own = world.mapper(&registry, "own", EVERYONE_MAPPER, own).await;
    let group = json!({
        "group": "/teams", "include.subgroups": "true", "repositories": "teams/${group}/**", "actions": "push",
    });
    let group = world.mapper(&registry, "team", GROUP_MAPPER, group).await;
    let deny = json!({"repositories": "secret/**", "actions": "*", "effect": "deny"});
    let deny = world.mapper(&registry, "secret", EVERYONE_MAPPER, deny).await;
    let scopes = [
        "repository:any:pull,push",
        "repository:home/alice/x:*",
        "repository:home/bob/x:push",
        "repository:teams/red/x:push",
        "repository:teams/blue/x:push",
        "repository:secret/x:pull",
        "nonsense",
        "registry:catalog:*",
    ];
    let found = evaluate(&world, &registry, Some("alice"), &scopes).await;
    for (name, verb, granted, rule) in [
        ("any", "pull", true, Some(&by_role)),
        ("any", "push", false, None),
        ("home/alice/x", "push", true, Some(&own)),
        ("home/alice/x", "delete", true, Some(&own)),
        ("home/bob/x", "push", false, None),
        ("teams/red/x", "push", true, Some(&group)),
        ("teams/blue/x", "push", false, None),
        ("secret/x", "pull", false, Some(&deny)),
        ("catalog", "*", false, None),
    ] {
        let entry = action(&found, name, verb);
        assert_eq!(entry["granted"], granted, "{entry}");
        assert_eq!(entry["rule"]["id"].as_str(), rule.map(String::as_str), "{entry}");
        assert!(entry["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    }
    assert_eq!(found["ignored"][0]["scope"], "nonsense");
    let token = world.pull_token(Some(("alice", "pw")), &scopes).await;
    assert_eq!(granted(&found), without_star(token.access()));
    assert_eq!(found["scope"], token.json()["scope"]);
    // and without credentials
    let nobody = evaluate(&world, &registry, None, &scopes).await;
    assert!(granted(&nobody).is_empty());
}

#[tokio::test]
async fn access_names_who_may_and_through_which_rule() {
    let (world, registry) = World::with_registry().await;
    let alice = world.user("alice", "pw").await;
    let bob = world.user("bob", "pw").await;
    world.user("carol", "pw").await;
    let red = world.group("/teams/red").await;
    world.join(&bob, &red).await;
    world.role("puller").await;
    world.grant(&alice, "puller").await;
    let by_role = json!({"role": "puller", "repositories": "apps/*", "actions": "pull"});
    let by_role = world.mapper(&registry, "by role", ROLE_MAPPER, by_role).await;
    let by_group = json!({"group": "/teams", "include.subgroups": "true", "repositories": "apps/*", "actions": "pull"});
    let by_group = world.mapper(&registry, "by group", GROUP_MAPPER, by_group).await;
    let anonymous = json!({"repositories": "public/*", "actions": "pull", "anonymous": "true"});
    let anonymous = world.mapper(&registry, "public", EVERYONE_MAPPER, anonymous).await;
    let ask = async |query: &str| world.admin.read(&r(&format!("/clients/{registry}/docker-v2/access?{query}"))).await;
    let found = ask("repository=apps/x&action=pull").await;
    let users: Vec<_> =
        found["users"].as_array().unwrap().iter().map(|user| (&user["username"], &user["rule"]["id"])).collect();
    assert_eq!(users, [(&json!("alice"), &json!(by_role)), (&json!("bob"), &json!(by_group))]);
    assert_eq!((&found["anonymous"], &found["more"]), (&Value::Null, &json!(false)));
    assert_eq!(ask("repository=apps/x&action=push").await["users"], json!([]));
    let found = ask("repository=public/x&action=pull").await;
    assert_eq!(found["anonymous"]["id"], anonymous.as_str());
    assert_eq!(ask("repository=apps/x&action=pull&first=1&max=1").await["users"].as_array().unwrap().len(), 1);
    // a denied user is nobody who may
    let deny = json!({"role": "puller", "repositories": "apps/*", "actions": "pull", "effect": "deny"});
    world.mapper(&registry, "not", ROLE_MAPPER, deny).await;
    let found = ask("repository=apps/x&action=pull").await;
    assert_eq!(crate::http::support::field(&found["users"], "username"), ["bob"]);
    for (query, status) in [
        ("repository=A&action=pull", 400),
        ("repository=a&action=x", 400),
        ("repository=a", 400),
        ("action=pull", 400),
        ("repository=&action=", 400),
        ("repository=a&action=pull&first=-1&max=-1", 200),
        ("repository=a&action=pull&first=9223372036854775807&max=9223372036854775807", 200),
        ("repository=a&action=pull&first=x", 400),
    ] {
        world.admin.get(&r(&format!("/clients/{registry}/docker-v2/access?{query}"))).await.expect(status);
    }
}

#[tokio::test]
async fn bad_questions_are_refused() {
    let (world, registry) = World::with_registry().await;
    let path = r(&format!("/clients/{registry}/docker-v2/evaluate"));
    for (body, status) in [
        (json!({}), 400),
        (json!({"scope": []}), 400),
        (json!({"username": "nobody", "scope": []}), 404),
        (json!({"username": "a", "anonymous": true, "scope": []}), 400),
        (json!({"anonymous": false, "scope": []}), 400),
        (json!({"anonymous": true, "scope": "x"}), 400),
        (json!({"anonymous": true, "scope": [], "more": 1}), 400),
        (json!({"anonymous": true, "scope": vec!["repository:a:pull"; 101]}), 400),
        (json!([]), 400),
        (json!({"anonymous": true, "scope": []}), 200),
    ] {
        world.admin.post(&path, body.clone()).await.expect(status);
    }
    let web = world.admin.post(&r("/clients"), json!({"clientId": "web"})).await.created();
    let question = json!({"anonymous": true, "scope": ["repository:a:pull"]});
    world.admin.post(&r(&format!("/clients/{web}/docker-v2/evaluate")), question).await.expect(400);
    world
        .admin
        .post(&r("/clients/nothing/docker-v2/evaluate"), json!({"anonymous": true, "scope": []}))
        .await
        .expect(404);
}

/// Random rules, users and scopes: the token, the evaluation and the list of who may agree, and what is denied is never
/// granted.
#[tokio::test]
async fn tokens_and_explanations_agree_on_random_rules() {
    let world = World::start().await;
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let users = ["ann", "ben", "cat"];
    let groups = ["/one", "/one/two", "/three"];
    let roles = ["red", "blue"];
    for role in roles {
        world.role(role).await;
    }
    for user in users {
        let id = world.user(user, "pw").await;
        for group in groups {
            if random.random_bool(0.4) {
                let group = world.group(group).await;
                world.join(&id, &group).await;
            }
        }
        for role in roles {
            if random.random_bool(0.5) {
                world.grant(&id, role).await;
            }
        }
    }
    for group in groups {
        world.group(group).await;
    }
    let patterns = ["a/*", "a/**", "b", "**", "${username}/*", "${group}/x", "a/x", "*"];
    let repositories = ["a/x", "a/x/y", "b", "ann/x", "ben/x", "two/x", "one/x"];
    let actions = ["pull", "push", "delete", "pull,push", "*"];
    for round in 0..12 {
        let name = format!("registry-{round}");
        let registry = world.registry(&name, json!({})).await;
        for number in 0..random.random_range(1..6) {
            let mut config = json!({
                "repositories": patterns.choose_multiple(&mut random, 2).copied().collect::<Vec<_>>().join("##"),
                "actions": actions.choose(&mut random).unwrap(),
                "catalog": random.random_bool(0.3).to_string(),
                "effect": if random.random_bool(0.25) { "deny" } else { "allow" },
            });
            let kind = match random.random_range(0..10) {
                0..3 => {
                    config["role"] = json!(roles.choose(&mut random).unwrap());
                    ROLE_MAPPER
                }
                3..6 => {
                    config["group"] = json!(groups.choose(&mut random).unwrap());
                    config["include.subgroups"] = json!(random.random_bool(0.5).to_string());
                    GROUP_MAPPER
                }
                6..9 => {
                    config["anonymous"] = json!(random.random_bool(0.4).to_string());
                    EVERYONE_MAPPER
                }
                _ => {
                    config = json!({});
                    ALLOW_ALL_MAPPER
                }
            };
            world.mapper(&registry, &format!("rule {number}"), kind, config).await;
        }
        let mut scopes: Vec<String> = repositories
            .iter()
            .map(|name| format!("repository:{name}:{}", actions.choose(&mut random).unwrap()))
            .collect();
        scopes.push("registry:catalog:*".to_owned());
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let mut query = vec![("service", name.as_str())];
        query.extend(scopes.iter().map(|scope| ("scope", *scope)));
        for user in users.iter().copied().map(Some).chain([None]) {
            let token = world.docker_get(&query, user.map(|user| (user, "pw"))).await;
            let explained = evaluate(&world, &registry, user, &scopes).await;
            let access = match token.status {
                200 => without_star(token.access()),
                // nothing at all is granted without credentials
                401 if user.is_none() => Vec::new(),
                _ => panic!("{}", token.text()),
            };
            assert_eq!(access, granted(&explained), "seed {seed} {name} {user:?} {scopes:?}");
        }
        for (repository, verb) in [("a/x", "pull"), ("ann/x", "push"), ("b", "delete")] {
            let path = r(&format!("/clients/{registry}/docker-v2/access?repository={repository}&action={verb}"));
            let listed = world.admin.read(&path).await;
            let scope = format!("repository:{repository}:{verb}");
            for user in users {
                let explained = evaluate(&world, &registry, Some(user), &[&scope]).await;
                let may = !granted(&explained).is_empty();
                let is_listed = crate::http::support::field(&listed["users"], "username").contains(&user);
                let by_everyone = listed["rules"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|rule| rule["effect"] == "allow" && rule["everyone"].is_string());
                assert!(may || !is_listed, "seed {seed} {name} {user} {scope}: {listed}");
                assert!(is_listed || !may || by_everyone, "seed {seed} {name} {user} {scope}: {listed}");
            }
        }
    }
}

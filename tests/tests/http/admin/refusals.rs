//! Every refusal carries an id, and behind the id stands what refused and what would have to change.

use model::{id::ClientId, realm::Realm};
use serde_json::json;
use services::{
    Caller,
    overview::{self, Span},
    permission_table,
    refusals::{self, Door, Explanation, Place, Today},
    token_requests,
};
use tests::poll::until;

use crate::http::support::{EVERYONE_MAPPER, REALM, ROLE_MAPPER, Reply, World, r, send};

async fn realm(world: &World, name: &str) -> std::sync::Arc<Realm> {
    services::cache::realm(world.server.services(), name).await.unwrap().unwrap()
}

async fn explain(world: &World, name: &str, id: &str) -> Explanation {
    let realm = realm(world, name).await;
    let caller = Caller::server(realm.id);
    // What administrators were refused is written a moment later.
    until("the refusal", 5, async || refusals::explain(world.server.services(), &caller, &realm, id).await.ok()).await
}

#[track_caller]
fn id(reply: &Reply) -> String {
    reply.header("x-refusal-id").unwrap_or_else(|| panic!("no id in {reply:?}")).to_owned()
}

#[tokio::test]
async fn every_door_tells_an_id_and_the_id_tells_why() {
    let world = World::start().await;
    let protocol = world.url(&format!("/realms/{REALM}/protocol/openid-connect"));
    let post =
        async |path: &str, form: &[(&str, &str)]| send(world.http.post(format!("{protocol}{path}")).form(form)).await;
    let client = ("client_id", "admin-cli");

    let wrong = post("/token", &[client, ("grant_type", "password"), ("username", "nobody"), ("password", "x")]).await;
    let wrong = explain(&world, REALM, &id(&wrong.expect(401))).await;
    assert_eq!((wrong.door, wrong.asked.as_str()), (Door::Application, "To log in to admin-cli"));
    assert_eq!(wrong.reasons[0].rule, "There is no user with this name.");
    assert!(matches!(wrong.today, Some(Today::Same(_))), "{wrong:?}");
    world.user("nobody", "pw").await;
    let by_now = explain(&world, REALM, wrong.id.as_str()).await;
    assert!(matches!(by_now.today, Some(Today::Another(_))), "{by_now:?}");

    for (path, form, status, rule) in [
        ("/token", vec![], 400, "Missing form parameter: grant_type."),
        (
            "/token",
            vec![("grant_type", "client_credentials"), ("client_id", "ghost")],
            401,
            "Invalid client or Invalid client credentials.",
        ),
        (
            "/token",
            vec![client, ("grant_type", "refresh_token"), ("refresh_token", "x")],
            400,
            "Invalid refresh token.",
        ),
        (
            "/auth/device",
            vec![client],
            400,
            "Client is not allowed to initiate OAuth 2.0 Device Authorization Grant. The flow is disabled for the client.",
        ),
        ("/token/introspect", vec![client, ("token", "x")], 403, "Client not allowed."),
        ("/revoke", vec![client], 400, "Token not provided."),
        ("/ext/par/request", vec![client], 400, "Invalid parameter: redirect_uri."),
    ] {
        let reply = post(path, &form).await.expect(status);
        let found = explain(&world, REALM, &id(&reply)).await;
        assert_eq!(found.reasons[0].rule, rule, "{path} {form:?}");
    }
    let userinfo = send(world.http.get(format!("{protocol}/userinfo")).bearer_auth("x")).await.expect(401);
    assert_eq!(explain(&world, REALM, &id(&userinfo)).await.asked, "What is known of a user, with an access token");
    let register = world.url(&format!("/realms/{REALM}/clients-registrations/openid-connect"));
    for (body, rule) in [("{}", ""), ("{", "Cannot parse the JSON.")] {
        let request = world.http.post(&register).header("content-type", "application/json").body(body);
        let found = explain(&world, REALM, &id(&send(request).await)).await;
        assert!(
            found.asked == "To register a client" && (rule.is_empty() || found.reasons[0].rule == rule),
            "{found:?}"
        );
    }
    let page =
        send(world.http.get(format!("{protocol}/auth?client_id=account&redirect_uri=https://evil.example"))).await;
    let page = explain(&world, REALM, &id(&page.expect(400))).await;
    assert_eq!(page.door, Door::Login);
    assert!(matches!(page.reasons[0].changes[0].place, Some(Place::Client(_))), "{page:?}");
}

#[tokio::test]
async fn administrators_learn_what_was_missing_and_strangers_write_nothing() {
    let mut world = World::start().await;
    let jane = world.user("jane", "pw").await;
    let api = world.api(REALM, "jane", "pw").await;
    let refused = api.get(&r("/users")).await.expect(403);
    let first = id(&refused);
    assert_eq!(id(&api.get(&r("/users?first=1")).await.expect(403)), first, "the same again is the same refusal");
    let found = explain(&world, REALM, &first).await;
    assert_eq!((found.door, found.asked.as_str()), (Door::Administration, "GET /admin/realms/acme/users"));
    assert_eq!(found.who.name.as_deref(), Some("jane"));
    assert_eq!(
        found.reasons[0].changes[0].text,
        "Give the administrator the role view-users of realm-management or manage-users of realm-management or \
         query-users of realm-management"
    );

    // What she may change, but not hand on.
    world.grant_admin(REALM, &jane, "manage-users").await;
    let management = world.client_id(REALM, "realm-management").await;
    let role = world.admin.read(&r(&format!("/clients/{management}/roles/manage-realm"))).await;
    let path = r(&format!("/users/{jane}/role-mappings/clients/{management}"));
    let handed = id(&api.post(&path, json!([role])).await.expect(403));
    let handed = explain(&world, REALM, &handed).await;
    assert_eq!(
        handed.reasons[0].rule,
        "Nobody hands on or gets at rights that they lack themselves. Missing: manage-realm."
    );

    // Another realm is none of hers: her own realm's administrators see it.
    let elsewhere = id(&api.get("/realms/master/users").await.expect(403));
    assert!(explain(&world, REALM, &elsewhere).await.reasons[0].rule.contains("belongs to another realm"));
    let master = realm(&world, "master").await;
    let in_master = refusals::explain(world.server.services(), &Caller::server(master.id), &master, &elsewhere).await;
    assert!(in_master.is_err());

    world.advance(std::time::Duration::from_secs(3_600)).await;
    let over = id(&api.get(&r("/clients")).await.expect(401));
    assert_eq!(explain(&world, REALM, &over).await.reasons[0].rule, "The time of the access token was over.");

    let before = world.server.statements().count();
    for token in [None, Some("x.y.z".to_owned())] {
        let stranger = tests_api(&world, token);
        let _ = id(&stranger.get(&r("/users")).await.expect(401));
    }
    let sent = world.server.statements().since(before);
    assert!(sent.iter().all(|statement| !statement.contains("insert")), "{sent:?}");
}

fn tests_api(world: &World, token: Option<String>) -> crate::http::support::Api {
    crate::http::support::Api { token, ..world.admin.clone() }
}

#[tokio::test]
async fn a_registry_says_why_and_whether_it_would_today() {
    let (world, registry) = World::with_registry().await;
    world.user("jane", "pw").await;
    let pull = json!({"repositories": "team/*", "actions": "pull"});
    world.mapper(&registry, "all pull", EVERYONE_MAPPER, pull).await;
    let deny = json!({"repositories": "team/secret", "actions": "*", "effect": "deny"});
    world.role("pusher").await;
    let push = json!({"role": "pusher", "repositories": "team/**", "actions": "push"});
    world.mapper(&registry, "pushers", ROLE_MAPPER, push).await;
    let deny = world.mapper(&registry, "no secrets", EVERYONE_MAPPER, deny).await;
    let scopes = ["repository:team/app:pull,push", "repository:team/secret:pull"];
    let reply = world.pull_token(Some(("jane", "pw")), &scopes).await.expect(200);
    let refused = explain(&world, REALM, &id(&reply)).await;
    let told: Vec<_> =
        refused.reasons.iter().map(|reason| (reason.about.as_deref().unwrap(), reason.rule.as_str())).collect();
    assert_eq!(
        told,
        [
            ("repository:team/app:push", "No rule allows it."),
            ("repository:team/secret:pull", "It is denied by rule no secrets."),
        ]
    );
    let changes: Vec<_> = refused.reasons[0].changes.iter().map(|change| change.text.as_str()).collect();
    assert_eq!(
        changes,
        ["Add a rule that allows it to jane", "Or give jane the role pusher, which the rule pushers is for",]
    );
    assert_eq!(refused.door, Door::Registry);
    assert!(matches!(refused.today, Some(Today::Same(_))), "{:?}", refused.today);
    world.admin.delete(&r(&format!("/clients/{registry}/protocol-mappers/models/{deny}"))).await.expect(204);
    let refused = explain(&world, REALM, refused.id.as_str()).await;
    assert!(
        matches!(&refused.today, Some(Today::Another(text)) if text.contains("team/secret:pull")),
        "{:?}",
        refused.today
    );
    let login = world.pull_token(Some(("jane", "wrong")), &scopes).await.expect(401);
    assert_eq!(explain(&world, REALM, &id(&login)).await.reasons[0].rule, "The password is wrong.");

    let services = world.server.services();
    let realm = realm(&world, REALM).await;
    let caller = Caller::server(realm.id);
    let client = ClientId(registry);
    let requests = token_requests::newest(services, &caller, &realm, &client, 10).await.unwrap();
    assert_eq!(requests.len(), 2);
    let (wrong, less): (Vec<_>, Vec<_>) = requests.iter().partition(|request| request.error.is_some());
    assert_eq!(wrong[0].error.as_deref(), Some("The password is wrong."));
    assert_eq!(less[0].refused[0], ("repository:team/app:push".to_owned(), "no rule allows it".to_owned()));
    let table = permission_table::table(services, &caller, &realm, &client).await.unwrap();
    assert_eq!(
        (table.rows.len(), table.rows[0].rule.as_ref().unwrap().actions.as_slice()),
        (2, &["pull".to_owned()][..])
    );

    services.event_counts.write(&services.store).await.unwrap();
    let before = world.server.statements().count();
    let seen = overview::overview(services, &caller, &realm, Span::Day).await.unwrap();
    assert_eq!(world.server.statements().since(before).len(), 1);
    assert_eq!((seen.tokens.last(), seen.pulls.last(), seen.logins_refused.last()), (Some(&1), Some(&1), Some(&1)));
    assert_eq!(seen.refusals, [("invalid_user_credentials".to_owned(), 1), ("not_granted".to_owned(), 1)]);
}

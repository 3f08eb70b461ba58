//! A registry from its first day: connected, given rules, asked for a token, and the refusal explained, without scripts.

use tests::{Console, TestServer, poll::until, user_agent::Page};

use crate::http::support::{REALM, World};

const REGISTRY: &str = "images.example.org";

/// The form that is sent to this path.
#[track_caller]
fn form(page: &Page, to: &str) -> tests::user_agent::Form {
    let mut forms = page.forms().into_iter();
    forms.find(|form| form.action.path().ends_with(to)).unwrap_or_else(|| panic!("no form to {to}: {}", page.shown()))
}

#[tokio::test]
async fn a_registry_is_connected_used_and_explained() {
    let world = World::start().await;
    world.user("jane", "pw").await;
    let console = Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await;
    let realm = format!("/realms/{REALM}");

    // Its name, then who may do what; a name that is taken leads back to it.
    let name = console.page(&format!("{realm}/registries/new")).await;
    let taken = console.send(&name, form(&name, "/registries/new").with("clientId", "account")).await;
    assert!(
        taken.status == 422 && taken.text().contains("There is a client of this name already."),
        "{}",
        taken.shown()
    );
    let rules = console.send(&taken, form(&taken, "/registries/new").with("clientId", REGISTRY)).await;
    let wrong = form(&rules, "/registries/new").with("repositories", "Team/*").with("subject", "signed-in");
    let wrong = console.send(&rules, wrong.with("go", "create")).await;
    assert!(wrong.status == 422 && wrong.text().contains("the upper-case letter `T`"), "{}", wrong.shown());
    let right = form(&wrong, "/registries/new").with("repositories", "home/${username}/**");
    let checked = console.send(&wrong, right.clone().with("go", "check")).await;
    assert!(checked.text().contains("home/jane/app") && checked.status == 200, "{}", checked.shown());
    let made = console.send(&wrong, right.with("push", "on").with("go", "create")).await;
    assert!(made.text().contains("The role pusher was made"), "{}", made.shown());
    assert!(made.text().contains(&format!("REGISTRY_AUTH_TOKEN_SERVICE='\"{REGISTRY}\"'")), "{}", made.shown());
    let client = made.url.path().rsplit('/').nth(1).unwrap().to_owned();
    let path = format!("{realm}/clients/{client}");
    for file in ["docker-v2-compose-file", "docker-v2-containerd-hosts", "docker-v2-registry3-config-file"] {
        let shown = console.page(&format!("{path}/installation?file={file}")).await;
        assert!(shown.has("installation"), "{}", shown.shown());
        let saved = console.page(&format!("{path}/installation?file={file}&download=1")).await;
        assert!(saved.header("content-disposition").is_some_and(|value| value.starts_with("attachment")));
    }

    // A push that no rule allows: the table of requests leads to the reason, and that to the rules.
    let basic = Some(("jane", "pw"));
    let query = [("service", REGISTRY), ("scope", "repository:team/app:pull,push")];
    let reply = world.docker_get(&query, basic).await.expect(200);
    let id = reply.header("x-refusal-id").unwrap().to_owned();
    let requests = console.page(&format!("{path}/requests")).await;
    assert!(requests.text().contains("team/app:push no rule allows it"), "{}", requests.shown());
    assert!(requests.finds(&format!("a[href$='/refusals?id={id}']")), "{}", requests.shown());
    let why = console.page(&format!("{realm}/refusals?id={id}")).await;
    for text in
        ["No rule allows it.", "Or give jane the role pusher", "The same request would get the same answer today."]
    {
        assert!(why.text().contains(text), "no {text:?}: {}", why.shown());
    }
    assert!(why.finds(&format!("a[href$='/clients/{client}/permissions']")));
    assert!(console.page(&format!("{realm}/refusals?id=nonsense")).await.text().contains("No refusal with this id"));

    // A rule more, and it is granted; removed and put back, it is the same again.
    let table = console.page(&format!("{path}/permissions")).await;
    let rule =
        form(&table, "/permissions").with("subject", "signed-in").with("repositories", "team/*").with("push", "on");
    let added = console.send(&table, rule).await;
    assert!(
        added.text().contains("Everyone who is logged in may pull and push the repositories team/*."),
        "{}",
        added.shown()
    );
    let tried =
        console.page(&format!("{path}/evaluate?user=jane&repository=team/app&push=1&of=team/app&action=push")).await;
    assert!(
        tried.text().contains("granted because of rule everyone who is logged in may pull and push team/*"),
        "{}",
        tried.shown()
    );
    assert!(tried.text().contains("The role pushes"), "{}", tried.shown());
    let different = console.page(&format!("{realm}/refusals?id={id}")).await;
    assert!(
        different.text().contains("Today everything that was asked for would be granted."),
        "{}",
        different.shown()
    );
    let row = added.forms().into_iter().rfind(|form| form.action.path().ends_with("/permissions/delete")).unwrap();
    let removed = console.send(&added, row).await;
    let undo = form(&removed, "/permissions");
    let back = console.send(&removed, undo).await;
    assert_eq!(back.attributes("tbody tr", "class").len(), added.attributes("tbody tr", "class").len());

    // At a glance, a few seconds later.
    let services = world.server.services();
    services.event_counts.write(&services.store).await.unwrap();
    let overview = console.page(&realm).await;
    assert!(overview.text().contains("A registry's token grants less than was asked for 1"), "{}", overview.shown());

    // Somebody who may do nothing here is told an id, too.
    let nobody = world.user("viewer", "pw").await;
    world.grant_admin(REALM, &nobody, "query-users").await;
    let theirs = Console::log_in(world.server.url(), REALM, "viewer", "pw").await;
    let refused = theirs.open(&format!("{path}/permissions")).await;
    let id = refused.header("x-refusal-id").unwrap().to_owned();
    assert!(refused.status == 403 && refused.text().contains(&id), "{}", refused.shown());
    until("the reason", 5, async || {
        let why = console.page(&format!("{realm}/refusals?id={id}")).await;
        why.text().contains("view-clients of realm-management").then_some(())
    })
    .await;
}

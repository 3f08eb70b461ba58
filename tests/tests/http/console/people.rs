//! Finding people, giving them what they need, and finding out what happened, in the console.

use tests::{
    Console, TestServer,
    user_agent::{Form, Page},
};

use super::furnished::furnished;
use crate::http::support::{REALM, World};

/// The form that goes to a path with this end and says `value` somewhere.
#[track_caller]
fn form(page: &Page, end: &str, value: &str) -> Form {
    let fits = |form: &Form| form.action.path().ends_with(end) && form.fields.iter().any(|(_, given)| given == value);
    page.forms().into_iter().find(fits).unwrap_or_else(|| panic!("no form to {end} about {value}: {}", page.shown()))
}

async fn administrator(world: &World) -> Console {
    Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await
}

fn at(path: &str) -> String {
    format!("/realms/{REALM}{path}")
}

#[tokio::test]
async fn somebody_is_created_found_and_given_roles_and_groups() {
    let world = furnished(str::to_owned).await;
    let console = administrator(&world).await;

    // A name that is taken: nothing that was typed is lost.
    let page = console.page(&at("/users/new")).await;
    let typed = page.form_around("user-username").with("username", "jane").with("firstName", "Joan");
    let page = console.send(&page, typed).await;
    assert_eq!(page.status, 422, "{}", page.shown());
    assert!(page.text().contains("User exists with same username"), "{}", page.text());
    let typed = page.form_around("user-username");
    assert!(typed.fields.contains(&("firstName".to_owned(), "Joan".to_owned())), "{typed:?}");
    let page = console.send(&page, typed.with("username", "Joan").with("email", "joan@example.org")).await;
    assert_eq!(page.status, 200, "{}", page.shown());
    assert!(page.text().contains("The user joan was created."), "{}", page.text());
    let user = page.url.path().rsplit('/').next().unwrap().to_owned();

    // Found by a part of what is known of her, and only where the person may look.
    let from = web::percent_encoded(&format!("/admin/master/console/realms/{REALM}"));
    for text in ["joa", "JOAN@", user.as_str()] {
        let page = console.page(&format!("/search?from={from}&q={}", web::percent_encoded(text))).await;
        let link = format!(".found a[href$='/users/{user}']");
        assert!(page.finds(&link), "{text}: {}", page.text());
    }
    let page = console.page("/search?q=joa").await;
    assert!(!page.finds(".found a[href*='/users/']"), "without a realm in front: {}", page.text());
    let page = console.page(&at("/users?q=joa&sort=-created")).await;
    assert!(page.finds(&format!("#list a[href$='/users/{user}']")), "{}", page.text());

    // A role, and back again.
    let path = at(&format!("/users/{user}/roles"));
    let page = console.page(&format!("{path}?role=composite")).await;
    let page = console.send(&page, form(&page, "/grant", "composite")).await;
    assert!(page.text().contains("The role composite was granted."), "{}", page.text());
    // What it contains is inherited.
    assert!(page.text().contains("role the realm description Inherited"), "{}", page.text());
    let undo = form(&page, "/revoke", "composite");
    let page = console.send(&page, undo).await;
    assert!(page.text().contains("The role composite was taken away."), "{}", page.text());
    assert!(!page.text().contains("role the realm description Inherited"), "{}", page.text());

    // A group.
    let page = console.page(&at(&format!("/users/{user}/groups?group=sub"))).await;
    let page = console.send(&page, form(&page, "/join", "subgroup")).await;
    assert!(page.text().contains("/group/subgroup Leave"), "{}", page.text());

    // A password that breaks no rule, and two that are not the same.
    let page = console.page(&at(&format!("/users/{user}/credentials"))).await;
    let typed = page.form_around("password-password").with("password", "a secret").with("again", "another");
    let page = console.send(&page, typed).await;
    assert_eq!(page.status, 422);
    assert!(page.finds("#password-again[aria-invalid]"), "{}", page.shown());
    let typed = page.form_around("password-password").with("password", "a secret").with("again", "a secret");
    let page = console
        .send(
            &page,
            Form { fields: typed.fields.into_iter().filter(|(name, _)| name != "temporary").collect(), ..typed },
        )
        .await;
    assert!(page.text().contains("The password was set."), "{}", page.text());
    world.password_grant(REALM, "joan", "a secret").await.expect(200);

    // Somebody else changes her in between.
    let page = console.page(&at(&format!("/users/{user}"))).await;
    let mine = page.form_around("user-username").with("lastName", "Mine");
    let theirs = page.form_around("user-username").with("lastName", "Theirs");
    console.send(&page, theirs).await;
    let page = console.send(&page, mine).await;
    assert_eq!(page.status, 422);
    assert!(page.text().contains("It was changed in the meantime."), "{}", page.text());

    // Logged out everywhere, then gone.
    let page = console.page(&at(&format!("/users/{user}/sessions/end"))).await;
    let page = console.send(&page, form(&page, "/sessions/end", &csrf(&page))).await;
    assert!(page.text().contains("This person is logged in nowhere."), "{}", page.text());
    let page = console.page(&at(&format!("/users/{user}/delete"))).await;
    console.send(&page, form(&page, "/delete", &csrf(&page))).await;
    assert_eq!(console.open(&at(&format!("/users/{user}"))).await.status, 404);
}

fn csrf(page: &Page) -> String {
    page.attributes("[name=csrf]", "value").remove(0)
}

#[tokio::test]
async fn what_happened_is_found_by_repository_and_exported() {
    let world = furnished(str::to_owned).await;
    let console = administrator(&world).await;
    let events = at("/events");
    let page = console.page(&format!("{events}?repository=other")).await;
    let links = page.attributes("#list tbody a", "href");
    let events_of = |page: &Page| page.attributes("#list tbody tr td:first-child a", "href");
    assert_eq!(events_of(&page).len(), 1, "{links:?}");
    let there = page.url.join(&events_of(&page)[0]).unwrap();
    let detail = console.browser.open(there.as_str()).await.page();
    assert!(detail.text().contains("repository:team/app:pull,push"), "{}", detail.text());
    assert!(detail.finds("a[href*='/refusals?id=']"), "{}", detail.shown());
    for (filter, count) in [
        ("repository=team/app&user=jane", 1),
        ("repository=team", 0),
        ("user=jane&result=refused", 1),
        ("user=Jane&error=invalid_user_credentials", 1),
        ("client=registry&result=done", 1),
        ("to=2000-01-01", 0),
    ] {
        let page = console.page(&format!("{events}?{filter}")).await;
        assert_eq!(events_of(&page).len(), count, "{filter}: {}", page.text());
    }

    let file = console.page(&at("/events/export?format=csv&repository=other")).await;
    assert!(file.header("content-disposition").unwrap().starts_with("attachment"), "{:?}", file.headers);
    let lines: Vec<_> = file.html.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("time,id,type,client,user"), "{lines:?}");
    let file = console.page(&at("/admin-events/export?format=json&resource=USER&operation=CREATE")).await;
    let first: serde_json::Value = serde_json::from_str(file.html.lines().next().unwrap()).unwrap();
    assert_eq!(first["resourceType"], "USER");

    // A secret is shown once, however often the form is sent.
    let page = console.page(&at("/webhooks/new")).await;
    let typed = page.form_around("webhook-url").with("url", "https://hooks.example.org/new");
    let made = console.send(&page, typed.clone()).await;
    assert!(made.text_of("note-code").is_some_and(|secret| secret.starts_with("whsec_")), "{}", made.shown());
    let again = console.send(&page, typed).await;
    assert_eq!(again.status, 422, "{}", again.shown());
    let page = console.page(&at("/webhooks")).await;
    let link = page.attributes("#list tbody a", "href").pop().unwrap();
    let page = console.browser.open(page.url.join(&link).unwrap().as_str()).await.page();
    assert!(!page.html.contains("whsec_") || page.text().contains("It begins with whsec_."), "{}", page.shown());
}

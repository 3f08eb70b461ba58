//! A newcomer's whole story in the console, in Chromium: from the start page to a registry and a person, to a push that is
//! refused, the reason why, what has to change, and the push that works then. A real registry, a real client; once with the
//! mouse, and once with nothing but the keyboard.

use tests::{
    Program, Registry, image,
    peer::{Home, is_here},
    person::{Hand, Person},
    program::Setup,
};

const SERVICE: &str = "registry.demo";
const JANE: (&str, &str) = ("jane", "jane may push images");
/// What the administrator follows, in the menu or on the page.
const CREATE: &str = "main .heading a.button";
const SEND: &str = "main form.sheet button[type=submit]";

#[tokio::test]
async fn from_the_start_page_to_a_push_with_the_mouse() {
    story(Hand::Mouse).await;
}

#[tokio::test]
async fn from_the_start_page_to_a_push_with_keys_alone() {
    story(Hand::Keyboard).await;
}

async fn story(hand: Hand) {
    if !is_here("chromium") || !is_here("node") || !is_here("skopeo") {
        return;
    }
    // What `cargo xtask dev` starts, on a port of its own.
    let program = Program::start(Setup::default()).await;
    let mut person = Person::new(hand).await;
    person.open(&format!("{}/", program.url())).await;
    person.follow("#console").await;
    person.write("#username", Program::ADMIN_USERNAME).await;
    person.write("#password", Program::ADMIN_PASSWORD).await;
    person.follow("#kc-login").await;
    make_a_realm(&mut person).await;
    let registry = Registry::start(&connect_a_registry(&mut person).await).await;
    make_jane(&mut person).await;

    let home = Home::new(&registry.address());
    let _ = home.login("skopeo", &registry.address(), JANE.0, JANE.1).await.ok();
    let image = image::make(&home, "team-app").await;
    let to = registry.image("team/app:1");
    let push = ["copy", "--dest-tls-verify=false", image.as_str(), to.as_str()];
    let _ = home.run("skopeo", &push).await.refused();
    find_out_why(&mut person).await;
    give_the_role(&mut person).await;
    let _ = home.run("skopeo", &push).await.ok();
    let mut complaints = person.browser.complaints().await;
    // A search that the next page overtook.
    complaints.retain(|complaint| !complaint.ends_with("net::ERR_ABORTED"));
    assert_eq!(complaints, Vec::<String>::new());
}

async fn make_a_realm(person: &mut Person) {
    person.follow(".switcher").await;
    person.follow(CREATE).await;
    person.write("[name=realm]", "demo").await;
    person.follow("main form:has([name=realm]) button[type=submit]").await;
    assert!(person.address().await.ends_with("/realms/demo"), "{}", person.reads().await);
}

/// Gives the registry's configuration as the console shows it.
async fn connect_a_registry(person: &mut Person) -> String {
    person.follow("nav a[href$='/registries/new']").await;
    person.write("#clientId", SERVICE).await;
    person.follow(SEND).await;
    // As it is offered: who is logged in may pull, who has the role may push.
    person.follow("button[name=go][value=create]").await;
    assert!(person.reads().await.contains("The role pusher was made"), "{}", person.reads().await);
    person.follow("nav[aria-label=Installation] a[href*='docker-v2-registry-config-file']").await;
    person.text_of("#installation").await
}

async fn make_jane(person: &mut Person) {
    person.follow("nav a[href$='/users']").await;
    person.follow(CREATE).await;
    person.write("#user-username", JANE.0).await;
    person.write("#user-password", JANE.1).await;
    person.tick("#user-temporary").await;
    person.follow(SEND).await;
    assert!(person.reads().await.contains("The user jane was created."), "{}", person.reads().await);
}

/// From the registry's requests to the reason.
async fn find_out_why(person: &mut Person) {
    person.follow("nav a[href$='/clients']").await;
    person.write("#q", SERVICE).await;
    person.follow("form[role=search] button").await;
    person.follow("#list tbody a").await;
    person.follow("main a[href$='/requests']").await;
    person.follow("#requests a[href*='/refusals?id=']").await;
    let said = person.reads().await;
    for text in ["repository:team/app:push", "No rule allows it.", "jane", "pusher"] {
        assert!(said.contains(text), "{text}: {said}");
    }
}

/// What the reason says has to change, from where it is said.
async fn give_the_role(person: &mut Person) {
    person.follow("main .reason a[href*='/users/']").await;
    if !person.address().await.ends_with("/roles") {
        person.follow("main a[href$='/roles']").await;
    }
    person.follow("form[action$='/roles/grant']:has([name=name][value=pusher]) button").await;
    assert!(person.reads().await.contains("The role pusher was granted."), "{}", person.reads().await);
}

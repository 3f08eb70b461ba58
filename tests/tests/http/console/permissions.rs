//! Every address of the console against every single permission, made from the table of addresses itself.

use model::permission::{Permission, Permissions};
use tests::{Console, UserAgent};
use web_admin::{Declared, Rule};

use super::offered::with_one_permission;
use crate::http::support::{REALM, World};

/// The permissions that come with one, as in Keycloak's composite roles.
fn with_parts(permission: Permission) -> Permissions {
    let parts: &[Permission] = match permission {
        Permission::ViewUsers => &[Permission::QueryUsers, Permission::QueryGroups],
        Permission::ViewClients => &[Permission::QueryClients],
        _ => &[],
    };
    parts.iter().copied().chain([permission]).collect()
}

fn satisfies(permissions: Permissions, rule: Rule) -> bool {
    match rule {
        Rule::AnyOf(wanted) => permissions.has_any(wanted),
        Rule::Each(sets) => sets.iter().all(|wanted| permissions.has_any(wanted)),
        Rule::AnyPermission => !permissions.is_empty(),
        Rule::CreateRealm => false,
        Rule::Authenticated => true,
    }
}

/// The path of an address, with things that aren't there in the places of names.
pub fn path(declared: &Declared) -> String {
    let mut path = declared.path.replace("{realm}", REALM);
    while let Some((before, rest)) = path.split_once('{') {
        path = format!("{before}00000000-0000-7000-8000-000000000000{}", rest.split_once('}').unwrap().1);
    }
    path
}

/// The status that a request to an address gets, with the right secret if it is a form.
async fn ask(console: &Console, declared: &Declared, secret: &str) -> u16 {
    let url = format!("{}{}", console.base, path(declared));
    let landing = match declared.method.as_str() {
        "POST" => console.browser.post(&url, &[("csrf".to_owned(), secret.to_owned())]).await,
        _ => console.browser.open(&url).await,
    };
    landing.page().status
}

#[tokio::test]
async fn every_address_asks_for_what_it_declares() {
    let world = World::start().await;
    let mut declared = web_admin::declared();
    // What ends the session or the realm, and what leads elsewhere, is for other tests.
    declared.retain(|route| route.path != "/logout" && !route.path.ends_with("/impersonate"));
    let mut wrong = Vec::new();
    for (number, permission) in Permission::ALL.into_iter().enumerate() {
        let console = with_one_permission(&world, permission).await;
        let page = console.open("/realms").await;
        let secret = page.attributes("[name=csrf]", "value").first().cloned().unwrap_or_default();
        // Each permission meets every third address, and each address six permissions: all of them would take a minute.
        for route in declared.iter().skip(number % 3).step_by(3) {
            let may = satisfies(with_parts(permission), route.rule);
            let status = ask(&console, route, &secret).await;
            let right = match (may, status) {
                (_, 500 | 502..) | (_, 401) => false,
                // A service may ask for more, depending on what a request is about; never for less.
                (true, _) => true,
                (false, status) => status == 403,
            };
            if !right {
                wrong.push(format!("{} {} by {}: {status}, may: {may}", route.method, route.path, permission.as_str()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} addresses:\n{}", wrong.len(), declared.len(), wrong.join("\n"));
}

#[tokio::test]
async fn who_is_not_logged_in_is_led_to_the_login() {
    let world = World::start().await;
    let nobody = Console { browser: UserAgent::new(world.server.url()), base: world.url("/admin/master/console") };
    for route in web_admin::declared() {
        let url = format!("{}{}", nobody.base, path(&route));
        if route.method == "GET" {
            let page = nobody.browser.open(&url).await.page();
            assert!(page.has("kc-login"), "{}: {}", route.path, page.shown());
        } else {
            let page = nobody.browser.post(&url, &[]).await.page();
            assert_eq!(page.status, 401, "{}: {}", route.path, page.shown());
        }
    }
}

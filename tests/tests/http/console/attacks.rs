//! Attacks on the console: stored markup, requests from other sites, frames, and sessions where they don't belong.

use reqwest::Method;
use scraper::{Html, Selector};
use serde_json::json;
use tests::{Console, TestServer, console::Visit};

use super::{furnished::furnished, offered::found, permissions::path};
use crate::http::support::{REALM, World, r, send};

/// Ends an attribute, an element and a text, and would run if it ended up as markup or in a template.
fn markup(plain: &str) -> String {
    format!("\"'><x-evil onmouseover=alert(1)></title><img src=x onerror=alert(1)>${{7*7}} {plain}")
}

/// What of a page is not as its templates have it, if markup in a name became one of the page.
fn intrusions(html: &str) -> Vec<String> {
    let parsed = Html::parse_document(html);
    let everything = Selector::parse("*").unwrap();
    let mut found = Vec::new();
    for element in parsed.select(&everything) {
        let element = element.value();
        let handlers = element.attrs().any(|(name, value)| {
            name.starts_with("on") || value.trim_start().to_lowercase().starts_with("javascript:")
        });
        let foreign = element.name() == "x-evil" || (element.name() == "img" && element.attr("src") == Some("x"));
        let inline = element.name() == "script" && element.attr("src").is_none();
        if handlers || foreign || inline {
            found.push(format!("<{}>", element.name()));
        }
    }
    found
}

#[tokio::test]
async fn stored_markup_stays_text() {
    let world = furnished(markup).await;
    let console = Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await;
    let pages = found(&console, 2).await;
    let mut shown = 0;
    for (path, Visit { page, .. }) in pages.iter().filter(|(_, visit)| visit.is_page()) {
        assert_eq!(intrusions(&page.html), Vec::<String>::new(), "{path}: {}", page.shown());
        assert!(page.status < 500, "{}", page.shown());
        shown += usize::from(page.text().contains("onmouseover=alert(1)"));
    }
    assert!(shown > 10, "the names are on {shown} of {} pages only", pages.len());
}

/// Every page as it leaves the server may be framed by nobody, runs nothing but our files, and is kept nowhere.
#[tokio::test]
async fn pages_are_locked_down() {
    let world = World::start().await;
    let console = Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await;
    for route in web_admin::declared().iter().filter(|route| route.method == "GET") {
        let page = console.open(&path(route)).await;
        let policy = page.header("content-security-policy").unwrap_or_default();
        let is_page = page.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        let parts = ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"];
        // A file runs nothing and sends nothing anyway.
        for part in &parts[..if is_page { 4 } else { 2 }] {
            assert!(policy.contains(part), "{}: {policy}", route.path);
        }
        assert!(!policy.contains("unsafe") && !policy.contains("script-src *"), "{}: {policy}", route.path);
        assert_eq!(page.header("x-frame-options"), Some("DENY"), "{}", route.path);
        assert_eq!(page.header("cache-control"), Some("no-store"), "{}", route.path);
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{}", route.path);
    }
}

/// Every form, from a page of another site or with a secret of another session, changes nothing.
#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let world = World::start().await;
    let url = world.server.url();
    let console = Console::log_in(url, "master", "admin", TestServer::ADMIN_PASSWORD).await;
    let other = Console::log_in(url, "master", "admin", TestServer::ADMIN_PASSWORD).await;
    let secret = |page: tests::user_agent::Page| page.attributes("[name=csrf]", "value")[0].clone();
    let own = secret(console.page("/realms").await);
    let others = secret(other.page("/realms").await);
    assert_ne!(own, others);
    let cookies =
        format!("PORTCULLIS_CONSOLE={}", console.browser.cookie(&console.base, "PORTCULLIS_CONSOLE").unwrap());
    for route in web_admin::declared().iter().filter(|route| route.method == "POST") {
        let address = format!("{}{}", console.base, path(route));
        for (secret, header) in [
            (None, None),
            (Some(""), None),
            (Some(others.as_str()), None),
            (Some(own.as_str()), Some(("origin", "https://evil.example"))),
            (Some(own.as_str()), Some(("origin", "null"))),
            (Some(own.as_str()), Some(("sec-fetch-site", "cross-site"))),
            (Some(own.as_str()), Some(("sec-fetch-site", "same-site"))),
        ] {
            let form: Vec<_> = secret.map(|secret| ("csrf", secret)).into_iter().collect();
            let mut request = world.http.request(Method::POST, &address).header("cookie", &cookies).form(&form);
            if let Some((name, value)) = header {
                request = request.header(name, value);
            }
            let reply = send(request).await;
            assert_eq!(reply.status, 403, "{} with {secret:?} and {header:?}: {}", route.path, reply.text());
        }
    }
    // Nobody was logged out, and the realm is as it was.
    assert_eq!(console.page("/realms").await.status, 200);
    world.admin.read(&r("")).await;
}

/// The session of one realm's console is nothing in another one's, and an administrator of a realm stays in it.
#[tokio::test]
async fn a_session_counts_in_its_own_realm_only() {
    let world = World::start().await;
    let (url, http) = (world.server.url(), &world.http);
    world.admin.post("/realms", json!({"realm": "other", "enabled": true})).await.expect(201);
    for realm in [REALM, "other"] {
        let id = world.user_in(realm, "boss", "pw").await;
        world.grant_admin(realm, &id, "realm-admin").await;
    }
    let here = Console::log_in(url, REALM, "boss", "pw").await;
    let cookie = here.browser.cookie(&here.base, "PORTCULLIS_CONSOLE").unwrap();
    let with = async |path: &str, cookie: &str| {
        send(http.get(format!("{url}/admin{path}")).header("cookie", format!("PORTCULLIS_CONSOLE={cookie}"))).await
    };
    assert_eq!(with(&format!("/{REALM}/console/realms/{REALM}"), &cookie).await.status, 200);
    for (path, status) in [
        // Other homes lead to their own login.
        (format!("/other/console/realms/{REALM}"), 303),
        ("/other/console/realms/other".to_owned(), 303),
        ("/master/console/realms".to_owned(), 303),
        // From its own home it leads to no other realm, and says nothing about whether there is one.
        (format!("/{REALM}/console/realms/other"), 403),
        (format!("/{REALM}/console/realms/other/users"), 403),
        (format!("/{REALM}/console/realms/master/clients"), 403),
    ] {
        assert_eq!(with(&path, &cookie).await.status, status, "{path}");
    }
    // The cookie is nothing to the REST API, a token is nothing to the console, and a changed cookie is none.
    assert_eq!(with(&format!("/realms/{REALM}/users"), &cookie).await.status, 401);
    let token = world.admin.token.clone().unwrap();
    let reply = send(http.get(format!("{}/realms", here.base)).bearer_auth(&token)).await;
    assert_eq!(reply.status, 303);
    for changed in [format!("{cookie}x"), cookie[1..].to_owned(), String::new(), "a".repeat(5_000)] {
        assert_eq!(with(&format!("/{REALM}/console/realms"), &changed).await.status, 303);
    }
    // After the logout the cookie is good for nothing, here and in the realm's other applications.
    let page = here.page("/realms").await;
    let form = page.forms().into_iter().find(|form| form.action.path().ends_with("/logout")).unwrap();
    let page = here.send(&page, form).await;
    assert!(page.has("kc-login"), "{}", page.shown());
    assert_eq!(with(&format!("/{REALM}/console/realms"), &cookie).await.status, 303);
}

/// Whatever stands in the address of a page, it is no failure of the server, and brings no markup onto the page.
#[tokio::test]
async fn addresses_may_hold_anything() {
    let world = furnished(str::to_owned).await;
    let console = Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await;
    let names = [
        "page",
        "sort",
        "q",
        "first",
        "before",
        "after",
        "from",
        "until",
        "id",
        "type",
        "kind",
        "state",
        "client",
        "user",
        "repository",
        "reason",
        "ip",
        "path",
        "file",
        "span",
        "step",
        "role",
        "group",
        "scope",
        "action",
        "live",
    ];
    let values = [
        "%00",
        "9223372036854775808",
        "-9223372036854775808",
        "%27%20or%201%3D1%20--",
        "id%3A",
        "%ff%fe",
        "99999-12-31",
        "%22%27%3E%3Cx-evil%3E",
        "%E2%80%AE%0D%0A",
        "*%25_%5C",
    ];
    for (index, path) in found(&console, 1).await.into_keys().enumerate() {
        // Each page meets every third value, in all places at once.
        for value in values.iter().skip(index % 3).step_by(3) {
            let query: Vec<_> = names.iter().map(|name| format!("{name}={value}")).collect();
            let page = console.open(&format!("{path}?{}", query.join("&"))).await;
            assert!(page.status < 500, "{}", page.shown());
            if page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
                assert_eq!(intrusions(&page.html), Vec::<String>::new(), "{}", page.shown());
            }
        }
    }
}

/// Secrets that the server keeps to use them are on no page; a client's secret is where it is managed, for those who do.
#[tokio::test]
async fn secrets_are_on_no_page_of_those_who_only_look() {
    const KEPT: [&str; 3] = ["kept-of-the-mail-server", "kept-of-the-provider", "kept-of-the-directory"];
    let world = furnished(str::to_owned).await;
    let [mail, provider, directory] = KEPT;
    let smtp =
        json!({"host": "mail.example.org", "from": "a@example.org", "auth": "true", "user": "a", "password": mail});
    world.admin.put(&r(""), json!({"smtpServer": smtp})).await.expect(204);
    let mut corp = world.admin.read(&r("/identity-provider/instances/corp")).await;
    corp["config"]["clientSecret"] = json!(provider);
    world.admin.put(&r("/identity-provider/instances/corp"), corp).await.expect(204);
    let ldap = json!({
        "name": "ldap", "providerId": "ldap", "providerType": "org.keycloak.storage.UserStorageProvider",
        "config": {
            "vendor": ["other"], "connectionUrl": ["ldaps://directory.example.org"], "usersDn": ["ou=people"],
            "bindDn": ["cn=reader"], "bindCredential": [directory], "editMode": ["READ_ONLY"], "authType": ["simple"],
            "usernameLDAPAttribute": ["uid"], "rdnLDAPAttribute": ["uid"], "uuidLDAPAttribute": ["entryUUID"],
            "userObjectClasses": ["inetOrgPerson"], "enabled": ["true"],
        },
    });
    world.admin.post(&r("/components"), ldap).await.expect(201);
    let viewer = world.user("viewer", "pw").await;
    for role in ["view-realm", "view-users", "view-clients", "view-events", "view-identity-providers"] {
        world.grant_admin(REALM, &viewer, role).await;
    }
    let viewer = Console::log_in(world.server.url(), REALM, "viewer", "pw").await;
    let administrator = Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await;
    for (console, may_manage) in [(viewer, false), (administrator, true)] {
        let pages = found(&console, 8).await;
        assert!(pages.len() > 60, "{} pages", pages.len());
        for (path, Visit { page, .. }) in pages {
            for secret in KEPT {
                assert!(!page.html.contains(secret), "{secret} is on {path}");
            }
            let managed = path.ends_with("/credentials") || path.ends_with("/connect");
            let shown = page.html.contains("a secret of the application");
            assert!(!shown || (may_manage && managed), "a client's secret is on {path}, may manage: {may_manage}");
        }
    }
}

/// What is revoked for a realm from a moment on is revoked in its console, too: the cookie of a session from before leads
/// to the login.
#[tokio::test]
async fn what_was_revoked_is_revoked_in_the_console_too() {
    let world = World::start().await;
    let id = world.user("boss", "pw").await;
    world.grant_admin(REALM, &id, "realm-admin").await;
    let console = Console::log_in(world.server.url(), REALM, "boss", "pw").await;
    assert_eq!(console.page("/realms").await.status, 200);
    world.admin.put(&r(""), json!({"notBefore": 2_000_000_000})).await.expect(204);
    let page = console.open("/realms").await;
    assert!(page.has("kc-login"), "{}", page.shown());
}

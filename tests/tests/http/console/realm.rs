//! What is of a realm itself: made, set up, imported into and removed in the console.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tests::{Console, TestServer, UserAgent, user_agent::Page};

use crate::http::support::{REALM, Reply, World, r, send};

async fn administrator(world: &World) -> Console {
    Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await
}

/// The form whose button undoes what a notice tells of.
fn undoing(page: &Page) -> tests::user_agent::Form {
    let undo = page.forms().into_iter().find(|form| form.action.path().contains("/settings/") && form.fields.len() > 1);
    undo.unwrap_or_else(|| panic!("nothing to undo: {}", page.shown()))
}

#[tokio::test]
async fn a_realm_is_made_set_up_and_removed() {
    let world = World::start().await;
    let console = administrator(&world).await;

    let new = console.page("/realms/new").await;
    let refused =
        console.send(&new, new.form_around("f-realm").with("realm", "no good").with("displayName", "Shop")).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.attributes("#f-displayName", "value"), ["Shop"], "nothing typed is lost");
    assert!(refused.text_of("f-realm-error").is_some(), "{}", refused.shown());
    let made = console.send(&refused, refused.form_around("f-realm").with("realm", "shop")).await;
    assert!(made.url.path().ends_with("/realms/shop"), "{}", made.shown());

    let tokens = console.page("/realms/shop/settings/tokens").await;
    let form = tokens.form_around("f-accessTokenLifespan").with("accessTokenLifespan", "9999999");
    let refused = console.send(&tokens, form.with("accessTokenLifespan.unit", "86400")).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.attributes("#f-accessTokenLifespan", "value"), ["9999999"]);
    let lifespan = async || world.admin.read("/realms/shop").await["accessTokenLifespan"].as_i64();
    let before = lifespan().await;
    let form = tokens.form_around("f-accessTokenLifespan").with("accessTokenLifespan", "10");
    let saved = console.send(&tokens, form.with("accessTokenLifespan.unit", "60")).await;
    assert_eq!(lifespan().await, Some(600));
    console.send(&saved, undoing(&saved)).await;
    assert_eq!(lifespan().await, before);

    let keys = console.page("/realms/shop/keys").await;
    let rotate = keys.forms().into_iter().find(|form| form.action.path().ends_with("/rotate")).unwrap();
    let rotated = console.send(&keys, rotate).await;
    assert!(rotated.text().contains("A new key is in use"), "{}", rotated.shown());

    // A colour that can't be read becomes one that can, and the realm's pages have it.
    let looks = console.page("/realms/shop/settings/themes").await;
    let form = looks.form_around("text").with("own", "on").with("accent", "#ffff00").with("text", "Ask <b>Jo</b>.");
    let saved = console.send(&looks, form).await;
    assert!(saved.text().contains("The looks were saved"), "{}", saved.shown());
    let device = console.browser.open(&world.url("/realms/shop/device")).await.page();
    let style = device.attributes("link[href*=theme]", "href");
    let style = send(world.http.get(world.url(&style[0]))).await.expect(200);
    assert!(style.text().starts_with(":root{--accent:#707000;"), "{}", style.text());
    assert!(style.header("cache-control").unwrap().contains("immutable"));

    // Under another name people still get into the realm's own console.
    let general = console.page("/realms/shop/settings").await;
    let renamed = console.send(&general, general.form_around("f-realm").with("realm", "store")).await;
    assert!(renamed.url.path().ends_with("/realms/store/settings"), "{}", renamed.shown());
    let own = UserAgent::new(world.server.url()).open(&world.url("/admin/store/console/")).await.page();
    assert!(own.has("kc-login"), "{}", own.shown());
    let general = console.page("/realms/store/settings").await;
    console.send(&general, general.form_around("f-realm").with("realm", "shop")).await;

    let ask = console.page("/realms/shop/settings/delete").await;
    let wrong = console.send(&ask, ask.form_around("typed").with("typed", "shops")).await;
    assert_eq!(wrong.status, 422);
    let gone = console.send(&wrong, wrong.form_around("typed").with("typed", "shop")).await;
    assert!(gone.text().contains("The realm shop is gone"), "{}", gone.shown());
    world.admin.get("/realms/shop").await.expect(404);
}

/// Sends a file from the console's session.
async fn upload(world: &World, console: &Console, path: &str, fields: &[(&str, &str)], file: &Value) -> Reply {
    let cookie = console.browser.cookie(&console.base, "PORTCULLIS_CONSOLE").unwrap();
    let mut form = Form::new().part("file", Part::bytes(file.to_string().into_bytes()).file_name("realm.json"));
    for (name, value) in fields {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    let request = world.http.post(format!("{}{path}", console.base)).multipart(form);
    send(request.header("cookie", format!("PORTCULLIS_CONSOLE={cookie}"))).await
}

#[tokio::test]
async fn a_file_is_looked_at_before_it_is_imported() {
    let world = World::start().await;
    let console = administrator(&world).await;
    let csrf = console.page("/realms/new").await.attributes("[name=csrf]", "value")[0].clone();
    let csrf = ("csrf", csrf.as_str());
    let user = json!({"username": "buyer", "enabled": true, "credentials": [{"type": "password", "value": "pw"}]});
    let file = json!({"realm": "shop", "enabled": true, "users": [user], "roles": {"realm": [{"name": "buyer"}]}});

    let plan = upload(&world, &console, "/realms/new/import", &[csrf, ("plan", "1")], &file).await.expect(200);
    assert!(plan.text().contains("What would happen"), "{}", plan.text());
    world.admin.get("/realms/shop").await.expect(404);
    upload(&world, &console, "/realms/new/import", &[("csrf", "forged")], &file).await.expect(403);
    world.admin.get("/realms/shop").await.expect(404);
    upload(&world, &console, "/realms/new/import", &[csrf], &file).await.expect(303);
    world.password_grant("shop", "buyer", "pw").await.expect(200);
    let broken = upload(&world, &console, "/realms/new/import", &[csrf], &json!({"realm": "x", "nonsense": 1})).await;
    assert!(broken.status == 422 && broken.text().contains("nonsense"), "{}", broken.text());

    let file = json!({"roles": {"realm": [{"name": "buyer"}, {"name": "seller"}]}, "users": [{"username": "jo"}]});
    let into = "/realms/shop/transfer/import";
    let wanted = [csrf, ("roles", "on"), ("ifResourceExists", "SKIP")];
    let stops = [csrf, ("roles", "on"), ("ifResourceExists", "FAIL"), ("plan", "1")];
    let stops = upload(&world, &console, into, &stops, &file).await.expect(200);
    assert!(stops.text().contains("can't be done") && stops.text().contains("already exists"), "{}", stops.text());
    let plan = upload(&world, &console, into, &[&wanted[..], &[("plan", "1")]].concat(), &file).await.expect(200);
    assert!(plan.text().contains("<strong>1</strong> new"), "{}", plan.text());
    world.admin.get("/realms/shop/roles/seller").await.expect(404);
    upload(&world, &console, into, &wanted, &file).await.expect(200);
    world.admin.get("/realms/shop/roles/seller").await.expect(200);
    assert_eq!(world.admin.read("/realms/shop/users?username=jo").await, json!([]), "users were not asked for");
}

/// The first form that is sent to an address with this end.
fn form_to(page: &Page, end: &str) -> tests::user_agent::Form {
    let form = page.forms().into_iter().find(|form| form.action.path().ends_with(end));
    form.unwrap_or_else(|| panic!("no form to {end}: {}", page.shown()))
}

#[tokio::test]
async fn what_lets_people_in_is_set_up() {
    let world = World::start().await;
    let console = administrator(&world).await;
    let in_console = format!("/realms/{REALM}");

    // A flow is copied, changed, taken back, and used.
    let flows = world.admin.read(&r("/authentication/flows")).await;
    let browser = flows.as_array().unwrap().iter().find(|flow| flow["alias"] == "browser").unwrap();
    let copy =
        console.page(&format!("{in_console}/authentication/flows/{}/copy", browser["id"].as_str().unwrap())).await;
    let copied = console.send(&copy, copy.form_around("f-newName").with("newName", "Our browser")).await;
    let requirement = async || {
        let steps = world.admin.read(&r("/authentication/flows/Our%20browser/executions")).await;
        steps[0]["requirement"].as_str().unwrap().to_owned()
    };
    let before = requirement().await;
    let set = console.send(&copied, form_to(&copied, "/requirement").with("requirement", "REQUIRED")).await;
    assert_eq!(requirement().await, "REQUIRED");
    console.send(&set, form_to(&set, "/requirement")).await;
    assert_eq!(requirement().await, before, "what undoes it comes first on the page");
    console.send(&set, form_to(&set, "/bind").with("binding", "browserFlow")).await;
    assert_eq!(world.admin.read(&r("")).await["browserFlow"], "Our browser");

    // A password is tried against a policy before that is saved, and nothing is kept of it.
    let policy = console.page(&format!("{in_console}/authentication/passwords")).await;
    let form = policy.form_around("use-length").with("use.length", "on").with("value.length", "9");
    let tried = console.send(&policy, form.clone().with("sample", "short").with("try", "1")).await;
    assert!(tried.text_of("tried").unwrap().contains("at least 9 characters"), "{}", tried.shown());
    assert_eq!(world.admin.read(&r("")).await["passwordPolicy"], Value::Null);
    console.send(&tried, form).await;
    assert_eq!(world.admin.read(&r("")).await["passwordPolicy"], "length(9)");

    // A secret is kept when nothing is typed, and not when it would go elsewhere.
    let new = console.page(&format!("{in_console}/identity-providers/new?kind=oidc")).await;
    let form = new
        .form_around("f-alias")
        .with("alias", "corp")
        .with("config.clientId", "us")
        .with("config.clientSecret", "geheim")
        .with("config.authorizationUrl", "https://corp.example/auth")
        .with("config.tokenUrl", "https://corp.example/token");
    let made = console.send(&new, form).await;
    assert!(made.url.path().ends_with("/identity-providers/corp"), "{}", made.shown());
    assert!(!made.html.contains("geheim"));
    let saved = console.send(&made, made.form_around("f-displayName").with("displayName", "Corp")).await;
    assert!(saved.text().contains("was saved"), "{}", saved.shown());
    let form = saved.form_around("f-displayName").with("config.tokenUrl", "https://evil.example/token");
    let refused = console.send(&saved, form).await;
    assert!(refused.status == 422 && refused.text().contains("secrets anew"), "{}", refused.shown());
    let kept = world.admin.read(&r("/identity-provider/instances/corp")).await;
    assert_eq!(
        (&kept["displayName"], &kept["config"]["tokenUrl"]),
        (&json!("Corp"), &json!("https://corp.example/token"))
    );
    assert_eq!(kept["config"]["clientSecret"], "**********");
}

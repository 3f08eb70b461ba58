//! Docker's own command line client.

use tests::peer::{Home, is_here};

use super::fixture::{ALICE, Fixture, REALM};

async fn inspect(fixture: &Fixture, home: &Home) -> tests::peer::Outcome {
    let image = format!("{}/team/app:1", fixture.registry.address());
    home.run("docker", &["manifest", "inspect", "--insecure", &image]).await
}

#[tokio::test]
async fn login_stores_an_identity_token_and_no_password() {
    if !is_here("docker") {
        return;
    }
    let fixture = Fixture::start().await;
    let registry = fixture.registry.address();
    let _ = fixture.push(&fixture.home_of(ALICE).await, "team/app:1").await.ok();

    let home = fixture.home();
    let _ = inspect(&fixture, &home).await.refused();
    let said = home.login("docker", &registry, ALICE.0, ALICE.1).await.ok();
    assert!(said.contains("Login Succeeded"), "{said}");
    let config = home.docker_config();
    let login = &config["auths"][&registry];
    let token = login["identitytoken"].as_str().unwrap_or_else(|| panic!("no identity token in {config}"));
    assert!(!config.to_string().contains(ALICE.1));
    use base64::{Engine, engine::general_purpose::STANDARD};
    let basic = STANDARD.decode(login["auth"].as_str().unwrap_or_default()).unwrap();
    assert!(!String::from_utf8_lossy(&basic).contains(ALICE.1), "{config}");

    // From here on docker has nothing but the token, and sends it by POST.
    let manifest = inspect(&fixture, &home).await.json();
    assert_eq!(manifest["schemaVersion"], 2);
    let event = fixture.event(|event| event["details"]["proof"] == "identity_token").await;
    assert_eq!(event["details"]["request"], "POST");
    assert_eq!(event["details"]["granted"], "repository:team/app:pull");

    // It is used again and again, and stays the same.
    let answer = fixture.docker().refresh(super::fixture::SERVICE, "repository:team/app:pull", token).await.expect(200);
    assert_eq!(answer.json()["refresh_token"], token);
}

#[tokio::test]
async fn a_wrong_password_is_explained() {
    if !is_here("docker") {
        return;
    }
    let fixture = Fixture::start().await;
    let home = fixture.home();
    let said = home.login("docker", &fixture.registry.address(), ALICE.0, "not it").await.refused();
    assert!(said.contains("The user name or password is wrong"), "{said}");
    let id =
        said.split("(id ").nth(1).and_then(|rest| rest.split(')').next()).unwrap_or_else(|| panic!("no id: {said}"));
    let event = fixture.event(|event| event["id"] == id).await;
    assert_eq!((event["type"].as_str(), event["details"]["username"].as_str()), (Some("LOGIN_ERROR"), Some(ALICE.0)));
}

#[tokio::test]
async fn a_revoked_login_ends_at_once() {
    if !is_here("docker") {
        return;
    }
    let fixture = Fixture::start().await;
    let registry = fixture.registry.address();
    let _ = fixture.push(&fixture.home_of(ALICE).await, "team/app:1").await.ok();
    let home = fixture.home();
    let _ = home.login("docker", &registry, ALICE.0, ALICE.1).await.ok();
    let _ = inspect(&fixture, &home).await.ok();

    let path = format!("/realms/{REALM}/users/{}/offline-sessions/{}", fixture.users[0], fixture.client);
    let sessions = fixture.admin.get(&path).await.expect(200).json();
    for session in sessions.as_array().unwrap() {
        let path = format!("/realms/{REALM}/sessions/{}?isOffline=true", session["id"].as_str().unwrap());
        let _ = fixture.admin.delete(&path, None).await.expect(204);
    }
    let said = inspect(&fixture, &home).await.refused();
    assert!(said.contains("Log in again"), "{said}");

    // The same through the user's consents, after another login.
    let _ = home.login("docker", &registry, ALICE.0, ALICE.1).await.ok();
    let _ = inspect(&fixture, &home).await.ok();
    let path = format!("/realms/{REALM}/users/{}/consents/{}", fixture.users[0], super::fixture::SERVICE);
    let _ = fixture.admin.delete(&path, None).await.expect(204);
    let _ = inspect(&fixture, &home).await.refused();
}

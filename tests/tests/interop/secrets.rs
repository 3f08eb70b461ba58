//! No secret is ever written to the log, however much is logged.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::json;
use tests::{
    Answer, Program,
    answer::http,
    peer::is_here,
    program::Setup,
    template::{ADMIN_PASSWORD, SEALING_KEY},
};

use super::fixture::{ALICE, BOB, CAROL, Fixture, REALM, SERVICE};

/// A password that is wrong, and nobody else's business all the same.
const WRONG: &str = "wrong-but-typed-by-somebody";
/// A password that is set by an administrator.
const RESET: &str = "a-new-secret-for-carol";
/// A client secret that an administrator chose.
const CHOSEN: &str = "chosen-client-secret-0815";

/// Does everything that has to do with secrets and gives them.
async fn flow(fixture: &Fixture) -> Vec<String> {
    let docker = fixture.docker();
    let admin = &fixture.admin;
    let mut secrets: Vec<String> =
        [ALICE.1, BOB.1, CAROL.1, WRONG, RESET, CHOSEN, ADMIN_PASSWORD, SEALING_KEY].map(str::to_owned).into();
    let scope = ["repository:team/app:pull"];

    // Tokens, by all ways, well and badly formed.
    let answer = docker.get(SERVICE, &scope, Some(ALICE), &[("offline_token", "true")]).await.expect(200).json();
    let (token, identity_token) = (answer["token"].as_str().unwrap(), answer["refresh_token"].as_str().unwrap());
    secrets.extend([token.to_owned(), identity_token.to_owned()]);
    let _ = docker.get(SERVICE, &scope, Some((ALICE.0, WRONG)), &[]).await.expect(401);
    let _ = docker.get("unknown", &scope, Some(ALICE), &[]).await.expect(400);
    let _ = docker.refresh(SERVICE, scope[0], identity_token).await.expect(200);
    let _ = docker.refresh("unknown", scope[0], identity_token).await.expect(400);
    let _ = docker.refresh(SERVICE, scope[0], &format!("{}x", &identity_token[..identity_token.len() - 1])).await;
    let password = [("grant_type", "password"), ("service", SERVICE), ("username", BOB.0), ("password", BOB.1)];
    let _ = docker.post(&password).await.expect(200);
    let twice = [password.as_slice(), &[("password", BOB.1)]].concat();
    let _ = docker.post(&twice).await;
    let _ = docker.post(&[("grant_type", WRONG), ("service", SERVICE), ("password", BOB.1)]).await.expect(400);
    let client = http();
    for header in [format!("Basic {WRONG}"), format!("Bearer {token}"), format!("Basic {}", STANDARD.encode(WRONG))] {
        let _ =
            Answer::to(client.get(docker.url()).query(&[("service", SERVICE)]).header("authorization", header)).await;
    }
    let misplaced = [("service", SERVICE), ("username", BOB.0), ("password", BOB.1), ("refresh_token", identity_token)];
    let _ = Answer::to(client.get(docker.url()).query(&misplaced)).await;

    // Clients with secrets, users with passwords.
    let body = json!({
        "clientId": "robot", "protocol": "openid-connect", "serviceAccountsEnabled": true, "publicClient": false,
        "secret": CHOSEN,
    });
    let id = admin.post(&format!("/realms/{REALM}/clients"), Some(body)).await.made();
    let url = format!("{}/protocol/openid-connect/token", docker.issuer());
    let form = [("grant_type", "client_credentials"), ("client_id", "robot"), ("client_secret", CHOSEN)];
    let answer = Answer::to(client.post(&url).form(&form)).await.expect(200).json();
    secrets.push(answer["access_token"].as_str().unwrap().to_owned());
    let form = [("grant_type", "client_credentials"), ("client_id", "robot"), ("client_secret", WRONG)];
    let _ = Answer::to(client.post(&url).form(&form)).await;
    let path = format!("/realms/{REALM}/clients/{id}/client-secret");
    let drawn = admin.post(&path, None).await.expect(200).json();
    secrets.push(drawn["value"].as_str().unwrap().to_owned());
    let credential = json!({"type": "password", "value": RESET, "temporary": false});
    let path = format!("/realms/{REALM}/users/{}/reset-password", fixture.users[2]);
    let _ = admin.put(&path, Some(credential)).await.expect(204);
    let broken =
        json!({"username": "dora", "credentials": [{"type": "password", "value": RESET, "hashIterations": "x"}]});
    let _ = admin.post(&format!("/realms/{REALM}/users"), Some(broken)).await;
    secrets.push(admin.token().await);

    // An administrator's own tokens, renewed.
    let master = format!("{}/realms/master/protocol/openid-connect/token", admin.base_url());
    let form =
        [("grant_type", "password"), ("client_id", "admin-cli"), ("username", "admin"), ("password", ADMIN_PASSWORD)];
    let answer = Answer::to(client.post(&master).form(&form)).await.expect(200).json();
    if let Some(refresh) = answer["refresh_token"].as_str() {
        secrets.push(refresh.to_owned());
        let form = [("grant_type", "refresh_token"), ("client_id", "admin-cli"), ("refresh_token", refresh)];
        let _ = Answer::to(client.post(&master).form(&form)).await;
    }
    secrets
}

/// The forms in which a secret could appear.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned(), STANDARD.encode(secret), URL_SAFE_NO_PAD.encode(secret)];
    let encoded = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>();
    forms.extend([encoded.clone(), encoded.replace('+', "%20"), format!("{secret:?}").trim_matches('"').to_owned()]);
    for (username, password) in [ALICE, BOB, CAROL, ("alice", WRONG), ("admin", ADMIN_PASSWORD)] {
        if password == secret {
            forms.push(STANDARD.encode(format!("{username}:{password}")));
        }
    }
    // Of a signed token the signature is what must not be known.
    if secret.split('.').count() == 3 {
        forms.push(secret.rsplit('.').next().unwrap().to_owned());
    }
    forms
}

fn no_secret_in(log: &str, secrets: &[String]) {
    assert!(log.lines().count() > 20, "the log says nothing:\n{log}");
    for secret in secrets {
        for form in forms(secret) {
            if let Some(line) = log.lines().find(|line| line.contains(&form)) {
                panic!("a secret in the log: {form}\n{line}");
            }
        }
    }
}

async fn logged(level: &str, format: &str) {
    assert!(is_here("docker-registry"));
    let arguments = ["--log-level", level, "--log-format", format].map(str::to_owned).into();
    let mut fixture = Fixture::with(Setup { arguments, ..Setup::default() }, json!({})).await;
    let home = fixture.home_of(ALICE).await;
    let _ = fixture.push(&home, "team/app:1").await.ok();
    let secrets = flow(&fixture).await;
    let _ = fixture.program.stop();
    no_secret_in(&fixture.program.log(), &secrets);
}

#[tokio::test]
async fn nothing_secret_is_logged_as_text() {
    logged("trace", "text").await;
}

#[tokio::test]
async fn nothing_secret_is_logged_as_json() {
    logged("debug", "json").await;
}

#[tokio::test]
async fn nothing_secret_is_said_about_wrong_options() {
    let (status, said) = Program::run(
        &["start"],
        &[
            ("PORTCULLIS_DATABASE_URL", "postgres://someone:wrong-but-typed-by-somebody@127.0.0.1:1/none"),
            ("PORTCULLIS_BOOTSTRAP_ADMIN_PASSWORD", RESET),
            ("PORTCULLIS_HTTP_PORT", "seventy"),
        ],
    );
    assert!(!status.success());
    assert!(said.contains("PORTCULLIS_HTTP_PORT") && said.contains("seventy"), "{said}");
    assert!(!said.contains(WRONG) && !said.contains(RESET), "{said}");
}

//! Clients that are told from server to server (OpenID Connect Back-Channel Logout 1.0), by jobs that are tried again.

use serde_json::{Value, json};
use tests::{
    docker::{claims, header},
    poll::until,
    test_server::Hosting,
};
use web::PublicAddress;

use super::{
    browser::{Asks, Browser, Tokens},
    recorder::{Heard, Recorder},
    stage::{ALICE, Stage},
};
use crate::http::support::{REALM, World, r, send};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A client that hears of ended sessions at this path of the recorder.
async fn listener(stage: &Stage, recorder: &Recorder, name: &str, further: Value) -> String {
    let mut attributes = json!({"backchannel.logout.url": recorder.url(&format!("/{name}"))});
    for (name, value) in further.as_object().unwrap() {
        attributes[name] = value.clone();
    }
    stage.client(name, json!({}), attributes).await
}

/// Alice logs in with a client.
async fn logged_in(stage: &Stage, client: &str) -> Tokens {
    stage.browser().log_in(&Asks::by(client), ALICE.0, ALICE.1).await
}

async fn log_out(stage: &Stage, tokens: &Tokens) {
    let reply = send(stage.world.http.get(stage.url("logout")).query(&[("id_token_hint", tokens.id())])).await;
    reply.expect(200);
}

/// The claims of the logout token in a request, after everything that is the same in all of them was checked.
async fn checked(stage: &Stage, heard: &Heard, client: &str) -> Value {
    assert_eq!((heard.method.as_str(), heard.path.as_str()), ("POST", format!("/{client}").as_str()));
    let [(name, token)] = heard.form.as_slice() else { panic!("{heard:?}") };
    assert_eq!(name, "logout_token");
    let head = header(token);
    assert_eq!(head["typ"], "logout+jwt");
    let keys = send(stage.world.http.get(stage.url("certs"))).await.expect(200).json();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == head["kid"]).expect("a published key");
    let key = josekit::jwk::Jwk::from_map(key.as_object().unwrap().clone()).unwrap();
    match head["alg"].as_str().unwrap() {
        "RS256" => {
            let verifier = josekit::jws::RS256.verifier_from_jwk(&key).unwrap();
            josekit::jwt::decode_with_verifier(token, &verifier).unwrap();
        }
        "ES256" => {
            let verifier = josekit::jws::ES256.verifier_from_jwk(&key).unwrap();
            josekit::jwt::decode_with_verifier(token, &verifier).unwrap();
        }
        other => panic!("{other}"),
    }
    let said = claims(token);
    assert_eq!((&said["aud"], &said["typ"]), (&json!(client), &json!("Logout")));
    assert_eq!(said["events"][EVENT], json!({}));
    assert!(said.get("nonce").is_none());
    let now = stage.now();
    let (issued, ends) = (said["iat"].as_i64().unwrap(), said["exp"].as_i64().unwrap());
    assert!(issued <= now && ends > issued && ends <= issued + 120, "{said}");
    assert!(said["jti"].as_str().is_some_and(|id| id.len() >= 32), "{said}");
    said
}

async fn jobs(stage: &Stage) -> i64 {
    let mut conn = stage.world.server.services().store.read().await.unwrap();
    sqlx::query_scalar("select count(*) from jobs").fetch_one(&mut *conn).await.unwrap()
}

#[tokio::test]
async fn every_client_of_the_session_is_told_as_it_wants() {
    let stage = Stage::new().await;
    let recorder = Recorder::start();
    listener(&stage, &recorder, "one", json!({})).await;
    let further = json!({
        "backchannel.logout.session.required": "false", "id.token.signed.response.alg": "ES256",
        "backchannel.logout.revoke.offline.tokens": "true",
    });
    listener(&stage, &recorder, "two", further).await;
    let pairwise = listener(&stage, &recorder, "three", json!({})).await;
    listener(&stage, &recorder, "absent", json!({})).await;
    stage.client("empty", json!({}), json!({"backchannel.logout.url": ""})).await;
    let mapper = json!({
        "name": "pairwise", "protocol": "openid-connect", "protocolMapper": "oidc-sha256-pairwise-sub-mapper",
        "config": {"pairwiseSubAlgorithmSalt": "salt"},
    });
    stage.world.admin.post(&r(&format!("/clients/{pairwise}/protocol-mappers/models")), mapper).await.expect(201);

    let browser = stage.browser();
    let one = browser.log_in(&Asks::by("one"), ALICE.0, ALICE.1).await;
    browser.go_on(&Asks::by("two")).await;
    let three = browser.go_on(&Asks::by("three")).await;
    browser.go_on(&Asks::by("empty")).await;
    assert_ne!(three.subject(), stage.alice);
    log_out(&stage, &one).await;

    let mut heard = recorder.after(3).await;
    heard.sort_by(|one, other| one.path.cmp(&other.path));
    let issuer = stage.world.url(&format!("/realms/{REALM}"));
    let said = checked(&stage, &heard[0], "one").await;
    assert_eq!(header(&heard[0].form[0].1)["alg"], "RS256");
    assert_eq!(
        (&said["iss"], &said["sub"], &said["sid"]),
        (&json!(issuer), &json!(stage.alice), &json!(one.session()))
    );
    let said = checked(&stage, &heard[1], "three").await;
    assert_eq!((&said["sub"], &said["sid"]), (&json!(three.subject()), &json!(one.session())));
    let said = checked(&stage, &heard[2], "two").await;
    assert_eq!(header(&heard[2].form[0].1)["alg"], "ES256");
    assert_eq!((&said["sub"], said.get("sid")), (&json!(stage.alice), None));
    assert_eq!(said["events"]["revoke_offline_access"], true);
    until("the jobs to be gone", 10, async || (jobs(&stage).await == 0).then_some(())).await;
    // Attack 22: it is no other token.
    let token = &heard[0].form[0].1;
    stage.userinfo(token).await.expect(401);
    stage.refresh("one", token).await.expect(400);
    assert!(!stage.is_active("one", token).await);
    let reply = send(stage.world.http.get(stage.url("logout")).query(&[("id_token_hint", token)])).await;
    assert!(reply.expect(400).text().contains("Session not active"));
}

/// Whoever ends a session, its clients hear of it.
#[tokio::test]
async fn every_end_of_a_session_is_told() {
    let stage = Stage::new().await;
    let recorder = Recorder::start();
    listener(&stage, &recorder, "one", json!({})).await;
    let (admin, mut count) = (&stage.world.admin, 0);
    let mut told = async |tokens: &Tokens| {
        count += 1;
        let heard = recorder.after(count).await;
        let said = checked(&stage, heard.last().unwrap(), "one").await;
        assert_eq!(said["sid"], tokens.session());
    };
    let user = r(&format!("/users/{}", stage.alice));

    let tokens = logged_in(&stage, "one").await;
    admin.delete(&r(&format!("/sessions/{}", tokens.session()))).await.expect(204);
    told(&tokens).await;
    let tokens = logged_in(&stage, "one").await;
    stage.pass(1);
    admin.post(&format!("{user}/logout"), json!({})).await.expect(204);
    told(&tokens).await;
    let tokens = logged_in(&stage, "one").await;
    let password = json!({"type": "password", "value": ALICE.1, "temporary": false});
    admin.put(&format!("{user}/reset-password"), password).await.expect(204);
    told(&tokens).await;
    let tokens = logged_in(&stage, "one").await;
    admin.post(&r("/logout-all"), json!({})).await;
    told(&tokens).await;
    let tokens = logged_in(&stage, "one").await;
    admin.put(&user, json!({"enabled": false})).await.expect(204);
    told(&tokens).await;
    admin.put(&user, json!({"enabled": true})).await.expect(204);
    let tokens = logged_in(&stage, "one").await;
    let form = [("client_id", "one"), ("client_secret", "s3cret"), ("refresh_token", tokens.refresh())];
    send(stage.world.http.post(stage.url("logout")).form(&form)).await.expect(204);
    told(&tokens).await;
    // Somebody else logs in in the same browser.
    stage.world.user("bob", "builder").await;
    let browser = stage.browser();
    let tokens = browser.log_in(&Asks::by("one"), ALICE.0, ALICE.1).await;
    let form = browser.authorize(&Asks::by("one").with("prompt", "login")).await;
    let page = browser.get(form.header("location").unwrap()).await.expect(200);
    let restart = super::browser::attribute(page.text().split_once("reset-login").unwrap().1, "href");
    browser.get(&restart).await.expect(302);
    told(&tokens).await;
    let tokens = logged_in(&stage, "one").await;
    admin.delete(&user).await.expect(204);
    told(&tokens).await;
}

/// A client that is down hears of it later; the waits grow, and each attempt brings a new token.
#[tokio::test]
async fn what_fails_is_tried_again() {
    let stage = Stage::new().await;
    let recorder = Recorder::start();
    listener(&stage, &recorder, "one", json!({})).await;
    let tokens = logged_in(&stage, "one").await;
    recorder.answers(&[503, 400, 302]);
    log_out(&stage, &tokens).await;
    recorder.after(1).await;
    for (count, wait) in [(2, 1), (3, 3), (4, 9)] {
        put_off(&stage, count - 1).await;
        stage.pass(wait - 1);
        stage.pass(1);
        recorder.after(count as usize).await;
    }
    until("the job to be gone", 10, async || (jobs(&stage).await == 0).then_some(())).await;
    let mut ids = Vec::new();
    for heard in recorder.heard() {
        let said = claims(&heard.form[0].1);
        assert_eq!((&said["sid"], &said["sub"]), (&json!(tokens.session()), &json!(stage.alice)));
        ids.push(said["jti"].as_str().unwrap().to_owned());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    assert_eq!(stage.events("LOGOUT_ERROR").await, Vec::<Value>::new());
}

/// Waits until the job has been put off after so many attempts.
async fn put_off(stage: &Stage, attempts: i32) {
    let now = stage.world.server.services().now();
    until(&format!("{attempts} attempts"), 20, async || {
        let mut conn = stage.world.server.services().store.read().await.unwrap();
        let query = "select count(*) from jobs where attempts = $1 and run_at < $2";
        // Not the lease of an attempt that is under way, which is longer than these waits.
        let soon = now + time::Duration::seconds(59);
        let found: i64 = sqlx::query_scalar(query).bind(attempts).bind(soon).fetch_one(&mut *conn).await.unwrap();
        (found == 1).then_some(())
    })
    .await;
}

/// In the end nobody tries any longer, and an administrator can see that.
#[tokio::test]
async fn it_is_given_up_after_a_day() {
    let stage = Stage::new().await;
    let recorder = Recorder::start();
    listener(&stage, &recorder, "one", json!({})).await;
    let tokens = logged_in(&stage, "one").await;
    recorder.answers(&[500, 500]);
    log_out(&stage, &tokens).await;
    recorder.after(1).await;
    put_off(&stage, 1).await;
    stage.pass(24 * 3_600);
    recorder.after(2).await;
    until("the job to be gone", 10, async || (jobs(&stage).await == 0).then_some(())).await;
    let events = stage.events("LOGOUT_ERROR").await;
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(
        (&event["error"], &event["clientId"], &event["sessionId"], &event["userId"]),
        (&json!("logout_failed"), &json!("one"), &json!(tokens.session()), &json!(stage.alice))
    );
    let reason = event["details"]["reason"].as_str().unwrap();
    assert!(reason.contains("status 500") && reason.contains(&recorder.url("/one")), "{reason}");
}

/// Attack 55: the server calls no address inside unless the realm allows it.
#[tokio::test]
async fn attack_55_a_logout_uri_leads_nowhere_inside() {
    let stage = Stage::new().await;
    let recorder = Recorder::start();
    stage.set(json!({"attributes": {"outgoing.allowed-networks": ""}})).await;
    listener(&stage, &recorder, "one", json!({})).await;
    let port = recorder.url("").rsplit_once(':').unwrap().1.to_owned();
    let browser = stage.browser();
    let tokens = browser.log_in(&Asks::by("one"), ALICE.0, ALICE.1).await;
    for (number, host) in ["localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1", "2130706433"].into_iter().enumerate() {
        let name = format!("c{number}");
        let attributes = json!({"backchannel.logout.url": format!("http://{host}:{port}/x")});
        // Refused when it is saved, or when it is used.
        let client = json!({
            "clientId": name, "publicClient": false, "secret": "s3cret", "attributes": attributes,
            "redirectUris": [super::browser::callback(&name)],
        });
        if stage.world.admin.post(&r("/clients"), client).await.status == 201 {
            browser.go_on(&Asks::by(&name)).await;
        }
    }
    log_out(&stage, &tokens).await;
    until("every job to be tried", 20, async || {
        let mut conn = stage.world.server.services().store.read().await.unwrap();
        let query = "select count(*) from jobs where attempts = 0 or run_at > $1";
        let soon = stage.world.server.services().now() + time::Duration::seconds(30);
        let left: i64 = sqlx::query_scalar(query).bind(soon).fetch_one(&mut *conn).await.unwrap();
        (left == 0).then_some(())
    })
    .await;
    assert!(jobs(&stage).await >= 1);
    assert_eq!(recorder.heard().len(), 0);
}

/// A client or a setting that was taken away meanwhile leaves nobody to be told.
#[tokio::test]
async fn nobody_is_told_who_is_not_there() {
    let stage = Stage::new().await;
    let recorder = Recorder::start();
    let gone = listener(&stage, &recorder, "gone", json!({})).await;
    listener(&stage, &recorder, "quiet", json!({})).await;
    let browser = stage.browser();
    let tokens = browser.log_in(&Asks::by("gone"), ALICE.0, ALICE.1).await;
    browser.go_on(&Asks::by("quiet")).await;
    recorder.answers(&[500, 500]);
    log_out(&stage, &tokens).await;
    recorder.after(2).await;
    stage.world.admin.delete(&r(&format!("/clients/{gone}"))).await.expect(204);
    stage.attributes("quiet", json!({"backchannel.logout.url": ""})).await;
    stage.pass(1);
    until("the jobs to be gone", 20, async || {
        stage.pass(1);
        (jobs(&stage).await == 0).then_some(())
    })
    .await;
    assert_eq!(recorder.heard().len(), 2);
}

/// A server without a fixed address: the issuer is the one that the client knows, though no request is there any more
/// when it is told.
#[tokio::test]
async fn the_issuer_is_the_address_that_was_called() {
    let stage = Stage::hosted(Hosting { address: PublicAddress::OfRequest, ..Hosting::default() }).await;
    let recorder = Recorder::start();
    listener(&stage, &recorder, "one", json!({})).await;
    let url = stage.world.server.url().replace("127.0.0.1", "localhost");
    let browser = Browser::new(&url);
    let tokens = browser.log_in(&Asks::by("one"), ALICE.0, ALICE.1).await;
    assert_eq!(claims(tokens.id())["iss"], format!("{url}/realms/{REALM}"));
    // Under another address of the same server it proves nothing.
    let hint = [("id_token_hint", tokens.id())];
    send(stage.world.http.get(stage.url("logout")).query(&hint)).await.expect(400);
    let logout = format!("{url}/realms/{REALM}/protocol/openid-connect/logout");
    send(browser.http.get(logout).query(&hint)).await.expect(200);
    let said = checked(&stage, &recorder.after(1).await[0], "one").await;
    assert_eq!(said["iss"], format!("{url}/realms/{REALM}"));
}

/// Two nodes share the work: each notice is sent once. And what a node had in hand when it ended, another one does.
#[tokio::test]
async fn nodes_share_the_work() {
    const SESSIONS: usize = 40;
    let stage = Stage::new().await;
    let recorder = Recorder::start();
    listener(&stage, &recorder, "one", json!({})).await;
    let second = stage.world.server.second_node().await;
    for _ in 0..SESSIONS {
        password(&stage.world, "one").await;
    }
    stage.world.admin.post(&r("/logout-all"), json!({})).await;
    let heard = recorder.after(SESSIONS).await;
    until("the jobs to be gone", 10, async || (jobs(&stage).await == 0).then_some(())).await;
    assert_eq!(recorder.heard().len(), SESSIONS);
    let mut sessions: Vec<_> = heard.iter().map(|heard| claims(&heard.form[0].1)["sid"].to_string()).collect();
    sessions.sort();
    sessions.dedup();
    assert_eq!(sessions.len(), SESSIONS);
    // A lease that nobody came back for.
    password(&stage.world, "one").await;
    let now = stage.world.server.services().now();
    let taken_until = now + time::Duration::seconds(60);
    let mut tx = stage.world.server.services().store.read().await.unwrap();
    sqlx::query("begin").execute(&mut *tx).await.unwrap();
    sqlx::query("lock table jobs in share row exclusive mode").execute(&mut *tx).await.unwrap();
    // While the table is locked no node can take the job; it is taken by one that "crashes" in the same transaction.
    let insert = "with gone as (delete from user_sessions where user_id = $1 returning realm_id, id, user_id)
        insert into jobs (realm_id, id, kind, payload, run_at, attempts, created_at)
        select realm_id, 'x', 'backchannel-logout', jsonb_build_object('client', 'one', 'session', id, 'user', user_id,
            'public_url', $2::text), $3, 1, $4 from gone";
    let url = stage.world.server.url().to_owned();
    sqlx::query(insert).bind(&stage.alice).bind(url).bind(taken_until).bind(now).execute(&mut *tx).await.unwrap();
    sqlx::query("commit").execute(&mut *tx).await.unwrap();
    drop(tx);
    stage.pass(61);
    recorder.after(SESSIONS + 1).await;
    drop(second);
}

/// A session of Alice without a browser.
async fn password(world: &World, client: &str) {
    let form = [
        ("grant_type", "password"),
        ("client_id", client),
        ("client_secret", "s3cret"),
        ("username", ALICE.0),
        ("password", ALICE.1),
    ];
    world.token(REALM, &form).await.expect(200);
}

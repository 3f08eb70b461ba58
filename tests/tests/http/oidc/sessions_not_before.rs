//! `not-before`: whatever was issued earlier is good no more, whoever says so and wherever it is shown (attack 25).

use serde_json::json;

use super::{
    browser::{Asks, Browser, Tokens},
    stage::{ALICE, Stage},
};
use crate::http::support::{Api, REALM, r};

/// Whose moment it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Realm,
    Client,
    User,
}

/// Alice, who may manage the realm, with tokens of `app` and a browser.
async fn scene() -> (Stage, Browser, Tokens) {
    let stage = Stage::new().await;
    stage.world.grant_admin(REALM, &stage.alice, "realm-admin").await;
    let browser = stage.browser();
    let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    (stage, browser, tokens)
}

async fn say(stage: &Stage, whose: Whose, moment: i64) {
    let admin = stage.admin().await;
    match whose {
        Whose::Realm => stage.set(json!({"notBefore": moment})).await,
        Whose::Client => {
            let id = stage.client_id("app").await;
            admin.put(&r(&format!("/clients/{id}")), json!({"notBefore": moment})).await.expect(204);
        }
        Whose::User => {
            // The one way that there is: to log the user out of everything, which is at this moment.
            assert_eq!(moment, stage.now());
            admin.post(&r(&format!("/users/{}/logout", stage.alice)), json!({})).await.expect(204);
        }
    }
}

/// Where tokens are shown: each says whether they are taken.
async fn taken(stage: &Stage, tokens: &Tokens) -> Vec<(&'static str, bool)> {
    let administrator = Api { token: Some(tokens.access().to_owned()), ..stage.world.admin.clone() };
    let mut taken = vec![
        ("admin API", administrator.get(&r("/users")).await.status == 200),
        ("userinfo", stage.userinfo(tokens.access()).await.status == 200),
        ("introspection", stage.is_active("app", tokens.access()).await),
        ("introspection of a refresh token", stage.is_active("app", tokens.refresh()).await),
        ("token exchange", stage.exchange("app", tokens.access()).await.status == 200),
    ];
    // The last one uses it up.
    taken.push(("refresh", stage.refresh("app", tokens.refresh()).await.status == 200));
    taken
}

fn all(taken: &[(&'static str, bool)], wanted: bool) -> bool {
    taken.iter().all(|(_, taken)| *taken == wanted)
}

#[tokio::test]
async fn attack_25_older_tokens_are_dead_everywhere() {
    for whose in [Whose::Realm, Whose::Client, Whose::User] {
        let (stage, browser, tokens) = scene().await;
        let before = taken(&stage, &tokens).await;
        assert!(all(&before, true), "{whose:?}: {before:?}");
        let tokens = browser.go_on(&Asks::by("app")).await;
        let in_browser = browser.cookie("KEYCLOAK_IDENTITY").unwrap();
        stage.pass(10);
        say(&stage, whose, stage.now()).await;
        let after = taken(&stage, &tokens).await;
        assert!(all(&after, false), "{whose:?}: {after:?}");
        // The client's moment is about its tokens; those of realm and user are about the login too.
        assert_eq!(browser.is_logged_in("app").await, whose == Whose::Client, "{whose:?}");
        // What is issued from then on is good, and what was dead stays so.
        let fresh = stage.browser().log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
        let now = taken(&stage, &fresh).await;
        assert!(all(&now, true), "{whose:?}: {now:?}");
        let after = taken(&stage, &tokens).await;
        assert!(all(&after, false), "{whose:?}: {after:?}");
        if whose != Whose::Client {
            browser.plant("KEYCLOAK_IDENTITY", &in_browser);
            assert!(!browser.is_logged_in("app").await, "{whose:?}");
        }
    }
}

/// CVE-2026-8922: with two moments the later one counts, in either order.
#[tokio::test]
async fn attack_25_the_later_of_two_moments_counts() {
    for (first, second) in [(Whose::Realm, Whose::Client), (Whose::Client, Whose::Realm)] {
        for earlier in [true, false] {
            let (stage, browser, _) = scene().await;
            stage.pass(100);
            // A new session, as the realm's moment ends older ones.
            drop(browser);
            let tokens = stage.browser().log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
            let issued = stage.now();
            stage.pass(100);
            let (one, two) = if earlier { (issued - 50, issued + 50) } else { (issued + 50, issued - 50) };
            say(&stage, first, one).await;
            say(&stage, second, two).await;
            let after = taken(&stage, &tokens).await;
            assert!(all(&after, false), "{first:?} at {one}, {second:?} at {two}, issued at {issued}: {after:?}");
        }
    }
}

/// A code or a session that waited is not a way around it.
#[tokio::test]
async fn nothing_that_waited_is_a_way_around_it() {
    let (stage, browser, _) = scene().await;
    let reply = browser.authorize(&Asks::by("app").with("prompt", "none")).await;
    let code = super::browser::parameter(&reply, "code").unwrap();
    let offline = Asks { scope: "openid offline_access", ..Asks::by("app") };
    let tokens = browser.go_on(&offline).await;
    stage.pass(10);
    say(&stage, Whose::Realm, stage.now()).await;
    let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", "https://app.example/cb")];
    super::browser::token(stage.world.server.url(), REALM, "app", &form).await.expect(400);
    stage.refresh("app", tokens.refresh()).await.expect(400);
    assert!(!stage.is_active("app", tokens.refresh()).await);
}

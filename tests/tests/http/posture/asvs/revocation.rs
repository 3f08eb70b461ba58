//! 10.4.9: whoever may do it ends what clients hold: the client itself, an administrator for a user, and nobody else.

use crate::http::{
    posture::{
        browser::{Browser, location, parameter},
        fresh::{App, Fresh, JANE, VERIFIER, text},
    },
    support::{REALM, r, send},
};

/// The tokens of a client are dead.
async fn is_over(fresh: &Fresh, app: &App, tokens: &serde_json::Value) -> bool {
    let refreshed = fresh.refresh(app, text(tokens, "refresh_token")).await;
    refreshed.status == 400 && !fresh.is_good(text(tokens, "access_token")).await
}

#[tokio::test]
async fn asvs_10_4_9_an_administrator_takes_a_client_out_of_a_users_sessions() {
    let fresh = Fresh::start().await;
    for scope in ["openid", "openid offline_access"] {
        for app in &fresh.apps {
            // One browser, two clients: the other one goes on.
            let browser = Browser::new();
            let reply = browser.get(&fresh.sound_request(app, &[("scope", scope)])).await;
            let answer = location(&browser.log_in(reply, JANE.0, JANE.1).await);
            let code = parameter(&answer, "code").unwrap();
            let tokens = fresh.redeem(app, &code, Some(VERIFIER)).await.expect(200).json();
            let other = fresh.apps.iter().find(|other| other.id != app.id).unwrap();
            let answer = location(&browser.get(&fresh.sound_request(other, &[])).await);
            let code = parameter(&answer, "code").unwrap();
            let others = fresh.redeem(other, &code, Some(VERIFIER)).await.expect(200).json();

            let path = r(&format!("/users/{}/consents/{}", fresh.jane, app.id));
            let stranger = fresh.world.api(REALM, JANE.0, JANE.1).await;
            assert_eq!(stranger.delete(&path).await.status, 403, "{}", app.id);
            assert!(fresh.is_good(text(&tokens, "access_token")).await);
            fresh.world.admin.delete(&path).await.expect(204);
            assert!(is_over(&fresh, app, &tokens).await, "{} {scope}", app.id);
            assert!(fresh.is_good(text(&others, "access_token")).await, "{} {scope}", app.id);
        }
    }
}

#[tokio::test]
async fn asvs_10_4_9_an_administrator_logs_a_user_out_of_everything() {
    let fresh = Fresh::start().await;
    let mut held = Vec::new();
    for app in &fresh.apps {
        held.push((app, fresh.tokens(app, &[]).await));
    }
    let path = r(&format!("/users/{}/logout", fresh.jane));
    fresh.world.admin.post(&path, serde_json::json!({})).await.expect(204);
    for (app, tokens) in held {
        assert!(is_over(&fresh, app, &tokens).await, "{}", app.id);
    }
}

#[tokio::test]
async fn asvs_10_4_9_a_client_revokes_its_own_tokens_and_no_others() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        let tokens = fresh.tokens(app, &[("scope", "openid offline_access")]).await;
        for other in fresh.apps.iter().filter(|other| other.id != app.id) {
            for name in ["refresh_token", "access_token"] {
                let reply = send(fresh.as_client(other, "revoke", &[("token", text(&tokens, name))])).await;
                assert_eq!(reply.status, 400, "{} by {}", app.id, other.id);
            }
        }
        assert!(fresh.is_good(text(&tokens, "access_token")).await, "{}", app.id);
        let _ = send(fresh.as_client(app, "revoke", &[("token", text(&tokens, "refresh_token"))])).await.expect(200);
        assert!(is_over(&fresh, app, &tokens).await, "{}", app.id);
    }
}

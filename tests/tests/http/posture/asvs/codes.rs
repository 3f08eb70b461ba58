//! 10.4.2: a code is good once, and a second use revokes what came of it. 10.4.3: it is good for a short time.

use std::time::Duration;

use futures_util::future::join_all;

use crate::http::posture::fresh::{Fresh, VERIFIER, text};

#[tokio::test]
async fn asvs_10_4_2_a_second_use_of_a_code_revokes_what_came_of_it() {
    let fresh = Fresh::start().await;
    for (app, scope) in fresh.apps.iter().flat_map(|app| [(app, "openid"), (app, "openid offline_access")]) {
        let code = fresh.code(app, &[("scope", scope)]).await;
        let tokens = fresh.redeem(app, &code, Some(VERIFIER)).await.expect(200).json();
        assert!(fresh.is_good(text(&tokens, "access_token")).await);
        let again = fresh.redeem(app, &code, Some(VERIFIER)).await.expect(400).json();
        assert_eq!(again["error"], "invalid_grant", "{} {scope}", app.id);
        assert!(!fresh.is_good(text(&tokens, "access_token")).await, "{} {scope}", app.id);
        let refreshed = fresh.refresh(app, text(&tokens, "refresh_token")).await.expect(400).json();
        assert_eq!(refreshed["error"], "invalid_grant", "{} {scope}", app.id);
    }
}

#[tokio::test]
async fn asvs_10_4_2_of_many_uses_at_once_one_succeeds() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        let code = fresh.code(app, &[]).await;
        let replies = join_all((0..20).map(|_| fresh.redeem(app, &code, Some(VERIFIER)))).await;
        let good: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
        assert_eq!(good.len(), 1, "{}", app.id);
        assert!(!fresh.is_good(&good[0].access_token()).await, "the other uses revoke it: {}", app.id);
    }
}

#[tokio::test]
async fn asvs_10_4_2_a_code_is_good_for_its_client_and_redirect_uri_only() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        for other in fresh.apps.iter().filter(|other| other.id != app.id) {
            let code = fresh.code(app, &[]).await;
            let reply = fresh.redeem(other, &code, Some(VERIFIER)).await.expect(400).json();
            assert_eq!(reply["error"], "invalid_grant", "{} by {}", app.id, other.id);
        }
        let code = fresh.code(app, &[]).await;
        let mut elsewhere = app.clone();
        elsewhere.redirect_uri.push('2');
        assert_eq!(fresh.redeem(&elsewhere, &code, Some(VERIFIER)).await.status, 400, "{}", app.id);
        assert_eq!(fresh.redeem(app, &code, Some(VERIFIER)).await.status, 400, "it is used up: {}", app.id);
    }
}

#[tokio::test]
async fn asvs_10_4_3_a_code_is_good_for_a_minute() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        let code = fresh.code(app, &[]).await;
        fresh.world.server.clock().advance(Duration::from_secs(58));
        let _ = fresh.redeem(app, &code, Some(VERIFIER)).await.expect(200);
        let code = fresh.code(app, &[]).await;
        fresh.world.server.clock().advance(Duration::from_secs(61));
        let reply = fresh.redeem(app, &code, Some(VERIFIER)).await.expect(400).json();
        assert_eq!(reply["error"], "invalid_grant", "{}", app.id);
    }
}

//! 10.4.5: a refresh token that is used twice ends all that came of it. 10.4.8: none goes on for ever.

use std::time::Duration;

use futures_util::future::join_all;
use time::OffsetDateTime;

use crate::http::posture::fresh::{App, Fresh, text};

const DAY: u64 = 86_400;

#[tokio::test]
async fn asvs_10_4_5_a_replayed_refresh_token_ends_the_whole_family() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        for scope in ["openid", "openid offline_access"] {
            let first = fresh.tokens(app, &[("scope", scope)]).await;
            let second = fresh.refresh(app, text(&first, "refresh_token")).await.expect(200).json();
            assert_ne!(first["refresh_token"], second["refresh_token"]);
            let replayed = fresh.refresh(app, text(&first, "refresh_token")).await.expect(400).json();
            assert_eq!(replayed["error"], "invalid_grant", "{} {scope}", app.id);
            // Nobody knows which of the two was the thief: both are out.
            let newest = fresh.refresh(app, text(&second, "refresh_token")).await.expect(400).json();
            assert_eq!(newest["error"], "invalid_grant", "{} {scope}", app.id);
            for tokens in [&first, &second] {
                assert!(!fresh.is_good(text(tokens, "access_token")).await, "{} {scope}", app.id);
            }
        }
    }
}

#[tokio::test]
async fn asvs_10_4_5_of_many_refreshes_at_once_one_succeeds() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        let tokens = fresh.tokens(app, &[]).await;
        let replies = join_all((0..20).map(|_| fresh.refresh(app, text(&tokens, "refresh_token")))).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1, "{}", app.id);
    }
}

#[tokio::test]
async fn asvs_10_4_5_a_refresh_token_is_good_for_its_client_only() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        let tokens = fresh.tokens(app, &[]).await;
        for other in fresh.apps.iter().filter(|other| other.id != app.id) {
            let reply = fresh.refresh(other, text(&tokens, "refresh_token")).await.expect(400).json();
            assert_eq!(reply["error"], "invalid_grant", "{} by {}", app.id, other.id);
        }
        let _ = fresh.refresh(app, text(&tokens, "refresh_token")).await.expect(200);
    }
}

/// Refreshes every so often for as long as it goes, and gives how long it went.
async fn refreshed_for(fresh: &Fresh, app: &App, scope: &str, every: u64, at_most: u64) -> u64 {
    let mut tokens = fresh.tokens(app, &[("scope", scope)]).await;
    let ends = fresh.world.server.services().now().unix_timestamp() + at_most.cast_signed();
    let mut gone = 0;
    while gone < 2 * at_most {
        // An application can see when it has to ask the user again: no token says that it lasts longer.
        let claims = tests::docker::claims(text(&tokens, "refresh_token"));
        let expires = claims["exp"].as_i64().expect("a refresh token ends");
        assert!(expires <= ends, "{scope}: {} days too late", (expires - ends) / DAY.cast_signed());
        fresh.world.server.clock().advance(Duration::from_secs(every));
        gone += every;
        let reply = fresh.refresh(app, text(&tokens, "refresh_token")).await;
        if reply.status != 200 {
            assert_eq!(reply.expect(400).json()["error"], "invalid_grant");
            return gone;
        }
        tokens = reply.json();
    }
    panic!("refreshed for ever: {}", OffsetDateTime::UNIX_EPOCH);
}

#[tokio::test]
async fn asvs_10_4_8_a_refresh_token_ends_however_often_it_is_used() {
    let fresh = Fresh::start().await;
    for app in [fresh.public(), &fresh.apps[2]] {
        // The realm's defaults: ten hours, and sixty days without a browser.
        let gone = refreshed_for(&fresh, app, "openid", 1_500, 36_000).await;
        assert!((34_000..=37_500).contains(&gone), "{} {gone} seconds", app.id);
        let gone = refreshed_for(&fresh, app, "openid offline_access", 10 * DAY, 60 * DAY).await;
        assert!((50 * DAY..=70 * DAY).contains(&gone), "{} {} days", app.id, gone / DAY);
    }
}

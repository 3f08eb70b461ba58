//! 10.4.6: a code is good only for whoever began the login (RFC 7636). A public client has to send a challenge, and no
//! client may send one that proves nothing.

use crate::http::{
    posture::{
        browser::{Browser, location, parameter},
        fresh::{CHALLENGE, Fresh, VERIFIER},
    },
    support::send,
};

/// Ways to do without a good challenge.
const WITHOUT: [&[(&str, &str)]; 5] = [
    &[("code_challenge", ""), ("code_challenge_method", "")],
    &[("code_challenge", "")],
    // Without a method it is `plain` (RFC 7636 section 4.3).
    &[("code_challenge_method", "")],
    &[("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
    &[("code_challenge", "short")],
];

#[tokio::test]
async fn asvs_10_4_6_a_public_client_has_to_send_a_challenge() {
    let fresh = Fresh::start().await;
    for app in fresh.apps.iter().filter(|app| app.secret.is_none()) {
        for without in WITHOUT {
            let told = location(&Browser::new().get(&fresh.sound_request(app, without)).await);
            assert!(told.starts_with(&app.redirect_uri), "{} {without:?}: {told}", app.id);
            assert_eq!(parameter(&told, "error").as_deref(), Some("invalid_request"), "{} {without:?}", app.id);
            let mut form = vec![("redirect_uri", app.redirect_uri.as_str()), ("response_type", "code")];
            form.extend(without.iter().filter(|(_, value)| !value.is_empty()));
            let pushed = send(fresh.as_client(app, "ext/par/request", &form)).await.expect(400).json();
            assert_eq!(pushed["error"], "invalid_request", "{} {without:?}", app.id);
        }
    }
}

#[tokio::test]
async fn asvs_10_4_6_no_client_may_use_plain() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        // All but leaving it out altogether, which a confidential client may.
        for without in WITHOUT.into_iter().skip(1) {
            let told = location(&Browser::new().get(&fresh.sound_request(app, without)).await);
            assert_eq!(parameter(&told, "error").as_deref(), Some("invalid_request"), "{} {without:?}", app.id);
        }
    }
}

#[tokio::test]
async fn asvs_10_4_6_the_verifier_is_checked() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        let other = VERIFIER.replace('d', "e");
        for wrong in [None, Some(other.as_str()), Some(CHALLENGE), Some(""), Some("short")] {
            let code = fresh.code(app, &[]).await;
            let reply = fresh.redeem(app, &code, wrong).await.expect(400).json();
            assert_eq!(reply["error"], "invalid_grant", "{} {wrong:?}", app.id);
            let reply = fresh.redeem(app, &code, Some(VERIFIER)).await.expect(400).json();
            assert_eq!(reply["error"], "invalid_grant", "the code is used up: {}", app.id);
        }
    }
}

/// RFC 9700 section 4.8: whoever takes the challenge out of a request gains nothing.
#[tokio::test]
async fn asvs_10_4_6_a_verifier_without_a_challenge_is_refused() {
    let fresh = Fresh::start().await;
    for app in fresh.confidential() {
        let without = [("code_challenge", ""), ("code_challenge_method", "")];
        let code = fresh.code(app, &without).await;
        let reply = fresh.redeem(app, &code, Some(VERIFIER)).await.expect(400).json();
        assert_eq!(reply["error"], "invalid_grant", "{}", app.id);
    }
}

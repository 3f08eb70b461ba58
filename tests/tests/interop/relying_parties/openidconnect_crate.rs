//! The crate `openidconnect`, as a public client with nothing but PKCE.

use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, CsrfToken, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, RequestTokenError, Scope,
    TokenResponse,
    core::{CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreUserInfoClaims},
};
use serde_json::json;
use tests::answer::http;

use super::fixture::{ALICE, APPLICATION, Fixture, log_in, login_page};

#[tokio::test]
async fn a_user_logs_in_stays_logged_in_and_logs_out() {
    let fixture = Fixture::start().await;
    let (callback, goodbye) = (format!("{APPLICATION}/callback"), format!("{APPLICATION}/goodbye"));
    fixture
        .client(json!({
            "clientId": "rust-app", "publicClient": true, "redirectUris": [callback],
            "attributes": {"post.logout.redirect.uris": goodbye},
        }))
        .await;

    let http = http();
    let metadata =
        ProviderMetadataWithLogout::discover_async(IssuerUrl::new(fixture.issuer()).unwrap(), &http).await.unwrap();
    let leave = metadata.additional_metadata().end_session_endpoint.clone().expect("an end_session_endpoint");
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new("rust-app".to_owned()), None)
        .set_redirect_uri(RedirectUrl::new(callback.clone()).unwrap());
    let authorize = |challenge| {
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let request = client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
        request
            .add_scopes(["profile", "email"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge)
            .url()
    };

    let alice = fixture.browser();
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = authorize(challenge);
    let page = login_page(&alice, url.as_str()).await;
    let wrong = log_in(&alice, &page, ALICE.0, "not it").await.page();
    let back = log_in(&alice, &wrong, ALICE.0, ALICE.1).await.away().url;
    let parameter =
        |name: &str| back.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
    assert!(back.as_str().starts_with(&format!("{callback}?")), "{back}");
    assert_eq!(parameter("state").as_ref(), Some(state.secret()));
    assert_eq!(parameter("iss"), Some(fixture.issuer()));

    let code = AuthorizationCode::new(parameter("code").expect("a code"));
    let tokens = client.exchange_code(code).unwrap().set_pkce_verifier(verifier).request_async(&http).await.unwrap();
    let verifier = client.id_token_verifier();
    let id_token = tokens.id_token().expect("an ID token");
    let claims = id_token.claims(&verifier, &nonce).unwrap();
    let hash = AccessTokenHash::from_token(
        tokens.access_token(),
        id_token.signing_alg().unwrap(),
        id_token.signing_key(&verifier).unwrap(),
    );
    assert_eq!(claims.access_token_hash(), Some(&hash.unwrap()));
    assert_eq!(claims.subject().as_str(), fixture.alice);

    let userinfo = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone())).unwrap();
    let userinfo: CoreUserInfoClaims = userinfo.request_async(&http).await.unwrap();
    fixture.expect_alice(&serde_json::to_value(&userinfo).unwrap());

    // Every use of a refresh token gives the next one.
    let mut refresh = tokens.refresh_token().expect("a refresh token").clone();
    let mut renewed = Vec::new();
    for _ in 0..2 {
        let tokens = client.exchange_refresh_token(&refresh).unwrap().request_async(&http).await.unwrap();
        let next = tokens.refresh_token().expect("a refresh token").clone();
        assert_ne!(next.secret(), refresh.secret());
        let claims = tokens.id_token().expect("an ID token").claims(&verifier, |_: Option<&Nonce>| Ok(())).unwrap();
        assert_eq!(claims.subject().as_str(), fixture.alice);
        refresh = next;
        renewed.push(tokens);
    }

    // Somebody who is logged in is not asked again.
    let again = alice.open(authorize(PkceCodeChallenge::new_random_sha256().0).0.as_str()).await.away().url;
    assert!(again.query_pairs().any(|(name, _)| name == "code"), "{again}");

    let leave = LogoutRequest::from(leave)
        .set_id_token_hint(renewed[1].id_token().unwrap())
        .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(goodbye.clone()).unwrap())
        .set_state(CsrfToken::new("see you".to_owned()))
        .http_get_url();
    let left = alice.open(leave.as_str()).await.away().url;
    assert!(left.as_str().starts_with(&format!("{goodbye}?")), "{left}");
    assert!(left.query_pairs().any(|pair| pair == ("state".into(), "see you".into())), "{left}");

    let refused = client.exchange_refresh_token(&refresh).unwrap().request_async(&http).await.unwrap_err();
    assert!(
        matches!(&refused, RequestTokenError::ServerResponse(answer) if *answer.error() == CoreErrorResponseType::InvalidGrant),
        "{refused:?}"
    );
    assert_eq!(fixture.userinfo_status(renewed[1].access_token().secret()).await, 401);
    login_page(&alice, authorize(PkceCodeChallenge::new_random_sha256().0).0.as_str()).await;

    // As in Keycloak, refreshes are not kept, only those that were refused.
    let wanted = ["LOGIN_ERROR", "LOGIN", "CODE_TO_TOKEN", "LOGIN", "LOGOUT", "REFRESH_TOKEN_ERROR"];
    let events = fixture.event_types().await;
    let seen: Vec<_> = events.iter().filter(|event| wanted.contains(&event.as_str())).collect();
    assert_eq!(seen, wanted, "{events:?}");
}

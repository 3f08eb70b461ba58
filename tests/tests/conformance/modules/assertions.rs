//! Client assertions.

use tests::oidc_client::Client;

use crate::conformance::{checks::token, stage::Stage};

pub async fn ensure_client_assertion_with_iss_aud_succeeds(stage: &Stage) {
    let client = stage.client().await;
    let (browser, request) = (stage.browser(), stage.request(&client));
    let landing = stage.start(&browser, &request).await;
    let landing = stage.log_in(&browser, landing).await;
    let code = stage.success(&request, landing).expect("code").to_owned();
    let claims = client.assertion_claims(&stage.provider.issuer.as_str().into(), stage.now());
    token::success(exchange_with(stage, &client, &code, &client.assertion(&claims)).await);
}

async fn exchange_with(stage: &Stage, client: &Client, code: &str, assertion: &str) -> tests::Answer {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &client.redirect_uri),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
    ];
    let request = stage.provider.http().post(stage.provider.endpoint("token_endpoint"));
    tests::Answer::to(request.form(&form)).await
}

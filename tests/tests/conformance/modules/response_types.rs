//! What an authorization request may leave out, and what not.

use tests::user_agent::Landing;

use crate::conformance::{flow::error_page, stage::Stage};

pub async fn response_type_missing(stage: &Stage) {
    let client = stage.client().await;
    let request = stage.request(&client).without("response_type");
    match stage.start(&stage.browser(), &request).await {
        page @ Landing::Page(_) => drop(error_page(page)),
        landing => {
            let error = stage.error(&request, landing);
            assert!(matches!(error.expect("error"), "invalid_request" | "unsupported_response_type"), "{error:?}");
        }
    }
}

pub async fn ensure_request_without_nonce_succeeds_for_code_flow(stage: &Stage) {
    let client = stage.client().await;
    let request = stage.request(&client).without("nonce");
    let outcome = stage.flow(&stage.browser(), &client, request).await;
    stage.is_accepted(&outcome).await;
}

pub async fn ensure_request_without_nonce_fails(stage: &Stage) {
    let client = stage.client().await;
    let request = stage.request(&client).without("nonce");
    match stage.start(&stage.browser(), &request).await {
        page @ Landing::Page(_) => drop(error_page(page)),
        landing => assert_eq!(stage.error(&request, landing).expect("error"), "invalid_request"),
    }
}

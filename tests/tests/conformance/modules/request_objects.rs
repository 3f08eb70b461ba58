//! Request objects (`OpenID` Connect Core, section 6; RFC 9101).

use serde_json::{Map, Value, json};
use tests::{
    oidc_client::{AuthorizationRequest, Client},
    user_agent::Landing,
};

use crate::conformance::{flow::error_page, stage::Stage, variant::Registration};

/// The media type of RFC 9101, section 10.2.
const MEDIA_TYPE: &str = "application/oauth-authz-req+jwt";
/// What a provider may say that takes no such request object.
const NOT_TAKEN: [&str; 5] = [
    "request_not_supported",
    "request_uri_not_supported",
    "invalid_request_object",
    "invalid_request_uri",
    "invalid_request",
];

impl Stage {
    /// The request as claims of a request object.
    fn object_claims(&self, client: &Client, request: &AuthorizationRequest) -> Value {
        let mut claims: Map<_, _> =
            request.parameters.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        claims.insert("iss".to_owned(), client.id.as_str().into());
        claims.insert("aud".to_owned(), self.provider.issuer.as_str().into());
        claims.insert("iat".to_owned(), self.now().into());
        claims.insert("exp".to_owned(), (self.now() + 60).into());
        claims.into()
    }

    fn signed_object(&self, client: &Client, request: &AuthorizationRequest) -> String {
        self.key.token(&json!({"alg": "RS256"}), &self.object_claims(client, request))
    }

    fn unsigned_object(&self, client: &Client, request: &AuthorizationRequest) -> String {
        self.key.token(&json!({"alg": "none"}), &self.object_claims(client, request))
    }

    /// The suite skips what is about unsigned objects where the metadata does not list `none`; ours does not. So such
    /// an object must lead to no authorization, in particular not to one that ignores it.
    async fn is_not_taken(&self, request: &AuthorizationRequest) {
        assert!(!self.provider.lists("request_object_signing_alg_values_supported", "none"));
        match self.start(&self.browser(), request).await {
            page @ Landing::Page(_) => drop(error_page(page)),
            landing => {
                let error = self.error(request, landing);
                assert!(NOT_TAKEN.contains(&error.expect("error")), "{error:?}");
            }
        }
    }
}

/// What stands beside a request object: what OAuth 2.0 asks for (`OpenID` Connect Core, section 6.1).
fn beside(request: &AuthorizationRequest) -> AuthorizationRequest {
    request.clone().without("nonce").without("state").without("redirect_uri")
}

pub async fn unsigned_request_object_supported_correctly_or_rejected_as_unsupported(stage: &Stage) {
    let client = stage.client().await;
    let request = stage.request(&client);
    let object = stage.unsigned_object(&client, &request.clone().with("nonce", "of the object"));
    stage.is_not_taken(&request.with("request", &object)).await;
}

pub async fn request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(stage: &Stage) {
    let uri = format!("{}#{}", stage.party.url("/request.jwt"), "of-the-first");
    let client = stage.register(&json!({"request_uris": [uri]})).await;
    assert!(stage.party.hits("/request.jwt").is_empty(), "nobody may fetch it yet");
    let request = stage.request(&client);
    let object = stage.unsigned_object(&client, &request.clone().with("nonce", "of the object"));
    stage.party.publish("/request.jwt", MEDIA_TYPE, &object);
    stage.is_not_taken(&request.with("request_uri", &uri)).await;
}

pub async fn request_uri_unsigned(stage: &Stage) {
    assert_ne!(stage.provider.metadata["request_uri_parameter_supported"], false);
    request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(stage).await;
}

pub async fn ensure_request_object_with_redirect_uri(stage: &Stage) {
    let client = stage.client().await;
    let request = stage.request(&client);
    let bad = request.clone().with("redirect_uri", &stage.party.url("/nobody"));
    let unsigned = bad.clone().with("request", &stage.unsigned_object(&client, &request));
    drop(error_page(stage.start(&stage.browser(), &unsigned).await));
    if stage.variant.registration == Registration::Static {
        // It has no key to sign with.
        return;
    }
    let signed = bad.with("request", &stage.signed_object(&client, &request));
    let browser = stage.browser();
    match stage.start(&browser, &signed).await {
        Landing::Page(page) if page.status == 400 => drop(error_page(Landing::Page(page))),
        landing => {
            // What the object says counts, and the other address is never used.
            let landing = stage.log_in(&browser, landing).await;
            let _ = stage.complete(&client, request, landing).await;
        }
    }
}

pub async fn request_uri_signed_rs256(stage: &Stage) {
    assert!(stage.provider.lists("request_object_signing_alg_values_supported", "RS256"));
    assert_ne!(stage.provider.metadata["request_uri_parameter_supported"], false);
    let uri = format!("{}#{}", stage.party.url("/request.jwt"), "of-the-first");
    let client = stage.register(&json!({"request_uris": [uri], "request_object_signing_alg": "RS256"})).await;
    assert!(stage.party.hits("/request.jwt").is_empty(), "nobody may fetch it yet");
    let request = stage.request(&client);
    stage.party.publish("/request.jwt", MEDIA_TYPE, &stage.signed_object(&client, &request));
    let browser = stage.browser();
    let landing = stage.start(&browser, &beside(&request).with("request_uri", &uri)).await;
    let landing = stage.log_in(&browser, landing).await;
    let outcome = stage.complete(&client, request, landing).await;
    stage.is_accepted(&outcome).await;
    assert_eq!(stage.party.hits("/request.jwt")[0].method, "GET");
}

//! Authorizations from the request to the tokens, with everything that the suite checks on the way each time.

use serde_json::Value;
use tests::{
    UserAgent,
    jwt::Jwt,
    oidc_client::{AuthorizationRequest, AuthorizationResponse, Channel, Client},
    user_agent::{Landing, Page},
};

use super::{
    checks::{authorization, id_token, keys, token},
    realm::{PASSWORD, USERNAME},
    stage::Stage,
};

/// An ID token, as it came and taken apart.
#[derive(Clone, Debug)]
pub struct IdToken {
    /// As it came.
    pub text: String,
    /// Taken apart.
    pub jwt: Jwt,
}

/// What came of an authorization.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was asked for.
    pub request: AuthorizationRequest,
    /// What the application was told by way of the browser.
    pub response: AuthorizationResponse,
    /// What the token endpoint answered, if there was a code.
    pub tokens: Option<Value>,
    /// The ID token of the authorization endpoint.
    pub front: Option<IdToken>,
    /// The ID token of the token endpoint.
    pub back: Option<IdToken>,
}

impl Outcome {
    /// The ID token, that of the token endpoint if there is one.
    #[track_caller]
    pub fn id_token(&self) -> &IdToken {
        self.back.as_ref().or(self.front.as_ref()).expect("an ID token")
    }

    /// A claim of the ID token.
    #[track_caller]
    pub fn claim(&self, name: &str) -> &Value {
        &self.id_token().jwt.claims[name]
    }

    /// The ID tokens that came.
    pub fn id_tokens(&self) -> impl Iterator<Item = &Value> {
        self.front.iter().chain(&self.back).map(|token| &token.jwt.claims)
    }

    /// The access token, that of the token endpoint if there is one.
    pub fn access_token(&self) -> Option<&str> {
        let of_tokens = self.tokens.as_ref().and_then(|tokens| tokens["access_token"].as_str());
        of_tokens.or(self.response.get("access_token"))
    }

    /// The refresh token.
    #[track_caller]
    pub fn refresh_token(&self) -> &str {
        let tokens = self.tokens.as_ref().expect("the token endpoint was asked");
        tokens["refresh_token"].as_str().expect("a refresh token")
    }
}

impl Stage {
    /// Sends the browser with a request to the authorization endpoint.
    pub async fn start(&self, browser: &UserAgent, request: &AuthorizationRequest) -> Landing {
        browser.open(&request.url(self.provider.endpoint("authorization_endpoint"))).await
    }

    /// Fills in the login form, and consents if that is asked.
    #[track_caller]
    pub fn log_in<'s>(&'s self, browser: &'s UserAgent, landing: Landing) -> impl Future<Output = Landing> + 's {
        let page = login_page(landing);
        async move {
            let form = page.form_around("kc-login").with("username", USERNAME).with("password", PASSWORD);
            match browser.submit(&page, form).await {
                Landing::Page(page) if is_consent_page(&page) => consent(browser, &page).await,
                landing => landing,
            }
        }
    }

    /// Checks what the application was told and everything that it gets for it.
    pub async fn complete(&self, client: &Client, request: AuthorizationRequest, landing: Landing) -> Outcome {
        let response = self.success(&request, landing);
        keys::jwks(&self.provider.jwks().await);
        let front = match response.get("id_token") {
            Some(text) => Some(self.checked(client, &request, text).await),
            None => None,
        };
        if let Some(front) = &front {
            let hashes = [("at_hash", response.get("access_token")), ("c_hash", response.get("code"))];
            for (name, of) in hashes {
                id_token::hash(&front.jwt, name, of, true);
            }
            id_token::hash(&front.jwt, "s_hash", request.get("state"), false);
        }
        let mut outcome = Outcome { request, response, tokens: None, front, back: None };
        if self.variant.has_code() {
            let code = outcome.response.expect("code").to_owned();
            let tokens = token::success(client.exchange(&self.provider, &code, &[], self.now()).await);
            let text = tokens["id_token"].as_str().expect("an ID token");
            let back = self.checked(client, &outcome.request, text).await;
            id_token::hash(&back.jwt, "at_hash", tokens["access_token"].as_str(), false);
            id_token::hash(&back.jwt, "c_hash", Some(&code), false);
            if let Some(front) = &outcome.front {
                id_token::same_user(&front.jwt, &back.jwt);
            }
            (outcome.tokens, outcome.back) = (Some(tokens), Some(back));
        }
        outcome
    }

    /// The whole of it, where a login page must be shown.
    pub async fn flow(&self, browser: &UserAgent, client: &Client, request: AuthorizationRequest) -> Outcome {
        let landing = self.start(browser, &request).await;
        let landing = self.log_in(browser, landing).await;
        self.complete(client, request, landing).await
    }

    /// The whole of it, where no page may be shown.
    pub async fn flow_without_page(
        &self,
        browser: &UserAgent,
        client: &Client,
        request: AuthorizationRequest,
    ) -> Outcome {
        let landing = self.start(browser, &request).await;
        self.complete(client, request, landing).await
    }

    /// The whole of it with the usual request in a new browser.
    pub async fn usual_flow(&self, client: &Client) -> Outcome {
        self.flow(&self.browser(), client, self.request(client)).await
    }

    /// What the application was told, if it was a good thing.
    #[track_caller]
    pub fn success(&self, request: &AuthorizationRequest, landing: Landing) -> AuthorizationResponse {
        let response = self.response(request, landing);
        authorization::success(&self.variant, &response);
        response
    }

    /// What the application was told, if it was an error.
    #[track_caller]
    pub fn error(&self, request: &AuthorizationRequest, landing: Landing) -> AuthorizationResponse {
        let response = self.response(request, landing);
        authorization::error(&response);
        response
    }

    /// Reads what the application was told: in the right way, with the right state and issuer.
    #[track_caller]
    fn response(&self, request: &AuthorizationRequest, landing: Landing) -> AuthorizationResponse {
        let arrival = landing.away();
        let redirect_uri = request.get("redirect_uri").map_or_else(|| self.redirect_uri(), str::to_owned);
        let response = AuthorizationResponse::read(&arrival, &redirect_uri);
        let expected = match (self.variant.form_post, request.get("response_type")) {
            (true, _) => Channel::Form,
            (false, Some("code") | None) => Channel::Query,
            (false, Some(_)) => Channel::Fragment,
        };
        assert_eq!(response.channel, expected, "{response:?}");
        authorization::addressed(&response, &redirect_uri, request.get("state"), &self.provider);
        response
    }

    async fn checked(&self, client: &Client, request: &AuthorizationRequest, text: &str) -> IdToken {
        let jwt = self.provider.verified(text).await;
        id_token::check(&jwt, &self.provider.issuer, &client.id, request.get("nonce"), self.now());
        IdToken { text: text.to_owned(), jwt }
    }
}

/// The login page, if the browser has landed there.
#[track_caller]
pub fn login_page(landing: Landing) -> Page {
    let page = landing.page();
    assert_eq!(page.status, 200, "{}", page.shown());
    for id in ["username", "password", "kc-login"] {
        assert!(page.has(id), "no {id} on {}", page.shown());
    }
    page
}

/// An error page: it says something, asks for nothing and leads nobody away.
#[track_caller]
pub fn error_page(landing: Landing) -> Page {
    let page = landing.page();
    assert_eq!(page.status, 400, "{}", page.shown());
    assert!(page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")), "{}", page.shown());
    assert!(page.text_of("kc-error-message").is_some_and(|text| !text.is_empty()), "{}", page.shown());
    assert!(page.forms().is_empty(), "{}", page.shown());
    page
}

/// Whether this is the page on which the user consents.
pub fn is_consent_page(page: &Page) -> bool {
    page.finds("form [name=accept]") && page.finds("form [name=cancel]")
}

/// Consents.
pub async fn consent(browser: &UserAgent, page: &Page) -> Landing {
    let form = page.forms().into_iter().next().expect("a form");
    browser.submit(page, form.with("accept", "Yes")).await
}

//! Logging out from an application (`OpenID` Connect RP-Initiated Logout 1.0), and being told of it.

mod backchannel;
mod frontchannel;
mod rp_initiated;

pub use backchannel::*;
pub use frontchannel::*;
pub use rp_initiated::*;

use serde_json::{Value, json};
use tests::{
    UserAgent,
    oidc_client::{Client, random_text},
    user_agent::{Landing, Page},
};

use super::sessions::NEEDS_A_PAGE;
use crate::conformance::{flow::Outcome, stage::Stage};

/// Where a browser is sent after it.
const AFTER: &str = "/post_logout_redirect";

/// A user who is logged in, and the browser that this is in.
struct LoggedIn<'s> {
    stage: &'s Stage,
    client: Client,
    browser: UserAgent,
    outcome: Outcome,
}

/// A user logs in with a client that has registered where the browser is sent after it, and further things.
async fn logged_in<'s>(stage: &'s Stage, further: &Value) -> LoggedIn<'s> {
    let mut changes = json!({"post_logout_redirect_uris": [stage.party.url(AFTER)]});
    for (name, value) in further.as_object().expect("an object") {
        changes[name] = value.clone();
    }
    let client = stage.client_with(&changes).await;
    let browser = stage.browser();
    let outcome = stage.flow(&browser, &client, stage.request(&client)).await;
    LoggedIn { stage, client, browser, outcome }
}

impl LoggedIn<'_> {
    /// The ID token as hint.
    fn hint(&self) -> &str {
        &self.outcome.id_token().text
    }

    /// Where the browser is to be sent.
    fn after(&self) -> String {
        self.stage.party.url(AFTER)
    }

    /// Opens the logout endpoint, without a word about what is shown.
    async fn ask(&self, parameters: &[(&str, &str)]) -> Landing {
        let mut url: url::Url = self.stage.provider.endpoint("end_session_endpoint").parse().expect("a URL");
        url.query_pairs_mut().extend_pairs(parameters);
        self.browser.open(url.as_str()).await
    }

    /// Says yes where the user is asked whether it is meant.
    async fn confirm(&self, landing: Landing) -> Landing {
        match landing {
            Landing::Page(page) if page.has("kc-logout") => {
                let form = page.form_around("kc-logout");
                self.browser.submit(&page, form).await
            }
            landing => landing,
        }
    }

    /// Logs out, and confirms it where that is asked.
    async fn log_out(&self, parameters: &[(&str, &str)]) -> Landing {
        let landing = self.ask(parameters).await;
        self.confirm(landing).await
    }

    /// Whether the browser has a session that can be used without a page.
    async fn is_still_logged_in(&self) -> bool {
        let request = self.stage.request(&self.client).with("prompt", "none").with("state", &random_text(128));
        let landing = self.stage.start(&self.browser, &request).await;
        let response = match &landing {
            Landing::Away(arrival) => {
                tests::oidc_client::AuthorizationResponse::read(arrival, &self.client.redirect_uri)
            }
            Landing::Page(page) => panic!("a page: {}", page.shown()),
        };
        if response.get("error").is_none() {
            let _ = self.stage.success(&request, landing);
            return true;
        }
        let error = self.stage.error(&request, landing);
        assert!(NEEDS_A_PAGE.contains(&error.expect("error")), "{error:?}");
        false
    }

    /// The browser was sent where it was to be, with this state.
    #[track_caller]
    fn is_sent_back(&self, landing: Landing, state: Option<&str>) {
        let arrival = landing.away();
        let mut expected: url::Url = self.after().parse().expect("a URL");
        if let Some(state) = state {
            expected.query_pairs_mut().append_pair("state", state);
        }
        assert_eq!(arrival.url.query_pairs().collect::<Vec<_>>(), expected.query_pairs().collect::<Vec<_>>());
        assert_eq!((arrival.url.path(), arrival.url.fragment()), (expected.path(), None));
        assert_eq!(arrival.url.origin(), expected.origin());
        assert!(arrival.form.is_none());
    }
}

/// A page that says that the user is logged out.
#[track_caller]
fn logged_out_page(landing: Landing) -> Page {
    let page = landing.page();
    assert_eq!(page.status, 200, "{}", page.shown());
    assert!(!page.has("kc-logout") && !page.has("username"), "{}", page.shown());
    assert!(
        page.text().to_lowercase().contains("logged out") || page.text().to_lowercase().contains("signed out"),
        "{}",
        page.shown()
    );
    page
}

//! A browser without scripts: cookies, redirects, pages and forms.
//!
//! Redirects within the server are followed; one that leaves it is where a journey ends, because what an application is
//! told stands there. So does a form that a page sends to an application on its own (`response_mode=form_post`).
//! Frames are only read. What a page's Content-Security-Policy says about forms is obeyed as Chromium does.

mod page;
mod policy;

use std::sync::Arc;

use reqwest::{
    Client, Method,
    cookie::{CookieStore, Jar},
};
use url::Url;

pub use page::{Form, Page};

use crate::answer::{Answer, http_builder};

/// Redirects that may follow each other.
const LONGEST_CHAIN: usize = 10;

/// A browser with its cookies.
#[derive(Clone, Debug)]
pub struct UserAgent {
    client: Client,
    cookies: Arc<Jar>,
    /// Scheme, host and port of the server.
    origin: String,
}

/// Where a journey ended.
#[derive(Clone, Debug)]
pub enum Landing {
    /// On a page of the server.
    Page(Page),
    /// At an application.
    Away(Arrival),
}

/// What an application was told.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Where it was told, with query and fragment.
    pub url: Url,
    /// The form that came along, if the browser has sent one.
    pub form: Option<Vec<(String, String)>>,
}

impl Landing {
    /// The page.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    #[track_caller]
    pub fn page(self) -> Page {
        match self {
            Self::Page(page) => page,
            Self::Away(arrival) => panic!("expected a page, but the browser was sent to {arrival:?}"),
        }
    }

    /// What the application was told.
    ///
    /// # Panics
    /// If the browser is still with the server.
    #[must_use]
    #[track_caller]
    pub fn away(self) -> Arrival {
        match self {
            Self::Away(arrival) => arrival,
            Self::Page(page) => panic!("expected to be sent to the application, but there is a page: {}", page.shown()),
        }
    }
}

impl UserAgent {
    /// A new browser, with which nobody has been at the server of this URL.
    ///
    /// # Panics
    /// If the URL is none.
    #[must_use]
    pub fn new(server: &str) -> Self {
        let cookies = Arc::new(Jar::default());
        let client = http_builder().cookie_provider(Arc::clone(&cookies)).build().expect("an HTTP client");
        let origin = Url::parse(server).expect("a URL").origin().ascii_serialization();
        Self { client, cookies, origin }
    }

    /// The value of a cookie that would be sent to this address.
    ///
    /// # Panics
    /// If the address is no URL.
    #[must_use]
    pub fn cookie(&self, url: &str, name: &str) -> Option<String> {
        // A cookie's path may end with a slash that an issuer has not.
        let url = format!("{}/", url.trim_end_matches('/')).parse().expect("a URL");
        let header = self.cookies.cookies(&url)?;
        let mut pairs = header.to_str().ok()?.split("; ").filter_map(|pair| pair.split_once('='));
        pairs.find(|(given, _)| *given == name).map(|(_, value)| value.to_owned())
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) -> Landing {
        self.travel(Method::GET, url.parse().expect("a URL"), None).await
    }

    /// Sends a form to an address.
    pub async fn post(&self, url: &str, form: &[(String, String)]) -> Landing {
        self.travel(Method::POST, url.parse().expect("a URL"), Some(form.to_vec())).await
    }

    /// Fetches what a page shows in a frame, from whomever it may be.
    pub async fn frame(&self, url: &str) -> Answer {
        Answer::to(self.client.get(url)).await
    }

    /// Sends a form of a page.
    ///
    /// # Panics
    /// If the page's policy forbids it.
    pub async fn submit(&self, page: &Page, form: Form) -> Landing {
        let landing = if form.method == Method::POST {
            self.travel(Method::POST, form.action.clone(), Some(form.fields)).await
        } else {
            let mut url = form.action.clone();
            url.query_pairs_mut().clear().extend_pairs(form.fields);
            self.travel(Method::GET, url, None).await
        };
        // Chromium looks also at where the answer to a form redirects to.
        let mut targets = vec![form.action];
        if let Landing::Away(arrival) = &landing {
            targets.push(arrival.url.clone());
        }
        for target in targets {
            assert!(
                policy::allows_form(page.header("content-security-policy"), &page.url, &target),
                "the policy of {} forbids to send a form to {target}: {:?}",
                page.url,
                page.header("content-security-policy")
            );
        }
        landing
    }

    async fn travel(&self, mut method: Method, mut url: Url, mut form: Option<Vec<(String, String)>>) -> Landing {
        for _ in 0..LONGEST_CHAIN {
            if url.origin().ascii_serialization() != self.origin {
                return Landing::Away(Arrival { url, form });
            }
            let mut request = self.client.request(method.clone(), url.clone());
            if let Some(form) = &form {
                request = request.form(form);
            }
            let answer = Answer::to(request).await;
            let Some(target) = redirect(&answer, &url) else { return self.arrived(url, answer) };
            // RFC 9110, section 15.4: browsers keep the method only for 307 and 308.
            if !matches!(answer.status, 307 | 308) {
                (method, form) = (Method::GET, None);
            }
            url = target;
        }
        panic!("{LONGEST_CHAIN} redirects in a row, the last to {url}")
    }

    fn arrived(&self, url: Url, answer: Answer) -> Landing {
        let page = Page { url, status: answer.status, headers: answer.headers.clone(), html: answer.text() };
        // A form for somebody else is the answer to an application; people never see it, as a script sends it at once.
        let forms = page.forms();
        match forms.as_slice() {
            [form] if form.action.origin().ascii_serialization() != self.origin => {
                assert_eq!(form.method, Method::POST, "{}", page.shown());
                assert!(
                    policy::allows_form(page.header("content-security-policy"), &page.url, &form.action),
                    "the page's policy forbids its own form: {:?}",
                    page.headers
                );
                Landing::Away(Arrival { url: form.action.clone(), form: Some(form.fields.clone()) })
            }
            _ => Landing::Page(page),
        }
    }
}

fn redirect(answer: &Answer, from: &Url) -> Option<Url> {
    if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = answer.header("location").expect("a redirect says where to");
    Some(from.join(location).unwrap_or_else(|error| panic!("redirect to {location}: {error}")))
}

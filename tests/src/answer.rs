//! What an HTTP server answered, read to the end.

use reqwest::{RequestBuilder, header::HeaderMap};
use serde_json::Value;

use crate::localhost;

/// An answer of an HTTP server.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Sends the request and reads the answer to its end.
    ///
    /// # Errors
    /// If there is no complete answer.
    pub async fn try_to(request: RequestBuilder) -> reqwest::Result<Self> {
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Self { status, headers, body: answer.bytes().await?.to_vec() })
    }

    /// As [`Self::try_to`], for servers that are expected to answer.
    pub async fn to(request: RequestBuilder) -> Self {
        Self::try_to(request).await.expect("the server answers")
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.shown()))
    }

    /// A header that occurs at most once.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a readable header"))
    }

    /// This answer, if it has the status.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.shown());
        self
    }

    /// The last segment of `Location`, which is the id of what was made.
    #[must_use]
    #[track_caller]
    pub fn made(self) -> String {
        let answer = self.expect(201);
        let location = answer.header("location").expect("a Location header");
        location.rsplit('/').next().expect("a path").to_owned()
    }

    /// Status and body, for messages.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{} {}", self.status, self.text())
    }
}

/// A client that follows no redirects, believes no proxy variables and gives up after 30 seconds.
#[must_use]
pub fn http() -> reqwest::Client {
    http_builder().build().expect("an HTTP client")
}

/// What [`http`] is made with. It believes [`localhost`], which is always the IPv4 loopback address.
pub fn http_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .add_root_certificate(localhost::authority())
        .resolve("localhost", (std::net::Ipv4Addr::LOCALHOST, 0).into())
        .timeout(std::time::Duration::from_secs(30))
}

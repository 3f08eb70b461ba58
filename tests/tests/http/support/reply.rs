//! Answers, and what tests look for in them.

use reqwest::{
    RequestBuilder,
    header::{HeaderMap, HeaderName},
};
use serde_json::{Value, json};
use tests::docker::{claims, granted};

/// An answer, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// The request in short, for the messages of failed assertions.
    pub request: String,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {} {error}: {}", self.request, self.status, self.text()))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header of visible ASCII"))
    }

    /// Goes on only with this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.request, self.text());
        self
    }

    /// The id in the `Location` of a created thing.
    #[track_caller]
    pub fn created(self) -> String {
        let reply = self.expect(201);
        let location = reply.header("location").expect("Location");
        assert!(location.starts_with("http://"), "an absolute address: {location}");
        location.rsplit('/').next().unwrap().to_owned()
    }

    /// A refusal in the form `{"error": …}` with this text.
    #[track_caller]
    pub fn error(self, status: u16, text: &str) {
        let reply = self.expect(status);
        assert_eq!(reply.json(), json!({ "error": text }), "{}", reply.request);
    }

    /// A refusal in the form `{"errorMessage": …}` with this text.
    #[track_caller]
    pub fn error_message(self, status: u16, text: &str) {
        let reply = self.expect(status);
        assert_eq!(reply.json()["errorMessage"], text, "{}: {}", reply.request, reply.text());
    }

    /// The claims of the token in a token answer, unverified.
    #[track_caller]
    pub fn claims(&self) -> Value {
        claims(&self.access_token())
    }

    /// The token in a token answer.
    #[track_caller]
    pub fn access_token(&self) -> String {
        assert_eq!(self.status, 200, "{}: {}", self.request, self.text());
        self.json()["access_token"].as_str().expect("access_token").to_owned()
    }

    /// The `access` of the token in a token answer, as sorted scopes.
    #[track_caller]
    pub fn access(&self) -> Vec<String> {
        granted(&self.access_token())
    }

    /// The id that a refusal of the docker endpoint tells, after checking that it speaks both dialects.
    #[track_caller]
    pub fn refusal_id(&self) -> String {
        let body = self.json();
        let message = body["errors"][0]["message"].as_str().expect("errors[0].message");
        assert_eq!(body["error_description"], message, "{}", self.request);
        assert!(body["error"].as_str().is_some_and(|code| !code.is_empty()), "{}: {body}", self.request);
        assert!(body["errors"][0]["code"].as_str().is_some_and(|code| !code.is_empty()), "{}: {body}", self.request);
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.request);
        let id = message.rsplit_once("(id ").and_then(|(_, rest)| rest.strip_suffix(").")).expect("an id").to_owned();
        assert_eq!(body["errors"][0]["detail"]["id"], id.as_str());
        id
    }
}

/// Sends a request and reads the answer.
pub async fn send(request: RequestBuilder) -> Reply {
    let (client, request) = request.build_split();
    let request = request.expect("a request");
    let described = format!("{} {}", request.method(), request.url());
    let answer = client.execute(request).await.unwrap_or_else(|error| panic!("{described}: {error:?}"));
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body = answer.bytes().await.unwrap_or_else(|error| panic!("{described}: {error:?}")).to_vec();
    Reply { status, headers, body, request: described }
}

/// Reads the bytes that a server sent on a connection.
pub fn parse_answer(answer: &[u8], request: &str) -> Reply {
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("{request}: no answer, but {:?}", String::from_utf8_lossy(answer)));
    let (head, body) = (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end + 4..].to_vec());
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok()).unwrap();
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.trim().parse().unwrap());
    }
    Reply { status, headers, body, request: request.to_owned() }
}

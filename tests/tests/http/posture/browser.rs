//! As much of a browser as a login needs.

use std::{collections::BTreeMap, sync::Mutex};

use reqwest::{Client, RequestBuilder, header::COOKIE};

use crate::http::support::{Reply, send};

/// A browser: it keeps cookies and follows nothing by itself.
#[derive(Debug, Default)]
pub struct Browser {
    http: Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub fn new() -> Self {
        Self { http: tests::answer::http(), cookies: Mutex::default() }
    }

    pub async fn get(&self, url: &str) -> Reply {
        self.send(self.http.get(url)).await
    }

    pub async fn post(&self, url: &str, form: &[(&str, &str)]) -> Reply {
        self.send(self.http.post(url).form(form)).await
    }

    async fn send(&self, request: RequestBuilder) -> Reply {
        let held: Vec<_> = self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let reply = send(request.header(COOKIE, held.join("; "))).await;
        for set in reply.headers.get_all("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        reply
    }

    /// Goes on from an answer of the authorization endpoint until the browser is sent to the client, which is what this
    /// gives; by logging in where a login is asked for.
    pub async fn log_in(&self, reply: Reply, username: &str, password: &str) -> Reply {
        let page = self.get(&location(&reply)).await.expect(200);
        self.post(&form_action(&page), &[("username", username), ("password", password)]).await
    }
}

/// Where an answer sends the browser.
#[track_caller]
pub fn location(reply: &Reply) -> String {
    assert_eq!(reply.status, 302, "{}: {}", reply.request, reply.text());
    reply.header("location").expect("Location").to_owned()
}

/// Where the form of a page goes.
#[track_caller]
pub fn form_action(page: &Reply) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("action=\"").unwrap_or_else(|| panic!("no form: {text}"));
    rest.split_once('"').unwrap().0.to_owned()
}

/// A parameter in the query or the fragment of an address.
pub fn parameter(url: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(url).unwrap();
    let parts = [url.query().unwrap_or_default(), url.fragment().unwrap_or_default()].join("&");
    url::form_urlencoded::parse(parts.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

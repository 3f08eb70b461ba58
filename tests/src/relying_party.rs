//! An application that relies on the server, as far as the server and its user's browser can reach it.
//!
//! It serves what the test has published and records every request, so that a test can also say what was *not* fetched.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Mutex},
    thread,
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, http::StatusCode, web};
use serde_json::Value;
use url::form_urlencoded;

use crate::{localhost, poll};

/// Below this path the application lives; the conformance suite has one like it for each alias.
const BASE: &str = "/test/a/portcullis";
/// What a server or a browser comes to without being told anything there.
const DOORS: [&str; 5] = ["/", "/callback", "/post_logout_redirect", "/frontchannel_logout", "/backchannel_logout"];

/// A running application. It stops when it is dropped.
pub struct RelyingParty {
    origin: String,
    shared: Arc<Shared>,
    handle: ServerHandle,
}

#[derive(Default)]
struct Shared {
    published: Mutex<HashMap<String, Published>>,
    hits: Mutex<Vec<Hit>>,
}

#[derive(Clone)]
struct Published {
    status: u16,
    content_type: &'static str,
    body: String,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The method.
    pub method: String,
    /// The path, without what all paths here begin with.
    pub path: String,
    /// The query, as sent.
    pub query: String,
    /// The kind of the body.
    pub content_type: Option<String>,
    /// The body.
    pub body: String,
}

impl Hit {
    /// The pairs of the query.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }

    /// The pairs of the body.
    ///
    /// # Panics
    /// If it is no form.
    #[must_use]
    pub fn form(&self) -> Vec<(String, String)> {
        let content_type = self.content_type.as_deref().unwrap_or_default();
        assert!(content_type.starts_with("application/x-www-form-urlencoded"), "no form: {self:?}");
        form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }
}

impl RelyingParty {
    /// Starts an application at `https://localhost:{port}`.
    ///
    /// # Panics
    /// If that fails.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let origin = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
        let shared = Arc::new(Shared::default());
        let data = web::Data::from(Arc::clone(&shared));
        let (send, receive) = std::sync::mpsc::channel();
        // On a thread of its own, so that it answers whatever the test's runtime does.
        thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = move || App::new().app_data(data.clone()).default_service(web::to(answer));
                let server = HttpServer::new(app)
                    .workers(1)
                    .disable_signals()
                    .shutdown_timeout(0)
                    .listen_rustls_0_23(listener, localhost::tls())
                    .expect("the application starts")
                    .run();
                send.send(server.handle()).expect("somebody waits");
                server.await
            })
        });
        let handle = receive.recv().expect("the application starts");
        let party = Self { origin, shared, handle };
        for door in DOORS {
            party.publish(door, "text/html", "Hello");
        }
        party
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The URL of one of its paths, such as `/callback`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{BASE}{path}", self.origin)
    }

    /// Publishes a text. Gives its URL.
    pub fn publish(&self, path: &str, content_type: &'static str, body: &str) -> String {
        self.publish_with(path, 200, content_type, body)
    }

    /// Publishes JSON. Gives its URL.
    pub fn publish_json(&self, path: &str, body: &Value) -> String {
        self.publish(path, "application/json", &body.to_string())
    }

    /// Publishes an answer with this status. Gives its URL.
    ///
    /// # Panics
    /// If another thread has panicked.
    pub fn publish_with(&self, path: &str, status: u16, content_type: &'static str, body: &str) -> String {
        let published = Published { status, content_type, body: body.to_owned() };
        self.shared.published.lock().unwrap().insert(path.to_owned(), published);
        self.url(path)
    }

    /// The requests that came to this path, oldest first.
    ///
    /// # Panics
    /// If another thread has panicked.
    #[must_use]
    pub fn hits(&self, path: &str) -> Vec<Hit> {
        self.shared.hits.lock().unwrap().iter().filter(|hit| hit.path == path).cloned().collect()
    }

    /// The first request to this path, as soon as it has come.
    pub async fn first_hit(&self, path: &str) -> Hit {
        poll::until(&format!("a request to {path}"), 20, || async { self.hits(path).into_iter().next() }).await
    }
}

impl Drop for RelyingParty {
    fn drop(&mut self) {
        // It begins to stop when it is called; nobody has to wait for the end.
        drop(self.handle.stop(false));
    }
}

async fn answer(request: HttpRequest, body: String, shared: web::Data<Shared>) -> HttpResponse {
    let path = request.path().strip_prefix(BASE).unwrap_or(request.path()).to_owned();
    let published = shared.published.lock().unwrap().get(&path).cloned();
    let content_type = request.headers().get("content-type").and_then(|value| value.to_str().ok());
    shared.hits.lock().unwrap().push(Hit {
        method: request.method().to_string(),
        path,
        query: request.query_string().to_owned(),
        content_type: content_type.map(str::to_owned),
        body,
    });
    match published {
        Some(published) => HttpResponse::build(StatusCode::from_u16(published.status).expect("a status"))
            .content_type(published.content_type)
            .body(published.body),
        None => HttpResponse::NotFound().finish(),
    }
}

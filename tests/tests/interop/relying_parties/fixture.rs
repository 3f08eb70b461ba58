//! A realm with a user, to which applications are added.

use serde_json::{Value, json};
use tests::{
    Admin, Program, TestServer, UserAgent,
    answer::{Answer, http},
    program::Setup,
    template::template,
    user_agent::{Landing, Page},
};

pub const REALM: &str = "acme";
pub const ALICE: (&str, &str) = ("alice", "alice's päss:word");

/// Where an application lives of which only the addresses are needed: nobody goes there.
pub const APPLICATION: &str = "https://app.example.org";

pub struct Fixture {
    pub admin: Admin,
    /// The address of the server.
    pub url: String,
    /// The id of alice.
    pub alice: String,
    _server: Server,
}

/// Either runs until it is dropped.
enum Server {
    /// The real binary, without TLS.
    Binary { _program: Box<Program> },
    /// The real wiring with TLS, at `https://localhost`.
    Secure { _server: Box<TestServer> },
}

impl Fixture {
    /// A new realm, as it is made when nothing is said about it, with one user.
    pub async fn start() -> Self {
        let program = Box::new(Program::start(Setup::default()).await);
        let (url, admin) = (program.url(), program.admin().await);
        Self::with(url, admin, Server::Binary { _program: program }).await
    }

    /// The same at a server with TLS.
    pub async fn secure() -> Self {
        let server = Box::new(TestServer::secure(&template()).await);
        let (url, admin) = (server.url().to_owned(), server.admin().await);
        Self::with(url, admin, Server::Secure { _server: server }).await
    }

    async fn with(url: String, admin: Admin, server: Server) -> Self {
        admin.create_realm(REALM).await;
        let alice = admin.create_user(REALM, ALICE.0, ALICE.1).await;
        Self { admin, url, alice, _server: server }
    }

    /// The address that is all an application knows.
    pub fn issuer(&self) -> String {
        format!("{}/realms/{REALM}", self.url)
    }

    /// Makes a client with these settings and gives its id. It is confidential unless they say otherwise.
    pub async fn client(&self, settings: Value) -> String {
        let mut client = json!({"protocol": "openid-connect", "publicClient": false});
        for (name, value) in settings.as_object().unwrap() {
            client[name] = value.clone();
        }
        self.admin.post(&format!("/realms/{REALM}/clients"), Some(client)).await.made()
    }

    /// What an end user may see of alice.
    pub fn expect_alice(&self, claims: &Value) {
        let wanted = json!({
            "sub": self.alice, "preferred_username": "alice", "email": "alice@example.org", "email_verified": true,
            "name": "Test User", "given_name": "Test", "family_name": "User",
        });
        for (name, value) in wanted.as_object().unwrap() {
            assert_eq!(&claims[name], value, "{name} in {claims}");
        }
    }

    /// The browser of somebody who has not been here before.
    pub fn browser(&self) -> UserAgent {
        UserAgent::new(&self.url)
    }

    /// The types of the realm's events, oldest first, without those of the test's own looks.
    pub async fn event_types(&self) -> Vec<String> {
        let events = self.admin.events(REALM).await;
        events.iter().rev().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }

    /// The status that the userinfo endpoint answers to an access token.
    pub async fn userinfo_status(&self, access_token: &str) -> u16 {
        let url = format!("{}/protocol/openid-connect/userinfo", self.issuer());
        Answer::to(http().get(url).bearer_auth(access_token)).await.status
    }
}

/// Opens an address that has to lead to the login page.
pub async fn login_page(browser: &UserAgent, url: &str) -> Page {
    let page = browser.open(url).await.page();
    assert_eq!(page.status, 200, "{}", page.shown());
    assert!(["username", "password", "kc-login"].iter().all(|id| page.has(id)), "{}", page.shown());
    page
}

/// Fills in the login page and sends it.
pub async fn log_in(browser: &UserAgent, page: &Page, username: &str, password: &str) -> Landing {
    let form = page.form_around("kc-login").with("username", username).with("password", password);
    browser.submit(page, form).await
}

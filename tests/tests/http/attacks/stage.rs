//! Where the attacks take place: a realm with alice, applications, her browser, and the requests of all of them.

use std::{collections::BTreeMap, sync::Mutex, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::sha::sha256;
use reqwest::{Client, RequestBuilder, Url};
use serde_json::{Value, json};
use services::cache;
use url::form_urlencoded;

use crate::http::support::{REALM, Reply, World, send};

/// Where applications of these tests are answered.
pub const CALLBACK: &str = "https://app.example/cb";
/// The user of most attacks, and her password.
pub const ALICE: (&str, &str) = ("alice", "pw");
/// A code verifier, and its challenge.
pub const VERIFIER: &str = "an-old-verifier-of-sufficient-length-0123456789";

/// The S256 challenge of a verifier (RFC 7636 section 4.2).
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()))
}

/// A registered application.
#[derive(Clone, Debug)]
pub struct App {
    /// Its id in the admin API.
    pub id: String,
    /// Its `clientId`.
    pub client_id: String,
    /// Its secret; none if it is public.
    pub secret: Option<String>,
}

impl App {
    /// The form with what proves who it is.
    pub fn form<'a>(&'a self, form: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut form = form.to_vec();
        form.push(("client_id", &self.client_id));
        form.extend(self.secret.as_deref().map(|secret| ("client_secret", secret)));
        form
    }
}

/// A browser: it keeps cookies and follows no redirect by itself.
#[derive(Debug, Default)]
pub struct Browser(Mutex<BTreeMap<String, String>>);

impl Browser {
    /// The cookies, as it sends them.
    pub fn cookies(&self) -> String {
        let cookies = self.0.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// A cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.0.lock().unwrap().get(name).cloned()
    }

    /// Sets a cookie.
    pub fn set(&self, name: &str, value: &str) {
        self.0.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    fn keep(&self, reply: &Reply) {
        let mut cookies = self.0.lock().unwrap();
        for header in reply.headers.get_all("set-cookie") {
            let header = header.to_str().expect("a readable cookie");
            let (name, rest) = header.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            match value.is_empty() || rest.contains("Max-Age=0") {
                true => drop(cookies.remove(name)),
                false => drop(cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
    }

    /// Sends a request with its cookies and keeps those of the answer.
    pub async fn send(&self, request: RequestBuilder) -> Reply {
        let cookies = self.cookies();
        let reply = send(if cookies.is_empty() { request } else { request.header("cookie", cookies) }).await;
        self.keep(&reply);
        reply
    }
}

/// One realm of one node.
#[derive(Clone, Debug)]
pub struct Site {
    pub http: Client,
    /// The node's address.
    pub node: String,
    /// The address that the realm is known by.
    pub public: String,
    pub realm: String,
}

impl Site {
    pub fn new(node: &str, realm: &str) -> Self {
        let http = tests::answer::http();
        Self { http, node: node.to_owned(), public: node.to_owned(), realm: realm.to_owned() }
    }

    /// The same realm at another node.
    pub fn at(&self, node: &str) -> Self {
        Self { node: node.to_owned(), ..self.clone() }
    }

    /// The realm's issuer.
    pub fn issuer(&self) -> String {
        format!("{}/realms/{}", self.public, self.realm)
    }

    /// An address below the realm at this node.
    pub fn url(&self, path: &str) -> String {
        format!("{}/realms/{}{path}", self.node, self.realm)
    }

    /// An address of the protocol at this node.
    pub fn protocol(&self, path: &str) -> String {
        self.url(&format!("/protocol/openid-connect/{path}"))
    }

    /// Posts a form to an address of the protocol.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        send(self.http.post(self.protocol(path)).form(form)).await
    }

    /// Asks the token endpoint, as an application.
    pub async fn grant(&self, app: &App, form: &[(&str, &str)]) -> Reply {
        self.post("token", &app.form(form)).await
    }

    /// Asks for userinfo.
    pub async fn userinfo(&self, token: &str) -> Reply {
        send(self.http.get(self.protocol("userinfo")).bearer_auth(token)).await
    }

    /// What an application hears of a token.
    pub async fn introspect(&self, app: &App, token: &str) -> Value {
        self.post("token/introspect", &app.form(&[("token", token)])).await.expect(200).json()
    }

    /// Whether a token is good.
    pub async fn is_active(&self, app: &App, token: &str) -> bool {
        self.introspect(app, token).await["active"] == true
    }

    /// The authorization endpoint, by the browser.
    pub async fn authorize(&self, browser: &Browser, query: &[(&str, &str)]) -> Reply {
        browser.send(self.http.get(self.protocol("auth")).query(query)).await
    }

    /// Goes where a redirect leads, at this node.
    pub async fn follow(&self, browser: &Browser, reply: &Reply) -> Reply {
        browser.send(self.http.get(self.local(&location(reply)))).await
    }

    /// An address of this server at this node.
    pub fn local(&self, url: &str) -> String {
        let path = url.strip_prefix(&self.public).unwrap_or_else(|| panic!("{url} is not below {}", self.public));
        format!("{}{path}", self.node)
    }

    /// Types name and password into the login form that a redirect leads to.
    pub async fn type_password(&self, browser: &Browser, redirect: &Reply, who: (&str, &str)) -> Reply {
        let form = [("username", who.0), ("password", who.1)];
        let url = self.local(&location(redirect));
        assert!(url.contains("/login-actions/authenticate?"), "no login form: {url}");
        browser.send(self.http.post(url).form(&form)).await
    }

    /// The authorization request with what is missing in `query` to be a usual one.
    pub fn request<'a>(&self, app: &'a App, query: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let usual = [
            ("client_id", app.client_id.as_str()),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid"),
        ];
        let mut all = query.to_vec();
        all.extend(usual.into_iter().filter(|(name, _)| !query.iter().any(|(given, _)| given == name)));
        all
    }

    /// Logs alice in, or uses the session that the browser has, up to the answer that the application gets.
    pub async fn answer(&self, browser: &Browser, app: &App, query: &[(&str, &str)]) -> Reply {
        let reply = self.authorize(browser, &self.request(app, query)).await;
        match reply.headers.get("location") {
            Some(location) if location.to_str().unwrap().contains("/login-actions/authenticate?") => {
                self.type_password(browser, &reply, ALICE).await
            }
            _ => reply,
        }
    }

    /// A code for alice.
    pub async fn code(&self, browser: &Browser, app: &App, query: &[(&str, &str)]) -> String {
        let reply = self.answer(browser, app, query).await;
        answered(&reply).remove("code").unwrap_or_else(|| panic!("no code: {} {}", reply.status, location(&reply)))
    }

    /// Redeems a code.
    pub async fn redeem(&self, app: &App, code: &str) -> Reply {
        let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)];
        self.grant(app, &form).await
    }

    /// Redeems a refresh token.
    pub async fn refresh(&self, app: &App, token: &str) -> Reply {
        self.grant(app, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// The tokens of alice for an application, from her browser.
    pub async fn tokens(&self, browser: &Browser, app: &App, scope: &str) -> Tokens {
        let code = self.code(browser, app, &[("scope", scope)]).await;
        Tokens(self.redeem(app, &code).await.expect(200).json())
    }

    /// Begins at a device: device code and user code.
    pub async fn device(&self, app: &App, scope: &str) -> (String, String) {
        let answer = self.post("auth/device", &app.form(&[("scope", scope)])).await.expect(200).json();
        (text(&answer, "device_code"), text(&answer, "user_code"))
    }

    /// Alice types the code of a device, logs in if she has to, and approves. Gives the last answer.
    pub async fn approve(&self, browser: &Browser, user_code: &str) -> Reply {
        let form = [("device_user_code", user_code)];
        let mut reply = browser.send(self.http.post(self.url("/device")).form(&form)).await;
        if reply.status == 302 && location(&reply).contains("/login-actions/authenticate?") {
            reply = self.type_password(browser, &reply, ALICE).await;
        }
        if reply.status == 302 && location(&reply).contains("/login-actions/consent?") {
            let url = self.local(&location(&reply));
            reply = browser.send(self.http.post(url).form(&[("accept", "yes")])).await;
        }
        reply
    }

    /// Redeems a device code.
    pub async fn poll(&self, app: &App, device_code: &str) -> Reply {
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        self.grant(app, &[("grant_type", grant), ("device_code", device_code)]).await
    }

    /// Pushes an authorization request and gives its `request_uri`.
    pub async fn push(&self, app: &App, form: &[(&str, &str)]) -> String {
        let reply = self.post("ext/par/request", &app.form(&without_client(&self.request(app, form)))).await;
        text(&reply.expect(201).json(), "request_uri")
    }

    /// Exchanges an access token.
    pub async fn exchange(&self, app: &App, token: &str, further: &[(&str, &str)]) -> Reply {
        let mut form = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", token),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ];
        form.extend(further);
        self.grant(app, &form).await
    }

    /// Whether the browser's session lets an application in without a login.
    pub async fn is_logged_in(&self, browser: &Browser, app: &App) -> bool {
        let reply = self.authorize(browser, &self.request(app, &[("prompt", "none")])).await;
        answered(&reply).contains_key("code")
    }
}

/// Without what [`App::form`] adds.
fn without_client<'a>(form: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    form.iter().filter(|(name, _)| *name != "client_id").copied().collect()
}

/// A text of a JSON object.
#[track_caller]
pub fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name}: {value}")).to_owned()
}

/// Where a redirect leads.
#[track_caller]
pub fn location(reply: &Reply) -> String {
    let header = reply.headers.get("location");
    let header = header.unwrap_or_else(|| panic!("no redirect: {} {} {}", reply.request, reply.status, reply.text()));
    header.to_str().expect("a readable address").to_owned()
}

/// What an application is told at its redirect URI, in the query or in the fragment. Nothing if the answer leads
/// somewhere else.
pub fn answered(reply: &Reply) -> BTreeMap<String, String> {
    let Some(location) = reply.headers.get("location").and_then(|location| location.to_str().ok()) else {
        return BTreeMap::new();
    };
    let Some(url) = Url::parse(location).ok().filter(|url| !url.path().contains("/login-actions/")) else {
        return BTreeMap::new();
    };
    let parts = [url.query(), url.fragment()];
    parts.into_iter().flatten().flat_map(|part| form_urlencoded::parse(part.as_bytes()).into_owned()).collect()
}

/// The answer of a token endpoint.
#[derive(Clone, Debug)]
pub struct Tokens(pub Value);

impl Tokens {
    pub fn access(&self) -> String {
        text(&self.0, "access_token")
    }

    pub fn refresh(&self) -> String {
        text(&self.0, "refresh_token")
    }

    pub fn id(&self) -> String {
        text(&self.0, "id_token")
    }
}

/// An application that may do everything that an application can be allowed to do, with these settings changed. An
/// attribute stays if `change` says nothing of it.
pub fn application(client_id: &str, change: Value) -> Value {
    let mut client = json!({
        "clientId": client_id, "protocol": "openid-connect", "enabled": true, "publicClient": false,
        "secret": format!("secret-of-{client_id}-0123456789-0123456789"), "redirectUris": [CALLBACK],
        "standardFlowEnabled": true, "implicitFlowEnabled": true, "directAccessGrantsEnabled": true,
        "serviceAccountsEnabled": true,
        "attributes": {
            "oauth2.device.authorization.grant.enabled": "true", "oauth2.device.polling.interval": "1",
            "standard.token.exchange.enabled": "true",
            "standard.token.exchange.enableRefreshRequestedTokenType": "SAME_SESSION",
        },
    });
    if change["publicClient"] == true || change["bearerOnly"] == true {
        client["serviceAccountsEnabled"] = false.into();
    }
    for (name, value) in change.as_object().expect("an object") {
        match (name.as_str(), value.as_object()) {
            ("attributes", Some(attributes)) => {
                for (name, value) in attributes {
                    client["attributes"][name] = value.clone();
                }
            }
            _ => client[name] = value.clone(),
        }
    }
    client
}

impl World {
    /// A server with alice in the realm of most tests.
    pub async fn with_alice() -> (Self, Site) {
        let world = Self::start().await;
        world.user(ALICE.0, ALICE.1).await;
        let site = world.site(REALM);
        (world, site)
    }

    /// A realm of the server.
    pub fn site(&self, realm: &str) -> Site {
        let node = self.server.url().to_owned();
        Site { http: self.http.clone(), public: node.clone(), node, realm: realm.to_owned() }
    }

    /// Registers an [`application`].
    pub async fn app(&self, client_id: &str, change: Value) -> App {
        self.app_in(REALM, client_id, change).await
    }

    /// As [`World::app`], in another realm.
    pub async fn app_in(&self, realm: &str, client_id: &str, change: Value) -> App {
        let client = application(client_id, change);
        let secret = client["secret"].as_str().filter(|_| client["publicClient"] != true).map(str::to_owned);
        let id = self.admin.post(&format!("/realms/{realm}/clients"), client).await.created();
        App { id, client_id: client_id.to_owned(), secret }
    }

    /// Moves the clock on, without a new admin token.
    pub fn wait(&self, seconds: u64) {
        self.server.clock().advance(Duration::from_secs(seconds));
    }

    /// The server's time, seconds since 1970.
    pub fn now(&self) -> i64 {
        self.server.services().now().unix_timestamp()
    }

    /// A token that the realm itself signs, with claims of our choice.
    pub async fn signed_by_realm(&self, realm: &str, algorithm: &str, claims: &Value) -> String {
        let services = self.server.services();
        let realm = cache::realm(services, realm).await.unwrap().expect("the realm");
        let algorithm = algorithm.parse().expect("an algorithm");
        let keys = services::keys::with_active(services, &realm, algorithm).await.unwrap();
        keys.active(algorithm).expect("a key").sign(claims).unwrap()
    }
}

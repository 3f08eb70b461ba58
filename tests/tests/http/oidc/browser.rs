//! A browser without scripts: it keeps cookies and fills in our forms, and goes nowhere by itself.

use std::sync::Arc;

use reqwest::{
    Client,
    cookie::{CookieStore as _, Jar},
    redirect::Policy,
};
use serde_json::Value;
use tests::docker::claims;
use url::Url;

use crate::http::support::{REALM, Reply, send};

/// A browser with its cookies.
pub struct Browser {
    pub http: Client,
    cookies: Arc<Jar>,
    server: String,
}

/// An authorization request.
#[derive(Clone, Debug)]
pub struct Asks {
    pub realm: &'static str,
    pub client: String,
    pub redirect_uri: String,
    pub scope: &'static str,
    pub further: Vec<(&'static str, String)>,
}

impl Asks {
    /// By the client of this name, for an ID token.
    pub fn by(client: &str) -> Self {
        Self {
            realm: REALM,
            client: client.to_owned(),
            redirect_uri: callback(client),
            scope: "openid",
            further: Vec::new(),
        }
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.further.push((name, value.to_owned()));
        self
    }
}

/// Where the client of this name is answered.
pub fn callback(client: &str) -> String {
    format!("https://{client}.example/cb")
}

/// The secret of every client here.
pub const SECRET: &str = "s3cret";

/// Tokens of a client in a session.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub answer: Value,
}

impl Tokens {
    fn text(&self, name: &str) -> &str {
        self.answer[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.answer))
    }

    pub fn id(&self) -> &str {
        self.text("id_token")
    }

    pub fn access(&self) -> &str {
        self.text("access_token")
    }

    pub fn refresh(&self) -> &str {
        self.text("refresh_token")
    }

    /// The session's id.
    pub fn session(&self) -> String {
        self.text("session_state").to_owned()
    }

    /// Who it is, as the client knows them.
    pub fn subject(&self) -> String {
        claims(self.id())["sub"].as_str().unwrap().to_owned()
    }
}

impl Browser {
    pub fn new(server: &str) -> Self {
        let cookies = Arc::new(Jar::default());
        let http = Client::builder().no_proxy().redirect(Policy::none()).cookie_provider(Arc::clone(&cookies));
        Self { http: http.build().unwrap(), cookies, server: server.to_owned() }
    }

    /// The value of a cookie of the realm.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let url: Url = format!("{}/realms/{REALM}/", self.server).parse().unwrap();
        let header = self.cookies.cookies(&url)?;
        let text = header.to_str().unwrap().to_owned();
        let mut pairs = text.split("; ").filter_map(|pair| pair.split_once('='));
        pairs.find(|(given, _)| *given == name).map(|(_, value)| value.to_owned())
    }

    /// Puts a cookie into the browser, as another host of the same site could.
    pub fn plant(&self, name: &str, value: &str) {
        let url: Url = format!("{}/realms/{REALM}/", self.server).parse().unwrap();
        self.cookies.add_cookie_str(&format!("{name}={value}; Path=/realms/{REALM}/"), &url);
    }

    pub async fn get(&self, url: &str) -> Reply {
        send(self.http.get(url)).await
    }

    pub async fn post(&self, url: &str, form: &[(String, String)]) -> Reply {
        send(self.http.post(url).form(form)).await
    }

    /// The answer to an authorization request.
    pub async fn authorize(&self, asks: &Asks) -> Reply {
        let mut query = vec![
            ("client_id", asks.client.as_str()),
            ("redirect_uri", &asks.redirect_uri),
            ("response_type", "code"),
            ("scope", asks.scope),
            ("state", "s"),
        ];
        query.extend(asks.further.iter().map(|(name, value)| (*name, value.as_str())));
        let url = format!("{}/realms/{}/protocol/openid-connect/auth", self.server, asks.realm);
        send(self.http.get(url).query(&query)).await
    }

    /// Logs in with a form and gives the answer to it.
    pub async fn submit_login(&self, asks: &Asks, user: &str, password: &str, remember_me: bool) -> Reply {
        let to_login = self.authorize(asks).await.expect(302);
        let page = self.get(to_login.header("location").unwrap()).await.expect(200);
        let (action, mut fields) = form(&page.text(), "kc-form-login");
        fields.push(("username".to_owned(), user.to_owned()));
        fields.push(("password".to_owned(), password.to_owned()));
        if remember_me {
            fields.push(("rememberMe".to_owned(), "on".to_owned()));
        }
        self.post(&action, &fields).await
    }

    /// Logs in and gives the client's tokens.
    pub async fn log_in(&self, asks: &Asks, user: &str, password: &str) -> Tokens {
        let reply = self.submit_login(asks, user, password, false).await.expect(302);
        self.redeem(asks, &reply).await
    }

    /// Logs in to be remembered, and gives the client's tokens.
    pub async fn log_in_remembered(&self, asks: &Asks, user: &str, password: &str) -> Tokens {
        let reply = self.submit_login(asks, user, password, true).await.expect(302);
        self.redeem(asks, &reply).await
    }

    /// Tokens for a further client, in the session that the browser has.
    pub async fn go_on(&self, asks: &Asks) -> Tokens {
        let reply = self.authorize(&asks.clone().with("prompt", "none")).await.expect(302);
        self.redeem(asks, &reply).await
    }

    /// Whether the browser is in a session that will do without a page.
    pub async fn is_logged_in(&self, client: &str) -> bool {
        let reply = self.authorize(&Asks::by(client).with("prompt", "none")).await.expect(302);
        match (parameter(&reply, "code"), parameter(&reply, "error").as_deref()) {
            (Some(_), None) => true,
            (None, Some("login_required")) => false,
            other => panic!("{other:?}"),
        }
    }

    async fn redeem(&self, asks: &Asks, reply: &Reply) -> Tokens {
        let code = parameter(reply, "code").unwrap_or_else(|| panic!("no code: {:?}", reply.header("location")));
        let form = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", &asks.redirect_uri)];
        Tokens { answer: token(&self.server, asks.realm, &asks.client, &form).await.expect(200).json() }
    }
}

/// The token endpoint, for a client with the usual secret.
pub async fn token(server: &str, realm: &str, client: &str, form: &[(&str, &str)]) -> Reply {
    let url = format!("{server}/realms/{realm}/protocol/openid-connect/token");
    let form: Vec<_> = form.iter().copied().chain([("client_id", client), ("client_secret", SECRET)]).collect();
    send(tests::answer::http().post(url).form(&form)).await
}

/// A parameter in the address that the browser is sent to.
pub fn parameter(reply: &Reply, name: &str) -> Option<String> {
    let url: Url = reply.header("location").expect("Location").parse().expect("a URL");
    url.query_pairs().find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
}

/// Where the form with this id goes, and its hidden fields.
pub fn form(html: &str, id: &str) -> (String, Vec<(String, String)>) {
    let start = html.find(&format!("<form id=\"{id}\"")).unwrap_or_else(|| panic!("no form {id}: {html}"));
    let form = &html[start..];
    let form = &form[..form.find("</form>").unwrap()];
    let hidden = form.split("<input type=\"hidden\"").skip(1);
    (attribute(form, "action"), hidden.map(|field| (attribute(field, "name"), attribute(field, "value"))).collect())
}

/// The first attribute of this name.
pub fn attribute(html: &str, name: &str) -> String {
    let text = html.split_once(&format!("{name}=\"")).unwrap_or_else(|| panic!("no {name}: {html}")).1;
    text[..text.find('"').unwrap()].replace("&#38;", "&").replace("&amp;", "&")
}

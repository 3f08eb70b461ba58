//! A new realm with the clients that somebody makes who says no more than they must.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::browser::{Browser, location, parameter};
use crate::http::support::{REALM, Reply, World, r, send};

pub const JANE: (&str, &str) = ("jane", "jane-has-a-long-password");
/// RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A client of the realm.
#[derive(Clone, Debug)]
pub struct App {
    pub id: String,
    pub redirect_uri: String,
    pub secret: Option<String>,
}

/// A new realm with one user and one client of each kind.
pub struct Fresh {
    pub world: World,
    pub jane: String,
    /// A public client, one that names its protocol only, a confidential one, and one that registered itself with an
    /// initial access token.
    pub apps: Vec<App>,
}

impl Fresh {
    pub async fn start() -> Self {
        let world = World::start().await;
        let jane = world.user(JANE.0, JANE.1).await;
        let mut apps = Vec::new();
        for (id, further) in [
            ("spa", json!({"publicClient": true})),
            ("by-protocol", json!({"protocol": "openid-connect"})),
            ("web", json!({})),
        ] {
            let redirect_uri = format!("https://{id}.example.org/cb");
            let mut client = json!({"clientId": id, "redirectUris": [redirect_uri]});
            client.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
            let made = world.admin.post(&r("/clients"), client).await.created();
            let shown = world.admin.read(&r(&format!("/clients/{made}"))).await;
            let secret = shown["secret"].as_str().map(str::to_owned);
            apps.push(App { id: id.to_owned(), redirect_uri, secret });
        }
        assert_eq!(apps.iter().map(|app| app.secret.is_some()).collect::<Vec<_>>(), [false, false, true]);
        apps.push(registered(&world).await);
        Self { world, jane, apps }
    }

    pub fn public(&self) -> &App {
        &self.apps[0]
    }

    pub fn confidential(&self) -> impl Iterator<Item = &App> {
        self.apps.iter().filter(|app| app.secret.is_some())
    }

    pub fn url(&self, path: &str) -> String {
        self.world.url(&format!("/realms/{REALM}/protocol/openid-connect/{path}"))
    }

    /// The address of an authorization request with these parameters beside the client's name.
    pub fn request(&self, app: &App, parameters: &[(&str, &str)]) -> String {
        let mut url = url::Url::parse(&self.url("auth")).unwrap();
        url.query_pairs_mut().append_pair("client_id", &app.id).extend_pairs(parameters);
        url.into()
    }

    /// The address of a sound authorization request with these parameters beside what belongs to it.
    pub fn sound_request(&self, app: &App, further: &[(&str, &str)]) -> String {
        let usual = [
            ("redirect_uri", app.redirect_uri.as_str()),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "state"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let kept = usual.iter().filter(|(name, _)| !further.iter().any(|(other, _)| other == name));
        let given = further.iter().filter(|(_, value)| !value.is_empty());
        self.request(app, &kept.chain(given).copied().collect::<Vec<_>>())
    }

    /// Where the client is answered after Jane logged in with a browser of her own.
    pub async fn answer(&self, app: &App, further: &[(&str, &str)]) -> String {
        let browser = Browser::new();
        let reply = browser.get(&self.sound_request(app, further)).await;
        location(&browser.log_in(reply, JANE.0, JANE.1).await)
    }

    pub async fn code(&self, app: &App, further: &[(&str, &str)]) -> String {
        let answer = self.answer(app, further).await;
        parameter(&answer, "code").unwrap_or_else(|| panic!("no code: {answer}"))
    }

    /// A form to an endpoint where clients authenticate, as this client.
    pub fn as_client(&self, app: &App, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let mut form = form.to_vec();
        let request = self.world.http.post(self.url(path));
        match &app.secret {
            Some(secret) => request.basic_auth(&app.id, Some(secret)).form(&form),
            None => {
                form.push(("client_id", &app.id));
                request.form(&form)
            }
        }
    }

    pub async fn redeem(&self, app: &App, code: &str, verifier: Option<&str>) -> Reply {
        let mut form =
            vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", app.redirect_uri.as_str())];
        form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        send(self.as_client(app, "token", &form)).await
    }

    /// The answer of the token endpoint after a login of Jane.
    pub async fn tokens(&self, app: &App, further: &[(&str, &str)]) -> Value {
        let code = self.code(app, further).await;
        self.redeem(app, &code, Some(VERIFIER)).await.expect(200).json()
    }

    pub async fn refresh(&self, app: &App, refresh_token: &str) -> Reply {
        send(self.as_client(app, "token", &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)])).await
    }

    /// Whether an access token is honoured.
    pub async fn is_good(&self, access_token: &str) -> bool {
        let reply = send(self.world.http.get(self.url("userinfo")).bearer_auth(access_token)).await;
        assert!([200, 401].contains(&reply.status), "{}", reply.text());
        reply.status == 200
    }

    /// Registers a client in the words of RFC 7591.
    pub async fn register(&self, token: Option<&str>, metadata: Value) -> Reply {
        register(&self.world, token, metadata).await
    }
}

/// The text of a token in an answer.
#[track_caller]
pub fn text<'json>(answer: &'json Value, name: &str) -> &'json str {
    answer[name].as_str().unwrap_or_else(|| panic!("no {name}: {answer}"))
}

pub async fn initial_access_token(world: &World, count: u32) -> String {
    let body = json!({"count": count, "expiration": 3_600});
    let made = world.admin.post(&r("/clients-initial-access"), body).await;
    assert!([200, 201].contains(&made.status), "{}", made.text());
    text(&made.json(), "token").to_owned()
}

async fn register(world: &World, token: Option<&str>, metadata: Value) -> Reply {
    let url = world.url(&format!("/realms/{REALM}/clients-registrations/openid-connect"));
    let request = world.http.post(url).json(&metadata);
    send(match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    })
    .await
}

async fn registered(world: &World) -> App {
    let token = initial_access_token(world, 1).await;
    let redirect_uri = "https://registered.example.org/cb".to_owned();
    let made = register(world, Some(&token), json!({"redirect_uris": [redirect_uri]})).await.expect(201).json();
    let secret = made["client_secret"].as_str().map(str::to_owned);
    App { id: text(&made, "client_id").to_owned(), redirect_uri, secret }
}

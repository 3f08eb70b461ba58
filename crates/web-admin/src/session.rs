//! How a person gets into the console and out of it.
//!
//! The console is a client of its home realm like any other: `security-admin-console`, with an authorization code and
//! PKCE (RFC 7636). What the browser keeps is sealed for this realm and this purpose: which session it is, whose, and the
//! secret that every form carries. Whether the session still goes on is looked up with each request.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::header::{CACHE_CONTROL, LOCATION},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{
    id::{SessionId, UserId},
    realm::Realm,
    secret::Secret,
};
use openssl::sha::sha256;
use serde::{Deserialize, Serialize, Serializer, de::DeserializeOwned};
use services::{
    Services,
    authorizations::{Good, Redemption, redeem},
    cache, random, sessions,
};
use url::form_urlencoded;
use web::{cookies, percent_encoded};

use crate::{Console, Posted, Rule, refusal::Refusal, routes::Routes};

/// The client that people log in to.
pub(crate) const CLIENT: &str = "security-admin-console";
/// Names the session in the console; sealed.
const SESSION: &str = "PORTCULLIS_CONSOLE";
/// What a login that is under way has to know at its end; sealed.
const LOGIN: &str = "PORTCULLIS_CONSOLE_LOGIN";
/// How long a login may take, in seconds.
const LOGIN_SECONDS: i64 = 1_800;
/// How exactly the last use of a session is known, in seconds.
const NOTED_EVERY: i64 = 60;
/// The longest address that a login leads back to, in bytes.
const LONGEST_RETURN: usize = 1_500;

pub(crate) fn routes(routes: &mut Routes) {
    routes.send("/logout", Rule::Authenticated, log_out);
}

/// A person's session in the console, as the browser keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ConsoleSession {
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
    /// The person's name, to be shown.
    pub(crate) name: String,
    /// What every form carries, so that no other site's page can send it.
    #[serde(serialize_with = "exposed")]
    pub(crate) csrf: Secret,
    /// When its use was noted last, seconds since 1970.
    pub(crate) noted: i64,
}

/// A login that is under way.
#[derive(Debug, Serialize, Deserialize)]
struct Login {
    #[serde(serialize_with = "exposed")]
    state: Secret,
    #[serde(serialize_with = "exposed")]
    verifier: Secret,
    /// Where the person wanted to go.
    path: String,
    /// Seconds since 1970.
    expires: i64,
}

/// Writes a secret where what is written gets sealed.
fn exposed<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// The path of a realm's console, without a slash at its end.
pub(crate) fn base(home: &Realm) -> String {
    format!("/admin/{}/console", percent_encoded(&home.name))
}

fn sealed_for(home: &Realm, what: &str) -> String {
    format!("{}/{what}", home.id)
}

fn seal(services: &Services, home: &Realm, what: &str, content: &impl Serialize) -> services::Result<String> {
    let text = serde_json::to_vec(content).unwrap_or_default();
    Ok(services.sealing.seal(&sealed_for(home, what), &text)?)
}

fn opened<T: DeserializeOwned>(services: &Services, home: &Realm, what: &str, sealed: &str) -> Option<T> {
    let text = services.sealing.open(&sealed_for(home, what), sealed).ok()?;
    serde_json::from_slice(&text).ok()
}

fn drawn(services: &Services) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(random::bytes::<32>(&*services.random)))
}

fn cookie(
    services: &Services,
    home: &Realm,
    name: &'static str,
    value: String,
    seconds: Option<i64>,
) -> Cookie<'static> {
    let mut cookie = Cookie::build(name, value)
        .path(format!("{}/", base(home)))
        .http_only(true)
        .secure(services.public_url().starts_with("https:"))
        // Coming from another site's link, people are still logged in; what changes something takes the secret besides.
        .same_site(SameSite::Lax)
        .finish();
    cookie.set_max_age(seconds.map(Duration::seconds));
    cookie
}

pub(crate) fn put(answer: &mut HttpResponse, cookie: &Cookie<'_>) {
    if let Err(error) = answer.add_cookie(cookie) {
        tracing::error!(%error, "a cookie can't be set");
    }
}

impl ConsoleSession {
    /// The session that a request brings.
    pub(crate) fn of(services: &Services, home: &Realm, request: &HttpRequest) -> Option<Self> {
        opened(services, home, SESSION, &cookies::get(request, SESSION)?)
    }

    /// The cookie that keeps it, until the browser ends.
    pub(crate) fn cookie(&self, services: &Services, home: &Realm) -> services::Result<Cookie<'static>> {
        let sealed = seal(services, home, SESSION, self)?;
        Ok(cookie(services, home, SESSION, sealed, None))
    }

    /// Notes that the session is in use, once in a while. True if it was noted now, and the browser is to know.
    pub(crate) async fn note(&mut self, services: &Services, home: &Realm) -> services::Result<bool> {
        let now = services.now().unix_timestamp();
        if now.saturating_sub(self.noted) < NOTED_EVERY {
            return Ok(false);
        }
        sessions::keep(services, home, &self.session).await?;
        self.noted = now;
        Ok(true)
    }
}

/// Sends a person to the login of their realm, from where they come back to `path`.
pub(crate) fn log_in(services: &Services, home: &Realm, path: &str) -> services::Result<HttpResponse> {
    let login = Login {
        state: drawn(services),
        verifier: drawn(services),
        path: if path.len() <= LONGEST_RETURN { path.to_owned() } else { format!("{}/", base(home)) },
        expires: services.now().unix_timestamp().saturating_add(LOGIN_SECONDS),
    };
    let challenge = URL_SAFE_NO_PAD.encode(sha256(login.verifier.expose().as_bytes()));
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", CLIENT)
        .append_pair("response_type", "code")
        .append_pair("scope", "openid")
        .append_pair("redirect_uri", &redirect_uri(services, home))
        .append_pair("state", login.state.expose())
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256")
        .finish();
    let url = format!("{}/protocol/openid-connect/auth?{query}", services.realm_url(home));
    let sealed = seal(services, home, LOGIN, &login)?;
    let mut answer = redirect(&url);
    put(&mut answer, &cookie(services, home, LOGIN, sealed, Some(LOGIN_SECONDS)));
    Ok(answer)
}

fn redirect_uri(services: &Services, home: &Realm) -> String {
    format!("{}{}/", services.public_url(), base(home))
}

/// Leads to another address.
pub(crate) fn redirect(url: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, url)).insert_header((CACHE_CONTROL, "no-store")).finish()
}

/// What the realm's login sends along when it leads back.
#[derive(Debug)]
pub(crate) struct Callback {
    code: Option<String>,
    state: String,
    error: Option<String>,
}

impl Callback {
    /// What a request to the console's first page brings. None if it is somebody who just comes along.
    pub(crate) fn of(request: &HttpRequest) -> Option<Self> {
        let value = |name: &str| {
            form_urlencoded::parse(request.query_string().as_bytes())
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        let (code, error) = (value("code"), value("error"));
        (code.is_some() || error.is_some()).then(|| Self { code, error, state: value("state").unwrap_or_default() })
    }

    /// Ends the login: the code is used up, and the browser gets its session in the console.
    pub(crate) async fn finish(
        self,
        services: &Services,
        home: &Realm,
        request: &HttpRequest,
    ) -> Result<HttpResponse, Refusal> {
        let now = services.now().unix_timestamp();
        let login: Option<Login> =
            cookies::get(request, LOGIN).and_then(|sealed| opened(services, home, LOGIN, &sealed));
        let Some(login) = login.filter(|login| login.expires > now && login.state.matches(&self.state)) else {
            return Err(Refusal::LoginLost(base(home)));
        };
        let Some(code) = self.code else { return Err(Refusal::LoginRefused(self.error.unwrap_or_default())) };
        let client = cache::client(services, home, CLIENT).await?.ok_or(Refusal::LoginLost(base(home)))?;
        let Redemption::Good(good) = redeem(services, home, &client.client, &code).await? else {
            return Err(Refusal::LoginLost(base(home)));
        };
        let Good { grant, session, user, .. } = *good;
        let challenge = URL_SAFE_NO_PAD.encode(sha256(login.verifier.expose().as_bytes()));
        if grant.code_challenge.as_deref() != Some(challenge.as_str())
            || grant.redirect_uri.as_deref() != Some(redirect_uri(services, home).as_str())
        {
            return Err(Refusal::LoginLost(base(home)));
        }
        let entered = ConsoleSession {
            session: session.id,
            user: user.id,
            name: user.username,
            csrf: drawn(services),
            noted: now,
        };
        let mut answer = redirect(&format!("{}{}", services.public_url(), login.path));
        put(&mut answer, &entered.cookie(services, home)?);
        put(&mut answer, &cookie(services, home, LOGIN, String::new(), Some(0)));
        Ok(answer)
    }
}

/// Ends the session everywhere, and leads to the login.
async fn log_out(posted: Posted) -> Result<HttpResponse, Refusal> {
    let Console { services, home, session, .. } = &posted.console;
    sessions::end(services, home, &session.session, false).await?;
    let mut answer = redirect(&format!("{}/", base(home)));
    put(&mut answer, &cookie(services, home, SESSION, String::new(), Some(0)));
    Ok(answer)
}

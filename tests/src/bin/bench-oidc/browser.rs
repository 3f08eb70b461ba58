//! People with browsers, and the applications that they log in to: the authorization code flow with PKCE.

use std::{cell::RefCell, rc::Rc};

use tests::bench::{
    load::Client,
    message::{self, Answer},
};

use crate::scene::{APP_ES256, APPS, PASSWORD, REDIRECT_URI, client_post, endpoint, member, user};

/// Any value will do, as nobody listens (RFC 7636 appendix B).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What somebody who logged in has.
#[derive(Clone, Debug)]
pub struct Session {
    /// What the browser shows.
    pub cookie: String,
    /// The application.
    pub app: &'static str,
    /// Its access token.
    pub access_token: String,
    /// Its refresh token.
    pub refresh_token: String,
}

/// Whose browser it is.
#[derive(Clone, Debug)]
enum Who {
    /// Somebody who has to type name and password.
    Stranger(String),
    /// Somebody who is logged in already.
    LoggedIn(String),
}

/// What the browser, or behind it the application, sends next.
enum Step {
    Authorize,
    Page { path: String, mark: String },
    Form { path: String, mark: String },
    Token { code: String, cookie: String },
}

/// A browser that visits one application after the other.
pub struct Browser {
    visits: Box<dyn Iterator<Item = (Who, &'static str)>>,
    visit: (Who, &'static str),
    step: Step,
    sessions: Rc<RefCell<Vec<Session>>>,
}

impl Browser {
    /// People who log in; their sessions are added to `sessions`. An operation is a whole login: from the application
    /// to the page with the form, back with a code, and the code for tokens.
    pub fn strangers(connections: usize, sessions: &Rc<RefCell<Vec<Session>>>) -> Vec<Self> {
        let apps = || APPS.into_iter().chain([APP_ES256]).cycle();
        let visits = move |first| (first..).step_by(connections).map(|number| Who::Stranger(user(number))).zip(apps());
        (0..connections).map(|number| Self::new(Box::new(visits(number)), sessions)).collect()
    }

    /// People who have a session. An operation is a code without a page, and the code for tokens.
    pub fn logged_in(connections: usize, sessions: &[Session]) -> Vec<Self> {
        let cookies: Vec<_> = sessions.iter().map(|session| Who::LoggedIn(session.cookie.clone())).collect();
        let nobody = Rc::default();
        (0..connections)
            .map(|number| {
                let who = cookies.clone().into_iter().cycle().skip(number).step_by(connections);
                Self::new(Box::new(who.zip(APPS.into_iter().cycle())), &nobody)
            })
            .collect()
    }

    fn new(mut visits: Box<dyn Iterator<Item = (Who, &'static str)>>, sessions: &Rc<RefCell<Vec<Session>>>) -> Self {
        let visit = visits.next().expect("somebody");
        Self { visits, visit, step: Step::Authorize, sessions: Rc::clone(sessions) }
    }
}

impl Client for Browser {
    fn next(&mut self, request: &mut Vec<u8>) {
        let (who, app) = &self.visit;
        request.extend(match &self.step {
            Step::Authorize => {
                let path = format!(
                    "{}?response_type=code&scope=openid&state=s&nonce=n&client_id={app}&redirect_uri={REDIRECT_URI}\
                     &code_challenge={CHALLENGE}&code_challenge_method=S256",
                    endpoint("auth")
                );
                match who {
                    Who::Stranger(_) => message::get(&path, ""),
                    Who::LoggedIn(cookie) => message::get(&path, &format!("Cookie: KEYCLOAK_IDENTITY={cookie}\r\n")),
                }
            }
            Step::Page { path, mark } => message::get(path, &cookie(mark)),
            Step::Form { path, mark } => {
                let Who::Stranger(name) = who else { unreachable!("who is logged in sees no form") };
                message::post(path, &cookie(mark), &[("username", name), ("password", PASSWORD)])
            }
            Step::Token { code, .. } => {
                let form = [
                    ("grant_type", "authorization_code"),
                    ("code", code),
                    ("redirect_uri", REDIRECT_URI),
                    ("code_verifier", VERIFIER),
                ];
                client_post(app, "token", &form)
            }
        });
    }

    fn answered(&mut self, answer: &Answer<'_>) -> bool {
        self.step = match (&self.step, &self.visit.0) {
            (Step::Authorize, Who::Stranger(_)) => {
                let location = location(answer);
                let path = location.find("/realms/").and_then(|start| location.get(start..)).expect("our own page");
                let mark = answer.cookie("AUTH_SESSION_ID").expect("a mark for the browser");
                Step::Page { path: path.to_owned(), mark: mark.to_owned() }
            }
            (Step::Authorize, Who::LoggedIn(cookie)) => Step::Token { code: code(answer), cookie: cookie.clone() },
            (Step::Page { path, mark }, _) => {
                let _ = answer.expect(200);
                Step::Form { path: path.clone(), mark: mark.clone() }
            }
            (Step::Form { .. }, _) => {
                let cookie = answer.cookie("KEYCLOAK_IDENTITY").expect("a cookie for the session");
                Step::Token { code: code(answer), cookie: cookie.to_owned() }
            }
            (Step::Token { cookie, .. }, who) => {
                let body = answer.expect(200).body;
                if matches!(who, Who::Stranger(_)) {
                    let token = |name| member(body, name).to_owned();
                    self.sessions.borrow_mut().push(Session {
                        cookie: cookie.clone(),
                        app: self.visit.1,
                        access_token: token("access_token"),
                        refresh_token: token("refresh_token"),
                    });
                }
                self.visit = self.visits.next().expect("visits without end");
                self.step = Step::Authorize;
                return true;
            }
        };
        false
    }
}

fn cookie(mark: &str) -> String {
    format!("Cookie: AUTH_SESSION_ID={mark}\r\n")
}

fn location<'a>(answer: &Answer<'a>) -> &'a str {
    answer.expect(302).headers("location").next().expect("a place to go to")
}

/// The code in the answer to an application.
fn code(answer: &Answer<'_>) -> String {
    let (_, query) = location(answer).split_once('?').expect("an answer to the application");
    let code = query.split('&').find_map(|field| field.strip_prefix("code="));
    code.unwrap_or_else(|| panic!("no code: {query}")).to_owned()
}

//! How many SQL statements and row writes a request of OpenID Connect costs, as `docs/statements.md` says, and that it
//! doesn't grow with what there is.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use services::{cache, device_codes};
use tests::RowWrites;

use super::statements::grow;
use crate::http::support::{REALM, Reply, World, r, send};

const TABLE: &str = include_str!("../../../docs/statements.md");
const FEW: usize = 3;
const SECRET: &str = "a-secret-of-the-application-here";
const REDIRECT_URI: &str = "https://app.example.org/callback";

/// What the committed table says: request → statements and row writes.
fn committed() -> BTreeMap<String, Cost> {
    let cells = |line: &'static str| -> Option<Vec<_>> {
        Some(line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").map(str::trim).collect())
    };
    TABLE
        .lines()
        .filter_map(|line| match cells(line)?.as_slice() {
            [request, statements, writes] => Some((
                (*request).to_owned(),
                Cost { statements: statements.parse().ok()?, writes: writes.parse().ok()? },
            )),
            _ => None,
        })
        .collect()
}

/// What a request costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cost {
    statements: usize,
    writes: i64,
}

/// A realm with an application and a user, and what was counted so far.
struct Counting {
    world: World,
    writes: RowWrites,
    costs: BTreeMap<String, Cost>,
}

impl Counting {
    /// Counts what `request` costs with warm caches: the least of three, as the server's own jobs send statements too.
    /// `prepare` makes what it needs each time.
    async fn count<P>(&mut self, name: &str, prepare: impl AsyncFn(&World) -> P, request: impl AsyncFn(&World, P)) {
        let mut least = Cost { statements: usize::MAX, writes: i64::MAX };
        for _ in 0..4 {
            let prepared = prepare(&self.world).await;
            let (writes, statements) = (self.writes.count().await, self.world.server.statements().count());
            request(&self.world, prepared).await;
            let mut sent = self.world.server.statements().since(statements);
            // Many requests share the statement that writes their events.
            sent.retain(|statement| !statement.contains("insert into events"));
            least.writes = least.writes.min(self.writes.count().await - writes);
            least.statements = least.statements.min(sent.len());
        }
        self.costs.insert(name.to_owned(), least);
    }
}

/// What somebody who logged in has.
struct LoggedIn {
    cookie: String,
    session: String,
    access_token: String,
    refresh_token: String,
}

/// What the application knows of the tokens in an answer.
fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().unwrap_or_else(|| panic!("no {name}: {answer}")).to_owned()
}

fn query(reply: &Reply, name: &str) -> Option<String> {
    let location = url::Url::parse(reply.header("location").expect("a Location")).expect("an absolute address");
    location.query_pairs().find(|(field, _)| field == name).map(|(_, value)| value.into_owned())
}

fn cookie(reply: &Reply, name: &str) -> String {
    let cookies = reply.headers.get_all("set-cookie").into_iter().filter_map(|cookie| cookie.to_str().ok());
    let mut values = cookies.filter_map(|cookie| cookie.split(';').next()?.strip_prefix(name)?.strip_prefix('='));
    format!("{name}={}", values.next_back().expect("the cookie"))
}

/// The endpoints, as browsers and the application use them.
impl World {
    fn endpoint(&self, name: &str) -> String {
        self.url(&format!("/realms/{REALM}/protocol/openid-connect/{name}"))
    }

    /// The application posts a form.
    async fn as_app(&self, endpoint: &str, form: &[(&str, &str)]) -> Reply {
        send(self.http.post(self.endpoint(endpoint)).basic_auth("app", Some(SECRET)).form(form)).await
    }

    async fn authorize(&self, cookie: Option<&str>, further: &[(&str, &str)]) -> Reply {
        let query = [("client_id", "app"), ("response_type", "code"), ("redirect_uri", REDIRECT_URI)];
        let mut request = self.http.get(self.endpoint("auth")).query(&query).query(further);
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        send(request).await.expect(302)
    }

    /// A login as far as its page: the address of the form and the browser's cookie.
    async fn at_the_form(&self, scope: &str) -> (String, String) {
        let reply = self.authorize(None, &[("scope", scope)]).await;
        (reply.header("location").unwrap().to_owned(), cookie(&reply, "AUTH_SESSION_ID"))
    }

    async fn fill_in(&self, (address, mark): (String, String)) -> Reply {
        let form = [("username", "alice"), ("password", "pw")];
        send(self.http.post(address).header("cookie", mark).form(&form)).await.expect(302)
    }

    /// A code of a new session.
    async fn code(&self, scope: &str) -> (String, Reply) {
        let reply = self.fill_in(self.at_the_form(scope).await).await;
        (query(&reply, "code").expect("a code"), reply)
    }

    async fn exchange(&self, code: &str) -> Value {
        let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT_URI)];
        self.as_app("token", &form).await.expect(200).json()
    }

    async fn logged_in(&self, scope: &str) -> LoggedIn {
        let (code, reply) = self.code(scope).await;
        let answer = self.exchange(&code).await;
        LoggedIn {
            cookie: cookie(&reply, "KEYCLOAK_IDENTITY"),
            session: text(&answer, "session_state"),
            access_token: text(&answer, "access_token"),
            refresh_token: text(&answer, "refresh_token"),
        }
    }

    async fn refresh(&self, token: &str) -> Value {
        self.as_app("token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await.expect(200).json()
    }

    async fn direct(&self, scope: &str) {
        let form = [("grant_type", "password"), ("username", "alice"), ("password", "pw"), ("scope", scope)];
        self.as_app("token", &form).await.expect(200);
    }

    async fn device_code(&self, scope: &str) -> (String, String) {
        let answer = self.as_app("auth/device", &[("scope", scope)]).await.expect(200).json();
        (text(&answer, "device_code"), text(&answer, "user_code"))
    }

    async fn poll(&self, code: &str) -> Reply {
        self.as_app("token", &[("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", code)])
            .await
    }

    /// A device code that a person approved.
    async fn approved(&self, scope: &str) -> String {
        let session = self.logged_in("openid").await.session;
        let (device_code, user_code) = self.device_code(scope).await;
        let services = self.server.services();
        let realm = cache::realm(services, REALM).await.unwrap().expect("the realm");
        let letters = device_codes::typed(&user_code).expect("a code");
        assert!(device_codes::decide(services, &realm, &letters, Some(&session.into())).await.unwrap());
        device_code
    }

    async fn push(&self) -> String {
        let form = [("response_type", "code"), ("redirect_uri", REDIRECT_URI), ("scope", "openid")];
        text(&self.as_app("ext/par/request", &form).await.expect(201).json(), "request_uri")
    }
}

async fn nothing(_: &World) {}

async fn logged_in(world: &World) -> LoggedIn {
    world.logged_in("openid").await
}

async fn logged_in_offline(world: &World) -> LoggedIn {
    world.logged_in("openid offline_access").await
}

async fn measure(counting: &mut Counting) {
    let c = counting;
    c.count("discovery", nothing, async |world, ()| {
        let path = world.url(&format!("/realms/{REALM}/.well-known/openid-configuration"));
        send(world.http.get(path)).await.expect(200);
    })
    .await;
    c.count("JWKS", nothing, async |world, ()| {
        send(world.http.get(world.endpoint("certs"))).await.expect(200);
    })
    .await;
    logins(c).await;
    tokens(c).await;
    devices(c).await;
    endings(c).await;
}

async fn logins(c: &mut Counting) {
    c.count("authorize without a session", nothing, async |world, ()| {
        world.authorize(None, &[("scope", "openid")]).await;
    })
    .await;
    c.count(
        "login: the page",
        async |world| world.at_the_form("openid").await,
        async |world, (address, mark): (String, String)| {
            send(world.http.get(address).header("cookie", mark)).await.expect(200);
        },
    )
    .await;
    c.count(
        "login: the form",
        async |world| world.at_the_form("openid").await,
        async |world, page: (String, String)| {
            world.fill_in(page).await;
        },
    )
    .await;
    c.count("authorize with a session", logged_in, async |world, user: LoggedIn| {
        let reply = world.authorize(Some(&user.cookie), &[("scope", "openid")]).await;
        assert!(query(&reply, "code").is_some());
    })
    .await;
    c.count("pushed authorization request", nothing, async |world, ()| {
        world.push().await;
    })
    .await;
    let pushed = async |world: &World| (world.logged_in("openid").await.cookie, world.push().await);
    c.count(
        "authorize with a session and a pushed request",
        pushed,
        async |world, (cookie, pushed): (String, String)| {
            let reply = world.authorize(Some(&cookie), &[("request_uri", &pushed)]).await;
            assert!(query(&reply, "code").is_some());
        },
    )
    .await;
}

async fn tokens(c: &mut Counting) {
    c.count("token: client_credentials", nothing, async |world, ()| {
        world.as_app("token", &[("grant_type", "client_credentials")]).await.expect(200);
    })
    .await;
    for (name, scope) in [("", "openid"), (", offline_access", "openid offline_access")] {
        c.count(&format!("token: authorization_code{name}"), async |world| world.code(scope).await.0, {
            async |world, code: String| {
                world.exchange(&code).await;
            }
        })
        .await;
        c.count(&format!("token: refresh_token{name}"), async |world| world.logged_in(scope).await, {
            async |world, user: LoggedIn| {
                world.refresh(&user.refresh_token).await;
            }
        })
        .await;
        c.count(&format!("token: password{name}"), nothing, async |world, ()| world.direct(scope).await).await;
    }
    c.count("token: exchange", logged_in, async |world, user: LoggedIn| {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", &user.access_token),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ];
        world.as_app("token", &form).await.expect(200);
    })
    .await;
    c.count("introspection: access token", logged_in, async |world, user: LoggedIn| {
        let answer = world.as_app("token/introspect", &[("token", &user.access_token)]).await.expect(200);
        assert_eq!(answer.json()["active"], true);
    })
    .await;
    c.count("introspection: refresh token", logged_in, async |world, user: LoggedIn| {
        let answer = world.as_app("token/introspect", &[("token", &user.refresh_token)]).await.expect(200);
        assert_eq!(answer.json()["active"], true);
    })
    .await;
    c.count("userinfo", logged_in, async |world, user: LoggedIn| {
        send(world.http.get(world.endpoint("userinfo")).bearer_auth(&user.access_token)).await.expect(200);
    })
    .await;
}

async fn devices(c: &mut Counting) {
    c.count("device authorization request", nothing, async |world, ()| {
        world.device_code("openid").await;
    })
    .await;
    c.count("token: device_code, pending", async |world| world.device_code("openid").await.0, {
        async |world, code: String| {
            world.server.clock().advance(std::time::Duration::from_secs(10));
            world.poll(&code).await.expect(400);
        }
    })
    .await;
    for (name, scope) in [("", "openid"), (", offline_access", "openid offline_access")] {
        c.count(&format!("token: device_code, approved{name}"), async |world| world.approved(scope).await, {
            async |world, code: String| {
                world.server.clock().advance(std::time::Duration::from_secs(10));
                world.poll(&code).await.expect(200);
            }
        })
        .await;
    }
}

async fn endings(c: &mut Counting) {
    c.count("revocation: access token", logged_in, async |world, user: LoggedIn| {
        world.as_app("revoke", &[("token", &user.access_token)]).await.expect(200);
    })
    .await;
    c.count("revocation: refresh token, the last of a session", logged_in, async |world, user: LoggedIn| {
        world.as_app("revoke", &[("token", &user.refresh_token)]).await.expect(200);
    })
    .await;
    c.count("revocation: offline token", logged_in_offline, async |world, user: LoggedIn| {
        world.as_app("revoke", &[("token", &user.refresh_token)]).await.expect(200);
    })
    .await;
    c.count("logout with a refresh token", logged_in, async |world, user: LoggedIn| {
        world.as_app("logout", &[("refresh_token", &user.refresh_token)]).await.expect(204);
    })
    .await;
}

#[tokio::test]
async fn requests_of_openid_connect_cost_what_the_table_says_however_much_there_is() {
    let (world, registry) = World::with_registry().await;
    world.admin.put(&r(""), json!({"eventsEnabled": true})).await.expect(204);
    let app = json!({
        "clientId": "app", "secret": SECRET, "redirectUris": [REDIRECT_URI], "directAccessGrantsEnabled": true,
        "serviceAccountsEnabled": true,
        "attributes": {
            "oauth2.device.authorization.grant.enabled": "true", "standard.token.exchange.enabled": "true",
        },
    });
    world.admin.post(&r("/clients"), app).await.expect(201);
    let alice = world.user("alice", "pw").await;
    grow(&world, &registry, &alice, 0, FEW).await;
    let writes = RowWrites::begin(world.server.database_url()).await;
    let mut counting = Counting { world, writes, costs: BTreeMap::new() };
    measure(&mut counting).await;
    let few = std::mem::take(&mut counting.costs);
    counting.world.log_in().await;
    grow(&counting.world, &registry, &alice, FEW, 10 * FEW).await;
    for _ in 0..10 * FEW {
        counting.world.direct("openid").await;
    }
    measure(&mut counting).await;
    let many = counting.costs;
    assert_eq!(few, many, "the cost of requests grew with what there is");
    let rows: Vec<_> = many
        .iter()
        .map(|(request, Cost { statements, writes })| format!("| {request} | {statements} | {writes} |"))
        .collect();
    assert_eq!(many, committed(), "docs/statements.md should say:\n{}", rows.join("\n"));
    assert_eq!(many["token: client_credentials"], Cost { statements: 0, writes: 0 });
    for (request, cost) in &many {
        assert!(cost.statements <= 3, "{request}");
    }
    assert!(many["login: the form"].writes <= 2 && many["token: refresh_token"].writes <= 1);
}

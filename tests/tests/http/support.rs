//! What these tests start from: a server with one realm, and requests of every kind to it.

mod reply;

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
pub use reply::{Reply, send};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use test_db::PrepareError;
use tests::{
    Admin, Hosting, TestServer,
    template::{ADMIN, ADMIN_PASSWORD, further, prepare},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The realm of most tests.
pub const REALM: &str = "acme";
/// The registry client of most tests.
pub const REGISTRY: &str = "registry";

pub const ROLE_MAPPER: &str = "docker-v2-role-repository-mapper";
pub const GROUP_MAPPER: &str = "docker-v2-group-repository-mapper";
pub const EVERYONE_MAPPER: &str = "docker-v2-everyone-repository-mapper";
pub const ALLOW_ALL_MAPPER: &str = "docker-v2-allow-all-mapper";

/// The admin API with one token.
#[derive(Clone)]
pub struct Api {
    pub http: Client,
    pub url: String,
    pub token: Option<String>,
}

impl Api {
    /// A request to a path below `/admin`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/admin{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        send(self.request(Method::DELETE, path)).await
    }

    pub async fn delete_with(&self, path: &str, body: Value) -> Reply {
        send(self.request(Method::DELETE, path).json(&body)).await
    }

    /// The JSON of a thing that must be there.
    #[track_caller]
    pub fn read(&self, path: &str) -> impl Future<Output = Value> {
        let request = self.request(Method::GET, path);
        async move { send(request).await.expect(200).json() }
    }
}

/// The ids in a list of representations.
pub fn field<'json>(list: &'json Value, name: &str) -> Vec<&'json str> {
    list.as_array().expect("a list").iter().filter_map(|item| item[name].as_str()).collect()
}

/// A path below the realm of most tests.
pub fn r(path: &str) -> String {
    format!("/realms/{REALM}{path}")
}

/// A server with the realm [`REALM`], which holds nothing but what every realm has.
pub struct World {
    pub server: TestServer,
    pub http: Client,
    /// As the administrator of master.
    pub admin: Api,
}

/// Making keys takes long: the realm is made once and copied with the database.
async fn with_realm(url: String) -> Result<(), PrepareError> {
    prepare(url.clone()).await?;
    let server = TestServer::secure_at(&url).await;
    let admin = Admin::login(server.url(), ADMIN, ADMIN_PASSWORD).await;
    let _ = admin.post("/realms", Some(json!({"realm": REALM, "enabled": true}))).await.expect(201);
    Ok(())
}

impl World {
    pub async fn start() -> Self {
        Self::hosted(Hosting::default()).await
    }

    /// As [`World::start`], with a server that is reached in this way.
    pub async fn hosted(hosting: Hosting) -> Self {
        let template = further("a realm", |url| Box::pin(with_realm(url)));
        let server = TestServer::on_copy(&template, hosting).await;
        let http = tests::answer::http();
        let admin = Api { http: http.clone(), url: server.url().to_owned(), token: None };
        let mut world = Self { server, http, admin };
        world.log_in().await;
        world
    }

    /// As [`World::start`], with the registry [`REGISTRY`]; gives its id too.
    pub async fn with_registry() -> (Self, String) {
        let world = Self::start().await;
        let id = world.registry(REGISTRY, json!({})).await;
        (world, id)
    }

    /// A new admin token.
    pub async fn log_in(&mut self) {
        let reply = self.password_grant("master", "admin", TestServer::ADMIN_PASSWORD).await.expect(200);
        self.admin.token = Some(reply.json()["access_token"].as_str().unwrap().to_owned());
    }

    /// Moves the server's clock, and takes a new admin token, as the old one may be over.
    pub async fn advance(&mut self, by: Duration) {
        self.server.clock().advance(by);
        self.log_in().await;
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.url())
    }

    /// The token endpoint of OpenID Connect with the password grant of `admin-cli`.
    pub async fn password_grant(&self, realm: &str, username: &str, password: &str) -> Reply {
        let form =
            [("grant_type", "password"), ("client_id", "admin-cli"), ("username", username), ("password", password)];
        self.token(realm, &form).await
    }

    /// The token endpoint of OpenID Connect.
    pub async fn token(&self, realm: &str, form: &[(&str, &str)]) -> Reply {
        send(self.http.post(self.url(&format!("/realms/{realm}/protocol/openid-connect/token"))).form(form)).await
    }

    /// The admin API as a user of a realm.
    pub async fn api(&self, realm: &str, username: &str, password: &str) -> Api {
        let reply = self.password_grant(realm, username, password).await.expect(200);
        let token = reply.json()["access_token"].as_str().unwrap().to_owned();
        Api { token: Some(token), ..self.admin.clone() }
    }

    /// Makes a user with a password.
    pub async fn user(&self, username: &str, password: &str) -> String {
        self.user_in(REALM, username, password).await
    }

    pub async fn user_in(&self, realm: &str, username: &str, password: &str) -> String {
        let user = json!({
            "username": username, "enabled": true,
            "credentials": [{"type": "password", "value": password, "temporary": false}],
        });
        self.admin.post(&format!("/realms/{realm}/users"), user).await.created()
    }

    /// Lets users have attributes that the realm's user profile doesn't name.
    pub async fn free_attributes(&self) {
        let mut profile = self.admin.read(&r("/users/profile")).await;
        profile["unmanagedAttributePolicy"] = json!("ENABLED");
        self.admin.put(&r("/users/profile"), profile).await.expect(200);
    }

    /// Makes a realm role.
    pub async fn role(&self, name: &str) {
        self.admin.post(&r("/roles"), json!({"name": name})).await.expect(201);
    }

    /// Gives a user a realm role.
    pub async fn grant(&self, user: &str, role: &str) {
        let role = self.admin.read(&r(&format!("/roles/{role}"))).await;
        self.admin.post(&r(&format!("/users/{user}/role-mappings/realm")), json!([role])).await.expect(204);
    }

    pub async fn revoke(&self, user: &str, role: &str) {
        let role = self.admin.read(&r(&format!("/roles/{role}"))).await;
        self.admin.delete_with(&r(&format!("/users/{user}/role-mappings/realm")), json!([role])).await.expect(204);
    }

    /// The id of the client with this `clientId` in a realm.
    pub async fn client_id(&self, realm: &str, client_id: &str) -> String {
        let found = self.admin.read(&format!("/realms/{realm}/clients?clientId={client_id}")).await;
        found[0]["id"].as_str().unwrap_or_else(|| panic!("no client {client_id} in {realm}: {found}")).to_owned()
    }

    /// Gives a user of a realm one of that realm's admin roles.
    pub async fn grant_admin(&self, realm: &str, user: &str, role: &str) {
        let management = if realm == "master" { "master-realm" } else { "realm-management" };
        let client = self.client_id(realm, management).await;
        let role = self.admin.read(&format!("/realms/{realm}/clients/{client}/roles/{role}")).await;
        let path = format!("/realms/{realm}/users/{user}/role-mappings/clients/{client}");
        self.admin.post(&path, json!([role])).await.expect(204);
    }

    /// Makes groups along a path and gives the id of the last one.
    pub async fn group(&self, path: &str) -> String {
        let mut parent: Option<String> = None;
        let mut walked = String::new();
        for name in path.trim_start_matches('/').split('/') {
            walked = format!("{walked}/{name}");
            let known = self.admin.get(&r(&format!("/group-by-path{walked}"))).await;
            let id = match known.status {
                200 => known.json()["id"].as_str().unwrap().to_owned(),
                _ => {
                    let below = parent.as_ref().map_or(String::new(), |parent| format!("/{parent}/children"));
                    self.admin.post(&r(&format!("/groups{below}")), json!({"name": name})).await.created()
                }
            };
            parent = Some(id);
        }
        parent.unwrap()
    }

    pub async fn join(&self, user: &str, group: &str) {
        self.admin.put(&r(&format!("/users/{user}/groups/{group}")), json!({})).await.expect(204);
    }

    /// Makes a registry client.
    pub async fn registry(&self, client_id: &str, attributes: Value) -> String {
        self.registry_in(REALM, client_id, attributes).await
    }

    pub async fn registry_in(&self, realm: &str, client_id: &str, attributes: Value) -> String {
        let client = json!({
            "clientId": client_id, "protocol": "docker-v2", "enabled": true, "attributes": attributes,
        });
        self.admin.post(&format!("/realms/{realm}/clients"), client).await.created()
    }

    /// Adds a permission mapper to a client.
    pub async fn mapper(&self, client: &str, name: &str, kind: &str, config: Value) -> String {
        self.mapper_in(REALM, client, name, kind, config).await
    }

    pub async fn mapper_in(&self, realm: &str, client: &str, name: &str, kind: &str, config: Value) -> String {
        let mapper = json!({"name": name, "protocol": "docker-v2", "protocolMapper": kind, "config": config});
        self.admin.post(&format!("/realms/{realm}/clients/{client}/protocol-mappers/models"), mapper).await.created()
    }

    /// Lets every signed-in user do everything with every repository.
    pub async fn allow_everything(&self, client: &str) {
        let config = json!({"repositories": "**", "actions": "*", "catalog": "true"});
        self.mapper(client, "everything", EVERYONE_MAPPER, config).await;
    }

    /// Lets everybody, also without credentials, pull below `public/`.
    pub async fn allow_public_pull(&self, client: &str) {
        let config = json!({"repositories": "public/**", "actions": "pull", "anonymous": "true"});
        self.mapper(client, "public", EVERYONE_MAPPER, config).await;
    }

    pub fn auth_url(&self) -> String {
        self.url(&format!("/realms/{REALM}/protocol/docker-v2/auth"))
    }

    /// The docker token endpoint by GET, for [`REGISTRY`].
    pub async fn pull_token(&self, basic: Option<(&str, &str)>, scopes: &[&str]) -> Reply {
        let mut query = vec![("service", REGISTRY)];
        query.extend(scopes.iter().map(|scope| ("scope", *scope)));
        self.docker_get(&query, basic).await
    }

    /// The docker token endpoint by GET.
    pub async fn docker_get(&self, query: &[(&str, &str)], basic: Option<(&str, &str)>) -> Reply {
        let mut request = self.http.get(self.auth_url()).query(query);
        if let Some((username, password)) = basic {
            request = request.basic_auth(username, Some(password));
        }
        send(request).await
    }

    /// The docker token endpoint by POST.
    pub async fn docker_post(&self, form: &[(&str, &str)]) -> Reply {
        send(self.http.post(self.auth_url()).form(form)).await
    }

    /// The identity token that `docker login` would get.
    pub async fn identity_token(&self, username: &str, password: &str) -> String {
        let reply = self
            .docker_post(&[
                ("grant_type", "password"),
                ("service", REGISTRY),
                ("client_id", "docker"),
                ("access_type", "offline"),
                ("username", username),
                ("password", password),
            ])
            .await
            .expect(200);
        reply.json()["refresh_token"].as_str().expect("refresh_token").to_owned()
    }

    /// Redeems an identity token.
    pub async fn redeem(&self, token: &str, scope: &str) -> Reply {
        let form = [
            ("grant_type", "refresh_token"),
            ("service", REGISTRY),
            ("client_id", "docker"),
            ("refresh_token", token),
            ("scope", scope),
        ];
        self.docker_post(&form).await
    }

    /// The event that a refusal tells of.
    pub async fn event(&self, id: &str) -> Value {
        let found = self.admin.read(&r(&format!("/events?id={id}"))).await;
        assert_eq!(found.as_array().map(Vec::len), Some(1), "events with the id {id}: {found}");
        found[0].clone()
    }

    /// Sends bytes as they are and reads the answer until the server ends it. The bytes have to ask for
    /// `Connection: close`.
    pub async fn raw(&self, bytes: &[u8]) -> Reply {
        let address = self.server.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
        let mut stream = TcpStream::connect(&address).await.expect("a connection");
        // A server that has refused already may stop reading.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let text = String::from_utf8_lossy(bytes);
        reply::parse_answer(&answer, text.lines().next().unwrap_or_default())
    }
}

/// The value of a Basic `Authorization` header.
pub fn basic(username: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{username}:{password}")))
}

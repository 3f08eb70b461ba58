//! What to write into an application, for the libraries that most use. Each is a template; what stands in it is made from
//! the server's and the client's real settings, as literals that the languages share with JSON. Secrets don't stand in
//! them: code ends in repositories.

use askama::Template;
use model::{client::Client, realm::Realm};
use serde_json::Value;
use services::Services;
use url::Url;

use super::kinds::Kind;

/// What the templates know.
pub(crate) struct Facts {
    issuer: String,
    discovery: String,
    token: String,
    device: String,
    server: String,
    realm: String,
    client_id: String,
    shell_client_id: String,
    redirect_uri: String,
    redirect_path: String,
    secret: bool,
    plain_http: bool,
}

/// A text as a literal of JSON, which most languages read too.
fn literal(text: &str) -> String {
    Value::from(text).to_string()
}

/// A text as one word of a shell.
fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

impl Facts {
    /// What is known of a client.
    pub(crate) fn of(services: &Services, realm: &Realm, client: &Client, kind: Kind) -> Self {
        let issuer = services.realm_url(realm);
        let whole = |uri: &&String| !uri.contains('*') && !uri.starts_with('/');
        let redirect = client.settings.redirect_uris.iter().find(whole);
        let redirect = redirect.map_or_else(|| kind.example().to_owned(), Clone::clone);
        let path = Url::parse(&redirect).map_or_else(|_| "/callback".to_owned(), |url| url.path().to_owned());
        Self {
            discovery: literal(&discovery(&issuer)),
            token: literal(&format!("{issuer}/protocol/openid-connect/token")),
            device: literal(&format!("{issuer}/protocol/openid-connect/auth/device")),
            server: literal(services.public_url()),
            realm: literal(&realm.name),
            client_id: literal(&client.client_id),
            shell_client_id: word(&client.client_id),
            redirect_uri: literal(&redirect),
            redirect_path: literal(&path),
            secret: !client.settings.public_client,
            plain_http: issuer.starts_with("http:"),
            issuer: literal(&issuer),
        }
    }
}

/// Where a realm tells applications everything else.
pub(crate) fn discovery(issuer: &str) -> String {
    format!("{issuer}/.well-known/openid-configuration")
}

/// What to write for one library.
pub(crate) struct Snippet {
    /// Its place in the page.
    pub id: &'static str,
    /// The library.
    pub title: &'static str,
    /// What to write.
    pub text: String,
}

macro_rules! templates {
    ($($name:ident, $path:literal;)*) => {
        $(
            #[derive(Template)]
            #[template(path = $path, escape = "none")]
            struct $name<'a> {
                f: &'a Facts,
            }
        )*
    };
}

templates! {
    Node, "admin/snippets/node.txt";
    NodeService, "admin/snippets/node_service.txt";
    Spring, "admin/snippets/spring.txt";
    DotNet, "admin/snippets/dotnet.txt";
    Flask, "admin/snippets/flask.txt";
    PythonService, "admin/snippets/python_service.txt";
    Apache, "admin/snippets/apache.txt";
    Oauth2Proxy, "admin/snippets/oauth2_proxy.txt";
    KeycloakJs, "admin/snippets/keycloak_js.txt";
    OidcClientTs, "admin/snippets/oidc_client_ts.txt";
    AppAuth, "admin/snippets/appauth.txt";
    CurlService, "admin/snippets/curl_service.txt";
    CurlDevice, "admin/snippets/curl_device.txt";
}

/// What fits applications of a kind.
pub(crate) fn of(kind: Kind, facts: &Facts) -> Vec<Snippet> {
    let f = facts;
    let made: Vec<(&'static str, &'static str, askama::Result<String>)> = match kind {
        Kind::Web => vec![
            ("node", "Node.js (openid-client)", Node { f }.render()),
            ("spring", "Java (Spring Boot)", Spring { f }.render()),
            ("dotnet", ".NET (ASP.NET Core)", DotNet { f }.render()),
            ("flask", "Python (Authlib with Flask)", Flask { f }.render()),
            ("apache", "Apache httpd (mod_auth_openidc)", Apache { f }.render()),
            ("oauth2-proxy", "Any application behind oauth2-proxy", Oauth2Proxy { f }.render()),
        ],
        Kind::Browser => vec![
            ("keycloak-js", "keycloak-js", KeycloakJs { f }.render()),
            ("oidc-client-ts", "oidc-client-ts", OidcClientTs { f }.render()),
        ],
        Kind::Native => vec![
            ("appauth", "Android (AppAuth)", AppAuth { f }.render()),
            ("node", "Desktop with Node.js or Electron (openid-client)", Node { f }.render()),
        ],
        Kind::Service => vec![
            ("curl", "curl", CurlService { f }.render()),
            ("node", "Node.js (openid-client)", NodeService { f }.render()),
            ("python", "Python (Authlib)", PythonService { f }.render()),
        ],
        Kind::Device => vec![("curl", "curl", CurlDevice { f }.render())],
    };
    let snippet = |(id, title, text): (_, _, askama::Result<String>)| Some(Snippet { id, title, text: text.ok()? });
    made.into_iter().filter_map(snippet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_its_literal() {
        assert_eq!(literal("a\"b\\\n"), r#""a\"b\\\n""#);
        assert_eq!(word("a'; rm -r b"), r"'a'\''; rm -r b'");
    }

    #[test]
    fn every_library_is_told_the_real_addresses() {
        let issuer = "https://id.example/realms/acme".to_owned();
        let facts = Facts {
            discovery: literal(&discovery(&issuer)),
            token: literal(&format!("{issuer}/protocol/openid-connect/token")),
            device: literal(&format!("{issuer}/protocol/openid-connect/auth/device")),
            server: literal("https://id.example"),
            realm: literal("acme"),
            client_id: literal("the \"app\""),
            shell_client_id: word("the \"app\""),
            redirect_uri: literal("https://app.example/cb"),
            redirect_path: literal("/cb"),
            secret: true,
            plain_http: false,
            issuer: literal(&issuer),
        };
        for kind in Kind::ALL {
            let snippets = of(kind, &facts);
            assert!(!snippets.is_empty());
            for snippet in snippets {
                assert!(snippet.text.contains("https://id.example"), "{}", snippet.text);
                assert!(snippet.text.contains(r#"the \"app\""#) || snippet.text.contains("'the \"app\"'"));
                assert!(!snippet.text.contains("{{") && !snippet.text.contains("allowInsecure"), "{}", snippet.text);
            }
        }
    }
}

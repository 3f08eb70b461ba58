//! Attributes of clients that hold addresses, with Keycloak's names where it has one.

use model::client::Client;

/// The client's logo.
pub const LOGO: &str = "logoUri";
/// What it does with data of its users.
pub const POLICY: &str = "policyUri";
/// Its terms of service.
pub const TERMS: &str = "tosUri";
/// Where its public keys are published.
pub const JWKS_URL: &str = "jwks.url";
/// Where it hears of ended sessions.
pub const BACKCHANNEL_LOGOUT: &str = "backchannel.logout.url";
/// What a browser loads when its sessions end.
pub const FRONTCHANNEL_LOGOUT: &str = "frontchannel.logout.url";
/// Where others begin a login at it.
pub const INITIATE_LOGIN: &str = "initiate.login.uri";
/// Where a browser may be sent after a logout.
pub const POST_LOGOUT_REDIRECTS: &str = "post.logout.redirect.uris";
/// Where its request objects are published.
pub const REQUEST_URIS: &str = "request.uris";

/// Attributes that hold one address.
pub const SINGLE: [&str; 7] = [LOGO, POLICY, TERMS, JWKS_URL, BACKCHANNEL_LOGOUT, FRONTCHANNEL_LOGOUT, INITIATE_LOGIN];
/// Attributes that hold several, with [`SEPARATOR`] between them.
pub const LISTS: [&str; 2] = [POST_LOGOUT_REDIRECTS, REQUEST_URIS];
/// What stands between the values of one attribute.
pub const SEPARATOR: &str = "##";

/// How a client proves who it is if it has to use one way with its secret: `client_secret_basic` or
/// `client_secret_post`. Without it both are good.
pub const SECRET_METHOD: &str = "client.secret.authentication.allowed.method";
/// The code challenge method that a client has to use (RFC 7636).
pub const PKCE_METHOD: &str = "pkce.code.challenge.method";
/// The only one that a registered client may use.
pub const S256: &str = "S256";

/// The addresses in a client's attributes.
pub(crate) fn addresses(client: &Client) -> impl Iterator<Item = &str> {
    let value = |name: &str| client.attributes.get(name).map(String::as_str);
    let single = SINGLE.into_iter().filter_map(value);
    let several = LISTS.into_iter().filter_map(value).flat_map(|list| list.split(SEPARATOR));
    // `+` stands for the redirect URIs, `-` for none.
    single.chain(several).filter(|address| !matches!(*address, "" | "+" | "-"))
}

//! Tokens of ours that come back, codes that people type, and where a logout may lead.

use serde_json::Value;
use services::{device_codes, token_id};
use url::Url;

use super::scene::{CALLBACK, HERE, ISSUER, client};
use crate::{
    form::Form,
    grants::refresh_token::RefreshToken,
    id_token_hint,
    logout::{places, request::Target},
};

/// Any text as the claims of a token that this realm signed, read as each kind of token that it takes back.
pub fn token_claims(text: &str) {
    let _ = token_id::family(text);
    let Ok(claims) = serde_json::from_str::<Value>(text) else { return };
    let typ = claims.get("typ").and_then(Value::as_str);
    let is_hint = id_token_hint::is_ours(&claims, ISSUER);
    assert!(!is_hint || typ == Some("ID"));
    if let Some(token) = RefreshToken::of(&claims, ISSUER) {
        assert!(!is_hint && matches!(typ, Some("Refresh" | "Offline")));
        assert!(token.offline || token.expires.is_some());
    }
}

/// Any text as the code of a device, as a person types it.
pub fn device_code(text: &str) {
    if let Some(letters) = device_codes::typed(text) {
        assert_eq!(device_codes::typed(&letters), Some(letters));
    }
}

/// A line as the registered addresses after a logout, what follows as parameters of the request.
pub fn logout_request(text: &str) {
    let (registered, query) = text.split_once('\n').unwrap_or(("+", text));
    let mut app = client(0);
    app.attributes.insert("post.logout.redirect.uris".to_owned(), registered.to_owned());
    for query in [query.to_owned(), format!("post_logout_redirect_uri={CALLBACK}&state={query}")] {
        let Ok(form) = Form::parse(query.as_bytes()) else { continue };
        let Some(uri) = form.get("post_logout_redirect_uri") else { continue };
        if !places::may_lead(&app, HERE, uri) {
            continue;
        }
        let target = Target {
            client_id: app.client_id.clone(),
            uri: uri.to_owned(),
            state: form.get("state").map(str::to_owned),
        };
        let address = places::address(&target);
        assert!(address.starts_with(uri) && address.bytes().all(|byte| byte.is_ascii_graphic()), "{address}");
        let (uri, address) = (Url::parse(uri), Url::parse(&address));
        assert!(uri.is_ok_and(|uri| {
            address.is_ok_and(|address| uri.origin() == address.origin() || uri.cannot_be_a_base() || !uri.has_host())
        }));
    }
}

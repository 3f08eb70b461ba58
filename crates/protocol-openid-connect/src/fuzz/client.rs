//! Bodies, and who a client says it is.

use actix_web::{
    http::header::{AUTHORIZATION, HeaderValue},
    test::TestRequest,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::Value;
use url::form_urlencoded;

use super::scene::{CLIENT, ISSUER};
use crate::{
    authentication::{Proof, assertion, claimed},
    form::Form,
    grants::Grant,
};

/// Any bytes as body or query.
pub fn form(data: &[u8]) {
    let Ok(form) = Form::parse(data) else { return };
    let mut again = form_urlencoded::Serializer::new(String::new());
    for name in form.names() {
        for value in form.all(name) {
            assert!(!value.is_empty() && !value.contains('\0'));
            again.append_pair(name, value);
        }
        assert!(form.all(name).count() == 1 || ["audience", "resource", "permission"].contains(&name));
        assert_eq!(form.get(name), form.all(name).next());
    }
    let again = again.finish();
    let same = Form::parse(again.as_bytes()).is_ok_and(|again| {
        again.names().eq(form.names()) && form.names().all(|name| again.all(name).eq(form.all(name)))
    });
    assert!(same, "{again}");
    if let Ok(grant) = Grant::read(&form) {
        assert_eq!(form.get("grant_type"), Some(grant.as_str()));
    }
}

/// A line as `Authorization` header, what follows as body.
pub fn client_authentication(text: &str) {
    let (header, body) = text.split_once('\n').unwrap_or((text, ""));
    let headers = [String::new(), header.to_owned(), format!("Basic {}", STANDARD.encode(header))];
    for header in headers {
        // What no header can hold never arrives.
        let Ok(header) = HeaderValue::from_bytes(header.as_bytes()) else { continue };
        let request = TestRequest::post().append_header((AUTHORIZATION, header)).to_http_request();
        for body in [body.to_owned(), format!("client_id={CLIENT}&{body}")] {
            let Ok(form) = Form::parse(body.as_bytes()) else { continue };
            let Ok(claimed) = claimed("demo", &request, &form) else { continue };
            assert!(claimed.by_header || !claimed.id.is_empty());
            if claimed.by_header {
                // RFC 6749 section 2.3: one way only.
                assert!(form.get("client_secret").is_none() && form.get("client_assertion").is_none());
                assert!(form.get("client_id").is_none_or(|named| named == claimed.id));
            }
            match claimed.proof {
                Some(Proof::Secret(_, secret)) => assert!(!secret.expose().is_empty() || claimed.by_header),
                Some(Proof::Assertion(_)) => assert!(!claimed.by_header && form.get("client_secret").is_none()),
                None => assert!(form.get("client_secret").is_none()),
            }
        }
    }
}

/// Any text as assertion, and as claims of one.
pub fn client_assertion(text: &str) {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let made = |claims: &str| format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(claims), part("signature"));
    for token in [text.to_owned(), made(text)] {
        if let Ok(client) = assertion::claimed_client(&token) {
            let read = jose::UnverifiedToken::parse(&token);
            assert!(read.is_ok_and(|read| read.subject() == Some(&client) && read.issuer() == Some(&client)));
        }
    }
    let Ok(claims) = serde_json::from_str::<Value>(text) else { return };
    if assertion::is_for(ISSUER, &claims) {
        let named: Vec<_> = match claims.get("aud") {
            Some(Value::Array(named)) => named.iter().collect(),
            one => one.into_iter().collect(),
        };
        assert!(!named.is_empty());
        assert!(named.iter().all(|name| name.as_str().is_some_and(|name| name.starts_with(ISSUER))));
    }
}

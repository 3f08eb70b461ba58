//! Cross-origin requests from browsers (the Fetch standard, section "CORS protocol").
//!
//! The caller says which origins a client of a realm may be called from; nothing here knows a client.
//!
//! Browser applications send their token requests with credentials, as keycloak-js does, and a browser gives them the
//! answer only if it names their origin and allows credentials. So that is what an allowed origin gets, also one that is
//! allowed by `*` alone, as with Keycloak. It is safe only where an answer depends on nothing that a browser adds by
//! itself: no resource that reads cookies may be answered with [`permit`], and where somebody's remembered Basic
//! credentials may have been added, `*` allows no credentials.

use std::collections::BTreeSet;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, HeaderMap, HeaderValue, ORIGIN, VARY,
    },
};
use url::Url;

/// The longest origin that is read, in bytes.
const MAX_ORIGIN: usize = 255;

/// The request headers that a page may send.
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static(
    "Origin, Accept, X-Requested-With, Content-Type, Access-Control-Request-Method, Access-Control-Request-Headers, \
     Authorization, DPoP, If-Match",
);

/// Whether a client with these web origins and redirect URIs may be called from `origin`: by an exact match, by `*`, or
/// by `+`, which stands for the origins of the redirect URIs.
#[must_use]
pub fn allows(web_origins: &[String], redirect_uris: &[String], origin: &str) -> bool {
    origins(web_origins, redirect_uris).iter().any(|allowed| allowed == "*" || allowed == origin)
}

/// The origins that a client with these web origins and redirect URIs may be called from, each once; `*` is any.
#[must_use]
pub fn origins(web_origins: &[String], redirect_uris: &[String]) -> BTreeSet<String> {
    let mut origins = BTreeSet::new();
    for allowed in web_origins {
        match allowed.as_str() {
            "+" => origins.extend(redirect_uris.iter().filter_map(|uri| origin_of(uri))),
            allowed => drop(origins.insert(allowed.trim_end_matches('/').to_owned())),
        }
    }
    origins
}

/// The origin of an absolute http(s) address, which may end in Keycloak's `*`.
fn origin_of(uri: &str) -> Option<String> {
    let url = Url::parse(uri.trim_end_matches('*')).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(url.origin().ascii_serialization())
}

/// The origin that a browser's page sent the request from. None if there is none, more than one, or `null`, which is
/// what every sandboxed frame and local file calls itself.
#[must_use]
pub fn origin(request: &HttpRequest) -> Option<&str> {
    let mut values = request.headers().get_all(ORIGIN);
    match (values.next(), values.next()) {
        (Some(origin), None) => origin.to_str().ok().filter(|origin| is_origin(origin)),
        _ => None,
    }
}

/// Whether the text has the form `scheme://host` or `scheme://host:port`. Applications on phones have schemes of their
/// own.
fn is_origin(text: &str) -> bool {
    let host = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    let scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    text.len() <= MAX_ORIGIN
        && text.split_once("://").is_some_and(|(before, after)| {
            !before.is_empty() && before.bytes().all(scheme) && !after.is_empty() && after.bytes().all(host)
        })
}

/// Whether a browser may have added the credentials of this request by itself: somebody logged in with Basic at an
/// address of ours, and the browser remembers it for all requests to us.
fn may_be_remembered(request: &HttpRequest) -> bool {
    let scheme =
        |value: &HeaderValue| value.as_bytes().get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"basic"));
    request.headers().get_all(AUTHORIZATION).any(scheme)
}

/// Lets the page of the request's origin read the answer if it is among those that are allowed. To be applied to
/// refusals too, so that the page learns the reason, and to no answer that depends on a cookie.
pub fn permit(request: &HttpRequest, answer: &mut HttpResponse, web_origins: &[String], redirect_uris: &[String]) {
    permit_origins(request, answer.headers_mut(), &origins(web_origins, redirect_uris));
}

/// As [`permit`], for an answer with these headers and origins as [`origins`] gives them.
pub fn permit_origins(request: &HttpRequest, headers: &mut HeaderMap, allowed: &BTreeSet<String>) {
    headers.append(VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = origin(request) else { return };
    if allowed.contains(origin) {
        echo(headers, origin, true);
    } else if allowed.contains("*") {
        echo(headers, origin, !may_be_remembered(request));
    }
}

/// Lets every page read the answer: for documents that hold nothing of anybody.
pub fn permit_all(answer: &mut HttpResponse) {
    answer.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
}

fn echo(headers: &mut HeaderMap, origin: &str, credentials: bool) {
    if let Ok(origin) = HeaderValue::from_str(origin) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if credentials {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
        headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("Access-Control-Allow-Methods, X-Refusal-Id"),
        );
    }
}

/// Answers a preflight request for a resource with these methods. Which client will ask isn't known yet, so every
/// origin may go on; the answer to the request itself decides what the page may read.
#[must_use]
pub fn preflight(request: &HttpRequest, methods: &'static str) -> HttpResponse {
    let mut answer = HttpResponse::Ok().finish();
    let headers = answer.headers_mut();
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin(request).filter(|_| request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)) {
        echo(headers, origin, true);
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
    }
    answer
}

/// A handler for `OPTIONS` on a resource with these methods.
pub fn options(methods: &'static str) -> impl Fn(HttpRequest) -> std::future::Ready<HttpResponse> + Clone + 'static {
    move |request: HttpRequest| std::future::ready(preflight(&request, methods))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn origins_match_exactly() {
        let web_origins = owned(&["https://app.example.org", "http://localhost:3000/"]);
        let allowed = |origin| allows(&web_origins, &[], origin);
        assert!(allowed("https://app.example.org"));
        assert!(allowed("http://localhost:3000"));
        for origin in ["https://app.example.org.evil.example", "http://app.example.org", "https://example.org", "null"]
        {
            assert!(!allowed(origin), "{origin}");
        }
        assert!(allows(&owned(&["*"]), &[], "https://anywhere.example"));
    }

    #[test]
    fn plus_stands_for_the_origins_of_redirect_uris() {
        let redirect_uris = owned(&["https://app.example.org:8443/cb/*", "/relative", "app://native/*"]);
        let plus = owned(&["+"]);
        assert!(allows(&plus, &redirect_uris, "https://app.example.org:8443"));
        assert!(!allows(&plus, &redirect_uris, "https://app.example.org"));
        assert!(!allows(&plus, &redirect_uris, "null"));
        assert!(!allows(&[], &redirect_uris, "https://app.example.org:8443"));
    }

    #[test]
    fn only_an_allowed_origin_is_echoed_and_caches_are_told() {
        let request = TestRequest::default().insert_header((ORIGIN, "https://a.example")).to_http_request();
        let mut answer = HttpResponse::Ok().finish();
        permit(&request, &mut answer, &owned(&["https://a.example"]), &[]);
        assert_eq!(answer.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN).unwrap(), "https://a.example");
        assert_eq!(answer.headers().get(ACCESS_CONTROL_ALLOW_CREDENTIALS).unwrap(), "true");
        assert_eq!(answer.headers().get(VARY).unwrap(), "Origin");
        let mut answer = HttpResponse::Ok().finish();
        permit(&request, &mut answer, &owned(&["https://b.example"]), &[]);
        assert!(!answer.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
        assert_eq!(answer.headers().get(VARY).unwrap(), "Origin");
    }

    /// What the answer to a request with these headers allows: the origin, and credentials.
    fn permitted(headers: &[(&str, &str)], web_origins: &[&str]) -> (Option<String>, bool) {
        let request = headers.iter().fold(TestRequest::default(), |request, header| request.append_header(*header));
        let mut answer = HttpResponse::Ok().finish();
        permit(&request.to_http_request(), &mut answer, &owned(web_origins), &[]);
        let origin = answer.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN).map(|value| value.to_str().unwrap().to_owned());
        (origin, answer.headers().contains_key(ACCESS_CONTROL_ALLOW_CREDENTIALS))
    }

    #[test]
    fn a_star_allows_no_credentials_that_the_browser_may_have_added() {
        let (origin, basic) = (("Origin", "https://a.example"), ("Authorization", "bAsIc YTpi"));
        let named = Some("https://a.example".to_owned());
        assert_eq!(permitted(&[origin], &["*"]), (named.clone(), true));
        assert_eq!(permitted(&[origin, ("Authorization", "Bearer x")], &["*"]), (named.clone(), true));
        assert_eq!(permitted(&[origin, basic], &["*"]), (named.clone(), false));
        assert_eq!(permitted(&[origin, basic], &["*", "https://a.example"]), (named, true));
    }

    #[test]
    fn what_is_no_single_origin_is_none() {
        let long = format!("https://{}", "a".repeat(255));
        for odd in ["", "null", "NULL", "*", "+", "https://", "://a", "a.example", "https://a.example/", "https://a b"]
            .into_iter()
            .chain(["https://a@b", "https://a,https://b", "https://a.example\t", "https://a/%0d", &long])
        {
            assert_eq!(permitted(&[("Origin", odd)], &["*", "null", odd]), (None, false), "{odd}");
        }
        let two = [("Origin", "https://a.example"), ("Origin", "https://b.example")];
        assert_eq!(permitted(&two, &["*"]), (None, false));
        for app in ["capacitor://localhost", "chrome-extension://abcdef", "http://[::1]:3000"] {
            assert_eq!(permitted(&[("Origin", app)], &[app]), (Some(app.to_owned()), true));
        }
    }

    #[test]
    fn a_preflight_names_methods_and_headers() {
        let request = TestRequest::default()
            .insert_header((ORIGIN, "https://a.example"))
            .insert_header((ACCESS_CONTROL_REQUEST_METHOD, "POST"))
            .to_http_request();
        let answer = preflight(&request, "POST, OPTIONS");
        assert_eq!(answer.headers().get(ACCESS_CONTROL_ALLOW_METHODS).unwrap(), "POST, OPTIONS");
        assert_eq!(answer.headers().get(ACCESS_CONTROL_MAX_AGE).unwrap(), "3600");
    }
}

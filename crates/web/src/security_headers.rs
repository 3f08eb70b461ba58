//! Headers that tell browsers what not to do, on every answer that doesn't bring its own.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
            STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
};

use crate::Hosted;

/// For answers that are no pages: nothing in them may be run or framed.
const DATA_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// For pages: only our own style sheet, images and forms.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// For redirects: they show nothing, and a client's page asks in an invisible frame whether somebody is logged in
/// (`prompt=none`); browsers would stop at a redirect that must not be framed.
const REDIRECT_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'");

/// What a policy says where nobody may frame the answer.
const NOT_FRAMED: &str = "frame-ancestors 'none'";

/// Middleware that adds the headers. `Strict-Transport-Security` comes where the public address is `https`.
///
/// An answer that brings a policy of its own decides with it about frames. Answers may not be stored unless their
/// handler says otherwise.
///
/// # Errors
/// As the services within.
pub async fn added(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    let strict = Hosted::of(response.request()).is_some_and(|services| is_strict(services.public_url()));
    let status = response.status();
    let headers = response.headers_mut();
    let page = headers.get(CONTENT_TYPE).is_some_and(|media_type| media_type.as_bytes().starts_with(b"text/html"));
    let policy = match (status.is_redirection() && status != StatusCode::NOT_MODIFIED, page) {
        (true, _) => REDIRECT_POLICY,
        (false, true) => PAGE_POLICY,
        (false, false) => DATA_POLICY,
    };
    let policy = headers.get(CONTENT_SECURITY_POLICY).unwrap_or(&policy).clone();
    let framed = !policy.to_str().is_ok_and(|policy| policy.contains(NOT_FRAMED));
    let mut default = |name: HeaderName, value: HeaderValue| {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    };
    default(CONTENT_SECURITY_POLICY, policy);
    if !framed {
        default(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    default(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    default(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    default(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if strict {
        default(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    Ok(response)
}

/// Whether browsers are told to use nothing but TLS from now on. Not for `localhost`: all development servers of a
/// machine share that name.
fn is_strict(public_url: &str) -> bool {
    let Some(host) = public_url.strip_prefix("https://") else { return false };
    host != "localhost" && !host.starts_with("localhost:")
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App, HttpResponse,
        http::header::{HeaderMap, LOCATION},
        middleware::from_fn,
        test::{TestRequest, call_service, init_service},
        web,
    };

    use super::*;

    const OWN: &str = "script-src 'self'; frame-ancestors 'none'";
    const FRAMED: &str = "script-src 'self'";

    async fn headers_of(answer: fn() -> HttpResponse) -> HeaderMap {
        let handler = move || std::future::ready(answer());
        let application = init_service(App::new().wrap(from_fn(added)).route("/", web::get().to(handler))).await;
        call_service(&application, TestRequest::default().to_request()).await.headers().clone()
    }

    fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
        headers.get(name).map(|value| value.to_str().unwrap())
    }

    #[actix_web::test]
    async fn what_shows_nothing_of_its_own_is_not_framed() {
        let data = headers_of(|| HttpResponse::Ok().body("x")).await;
        assert_eq!(text(&data, X_FRAME_OPTIONS), Some("DENY"));
        assert_eq!(text(&data, CONTENT_SECURITY_POLICY), Some("default-src 'none'; frame-ancestors 'none'"));
        let page = headers_of(|| HttpResponse::Ok().content_type("text/html").body("x")).await;
        assert_eq!(text(&page, X_FRAME_OPTIONS), Some("DENY"));
        assert!(text(&page, CONTENT_SECURITY_POLICY).unwrap().contains("form-action 'self'"));
    }

    #[actix_web::test]
    async fn a_policy_of_its_own_decides_about_frames() {
        let kept = headers_of(|| HttpResponse::Ok().insert_header((CONTENT_SECURITY_POLICY, OWN)).body("x")).await;
        assert_eq!(text(&kept, CONTENT_SECURITY_POLICY), Some(OWN));
        assert_eq!(text(&kept, X_FRAME_OPTIONS), Some("DENY"));
        let open = headers_of(|| HttpResponse::Ok().insert_header((CONTENT_SECURITY_POLICY, FRAMED)).body("x")).await;
        assert_eq!(text(&open, CONTENT_SECURITY_POLICY), Some(FRAMED));
        assert_eq!(text(&open, X_FRAME_OPTIONS), None);
        assert_eq!(text(&open, X_CONTENT_TYPE_OPTIONS), Some("nosniff"));
    }

    #[actix_web::test]
    async fn a_redirect_may_happen_in_a_frame() {
        let redirect =
            headers_of(|| HttpResponse::Found().insert_header((LOCATION, "https://rp.example/")).finish()).await;
        assert_eq!(text(&redirect, X_FRAME_OPTIONS), None);
        assert_eq!(text(&redirect, CONTENT_SECURITY_POLICY), Some("default-src 'none'"));
        assert_eq!(text(&redirect, REFERRER_POLICY), Some("no-referrer"));
    }

    #[test]
    fn only_tls_under_a_name_of_its_own_is_made_strict() {
        assert!(is_strict("https://id.example.org"));
        assert!(is_strict("https://localhost.example.org:8443"));
        for lax in ["http://id.example.org", "https://localhost", "https://localhost:8443"] {
            assert!(!is_strict(lax), "{lax}");
        }
    }
}

//! The `Authorization` header (RFC 9110 section 11.6.2).

use actix_web::{HttpRequest, http::header::AUTHORIZATION};

/// The longest header that is looked at, in bytes: longer than any token that is verified.
const MAX_LENGTH: usize = 20 * 1024;

/// The token of an `Authorization: Bearer` header (RFC 6750 section 2.1). The scheme's case doesn't matter.
///
/// None without the header, with several of them, with another scheme, or if what follows isn't one word.
#[must_use]
pub fn bearer_token(request: &HttpRequest) -> Option<&str> {
    credentials(request, "Bearer")
        .filter(|token| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()))
}

/// What follows the scheme of an `Authorization: Basic` header, undecoded: [`crate::basic::parse`] reads it. It may be
/// empty; that is for the caller to refuse.
///
/// None without the header, with several of them, or with another scheme.
#[must_use]
pub fn basic(request: &HttpRequest) -> Option<&str> {
    credentials(request, "Basic")
}

fn credentials<'request>(request: &'request HttpRequest, scheme: &str) -> Option<&'request str> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let (header, None) = (headers.next()?, headers.next()) else { return None };
    let text = header.to_str().ok().filter(|text| text.len() <= MAX_LENGTH)?.trim();
    let (found, rest) = text.split_once(' ').unwrap_or((text, ""));
    found.eq_ignore_ascii_case(scheme).then(|| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn with(value: &str) -> HttpRequest {
        TestRequest::default().insert_header(("Authorization", value)).to_http_request()
    }

    #[test]
    fn the_scheme_is_read_in_any_case() {
        for value in ["Bearer abc.def", "bearer abc.def", "BEARER   abc.def "] {
            assert_eq!(bearer_token(&with(value)), Some("abc.def"));
        }
        assert_eq!(basic(&with("bAsIc dTpw")), Some("dTpw"));
        assert_eq!(basic(&with("Basic")), Some(""));
    }

    #[test]
    fn anything_else_is_no_token() {
        for value in ["", "Bearer", "Bearer ", "Bearer a b", "Basic abc", "Bearerabc", "abc"] {
            assert_eq!(bearer_token(&with(value)), None, "{value}");
        }
        assert_eq!(bearer_token(&with(&format!("Bearer {}", "a".repeat(MAX_LENGTH)))), None);
        assert_eq!(bearer_token(&TestRequest::default().to_http_request()), None);
    }

    #[test]
    fn two_headers_are_refused() {
        let request = TestRequest::default()
            .append_header(("Authorization", "Bearer a"))
            .append_header(("Authorization", "Bearer b"))
            .to_http_request();
        assert_eq!(bearer_token(&request), None);
    }
}

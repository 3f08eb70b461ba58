//! Any bytes as query or form: no panic, everything within its bounds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol_docker_v2::request::{Credentials, MAX_SERVICE_LENGTH, TokenRequest};

fuzz_target!(|body: &[u8]| {
    if let Ok(request) = TokenRequest::from_query(body, &[]) {
        assert!(!request.service.is_empty() && request.service.len() <= MAX_SERVICE_LENGTH);
    }
    let content_type = Some("application/x-www-form-urlencoded");
    for body in [body, &[b"grant_type=password&service=r&", body].concat()] {
        if let Ok(request) = TokenRequest::from_form(body, content_type, &[]) {
            assert!(!matches!(request.credentials, Credentials::None));
        }
    }
});

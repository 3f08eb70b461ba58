//! Any bytes as `Authorization` header: no panic, and never a request without credentials.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol_docker_v2::request::{Credentials, TokenRequest};

fuzz_target!(|header: &[u8]| {
    for header in [header, &[b"Basic ", header].concat()] {
        if let Ok(request) = TokenRequest::from_query(b"service=registry", &[header]) {
            assert!(matches!(request.credentials, Credentials::Password { .. }));
        }
    }
});

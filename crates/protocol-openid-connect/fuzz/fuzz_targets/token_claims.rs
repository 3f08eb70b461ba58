//! Any text as the claims of an ID token hint or a refresh token.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol_openid_connect::fuzz;

fuzz_target!(|text: &str| fuzz::token_claims(text));

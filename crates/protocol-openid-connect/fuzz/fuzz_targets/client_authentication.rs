//! Any header and body as a client's word of who it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol_openid_connect::fuzz;

fuzz_target!(|text: &str| fuzz::client_authentication(text));

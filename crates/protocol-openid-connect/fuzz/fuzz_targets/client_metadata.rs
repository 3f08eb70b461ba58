//! Any text as a client's registration.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol_openid_connect::fuzz;

fuzz_target!(|text: &str| fuzz::client_metadata(text));

//! Any parameters of a logout request, against any addresses that are registered.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol_openid_connect::fuzz;

fuzz_target!(|text: &str| fuzz::logout_request(text));

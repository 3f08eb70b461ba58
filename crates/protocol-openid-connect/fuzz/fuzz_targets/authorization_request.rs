//! Any parameters of an authorization request, for any switches of the client.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol_openid_connect::fuzz;

fuzz_target!(|data: &[u8]| fuzz::authorization_request(data));

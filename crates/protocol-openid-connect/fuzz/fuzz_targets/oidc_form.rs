//! Any bytes as body or query.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol_openid_connect::fuzz;

fuzz_target!(|data: &[u8]| fuzz::form(data));

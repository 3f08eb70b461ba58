//! Any text as the parameter `claims`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol_openid_connect::fuzz;

fuzz_target!(|text: &str| fuzz::claims_parameter(text));

//! Any text as a device's code.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol_openid_connect::fuzz;

fuzz_target!(|text: &str| fuzz::device_code(text));

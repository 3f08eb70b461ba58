//! Any text as redirect URI, against any that are registered.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol_openid_connect::fuzz;

fuzz_target!(|text: &str| fuzz::redirect_uri(text));

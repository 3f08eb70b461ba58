//! How many RS256 tokens one thread signs per second, to hold against `openssl speed rsa2048`.
//!
//! `cargo run -p jose --release --example sign_speed -- 5` runs for five seconds.
#![expect(clippy::print_stdout, reason = "the figure is what the program is for")]

use std::time::{Duration, Instant};

use jose::{PreparedHeader, SignatureAlgorithm, SigningKey, generate::generate_rsa};
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seconds = std::env::args().nth(1).map_or(Ok(5), |text| text.parse())?;
    let key = SigningKey::from_pkcs8_der(SignatureAlgorithm::Rs256, &generate_rsa(2048)?)?;
    let header = PreparedHeader::new(&json!({"alg": "RS256", "typ": "JWT", "kid": "a".repeat(43)}))?;
    let claims = json!({
        "iss": "https://idp.example.org/realms/example", "sub": "someone", "aud": "registry", "exp": 1_700_000_300,
        "nbf": 1_700_000_000, "iat": 1_700_000_000, "jti": "3f0c7e4e-7f3e-4f38-9d21-3f4c1f6d1d53",
        "access": [{"type": "repository", "name": "team/image", "actions": ["pull", "push"]}],
    });
    let (start, length) = (Instant::now(), Duration::from_secs(seconds));
    let mut count = 0_u32;
    while start.elapsed() < length {
        std::hint::black_box(key.sign_jwt(&header, &claims)?);
        count += 1;
    }
    let elapsed = start.elapsed().as_secs_f64();
    println!("{:.0} RS256 tokens/s ({count} in {elapsed:.2} s, one thread)", f64::from(count) / elapsed);
    Ok(())
}

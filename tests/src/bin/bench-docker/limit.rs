//! What the machine could give at the best: the work that no server can avoid, with nothing around it.

use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
    path::Path,
    process::Command,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use credential::password::{Argon2Parameters, MemoryBlocks, dummy_hash};
use jose::{
    PreparedHeader, SignatureAlgorithm, SigningKey,
    generate::{generate_ec, generate_rsa},
    public_key::Curve,
};
use serde_json::json;

/// Passwords per second that `threads` threads hash when they do nothing else.
pub fn argon2(threads: usize, length: Duration) -> f64 {
    let count = AtomicU64::new(0);
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let parameters = Argon2Parameters::default();
                let mut memory = MemoryBlocks::new(&parameters).expect("memory to hash in");
                let hash = dummy_hash(&parameters).expect("a hash");
                while start.elapsed() < length {
                    hash.verify("correct horse battery staple", &mut memory).expect("a password can be hashed");
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    per_second(count.into_inner(), start)
}

/// RSA-2048 signatures per second of one processor, as OpenSSL's own measurement says.
pub fn openssl_rsa() -> f64 {
    let output = Command::new("openssl").args(["speed", "-seconds", "3", "-mr", "rsa2048"]).output();
    let output = output.expect("openssl can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    // `+F2:<number>:<bits>:<signatures per second>:<verifications per second>`
    let line = text.lines().find_map(|line| line.strip_prefix("+F2:")).expect("openssl says how fast RSA is");
    line.split(':').nth(2).and_then(|rate| rate.parse().ok()).expect("a rate")
}

/// Tokens per second that one thread signs with our own library.
pub fn signing(algorithm: SignatureAlgorithm, length: Duration) -> f64 {
    let key = match algorithm {
        SignatureAlgorithm::Es256 => generate_ec(Curve::P256),
        _ => generate_rsa(2048),
    };
    let key = SigningKey::from_pkcs8_der(algorithm, &key.expect("a key")).expect("a usable key");
    let header = json!({"alg": algorithm.as_str(), "typ": "JWT", "kid": "a".repeat(43), "x5c": ["a".repeat(1_000)]});
    let header = PreparedHeader::new(&header).expect("a header");
    let claims = json!({
        "iss": "http://127.0.0.1:8080/realms/bench", "sub": "user-0", "aud": "registry", "exp": 1_700_000_900,
        "nbf": 1_700_000_000, "iat": 1_700_000_000, "jti": "0".repeat(32), "typ": "Registry",
        "access": [{"type": "repository", "name": "team/image", "actions": ["pull", "push"]}],
    });
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < length {
        std::hint::black_box(key.sign_jwt(&header, &claims).expect("a signature"));
        count += 1;
    }
    per_second(count, start)
}

/// How often per second 8 KiB reach the disk below `folder`, one write after the other, as a commit needs it.
pub fn flushes(folder: &Path, length: Duration) -> f64 {
    let mut file = File::create(folder.join("flushes")).expect("a file");
    file.write_all(&[0; 1 << 20]).and_then(|()| file.sync_all()).expect("room on the disk");
    let (start, mut count) = (Instant::now(), 0_u64);
    while start.elapsed() < length {
        // Over and over the same megabyte, as PostgreSQL recycles its log files.
        file.seek(SeekFrom::Start((count % 128) * 8_192)).expect("a position");
        file.write_all(&[1; 8_192]).and_then(|()| file.sync_data()).expect("room on the disk");
        count += 1;
    }
    per_second(count, start)
}

fn per_second(count: u64, start: Instant) -> f64 {
    count as f64 / start.elapsed().as_secs_f64()
}

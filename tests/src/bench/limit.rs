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

use super::{machine, usage};

/// Work done over and over.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// How often per second.
    pub rate: f64,
    /// Processor time of each, in all threads together.
    pub busy: Duration,
}

impl Limit {
    /// How often in a second of processor time. On a machine that has other work, too, this changes less than the rate.
    #[must_use]
    pub fn per_processor(&self) -> f64 {
        1.0 / self.busy.as_secs_f64().max(1e-9)
    }

    /// A limit of which only this is known: how often in a second of processor time.
    #[must_use]
    pub fn of_processor(rate: f64) -> Self {
        Self { rate, busy: Duration::from_secs_f64(1.0 / rate.max(1e-9)) }
    }

    /// How often per second if all processors of this machine do nothing else.
    #[must_use]
    pub fn per_machine(&self) -> f64 {
        self.per_processor() * machine::threads() as f64
    }

    /// What is between two measurements of the same.
    #[must_use]
    pub fn between(self, other: Self) -> Self {
        Self { rate: f64::midpoint(self.rate, other.rate), busy: (self.busy + other.busy) / 2 }
    }
}

/// Runs `work`, which gives how often it did what it does, and takes its measure.
fn measured(work: impl FnOnce(Instant) -> u64) -> Limit {
    let (start, busy) = (Instant::now(), usage::own_time());
    let count = work(start).max(1) as f64;
    let (took, busy) = (start.elapsed(), usage::own_time().saturating_sub(busy));
    Limit { rate: count / took.as_secs_f64(), busy: busy.div_f64(count) }
}

/// Passwords that `threads` threads hash when they do nothing else.
///
/// # Panics
/// If there is no memory to hash in.
#[must_use]
pub fn argon2(threads: usize, length: Duration) -> Limit {
    measured(|start| {
        let count = AtomicU64::new(0);
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
        count.into_inner()
    })
}

/// Signatures and verifications of a kind of key, as OpenSSL's own measurement says.
#[derive(Clone, Copy, Debug)]
pub struct OpenSsl {
    /// Signatures.
    pub sign: Limit,
    /// Verifications.
    pub verify: Limit,
}

/// Asks `openssl speed`, which counts in processor time, about a kind of key, such as `rsa2048` or `ecdsap256`.
///
/// # Panics
/// If it gives no answer.
#[must_use]
pub fn openssl(kind: &str) -> OpenSsl {
    let output = Command::new("openssl").args(["speed", "-seconds", "2", "-mr", kind]).output();
    let output = output.expect("openssl can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    // `+F2:<number>:<bits>:<signatures per second>:<verifications per second>`, with `+F4` for ECDSA
    let line = text.lines().find(|line| line.starts_with("+F2:") || line.starts_with("+F4:"));
    let mut fields = line.expect("openssl says how fast it is").split(':').skip(3);
    let mut rate = || fields.next().and_then(|rate| rate.parse().ok()).map(Limit::of_processor).expect("a rate");
    OpenSsl { sign: rate(), verify: rate() }
}

/// Tokens that one thread signs with our own library.
///
/// # Panics
/// If the cryptographic library fails.
#[must_use]
pub fn signing(algorithm: SignatureAlgorithm, length: Duration) -> Limit {
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
    measured(|start| {
        let mut count = 0;
        while start.elapsed() < length {
            std::hint::black_box(key.sign_jwt(&header, &claims).expect("a signature"));
            count += 1;
        }
        count
    })
}

/// How often 8 KiB reach the disk below `folder`, one write after the other, as a commit needs it.
///
/// # Panics
/// If nothing can be written there.
#[must_use]
pub fn flushes(folder: &Path, length: Duration) -> Limit {
    let mut file = File::create(folder.join("flushes")).expect("a file");
    file.write_all(&[0; 1 << 20]).and_then(|()| file.sync_all()).expect("room on the disk");
    measured(|start| {
        let mut count = 0_u64;
        while start.elapsed() < length {
            // Over and over the same megabyte, as PostgreSQL recycles its log files.
            file.seek(SeekFrom::Start((count % 128) * 8_192)).expect("a position");
            file.write_all(&[1; 8_192]).and_then(|()| file.sync_data()).expect("room on the disk");
            count += 1;
        }
        count
    })
}

//! The database that every test begins with: migrated, with the realm `master` and its administrator.

use std::{env, fs, os::unix::fs::MetadataExt};

use jose::seal::{SealingKey, SealingKeys};
use model::secret::Secret;
use openssl::sha::Sha256;
use server::{
    machine::clock_and_random,
    wiring::{Parts, assemble},
};
use services::{
    bootstrap::{self, FirstAdministrator},
    password_hashing::PasswordHashing,
    store::{MIGRATIONS, Store},
};
use test_db::{PrepareError, PrepareFuture, Template};

/// The administrator's name.
pub const ADMIN: &str = "admin";
/// The administrator's password.
pub const ADMIN_PASSWORD: &str = "correct horse battery staple";

/// The sealing key of all tests, so that every server can open what the template holds: 32 bytes as base64.
pub const SEALING_KEY: &str = "dGhlIHNlYWxpbmcga2V5IG9mIGFsbCB0ZXN0cyEhISE=";

/// The sealing keys of all tests.
///
/// # Panics
/// Never: the key is well-formed.
#[must_use]
pub fn sealing_keys() -> SealingKeys {
    SealingKeys { current: SealingKey::from_base64(SEALING_KEY).expect("a sealing key"), older: Vec::new() }
}

/// The template of this build. What it holds depends on the code as much as on the migrations, and nothing tells the
/// code's version better than the test program itself.
///
/// # Panics
/// If this program can't find itself.
#[must_use]
pub fn template() -> Template {
    further("", |url| Box::pin(prepare(url)))
}

/// A template that holds something of its own: `prepare` has to begin with [`prepare`]. `name` tells it apart.
///
/// # Panics
/// If this program can't find itself.
#[must_use]
pub fn further(name: &str, prepare: fn(String) -> PrepareFuture) -> Template {
    let program = env::current_exe().expect("this program has a file");
    let file = fs::metadata(&program).expect("this program has a file");
    let mut hash = Sha256::new();
    for migration in MIGRATIONS.iter() {
        hash.update(&migration.version.to_be_bytes());
        hash.update(&migration.checksum);
    }
    hash.update(program.as_os_str().as_encoded_bytes());
    hash.update(name.as_bytes());
    for number in [file.mtime(), file.mtime_nsec(), file.size().cast_signed()] {
        hash.update(&number.to_be_bytes());
    }
    let name_hash = hash.finish().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    Template { name_hash, prepare }
}

/// Fills an empty database with what every test begins with.
///
/// # Errors
/// If that fails.
pub async fn prepare(url: String) -> Result<(), PrepareError> {
    let store = Store::connect(&url, 2).await?;
    store.migrate().await?;
    let (clock, random) = clock_and_random();
    let parts = Parts {
        store: store.clone(),
        clock,
        random,
        sealing: sealing_keys(),
        passwords: PasswordHashing::start(1, 1),
        public_url: "http://localhost".to_owned(),
        outgoing: outgoing::Client::new(None).expect("the machine's trust anchors"),
    };
    let (services, _events) = assemble(parts);
    let first =
        FirstAdministrator { username: Some(ADMIN.to_owned()), password: Some(Secret::new(ADMIN_PASSWORD.to_owned())) };
    bootstrap::ensure(&services, first).await?;
    store.close().await;
    Ok(())
}

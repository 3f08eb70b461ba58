//! Whole-server tests over HTTP: each starts the server in its own process on its own database.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "this crate is nothing but tests, whose way to fail is to panic"
)]

mod http {
    mod admin;
    mod admin_tokens;
    mod attacks;
    mod brute_force;
    mod caches;
    mod console;
    mod docker;
    mod hosting;
    mod hosting_attacks;
    mod hosting_tls;
    mod oidc;
    mod oidc_statements;
    mod posture;
    mod registration;
    mod schema;
    mod statements;
    mod support;
}

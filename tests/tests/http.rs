//! Whole-server tests over HTTP: each starts the server in its own process on its own database.

mod http {
    mod admin;
    mod admin_tokens;
    mod brute_force;
    mod caches;
    mod docker;
    mod schema;
    mod statements;
    mod support;
}

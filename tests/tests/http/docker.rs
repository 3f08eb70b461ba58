//! The docker-v2 token endpoint, its identity tokens and what administrators see of its decisions.

mod bad_input;
mod cross_origin;
mod evaluation;
mod identity_tokens;
mod pitfalls;
mod pitfalls_http;
mod pitfalls_login;
mod token_endpoint;

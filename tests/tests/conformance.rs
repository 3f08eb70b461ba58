//! The modules of the OpenID Foundation's conformance plans for providers, each a function that carries its name; each
//! plan is a test.
//!
//! Written from what the plans ask for; `docs/oidc-conformance.md` lists plans and modules. Each test starts the
//! server on a copy of one prepared realm and is the relying party and the browser itself. Where the conformance suite
//! waits, the server's clock is moved instead.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "this crate is nothing but tests, whose way to fail is to panic"
)]

mod conformance {
    mod checks;
    mod documentation;
    mod flow;
    mod modules;
    mod plans;
    mod realm;
    mod stage;
    mod variant;
}

//! A real registry and the programs that people use with it, against the real binary.
//!
//! The module path holds the word that the test runner knows: these tests run one after the other.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and need the real time"
)]

mod interop {
    mod buildah;
    mod check_posture;
    mod console_story;
    mod crash;
    mod docker;
    mod fixture;
    mod keycloak_clients;
    mod keys;
    mod mount;
    mod openapi;
    mod parallel;
    mod podman;
    mod realm_files;
    mod relying_parties;
    mod rights;
    mod secrets;
    mod skopeo;
    mod verdicts;
}

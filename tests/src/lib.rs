//! Whole-server tests: harness, HTTP, interop with real registries and clients.

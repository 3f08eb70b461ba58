//! Whole-server tests: the harness.

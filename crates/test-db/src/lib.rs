//! A PostgreSQL database for each test, cloned from a template, on a private server.

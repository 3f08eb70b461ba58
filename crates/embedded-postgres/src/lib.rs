//! A private PostgreSQL child process: found, initialised, started, stopped.

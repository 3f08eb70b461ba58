//! The portcullis program: options, wiring, routes, telemetry, health.

//! Keycloak-compatible JSON shapes.

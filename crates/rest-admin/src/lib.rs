//! The Admin REST API, wire-compatible with Keycloak's: thin handlers over services.

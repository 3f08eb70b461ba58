//! OpenID Connect: discovery, JWKS, token endpoint and its grants.

//! Docker Registry v2 token authentication: scopes, permission mappers, tokens, installation files.

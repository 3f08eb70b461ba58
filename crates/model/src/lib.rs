//! The nouns of an identity provider: realm, client, user, role, group, scope, mapper, key, event. No IO.

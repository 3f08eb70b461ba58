-- Tokens for the registration of clients that are over, by time or by use, are found without a look at the others.
create index initial_access_tokens_expires_at on initial_access_tokens (expires_at);
create index initial_access_tokens_used_up on initial_access_tokens (realm_id) where remaining <= 0;

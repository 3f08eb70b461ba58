-- Identity providers that a realm knows, with their mappers, and the accounts that users have there.
create table identity_providers (
    realm_id          uuid not null references realms on delete cascade,
    id                text collate "C" not null,
    alias             text not null,
    provider_id       text not null,
    enabled           boolean not null,
    -- Switches and texts with Keycloak's names.
    settings          jsonb not null,
    -- What the kind of provider has. Secrets in it are sealed.
    config            jsonb not null,
    -- The flows after a first and after each login; null for the realm's and for none. A flow that is named here can't be
    -- removed.
    first_broker_flow text collate "C",
    post_broker_flow  text collate "C",
    primary key (realm_id, id),
    foreign key (realm_id, first_broker_flow) references authentication_flows,
    foreign key (realm_id, post_broker_flow) references authentication_flows
);
create unique index identity_providers_alias on identity_providers (realm_id, alias);

create table identity_provider_mappers (
    realm_id uuid not null,
    id       text collate "C" not null,
    provider text collate "C" not null,
    name     text not null,
    kind     text not null,
    config   jsonb not null,
    primary key (realm_id, id),
    foreign key (realm_id, provider) references identity_providers on delete cascade
);
create unique index identity_provider_mappers_name on identity_provider_mappers (realm_id, provider, name);

-- Providers are named by alias, as in Keycloak: a link may be there before the provider is.
create table federated_identities (
    realm_id     uuid not null,
    user_id      text collate "C" not null,
    provider     text not null,
    -- Who the user is there.
    account      text not null,
    account_name text,
    primary key (realm_id, user_id, provider),
    foreign key (realm_id, user_id) references users on delete cascade
);
create unique index federated_identities_account on federated_identities (realm_id, provider, account);

-- The schema after all migrations, for reading. Made by `cargo xtask sqlx`, compared by `cargo xtask check`;
-- to change it, add a migration.

-- Name: cache_follows(text); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.cache_follows(table_name text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    execute format('create trigger cache_follows_insert after insert on %I referencing new table as changed
                    for each statement execute function configuration_changed()', table_name);
    execute format('create trigger cache_follows_update after update on %I referencing new table as changed
                    for each statement execute function configuration_changed()', table_name);
    execute format('create trigger cache_follows_delete after delete on %I referencing old table as changed
                    for each statement execute function configuration_changed()', table_name);
end $$;

-- Name: client_in_master_follows(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.client_in_master_follows() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
    master uuid := (select realm_id from realms where name = 'master');
begin
    if tg_op = 'DELETE' then
        delete from clients where realm_id = master and id = old.realm_id::text;
    else
        update client_names set name = new.name || '-realm'
            where realm_id = master and id = old.realm_id::text and name = old.name || '-realm';
        update clients set client_id = new.name || '-realm'
            where realm_id = master and id = old.realm_id::text and client_id = old.name || '-realm';
    end if;
    return null;
end $$;

-- Name: configuration_changed(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.configuration_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    update realms set generation = generation where realm_id in (select realm_id from changed);
    return null;
end $$;

-- Name: event_repository(jsonb, integer); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.event_repository(details jsonb, number integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select left(regexp_substr(details ->> 'requested', '(^| )repository(\([^) ]*\))?:([^ ]+):[^: ]*', 1, number, '', 3), 255)
$$;

-- Name: realm_change_noted(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.realm_change_noted() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    insert into realm_changes as c (realm_id, generation, changed_in)
    values (old.realm_id, case when tg_op = 'DELETE' then 9223372036854775807 else new.generation end,
        pg_current_xact_id())
    on conflict (realm_id) do update set generation = excluded.generation, changed_in = excluded.changed_in;
    return null;
end $$;

-- Name: realm_grows_older(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.realm_grows_older() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    new.generation := old.generation + 1;
    return new;
end $$;

-- Name: realm_notice(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.realm_notice() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if tg_op = 'DELETE' then
        perform pg_notify('realm_changed', old.realm_id || ':' || 9223372036854775807);
    else
        perform pg_notify('realm_changed', new.realm_id || ':' || new.generation);
    end if;
    return null;
end $$;

-- Name: service_account_changed(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.service_account_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    update realms set generation = generation
    where realm_id in (select realm_id from changed where service_account_of is not null);
    return null;
end $$;

-- Name: service_account_given(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.service_account_given() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    update realms set generation = generation where realm_id in (
        select c.realm_id from changed c
        join users u on u.realm_id = c.realm_id and u.id = c.user_id and u.service_account_of is not null);
    return null;
end $$;

-- Name: unended(jsonb, text, bigint, integer); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.unended(entries jsonb, member text, moment bigint, most integer) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    select coalesce(jsonb_object_agg(key, value), '{}') from (
        select key, value from jsonb_each(entries) where (value ->> member)::bigint > moment
        order by (value ->> member)::bigint desc limit most) as kept
$$;

-- Name: user_attribute_term(uuid, text, text); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.user_attribute_term(realm uuid, name text, value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select right(realm::text, 2) || '=' || left(md5(lower(name || '=' || value)), 12)
$$;

-- Name: user_count_changed(); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.user_count_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if tg_op = 'INSERT' then
        insert into user_counts as c
        select realm_id, pg_current_xact_id(), service_account_of is not null, enabled, email_verified, count(*)
        from added group by 1, 2, 3, 4, 5
        on conflict (realm_id, changed_in, is_service, enabled, email_verified)
            do update set users = c.users + excluded.users;
    elsif tg_op = 'DELETE' then
        -- Users that go with their realm need not be counted.
        insert into user_counts as c
        select g.realm_id, pg_current_xact_id(), g.service_account_of is not null, g.enabled, g.email_verified, -count(*)
        from gone g join realms r on r.realm_id = g.realm_id group by 1, 2, 3, 4, 5
        on conflict (realm_id, changed_in, is_service, enabled, email_verified)
            do update set users = c.users + excluded.users;
    else
        insert into user_counts as c
        select realm_id, pg_current_xact_id(), is_service, enabled, email_verified, sum(difference)
        from (
            select realm_id, service_account_of is not null as is_service, enabled, email_verified, 1 as difference
            from added
            union all
            select realm_id, service_account_of is not null, enabled, email_verified, -1 from gone
        ) as changed
        group by 1, 2, 3, 4, 5 having sum(difference) <> 0
        on conflict (realm_id, changed_in, is_service, enabled, email_verified)
            do update set users = c.users + excluded.users;
    end if;
    return null;
end $$;

-- Name: user_terms(uuid, text, text, text, text, boolean, boolean, jsonb); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.user_terms(realm uuid, username text, email text, first_name text, last_name text, enabled boolean, email_verified boolean, attributes jsonb) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
declare
    bucket text := right(realm::text, 2);
    padded text := E'\n\n' || concat_ws(E'\n\n', username, email, first_name, last_name) || E'\n\n';
    terms  text[] := array[bucket || case when enabled then '+e' else '-e' end,
                           bucket || case when email_verified then '+v' else '-v' end];
    name   text;
    value  text;
begin
    for place in 1 .. length(padded) - 2 loop
        terms := terms || (bucket || substr(padded, place, 3));
    end loop;
    for name, value in
        select a.key, v from jsonb_each(attributes) as a, jsonb_array_elements_text(a.value) as v
    loop
        terms := terms || user_attribute_term(realm, name, value);
    end loop;
    return terms;
end $$;

-- Name: admin_events; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.admin_events (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    "time" timestamp with time zone NOT NULL,
    auth_realm_id text NOT NULL,
    auth_client_id text,
    auth_user_id text,
    ip_address text,
    operation text NOT NULL,
    resource_type text NOT NULL,
    resource_path text NOT NULL,
    representation text
);

-- Name: authentication_executions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.authentication_executions (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    flow text NOT NULL COLLATE pg_catalog."C",
    authenticator text,
    sub_flow text COLLATE pg_catalog."C",
    config text COLLATE pg_catalog."C",
    requirement text NOT NULL,
    priority integer NOT NULL
);

-- Name: authentication_flows; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.authentication_flows (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    alias text NOT NULL,
    description text,
    kind text NOT NULL,
    top_level boolean NOT NULL,
    built_in boolean NOT NULL,
    place integer NOT NULL
);

-- Name: authenticator_configs; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.authenticator_configs (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    alias text NOT NULL,
    config jsonb NOT NULL
);

-- Name: client_names; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.client_names (
    realm_id uuid NOT NULL,
    name text NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C"
);

-- Name: client_scope_assignments; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.client_scope_assignments (
    realm_id uuid NOT NULL,
    client text NOT NULL COLLATE pg_catalog."C",
    scope text NOT NULL COLLATE pg_catalog."C",
    optional boolean NOT NULL
);

-- Name: client_scopes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.client_scopes (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    description text,
    protocol text NOT NULL,
    attributes jsonb NOT NULL
);

-- Name: client_sessions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.client_sessions (
    realm_id uuid NOT NULL,
    session_id text NOT NULL COLLATE pg_catalog."C",
    client text NOT NULL COLLATE pg_catalog."C",
    started_at timestamp with time zone NOT NULL,
    offline boolean DEFAULT false NOT NULL,
    codes jsonb DEFAULT '{}'::jsonb NOT NULL,
    families jsonb DEFAULT '{}'::jsonb NOT NULL
);

-- Name: clients; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.clients (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    client_id text NOT NULL,
    protocol text NOT NULL,
    enabled boolean NOT NULL,
    settings jsonb NOT NULL,
    attributes jsonb NOT NULL,
    secret text,
    created_at timestamp with time zone NOT NULL,
    registration_token text
);

-- Name: components; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.components (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    provider_id text NOT NULL,
    provider_type text NOT NULL,
    parent_id text NOT NULL,
    sub_type text,
    config jsonb NOT NULL
);

-- Name: credentials; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.credentials (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    label text,
    created_at timestamp with time zone NOT NULL,
    credential_data text NOT NULL,
    secret_data text NOT NULL,
    priority integer NOT NULL
);

-- Name: default_client_scopes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.default_client_scopes (
    realm_id uuid NOT NULL,
    scope text NOT NULL COLLATE pg_catalog."C",
    optional boolean NOT NULL
);

-- Name: default_groups; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.default_groups (
    realm_id uuid NOT NULL,
    group_id text NOT NULL COLLATE pg_catalog."C"
);

-- Name: device_codes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.device_codes (
    realm_id uuid NOT NULL,
    hash bytea NOT NULL,
    user_code_hash bytea NOT NULL,
    client text NOT NULL COLLATE pg_catalog."C",
    request jsonb NOT NULL,
    approved boolean,
    session_id text COLLATE pg_catalog."C",
    next_poll_at timestamp with time zone NOT NULL,
    interval_seconds integer NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

-- Name: event_counts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.event_counts (
    realm_id uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    what text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    n bigint NOT NULL
);

-- Name: events; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.events (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    "time" timestamp with time zone NOT NULL,
    kind text NOT NULL,
    client_id text,
    user_id text,
    session_id text,
    ip_address text,
    error text,
    details jsonb NOT NULL
);

-- Name: federated_identities; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.federated_identities (
    realm_id uuid NOT NULL,
    user_id text NOT NULL COLLATE pg_catalog."C",
    provider text NOT NULL,
    account text NOT NULL,
    account_name text
);

-- Name: group_roles; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.group_roles (
    realm_id uuid NOT NULL,
    group_id text NOT NULL COLLATE pg_catalog."C",
    role_id text NOT NULL COLLATE pg_catalog."C"
);

-- Name: groups; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.groups (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    parent text COLLATE pg_catalog."C",
    name text NOT NULL,
    description text,
    attributes jsonb NOT NULL
);

-- Name: identity_provider_mappers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.identity_provider_mappers (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    provider text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    kind text NOT NULL,
    config jsonb NOT NULL
);

-- Name: identity_providers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.identity_providers (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    alias text NOT NULL,
    provider_id text NOT NULL,
    enabled boolean NOT NULL,
    settings jsonb NOT NULL,
    config jsonb NOT NULL,
    first_broker_flow text COLLATE pg_catalog."C",
    post_broker_flow text COLLATE pg_catalog."C"
);

-- Name: identity_tokens; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.identity_tokens (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    token_hash bytea NOT NULL,
    user_id text NOT NULL COLLATE pg_catalog."C",
    client text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ip_address text,
    user_agent text
);

-- Name: initial_access_tokens; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.initial_access_tokens (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    total integer NOT NULL,
    remaining integer NOT NULL
);

-- Name: jobs; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.jobs (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    payload jsonb NOT NULL,
    run_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL
);

-- Name: keys; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.keys (
    realm_id uuid NOT NULL,
    kid text NOT NULL COLLATE pg_catalog."C",
    component text COLLATE pg_catalog."C",
    purpose text NOT NULL,
    algorithm text NOT NULL,
    sealed text NOT NULL,
    public bytea,
    certificate bytea,
    created_at timestamp with time zone NOT NULL
);

-- Name: localization_texts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.localization_texts (
    realm_id uuid NOT NULL,
    locale text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    text text NOT NULL
);

-- Name: login_failures; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.login_failures (
    realm_id uuid NOT NULL,
    user_id text NOT NULL COLLATE pg_catalog."C",
    failures integer NOT NULL,
    temporary_lockouts integer NOT NULL,
    last_failure_at timestamp with time zone NOT NULL,
    last_ip text,
    locked_until timestamp with time zone,
    last_attempt bytea NOT NULL
);

-- Name: permissions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.permissions (
    realm_id uuid NOT NULL,
    role_id text COLLATE pg_catalog."C",
    user_id text COLLATE pg_catalog."C",
    target_realm uuid,
    permission text NOT NULL,
    CONSTRAINT permissions_check CHECK ((num_nonnulls(role_id, user_id) = 1))
);

-- Name: protocol_mappers; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.protocol_mappers (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    client text COLLATE pg_catalog."C",
    scope text COLLATE pg_catalog."C",
    name text NOT NULL,
    protocol text NOT NULL,
    kind text NOT NULL,
    config jsonb NOT NULL,
    CONSTRAINT protocol_mappers_check CHECK ((num_nonnulls(client, scope) = 1))
);

-- Name: pushed_requests; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.pushed_requests (
    realm_id uuid NOT NULL,
    hash bytea NOT NULL,
    client text NOT NULL COLLATE pg_catalog."C",
    parameters jsonb NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

-- Name: realm_changes; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.realm_changes (
    realm_id uuid NOT NULL,
    generation bigint NOT NULL,
    changed_in xid8 NOT NULL
);

-- Name: realms; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.realms (
    realm_id uuid NOT NULL,
    given_id text NOT NULL,
    name text NOT NULL,
    enabled boolean NOT NULL,
    default_role_id text NOT NULL,
    settings jsonb NOT NULL,
    generation bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL
);

-- Name: refused_admin_requests; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.refused_admin_requests (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    "time" timestamp with time zone NOT NULL,
    auth_realm_id text NOT NULL,
    auth_user_id text,
    auth_client_id text,
    ip_address text,
    method text NOT NULL,
    path text NOT NULL,
    rule text NOT NULL,
    permissions text[] NOT NULL
);

-- Name: required_actions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.required_actions (
    realm_id uuid NOT NULL,
    alias text NOT NULL COLLATE pg_catalog."C",
    provider_id text NOT NULL,
    name text NOT NULL,
    enabled boolean NOT NULL,
    default_action boolean NOT NULL,
    priority integer NOT NULL,
    config jsonb NOT NULL
);

-- Name: revoked_tokens; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.revoked_tokens (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    expires_at timestamp with time zone NOT NULL
);

-- Name: role_composites; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.role_composites (
    realm_id uuid NOT NULL,
    parent text NOT NULL COLLATE pg_catalog."C",
    child text NOT NULL COLLATE pg_catalog."C"
);

-- Name: roles; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.roles (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    client text COLLATE pg_catalog."C",
    name text NOT NULL,
    description text,
    attributes jsonb NOT NULL
);

-- Name: scope_mappings; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.scope_mappings (
    realm_id uuid NOT NULL,
    client text COLLATE pg_catalog."C",
    scope text COLLATE pg_catalog."C",
    role_id text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT scope_mappings_check CHECK ((num_nonnulls(client, scope) = 1))
);

-- Name: used_assertions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.used_assertions (
    realm_id uuid NOT NULL,
    hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

-- Name: user_consents; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.user_consents (
    realm_id uuid NOT NULL,
    user_id text NOT NULL COLLATE pg_catalog."C",
    client text NOT NULL COLLATE pg_catalog."C",
    scopes text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

-- Name: user_counts; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.user_counts (
    realm_id uuid NOT NULL,
    changed_in xid8 NOT NULL,
    is_service boolean NOT NULL,
    enabled boolean NOT NULL,
    email_verified boolean NOT NULL,
    users bigint NOT NULL
);

-- Name: user_groups; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.user_groups (
    realm_id uuid NOT NULL,
    user_id text NOT NULL COLLATE pg_catalog."C",
    group_id text NOT NULL COLLATE pg_catalog."C"
);

-- Name: user_roles; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.user_roles (
    realm_id uuid NOT NULL,
    user_id text NOT NULL COLLATE pg_catalog."C",
    role_id text NOT NULL COLLATE pg_catalog."C"
);

-- Name: user_sessions; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.user_sessions (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    ip_address text,
    started_at timestamp with time zone NOT NULL,
    last_access_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    offline boolean DEFAULT false NOT NULL,
    remember_me boolean DEFAULT false NOT NULL,
    authenticated_at timestamp with time zone NOT NULL,
    browser_hash bytea
);

-- Name: users; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.users (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    username text NOT NULL,
    email text,
    email_shared boolean DEFAULT false NOT NULL,
    email_verified boolean NOT NULL,
    first_name text,
    last_name text,
    enabled boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    not_before bigint DEFAULT 0 NOT NULL,
    attributes jsonb NOT NULL,
    required_actions text[] NOT NULL,
    service_account_of text COLLATE pg_catalog."C",
    first_name_folded text,
    last_name_folded text
)
WITH (autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_insert_scale_factor='0.05');

-- Name: webhook_deliveries; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.webhook_deliveries (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    webhook_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    body text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    attempted_at timestamp with time zone,
    failure text,
    delivered boolean,
    expires_at timestamp with time zone
);

-- Name: webhooks; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.webhooks (
    realm_id uuid NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    url text NOT NULL,
    secret text NOT NULL,
    enabled boolean NOT NULL,
    filter jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL
);

-- Name: admin_events admin_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.admin_events
    ADD CONSTRAINT admin_events_pkey PRIMARY KEY (realm_id, id);

-- Name: authentication_executions authentication_executions_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.authentication_executions
    ADD CONSTRAINT authentication_executions_pkey PRIMARY KEY (realm_id, id);

-- Name: authentication_flows authentication_flows_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.authentication_flows
    ADD CONSTRAINT authentication_flows_pkey PRIMARY KEY (realm_id, id);

-- Name: authenticator_configs authenticator_configs_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.authenticator_configs
    ADD CONSTRAINT authenticator_configs_pkey PRIMARY KEY (realm_id, id);

-- Name: client_names client_names_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.client_names
    ADD CONSTRAINT client_names_pkey PRIMARY KEY (realm_id, name);

-- Name: client_scope_assignments client_scope_assignments_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.client_scope_assignments
    ADD CONSTRAINT client_scope_assignments_pkey PRIMARY KEY (realm_id, client, scope);

-- Name: client_scopes client_scopes_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.client_scopes
    ADD CONSTRAINT client_scopes_pkey PRIMARY KEY (realm_id, id);

-- Name: client_sessions client_sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.client_sessions
    ADD CONSTRAINT client_sessions_pkey PRIMARY KEY (realm_id, session_id, client, offline);

-- Name: clients clients_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.clients
    ADD CONSTRAINT clients_pkey PRIMARY KEY (realm_id, id);

-- Name: components components_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.components
    ADD CONSTRAINT components_pkey PRIMARY KEY (realm_id, id);

-- Name: credentials credentials_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.credentials
    ADD CONSTRAINT credentials_pkey PRIMARY KEY (realm_id, id);

-- Name: default_client_scopes default_client_scopes_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.default_client_scopes
    ADD CONSTRAINT default_client_scopes_pkey PRIMARY KEY (realm_id, scope);

-- Name: default_groups default_groups_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.default_groups
    ADD CONSTRAINT default_groups_pkey PRIMARY KEY (realm_id, group_id);

-- Name: device_codes device_codes_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.device_codes
    ADD CONSTRAINT device_codes_pkey PRIMARY KEY (realm_id, hash);

-- Name: event_counts event_counts_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.event_counts
    ADD CONSTRAINT event_counts_pkey PRIMARY KEY (realm_id, hour, what, reason);

-- Name: events events_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (realm_id, id);

-- Name: federated_identities federated_identities_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.federated_identities
    ADD CONSTRAINT federated_identities_pkey PRIMARY KEY (realm_id, user_id, provider);

-- Name: group_roles group_roles_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.group_roles
    ADD CONSTRAINT group_roles_pkey PRIMARY KEY (realm_id, group_id, role_id);

-- Name: groups groups_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.groups
    ADD CONSTRAINT groups_pkey PRIMARY KEY (realm_id, id);

-- Name: identity_provider_mappers identity_provider_mappers_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_provider_mappers
    ADD CONSTRAINT identity_provider_mappers_pkey PRIMARY KEY (realm_id, id);

-- Name: identity_providers identity_providers_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_providers
    ADD CONSTRAINT identity_providers_pkey PRIMARY KEY (realm_id, id);

-- Name: identity_tokens identity_tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_tokens
    ADD CONSTRAINT identity_tokens_pkey PRIMARY KEY (realm_id, id);

-- Name: initial_access_tokens initial_access_tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.initial_access_tokens
    ADD CONSTRAINT initial_access_tokens_pkey PRIMARY KEY (realm_id, id);

-- Name: jobs jobs_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (realm_id, id);

-- Name: keys keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.keys
    ADD CONSTRAINT keys_pkey PRIMARY KEY (realm_id, kid, purpose);

-- Name: localization_texts localization_texts_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.localization_texts
    ADD CONSTRAINT localization_texts_pkey PRIMARY KEY (realm_id, locale, key);

-- Name: login_failures login_failures_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.login_failures
    ADD CONSTRAINT login_failures_pkey PRIMARY KEY (realm_id, user_id);

-- Name: protocol_mappers protocol_mappers_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.protocol_mappers
    ADD CONSTRAINT protocol_mappers_pkey PRIMARY KEY (realm_id, id);

-- Name: pushed_requests pushed_requests_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.pushed_requests
    ADD CONSTRAINT pushed_requests_pkey PRIMARY KEY (realm_id, hash);

-- Name: realm_changes realm_changes_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.realm_changes
    ADD CONSTRAINT realm_changes_pkey PRIMARY KEY (realm_id);

-- Name: realms realms_given_id_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.realms
    ADD CONSTRAINT realms_given_id_key UNIQUE (given_id);

-- Name: realms realms_name_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.realms
    ADD CONSTRAINT realms_name_key UNIQUE (name);

-- Name: realms realms_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.realms
    ADD CONSTRAINT realms_pkey PRIMARY KEY (realm_id);

-- Name: refused_admin_requests refused_admin_requests_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.refused_admin_requests
    ADD CONSTRAINT refused_admin_requests_pkey PRIMARY KEY (realm_id, id);

-- Name: required_actions required_actions_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.required_actions
    ADD CONSTRAINT required_actions_pkey PRIMARY KEY (realm_id, alias);

-- Name: revoked_tokens revoked_tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.revoked_tokens
    ADD CONSTRAINT revoked_tokens_pkey PRIMARY KEY (realm_id, id);

-- Name: role_composites role_composites_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.role_composites
    ADD CONSTRAINT role_composites_pkey PRIMARY KEY (realm_id, parent, child);

-- Name: roles roles_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (realm_id, id);

-- Name: used_assertions used_assertions_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.used_assertions
    ADD CONSTRAINT used_assertions_pkey PRIMARY KEY (realm_id, hash);

-- Name: user_consents user_consents_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_consents
    ADD CONSTRAINT user_consents_pkey PRIMARY KEY (realm_id, user_id, client);

-- Name: user_counts user_counts_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_counts
    ADD CONSTRAINT user_counts_pkey PRIMARY KEY (realm_id, changed_in, is_service, enabled, email_verified);

-- Name: user_groups user_groups_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_groups
    ADD CONSTRAINT user_groups_pkey PRIMARY KEY (realm_id, user_id, group_id);

-- Name: user_roles user_roles_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_pkey PRIMARY KEY (realm_id, user_id, role_id);

-- Name: user_sessions user_sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_sessions
    ADD CONSTRAINT user_sessions_pkey PRIMARY KEY (realm_id, id, offline);

-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (realm_id, id);

-- Name: webhook_deliveries webhook_deliveries_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (realm_id, id);

-- Name: webhooks webhooks_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (realm_id, id);

-- Name: admin_events_address; Type: INDEX; Schema: public; Owner: -

CREATE INDEX admin_events_address ON public.admin_events USING btree (realm_id, ip_address, "time" DESC) WHERE (ip_address IS NOT NULL);

-- Name: admin_events_client; Type: INDEX; Schema: public; Owner: -

CREATE INDEX admin_events_client ON public.admin_events USING btree (realm_id, auth_client_id, "time" DESC) WHERE (auth_client_id IS NOT NULL);

-- Name: admin_events_operation; Type: INDEX; Schema: public; Owner: -

CREATE INDEX admin_events_operation ON public.admin_events USING btree (realm_id, operation, "time" DESC);

-- Name: admin_events_path; Type: INDEX; Schema: public; Owner: -

CREATE INDEX admin_events_path ON public.admin_events USING btree (realm_id, resource_path COLLATE "C", "time" DESC);

-- Name: admin_events_realm; Type: INDEX; Schema: public; Owner: -

CREATE INDEX admin_events_realm ON public.admin_events USING btree (realm_id, auth_realm_id, "time" DESC);

-- Name: admin_events_resource; Type: INDEX; Schema: public; Owner: -

CREATE INDEX admin_events_resource ON public.admin_events USING btree (realm_id, resource_type, "time" DESC);

-- Name: admin_events_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX admin_events_time ON public.admin_events USING btree (realm_id, "time" DESC);

-- Name: admin_events_user; Type: INDEX; Schema: public; Owner: -

CREATE INDEX admin_events_user ON public.admin_events USING btree (realm_id, auth_user_id, "time" DESC) WHERE (auth_user_id IS NOT NULL);

-- Name: authentication_flows_alias; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX authentication_flows_alias ON public.authentication_flows USING btree (realm_id, alias);

-- Name: client_names_client; Type: INDEX; Schema: public; Owner: -

CREATE INDEX client_names_client ON public.client_names USING btree (realm_id, id);

-- Name: client_scope_assignments_scope; Type: INDEX; Schema: public; Owner: -

CREATE INDEX client_scope_assignments_scope ON public.client_scope_assignments USING btree (realm_id, scope);

-- Name: client_scopes_name; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX client_scopes_name ON public.client_scopes USING btree (realm_id, name);

-- Name: client_sessions_client; Type: INDEX; Schema: public; Owner: -

CREATE INDEX client_sessions_client ON public.client_sessions USING btree (realm_id, client);

-- Name: clients_by_name; Type: INDEX; Schema: public; Owner: -

CREATE INDEX clients_by_name ON public.clients USING btree (realm_id, lower(client_id) COLLATE "C");

-- Name: clients_client_id; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX clients_client_id ON public.clients USING btree (realm_id, client_id);

-- Name: components_type; Type: INDEX; Schema: public; Owner: -

CREATE INDEX components_type ON public.components USING btree (realm_id, provider_type);

-- Name: credentials_user; Type: INDEX; Schema: public; Owner: -

CREATE INDEX credentials_user ON public.credentials USING btree (realm_id, user_id, priority);

-- Name: device_codes_client; Type: INDEX; Schema: public; Owner: -

CREATE INDEX device_codes_client ON public.device_codes USING btree (realm_id, client);

-- Name: device_codes_expires; Type: INDEX; Schema: public; Owner: -

CREATE INDEX device_codes_expires ON public.device_codes USING btree (realm_id, expires_at);

-- Name: device_codes_user_code; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX device_codes_user_code ON public.device_codes USING btree (realm_id, user_code_hash);

-- Name: event_counts_hour; Type: INDEX; Schema: public; Owner: -

CREATE INDEX event_counts_hour ON public.event_counts USING btree (hour);

-- Name: events_address; Type: INDEX; Schema: public; Owner: -

CREATE INDEX events_address ON public.events USING btree (realm_id, ip_address, "time" DESC) WHERE (ip_address IS NOT NULL);

-- Name: events_client; Type: INDEX; Schema: public; Owner: -

CREATE INDEX events_client ON public.events USING btree (realm_id, client_id, "time" DESC) WHERE (client_id IS NOT NULL);

-- Name: events_error; Type: INDEX; Schema: public; Owner: -

CREATE INDEX events_error ON public.events USING btree (realm_id, error, "time" DESC) WHERE (error IS NOT NULL);

-- Name: events_rare; Type: INDEX; Schema: public; Owner: -

CREATE INDEX events_rare ON public.events USING btree (realm_id, kind, "time" DESC) WHERE (kind <> ALL (ARRAY['LOGIN'::text, 'CODE_TO_TOKEN'::text, 'CLIENT_LOGIN'::text, 'REFRESH_TOKEN'::text, 'LOGOUT'::text, 'LOGIN_ERROR'::text]));

-- Name: events_repository; Type: INDEX; Schema: public; Owner: -

CREATE INDEX events_repository ON public.events USING btree (realm_id, public.event_repository(details, 1), "time" DESC) WHERE (public.event_repository(details, 1) IS NOT NULL);

-- Name: events_second_repository; Type: INDEX; Schema: public; Owner: -

CREATE INDEX events_second_repository ON public.events USING btree (realm_id, public.event_repository(details, 2), "time" DESC) WHERE (public.event_repository(details, 2) IS NOT NULL);

-- Name: events_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX events_time ON public.events USING btree (realm_id, "time" DESC);

-- Name: events_user; Type: INDEX; Schema: public; Owner: -

CREATE INDEX events_user ON public.events USING btree (realm_id, user_id, "time" DESC) WHERE (user_id IS NOT NULL);

-- Name: federated_identities_account; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX federated_identities_account ON public.federated_identities USING btree (realm_id, provider, account);

-- Name: federated_identities_account_anywhere; Type: INDEX; Schema: public; Owner: -

CREATE INDEX federated_identities_account_anywhere ON public.federated_identities USING btree (realm_id, account);

-- Name: group_roles_role; Type: INDEX; Schema: public; Owner: -

CREATE INDEX group_roles_role ON public.group_roles USING btree (realm_id, role_id);

-- Name: groups_by_name; Type: INDEX; Schema: public; Owner: -

CREATE INDEX groups_by_name ON public.groups USING btree (realm_id, lower(name) COLLATE "C");

-- Name: groups_name; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX groups_name ON public.groups USING btree (realm_id, parent, name) NULLS NOT DISTINCT;

-- Name: identity_provider_mappers_name; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX identity_provider_mappers_name ON public.identity_provider_mappers USING btree (realm_id, provider, name);

-- Name: identity_providers_alias; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX identity_providers_alias ON public.identity_providers USING btree (realm_id, alias);

-- Name: identity_tokens_client; Type: INDEX; Schema: public; Owner: -

CREATE INDEX identity_tokens_client ON public.identity_tokens USING btree (realm_id, client);

-- Name: identity_tokens_expires; Type: INDEX; Schema: public; Owner: -

CREATE INDEX identity_tokens_expires ON public.identity_tokens USING btree (realm_id, expires_at);

-- Name: identity_tokens_hash; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX identity_tokens_hash ON public.identity_tokens USING btree (realm_id, token_hash);

-- Name: identity_tokens_user; Type: INDEX; Schema: public; Owner: -

CREATE INDEX identity_tokens_user ON public.identity_tokens USING btree (realm_id, user_id);

-- Name: initial_access_tokens_expires_at; Type: INDEX; Schema: public; Owner: -

CREATE INDEX initial_access_tokens_expires_at ON public.initial_access_tokens USING btree (expires_at);

-- Name: initial_access_tokens_used_up; Type: INDEX; Schema: public; Owner: -

CREATE INDEX initial_access_tokens_used_up ON public.initial_access_tokens USING btree (realm_id) WHERE (remaining <= 0);

-- Name: jobs_due; Type: INDEX; Schema: public; Owner: -

CREATE INDEX jobs_due ON public.jobs USING btree (kind, run_at);

-- Name: keys_component; Type: INDEX; Schema: public; Owner: -

CREATE INDEX keys_component ON public.keys USING btree (realm_id, component);

-- Name: permissions_role; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX permissions_role ON public.permissions USING btree (realm_id, role_id, target_realm, permission) NULLS NOT DISTINCT WHERE (role_id IS NOT NULL);

-- Name: permissions_target; Type: INDEX; Schema: public; Owner: -

CREATE INDEX permissions_target ON public.permissions USING btree (realm_id, target_realm);

-- Name: permissions_user; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX permissions_user ON public.permissions USING btree (realm_id, user_id, target_realm, permission) NULLS NOT DISTINCT WHERE (user_id IS NOT NULL);

-- Name: protocol_mappers_client; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX protocol_mappers_client ON public.protocol_mappers USING btree (realm_id, client, protocol, name) WHERE (client IS NOT NULL);

-- Name: protocol_mappers_scope; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX protocol_mappers_scope ON public.protocol_mappers USING btree (realm_id, scope, protocol, name) WHERE (scope IS NOT NULL);

-- Name: pushed_requests_client; Type: INDEX; Schema: public; Owner: -

CREATE INDEX pushed_requests_client ON public.pushed_requests USING btree (realm_id, client);

-- Name: pushed_requests_expires; Type: INDEX; Schema: public; Owner: -

CREATE INDEX pushed_requests_expires ON public.pushed_requests USING btree (realm_id, expires_at);

-- Name: realm_changes_changed_in; Type: INDEX; Schema: public; Owner: -

CREATE INDEX realm_changes_changed_in ON public.realm_changes USING btree (changed_in);

-- Name: realms_by_name; Type: INDEX; Schema: public; Owner: -

CREATE INDEX realms_by_name ON public.realms USING btree (lower(name) COLLATE "C");

-- Name: refused_admin_requests_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX refused_admin_requests_time ON public.refused_admin_requests USING btree (realm_id, "time" DESC);

-- Name: revoked_tokens_expires; Type: INDEX; Schema: public; Owner: -

CREATE INDEX revoked_tokens_expires ON public.revoked_tokens USING btree (realm_id, expires_at);

-- Name: role_composites_child; Type: INDEX; Schema: public; Owner: -

CREATE INDEX role_composites_child ON public.role_composites USING btree (realm_id, child);

-- Name: roles_by_name; Type: INDEX; Schema: public; Owner: -

CREATE INDEX roles_by_name ON public.roles USING btree (realm_id, lower(name) COLLATE "C");

-- Name: roles_name; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX roles_name ON public.roles USING btree (realm_id, client, name) NULLS NOT DISTINCT;

-- Name: scope_mappings_client; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX scope_mappings_client ON public.scope_mappings USING btree (realm_id, client, role_id) WHERE (client IS NOT NULL);

-- Name: scope_mappings_role; Type: INDEX; Schema: public; Owner: -

CREATE INDEX scope_mappings_role ON public.scope_mappings USING btree (realm_id, role_id);

-- Name: scope_mappings_scope; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX scope_mappings_scope ON public.scope_mappings USING btree (realm_id, scope, role_id) WHERE (scope IS NOT NULL);

-- Name: used_assertions_expires; Type: INDEX; Schema: public; Owner: -

CREATE INDEX used_assertions_expires ON public.used_assertions USING btree (realm_id, expires_at);

-- Name: user_consents_client; Type: INDEX; Schema: public; Owner: -

CREATE INDEX user_consents_client ON public.user_consents USING btree (realm_id, client);

-- Name: user_groups_group; Type: INDEX; Schema: public; Owner: -

CREATE INDEX user_groups_group ON public.user_groups USING btree (realm_id, group_id);

-- Name: user_roles_role; Type: INDEX; Schema: public; Owner: -

CREATE INDEX user_roles_role ON public.user_roles USING btree (realm_id, role_id);

-- Name: user_sessions_browser; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX user_sessions_browser ON public.user_sessions USING btree (realm_id, browser_hash) WHERE (browser_hash IS NOT NULL);

-- Name: user_sessions_expires; Type: INDEX; Schema: public; Owner: -

CREATE INDEX user_sessions_expires ON public.user_sessions USING btree (realm_id, expires_at);

-- Name: user_sessions_user; Type: INDEX; Schema: public; Owner: -

CREATE INDEX user_sessions_user ON public.user_sessions USING btree (realm_id, user_id);

-- Name: users_by_email; Type: INDEX; Schema: public; Owner: -

CREATE INDEX users_by_email ON public.users USING btree (realm_id, email COLLATE "C") INCLUDE (username, id, enabled, email_verified, service_account_of, created_at);

-- Name: users_by_first_name; Type: INDEX; Schema: public; Owner: -

CREATE INDEX users_by_first_name ON public.users USING btree (realm_id, first_name_folded COLLATE "C") INCLUDE (username, id, enabled, email_verified, service_account_of, created_at);

-- Name: users_by_last_name; Type: INDEX; Schema: public; Owner: -

CREATE INDEX users_by_last_name ON public.users USING btree (realm_id, last_name_folded COLLATE "C") INCLUDE (username, id, enabled, email_verified, service_account_of, created_at);

-- Name: users_created; Type: INDEX; Schema: public; Owner: -

CREATE INDEX users_created ON public.users USING btree (realm_id, created_at);

-- Name: users_directory; Type: INDEX; Schema: public; Owner: -

CREATE INDEX users_directory ON public.users USING btree (realm_id, username COLLATE "C") INCLUDE (id, email, first_name_folded, last_name_folded, enabled, email_verified, service_account_of, created_at);

-- Name: users_email; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX users_email ON public.users USING btree (realm_id, email) WHERE (NOT email_shared);

-- Name: users_email_shared; Type: INDEX; Schema: public; Owner: -

CREATE INDEX users_email_shared ON public.users USING btree (realm_id, email) WHERE email_shared;

-- Name: users_service_account; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX users_service_account ON public.users USING btree (realm_id, service_account_of) WHERE (service_account_of IS NOT NULL);

-- Name: users_terms; Type: INDEX; Schema: public; Owner: -

CREATE INDEX users_terms ON public.users USING gin (public.user_terms(realm_id, username, email, first_name_folded, last_name_folded, enabled, email_verified, attributes)) WITH (gin_pending_list_limit='256');

-- Name: users_username; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX users_username ON public.users USING btree (realm_id, username);

-- Name: webhook_deliveries_expire; Type: INDEX; Schema: public; Owner: -

CREATE INDEX webhook_deliveries_expire ON public.webhook_deliveries USING btree (expires_at) WHERE (expires_at IS NOT NULL);

-- Name: webhook_deliveries_newest; Type: INDEX; Schema: public; Owner: -

CREATE INDEX webhook_deliveries_newest ON public.webhook_deliveries USING btree (realm_id, webhook_id, created_at DESC, id DESC);

-- Name: client_names cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.client_names REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: client_scope_assignments cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.client_scope_assignments REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: client_scopes cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.client_scopes REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: clients cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.clients REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: components cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.components REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: default_client_scopes cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.default_client_scopes REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: group_roles cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.group_roles REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: groups cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.groups REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: keys cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.keys REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: protocol_mappers cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.protocol_mappers REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: role_composites cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.role_composites REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: roles cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.roles REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: scope_mappings cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.scope_mappings REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: user_groups cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.user_groups REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.service_account_given();

-- Name: user_roles cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.user_roles REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.service_account_given();

-- Name: users cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.users REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.service_account_changed();

-- Name: webhooks cache_follows_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_delete AFTER DELETE ON public.webhooks REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: client_names cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.client_names REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: client_scope_assignments cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.client_scope_assignments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: client_scopes cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.client_scopes REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: clients cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.clients REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: components cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.components REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: default_client_scopes cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.default_client_scopes REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: group_roles cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.group_roles REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: groups cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.groups REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: keys cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.keys REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: protocol_mappers cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.protocol_mappers REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: role_composites cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.role_composites REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: roles cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.roles REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: scope_mappings cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.scope_mappings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: user_groups cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.user_groups REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.service_account_given();

-- Name: user_roles cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.user_roles REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.service_account_given();

-- Name: users cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.users REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.service_account_changed();

-- Name: webhooks cache_follows_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_insert AFTER INSERT ON public.webhooks REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: client_names cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.client_names REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: client_scope_assignments cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.client_scope_assignments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: client_scopes cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.client_scopes REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: clients cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.clients REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: components cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.components REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: default_client_scopes cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.default_client_scopes REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: group_roles cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.group_roles REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: groups cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.groups REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: keys cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.keys REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: protocol_mappers cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.protocol_mappers REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: role_composites cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.role_composites REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: roles cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.roles REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: scope_mappings cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.scope_mappings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: user_groups cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.user_groups REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.service_account_given();

-- Name: user_roles cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.user_roles REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.service_account_given();

-- Name: users cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.users REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.service_account_changed();

-- Name: webhooks cache_follows_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER cache_follows_update AFTER UPDATE ON public.webhooks REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.configuration_changed();

-- Name: realms client_in_master_goes; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER client_in_master_goes AFTER DELETE ON public.realms FOR EACH ROW EXECUTE FUNCTION public.client_in_master_follows();

-- Name: realms client_in_master_renamed; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER client_in_master_renamed AFTER UPDATE OF name ON public.realms FOR EACH ROW WHEN ((old.name <> new.name)) EXECUTE FUNCTION public.client_in_master_follows();

-- Name: realms realm_change_noted; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER realm_change_noted AFTER DELETE OR UPDATE ON public.realms FOR EACH ROW EXECUTE FUNCTION public.realm_change_noted();

-- Name: realms realm_grows_older; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER realm_grows_older BEFORE UPDATE ON public.realms FOR EACH ROW EXECUTE FUNCTION public.realm_grows_older();

-- Name: realms realm_notice; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER realm_notice AFTER DELETE OR UPDATE ON public.realms FOR EACH ROW EXECUTE FUNCTION public.realm_notice();

-- Name: users user_count_delete; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER user_count_delete AFTER DELETE ON public.users REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.user_count_changed();

-- Name: users user_count_insert; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER user_count_insert AFTER INSERT ON public.users REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.user_count_changed();

-- Name: users user_count_update; Type: TRIGGER; Schema: public; Owner: -

CREATE TRIGGER user_count_update AFTER UPDATE ON public.users REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.user_count_changed();

-- Name: admin_events admin_events_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.admin_events
    ADD CONSTRAINT admin_events_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: authentication_executions authentication_executions_realm_id_config_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.authentication_executions
    ADD CONSTRAINT authentication_executions_realm_id_config_fkey FOREIGN KEY (realm_id, config) REFERENCES public.authenticator_configs(realm_id, id) ON DELETE SET NULL (config);

-- Name: authentication_executions authentication_executions_realm_id_flow_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.authentication_executions
    ADD CONSTRAINT authentication_executions_realm_id_flow_fkey FOREIGN KEY (realm_id, flow) REFERENCES public.authentication_flows(realm_id, id) ON DELETE CASCADE;

-- Name: authentication_executions authentication_executions_realm_id_sub_flow_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.authentication_executions
    ADD CONSTRAINT authentication_executions_realm_id_sub_flow_fkey FOREIGN KEY (realm_id, sub_flow) REFERENCES public.authentication_flows(realm_id, id) ON DELETE CASCADE;

-- Name: authentication_flows authentication_flows_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.authentication_flows
    ADD CONSTRAINT authentication_flows_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: authenticator_configs authenticator_configs_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.authenticator_configs
    ADD CONSTRAINT authenticator_configs_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: client_names client_names_realm_id_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.client_names
    ADD CONSTRAINT client_names_realm_id_id_fkey FOREIGN KEY (realm_id, id) REFERENCES public.clients(realm_id, id) ON DELETE CASCADE;

-- Name: client_scope_assignments client_scope_assignments_realm_id_client_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.client_scope_assignments
    ADD CONSTRAINT client_scope_assignments_realm_id_client_fkey FOREIGN KEY (realm_id, client) REFERENCES public.clients(realm_id, id) ON DELETE CASCADE;

-- Name: client_scope_assignments client_scope_assignments_realm_id_scope_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.client_scope_assignments
    ADD CONSTRAINT client_scope_assignments_realm_id_scope_fkey FOREIGN KEY (realm_id, scope) REFERENCES public.client_scopes(realm_id, id) ON DELETE CASCADE;

-- Name: client_scopes client_scopes_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.client_scopes
    ADD CONSTRAINT client_scopes_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: client_sessions client_sessions_realm_id_client_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.client_sessions
    ADD CONSTRAINT client_sessions_realm_id_client_fkey FOREIGN KEY (realm_id, client) REFERENCES public.clients(realm_id, id) ON DELETE CASCADE;

-- Name: client_sessions client_sessions_realm_id_session_id_offline_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.client_sessions
    ADD CONSTRAINT client_sessions_realm_id_session_id_offline_fkey FOREIGN KEY (realm_id, session_id, offline) REFERENCES public.user_sessions(realm_id, id, offline) ON DELETE CASCADE;

-- Name: clients clients_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.clients
    ADD CONSTRAINT clients_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: components components_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.components
    ADD CONSTRAINT components_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: credentials credentials_realm_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.credentials
    ADD CONSTRAINT credentials_realm_id_user_id_fkey FOREIGN KEY (realm_id, user_id) REFERENCES public.users(realm_id, id) ON DELETE CASCADE;

-- Name: default_client_scopes default_client_scopes_realm_id_scope_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.default_client_scopes
    ADD CONSTRAINT default_client_scopes_realm_id_scope_fkey FOREIGN KEY (realm_id, scope) REFERENCES public.client_scopes(realm_id, id) ON DELETE CASCADE;

-- Name: default_groups default_groups_realm_id_group_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.default_groups
    ADD CONSTRAINT default_groups_realm_id_group_id_fkey FOREIGN KEY (realm_id, group_id) REFERENCES public.groups(realm_id, id) ON DELETE CASCADE;

-- Name: device_codes device_codes_realm_id_client_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.device_codes
    ADD CONSTRAINT device_codes_realm_id_client_fkey FOREIGN KEY (realm_id, client) REFERENCES public.clients(realm_id, id) ON DELETE CASCADE;

-- Name: event_counts event_counts_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.event_counts
    ADD CONSTRAINT event_counts_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: events events_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: federated_identities federated_identities_realm_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.federated_identities
    ADD CONSTRAINT federated_identities_realm_id_user_id_fkey FOREIGN KEY (realm_id, user_id) REFERENCES public.users(realm_id, id) ON DELETE CASCADE;

-- Name: group_roles group_roles_realm_id_group_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.group_roles
    ADD CONSTRAINT group_roles_realm_id_group_id_fkey FOREIGN KEY (realm_id, group_id) REFERENCES public.groups(realm_id, id) ON DELETE CASCADE;

-- Name: group_roles group_roles_realm_id_role_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.group_roles
    ADD CONSTRAINT group_roles_realm_id_role_id_fkey FOREIGN KEY (realm_id, role_id) REFERENCES public.roles(realm_id, id) ON DELETE CASCADE;

-- Name: groups groups_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.groups
    ADD CONSTRAINT groups_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: groups groups_realm_id_parent_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.groups
    ADD CONSTRAINT groups_realm_id_parent_fkey FOREIGN KEY (realm_id, parent) REFERENCES public.groups(realm_id, id) ON DELETE CASCADE;

-- Name: identity_provider_mappers identity_provider_mappers_realm_id_provider_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_provider_mappers
    ADD CONSTRAINT identity_provider_mappers_realm_id_provider_fkey FOREIGN KEY (realm_id, provider) REFERENCES public.identity_providers(realm_id, id) ON DELETE CASCADE;

-- Name: identity_providers identity_providers_realm_id_first_broker_flow_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_providers
    ADD CONSTRAINT identity_providers_realm_id_first_broker_flow_fkey FOREIGN KEY (realm_id, first_broker_flow) REFERENCES public.authentication_flows(realm_id, id);

-- Name: identity_providers identity_providers_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_providers
    ADD CONSTRAINT identity_providers_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: identity_providers identity_providers_realm_id_post_broker_flow_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_providers
    ADD CONSTRAINT identity_providers_realm_id_post_broker_flow_fkey FOREIGN KEY (realm_id, post_broker_flow) REFERENCES public.authentication_flows(realm_id, id);

-- Name: identity_tokens identity_tokens_realm_id_client_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_tokens
    ADD CONSTRAINT identity_tokens_realm_id_client_fkey FOREIGN KEY (realm_id, client) REFERENCES public.clients(realm_id, id) ON DELETE CASCADE;

-- Name: identity_tokens identity_tokens_realm_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.identity_tokens
    ADD CONSTRAINT identity_tokens_realm_id_user_id_fkey FOREIGN KEY (realm_id, user_id) REFERENCES public.users(realm_id, id) ON DELETE CASCADE;

-- Name: initial_access_tokens initial_access_tokens_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.initial_access_tokens
    ADD CONSTRAINT initial_access_tokens_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: jobs jobs_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: keys keys_realm_id_component_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.keys
    ADD CONSTRAINT keys_realm_id_component_fkey FOREIGN KEY (realm_id, component) REFERENCES public.components(realm_id, id) ON DELETE CASCADE;

-- Name: keys keys_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.keys
    ADD CONSTRAINT keys_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: localization_texts localization_texts_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.localization_texts
    ADD CONSTRAINT localization_texts_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: login_failures login_failures_realm_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.login_failures
    ADD CONSTRAINT login_failures_realm_id_user_id_fkey FOREIGN KEY (realm_id, user_id) REFERENCES public.users(realm_id, id) ON DELETE CASCADE;

-- Name: permissions permissions_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.permissions
    ADD CONSTRAINT permissions_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: permissions permissions_realm_id_role_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.permissions
    ADD CONSTRAINT permissions_realm_id_role_id_fkey FOREIGN KEY (realm_id, role_id) REFERENCES public.roles(realm_id, id) ON DELETE CASCADE;

-- Name: permissions permissions_realm_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.permissions
    ADD CONSTRAINT permissions_realm_id_user_id_fkey FOREIGN KEY (realm_id, user_id) REFERENCES public.users(realm_id, id) ON DELETE CASCADE;

-- Name: protocol_mappers protocol_mappers_realm_id_client_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.protocol_mappers
    ADD CONSTRAINT protocol_mappers_realm_id_client_fkey FOREIGN KEY (realm_id, client) REFERENCES public.clients(realm_id, id) ON DELETE CASCADE;

-- Name: protocol_mappers protocol_mappers_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.protocol_mappers
    ADD CONSTRAINT protocol_mappers_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: protocol_mappers protocol_mappers_realm_id_scope_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.protocol_mappers
    ADD CONSTRAINT protocol_mappers_realm_id_scope_fkey FOREIGN KEY (realm_id, scope) REFERENCES public.client_scopes(realm_id, id) ON DELETE CASCADE;

-- Name: pushed_requests pushed_requests_realm_id_client_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.pushed_requests
    ADD CONSTRAINT pushed_requests_realm_id_client_fkey FOREIGN KEY (realm_id, client) REFERENCES public.clients(realm_id, id) ON DELETE CASCADE;

-- Name: refused_admin_requests refused_admin_requests_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.refused_admin_requests
    ADD CONSTRAINT refused_admin_requests_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: required_actions required_actions_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.required_actions
    ADD CONSTRAINT required_actions_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: revoked_tokens revoked_tokens_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.revoked_tokens
    ADD CONSTRAINT revoked_tokens_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: role_composites role_composites_realm_id_child_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.role_composites
    ADD CONSTRAINT role_composites_realm_id_child_fkey FOREIGN KEY (realm_id, child) REFERENCES public.roles(realm_id, id) ON DELETE CASCADE;

-- Name: role_composites role_composites_realm_id_parent_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.role_composites
    ADD CONSTRAINT role_composites_realm_id_parent_fkey FOREIGN KEY (realm_id, parent) REFERENCES public.roles(realm_id, id) ON DELETE CASCADE;

-- Name: roles roles_realm_id_client_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_realm_id_client_fkey FOREIGN KEY (realm_id, client) REFERENCES public.clients(realm_id, id) ON DELETE CASCADE;

-- Name: roles roles_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: scope_mappings scope_mappings_realm_id_client_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.scope_mappings
    ADD CONSTRAINT scope_mappings_realm_id_client_fkey FOREIGN KEY (realm_id, client) REFERENCES public.clients(realm_id, id) ON DELETE CASCADE;

-- Name: scope_mappings scope_mappings_realm_id_role_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.scope_mappings
    ADD CONSTRAINT scope_mappings_realm_id_role_id_fkey FOREIGN KEY (realm_id, role_id) REFERENCES public.roles(realm_id, id) ON DELETE CASCADE;

-- Name: scope_mappings scope_mappings_realm_id_scope_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.scope_mappings
    ADD CONSTRAINT scope_mappings_realm_id_scope_fkey FOREIGN KEY (realm_id, scope) REFERENCES public.client_scopes(realm_id, id) ON DELETE CASCADE;

-- Name: used_assertions used_assertions_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.used_assertions
    ADD CONSTRAINT used_assertions_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: user_consents user_consents_realm_id_client_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_consents
    ADD CONSTRAINT user_consents_realm_id_client_fkey FOREIGN KEY (realm_id, client) REFERENCES public.clients(realm_id, id) ON DELETE CASCADE;

-- Name: user_consents user_consents_realm_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_consents
    ADD CONSTRAINT user_consents_realm_id_user_id_fkey FOREIGN KEY (realm_id, user_id) REFERENCES public.users(realm_id, id) ON DELETE CASCADE;

-- Name: user_counts user_counts_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_counts
    ADD CONSTRAINT user_counts_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: user_groups user_groups_realm_id_group_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_groups
    ADD CONSTRAINT user_groups_realm_id_group_id_fkey FOREIGN KEY (realm_id, group_id) REFERENCES public.groups(realm_id, id) ON DELETE CASCADE;

-- Name: user_groups user_groups_realm_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_groups
    ADD CONSTRAINT user_groups_realm_id_user_id_fkey FOREIGN KEY (realm_id, user_id) REFERENCES public.users(realm_id, id) ON DELETE CASCADE;

-- Name: user_roles user_roles_realm_id_role_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_realm_id_role_id_fkey FOREIGN KEY (realm_id, role_id) REFERENCES public.roles(realm_id, id) ON DELETE CASCADE;

-- Name: user_roles user_roles_realm_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_roles
    ADD CONSTRAINT user_roles_realm_id_user_id_fkey FOREIGN KEY (realm_id, user_id) REFERENCES public.users(realm_id, id) ON DELETE CASCADE;

-- Name: user_sessions user_sessions_realm_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.user_sessions
    ADD CONSTRAINT user_sessions_realm_id_user_id_fkey FOREIGN KEY (realm_id, user_id) REFERENCES public.users(realm_id, id) ON DELETE CASCADE;

-- Name: users users_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

-- Name: users users_realm_id_service_account_of_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_realm_id_service_account_of_fkey FOREIGN KEY (realm_id, service_account_of) REFERENCES public.clients(realm_id, id) ON DELETE CASCADE;

-- Name: webhook_deliveries webhook_deliveries_realm_id_webhook_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_realm_id_webhook_id_fkey FOREIGN KEY (realm_id, webhook_id) REFERENCES public.webhooks(realm_id, id) ON DELETE CASCADE;

-- Name: webhooks webhooks_realm_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_realm_id_fkey FOREIGN KEY (realm_id) REFERENCES public.realms(realm_id) ON DELETE CASCADE;

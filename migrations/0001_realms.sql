-- A realm is the tenant that owns everything else. This table is the directory of realms: the one table whose unique
-- indexes do not begin with realm_id (names are unique among all realms), and a reference table when the schema is
-- distributed by realm.
create table realms (
    realm_id        uuid primary key,
    given_id        text not null unique,
    name            text not null unique,
    enabled         boolean not null,
    default_role_id text not null,
    settings        jsonb not null,
    -- Grows with every change of the realm's configuration; caches compare it.
    generation      bigint not null default 1,
    created_at      timestamptz not null
);

create function realm_grows_older() returns trigger language plpgsql as $$
begin
    new.generation := old.generation + 1;
    return new;
end $$;

create trigger realm_grows_older before update on realms
    for each row execute function realm_grows_older();

-- Tells every node which generation of which realm is the newest.
create function realm_notice() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform pg_notify('realm_changed', old.realm_id || ':' || 9223372036854775807);
    else
        perform pg_notify('realm_changed', new.realm_id || ':' || new.generation);
    end if;
    return null;
end $$;

create trigger realm_notice after update or delete on realms
    for each row execute function realm_notice();

-- Every table that a cache reads from calls one of these after each statement, so that no change can be forgotten.
create function configuration_changed() returns trigger language plpgsql as $$
begin
    update realms set generation = generation where realm_id in (select realm_id from changed);
    return null;
end $$;

create function cache_follows(table_name text) returns void language plpgsql as $$
begin
    execute format('create trigger cache_follows_insert after insert on %I referencing new table as changed
                    for each statement execute function configuration_changed()', table_name);
    execute format('create trigger cache_follows_update after update on %I referencing new table as changed
                    for each statement execute function configuration_changed()', table_name);
    execute format('create trigger cache_follows_delete after delete on %I referencing old table as changed
                    for each statement execute function configuration_changed()', table_name);
end $$;

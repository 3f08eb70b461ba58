-- Finding users among a million of them: docs/decisions/043-user-search.md.

-- Given name and family name in lower case, cut to what an index can hold. They are written by the server, whose lower case
-- knows more letters than that of a database with the locale C.
alter table users add column first_name_folded text, add column last_name_folded text;
update users set first_name_folded = left(lower(first_name), 75), last_name_folded = left(lower(last_name), 75);

-- The users of a realm by name with all that searches look at, so that walking along it reads nothing else.
create index users_directory on users (realm_id, username collate "C")
    include (id, email, first_name_folded, last_name_folded, enabled, email_verified, service_account_of, created_at);
-- What begins so, with the name that the answer is ordered by.
create index users_by_email on users (realm_id, email collate "C")
    include (username, id, enabled, email_verified, service_account_of, created_at);
create index users_by_first_name on users (realm_id, first_name_folded collate "C")
    include (username, id, enabled, email_verified, service_account_of, created_at);
create index users_by_last_name on users (realm_id, last_name_folded collate "C")
    include (username, id, enabled, email_verified, service_account_of, created_at);

-- Terms begin with the last two letters of the realm's id, so that the terms of one realm are few among those of many.
create function user_attribute_term(realm uuid, name text, value text) returns text
    language sql immutable parallel safe as $$
    select right(realm::text, 2) || '=' || left(md5(lower(name || '=' || value)), 12)
$$;

-- What a user can be found by: every three letters that follow each other in name, address, given name and family name (of
-- each between two line breaks, so that its first letter is in a term of its own), attributes, and switches.
create function user_terms(realm uuid, username text, email text, first_name text, last_name text, enabled boolean,
    email_verified boolean, attributes jsonb) returns text[] language plpgsql immutable parallel safe as $$
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

-- What was added since the last tidying is read from end to end by each search, so it is kept short.
create index users_terms on users
    using gin (user_terms(realm_id, username, email, first_name_folded, last_name_folded, enabled, email_verified,
        attributes))
    with (gin_pending_list_limit = 256);
create index users_created on users (realm_id, created_at);

-- The directory is only as fast as the map of pages on which everything is visible to everybody.
alter table users set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);

-- Accounts of users at whatever identity provider.
create index federated_identities_account_anywhere on federated_identities (realm_id, account);

-- How many users there are: the sum of what each transaction added or took away. Nobody waits for anybody; a job adds
-- rows up.
create table user_counts (
    realm_id       uuid not null references realms on delete cascade,
    changed_in     xid8 not null,
    is_service     boolean not null,
    enabled        boolean not null,
    email_verified boolean not null,
    users          bigint not null,
    primary key (realm_id, changed_in, is_service, enabled, email_verified)
);
insert into user_counts
select realm_id, pg_current_xact_id(), service_account_of is not null, enabled, email_verified, count(*)
from users group by 1, 2, 3, 4, 5;

create function user_count_changed() returns trigger language plpgsql as $$
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
create trigger user_count_insert after insert on users referencing new table as added
    for each statement execute function user_count_changed();
create trigger user_count_update after update on users referencing old table as gone new table as added
    for each statement execute function user_count_changed();
create trigger user_count_delete after delete on users referencing old table as gone
    for each statement execute function user_count_changed();

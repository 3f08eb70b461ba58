-- In which transaction a realm's configuration changed last, so that a node finds all changes since its last look with
-- one look at an index, those too of which no notice reached it. That a realm is gone is a change as well, so a row
-- outlives its realm for a while.
create table realm_changes (
    realm_id   uuid primary key,
    generation bigint not null,
    changed_in xid8 not null
);
create index realm_changes_changed_in on realm_changes (changed_in);

create function realm_change_noted() returns trigger language plpgsql as $$
begin
    insert into realm_changes as c (realm_id, generation, changed_in)
    values (old.realm_id, case when tg_op = 'DELETE' then 9223372036854775807 else new.generation end,
        pg_current_xact_id())
    on conflict (realm_id) do update set generation = excluded.generation, changed_in = excluded.changed_in;
    return null;
end $$;

create trigger realm_change_noted after update or delete on realms
    for each row execute function realm_change_noted();

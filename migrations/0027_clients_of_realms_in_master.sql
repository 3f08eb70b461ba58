-- The client in master whose roles are the permissions on another realm has that realm's key as its id: it goes with the
-- realm, and takes on its new name.
create function client_in_master_follows() returns trigger language plpgsql as $$
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
create trigger client_in_master_goes after delete on realms for each row execute function client_in_master_follows();
create trigger client_in_master_renamed after update of name on realms for each row when (old.name <> new.name)
    execute function client_in_master_follows();

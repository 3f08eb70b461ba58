-- Finding realms by how their names begin, in any case.
create index realms_by_name on realms (lower(name) collate "C");

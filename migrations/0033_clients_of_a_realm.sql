-- Clients are searched within their realm, which is walked. An index of the attributes of all realms' clients cost every
-- change, and led the planner through the clients of ten thousand realms to find those of one.
drop index clients_attributes;

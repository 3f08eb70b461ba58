-- Login events by the repositories that a registry's client asked for. A request asks for one, or for two when a layer is
-- mounted from the other one: each has an index, and the second one's is nearly empty. Names are cut to what an entry of an
-- index can hold.
create function event_repository(details jsonb, number integer) returns text
    language sql immutable parallel safe as $$
    select left(regexp_substr(details ->> 'requested', '(^| )repository(\([^) ]*\))?:([^ ]+):[^: ]*', 1, number, '', 3), 255)
$$;

create index events_repository on events (realm_id, event_repository(details, 1), time desc)
    where event_repository(details, 1) is not null;
create index events_second_repository on events (realm_id, event_repository(details, 2), time desc)
    where event_repository(details, 2) is not null;

-- By the reason of a refusal.
create index events_error on events (realm_id, error, time desc) where error is not null;

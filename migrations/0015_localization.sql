-- Texts of a realm by locale and key, for pages and mails.
create table localization_texts (
    realm_id uuid not null references realms on delete cascade,
    locale   text collate "C" not null,
    key      text collate "C" not null,
    text     text not null,
    primary key (realm_id, locale, key)
);

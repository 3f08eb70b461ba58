//! Finding realms, clients, users, roles and groups as somebody types, in one statement.
//!
//! Every part of it ends after a few rows of an index, however many realms and users there are: what begins so is a range
//! of an index of names, and what has the text elsewhere in its name is looked for among the first [`WALK`] names only.
//! Whoever wants all of them has the lists. The connection must plan for each question, see
//! [`Store::searching`](crate::Store::searching): what is not asked for is then not planned at all
//! (docs/decisions/053-finding-things.md).

use model::id::RealmId;
use sqlx::PgConnection;

use crate::{Result, users::search::beginning_with};

/// How many names of a kind are looked at for a text that is not their beginning; of realms, whose names alone are in an
/// index, four times as many.
const WALK: i64 = 5_000;
/// How many people of a family name are looked at for a given name.
const NAMESAKES: i64 = 2_000;

/// What kinds of things are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// Clients.
    pub clients: bool,
    /// People.
    pub users: bool,
    /// Roles of the realm.
    pub realm_roles: bool,
    /// Roles of clients.
    pub client_roles: bool,
    /// Groups.
    pub groups: bool,
}

/// What something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A realm.
    Realm,
    /// A client.
    Client,
    /// A user.
    User,
    /// A role.
    Role,
    /// A group.
    Group,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// What it is.
    pub kind: Kind,
    /// How well it fits: 0 is the thing itself, 1 begins so, 2 has the text in it or beside it.
    pub rank: i32,
    /// Its id; of a realm, its name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What tells it from others: a display name, a person's name and address, a description, a path.
    pub detail: Option<String>,
    /// The `clientId` of a role's client.
    pub client: Option<String>,
}

/// What is looked for, and where.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The text.
    pub text: &'a str,
    /// All realms may be seen.
    pub all_realms: bool,
    /// The realms that may be seen, where not all may.
    pub realms: &'a [RealmId],
    /// Where everything else is looked for: a realm, and what may be seen in it.
    pub inside: Option<(RealmId, Kinds)>,
    /// How many of each way to fit.
    pub each: i64,
}

struct Row {
    kind: i32,
    rank: i32,
    id: String,
    name: String,
    detail: Option<String>,
    client: Option<String>,
}

impl Row {
    fn read(self) -> Match {
        let kind = match self.kind {
            0 => Kind::Realm,
            1 => Kind::Client,
            2 => Kind::User,
            3 => Kind::Role,
            _ => Kind::Group,
        };
        Match { kind, rank: self.rank, id: self.id, name: self.name, detail: self.detail, client: self.client }
    }
}

/// The patterns for a given name and a family name in a text of several words.
fn full_name(text: &str) -> Option<(String, String)> {
    let mut words = text.split_whitespace();
    let (first, last) = (words.next()?, words.next_back()?);
    Some((beginning_with(first), beginning_with(last)))
}

/// What fits, in no order; one thing may be there several times, for different reasons.
///
/// # Errors
/// If the database fails.
pub async fn matches(conn: &mut PgConnection, asked: Asked<'_>) -> Result<Vec<Match>> {
    let among: Vec<_> = asked.realms.iter().map(|realm| realm.0).collect();
    let (realm, kinds) = asked.inside.unzip();
    let kinds = kinds.unwrap_or_default();
    let (given_name, family_name) = full_name(asked.text).unzip();
    let rows = sqlx::query_as!(
        Row,
        r#"with
        realm_names as materialized (
            (select name from realms
             where $3 and lower(name) collate "C" >= lower($2) and lower(name) collate "C" < lower($2) || chr(1114111)
             order by lower(name) collate "C" limit $10)
            union
            (select name from (select name from realms where $3 order by name limit 4 * $12::bigint) as walked
             where strpos(lower(name), lower($2)) > 1 order by name limit $10)
            union
            (select name from realms where not $3 and realm_id = any($4) and strpos(lower(name), lower($2)) > 0
             order by name limit 2 * $10::bigint)
        ),
        found_clients as materialized (
            (select id, 1 as rank from clients
             where $5 and realm_id = $1
                 and lower(client_id) collate "C" >= lower($2) and lower(client_id) collate "C" < lower($2) || chr(1114111)
             order by lower(client_id) collate "C" limit $10)
            union all
            (select id, 2 from (
                 select id, client_id, settings from clients
                 where $5 and realm_id = $1 order by lower(client_id) collate "C" limit $12
             ) as walked
             where strpos(lower(client_id), lower($2)) > 1 or strpos(lower(settings ->> 'name'), lower($2)) > 0 limit $10)
            union all
            (select id, 0 from clients where $5 and realm_id = $1 and id = $2)
        ),
        found_users as materialized (
            (select id, 1 as rank from users
             where $6 and realm_id = $1 and username like $11 and service_account_of is null
             order by username collate "C" limit $10)
            union all
            (select id, 2 from users
             where $6 and realm_id = $1 and email like $11 and service_account_of is null
             order by email collate "C" limit $10)
            union all
            (select id, 2 from users
             where $6 and realm_id = $1 and last_name_folded like $11 and service_account_of is null
             order by last_name_folded collate "C" limit $10)
            union all
            (select id, 2 from users
             where $6 and realm_id = $1 and first_name_folded like $11 and service_account_of is null
             order by first_name_folded collate "C" limit $10)
            union all
            (select id, 1 from (
                 select id, first_name_folded from users
                 where $6 and realm_id = $1 and last_name_folded like $14 and service_account_of is null
                 order by last_name_folded collate "C" limit $15
             ) as namesakes
             where first_name_folded like $13 limit $10)
            union all
            (select id, 0 from users where $6 and realm_id = $1 and id = $2)
        ),
        found_roles as materialized (
            (select id, 1 as rank from roles
             where realm_id = $1 and ($7 and client is null or $8 and client is not null)
                 and lower(name) collate "C" >= lower($2) and lower(name) collate "C" < lower($2) || chr(1114111)
             order by lower(name) collate "C" limit $10)
            union all
            (select id, 2 from (
                 select id, name, client from roles
                 where ($7 or $8) and realm_id = $1 order by lower(name) collate "C" limit $12
             ) as walked
             where strpos(lower(name), lower($2)) > 1 and ($7 and client is null or $8 and client is not null) limit $10)
            union all
            (select id, 0 from roles
             where realm_id = $1 and id = $2 and ($7 and client is null or $8 and client is not null))
        ),
        found_groups as materialized (
            (select id, 1 as rank from groups
             where $9 and realm_id = $1
                 and lower(name) collate "C" >= lower($2) and lower(name) collate "C" < lower($2) || chr(1114111)
             order by lower(name) collate "C" limit $10)
            union all
            (select id, 2 from (
                 select id, name from groups where $9 and realm_id = $1 order by lower(name) collate "C" limit $12
             ) as walked
             where strpos(lower(name), lower($2)) > 1 limit $10)
            union all
            (select id, 0 from groups where $9 and realm_id = $1 and id = $2)
        )
        select 0 as "kind!",
            case when lower(r.name) = lower($2) then 0 when strpos(lower(r.name), lower($2)) = 1 then 1 else 2 end as "rank!",
            r.name as "id!", r.name as "name!", r.settings ->> 'displayName' as detail, null as client
        from realm_names f join realms r on r.name = f.name
        union all
        select 1, case when lower(c.client_id) = lower($2) then 0 else f.rank end, c.id, c.client_id,
            c.settings ->> 'name', null
        from found_clients f join clients c on c.realm_id = $1 and c.id = f.id
        union all
        select 2, case when u.username = lower($2) or u.email = lower($2) then 0 else f.rank end, u.id, u.username,
            concat_ws(' · ', nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email), null
        from found_users f join users u on u.realm_id = $1 and u.id = f.id
        union all
        select 3, case when lower(r.name) = lower($2) then 0 else f.rank end, r.id, r.name, r.description, c.client_id
        from found_roles f join roles r on r.realm_id = $1 and r.id = f.id
        left join clients c on c.realm_id = $1 and c.id = r.client
        union all
        select 4, case when lower(g.name) = lower($2) then 0 else f.rank end, g.id, g.name, (
                with recursive up (name, parent, height) as (
                    select g.name, g.parent, 0
                    union all
                    select above.name, above.parent, up.height + 1
                    from up join groups above on above.realm_id = g.realm_id and above.id = up.parent
                )
                select string_agg('/' || up.name, '' order by up.height desc) from up
            ), null
        from found_groups f join groups g on g.realm_id = $1 and g.id = f.id"#,
        realm.map(|realm| realm.0),
        asked.text,
        asked.all_realms,
        &among,
        kinds.clients,
        kinds.users,
        kinds.realm_roles,
        kinds.client_roles,
        kinds.groups,
        asked.each,
        beginning_with(asked.text),
        WALK,
        given_name,
        family_name,
        NAMESAKES
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Row::read).collect())
}

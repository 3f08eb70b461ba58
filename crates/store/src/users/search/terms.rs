//! All other searches: by what is somewhere in a field, by attributes, switches, dates, accounts elsewhere, and by any of
//! these together.

use model::id::RealmId;
use sqlx::PgConnection;

use super::{Filter, MANY_OF_A_WALK, SHORT_WALK};
use crate::{
    Result, row,
    users::{Row, pattern::Parts},
};

/// How many users the first walk looks at where their attributes must be read, which the directory doesn't bring.
const SHORT_WALK_WITH_ATTRIBUTES: i64 = 2_000;
/// How many users are taken from the index: more of them are found sooner by walking.
const FEW: i64 = 20_000;

/// How a filter is asked for.
struct Asked {
    /// Terms that must be in the index.
    terms: Vec<String>,
    /// Names and values of attributes, one each.
    attribute_names: Vec<String>,
    attribute_values: Vec<String>,
    /// There is something to look up in an index.
    indexed: bool,
    /// How many users the first walk looks at.
    walk: i64,
}

impl Asked {
    fn of(realm: RealmId, filter: &Filter) -> Self {
        let id = realm.0.to_string();
        let bucket = id.get(id.len().saturating_sub(2)..).unwrap_or_default();
        let words = filter.words.iter().flatten();
        let fields = [&filter.username, &filter.email, &filter.first_name, &filter.last_name].into_iter().flatten();
        let patterns: Vec<Parts> = words.chain(fields).map(|pattern| Parts::of(pattern)).collect();
        let mut terms: Vec<String> = patterns.iter().flat_map(|parts| parts.terms(bucket)).collect();
        let switch = |on: bool, letter: char| format!("{bucket}{}{letter}", if on { '+' } else { '-' });
        terms.extend(filter.enabled.map(|on| switch(on, 'e')));
        terms.extend(filter.email_verified.map(|on| switch(on, 'v')));
        let (attribute_names, attribute_values) = filter
            .attributes
            .iter()
            .flatten()
            .flat_map(|(name, values)| values.iter().map(|value| (name.clone(), value.clone())))
            .unzip();
        let elsewhere = filter.ids.is_some()
            || filter.created_after.is_some()
            || filter.created_before.is_some()
            || filter.identity_provider.is_some()
            || filter.id_at_provider.is_some();
        let few = filter.ids.is_some() || filter.id_at_provider.is_some() || patterns.iter().any(Parts::is_whole);
        Self {
            indexed: elsewhere || !terms.is_empty() || filter.attributes.is_some(),
            walk: match (few, &filter.attributes) {
                (true, _) => 0,
                (false, Some(_)) => SHORT_WALK_WITH_ATTRIBUTES,
                (false, None) => SHORT_WALK,
            },
            terms,
            attribute_names,
            attribute_values,
        }
    }
}

/// Puts the conditions of a filter wherever a statement needs them: which users fit, and what an index is asked.
macro_rules! filtered {
    ($statement:ident, $realm:expr, $filter:expr, $asked:expr $(, $argument:expr)* $(,)?) => {
        $statement!(
            " ($2::text[] is null or u.id = any($2))
              and ($3::text[] is null or not exists (
                  select from unnest($3) as word where not coalesce(u.username like word or u.email like word
                      or u.first_name_folded like word or u.last_name_folded like word, false)))
              and (not $4 or u.service_account_of is null)
              and ($5::text is null or u.username like $5)
              and ($6::text is null or u.email like $6)
              and ($7::text is null or u.first_name_folded like $7)
              and ($8::text is null or u.last_name_folded like $8)
              and ($9::boolean is null or u.enabled = $9)
              and ($10::boolean is null or u.email_verified = $10)
              and ($11::timestamptz is null or u.created_at >= $11)
              and ($12::timestamptz is null or u.created_at <= $12)
              and ($13::jsonb is null or lower(u.attributes::text)::jsonb @> lower($13::text)::jsonb)
              and ($14::text is null and $15::text is null or exists (select from federated_identities f
                  where f.realm_id = $1 and f.user_id = u.id and ($14 is null or f.provider = $14)
                      and ($15 is null or f.account = $15))) ",
            " ($16::text[] = '{}' and $17::text[] = '{}' or user_terms(u.realm_id, u.username, u.email,
                  u.first_name_folded, u.last_name_folded, u.enabled, u.email_verified, u.attributes)
                  @> ($16 || array(select user_attribute_term($1, name, value)
                  from unnest($17, $18::text[]) as asked (name, value))))
              and ($14::text is null and $15::text is null or u.id = any(array(select f.user_id
                  from federated_identities f where f.realm_id = $1 and ($14 is null or f.provider = $14)
                      and ($15 is null or f.account = $15)))) ",
            $realm.0,
            $filter.ids.as_deref(),
            $filter.words.as_deref(),
            $filter.people_only,
            $filter.username,
            $filter.email,
            $filter.first_name,
            $filter.last_name,
            $filter.enabled,
            $filter.email_verified,
            $filter.created_after,
            $filter.created_before,
            $filter.attributes.as_ref().map(row::write),
            $filter.identity_provider,
            $filter.id_at_provider,
            &$asked.terms,
            &$asked.attribute_names,
            &$asked.attribute_values,
            $asked.indexed,
            $asked.walk
            $(, $argument)*
        )
    };
}

macro_rules! select_list {
    ($fits:literal, $indexed:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"with walk as materialized (
                select u.id, u.username from (
                    select realm_id, id, username, email, first_name_folded, last_name_folded, enabled, email_verified,
                        service_account_of, created_at, attributes
                    from users where realm_id = $1 order by username collate "C" limit $20
                ) as u
                where $19 and "# + $fits + r#" order by u.username collate "C" limit $23
            ),
            walked as materialized (select coalesce(count(*) >= $23, false) as enough from walk),
            few as materialized (
                select u.id, u.username from users u
                where $19 and not (select enough from walked) and u.realm_id = $1 and "# + $indexed + " and " + $fits + r#"
                limit $24::bigint + 1
            ),
            looked_up as materialized (select $19 and count(*) <= $24::bigint as enough from few),
            page as materialized (
                (select id from walk where (select enough from walked)
                 order by username collate "C" offset $21 limit $22)
                union all
                (select id from few where not (select enough from walked) and (select enough from looked_up)
                 order by username collate "C" offset $21 limit $22)
                union all
                (select u.id from users u
                 where not (select enough from walked) and not (select enough from looked_up) and u.realm_id = $1
                     and "# + $fits + r#"
                 order by u.username collate "C" offset $21 limit $22)
            )
            select u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
                u.not_before, u.attributes, u.required_actions, u.service_account_of
            from page p join users u on u.realm_id = $1 and u.id = p.id
            order by u.username collate "C""#
            $(, $argument)*
        )
    };
}

macro_rules! select_count {
    ($fits:literal, $indexed:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_scalar!(
            r#"with walked as materialized (
                select count(*) > $21 as many from (
                    select realm_id, id, username, email, first_name_folded, last_name_folded, enabled, email_verified,
                        service_account_of, created_at, attributes
                    from users where realm_id = $1 order by username collate "C" limit $20
                ) as u
                where $19 and "# + $fits + r#"
            ),
            few as materialized (
                select from users u
                where $19 and not (select many from walked) and u.realm_id = $1 and "# + $indexed + " and " + $fits + r#"
                limit $22::bigint + 1
            ),
            looked_up as materialized (select count(*) as users from few)
            select case
                when $19 and not (select many from walked) and (select users <= $22 from looked_up)
                    then (select users from looked_up)
                else (select count(*) from users u where u.realm_id = $1 and "# + $fits + r#")
            end as "count!""#
            $(, $argument)*
        )
    };
}

/// The users that fit.
pub(super) async fn list(
    conn: &mut PgConnection,
    realm: RealmId,
    filter: &Filter,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<Row>> {
    let asked = Asked::of(realm, filter);
    let up_to = max.map(|max| first.saturating_add(max));
    Ok(filtered!(select_list, realm, filter, asked, first, max, up_to, FEW).fetch_all(conn).await?)
}

/// How many they are.
pub(super) async fn count(conn: &mut PgConnection, realm: RealmId, filter: &Filter) -> Result<i64> {
    let asked = Asked::of(realm, filter);
    Ok(filtered!(select_count, realm, filter, asked, MANY_OF_A_WALK, FEW).fetch_one(conn).await?)
}

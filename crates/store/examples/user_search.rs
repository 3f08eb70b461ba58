//! How long searches for users take in a realm of a million.
//!
//! `cargo run -p store --release --example user_search -- postgres://… 1000000` fills an empty database, or measures again
//! in one that it has filled before. The figures are in docs/decisions/043-user-search.md.
#![expect(clippy::print_stdout, reason = "the figures are what the program is for")]

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use model::id::RealmId;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use store::{
    Store,
    users::search::{self, Filter, containing, exactly},
};
use uuid::Uuid;

type Failure = Box<dyn std::error::Error>;

const REALM: Uuid = Uuid::from_u128(0xaa);
/// How often each search is made.
const TIMES: u32 = 40;

/// People with usual names, so that names fit some percent of them each, and numbers one of them.
const FILL: &str = r#"
    insert into realms (realm_id, given_id, name, enabled, default_role_id, settings, created_at)
    values ('REALM', 'search', 'search', true, 'x', '{}', '2024-01-01');
    with first as (
        select row_number() over () - 1 as n, name from regexp_split_to_table('Anna Bernd Carla Dieter Emma Frank Greta Hans
            Ida Jörg Klara Lars Mia Nils Olga Paul Rosa Sven Tina Ulrich Vera Willi Xenia Yusuf Zoe Maria James Robert
            Jennifer Michael Linda David Susan Joseph Thomas Sarah Ahmed Fatima Олег Ольга Иван Мария 伟 芳', '\s+') as name
    ),
    last as (
        select row_number() over () - 1 as n, name from regexp_split_to_table('Müller Schmidt Schneider Fischer Weber Meyer
            Wagner Becker Schulz Hoffmann Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Lopez
            Wilson Anderson Taylor Moore Jackson Martin Lee White Harris Clark Lewis Walker Young King Wright Scott Nguyen
            Hill Flores Green Adams Nelson Baker Hall Иванов Петров Özdemir Yılmaz Kowalski Novák', '\s+') as name
    ),
    people as (
        select g.n, f.name as first, l.name as last, lower(f.name || '.' || l.name) || g.n as username
        from generate_series(1, USERS) as g (n)
        join first f on f.n = abs(hashint8(g.n)) / 7 % 44 join last l on l.n = abs(hashint8(g.n)) / 379 % 51
    )
    insert into users (realm_id, id, username, email, email_verified, first_name, last_name, enabled, created_at,
        attributes, required_actions, first_name_folded, last_name_folded)
    select 'REALM', md5(n::text), username, username || '@example.org', n % 3 > 0, first, last, n % 20000 > 0,
        '2024-01-01'::timestamptz + make_interval(mins => n),
        jsonb_build_object('department', jsonb_build_array('d' || n % 400), 'employeeId', jsonb_build_array('E' || n)),
        '{}', lower(first), lower(last)
    from people order by md5(n::text);
    insert into federated_identities
    select 'REALM', md5(n::text), 'github', 'g' || n, 'x' from generate_series(1, USERS, 10) as n;
"#;

async fn fill(url: &str, users: u32) -> Result<(), Failure> {
    let mut connection = PgConnection::connect(url).await?;
    let sql = FILL.replace("REALM", &REALM.to_string()).replace("USERS", &users.to_string());
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    sqlx::raw_sql("vacuum analyze").execute(&mut connection).await?;
    Ok(connection.close().await?)
}

fn searches() -> Vec<(&'static str, i64, Filter)> {
    let word = |pattern: String| Filter { words: Some(vec![pattern]), people_only: true, ..Filter::default() };
    let begin = |text: &str| word(format!("{}%", exactly(text)));
    let attribute = |name: &str, value: &str| Filter {
        attributes: Some(BTreeMap::from([(name.to_owned(), vec![value.to_owned()])])),
        ..Filter::default()
    };
    let people = Filter { people_only: true, ..Filter::default() };
    vec![
        ("the first page", 0, people.clone()),
        ("page 100", 9_900, people.clone()),
        ("page 9,000", 899_900, people),
        ("search=a", 0, begin("a")),
        ("search=maria", 0, begin("maria")),
        ("search=schm", 0, begin("schm")),
        ("search=özd", 0, begin("özd")),
        ("search=zoe.y", 0, begin("zoe.y")),
        ("search=мария", 0, begin("мария")),
        ("search=anna.müller12", 0, begin("anna.müller12")),
        (
            "search=maria schmidt",
            0,
            Filter { words: Some(vec!["maria%".to_owned(), "schmidt%".to_owned()]), ..Filter::default() },
        ),
        ("search=*12345*", 0, word(containing("12345"))),
        ("search=*ller*", 0, word(containing("ller"))),
        ("search=a*z", 0, word("a%z%".to_owned())),
        ("search=*qx* (nobody, two letters)", 0, word(containing("qx"))),
        ("search=nobody", 0, begin("nobody")),
        ("username=schmidt77", 0, Filter { username: Some(containing("schmidt77")), ..Filter::default() }),
        ("email exact", 0, Filter { email: Some(exactly("mia.lee1@example.org")), ..Filter::default() }),
        ("lastName=ner", 0, Filter { last_name: Some(containing("ner")), ..Filter::default() }),
        ("enabled=false (50)", 0, Filter { enabled: Some(false), ..Filter::default() }),
        ("emailVerified=false (a third)", 0, Filter { email_verified: Some(false), ..Filter::default() }),
        ("search=maria, enabled=false", 0, Filter { enabled: Some(false), ..begin("maria") }),
        ("q=employeeId:E500", 0, attribute("employeeId", "E500")),
        ("q=department:d7 (2,500)", 0, attribute("department", "d7")),
        ("idpUserId", 0, Filter { id_at_provider: Some("g501".to_owned()), ..Filter::default() }),
        ("idpAlias (a tenth)", 0, Filter { identity_provider: Some("github".to_owned()), ..Filter::default() }),
        ("search=z, idpAlias", 0, Filter { identity_provider: Some("github".to_owned()), ..begin("z") }),
    ]
}

fn percentile(times: &[Duration], percent: usize) -> f64 {
    let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(place).map_or(0.0, Duration::as_secs_f64) * 1_000.0
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("a database URL is missing")?;
    let users = arguments.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let store = Store::connect(&url, 2).await?;
    store.migrate().await?;
    let realm = RealmId(REALM);
    if search::count(&mut *store.searching().await?, realm, &Filter::default()).await? == 0 {
        fill(&url, users).await?;
    }
    println!("| search | found | p50 ms | p95 ms | count | p50 ms |\n|---|--:|--:|--:|--:|--:|");
    for (name, first, filter) in searches() {
        let (mut found, mut counted) = (0, 0);
        let (mut lists, mut counts) = (Vec::new(), Vec::new());
        for time in 0..TIMES {
            let begun = Instant::now();
            let mut searching = store.searching().await?;
            found = search::list(&mut searching, realm, &filter, first, Some(100)).await?.len();
            searching.end().await?;
            lists.push(begun.elapsed());
            if time % 8 == 0 {
                let begun = Instant::now();
                let mut searching = store.searching().await?;
                counted = search::count(&mut searching, realm, &filter).await?;
                searching.end().await?;
                counts.push(begun.elapsed());
            }
        }
        lists.sort_unstable();
        counts.sort_unstable();
        let (list, slow, count) = (percentile(&lists, 50), percentile(&lists, 95), percentile(&counts, 50));
        println!("| {name} | {found} | {list:.1} | {slow:.1} | {counted} | {count:.1} |");
    }
    Ok(())
}

//! Login lookup, counting of wrong passwords, sessions, identity tokens and events, against a real database.
#![expect(clippy::unwrap_used, reason = "what prepares a test may fail as loudly as the test itself")]

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use model::{
    MultiAttributes,
    credential::Credential,
    event::Event,
    id::{RealmId, UserId},
    realm::{BruteForceSettings, BruteForceStrategy, Realm, RealmSettings},
    secret::Secret,
    session::{IdentityToken, TokenFamily},
    user::User,
};
use store::{
    PgConnection, Store, admin_events, credentials, events, identity_tokens, jobs,
    login::{self, Attempt, Counted},
    sessions::{self, Browser, NewSession, Open},
    users::{
        self,
        search::{Filter, containing, exactly},
    },
};
use test_db::{Template, TestDatabase};
use time::{Duration, OffsetDateTime, macros::datetime};

const REALM: RealmId = RealmId(uuid::Uuid::from_u128(1));
const NOW: OffsetDateTime = datetime!(2024-01-01 0:00 UTC);

struct Fixture {
    store: Store,
    user: UserId,
    _database: TestDatabase,
}

async fn fixture() -> Fixture {
    let mut hasher = DefaultHasher::new();
    for migration in store::MIGRATIONS.iter() {
        migration.checksum.hash(&mut hasher);
    }
    let template = Template {
        name_hash: format!("{:016x}", hasher.finish()),
        prepare: |url| {
            Box::pin(async move {
                let store = Store::connect(&url, 1).await?;
                store.migrate().await?;
                store.close().await;
                Ok(())
            })
        },
    };
    let database = TestDatabase::from_template(&template).await.unwrap();
    let store = Store::connect(database.url(), 8).await.unwrap();
    let realm = Realm {
        id: REALM,
        given_id: "test".into(),
        name: "test".into(),
        enabled: true,
        default_role: "default".into(),
        default_role_name: "default".into(),
        listeners: Vec::new(),
        settings: RealmSettings { sso_session_idle_timeout: 60, ..RealmSettings::default() },
    };
    let mut tx = store.begin(REALM).await.unwrap();
    store::realms::insert(&mut tx, &realm, NOW).await.unwrap();
    sqlx::query(
        "insert into clients (realm_id, id, client_id, protocol, enabled, settings, attributes, created_at)
         values ($1, 'registry', 'registry.test', 'docker-v2', true, '{}', '{}', now())",
    )
    .bind(REALM.0)
    .execute(&mut *tx)
    .await
    .unwrap();
    users::insert(&mut tx, &user("alice", Some("alice@example.org")), false).await.unwrap();
    tx.commit().await.unwrap();
    Fixture { store, user: "alice".into(), _database: database }
}

fn user(name: &str, email: Option<&str>) -> User {
    User {
        id: name.into(),
        username: name.to_owned(),
        email: email.map(str::to_owned),
        email_verified: false,
        first_name: Some("First".to_owned()),
        last_name: None,
        enabled: true,
        created: NOW,
        not_before: 0,
        attributes: MultiAttributes::from([("team".to_owned(), vec!["red".to_owned(), "blue".to_owned()])]),
        required_actions: Vec::new(),
        service_account_of: None,
    }
}

fn password(id: &str, created: OffsetDateTime) -> Credential {
    Credential {
        id: id.into(),
        kind: "password".to_owned(),
        label: None,
        created,
        credential_data: "{}".to_owned(),
        secret_data: Secret::new(format!("secret of {id}")),
        priority: 0,
    }
}

impl Fixture {
    async fn fail(&self, rules: &BruteForceSettings, after: Duration, attempt: &[u8]) -> Option<Counted> {
        let attempt = Attempt {
            now: NOW + after,
            ip_address: Some("192.0.2.1"),
            fingerprint: attempt,
            same_within: Duration::seconds(10),
        };
        login::count_failure(&self.store, REALM, &self.user, rules, &attempt).await.unwrap()
    }

    async fn found(&self, name: &str, by_email: bool) -> Option<String> {
        let mut conn = self.store.read().await.unwrap();
        login::find(&mut conn, REALM, name, by_email).await.unwrap().map(|record| record.user.username)
    }
}

fn rules() -> BruteForceSettings {
    BruteForceSettings { failure_factor: 3, quick_login_check_milli_seconds: 0, ..BruteForceSettings::default() }
}

#[tokio::test]
async fn a_user_is_found_by_name_before_address() {
    let fixture = fixture().await;
    let mut tx = fixture.store.begin(REALM).await.unwrap();
    users::insert(&mut tx, &user("bob@example.org", None), false).await.unwrap();
    users::insert(&mut tx, &user("carol", Some("bob@example.org")), false).await.unwrap();
    for twin in ["dave", "erin"] {
        users::insert(&mut tx, &user(twin, Some("twins@example.org")), true).await.unwrap();
    }
    credentials::insert(&mut tx, &fixture.user, &password("1", NOW)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(fixture.found("alice", false).await.as_deref(), Some("alice"));
    assert_eq!(fixture.found("alice@example.org", true).await.as_deref(), Some("alice"));
    assert_eq!(fixture.found("alice@example.org", false).await, None);
    assert_eq!(fixture.found("bob@example.org", true).await.as_deref(), Some("bob@example.org"));
    assert_eq!(fixture.found("twins@example.org", true).await, None);
    assert_eq!(fixture.found("nobody", true).await, None);
    let mut conn = fixture.store.read().await.unwrap();
    let record = login::find(&mut conn, REALM, "alice", true).await.unwrap().unwrap();
    assert_eq!(record.user, user("alice", Some("alice@example.org")));
    assert_eq!(record.password.unwrap().secret_data.expose(), "secret of 1");
    assert_eq!(record.failures, None);
}

#[tokio::test]
async fn waiting_times_grow_by_the_strategy() {
    let fixture = fixture().await;
    let linear = BruteForceSettings { brute_force_strategy: BruteForceStrategy::Linear, ..rules() };
    for (rules, waits) in [
        (rules(), [0, 0, 60, 60, 60, 120, 120, 120, 180]),
        (linear, [0, 0, 60, 120, 180, 240, 300, 360, 420]),
        (BruteForceSettings { max_failure_wait_seconds: 70, ..rules() }, [0, 0, 60, 60, 60, 70, 70, 70, 70]),
    ] {
        for (number, wait) in waits.into_iter().enumerate() {
            let after = Duration::hours(i64::try_from(number).unwrap());
            let counted = fixture.fail(&rules, after, &[number as u8]).await.unwrap();
            assert_eq!(counted.failures, i32::try_from(number).unwrap() + 1);
            let until = (wait > 0).then(|| NOW + after + Duration::seconds(wait));
            assert_eq!(counted.locked_until, until, "failure {number}");
            assert!(!counted.disabled);
        }
        assert!(login::succeed(&fixture.store, REALM, &fixture.user, NOW + Duration::days(1)).await.unwrap());
    }
}

#[tokio::test]
async fn a_lock_holds_and_ends() {
    let fixture = fixture().await;
    for attempt in 0..3 {
        fixture.fail(&rules(), Duration::seconds(i64::from(attempt)), &[attempt]).await.unwrap();
    }
    assert_eq!(fixture.fail(&rules(), Duration::seconds(30), b"x").await, None, "nothing counts while locked");
    let succeed = |after| login::succeed(&fixture.store, REALM, &fixture.user, NOW + Duration::seconds(after));
    assert!(!succeed(30).await.unwrap());
    let mut conn = fixture.store.read().await.unwrap();
    let failures = login::failures(&mut conn, REALM, &fixture.user).await.unwrap().unwrap();
    assert_eq!((failures.failures, failures.temporary_lockouts), (3, 1));
    assert!(failures.locked_at(NOW + Duration::seconds(61)) && !failures.locked_at(NOW + Duration::seconds(62)));
    assert!(succeed(62).await.unwrap());
    assert_eq!(login::failures(&mut conn, REALM, &fixture.user).await.unwrap(), None);
    assert!(succeed(63).await.unwrap(), "without failures there is nothing to forget");
}

#[tokio::test]
async fn the_same_attempt_soon_again_is_one() {
    let fixture = fixture().await;
    for after in [0, 3, 9] {
        assert_eq!(fixture.fail(&rules(), Duration::seconds(after), b"same").await.unwrap().failures, 1);
    }
    assert_eq!(fixture.fail(&rules(), Duration::seconds(10), b"same").await.unwrap().failures, 2);
    assert_eq!(fixture.fail(&rules(), Duration::seconds(11), b"other").await.unwrap().failures, 3);
}

#[tokio::test]
async fn failures_in_quick_succession_lock_for_a_while() {
    let fixture = fixture().await;
    let rules = BruteForceSettings { quick_login_check_milli_seconds: 1_000, ..rules() };
    assert_eq!(fixture.fail(&rules, Duration::ZERO, b"a").await.unwrap().locked_until, None);
    let counted = fixture.fail(&rules, Duration::milliseconds(900), b"b").await.unwrap();
    assert_eq!(counted.locked_until, Some(NOW + Duration::milliseconds(60_900)));
}

#[tokio::test]
async fn failures_are_forgotten_after_a_quiet_time() {
    let fixture = fixture().await;
    let rules = BruteForceSettings { max_delta_time_seconds: 100, ..rules() };
    fixture.fail(&rules, Duration::ZERO, b"a").await.unwrap();
    assert_eq!(fixture.fail(&rules, Duration::seconds(100), b"b").await.unwrap().failures, 2);
    assert_eq!(fixture.fail(&rules, Duration::seconds(201), b"c").await.unwrap().failures, 1);
}

async fn is_enabled(fixture: &Fixture) -> bool {
    let mut conn = fixture.store.read().await.unwrap();
    users::find(&mut conn, REALM, &fixture.user).await.unwrap().unwrap().enabled
}

#[tokio::test]
async fn permanent_lockout_disables_the_account() {
    let fixture = fixture().await;
    identity_tokens::insert(&fixture.store, REALM, &token(&fixture.user, "t"), b"hash").await.unwrap();
    let rules = BruteForceSettings { permanent_lockout: true, ..rules() };
    for attempt in 0..2 {
        assert!(!fixture.fail(&rules, Duration::ZERO, &[attempt]).await.unwrap().disabled);
    }
    let counted = fixture.fail(&rules, Duration::ZERO, b"x").await.unwrap();
    assert_eq!((counted.disabled, counted.locked_until), (true, None));
    assert!(!is_enabled(&fixture).await);
    assert!(!login::succeed(&fixture.store, REALM, &fixture.user, NOW + Duration::days(1)).await.unwrap());
    let mut conn = fixture.store.read().await.unwrap();
    let account = users::find(&mut conn, REALM, &fixture.user).await.unwrap().unwrap();
    assert_eq!(account.attributes[login::DISABLED_REASON], [login::PERMANENT_LOCKOUT]);
    assert_eq!(identity_tokens::owner(&mut conn, REALM, &"t".into()).await.unwrap(), None);
}

#[tokio::test]
async fn temporary_lockouts_come_before_the_permanent_one() {
    let fixture = fixture().await;
    let rules = BruteForceSettings { permanent_lockout: true, max_temporary_lockouts: 2, failure_factor: 1, ..rules() };
    for hour in 0..2 {
        let after = Duration::hours(hour);
        let counted = fixture.fail(&rules, after, &[0]).await.unwrap();
        assert!(counted.locked_until.is_some() && !counted.disabled, "{hour}");
    }
    let counted = fixture.fail(&rules, Duration::hours(2), &[0]).await.unwrap();
    assert_eq!((counted.locked_until, counted.disabled), (None, true));
    assert!(!is_enabled(&fixture).await);
}

#[tokio::test]
async fn parallel_failures_are_counted_exactly() {
    let fixture = fixture().await;
    let rules = BruteForceSettings { failure_factor: 30, ..rules() };
    let attempts: Vec<[u8; 1]> = (0..100).map(|number| [number]).collect();
    // Their times are not in the order in which they are counted.
    let tries = attempts.iter().map(|attempt| {
        let early = Duration::milliseconds(i64::from(attempt[0] % 7));
        fixture.fail(&rules, early, attempt)
    });
    let results = futures(tries).await;
    let mut counted: Vec<i32> = results.iter().flatten().map(|counted| counted.failures).collect();
    counted.sort_unstable();
    assert_eq!(counted, (1..=30).collect::<Vec<_>>());
    assert_eq!(results.iter().flatten().filter(|counted| counted.locked_until.is_some()).count(), 1);
}

/// Runs futures side by side on this task.
async fn futures<F: Future>(tries: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = tries.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, output) in &mut running {
            if output.is_none()
                && let std::task::Poll::Ready(done) = future.as_mut().poll(context)
            {
                *output = Some(done);
            }
        }
        if running.iter().all(|(_, output)| output.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    running.into_iter().filter_map(|(_, output)| output).collect()
}

#[tokio::test]
async fn nobody_is_counted_for_an_unknown_user() {
    let mut fixture = fixture().await;
    fixture.user = "".into();
    assert_eq!(fixture.fail(&rules(), Duration::ZERO, b"a").await, None);
}

#[tokio::test]
async fn replaced_passwords_are_kept_as_long_as_wanted() {
    let fixture = fixture().await;
    for (number, created) in ["1", "2", "3", "4"].into_iter().zip(1..) {
        let mut tx = fixture.store.begin(REALM).await.unwrap();
        let new = password(number, NOW + Duration::days(created));
        credentials::replace_password(&mut tx, &fixture.user, &new, 2).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut conn = fixture.store.read().await.unwrap();
    let ids =
        |credentials: Vec<Credential>| credentials.into_iter().map(|credential| credential.id.0).collect::<String>();
    assert_eq!(ids(credentials::list(&mut conn, REALM, &fixture.user).await.unwrap()), "4");
    assert_eq!(ids(credentials::passwords(&mut conn, REALM, &fixture.user, 5).await.unwrap()), "432");
    assert_eq!(ids(credentials::passwords(&mut conn, REALM, &fixture.user, 1).await.unwrap()), "43");
}

fn token(user: &UserId, id: &str) -> IdentityToken {
    IdentityToken {
        id: id.into(),
        user_id: user.clone(),
        client_id: "registry".into(),
        created: NOW,
        last_used: NOW,
        expires: NOW + Duration::HOUR,
        ip_address: None,
        user_agent: Some("docker".to_owned()),
    }
}

#[tokio::test]
async fn an_identity_token_is_bound_to_client_and_time() {
    let fixture = fixture().await;
    let store = &fixture.store;
    identity_tokens::insert(store, REALM, &token(&fixture.user, "t"), b"hash").await.unwrap();
    let mut conn = store.read().await.unwrap();
    let registry = "registry".into();
    let found = identity_tokens::find(&mut conn, REALM, &registry, b"hash", NOW).await.unwrap().unwrap();
    assert_eq!(found.token, token(&fixture.user, "t"));
    assert_eq!(found.user.username, "alice");
    assert_eq!(found.given, model::subject::Assignments::default());
    let other = "other".into();
    assert!(identity_tokens::find(&mut conn, REALM, &other, b"hash", NOW).await.unwrap().is_none());
    let late = NOW + Duration::HOUR;
    assert!(identity_tokens::find(&mut conn, REALM, &registry, b"hash", late).await.unwrap().is_none());
    assert_eq!(identity_tokens::expire(store, late - Duration::SECOND, 10).await.unwrap(), 0);
    assert_eq!(identity_tokens::expire(store, late, 10).await.unwrap(), 1);
    let gone = identity_tokens::insert(store, REALM, &token(&"nobody".into(), "u"), b"u").await;
    assert!(matches!(gone, Err(store::Error::Conflict { missing: true, .. })), "{gone:?}");
}

fn event(realm_id: RealmId, id: &str, kind: &str, time: OffsetDateTime) -> Event {
    Event {
        id: id.into(),
        realm_id,
        time,
        kind: kind.to_owned(),
        client_id: Some("registry.test".to_owned()),
        user_id: None,
        session_id: None,
        ip_address: None,
        error: None,
        details: BTreeMap::from([("scope".to_owned(), "pull".to_owned())]),
    }
}

#[tokio::test]
async fn events_are_written_with_uses_and_without_lost_realms() {
    let fixture = fixture().await;
    let store = &fixture.store;
    identity_tokens::insert(store, REALM, &token(&fixture.user, "t"), b"hash").await.unwrap();
    let second = NOW + Duration::SECOND;
    let gone = RealmId(uuid::Uuid::from_u128(9));
    let written =
        [event(REALM, "1", "LOGIN", NOW), event(REALM, "2", "LOGIN_ERROR", second), event(gone, "3", "LOGIN", NOW)];
    let uses = [NOW, second].map(|at| events::Use { realm_id: REALM, token: "t".into(), at });
    let uses: Vec<_> = uses.iter().collect();
    let entries = events::Entries { events: written.iter().collect(), uses: uses.clone(), ..Default::default() };
    events::write(store, &entries).await.unwrap();
    events::write(store, &events::Entries { uses, ..Default::default() }).await.unwrap();
    let mut conn = store.read().await.unwrap();
    let list = events::list(&mut conn, REALM, &events::Filter::default()).await.unwrap();
    assert_eq!(list, [written[1].clone(), written[0].clone()]);
    let filter = events::Filter { id: Some("1".into()), oldest_first: true, max: Some(5), ..Default::default() };
    assert_eq!(events::list(&mut conn, REALM, &filter).await.unwrap(), written[..1]);
    let used = identity_tokens::list(&mut conn, REALM, None, None, NOW, 0, None).await.unwrap();
    assert_eq!(used[0].token.last_used, second);
    let week = Duration::seconds(604_800);
    assert_eq!(events::expire(store, NOW + week, 10).await.unwrap(), 0);
    assert_eq!(events::expire(store, second + week + Duration::SECOND, 1).await.unwrap(), 1);
    assert_eq!(events::expire(store, second + week + Duration::SECOND, 9).await.unwrap(), 1);
}

/// Among many events, a search reads those that it finds and few others, and equal times have an order.
#[tokio::test]
async fn searches_of_events_are_served_by_indexes() {
    const MANY: i64 = 20_000;
    let fixture = fixture().await;
    let events = r#"insert into events (realm_id, id, time, kind, client_id, user_id, ip_address, error, details)
        select $1, 'e' || n, $2::timestamptz - n / 10 * interval '1 second',
            case when n % 10000 = 9 then 'UPDATE_PASSWORD' else 'LOGIN' end,
            case when n % 10000 = 9 then 'rare' else 'app' end, 'user-' || n % 2000,
            case when n % 10000 = 9 then '198.51.100.7' else '192.0.2.1' end,
            case when n % 10000 = 9 then 'access_denied' end,
            case n % 10000
                when 8 then '{"requested": "repository:team/app:pull,push repository(plugin):host:5000/base:pull"}'
                when 9 then '{"requested": "registry:catalog:* repository:team/app:pull"}' else '{}' end::jsonb
        from generate_series(1, $3::bigint) n"#;
    let admin_events = "insert into admin_events (realm_id, id, time, auth_realm_id, auth_client_id, auth_user_id,
            ip_address, operation, resource_type, resource_path)
        select $1, 'a' || n, $2::timestamptz - n / 10 * interval '1 second', case rare when true then 'rare' else 'x' end,
            case rare when true then 'rare' else 'x' end, case rare when true then 'rare' else 'x' end,
            case rare when true then '198.51.100.7' else '192.0.2.1' end, case rare when true then 'DELETE' else 'UPDATE' end,
            case rare when true then 'REALM' else 'USER' end, 'users/' || n
        from (select n, n % 10000 = 9 as rare from generate_series(1, $3::bigint) n) as all_of_them";
    let mut tx = fixture.store.begin(REALM).await.unwrap();
    for insert in [events, admin_events] {
        sqlx::query(insert).bind(REALM.0).bind(NOW).bind(MANY).execute(&mut *tx).await.unwrap();
    }
    tx.commit_uncached().await.unwrap();
    let mut conn = fixture.store.read().await.unwrap();
    sqlx::query("analyze events").execute(&mut *conn).await.unwrap();
    sqlx::query("analyze admin_events").execute(&mut *conn).await.unwrap();
    drop(conn);

    let text = |text: &str| Some(text.to_owned());
    let texts = |text: &str| Some(vec![text.to_owned()]);
    let place =
        |number: i64, id: &str| Some(events::Place { time: NOW - Duration::seconds(number / 10), id: id.into() });
    let page = events::Filter { max: Some(100), ..events::Filter::default() };
    for (filter, found) in [
        (events::Filter { kinds: texts("UPDATE_PASSWORD"), ..page.clone() }, 2),
        (events::Filter { kinds: texts("NEVER"), ..page.clone() }, 0),
        (events::Filter { client_id: text("rare"), ..page.clone() }, 2),
        (events::Filter { user_id: Some("user-9".into()), ..page.clone() }, 10),
        (events::Filter { ip_address: text("198.51.100.7"), ..page.clone() }, 2),
        (events::Filter { to: Some(NOW - Duration::seconds(1_990)), ..page.clone() }, 100),
        (events::Filter { oldest_first: true, ..page.clone() }, 100),
        (events::Filter { id: Some("e5".into()), ..page.clone() }, 1),
        (events::Filter { error: text("access_denied"), ..page.clone() }, 2),
        (events::Filter { refused: Some(true), ..page.clone() }, 2),
        (events::Filter { repository: text("team/app"), ..page.clone() }, 4),
        (events::Filter { repository: text("host:5000/base"), oldest_first: true, ..page.clone() }, 2),
        (events::Filter { repository: text("team"), ..page.clone() }, 0),
        (events::Filter { before: place(19_990, "e19990"), ..page.clone() }, 1),
        (events::Filter { after: place(14, "e14"), ..page.clone() }, 14),
        (page, 100),
    ] {
        let mut searching = fixture.store.searching().await.unwrap();
        let list = events::list(&mut searching, REALM, &filter).await.unwrap();
        assert_eq!(list.len(), found, "{filter:?}");
        let mut order: Vec<_> = list.iter().map(|event| (event.time, event.id.clone())).collect();
        if filter.oldest_first {
            order.reverse();
        }
        assert!(order.is_sorted_by(|one, other| one > other), "{filter:?}");
        let read = rows_read(&mut searching, "events").await;
        assert!((found..1_000).contains(&usize::try_from(read).unwrap()), "{read} rows for {filter:?}");
    }
    let page = admin_events::Filter { max: Some(100), ..admin_events::Filter::default() };
    for (filter, found) in [
        (admin_events::Filter { operations: texts("DELETE"), ..page.clone() }, 2),
        (admin_events::Filter { resource_types: texts("REALM"), ..page.clone() }, 2),
        (admin_events::Filter { resource_path: text("users/1999%"), ..page.clone() }, 11),
        (admin_events::Filter { resource_path: text("users/1999"), ..page.clone() }, 1),
        (admin_events::Filter { auth_realm_id: text("rare"), ..page.clone() }, 2),
        (admin_events::Filter { auth_client_id: text("rare"), ..page.clone() }, 2),
        (admin_events::Filter { auth_user_id: text("rare"), ..page.clone() }, 2),
        (admin_events::Filter { ip_address: text("198.51.100.7"), ..page.clone() }, 2),
        (admin_events::Filter { from: Some(NOW - Duration::seconds(1)), ..page.clone() }, 19),
        (admin_events::Filter { oldest_first: true, ..page.clone() }, 100),
        (page, 100),
    ] {
        let mut searching = fixture.store.searching().await.unwrap();
        let list = admin_events::list(&mut searching, REALM, &filter).await.unwrap();
        assert_eq!(list.len(), found, "{filter:?}");
        let mut order: Vec<_> = list.iter().map(|event| (event.time, event.id.clone())).collect();
        if filter.oldest_first {
            order.reverse();
        }
        assert!(order.is_sorted_by(|one, other| one > other), "{filter:?}");
        let read = rows_read(&mut searching, "admin_events").await;
        assert!((found..1_000).contains(&usize::try_from(read).unwrap()), "{read} rows for {filter:?}");
    }
}

/// One realm's jobs don't hide those of another, nor take all places.
#[tokio::test]
async fn jobs_are_shared_among_realms() {
    let fixture = fixture().await;
    let store = &fixture.store;
    let other = RealmId(uuid::Uuid::from_u128(2));
    let realm = "insert into realms (realm_id, given_id, name, enabled, default_role_id, settings, created_at)
        values ($1, 'other', 'other', true, 'default', '{}', $2)";
    let insert = "insert into jobs (realm_id, id, kind, payload, run_at, created_at)
        select $1, 'j' || n, $4, '{}', $2::timestamptz - n * interval '1 second', $2 from generate_series(1, $3::bigint) n";
    let mut tx = store.begin(REALM).await.unwrap();
    sqlx::query(realm).bind(other.0).bind(NOW).execute(&mut *tx).await.unwrap();
    for (realm, count, kind) in [(REALM, 50_i64, "webhook"), (other, 1, "webhook"), (other, 5, "backchannel-logout")] {
        let id = if kind == "webhook" { insert.to_owned() } else { insert.replace("'j'", "'k'") };
        let query = sqlx::query(sqlx::AssertSqlSafe(id)).bind(realm.0).bind(NOW);
        query.bind(count).bind(kind).execute(&mut *tx).await.unwrap();
    }
    tx.commit_uncached().await.unwrap();
    let take = async |limit, of_a_realm, except: &[RealmId]| {
        let portion = jobs::Portion { limit, of_a_realm, except };
        let taken = jobs::take(store, "webhook", NOW, NOW + Duration::MINUTE, portion).await.unwrap();
        assert!(taken.iter().all(|job| job.kind == "webhook" && job.attempts == 1));
        let of_other = taken.iter().filter(|job| job.realm == other).count();
        (taken.len() - of_other, of_other)
    };
    assert_eq!(take(32, 8, &[]).await, (8, 1));
    assert_eq!(take(32, 8, &[REALM]).await, (0, 0));
    let (one, two) = tokio::join!(take(32, 8, &[]), take(4, 8, &[]));
    assert!(one.0 + two.0 >= 8 && one.0 <= 8 && two.0 <= 4, "{one:?} {two:?}");
}

/// How many rows of a table this transaction has read.
async fn rows_read(conn: &mut PgConnection, table: &str) -> i64 {
    let sql = "select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_xact_user_tables where relname = $1";
    sqlx::query_scalar(sql).bind(table).fetch_one(conn).await.unwrap()
}

/// The rows of how many users there are become few, also when two nodes add them up at once, and the sum stays.
#[tokio::test]
async fn numbers_of_users_are_added_up() {
    let fixture = fixture().await;
    let store = &fixture.store;
    for number in 0..70 {
        let mut tx = store.begin(REALM).await.unwrap();
        let user = User { enabled: number % 2 == 0, ..user(&format!("u{number}"), None) };
        users::insert(&mut tx, &user, false).await.unwrap();
        tx.commit_uncached().await.unwrap();
    }
    let counts = async || {
        let mut conn = store.read().await.unwrap();
        let rows: i64 = sqlx::query_scalar("select count(*) from user_counts").fetch_one(&mut *conn).await.unwrap();
        let enabled = Filter { enabled: Some(true), ..Filter::default() };
        let all = users::search::count(&mut conn, REALM, &Filter::default()).await.unwrap();
        (rows, all, users::search::count(&mut conn, REALM, &enabled).await.unwrap())
    };
    let (rows, all, enabled) = counts().await;
    assert_eq!((rows, all, enabled), (71, 71, 36));
    let (one, two) = tokio::join!(users::counts::add_up(store, NOW, 1_000), users::counts::add_up(store, NOW, 1_000));
    assert_eq!(one.unwrap() + two.unwrap(), 71);
    let (rows, all, enabled) = counts().await;
    assert!(rows <= 4, "{rows} rows");
    assert_eq!((all, enabled), (71, 36));
    assert_eq!(users::counts::add_up(store, NOW, 1_000).await.unwrap(), 0, "few rows are let be");
}

#[tokio::test]
async fn sessions_end_by_disuse() {
    let fixture = fixture().await;
    let store = &fixture.store;
    let family = TokenFamily { expires: NOW.unix_timestamp() + 60, ..TokenFamily::default() };
    let new = NewSession {
        id: &"s".into(),
        user: &fixture.user,
        client: Some((&"registry".into(), "f", &family)),
        browser_hash: Some(b"cookie"),
        remember_me: false,
        ip_address: Some("192.0.2.1"),
        now: NOW,
        expires: NOW + Duration::MINUTE,
    };
    let opened = sessions::insert(store, REALM, &new).await.unwrap();
    assert_eq!(opened.username, "alice");
    assert_eq!(opened.clients, [("registry".into(), "registry.test".to_owned())]);
    let open = |after: i64| {
        let now = NOW + Duration::seconds(after);
        Open { now, used_since: [now - Duration::MINUTE; 4], started_since: [now - Duration::HOUR; 4] }
    };
    let mut conn = store.read().await.unwrap();
    let id = "s".into();
    let by_id = Browser::Id(&id, false);
    let by_cookie = Browser::Cookie(b"cookie");
    assert!(sessions::find_open(&mut conn, REALM, by_cookie, open(1)).await.unwrap().is_some());
    assert!(sessions::find_open(&mut conn, REALM, Browser::Cookie(b"other"), open(1)).await.unwrap().is_none());
    assert!(sessions::find_open(&mut conn, REALM, Browser::Id(&id, true), open(1)).await.unwrap().is_none());
    let (found, account, _) = sessions::find_open(&mut conn, REALM, by_id, open(59)).await.unwrap().unwrap();
    assert_eq!((&found, account.username.as_str()), (&opened, "alice"));
    assert!(sessions::find_open(&mut conn, REALM, by_id, open(60)).await.unwrap().is_none());
    let lifespan = sessions::Lifespan { idle: 60, max: 100 };
    sessions::touch(store, REALM, &opened, NOW + Duration::seconds(50), NOW + Duration::SECOND, lifespan)
        .await
        .unwrap();
    assert!(sessions::find_open(&mut conn, REALM, by_id, open(99)).await.unwrap().is_some());
    assert!(sessions::find_open(&mut conn, REALM, by_id, open(100)).await.unwrap().is_none());
    let of_alice = sessions::list(&mut conn, REALM, Some(&fixture.user), None, false, open(99), 0, None).await.unwrap();
    assert_eq!(of_alice.len(), 1);
    assert_eq!(sessions::count_of_client(&mut conn, REALM, &"registry".into(), false, open(99)).await.unwrap(), 1);
    assert_eq!(sessions::count_of_client(&mut conn, REALM, &"registry".into(), true, open(99)).await.unwrap(), 0);
    assert_eq!(sessions::count_by_client(&mut conn, REALM, open(99)).await.unwrap()[0].sessions, 1);
    assert_eq!(sessions::expire(store, NOW + Duration::seconds(99), 10).await.unwrap(), 0);
    assert_eq!(sessions::expire(store, NOW + Duration::seconds(100), 10).await.unwrap(), 1);
}

#[tokio::test]
async fn users_are_searched() {
    let fixture = fixture().await;
    let mut tx = fixture.store.begin(REALM).await.unwrap();
    users::insert(&mut tx, &user("bob_b", None), false).await.unwrap();
    users::insert(&mut tx, &user("bobxb", Some("x@example.org")), true).await.unwrap();
    tx.commit().await.unwrap();
    let mut conn = fixture.store.read().await.unwrap();
    let team = |team: &str| Some(MultiAttributes::from([("team".to_owned(), vec![team.to_owned()])]));
    for (filter, expected) in [
        (Filter::default(), 3),
        (Filter { username: Some(exactly("bob_b")), ..Filter::default() }, 1),
        (Filter { username: Some(containing("OB")), ..Filter::default() }, 2),
        (Filter { email: Some(containing("example.org")), ..Filter::default() }, 2),
        (Filter { words: Some(vec!["first%".to_owned(), "bob%".to_owned()]), ..Filter::default() }, 2),
        (Filter { words: Some(vec!["x@%".to_owned()]), ..Filter::default() }, 1),
        (Filter { ids: Some(vec!["alice".to_owned(), "zoe".to_owned()]), ..Filter::default() }, 1),
        (Filter { attributes: team("red"), ..Filter::default() }, 3),
        (Filter { attributes: team("green"), ..Filter::default() }, 0),
        (Filter { enabled: Some(false), ..Filter::default() }, 0),
        (Filter { created_after: Some(NOW), created_before: Some(NOW), ..Filter::default() }, 3),
        (Filter { created_after: Some(NOW + Duration::SECOND), ..Filter::default() }, 0),
    ] {
        let found = users::search::list(&mut conn, REALM, &filter, 0, Some(100)).await.unwrap();
        assert_eq!(found.len(), expected, "{filter:?}");
        let count = users::search::count(&mut conn, REALM, &filter).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), expected);
    }
}

#[tokio::test]
async fn a_name_may_not_be_another_users_address() {
    let fixture = fixture().await;
    let mut tx = fixture.store.begin(REALM).await.unwrap();
    users::reserve_names(&mut tx, &["b", "a", "b"]).await.unwrap();
    let clashes = users::clashes(&mut tx, &"new".into(), "alice@example.org", Some("alice")).await.unwrap();
    assert!(clashes.username_is_email && clashes.email_is_username && !clashes.email_is_email);
    let clashes = users::clashes(&mut tx, &"new".into(), "new", Some("alice@example.org")).await.unwrap();
    assert!(!clashes.username_is_email && !clashes.email_is_username && clashes.email_is_email);
    let own = users::clashes(&mut tx, &fixture.user, "alice", Some("alice@example.org")).await.unwrap();
    assert!(!own.username_is_email && !own.email_is_username && !own.email_is_email);
}

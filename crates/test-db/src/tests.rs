//! On the real shared server: these tests run beside those of other crates and of other checkouts.

use crate::{Error, Template, TestDatabase, administration, server_url};
use futures_util::future::try_join_all;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};

async fn run(url: &str, sql: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    administration::execute(&mut connection, sql.to_owned()).await
}

async fn number(url: &str, sql: &str) -> i64 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut connection).await.unwrap()
}

async fn drop_template(hash: &str) {
    run(&server_url().await.unwrap(), &format!("DROP DATABASE IF EXISTS tpl_{hash} WITH (FORCE)")).await.unwrap();
}

fn fruit(hash: &str) -> Template {
    Template {
        name_hash: hash.to_owned(),
        prepare: |url| {
            Box::pin(async move {
                run(&url, "CREATE TABLE fruit (name text); INSERT INTO fruit VALUES ('apple')").await?;
                Ok(())
            })
        },
    }
}

#[tokio::test]
async fn databases_are_independent_and_gone_after_use() {
    let template = fruit("selftest1");
    let first = TestDatabase::from_template(&template).await.unwrap();
    let second = TestDatabase::from_template(&template).await.unwrap();
    run(first.url(), "INSERT INTO fruit VALUES ('pear')").await.unwrap();
    let count = "SELECT count(*) FROM fruit";
    assert_eq!((number(first.url(), count).await, number(second.url(), count).await), (2, 1));

    // Somebody is still connected: dropped all the same.
    let connected = PgConnection::connect(first.url()).await.unwrap();
    let sql = format!("SELECT count(*) FROM pg_database WHERE datname IN ('{}', '{}')", first.name(), second.name());
    drop((first, second));
    assert_eq!(number(&server_url().await.unwrap(), &sql).await, 0);
    drop(connected);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_at_once_prepare_the_template_once() {
    static PREPARED: AtomicU32 = AtomicU32::new(0);
    drop_template("selftest2").await;
    let template = Template {
        name_hash: "selftest2".to_owned(),
        prepare: |url| {
            Box::pin(async move {
                PREPARED.fetch_add(1, Ordering::SeqCst);
                run(&url, "CREATE TABLE fruit (name text)").await?;
                Ok(())
            })
        },
    };
    let databases = try_join_all((0..8).map(|_| TestDatabase::from_template(&template))).await.unwrap();
    assert_eq!(PREPARED.load(Ordering::SeqCst), 1);
    for database in &databases {
        assert_eq!(number(database.url(), "SELECT count(*) FROM fruit").await, 0);
    }
    drop(databases);
    drop_template("selftest2").await;
}

#[tokio::test]
async fn a_failed_preparation_leaves_no_template() {
    let failing = Template {
        name_hash: "selftest3".to_owned(),
        prepare: |url| {
            Box::pin(async move {
                run(&url, "CREATE TABLE fruit (name text)").await?;
                Err("out of ink".into())
            })
        },
    };
    let error = TestDatabase::from_template(&failing).await.unwrap_err();
    assert!(matches!(&error, Error::Prepare(source) if source.to_string() == "out of ink"), "{error}");
    // The same hash can be prepared afterwards.
    let database = TestDatabase::from_template(&fruit("selftest3")).await.unwrap();
    assert_eq!(number(database.url(), "SELECT count(*) FROM fruit").await, 1);
    drop(database);
    drop_template("selftest3").await;
}

#[tokio::test]
async fn what_killed_tests_left_behind_is_dropped() {
    let server = server_url().await.unwrap();
    let old = format!("t_1700000000_{}", "0a".repeat(16));
    run(&server, &format!("DROP DATABASE IF EXISTS {old}")).await.unwrap();
    run(&server, &format!("CREATE DATABASE {old}")).await.unwrap();
    let sql = format!("SELECT count(*) FROM pg_database WHERE datname = '{old}'");
    // Another test may hold the lock just then, and leaves the work to the next.
    for _ in 0..50 {
        drop(TestDatabase::from_template(&fruit("selftest1")).await.unwrap());
        if number(&server, &sql).await == 0 {
            return;
        }
    }
    panic!("{old} is still there");
}

#[tokio::test]
async fn a_hash_that_is_no_name_is_refused() {
    for hash in ["", "a b", "a\"; DROP DATABASE x", "ABC", &"a".repeat(49)] {
        assert!(matches!(TestDatabase::from_template(&fruit(hash)).await, Err(Error::Hash(_))), "{hash}");
    }
}

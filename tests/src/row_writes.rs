//! How many rows requests write.
//!
//! PostgreSQL's own counts come late and from each session at a time of its own, so triggers count: one on every table,
//! for every row that is inserted, updated or deleted, by a cascade too. What they count in is a sequence, which no
//! transaction holds back and no rollback takes back.

use sqlx::{Connection, PgConnection};

const COUNTER: &str = "create sequence row_writes";
const FUNCTION: &str = "
    create function count_row_write() returns trigger language plpgsql as $$
    begin
        perform nextval('row_writes');
        return null;
    end $$";
/// Not on `events`: they are written many at a time, by a task of the server's own.
const TRIGGERS: &str = "
    do $$
    declare
        counted text;
    begin
        for counted in select tablename from pg_tables where schemaname = 'public' and tablename <> 'events' loop
            execute format(
                'create trigger row_write after insert or update or delete on %I for each row
                 execute function count_row_write()', counted);
        end loop;
    end $$";
const COUNT: &str = "select case when is_called then last_value else 0 end from row_writes";

/// The rows that were written since this began, by whatever server the database has.
#[derive(Debug)]
pub struct RowWrites(PgConnection);

impl RowWrites {
    /// Begins to count in the database at this URL.
    ///
    /// # Panics
    /// If that can't be done.
    pub async fn begin(database_url: &str) -> Self {
        let mut connection = PgConnection::connect(database_url).await.expect("the database answers");
        for statement in [COUNTER, FUNCTION, TRIGGERS] {
            sqlx::query(statement).execute(&mut connection).await.expect("a database without the triggers");
        }
        Self(connection)
    }

    /// How many there were so far.
    ///
    /// # Panics
    /// If the database doesn't answer.
    pub async fn count(&mut self) -> i64 {
        sqlx::query_scalar(COUNT).fetch_one(&mut self.0).await.expect("the database answers")
    }
}

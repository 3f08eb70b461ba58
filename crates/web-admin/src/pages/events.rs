//! What happened: logins, what administrators did, and what of it a realm keeps.

mod administration;
mod export;
mod logins;
mod settings;

use model::{
    id::EventId,
    permission::Permission::{self, *},
};
use services::store::events::Place;
use time::{Date, OffsetDateTime, Time, macros::format_description};

use crate::{
    list::{List, Query},
    routes::Routes,
};

const VIEW: &[Permission] = &[ViewEvents, ManageEvents];
const MANAGE: &[Permission] = &[ManageEvents];
const USERS: &[Permission] = &[ViewUsers, ManageUsers];

pub(crate) fn routes(routes: &mut Routes) {
    settings::routes(routes);
    export::routes(routes);
    logins::routes(routes);
    administration::routes(routes);
}

/// The first moment of a day, or its last.
fn day(text: &str, last: bool) -> Option<OffsetDateTime> {
    let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
    let time = if last { Time::from_hms_micro(23, 59, 59, 999_999).ok()? } else { Time::MIDNIGHT };
    (1970..=9999).contains(&day.year()).then(|| day.with_time(time).assume_utc())
}

/// A place as an address has it: microseconds since 1970, which is how exactly the database knows time, and an id.
fn written(time: OffsetDateTime, id: &EventId) -> String {
    format!("{}~{id}", time.unix_timestamp_nanos().div_euclid(1_000))
}

/// Reads a place. None if it is none.
fn place(text: &str) -> Option<Place> {
    let (micros, id) = text.split_once('~')?;
    let nanos = micros.parse::<i128>().ok()?.checked_mul(1_000)?;
    let time = OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?;
    (1970..=9999).contains(&time.year()).then(|| Place { time, id: EventId::from(id) })
}

/// Lets a list lead on by places instead of by numbers: to what is older than its last row, and back to the newest.
fn by_places(list: &mut List, query: &Query, last: Option<String>) {
    list.page = 0;
    list.previous = (!query.get("before").is_empty()).then(|| query.without(&[]));
    list.next = last.map(|last| query.with("before", &last));
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn places_and_days() {
        let time = datetime!(2024-02-29 12:00:00.123456 UTC);
        let text = written(time, &"e~1".into());
        assert_eq!(place(&text), Some(Place { time, id: "e~1".into() }));
        for wrong in ["", "1", "x~1", "99999999999999999999999999999999999999~1"] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
        assert_eq!(day("2024-02-29", false), Some(datetime!(2024-02-29 0:00 UTC)));
        assert_eq!(day("2024-02-30", true), None);
    }
}

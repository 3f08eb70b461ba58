//! Moments in queries: milliseconds since 1970, or a day.

use time::{Date, OffsetDateTime, Time, macros::format_description};

/// Which end of a day is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Its first moment.
    Start,
    /// Its last moment.
    End,
}

/// Reads `yyyy-MM-dd` (in UTC) or milliseconds since 1970. None if it is neither, or before 1970 or after 9999.
pub(crate) fn moment(text: &str, edge: Edge) -> Option<OffsetDateTime> {
    let moment = match text.parse::<i64>() {
        Ok(millis) => OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok()?,
        Err(_) => {
            let day = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
            let time = match edge {
                Edge::Start => Time::MIDNIGHT,
                Edge::End => Time::from_hms_milli(23, 59, 59, 999).ok()?,
            };
            day.with_time(time).assume_utc()
        }
    };
    (1970..=9999).contains(&moment.year()).then_some(moment)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn days_and_milliseconds() {
        assert_eq!(moment("2024-02-29", Edge::Start), Some(datetime!(2024-02-29 0:00 UTC)));
        assert_eq!(moment("2024-02-29", Edge::End), Some(datetime!(2024-02-29 23:59:59.999 UTC)));
        assert_eq!(moment("1000", Edge::Start), Some(datetime!(1970-01-01 0:00:01 UTC)));
        for wrong in ["", "yesterday", "2023-02-29", "-1", "99999999999999999", "2024-02-29T00:00:00Z"] {
            assert_eq!(moment(wrong, Edge::Start), None, "{wrong}");
        }
    }
}

//! Events taken out of a realm, in pieces: however many there are, one piece is in memory, and no statement runs for long.

use model::{
    event::{AdminEvent, Event},
    realm::Realm,
};
use representation::{AdminEventRepresentation, EventRepresentation};
use store::{admin_events, events, events::Place};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{Caller, Result, Services};

/// How many events a piece has.
const PIECE: usize = 1_000;
/// How many events an export has at the most.
const MOST: usize = 1_000_000;

/// How events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON object on each line.
    JsonLines,
    /// Comma-separated values, with the names of the columns on the first line.
    Csv,
}

/// An export under way: the newest events first.
#[derive(Clone, Debug)]
pub struct Export<F> {
    filter: F,
    format: Format,
    given: usize,
    over: bool,
}

impl<F> Export<F> {
    fn begin(filter: F, format: Format) -> Self {
        Self { filter, format, given: 0, over: false }
    }

    /// A piece with these lines; none if the export is over.
    fn piece<T>(&mut self, columns: &str, found: &[T], line: impl Fn(&T, Format) -> String) -> Option<String> {
        let begins = self.given == 0;
        self.given = self.given.saturating_add(found.len());
        self.over = found.len() < PIECE || self.given >= MOST;
        let head = (begins && self.format == Format::Csv).then_some(columns);
        let mut piece = head.map(|columns| format!("{columns}\r\n")).unwrap_or_default();
        piece.extend(found.iter().map(|one| line(one, self.format)));
        (!piece.is_empty()).then_some(piece)
    }
}

fn most() -> i64 {
    i64::try_from(PIECE).unwrap_or(i64::MAX)
}

impl Export<events::Filter> {
    /// An export of the login events that pass `filter`.
    #[must_use]
    pub fn of_logins(filter: events::Filter, format: Format) -> Self {
        Self::begin(events::Filter { oldest_first: false, first: 0, max: Some(most()), ..filter }, format)
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    /// `Forbidden` without `view-events` or `manage-events`.
    pub async fn next(&mut self, services: &Services, caller: &Caller, realm: &Realm) -> Result<Option<String>> {
        if self.over {
            return Ok(None);
        }
        let found = super::list(services, caller, realm, &self.filter).await?;
        if let Some(last) = found.last() {
            self.filter.before = Some(Place { time: last.time, id: last.id.clone() });
        }
        Ok(self.piece("time,id,type,client,user,session,ip_address,error,details", &found, |event, format| {
            login(event, realm, format)
        }))
    }
}

impl Export<admin_events::Filter> {
    /// An export of the admin events that pass `filter`.
    #[must_use]
    pub fn of_administration(filter: admin_events::Filter, format: Format) -> Self {
        Self::begin(admin_events::Filter { oldest_first: false, first: 0, max: Some(most()), ..filter }, format)
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    /// As of login events.
    pub async fn next(&mut self, services: &Services, caller: &Caller, realm: &Realm) -> Result<Option<String>> {
        if self.over {
            return Ok(None);
        }
        let found = crate::admin_events::list(services, caller, realm, &self.filter).await?;
        if let Some(last) = found.last() {
            self.filter.before = Some(Place { time: last.time, id: last.id.clone() });
        }
        let columns = "time,id,operation,resource_type,resource_path,realm,client,user,ip_address,representation";
        Ok(self.piece(columns, &found, |event, format| of_administrator(event, realm, format)))
    }
}

fn login(event: &Event, realm: &Realm, format: Format) -> String {
    if format == Format::JsonLines {
        return json(&EventRepresentation::of(event, &realm.given_id));
    }
    let details = serde_json::to_string(&event.details).unwrap_or_default();
    let user = event.user_id.as_ref().map(|user| user.as_str());
    let session = event.session_id.as_ref().map(|session| session.as_str());
    csv([
        Some(&*moment(event.time)),
        Some(event.id.as_str()),
        Some(&event.kind),
        event.client_id.as_deref(),
        user,
        session,
        event.ip_address.as_deref(),
        event.error.as_deref(),
        Some(&details),
    ])
}

fn of_administrator(event: &AdminEvent, realm: &Realm, format: Format) -> String {
    if format == Format::JsonLines {
        return json(&AdminEventRepresentation::of(event, &realm.given_id));
    }
    let user = event.auth_user_id.as_ref().map(|user| user.as_str());
    let client = event.auth_client_id.as_ref().map(|client| client.as_str());
    csv([
        Some(&*moment(event.time)),
        Some(event.id.as_str()),
        Some(&event.operation),
        Some(&event.resource_type),
        Some(&event.resource_path),
        Some(&event.auth_realm_id),
        client,
        user,
        event.ip_address.as_deref(),
        event.representation.as_deref(),
    ])
}

fn moment(time: OffsetDateTime) -> String {
    time.format(&Rfc3339).unwrap_or_default()
}

fn json(one: &impl serde::Serialize) -> String {
    let mut line = serde_json::to_string(one).unwrap_or_default();
    line.push('\n');
    line
}

/// A line of comma-separated values (RFC 4180).
fn csv<'a>(cells: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let mut line = String::new();
    for (number, text) in cells.into_iter().enumerate() {
        if number > 0 {
            line.push(',');
        }
        let text = text.unwrap_or_default();
        // What people typed is in here, and a spreadsheet takes a cell that begins so for a formula.
        let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        if formula || text.contains([',', '"', '\r', '\n']) {
            line.push('"');
            line.push_str(if formula { "'" } else { "" });
            line.push_str(&text.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(text);
        }
    }
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_are_no_formulas() {
        let line = csv([Some("a"), None, Some("b,\"c\""), Some("=1+1"), Some("x\ny")]);
        assert_eq!(line, "a,,\"b,\"\"c\"\"\",\"'=1+1\",\"x\ny\"\r\n");
    }

    #[test]
    fn an_export_begins_with_its_columns_and_ends_with_a_short_piece() {
        let mut export = Export::begin((), Format::Csv);
        let full = vec![0_u8; PIECE];
        let line = |number: &u8, _| format!("{number}\r\n");
        assert!(export.piece("n", &full, line).unwrap().starts_with("n\r\n0\r\n"));
        assert!(!export.over);
        assert_eq!(export.piece("n", &[1], line).unwrap(), "1\r\n");
        assert!(export.over);
        let mut nothing = Export::begin((), Format::JsonLines);
        assert_eq!(nothing.piece("n", &[], line), None);
    }
}

//! Charts that the server draws: columns over time, as SVG, with the same numbers as a table beside it.

use services::overview::Series;
use time::{OffsetDateTime, macros::format_description};

/// The size of the drawing; the browser scales it.
const WIDTH: i64 = 360;
const HEIGHT: i64 = 132;
/// The room left of the columns, for numbers, and below them, for times.
const LEFT: i64 = 34;
const BELOW: i64 = 18;
const ABOVE: i64 = 8;

/// One kind of thing in a chart.
pub(crate) struct Kind {
    /// Its name.
    pub label: &'static str,
    /// The class of its colour, `series-1` to `series-3`.
    pub class: &'static str,
    /// All of it together.
    pub total: i64,
}

/// A rectangle.
pub(crate) struct Bar {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    pub class: &'static str,
}

/// A text with its place.
pub(crate) struct Label {
    pub x: i64,
    pub y: i64,
    pub anchor: &'static str,
    pub text: String,
}

/// A chart of columns; of several kinds, they stand upon each other.
pub(crate) struct Chart {
    /// What it is about.
    pub title: &'static str,
    /// An id for its title.
    pub id: &'static str,
    pub kinds: Vec<Kind>,
    pub bars: Vec<Bar>,
    /// Heights of lines.
    pub lines: Vec<i64>,
    pub labels: Vec<Label>,
    /// The same as a table: a time, and a number of each kind.
    pub rows: Vec<(String, Vec<i64>)>,
    pub width: i64,
    pub height: i64,
    pub left: i64,
}

impl Chart {
    /// Draws kinds of things over time.
    pub fn new(
        (id, title): (&'static str, &'static str),
        columns: &[OffsetDateTime],
        by_day: bool,
        kinds: &[(&'static str, &'static str, &Series)],
    ) -> Self {
        let at = |series: &Series, column: usize| series.get(column).copied().unwrap_or_default().max(0);
        let sum = |column: usize| kinds.iter().map(|(.., series)| at(series, column)).sum::<i64>();
        let top = round_up((0..columns.len()).map(sum).max().unwrap_or_default());
        let (bottom, room) = (HEIGHT - BELOW, HEIGHT - BELOW - ABOVE);
        let count = i64::try_from(columns.len()).unwrap_or(1).max(1);
        let slot = (WIDTH - LEFT) / count;
        let mut bars = Vec::new();
        for column in 0..columns.len() {
            let x = LEFT + slot * i64::try_from(column).unwrap_or_default() + 1;
            let mut below = 0;
            for (_, class, series) in kinds {
                let n = at(series, column);
                let (from, to) = (below * room / top, (below + n) * room / top);
                // What happened at all is seen.
                let height = if n > 0 { (to - from).max(1) } else { 0 };
                if height > 0 {
                    bars.push(Bar { x, y: bottom - from - height, width: (slot - 2).max(1), height, class });
                }
                below += n;
            }
        }
        let mut labels: Vec<_> = [0, top / 2, top]
            .into_iter()
            .map(|n| Label { x: LEFT - 4, y: bottom - n * room / top + 3, anchor: "end", text: short(n) })
            .collect();
        if top < 2 {
            labels.remove(1);
        }
        for column in [0, columns.len() / 2, columns.len().saturating_sub(1)] {
            let x = LEFT + slot * i64::try_from(column).unwrap_or_default() + slot / 2;
            let anchor = match column {
                0 => "start",
                last if last + 1 == columns.len() => "end",
                _ => "middle",
            };
            let text = columns.get(column).map(|time| name(*time, by_day)).unwrap_or_default();
            labels.push(Label { x, y: HEIGHT - 5, anchor, text });
        }
        let rows = columns
            .iter()
            .enumerate()
            .map(|(column, time)| (name(*time, by_day), kinds.iter().map(|(.., series)| at(series, column)).collect()));
        Self {
            title,
            id,
            kinds: kinds
                .iter()
                .map(|(label, class, series)| Kind { label, class, total: series.iter().sum() })
                .collect(),
            bars,
            lines: vec![bottom, bottom - room / 2, bottom - room],
            labels,
            rows: rows.collect(),
            width: WIDTH,
            height: HEIGHT,
            left: LEFT,
        }
    }
}

/// The next number that reads well: 1, 2 or 5 times a power of ten, and even from ten on.
fn round_up(n: i64) -> i64 {
    let mut power = 1;
    loop {
        for step in [1, 2, 4, 6, 8, 10] {
            if n <= step * power {
                return (step * power).max(1);
            }
        }
        match power.checked_mul(10).filter(|power| *power < i64::MAX / 1_000) {
            Some(next) => power = next,
            None => return n.max(1),
        }
    }
}

/// A number in few letters.
fn short(n: i64) -> String {
    match n {
        ..10_000 => n.to_string(),
        10_000..1_000_000 => format!("{}k", n / 1_000),
        _ => format!("{}M", n / 1_000_000),
    }
}

fn name(time: OffsetDateTime, by_day: bool) -> String {
    let written = match by_day {
        true => time.format(format_description!("[month]-[day]")),
        false => time.format(format_description!("[hour]:00")),
    };
    written.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn columns_fit_whatever_the_numbers() {
        let columns: Vec<_> =
            (0..24).map(|hour| datetime!(2026-11-26 00:00 UTC) + time::Duration::hours(hour)).collect();
        for most in [0, 1, 3, 17, 999, 1_000_000, i64::MAX / 10_000] {
            let (one, other): (Series, Series) = ((0..24).map(|n| n * most / 24).collect(), vec![most; 24]);
            let chart = Chart::new(("c", "t"), &columns, false, &[("a", "series-1", &one), ("b", "series-2", &other)]);
            for bar in &chart.bars {
                assert!(bar.x >= LEFT && bar.x + bar.width <= WIDTH && bar.y >= ABOVE - 1, "{most}: {}", bar.y);
                assert!(bar.y + bar.height <= HEIGHT - BELOW && bar.height > 0, "{most}");
            }
            assert_eq!(chart.kinds[1].total, 24 * most);
        }
        assert_eq!([0, 1, 2, 3, 11, 61, 100].map(round_up), [1, 1, 2, 4, 20, 80, 100]);
    }
}

//! Pages of lists as people look at them: of a bounded size, not endlessly far back, and with nothing counted.

/// The most rows of a page.
pub const LARGEST: i64 = 200;
/// How many rows may be passed over. Whoever wants what is further back narrows the list or turns it round.
pub const DEEPEST: i64 = 10_000;

/// Which part of a list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    number: i64,
    size: i64,
}

impl Page {
    /// The page with this number, from 0, of pages with `size` rows. Numbers out of bounds are brought within them.
    #[must_use]
    pub fn new(number: i64, size: i64) -> Self {
        let size = size.clamp(1, LARGEST);
        Self { number: number.clamp(0, DEEPEST / size), size }
    }

    /// Its number, from 0.
    #[must_use]
    pub fn number(self) -> i64 {
        self.number
    }

    /// How many rows come before it.
    #[must_use]
    pub fn first(self) -> i64 {
        self.number * self.size
    }

    /// How many rows are asked for: one more than are shown, which tells whether there are more.
    #[must_use]
    pub fn asked(self) -> i64 {
        self.size + 1
    }

    /// The page that these rows, [`Self::asked`] for, fill.
    #[must_use]
    pub fn of<T>(self, mut rows: Vec<T>) -> Listed<T> {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        Listed { rows, more }
    }

    /// The page of a list that is there as a whole.
    #[must_use]
    pub fn cut<T>(self, rows: Vec<T>) -> Listed<T> {
        let number = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        self.of(rows.into_iter().skip(number(self.first())).take(number(self.asked())).collect())
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// What is on the page.
    pub rows: Vec<T>,
    /// There is more after it.
    pub more: bool,
}

impl<T> Listed<T> {
    /// A page with nothing on it.
    #[must_use]
    pub fn empty() -> Self {
        Self { rows: Vec::new(), more: false }
    }

    /// The same page with something else in each place.
    #[must_use]
    pub fn map<U>(self, into: impl FnMut(T) -> U) -> Listed<U> {
        Listed { rows: self.rows.into_iter().map(into).collect(), more: self.more }
    }
}

/// Which way a list goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From a to z, from old to new.
    #[default]
    Ascending,
    /// The other way round.
    Descending,
}

impl Direction {
    /// Whether it goes from z to a.
    #[must_use]
    pub fn is_descending(self) -> bool {
        self == Self::Descending
    }
}

/// The text that a list is narrowed by, without spaces around it; none if there is nothing to narrow by. `Err` if nothing
/// can hold it.
pub(crate) fn text(given: Option<&str>) -> Result<Option<String>, Unfindable> {
    match given.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) if text.contains('\0') || text.len() > crate::realms::MAX_NAME_LENGTH * 4 => Err(Unfindable),
        text => Ok(text.map(str::to_owned)),
    }
}

/// Nothing that is stored can hold a text.
pub(crate) struct Unfindable;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_whether_there_are_more() {
        let page = Page::new(1, 2);
        assert_eq!((page.first(), page.asked()), (2, 3));
        assert_eq!(page.of(vec![1, 2, 3]), Listed { rows: vec![1, 2], more: true });
        assert_eq!(page.of(vec![1, 2]), Listed { rows: vec![1, 2], more: false });
        assert_eq!(page.cut(vec![1, 2, 3, 4]), Listed { rows: vec![3, 4], more: false });
        assert_eq!(Page::new(0, 2).cut(vec![1, 2, 3]), Listed { rows: vec![1, 2], more: true });
    }

    #[test]
    fn pages_have_bounds() {
        assert_eq!(Page::new(-5, 0), Page::new(0, 1));
        assert_eq!(Page::new(i64::MAX, i64::MAX), Page::new(DEEPEST / LARGEST, LARGEST));
    }
}

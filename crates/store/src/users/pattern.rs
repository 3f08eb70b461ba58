//! Patterns of SQL's `like`, and the terms of the index that must be in whatever fits one.

/// How many letters a term has.
const TERM: usize = 3;
/// More terms than this narrow nothing any further.
const MOST_TERMS: usize = 60;

/// The pattern that fits `text` alone.
#[must_use]
pub fn exactly(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

/// The pattern that fits everything with `text` in it.
#[must_use]
pub fn containing(text: &str) -> String {
    format!("%{}%", exactly(text))
}

/// The pattern that fits everything that begins with `text`.
#[must_use]
pub fn beginning_with(text: &str) -> String {
    format!("{}%", exactly(text))
}

/// A pattern taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// What stands between wildcards, as letters; with line breaks where a field must begin or end.
    runs: Vec<String>,
}

impl Parts {
    /// Takes a pattern apart. Wildcards are `%` only: [`exactly`] makes letters of all others.
    pub(super) fn of(pattern: &str) -> Self {
        let mut runs = vec!["\n\n".to_owned()];
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '%' => runs.push(String::new()),
                '\\' => runs.extend_last(letters.next()),
                other => runs.extend_last(Some(other)),
            }
        }
        if let Some(last) = runs.last_mut() {
            last.push_str("\n\n");
        }
        Self { runs }
    }

    /// Whether it says how something begins, and nothing but perhaps how it ends there.
    pub(super) fn is_beginning(&self) -> bool {
        match self.runs.as_slice() {
            [whole] => whole.len() > 4,
            [first, last] => first.len() > 2 && last == "\n\n",
            _ => false,
        }
    }

    /// Whether there is no wildcard.
    pub(super) fn is_whole(&self) -> bool {
        self.runs.len() == 1
    }

    /// The terms that must be in the index for whatever fits, each after `bucket`.
    pub(super) fn terms<'a>(&'a self, bucket: &'a str) -> impl Iterator<Item = String> + 'a {
        self.runs
            .iter()
            .flat_map(move |run| {
                let letters: Vec<char> = run.chars().collect();
                letters.windows(TERM).map(|term| format!("{bucket}{}", String::from_iter(term))).collect::<Vec<_>>()
            })
            .take(MOST_TERMS)
    }
}

trait ExtendLast {
    fn extend_last(&mut self, letter: Option<char>);
}

impl ExtendLast for Vec<String> {
    fn extend_last(&mut self, letter: Option<char>) {
        if let Some(last) = self.last_mut() {
            last.extend(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(pattern: &str) -> Vec<String> {
        Parts::of(pattern).terms("x").collect()
    }

    #[test]
    fn wildcards_in_a_text_are_letters() {
        assert_eq!(exactly(r"A%b_c\d"), r"a\%b\_c\\d");
        assert_eq!(containing("100%"), r"%100\%%");
        assert_eq!(beginning_with("100%"), r"100\%%");
    }

    #[test]
    fn patterns_have_terms() {
        assert_eq!(terms("%ann%"), ["xann"]);
        assert_eq!(terms("%an%"), [""; 0]);
        assert_eq!(terms("a%"), ["x\n\na"]);
        assert_eq!(terms("an%"), ["x\n\na", "x\nan"]);
        assert_eq!(terms("a"), ["x\n\na", "x\na\n", "xa\n\n"]);
        assert_eq!(terms("%a"), ["xa\n\n"]);
        assert_eq!(terms(r"%1\%2%"), ["x1%2"]);
        assert_eq!(terms("%özi%"), ["xözi"]);
        assert_eq!(terms("abc%def%"), ["x\n\na", "x\nab", "xabc", "xdef"]);
    }

    #[test]
    fn beginnings_and_wholes() {
        for (pattern, beginning, whole) in [
            ("ann", true, true),
            ("ann%", true, false),
            ("%ann", false, false),
            ("%ann%", false, false),
            ("a%n", false, false),
            ("a%n%", false, false),
            ("%", false, false),
            ("", false, true),
            (r"50\%", true, true),
        ] {
            let parts = Parts::of(pattern);
            assert_eq!((parts.is_beginning(), parts.is_whole()), (beginning, whole), "{pattern}");
        }
    }
}

//! "Did you mean": the known name that is closest to an unknown one.

/// How many letters have to be added, removed or replaced to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (number, letter) in one.chars().enumerate() {
        let mut next = vec![number + 1];
        for ((at, known), window) in other.iter().enumerate().zip(row.windows(2)) {
            let replaced = window.first().copied().unwrap_or(0) + usize::from(letter != *known);
            let removed = window.last().copied().unwrap_or(0) + 1;
            let added = next.get(at).copied().unwrap_or(0) + 1;
            next.push(replaced.min(removed).min(added));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// The name among `known` that is so close to `unknown` that it was probably meant.
pub fn closest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let normal = |name: &str| name.to_ascii_lowercase().replace('_', "-");
    let unknown = normal(unknown);
    let best = known.into_iter().map(|name| (distance(&unknown, &normal(name)), name)).min_by_key(|(far, _)| *far);
    best.filter(|(far, _)| *far <= 2.max(unknown.chars().count() / 4)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted_in_letters() {
        for (one, other, expected) in [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("port", "prot", 2)] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn only_close_names_are_suggested() {
        let known = ["http-port", "https-port", "hostname"];
        assert_eq!(closest("http_prot", known), Some("http-port"));
        assert_eq!(closest("HTTPS-PORT", known), Some("https-port"));
        assert_eq!(closest("host-name", known), Some("hostname"));
        assert_eq!(closest("completely-different", known), None);
    }
}

//! Texts that others chose, made fit to be shown: names of realms, clients and scopes, and what came in a request.
//!
//! The templates escape markup. What escaping leaves are characters that change how the text around them is read: the
//! marks that turn the direction of writing, and control characters. A page title can't isolate them, so they go.

use std::fmt::{self, Display, Formatter};

/// The longest name that is shown, in characters.
const NAME: usize = 80;
/// The longest sentence that is shown, in characters.
const SENTENCE: usize = 600;
/// The longest text of several lines that is shown, in bytes.
const LINES: usize = 64 * 1_024;

/// A text to show, of bounded length and without characters that act on their neighbours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown(String);

impl Shown {
    /// A name; beyond 80 characters it ends in an ellipsis.
    #[must_use]
    pub fn name(text: &str) -> Self {
        Self(quiet(text, NAME))
    }

    /// A sentence; beyond 600 characters it ends in an ellipsis.
    #[must_use]
    pub fn sentence(text: &str) -> Self {
        Self(quiet(text, SENTENCE))
    }

    /// A text of several lines, each as it is; beyond 64 KiB it ends in an ellipsis.
    #[must_use]
    pub fn lines(text: &str) -> Self {
        let lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
        let quiet = |line: &str| -> String {
            let letters = line.chars().filter(|letter| !turns(*letter));
            letters.map(|letter| if breaks(letter) { ' ' } else { letter }).collect()
        };
        let mut kept = lines.map(quiet).collect::<Vec<_>>().join("\n");
        if kept.len() > LINES {
            kept.truncate(kept.floor_char_boundary(LINES));
            kept.push('…');
        }
        Self(kept)
    }

    /// Whether nothing is left to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for Shown {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn quiet(text: &str, longest: usize) -> String {
    let spaced = text.chars().filter(|letter| !turns(*letter)).map(|letter| if breaks(letter) { ' ' } else { letter });
    // One more than may be shown tells whether there was more.
    let mut kept: String = spaced.skip_while(|letter| letter.is_whitespace()).take(longest + 1).collect();
    if let Some((end, _)) = kept.char_indices().nth(longest) {
        kept.truncate(end);
        kept.truncate(kept.trim_end().len());
        kept.push('…');
    } else {
        kept.truncate(kept.trim_end().len());
    }
    kept
}

/// The formatting characters of the Unicode bidirectional algorithm (UAX #9 section 2).
fn turns(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn breaks(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_marks_and_controls_go() {
        assert_eq!(Shown::name("\u{202e}drow\u{2069}ssap\u{200f}").as_str(), "drowssap");
        assert_eq!(Shown::name(" a\r\nb\u{2028}c\0 ").as_str(), "a  b c");
        assert!(Shown::name("\u{2066}\u{7f}\n").is_empty());
    }

    #[test]
    fn a_long_text_ends_in_an_ellipsis() {
        let long = "é".repeat(10_000);
        assert_eq!(Shown::name(&long).as_str().chars().count(), 81);
        assert!(Shown::sentence(&long).as_str().ends_with("é…"));
        assert_eq!(Shown::name(&"é".repeat(80)).as_str(), "é".repeat(80));
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(Shown::lines("{\r\n  \"a\": \u{202e}1\0\n}").as_str(), "{\n  \"a\": 1 \n}");
        assert!(Shown::lines(&"é".repeat(100_000)).as_str().ends_with("é…"));
    }

    #[test]
    fn markup_and_placeholders_are_left_for_the_template_to_escape() {
        assert_eq!(Shown::name("<b>${a}\"'").as_str(), "<b>${a}\"'");
    }
}

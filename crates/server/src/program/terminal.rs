//! What is written to a terminal.

/// A text without what would move a terminal's cursor or turn its letters round.
pub fn printable(text: &str) -> String {
    let fits =
        |letter: &char| !letter.is_control() && !matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(fits).collect()
}

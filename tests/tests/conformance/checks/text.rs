//! Which characters may occur where (RFC 6749, appendix A).

/// `error` and `error_description`: printable ASCII without quotation mark and backslash.
pub fn is_error_text(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| matches!(character, ' '..='~') && !matches!(character, '"' | '\\'))
}

/// Codes and tokens: printable ASCII.
pub fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| matches!(character, ' '..='~'))
}

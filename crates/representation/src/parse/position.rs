//! Where Jackson says an unknown property is.
//!
//! By the time Jackson finds a property unknown it has already read the first token of its value, and it reports
//! the place behind that token: behind a whole number or literal, or behind the opening quote or bracket. serde
//! stops at the property's name, so the rest of the way is gone here.

/// Line and column (from 1, in bytes) that Jackson reports.
///
/// `line` and `column` are serde_json's for the end of the property's name.
pub(super) fn behind_first_token(body: &[u8], line: usize, column: usize) -> (usize, usize) {
    let line_start: usize =
        body.split_inclusive(|&byte| byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let rest = body.get(line_start.saturating_add(column)..).unwrap_or_default();
    let (mut line, mut column) = (line, column.saturating_add(1));
    let mut bytes = rest.iter();
    for &byte in bytes.by_ref() {
        match byte {
            b'\n' => (line, column) = (line.saturating_add(1), 1),
            b' ' | b'\t' | b'\r' | b':' => column = column.saturating_add(1),
            b'"' | b'[' | b'{' => return (line, column.saturating_add(1)),
            _ => {
                let more = bytes.take_while(|next| next.is_ascii_alphanumeric() || matches!(next, b'.' | b'+' | b'-'));
                return (line, column.saturating_add(1).saturating_add(more.count()));
            }
        }
    }
    (line, column)
}

//! Texts as one segment of a URL's path.

use std::fmt::Write;

/// Percent-encodes everything but the unreserved characters of RFC 3986 section 2.3, so that the text is exactly one
/// path segment or one value in a query.
#[must_use]
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::percent_encoded;

    #[test]
    fn a_text_stays_one_segment() {
        assert_eq!(percent_encoded("a-b.c_d~e"), "a-b.c_d~e");
        assert_eq!(percent_encoded("a/b ?&=é%"), "a%2Fb%20%3F%26%3D%C3%A9%25");
    }
}

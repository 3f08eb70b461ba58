//! Quoting, so that no name or address becomes anything else than text in the files.

/// A YAML double-quoted scalar (YAML 1.1 and 1.2) on one line, ASCII only.
pub(super) fn yaml(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            ' '..='~' => quoted.push(character),
            other => quoted.push_str(&match u32::from(other) {
                code @ ..=0xFF => format!("\\x{code:02X}"),
                code @ ..=0xFFFF => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            }),
        }
    }
    quoted.push('"');
    quoted
}

/// A YAML scalar of a Compose file, where a dollar begins a variable unless it is doubled.
pub(super) fn compose(text: &str) -> String {
    yaml(&text.replace('$', "$$"))
}

/// A value of an environment variable of a registry, which reads it as YAML: `yes` would be a truth value there.
pub(super) fn registry_variable(text: &str) -> String {
    yaml(text)
}

/// A word of a POSIX shell.
pub(super) fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// An address on one line: whatever isn't visible ASCII, and quotes, percent-encoded.
pub(super) fn url(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !b"'\"<>`\\^{|}".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

//! Spellings of a registered address that some browser, proxy or framework takes for it, or that look like it.

/// Letters that some parser passes over, ends at, or begins something new at.
const LETTERS: [&str; 18] =
    ["\t", "\n", "\r", "\0", " ", "\\", "/", ".", "@", ":", "#", "?", "&", ";", "*", "%", "\u{ad}", "\u{202e}"];

/// What leads up out of a folder, as servers and proxies spell it.
pub const UPWARDS: [&str; 16] = [
    "../",
    "..;/",
    "..;a=b/",
    "%2e%2e/",
    "%2E%2E%2F",
    ".%2e/",
    "%2e./",
    "..%2f",
    "..%5c",
    "..\\",
    "%252e%252e/",
    "%252e%252e%252f",
    "%25252e%25252e/",
    "%2e%2e%3b/",
    "./../",
    "x/../../",
];

/// Variants of `https://app.example/cb`, none of which is that address itself.
pub fn of(registered: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut add = |kind: &str, uri: String| {
        if uri != registered {
            all.push((kind.to_owned(), uri));
        }
    };
    for at in 0..=registered.len() {
        let (before, after) = registered.split_at(at);
        for letter in LETTERS {
            add(&format!("{letter:?} at {at}"), format!("{before}{letter}{after}"));
        }
        let Some(letter) = after.chars().next() else { continue };
        let rest = &after[1..];
        let byte = u32::from(letter);
        add(&format!("letter {at} left out"), format!("{before}{rest}"));
        add(&format!("letter {at} encoded"), format!("{before}%{byte:02x}{rest}"));
        add(&format!("letter {at} encoded twice"), format!("{before}%25{byte:02x}{rest}"));
        add(&format!("letter {at} in the other case"), format!("{before}{}{rest}", other_case(letter)));
        if let Some(alike) = look_alike(letter) {
            add(&format!("letter {at} looks alike"), format!("{before}{alike}{rest}"));
        }
    }
    for (kind, uri) in named() {
        add(kind, uri);
    }
    for up in UPWARDS {
        add("upwards", format!("https://app.example/{up}cb"));
        add("upwards at the end", format!("https://app.example/cb/{up}"));
        add("upwards to another page", format!("https://app.example/cb/{up}evil"));
        add("upwards out of another page", format!("https://app.example/evil/{up}cb"));
    }
    all
}

fn other_case(letter: char) -> char {
    if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
}

/// A letter of another script, or of another width, that a person takes for this one.
fn look_alike(letter: char) -> Option<char> {
    Some(match letter {
        'a' => '\u{430}',
        'c' => '\u{441}',
        'e' => '\u{435}',
        'p' => '\u{440}',
        'x' => '\u{445}',
        's' => '\u{455}',
        '/' => '\u{2215}',
        '.' => '\u{3002}',
        ':' => '\u{ff1a}',
        'b' | 'h' | 'l' | 'm' | 't' => char::from_u32(u32::from(letter) - 0x61 + 0xff41)?,
        _ => return None,
    })
}

/// The spellings that past holes are known by.
pub fn named() -> Vec<(&'static str, String)> {
    [
        ("nothing", ""),
        ("white space", " "),
        ("a path", "/cb"),
        ("no scheme", "//app.example/cb"),
        ("another scheme", "http://app.example/cb"),
        ("one slash", "https:/app.example/cb"),
        ("no slash", "https:app.example/cb"),
        ("three slashes", "https:///app.example/cb"),
        ("backslashes", "https:\\\\app.example\\cb"),
        ("the usual port", "https://app.example:443/cb"),
        ("another port", "https://app.example:8443/cb"),
        ("an empty port", "https://app.example:/cb"),
        ("a user", "https://user@app.example/cb"),
        ("a user with a password", "https://user:pw@app.example/cb"),
        ("the host as a user", "https://app.example@evil.example/cb"),
        ("the host as a user with a port", "https://app.example:443@evil.example/cb"),
        ("the address as a user", "https://app.example%2fcb@evil.example/"),
        ("two hosts", "https://app.example,evil.example/cb"),
        ("a host behind a backslash", "https://evil.example\\@app.example/cb"),
        ("a host before a backslash", "https://app.example\\@evil.example/cb"),
        ("a host behind a fragment", "https://evil.example#@app.example/cb"),
        ("a host behind a query", "https://evil.example?@app.example/cb"),
        ("a host that goes on", "https://app.example.evil.example/cb"),
        ("a host that goes on without a dot", "https://app.exampleevil.example/cb"),
        ("a host below", "https://evil.app.example/cb"),
        ("a host above", "https://example/cb"),
        ("a host with a prefix", "https://evilapp.example/cb"),
        ("a host that ends in a dot", "https://app.example./cb"),
        ("a host with NUL", "https://app.example%00.evil.example/cb"),
        ("a host with a slash", "https://app.example%2f.evil.example/cb"),
        ("a host with a backslash", "https://app.example%5c.evil.example/cb"),
        ("a host with a line break", "https://app.example%0a.evil.example/cb"),
        ("an IDN look-alike", "https://\u{430}pp.example/cb"),
        ("an IDN look-alike in ASCII", "https://xn--pp-6kc.example/cb"),
        ("a longer path", "https://app.example/cb/more"),
        ("a longer name", "https://app.example/cbx"),
        ("a shorter path", "https://app.example/"),
        ("no path", "https://app.example"),
        ("a slash at the end", "https://app.example/cb/"),
        ("a path parameter", "https://app.example/cb;x=1"),
        ("a query", "https://app.example/cb?x=1"),
        ("an empty query", "https://app.example/cb?"),
        ("a fragment", "https://app.example/cb#x"),
        ("an empty fragment", "https://app.example/cb#"),
        ("an encoded fragment", "https://app.example/cb%23x"),
        ("an encoded query", "https://app.example/cb%3fx"),
        ("a redirect on the way", "https://app.example/cb?next=https://evil.example/"),
        ("a header", "https://app.example/cb\r\nLocation: https://evil.example/"),
        ("an encoded header", "https://app.example/cb%0d%0aLocation:%20https://evil.example/"),
        ("a second address", "https://app.example/cb https://evil.example/"),
        ("a second address after a comma", "https://app.example/cb,https://evil.example/"),
        ("only the attacker's", "https://evil.example/"),
        ("a script", "javascript:alert(1)//https://app.example/cb"),
        ("a script in capitals", "JaVaScRiPt:alert(1)"),
        ("data", "data:text/html,<script>alert(1)</script>"),
        ("a file", "file:///etc/passwd"),
        ("a blob", "blob:https://app.example/cb"),
        ("the source", "view-source:https://app.example/cb"),
        ("an intent", "intent://app.example/cb#Intent;scheme=https;end"),
        ("no address", "app.example/cb"),
        ("a placeholder", "${authBaseUrl}/cb"),
        ("everything", "*"),
        ("everything of a scheme", "https://*"),
    ]
    .into_iter()
    .map(|(kind, uri)| (kind, uri.to_owned()))
    .collect()
}

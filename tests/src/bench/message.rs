//! HTTP/1.1 messages as the load writes and reads them: no more of it than our own server needs.

use std::fmt::Write;

use url::form_urlencoded;

/// A `GET` with these further header lines, each ended by `\r\n`.
#[must_use]
pub fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nUser-Agent: bench\r\n{headers}\r\n").into_bytes()
}

/// A `POST` of a form.
#[must_use]
pub fn post(path: &str, headers: &str, form: &[(&str, &str)]) -> Vec<u8> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nUser-Agent: bench\r\n{headers}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let _ = write!(request, "{body}");
    request.into_bytes()
}

/// A whole answer.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The status code.
    pub status: u16,
    head: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl<'a> Answer<'a> {
    /// Reads what came so far; none if something is missing yet.
    ///
    /// # Panics
    /// If it is no answer with a length.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let (head, body) = (bytes.get(..end)?, bytes.get(end + 4..)?);
        let head = std::str::from_utf8(head).expect("a head in ASCII");
        let status = head.get(9..12).and_then(|status| status.parse().ok()).expect("a status code");
        let answer = Self { status, head, body };
        let length = answer.headers("content-length").last().map(|length| length.parse().expect("a length"));
        let length: usize = length.expect("an answer with a length");
        (body.len() >= length).then_some(answer)
    }

    /// The values of a header, by its name in lower case.
    pub fn headers(&self, name: &'static str) -> impl Iterator<Item = &'a str> + use<'a> {
        let lines = self.head.split("\r\n").filter_map(|line| line.split_once(':'));
        lines.filter(move |(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// The value of a cookie that it sets.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&'a str> {
        self.headers("set-cookie").find_map(|cookie| cookie.split(';').next()?.strip_prefix(name)?.strip_prefix('='))
    }

    /// This answer, if it has the status.
    ///
    /// # Panics
    /// If it has another.
    #[must_use]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.head, String::from_utf8_lossy(self.body));
        self
    }
}

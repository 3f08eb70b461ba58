//! The cookies of one person, by the rules of RFC 6265 that servers rely on.

use reqwest::header::{HeaderMap, SET_COOKIE};
use url::Url;

/// All cookies that servers have set. As in browsers, the port does not matter.
#[derive(Clone, Debug, Default)]
pub struct Cookies(Vec<Cookie>);

#[derive(Clone, Debug)]
struct Cookie {
    host: String,
    path: String,
    name: String,
    value: String,
}

impl Cookies {
    /// Takes what this answer to a request for `url` sets and removes.
    pub fn take(&mut self, url: &Url, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let text = header.to_str().expect("a readable cookie");
            self.set(url, text);
        }
    }

    fn set(&mut self, url: &Url, text: &str) {
        let mut parts = text.split(';').map(str::trim);
        let (name, value) =
            parts.next().and_then(|pair| pair.split_once('=')).expect("a cookie has a name and a value");
        let attributes: Vec<(String, &str)> = parts
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect();
        let attribute = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| *value);
        let path = attribute("path").filter(|path| path.starts_with('/')).map_or_else(|| folder(url), str::to_owned);
        let host = url.host_str().unwrap_or_default().to_owned();
        self.0.retain(|cookie| (&*cookie.host, &*cookie.path, &*cookie.name) != (&*host, &*path, name));
        let gone = attribute("max-age").is_some_and(|seconds| seconds.parse::<i64>().is_ok_and(|seconds| seconds <= 0))
            || attribute("expires").is_some_and(|date| date.contains(" 1970 ") || date.contains("-1970 "));
        if !gone {
            self.0.push(Cookie { host, path, name: name.to_owned(), value: value.to_owned() });
        }
    }

    /// The `Cookie` header of a request for `url`, if there is one.
    #[must_use]
    pub fn header(&self, url: &Url) -> Option<String> {
        let mut fitting: Vec<&Cookie> = self.0.iter().filter(|cookie| cookie.fits(url)).collect();
        fitting.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> = fitting.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of the cookie that would be sent to `url`.
    #[must_use]
    pub fn get(&self, url: &Url, name: &str) -> Option<&str> {
        self.0.iter().find(|cookie| cookie.name == name && cookie.fits(url)).map(|cookie| cookie.value.as_str())
    }

    /// Removes the cookies with this name, as a person can.
    pub fn forget(&mut self, name: &str) {
        self.0.retain(|cookie| cookie.name != name);
    }
}

impl Cookie {
    fn fits(&self, url: &Url) -> bool {
        let below = url.path().strip_prefix(&self.path);
        url.host_str() == Some(&self.host)
            && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/'))
    }
}

/// The path of a cookie that names none.
fn folder(url: &Url) -> String {
    match url.path().rsplit_once('/') {
        Some((folder, _)) if !folder.is_empty() => folder.to_owned(),
        _ => "/".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:1{path}")).unwrap()
    }

    #[test]
    fn cookies_are_sent_to_their_path_and_removed_by_their_server() {
        let mut cookies = Cookies::default();
        cookies.set(&url("/realms/a/x"), "one=1; Path=/realms/a/; HttpOnly");
        cookies.set(&url("/realms/a/x"), "two=2; path=/");
        cookies.set(&url("/realms/a/x"), "three=3");
        assert_eq!(cookies.header(&url("/realms/a/y")).as_deref(), Some("one=1; three=3; two=2"));
        assert_eq!(cookies.header(&url("/realms/b/y")).as_deref(), Some("two=2"));
        assert_eq!(cookies.header(&url("/realms/another")).as_deref(), Some("two=2"));
        assert_eq!(cookies.header(&Url::parse("http://localhost:1/realms/a/").unwrap()), None);

        cookies.set(&url("/"), "two=; Path=/; Max-Age=0");
        cookies.set(&url("/"), "one=; Path=/realms/a/; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(cookies.header(&url("/realms/a/y")).as_deref(), Some("three=3"));
    }
}

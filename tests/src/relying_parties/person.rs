//! Somebody who uses applications, with as much of a browser as the protocol needs: cookies, redirects, forms.

use reqwest::{Client, RequestBuilder, header};
use url::Url;

use super::{Page, cookies::Cookies};
use crate::answer::{Answer, http};

/// How many redirects may follow each other.
const REDIRECTS: usize = 20;

/// A person in front of a browser of their own.
#[derive(Debug)]
pub struct Person {
    client: Client,
    /// The browser's cookies.
    pub cookies: Cookies,
}

/// Where a person has got to.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// At a page.
    Page(Page),
    /// At an address that is not on this machine: that of an application that would now read it.
    Away(Url),
}

impl Arrival {
    /// The page.
    ///
    /// # Panics
    /// If they were led away.
    #[must_use]
    #[track_caller]
    pub fn page(self) -> Page {
        match self {
            Self::Page(page) => page,
            Self::Away(url) => panic!("a page was expected, but the way led to {url}"),
        }
    }

    /// The address of the application that they were led to.
    ///
    /// # Panics
    /// If they are at a page.
    #[must_use]
    #[track_caller]
    pub fn away(self) -> Url {
        match self {
            Self::Page(page) => panic!("a redirect was expected: {} {} {}", page.url, page.status, page.text),
            Self::Away(url) => url,
        }
    }
}

impl Default for Person {
    fn default() -> Self {
        Self { client: http(), cookies: Cookies::default() }
    }
}

impl Person {
    /// Opens an address and goes wherever it leads.
    pub async fn open(&mut self, url: &str) -> Arrival {
        let url = Url::parse(url).expect("an address");
        self.travel(url, None).await
    }

    /// Fills in the page's form and sends it; other fields stay as they are.
    ///
    /// # Panics
    /// If the page has no such form.
    pub async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Arrival {
        let form = page.form();
        let mut filled: Vec<(String, String)> = form.fields.clone();
        for (name, value) in fields {
            assert!(form.names.iter().any(|known| known == name), "no field {name} at {}: {}", page.url, page.text);
            filled.retain(|(known, _)| known != name);
            filled.push(((*name).to_owned(), (*value).to_owned()));
        }
        if form.is_post {
            return self.travel(form.action, Some(filled)).await;
        }
        let mut url = form.action;
        url.query_pairs_mut().clear().extend_pairs(filled);
        self.travel(url, None).await
    }

    /// Logs in on the page that asks for it.
    pub async fn log_in(&mut self, page: &Page, username: &str, password: &str) -> Arrival {
        self.submit(page, &[("username", username), ("password", password)]).await
    }

    async fn travel(&mut self, mut url: Url, mut form: Option<Vec<(String, String)>>) -> Arrival {
        for _ in 0..REDIRECTS {
            if !matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]")) {
                return Arrival::Away(url);
            }
            let request = match form.take() {
                Some(fields) => {
                    let origin = url.origin().ascii_serialization();
                    self.client.post(url.clone()).header(header::ORIGIN, origin).form(&fields)
                }
                None => self.client.get(url.clone()),
            };
            let answer = self.ask(&url, request).await;
            match answer.header("location").filter(|_| (300..400).contains(&answer.status)) {
                Some(location) => url = url.join(location).expect("an address"),
                None => return Arrival::Page(Page { text: answer.text(), status: answer.status, url }),
            }
        }
        panic!("one redirect after the other, at last to {url}");
    }

    async fn ask(&mut self, url: &Url, request: RequestBuilder) -> Answer {
        let request = match self.cookies.header(url) {
            Some(cookies) => request.header(header::COOKIE, cookies),
            None => request,
        };
        let answer = Answer::to(request.header(header::ACCEPT, "text/html,*/*;q=0.8")).await;
        self.cookies.take(url, &answer.headers);
        answer
    }
}

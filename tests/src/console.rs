//! The admin console, as a person without scripts uses it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use url::Url;

use crate::{
    UserAgent,
    user_agent::{Form, Page},
};

/// A person who is logged in to the console of a realm.
#[derive(Clone, Debug)]
pub struct Console {
    /// The browser.
    pub browser: UserAgent,
    /// The console's address, without a slash at its end.
    pub base: String,
}

impl Console {
    /// Logs in through the login page of `home`, the person's realm.
    ///
    /// # Panics
    /// If that leads anywhere but to a page of the console.
    pub async fn log_in(server: &str, home: &str, username: &str, password: &str) -> Self {
        let console = Self { browser: UserAgent::new(server), base: format!("{server}/admin/{home}/console") };
        let page = console.browser.open(&format!("{}/", console.base)).await.page();
        let form = page.form_around("kc-login").with("username", username).with("password", password);
        let page = console.browser.submit(&page, form).await.page();
        assert!(page.url.as_str().starts_with(&console.base), "{}", page.shown());
        console
    }

    /// Opens a page: a path below the console's address.
    pub async fn open(&self, path: &str) -> Page {
        self.browser.open(&format!("{}{path}", self.base)).await.page()
    }

    /// Opens a page that must be there.
    ///
    /// # Panics
    /// If it isn't.
    pub async fn page(&self, path: &str) -> Page {
        let page = self.open(path).await;
        assert_eq!(page.status, 200, "{}", page.shown());
        page
    }

    /// Sends a form.
    pub async fn send(&self, page: &Page, form: Form) -> Page {
        self.browser.submit(page, form).await.page()
    }

    /// Follows links from `start` on and gives the pages that they lead to, by their paths below the console's address. Of
    /// pages of the same `kind` only the first `most` are opened, since they are made by the same template: a user is like
    /// another. Queries are left out: they lead to the same pages.
    pub async fn crawl(&self, start: &str, most: usize, kind: impl Fn(&str) -> String) -> BTreeMap<String, Visit> {
        let mut visits = BTreeMap::new();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        let mut known = BTreeSet::from([start.to_owned()]);
        let mut waiting = VecDeque::from([(start.to_owned(), "nowhere".to_owned())]);
        while let Some((path, from)) = waiting.pop_front() {
            let of_kind = kinds.entry(kind(&path)).or_default();
            *of_kind += 1;
            if *of_kind > most {
                continue;
            }
            let page = self.open(&path).await;
            for link in page.attributes("a[href]", "href") {
                if let Some(next) = self.path(&page.url, &link)
                    && known.insert(next.clone())
                {
                    waiting.push_back((next, path.clone()));
                }
            }
            visits.insert(path, Visit { page, from });
        }
        visits
    }

    /// The path below the console's address that a link on a page leads to, without its query.
    fn path(&self, from: &Url, link: &str) -> Option<String> {
        let mut url = from.join(link).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        url.as_str().strip_prefix(&self.base).map(str::to_owned)
    }
}

/// A page that a link led to.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The page.
    pub page: Page,
    /// The path of the page with the link.
    pub from: String,
}

impl Visit {
    /// Whether it is a page for people; else it is a file.
    #[must_use]
    pub fn is_page(&self) -> bool {
        self.page.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
    }
}

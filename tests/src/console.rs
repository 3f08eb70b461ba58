//! The admin console, as a person without scripts uses it.

use std::collections::{BTreeMap, BTreeSet};

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

    /// Follows every link from `start` on that leads to a page of the console which was not seen yet, and gives all pages
    /// by their paths below the console's address. Of lists only the first page in its usual order is opened, and of
    /// queries none: they lead to the same pages.
    pub async fn crawl(&self, start: &str) -> BTreeMap<String, Page> {
        let mut pages = BTreeMap::new();
        let mut known = BTreeSet::from([start.to_owned()]);
        let mut waiting = vec![start.to_owned()];
        while let Some(path) = waiting.pop() {
            let page = self.open(&path).await;
            for link in page.attributes("a[href]", "href") {
                if let Some(path) = self.path(&page.url, &link)
                    && known.insert(path.clone())
                {
                    waiting.push(path);
                }
            }
            pages.insert(path, page);
        }
        pages
    }

    /// The path below the console's address that a link on a page leads to, without its query.
    fn path(&self, from: &Url, link: &str) -> Option<String> {
        let mut url = from.join(link).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        url.as_str().strip_prefix(&self.base).map(str::to_owned)
    }
}

//! A person at a browser, who uses either the mouse or nothing but the keyboard.

use crate::relying_parties::{Browser, Tab};

/// How somebody uses a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// Pointing and typing.
    Mouse,
    /// Keys alone: the tabulator, the space bar, and Enter.
    Keyboard,
}

/// How many steps of the tabulator something on a page may be away.
const FURTHEST: usize = 120;

/// A person at a page.
#[derive(Debug)]
pub struct Person {
    /// The browser.
    pub browser: Browser,
    /// The page.
    pub tab: Tab,
    hand: Hand,
}

impl Person {
    /// Somebody who opens a browser.
    pub async fn new(hand: Hand) -> Self {
        let mut browser = Browser::start().await;
        let tab = browser.tab().await;
        Self { browser, tab, hand }
    }

    /// Opens an address.
    pub async fn open(&mut self, url: &str) {
        self.browser.open(self.tab, url).await;
    }

    /// Follows a link, or presses a button that leads to another page.
    pub async fn follow(&mut self, selector: &str) {
        match self.hand {
            Hand::Mouse => self.browser.follow(self.tab, selector).await,
            Hand::Keyboard => {
                self.browser.tab_to(self.tab, selector, FURTHEST).await;
                self.browser.press_and_follow(self.tab, "Enter").await;
            }
        }
    }

    /// Writes something into a field, in place of what is there.
    pub async fn write(&mut self, selector: &str, text: &str) {
        match self.hand {
            Hand::Mouse => self.browser.fill(self.tab, selector, text).await,
            Hand::Keyboard => {
                self.browser.tab_to(self.tab, selector, FURTHEST).await;
                self.browser.press(self.tab, "Control+a").await;
                self.browser.type_text(self.tab, text).await;
            }
        }
    }

    /// Ticks a box, or takes the tick away.
    pub async fn tick(&mut self, selector: &str) {
        match self.hand {
            Hand::Mouse => self.browser.click(self.tab, selector).await,
            Hand::Keyboard => {
                self.browser.tab_to(self.tab, selector, FURTHEST).await;
                self.browser.press(self.tab, "Space").await;
            }
        }
    }

    /// What there is to read.
    pub async fn reads(&mut self) -> String {
        self.browser.text(self.tab).await
    }

    /// The address.
    pub async fn address(&mut self) -> String {
        self.browser.url(self.tab).await
    }

    /// What stands in the first element of this kind.
    pub async fn text_of(&mut self, selector: &str) -> String {
        let script = format!("document.querySelector({selector:?})?.textContent ?? ''");
        self.browser.evaluate(self.tab, &script).await.as_str().unwrap_or_default().to_owned()
    }
}

//! Pages as tests and the writer of pictures see them.

use super::Page;

/// A rendered page.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What it is a sample of.
    pub name: &'static str,
    /// The page.
    pub html: String,
    /// Its Content-Security-Policy.
    pub policy: String,
}

impl Sample {
    /// Renders a page under this name.
    ///
    /// # Errors
    /// As the page's template.
    pub fn of(name: &'static str, page: &impl Page) -> askama::Result<Self> {
        Ok(Self { name, html: page.render()?, policy: page.policy().to_string() })
    }
}

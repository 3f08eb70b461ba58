//! A page, and the forms on it.

use reqwest::{Method, header::HeaderMap};
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// A page that the server shows.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its address.
    pub url: Url,
    /// The status it came with.
    pub status: u16,
    /// The headers it came with.
    pub headers: HeaderMap,
    /// Its source.
    pub html: String,
}

/// A form, filled in as the page has it.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it goes.
    pub action: Url,
    /// How.
    pub method: Method,
    /// What it says. A button is in it only when it is pressed.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// The form with this value in a field, which the page need not have.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(given, _)| given != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl Page {
    /// Whether there is an element with this id.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.finds(&format!("[id=\"{id}\"]"))
    }

    /// Whether there is an element that this CSS selector finds.
    #[must_use]
    pub fn finds(&self, css: &str) -> bool {
        self.parsed().select(&selector(css)).next().is_some()
    }

    /// An attribute of all elements that this CSS selector finds.
    #[must_use]
    pub fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        let parsed = self.parsed();
        parsed.select(&selector(css)).filter_map(|found| found.attr(name)).map(str::to_owned).collect()
    }

    /// The text of the element with this id.
    #[must_use]
    pub fn text_of(&self, id: &str) -> Option<String> {
        self.parsed().select(&selector(&format!("[id=\"{id}\"]"))).next().map(text)
    }

    /// What can be read on it.
    #[must_use]
    pub fn text(&self) -> String {
        self.parsed().select(&selector("body")).next().map(text).unwrap_or_default()
    }

    /// A header that it came with.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Its forms.
    #[must_use]
    pub fn forms(&self) -> Vec<Form> {
        self.parsed().select(&selector("form")).map(|form| self.form_of(form)).collect()
    }

    /// The form around the element with this id, which is pressed if it is a button.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    #[track_caller]
    pub fn form_around(&self, id: &str) -> Form {
        let parsed = self.parsed();
        let Some(element) = parsed.select(&selector(&format!("[id=\"{id}\"]"))).next() else {
            panic!("no element {id} on {}", self.shown())
        };
        let form = element.ancestors().filter_map(ElementRef::wrap).find(|around| around.value().name() == "form");
        let form = self.form_of(form.unwrap_or_else(|| panic!("{id} is in no form: {}", self.shown())));
        let presses = element.value().name() == "button" || element.attr("type") == Some("submit");
        match element.attr("name") {
            Some(name) if presses => form.with(name, element.attr("value").unwrap_or_default()),
            _ => form,
        }
    }

    /// Status, address and source, for messages.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{} {}\n{}", self.status, self.url, self.html)
    }

    fn parsed(&self) -> Html {
        Html::parse_document(&self.html)
    }

    fn form_of(&self, form: ElementRef<'_>) -> Form {
        let action = self.url.join(form.attr("action").unwrap_or_default()).expect("a form goes to a URL");
        let is_post = form.attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let fields = selector("input, textarea, select");
        let fields = form.select(&fields).filter_map(|field| {
            let name = field.attr("name")?;
            let kind = field.attr("type").unwrap_or("text");
            let is_left_out = matches!(kind, "submit" | "image" | "button")
                || (matches!(kind, "checkbox" | "radio") && field.attr("checked").is_none())
                || field.attr("disabled").is_some();
            let value = match field.value().name() {
                // HTML drops the line break after the tag.
                "textarea" => field.text().collect::<String>().trim_start_matches('\n').to_owned(),
                "select" => chosen(field)?,
                _ => field.attr("value").unwrap_or(if kind == "checkbox" { "on" } else { "" }).to_owned(),
            };
            (!is_left_out).then(|| (name.to_owned(), value))
        });
        let method = if is_post { Method::POST } else { Method::GET };
        Form { action, method, fields: fields.collect() }
    }
}

/// The chosen option of a list, or its first.
fn chosen(list: ElementRef<'_>) -> Option<String> {
    let options = selector("option");
    let chosen = list.select(&options).find(|option| option.attr("selected").is_some());
    let option = chosen.or_else(|| list.select(&options).next())?;
    Some(option.attr("value").map_or_else(|| text(option), str::to_owned))
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css}: {error}"))
}

/// The text of an element, with single spaces.
fn text(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &str) -> Page {
        let url = "https://localhost/a/b?c=d".parse().unwrap();
        Page { url, status: 200, headers: HeaderMap::new(), html: html.to_owned() }
    }

    #[test]
    fn a_form_is_what_a_browser_would_send() {
        let page = page(
            "<form method=post action='x?y=1&amp;z=2'><input name=a value=1><input type=checkbox name=b>\
             <input type=checkbox name=c checked><input type=submit name=no value=no><div>\
             <select name=d><option>1<option value=2 selected>two</select><textarea name=e>\nf</textarea>\
             <button id=yes name=go value=on>Go</button></div></form>",
        );
        let form = page.form_around("yes");
        assert_eq!(form.action.as_str(), "https://localhost/a/x?y=1&z=2");
        assert_eq!(form.method, Method::POST);
        let fields: Vec<_> = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(fields, [("a", "1"), ("c", "on"), ("d", "2"), ("e", "f"), ("go", "on")]);
        assert_eq!(page.forms()[0].fields.len(), 4);
    }

    #[test]
    fn texts_are_found_by_id() {
        let page = page("<body><p id=note>Hello\n <b>you</b></p><a href=z>there</a>");
        assert_eq!(page.text_of("note").as_deref(), Some("Hello you"));
        assert_eq!(page.text(), "Hello you there");
        assert_eq!(page.attributes("a", "href"), ["z"]);
        assert!(!page.has("other") && page.finds("p > b"));
    }
}

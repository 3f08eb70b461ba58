//! A page that a person sees, as far as it can be filled in.

use url::Url;

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its address.
    pub url: Url,
    /// The status code it came with.
    pub status: u16,
    /// Its text, as HTML or JSON or whatever it is.
    pub text: String,
}

/// A form of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent to.
    pub action: Url,
    /// Whether it is sent by POST.
    pub is_post: bool,
    /// What it holds before anybody fills it in: its hidden fields, and those with a value.
    pub fields: Vec<(String, String)>,
    /// The names of all its fields and buttons.
    pub names: Vec<String>,
}

impl Page {
    /// The page's only form.
    ///
    /// # Panics
    /// If there is none, or more than one.
    #[must_use]
    #[track_caller]
    pub fn form(&self) -> Form {
        let mut forms = self.forms();
        assert_eq!(forms.len(), 1, "one form was expected at {}: {} {}", self.url, self.status, self.text);
        forms.remove(0)
    }

    /// All forms of the page.
    #[must_use]
    pub fn forms(&self) -> Vec<Form> {
        let after_each = self.text.split("<form").skip(1);
        after_each.map(|rest| self.parsed(rest.split("</form").next().unwrap_or_default())).collect()
    }

    /// From what stands between `<form` and `</form`.
    fn parsed(&self, form: &str) -> Form {
        let (head, body) = form.split_once('>').expect("a tag has an end");
        let action = attribute(head, "action").unwrap_or_default();
        let action = if action.is_empty() { self.url.clone() } else { self.url.join(&action).expect("an address") };
        let is_post = attribute(head, "method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let tags = |name: &'static str| {
            body.split(name).skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag).collect::<Vec<_>>()
        };
        let (inputs, buttons) = (tags("<input"), tags("<button"));
        let names = inputs.iter().chain(&buttons).filter_map(|tag| attribute(tag, "name")).collect();
        let sent_as_it_is = |tag: &&&str| {
            let kind = attribute(tag, "type").unwrap_or_default();
            let is_choice = matches!(kind.as_str(), "checkbox" | "radio");
            !matches!(kind.as_str(), "submit" | "button") && (!is_choice || tag.contains(" checked"))
        };
        let fields = inputs
            .iter()
            .filter(sent_as_it_is)
            .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
            .collect();
        Form { action, is_post, fields, names }
    }
}

/// The value of an attribute in the text of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once(&format!("{name}="))?;
        if before.ends_with(|letter: char| letter.is_ascii_whitespace()) {
            let quote = after.chars().next().filter(|letter| matches!(letter, '"' | '\''));
            let quote = quote.unwrap_or_else(|| panic!("an attribute without quotes: {tag}"));
            let (value, _) = after.get(1..)?.split_once(quote)?;
            return Some(decoded(value));
        }
        rest = after;
    }
}

/// A text with HTML's character references replaced.
fn decoded(text: &str) -> String {
    let mut parts = text.split('&');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let reference = part.split_once(';').and_then(|(name, rest)| Some((character(name)?, rest)));
        match reference {
            Some((character, rest)) => {
                decoded.push(character);
                decoded.push_str(rest);
            }
            None => {
                decoded.push('&');
                decoded.push_str(part);
            }
        }
    }
    decoded
}

fn character(name: &str) -> Option<char> {
    let number = match (name.strip_prefix("#x"), name.strip_prefix('#')) {
        (Some(hex), _) => u32::from_str_radix(hex, 16).ok(),
        (None, Some(decimal)) => decimal.parse().ok(),
        (None, None) => {
            return [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')]
                .into_iter()
                .find_map(|(known, character)| (known == name).then_some(character));
        }
    };
    number.and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_with_its_hidden_fields() {
        let text = "<form id=\"f\" action=\"/go?a=1&amp;b=&#50;\" method=\"post\"><input name=\"username\" value=\"\">\
                    <input type=\"hidden\" name=\"kept\" data-value='no' value='a&quot;b'>\
                    <input type=\"checkbox\" name=\"rememberMe\" value=\"on\"><button name=\"go\" value=\"x\"></form>";
        let page = Page { url: Url::parse("http://host/x/y").unwrap(), status: 200, text: text.to_owned() };
        let form = page.form();
        assert_eq!(form.action.as_str(), "http://host/go?a=1&b=2");
        assert!(form.is_post);
        let fields = [("username", ""), ("kept", "a\"b")];
        assert_eq!(form.fields, fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(form.names, ["username", "kept", "rememberMe", "go"]);
    }
}

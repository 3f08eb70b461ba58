//! Pages as a browser reads them. The reader is html5ever, so that ours isn't judged by our own idea of HTML.

use std::cell::RefCell;

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, CharacterTokens, EndTag, NullCharacterToken, ParseError, StartTag, TagToken, Token, TokenSink,
        TokenSinkResult, Tokenizer, TokenizerOpts,
        states::{Rawtext, Rcdata, ScriptData},
    },
};

/// A page, as the elements and texts in it.
#[derive(Debug, Default)]
pub struct Document {
    /// Every start tag.
    pub elements: Vec<Element>,
    /// What the parser found wrong.
    pub faults: Vec<String>,
}

/// A start tag and the text up to the next tag.
#[derive(Clone, Debug)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// The text up to the end of the element, of its children too.
    pub text: String,
    open: bool,
}

impl Element {
    pub fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| value.as_str())
    }
}

impl Document {
    pub fn parse(html: &str) -> Self {
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(html));
        let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts { exact_errors: true, ..Default::default() });
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.0.into_inner()
    }

    pub fn all(&self, name: &'static str) -> impl Iterator<Item = &Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// The only element of this name.
    pub fn one(&self, name: &'static str) -> &Element {
        let found: Vec<&Element> = self.all(name).collect();
        assert_eq!(found.len(), 1, "{name} in {self:#?}");
        found[0]
    }

    pub fn id(&self, id: &str) -> &Element {
        self.with_id(id).unwrap_or_else(|| panic!("nothing has the id {id} in {self:#?}"))
    }

    pub fn with_id(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.get("id") == Some(id))
    }
}

#[derive(Default)]
struct Reader(RefCell<Document>);

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut document = self.0.borrow_mut();
        match token {
            TagToken(tag) if tag.kind == StartTag => {
                let name = tag.name.to_string();
                let attributes =
                    tag.attrs.iter().map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()));
                let raw = match name.as_str() {
                    "title" | "textarea" => Some(Rcdata),
                    "style" | "iframe" => Some(Rawtext),
                    "script" => Some(ScriptData),
                    _ => None,
                };
                document.elements.push(Element {
                    name,
                    attributes: attributes.collect(),
                    text: String::new(),
                    open: true,
                });
                if let Some(kind) = raw {
                    return TokenSinkResult::RawData(kind);
                }
            }
            TagToken(tag) if tag.kind == EndTag => {
                let ended =
                    document.elements.iter_mut().rev().find(|element| element.open && *element.name == *tag.name);
                match ended {
                    Some(element) => element.open = false,
                    None => document.faults.push(format!("{} ends, but didn't begin", tag.name)),
                }
            }
            CharacterTokens(text) => {
                for element in document.elements.iter_mut().filter(|element| element.open) {
                    element.text.push_str(&text);
                }
            }
            NullCharacterToken => document.faults.push("NUL".to_owned()),
            ParseError(fault) => document.faults.push(fault.into_owned()),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

//! How a realm's pages look: one colour, a logo, a text. They are attributes of the realm, so that an export carries them
//! and no page asks the database for them.
//!
//! The colour is a wish: what is shown is the nearest one that can be read, on light pages and on dark ones (WCAG 2.2,
//! contrast of 4.5 to 1).

mod colour;

use base64::{Engine, engine::general_purpose::STANDARD};
use model::{Attributes, realm::Realm};

pub use colour::Colour;

use crate::{Error, Result};

/// The attribute with the colour, as `#rrggbb`.
pub const ACCENT: &str = "login.theme.accent";
/// The attribute with the logo: its bytes in Base64.
pub const LOGO: &str = "login.theme.logo";
/// The attribute with the text on the login page.
pub const TEXT: &str = "login.theme.text";

/// The largest logo, in bytes. It is part of the realm, which is often read.
pub const LARGEST_LOGO: usize = 16 * 1_024;
/// The longest text, in characters.
pub const LONGEST_TEXT: usize = 300;

const WHITE: Colour = Colour::new(0xff, 0xff, 0xff);
const BLACK: Colour = Colour::new(0, 0, 0);
/// What stands behind links, as in `colours.css`.
const LIGHT_PAGE: Colour = Colour::new(0xf4, 0xf5, 0xf2);
const DARK_SHEET: Colour = Colour::new(0x1c, 0x21, 0x1f);
/// What stands on buttons in the dark.
const ON_DARK: Colour = Colour::new(0x10, 0x21, 0x1b);
/// What text needs (WCAG 2.2, success criterion 1.4.3), in tenths.
const READABLE: f64 = 4.5;

/// A colour as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colours {
    /// On light pages, for links and buttons.
    pub light: Colour,
    /// The same under the pointer.
    pub light_strong: Colour,
    /// On dark pages.
    pub dark: Colour,
    /// The same under the pointer.
    pub dark_strong: Colour,
}

impl Colours {
    /// What becomes of a colour.
    #[must_use]
    pub fn of(wish: Colour) -> Self {
        let light = wish.towards_until(BLACK, |colour| colour.contrast(LIGHT_PAGE) >= READABLE);
        let readable_in_the_dark =
            |colour: Colour| colour.contrast(DARK_SHEET) >= READABLE && colour.contrast(ON_DARK) >= READABLE;
        let dark = wish.towards_until(WHITE, readable_in_the_dark);
        Self { light, light_strong: light.towards(BLACK, 20), dark, dark_strong: dark.towards(WHITE, 25) }
    }

    /// The style sheet that sets them.
    #[must_use]
    pub fn style_sheet(&self) -> String {
        let Self { light, light_strong, dark, dark_strong } = self;
        format!(
            ":root{{--accent:{light};--strong:{light_strong};--on-accent:#ffffff}}\n\
             @media (prefers-color-scheme: dark){{:root{{--accent:{dark};--strong:{dark_strong};--on-accent:{ON_DARK}}}}}\n"
        )
    }
}

fn set<'a>(attributes: &'a Attributes, name: &str) -> Option<&'a str> {
    attributes.get(name).map(String::as_str).filter(|text| !text.is_empty())
}

/// The colours of a realm, if it has its own.
#[must_use]
pub fn colours(realm: &Realm) -> Option<Colours> {
    set(&realm.settings.attributes, ACCENT)?.parse().ok().map(Colours::of)
}

/// The text on a realm's login page.
#[must_use]
pub fn text(realm: &Realm) -> Option<&str> {
    set(&realm.settings.attributes, TEXT)
}

/// A realm's logo as it is kept, to tell one from another.
#[must_use]
pub fn sealed_logo(realm: &Realm) -> Option<&str> {
    set(&realm.settings.attributes, LOGO)
}

/// A realm's logo: its media type and its bytes.
#[must_use]
pub fn logo(realm: &Realm) -> Option<(&'static str, Vec<u8>)> {
    let bytes = STANDARD.decode(sealed_logo(realm)?).ok()?;
    Some((media_type(&bytes)?, bytes))
}

/// A logo as the attribute holds it.
///
/// # Errors
/// `Invalid` if it is too large or no picture.
pub fn logo_attribute(bytes: &[u8]) -> Result<String> {
    check_logo(bytes)?;
    Ok(STANDARD.encode(bytes))
}

fn check_logo(bytes: &[u8]) -> Result<()> {
    if bytes.len() > LARGEST_LOGO {
        let text = format!("The logo has {} bytes; {LARGEST_LOGO} are the most", bytes.len());
        return Err(Error::invalid(LOGO, text));
    }
    match media_type(bytes) {
        Some(_) => Ok(()),
        None => Err(Error::invalid(LOGO, "The logo is no picture of the kinds PNG, JPEG, GIF and WebP")),
    }
}

/// The kinds of pictures that are shown. Drawings (SVG) are documents, and not among them.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    match bytes {
        _ if webp => Some("image/webp"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        _ => None,
    }
}

/// Goes on only if what attributes say of the looks can be shown.
///
/// # Errors
/// `Invalid`, naming the attribute.
pub(crate) fn check(attributes: &Attributes) -> Result<()> {
    if let Some(accent) = set(attributes, ACCENT)
        && accent.parse::<Colour>().is_err()
    {
        return Err(Error::invalid(ACCENT, "The colour is to be given as #rrggbb"));
    }
    if let Some(logo) = set(attributes, LOGO) {
        match STANDARD.decode(logo) {
            Ok(bytes) => check_logo(&bytes)?,
            Err(error) => return Err(Error::invalid(LOGO, format!("The logo is no Base64: {error}"))),
        }
    }
    match set(attributes, TEXT).map(|text| text.chars().count()) {
        Some(length) if length > LONGEST_TEXT => {
            Err(Error::invalid(TEXT, format!("The text has {length} characters; {LONGEST_TEXT} are the most")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_can_be_read() {
        for wish in ["#000000", "#ffffff", "#ffff00", "#0000ff", "#2a5a4c", "#ff0000", "#808080", "#00ff88"] {
            let colours = Colours::of(wish.parse().unwrap());
            for (colour, ground) in [
                (colours.light, LIGHT_PAGE),
                (colours.light, WHITE),
                (colours.light_strong, WHITE),
                (colours.dark, DARK_SHEET),
                (colours.dark, ON_DARK),
                (colours.dark_strong, ON_DARK),
            ] {
                assert!(colour.contrast(ground) >= READABLE, "{wish} becomes {colour} on {ground}");
            }
        }
        let kept = Colours::of("#2a5a4c".parse().unwrap());
        assert_eq!(kept.light.to_string(), "#2a5a4c");
    }

    #[test]
    fn what_can_not_be_shown_is_refused() {
        let one = |name: &str, value: &str| Attributes::from([(name.to_owned(), value.to_owned())]);
        let png = STANDARD.encode(b"\x89PNG\r\n\x1a\nrest");
        for (name, good) in [(ACCENT, "#a1B2c3"), (LOGO, png.as_str()), (TEXT, "Hello"), (ACCENT, "")] {
            assert!(check(&one(name, good)).is_ok(), "{name} {good}");
        }
        let (svg, long) = (STANDARD.encode("<svg xmlns='http://www.w3.org/2000/svg'/>"), "x".repeat(LONGEST_TEXT + 1));
        let large = STANDARD.encode([b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; LARGEST_LOGO]].concat());
        for (name, bad) in [
            (ACCENT, "red"),
            (ACCENT, "#12345"),
            (ACCENT, "#1234567"),
            (ACCENT, "#12345g"),
            (ACCENT, "#+12345"),
            (ACCENT, "#fff}body{display:none}"),
            (LOGO, "no base64!"),
            (LOGO, svg.as_str()),
            (LOGO, large.as_str()),
            (TEXT, long.as_str()),
        ] {
            assert!(check(&one(name, bad)).is_err(), "{name} {bad}");
        }
    }
}

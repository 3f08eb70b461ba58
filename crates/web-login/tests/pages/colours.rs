//! Contrast as WCAG 2.2 asks for at level AA (1.4.3 for text, 1.4.11 for the edges of fields), in light and in dark.

use std::collections::BTreeMap;

/// What is drawn on what, and the least contrast.
const PAIRS: [(&str, &str, f64); 19] = [
    ("text", "sheet", 4.5),
    ("text", "page", 4.5),
    ("text", "code", 4.5),
    ("text", "alarm-sheet", 4.5),
    ("quiet", "sheet", 4.5),
    ("quiet", "code", 4.5),
    ("quiet", "alarm-sheet", 4.5),
    ("accent", "sheet", 4.5),
    ("accent", "code", 4.5),
    ("strong", "sheet", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "strong", 4.5),
    ("alarm", "alarm-sheet", 4.5),
    ("alarm", "sheet", 4.5),
    ("strong", "tint", 4.5),
    ("warn", "warn-sheet", 4.5),
    ("text", "warn-sheet", 4.5),
    ("edge", "sheet", 3.0),
    ("edge", "code", 3.0),
];

/// The custom properties of the `number`-th `:root` rule.
fn scheme(css: &str, number: usize) -> BTreeMap<&str, &str> {
    let rule = css.split(":root {").nth(number).unwrap().split('}').next().unwrap();
    let properties =
        rule.lines().filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": "));
    properties.collect()
}

/// WCAG 2.2, "relative luminance".
fn luminance(colour: &str) -> f64 {
    let digits = u32::from_str_radix(colour.strip_prefix('#').unwrap(), 16).unwrap();
    let part = |shift: u32| {
        let value = f64::from(digits >> shift & 0xff) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_and_edges_stand_out_in_light_and_in_dark() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
    let css = std::str::from_utf8(web::assets::STYLE.content()).unwrap();
    for number in [1, 2] {
        let colours = scheme(css, number);
        for (front, back, least) in PAIRS {
            let found = contrast(colours[front], colours[back]);
            assert!(found >= least, "scheme {number}: {front} on {back} has {found:.2}");
        }
    }
}

//! Whether a secret could be guessed.

use std::collections::HashMap;

use super::text;

/// What the suite wants of a code: 96 bits by Shannon's estimate, and 16 characters.
#[track_caller]
pub fn of_code(code: &str) {
    assert!(text::is_visible(code), "{code}");
    assert!(code.len() >= 16, "{code} is short");
    let bits = shannon(code);
    assert!(bits > 96.0, "{code} has {bits} bits");
}

/// What it wants of a token: 128 bits.
#[track_caller]
pub fn of_token(token: &str) {
    assert!(text::is_visible(token), "{token}");
    let bits = shannon(token);
    assert!(bits > 128.0, "{token} has {bits} bits");
}

/// How many bits a text has if its characters are as likely as they are frequent in it.
#[expect(clippy::cast_precision_loss, reason = "texts are short")]
fn shannon(text: &str) -> f64 {
    let mut counts = HashMap::<char, usize>::new();
    for character in text.chars() {
        *counts.entry(character).or_default() += 1;
    }
    let length = text.chars().count() as f64;
    counts.values().map(|count| *count as f64).map(|count| -count * (count / length).log2()).sum()
}

#[test]
fn the_estimate_is_shannons() {
    assert!(shannon("aaaaaaaa").abs() < f64::EPSILON);
    assert!((shannon("abababab") - 8.0).abs() < 1e-9);
    assert!((shannon("0123456789abcdef") - 64.0).abs() < 1e-9);
}

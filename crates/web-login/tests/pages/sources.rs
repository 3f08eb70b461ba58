//! The sources of the pages: what no template, style sheet or script may hold, whatever is put into it.

use std::{fs, path::Path};

/// All files below `templates` with this ending, with their content.
fn files(ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

#[test]
fn templates_hold_no_script_style_or_handler_and_escape_everything() {
    let handler = |html: &str| {
        html.split([' ', '\n']).any(|word| {
            word.split_once('=').is_some_and(|(name, _)| {
                name.len() > 2 && name.starts_with("on") && name.bytes().all(|byte| byte.is_ascii_lowercase())
            })
        })
    };
    assert!(handler("<a onclick=\"x\">") && !handler("<a class=\"on\" rel=\"noopener\">"));
    for (path, html) in files("html") {
        for banned in
            ["<style", "style=", "javascript:", "|safe", "| safe", "|escape", "| escape", "autoescape", "<base"]
        {
            assert!(!html.contains(banned), "{path} holds {banned}");
        }
        assert!(!handler(&html), "{path} has a handler");
        for script in html.split("<script").skip(1) {
            assert!(script.starts_with(" src=\"{") && script.contains(" defer></script>"), "{path}: {script}");
        }
        for form in html.lines().flat_map(|line| line.split("<form").skip(1)) {
            // Scripts cut addresses out of the pages of a login, where each stands in its place.
            let sound = match path.contains("/admin/") {
                true => {
                    form.contains(" action=\"{{ ")
                        && (form.contains(" method=\"post\"") || form.contains(" method=\"get\""))
                }
                false => form.contains("\" action=\"{{ ") && form.ends_with(" }}\" method=\"post\">"),
            };
            assert!(sound, "{path}: {form}");
        }
    }
}

#[test]
fn the_style_sheet_loads_nothing_and_moves_only_for_those_who_like_it() {
    for (path, css) in files("css").into_iter().filter(|(path, _)| !path.ends_with("/colours.css")) {
        for banned in ["url(", "@import", "http:", "https:", "animation", "@keyframes"] {
            assert!(!css.contains(banned), "{path} holds {banned}");
        }
        let (still, moving) = css.split_once("@media (prefers-reduced-motion: no-preference)").unwrap();
        assert!(!still.contains("transition:") && moving.contains("transition:"));
    }
}

/// htmx 2.0.10 as its makers publish it: SHA-256 of `dist/htmx.min.js`.
const HTMX: &str = "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de";

#[test]
fn the_script_of_others_is_as_they_made_it() {
    let (_, js) = files("js").into_iter().find(|(path, _)| path.ends_with("/htmx.js")).unwrap();
    let hash: String = openssl::sha::sha256(js.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash, HTMX);
}

#[test]
fn scripts_are_plain_old_ones_that_make_no_code_or_markup() {
    for (path, js) in files("js").into_iter().filter(|(path, _)| !path.ends_with("/htmx.js")) {
        // Words of later versions of the language, which HtmlUnit and old browsers don't know, and ways to run a text.
        for banned in [
            "=>",
            "`",
            "let ",
            "const ",
            "async ",
            "await ",
            "class ",
            "?.",
            "??",
            "eval(",
            "new Function",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "http:",
            "https:",
            "localStorage",
            "sessionStorage",
        ] {
            let code = js.lines().filter(|line| !line.trim_start().starts_with("//"));
            assert!(code.into_iter().all(|line| !line.contains(banned)), "{path} holds {banned}");
        }
        assert!(js.contains("'use strict'"), "{path}");
    }
}

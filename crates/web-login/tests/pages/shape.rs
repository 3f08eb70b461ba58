//! What is true of every page: it can be read, heard, and used with the keyboard, and it does what its policy allows.

use web::page::Sample;

use crate::document::Document;

fn every_sample() -> Vec<(Sample, Document)> {
    let samples = web::pages::samples().unwrap().into_iter().chain(web_login::samples().unwrap());
    samples.map(|sample| (Document::parse(&sample.html), sample)).map(|(document, sample)| (sample, document)).collect()
}

#[test]
fn every_page_is_sound_html_with_a_title_a_language_and_one_heading() {
    for (Sample { name, .. }, document) in every_sample() {
        assert_eq!(document.faults, Vec::<String>::new(), "{name}");
        assert_eq!(document.one("html").get("lang"), Some("en"), "{name}");
        assert!(!document.one("title").text.trim().is_empty(), "{name}");
        assert!(!document.one("h1").text.trim().is_empty(), "{name}");
        let ids: Vec<&str> = document.elements.iter().filter_map(|element| element.get("id")).collect();
        let mut distinct = ids.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(ids.len(), distinct.len(), "{name}: {ids:?}");
    }
}

#[test]
fn every_field_has_a_label_and_every_picture_and_frame_a_name() {
    for (Sample { name, .. }, document) in every_sample() {
        let labels: Vec<&str> = document.all("label").filter_map(|label| label.get("for")).collect();
        for field in document.all("input").filter(|field| field.get("type") != Some("hidden")) {
            assert!(labels.contains(&field.get("id").unwrap()), "{name}: {field:?}");
        }
        for label in labels {
            assert_eq!(document.id(label).name, "input", "{name}");
        }
        for described in document.elements.iter().filter_map(|element| element.get("aria-describedby")) {
            assert!(described.split(' ').all(|id| document.with_id(id).is_some()), "{name}: {described}");
        }
        assert!(document.all("img").all(|image| image.get("alt").is_some() && image.get("width").is_some()), "{name}");
        assert!(document.all("iframe").all(|frame| frame.get("title").is_some()), "{name}");
        for button in document.all("button") {
            assert!(button.get("type").is_some() && !button.text.trim().is_empty(), "{name}: {button:?}");
        }
        // The order of the page is the order of the keyboard.
        assert!(document.elements.iter().all(|element| element.get("tabindex").is_none_or(|index| index == "0")));
        assert!(document.elements.iter().filter(|element| element.get("autofocus").is_some()).count() <= 1, "{name}");
    }
}

#[test]
fn a_link_to_elsewhere_takes_nothing_along() {
    for (Sample { name, .. }, document) in every_sample() {
        for link in document.all("a").filter(|link| link.get("target").is_some()) {
            assert_eq!(link.get("rel"), Some("noopener noreferrer"), "{name}: {link:?}");
            assert!(link.text.ends_with("(opens a new tab)"), "{name}: {link:?}");
        }
        for picture in document.all("img").filter(|image| image.get("src").is_some_and(|url| url.starts_with("http"))) {
            assert_eq!(picture.get("referrerpolicy"), Some("no-referrer"), "{name}");
        }
    }
}

#[test]
fn a_page_needs_what_its_policy_allows_and_no_more() {
    for (Sample { name, policy, .. }, document) in every_sample() {
        assert_eq!(document.all("script").count() > 0, policy.contains("script-src 'self'"), "{name}");
        assert_eq!(document.all("iframe").count() > 0, policy.contains("frame-src"), "{name}");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("base-uri 'none'"), "{name}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{name}: {policy}");
        let logos = document.all("img").filter(|image| image.get("src").is_some_and(|url| url.starts_with("http")));
        for logo in logos {
            let origin: Vec<&str> = logo.get("src").unwrap().splitn(4, '/').take(3).collect();
            assert!(policy.contains(&format!("img-src 'self' {};", origin.join("/"))), "{name}: {policy}");
        }
        let framed_by_anyone = ["login-status-iframe", "step1", "step2"].contains(&name);
        assert_eq!(policy.contains("frame-ancestors 'none'"), !framed_by_anyone, "{name}");
        assert!(!framed_by_anyone || document.all("form").count() == 0, "{name}");
    }
}

#[test]
fn nothing_runs_that_is_written_in_a_page() {
    for (Sample { name, html, .. }, document) in every_sample() {
        for script in document.all("script") {
            let source = script.get("src").unwrap();
            assert!(source.starts_with("/static/") && script.text.is_empty(), "{name}: {script:?}");
            assert!(web::assets::ALL.iter().any(|asset| asset.url() == source), "{name}: {source}");
        }
        assert_eq!(document.all("style").count(), 0, "{name}");
        for (attribute, _) in document.elements.iter().flat_map(|element| &element.attributes) {
            assert!(attribute != "style" && !attribute.starts_with("on"), "{name}: {attribute}");
        }
        assert!(!html.contains("javascript:"), "{name}");
    }
}

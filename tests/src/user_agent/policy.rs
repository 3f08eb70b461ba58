//! `form-action` of a Content-Security-Policy (CSP 3, section 6.3).

use url::Url;

/// Whether a page at `page` with this policy may send a form to `target`.
pub(super) fn allows_form(policy: Option<&str>, page: &Url, target: &Url) -> bool {
    let directives = policy.unwrap_or_default().split(';').map(str::trim);
    let Some(sources) =
        directives.filter_map(|directive| directive.split_once(' ')).find(|(name, _)| *name == "form-action")
    else {
        return true;
    };
    let origin = target.origin().ascii_serialization();
    sources.1.split_whitespace().any(|source| match source {
        "*" => true,
        "'self'" => origin == page.origin().ascii_serialization(),
        scheme if scheme.ends_with(':') => scheme.strip_suffix(':') == Some(target.scheme()),
        // A path in a source counts only where nothing has redirected, so it is of little use and not used.
        host => Url::parse(host).is_ok_and(|host| host.origin().ascii_serialization() == origin),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_policy_names_is_allowed() {
        let url = |text: &str| Url::parse(text).unwrap();
        let (page, app) = (url("https://id/x"), url("https://app/callback"));
        assert!(allows_form(None, &page, &app));
        assert!(allows_form(Some("default-src 'none'"), &page, &app));
        assert!(!allows_form(Some("default-src 'none'; form-action 'self'"), &page, &app));
        assert!(!allows_form(Some("form-action 'none'"), &page, &page));
        assert!(allows_form(Some("form-action 'self' https://app"), &page, &app));
        assert!(allows_form(Some("form-action https:"), &page, &app));
        assert!(allows_form(Some("form-action 'self'"), &page, &page));
    }
}

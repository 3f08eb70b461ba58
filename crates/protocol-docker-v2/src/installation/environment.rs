//! The registry's settings as environment variables: for `docker run`, and for the Compose file.

use super::{Target, quoting};

/// The token settings by name, in the registry's own notation, with the files in `folder`.
pub(super) fn variables(target: &Target<'_>, folder: &str) -> Vec<(&'static str, String)> {
    let text = quoting::registry_variable;
    let mut variables = vec![
        ("REGISTRY_STORAGE_DELETE_ENABLED", "true".to_owned()),
        ("REGISTRY_AUTH", "token".to_owned()),
        ("REGISTRY_AUTH_TOKEN_REALM", text(&target.realm)),
        ("REGISTRY_AUTH_TOKEN_SERVICE", text(target.service)),
        ("REGISTRY_AUTH_TOKEN_ISSUER", text(&target.issuer)),
        ("REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE", format!("{folder}/portcullis-ca.pem")),
    ];
    if target.uses_registry_3() && target.needs_jwks() {
        variables.push(("REGISTRY_AUTH_TOKEN_JWKS", format!("{folder}/portcullis-jwks.json")));
    }
    variables
}

/// A command that starts a registry.
pub(super) fn docker_run(target: &Target<'_>) -> String {
    const FOLDER: &str = "/etc/portcullis";
    let mut text = format!(
        "# A registry with tokens of Portcullis. Run these commands in a folder of their own: the first fetches the\n\
         # certificates that the registry trusts, the last starts it on localhost:5000.\n{}{}\n",
        target.warning(),
        Target::fetch("portcullis-ca.pem", &target.bundle_url()),
    );
    let mut files = vec!["portcullis-ca.pem"];
    if target.uses_registry_3() && target.needs_jwks() {
        text.push_str(&Target::fetch("portcullis-jwks.json", &target.jwks_url()));
        text.push('\n');
        files.push("portcullis-jwks.json");
    }
    text.push_str("docker run -d --name registry -p 127.0.0.1:5000:5000 \\\n  -v registry-data:/var/lib/registry \\\n");
    for file in files {
        text.push_str(&format!("  -v \"$PWD/{file}:{FOLDER}/{file}:ro\" \\\n"));
    }
    for (name, value) in variables(target, FOLDER) {
        text.push_str(&format!("  -e {name}={} \\\n", quoting::shell(&value)));
    }
    text.push_str(&format!("  {}\n", target.image()));
    text
}

//! `config.yml` of the reference registry, generations 2.8 and 3.

use super::{Target, quoting};

/// The folder of `config.yml` in registry 2.8.
const FOLDER_2: &str = "/etc/docker/registry";
/// The folder of `config.yml` in registry 3.
const FOLDER_3: &str = "/etc/distribution";

/// What is the same in both generations, up to the token settings.
fn common(target: &Target<'_>) -> String {
    format!(
        "version: 0.1\n\
         log:\n  level: info\n\
         storage:\n  filesystem:\n    rootdirectory: /var/lib/registry\n  delete:\n    enabled: true\n\
         http:\n  addr: \":5000\"\n  headers:\n    X-Content-Type-Options: [nosniff]\n\
         auth:\n  token:\n    realm: {realm}\n    service: {service}\n    issuer: {issuer}\n",
        realm = quoting::yaml(&target.realm),
        service = quoting::yaml(target.service),
        issuer = quoting::yaml(&target.issuer),
    )
}

/// For registry 2.8, which verifies by certificates only.
pub(super) fn version_2(target: &Target<'_>) -> Result<String, String> {
    if !target.settings.fits_registry_2() {
        return Err(format!(
            "Registry 2.8 can't verify the tokens of this client (algorithm {}, header {}). Use registry 3, or the header \
             x5c with an algorithm of RSA or ES256.",
            target.algorithm().as_str(),
            target.settings.header.as_str()
        ));
    }
    let bundle = format!("{FOLDER_2}/portcullis-ca.pem");
    Ok(format!(
        "# Registry 2.8 with tokens of Portcullis: save this file as {FOLDER_2}/config.yml.\n\
         # Fetch the certificates that it trusts before the first start:\n\
         #   {fetch}\n\
         # {rotation}\n\
         {warning}{common}    rootcertbundle: {bundle}\n",
        fetch = Target::fetch(&bundle, &target.bundle_url()),
        rotation = if target.needs_jwks() {
            "When the realm gets new keys, fetch it again and restart the registry."
        } else {
            "Keys may rotate afterwards without a change here."
        },
        warning = target.warning(),
        common = common(target),
    ))
}

/// For registry 3, which also takes a list of keys.
pub(super) fn version_3(target: &Target<'_>) -> String {
    let (bundle, jwks) = (format!("{FOLDER_3}/portcullis-ca.pem"), format!("{FOLDER_3}/portcullis-jwks.json"));
    let (fetch_jwks, jwks_line) = if target.needs_jwks() {
        (format!("#   {}\n", Target::fetch(&jwks, &target.jwks_url())), format!("    jwks: {jwks}\n"))
    } else {
        (String::new(), String::new())
    };
    format!(
        "# Registry 3 with tokens of Portcullis: save this file as {FOLDER_3}/config.yml.\n\
         # Fetch what it trusts before the first start{again}:\n\
         #   {fetch}\n\
         {fetch_jwks}{warning}{common}    rootcertbundle: {bundle}\n{jwks_line}    \
         signingalgorithms: [RS256, RS384, RS512, ES256, EdDSA]\n",
        again = if target.needs_jwks() { ", and again before a restart when the realm gets new keys" } else { "" },
        fetch = Target::fetch(&bundle, &target.bundle_url()),
        warning = target.warning(),
        common = common(target),
    )
}

//! A folder with a Compose file and every file that it names, as a zip archive.

use std::io::{Cursor, Write};

use protocol::InstallationContext;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{Target, environment, quoting};

/// The folder in the archive.
const FOLDER: &str = "portcullis-docker-compose";
/// Where the registry's container sees the folder `certs`.
const CERTIFICATES: &str = "/opt/certs";

/// Makes the archive.
pub(super) fn archive(target: &Target<'_>, context: &InstallationContext<'_>) -> Result<Vec<u8>, String> {
    let (certificate, key) = (context.localhost_certificate)()?;
    let mut files = vec![
        ("docker-compose.yaml", compose_file(target), 0o644),
        ("README.md", readme(target), 0o644),
        ("data/.gitignore", "*\n!.gitignore\n".to_owned(), 0o644),
        ("certs/localhost.crt", certificate, 0o644),
        ("certs/localhost.key", key, 0o600),
        ("certs/portcullis-ca.pem", context.registry_bundle.to_owned(), 0o644),
    ];
    if target.uses_registry_3() && target.needs_jwks() {
        files.push(("certs/portcullis-jwks.json", context.registry_jwks.to_owned(), 0o644));
    }
    write_zip(&files).map_err(|error| format!("The archive can't be written: {error}"))
}

/// The Compose file alone, with the commands that fetch what it names.
pub(super) fn file(target: &Target<'_>) -> String {
    let mut text = format!(
        "# Before the first start, in the folder of this file; certs/localhost.crt and certs/localhost.key are the\n\
         # registry's own TLS certificate and key:\n#   mkdir -p data certs\n#   {}\n",
        Target::fetch("certs/portcullis-ca.pem", &target.bundle_url())
    );
    if target.uses_registry_3() && target.needs_jwks() {
        text.push_str(&format!("#   {}\n", Target::fetch("certs/portcullis-jwks.json", &target.jwks_url())));
    }
    text.push_str(&compose_file(target));
    text
}

fn write_zip(files: &[(&str, String, u32)]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content, mode) in files {
        let options =
            SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).unix_permissions(*mode);
        zip.start_file(format!("{FOLDER}/{name}"), options)?;
        zip.write_all(content.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// The Compose file (Compose specification: no version, services at the top).
fn compose_file(target: &Target<'_>) -> String {
    let mut text = format!(
        "# A registry on https://localhost:5000 with tokens of Portcullis. Start it: docker compose up -d\n\
         {warning}services:\n  registry:\n    image: {image}\n    restart: unless-stopped\n    ports:\n      \
         - \"127.0.0.1:5000:5000\"\n    environment:\n      REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: /data\n      \
         REGISTRY_HTTP_TLS_CERTIFICATE: {CERTIFICATES}/localhost.crt\n      \
         REGISTRY_HTTP_TLS_KEY: {CERTIFICATES}/localhost.key\n",
        warning = target.warning(),
        image = target.image(),
    );
    for (name, value) in environment::variables(target, CERTIFICATES) {
        text.push_str(&format!("      {name}: {}\n", quoting::compose(&value)));
    }
    text.push_str(&format!(
        "    volumes:\n      - ./data:/data:z\n      - ./certs:{CERTIFICATES}:ro,z\n    healthcheck:\n      \
         test: [\"CMD\", \"wget\", \"-q\", \"--spider\", \"--no-check-certificate\", \"https://localhost:5000/\"]\n      \
         interval: 10s\n      timeout: 5s\n      retries: 5\n"
    ));
    text
}

fn readme(target: &Target<'_>) -> String {
    let jwks = if target.uses_registry_3() && target.needs_jwks() {
        "| `certs/portcullis-jwks.json` | the keys that sign tokens; fetch it anew when the realm gets new keys |\n"
    } else {
        ""
    };
    format!(
        "# A registry with tokens of Portcullis\n\n\
         1. Let Docker trust the registry's certificate, which was made for this download and names `localhost`:\n\n   \
         ```\n   sudo mkdir -p /etc/docker/certs.d/localhost:5000\n   \
         sudo cp certs/localhost.crt /etc/docker/certs.d/localhost:5000/ca.crt\n   ```\n\n   \
         (podman and skopeo look in `/etc/containers/certs.d/localhost:5000/`.)\n\
         2. Start the registry: `docker compose up -d`\n\
         3. Log in: `docker login localhost:5000`\n\
         4. Push: `docker tag IMAGE localhost:5000/NAME && docker push localhost:5000/NAME`\n\n\
         What a user may pull, push and delete is set on the client's mappers in Portcullis. No rule, no access.\n\n\
         | File | What it is |\n|---|---|\n\
         | `docker-compose.yaml` | the registry and its settings |\n\
         | `data/` | the images |\n\
         | `certs/localhost.crt`, `certs/localhost.key` | the registry's TLS certificate and key; keep the key private |\n\
         | `certs/portcullis-ca.pem` | what the registry trusts tokens by |\n{jwks}\n\
         The trusted certificates can be fetched again:\n\n```\n{fetch}\n```\n",
        fetch = Target::fetch("certs/portcullis-ca.pem", &target.bundle_url()),
    )
}

//! Options from the outside: precedence, unknown names, wrong values, refusals.

use std::ffi::OsString;

use super::*;

fn machine(environment: &[(&str, &str)]) -> Machine {
    let own = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Machine {
        environment: own.chain([("HOME".to_owned(), "/home/jane".to_owned())]).collect(),
        processors: NonZeroUsize::new(3).unwrap(),
        root: false,
    }
}

fn load_with(arguments: &str, environment: &[(&str, &str)]) -> Result<Options, Stop> {
    let arguments = std::iter::once("portcullis").chain(arguments.split_whitespace()).map(OsString::from);
    load(arguments, &machine(environment))
}

fn troubles(arguments: &str, environment: &[(&str, &str)]) -> Vec<String> {
    match load_with(arguments, environment) {
        Err(Stop::Troubles(troubles)) => troubles.iter().map(ToString::to_string).collect(),
        Err(Stop::CommandLine(error)) => vec![error.to_string()],
        Ok(_) => Vec::new(),
    }
}

fn file(content: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), content).unwrap();
    file
}

#[test]
fn development_needs_nothing() {
    let options = load_with("start-dev", &[]).unwrap();
    assert_eq!((options.http_port, options.http_host.as_str()), (Some(8080), "localhost"));
    assert_eq!(options.hostname, None);
    assert_eq!(options.data_dir, PathBuf::from("/home/jane/.local/share/portcullis"));
    assert_eq!(
        options.sealing_key,
        SealingKeyFile { path: "/home/jane/.local/share/portcullis/sealing-key".into(), create: true }
    );
    assert!(matches!(options.database, Database::Embedded { binaries: None }));
    assert_eq!((options.workers.get(), options.hashing_threads.get(), options.hashing_queue), (3, 3, 192));
    assert_eq!(options.bootstrap_admin.username, "admin");
    assert!(options.bootstrap_admin.password.is_none());
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let file = file(
        "http-port = 1\nhttps-port = 2\nmanagement-port = 3\nproxy-trusted-addresses = [\"10.0.0.0/8\", \"::1\"]\n",
    );
    let environment = [
        ("PORTCULLIS_HTTP_PORT", "11"),
        ("PORTCULLIS_HTTPS_PORT", "12"),
        ("PORTCULLIS_LOG_FORMAT", ""),
        ("PORTCULLIS_CONFIG_FILE", file.path().to_str().unwrap()),
    ];
    let options = load_with("start-dev --http-port 21", &environment).unwrap();
    assert_eq!((options.http_port, options.https_port, options.management_port), (Some(21), 12, Some(3)));
    assert_eq!(options.log_format, LogFormat::Text);
    assert!(options.proxies.contains("10.1.2.3".parse().unwrap()));
    let other = self::file("http-port = 5");
    let options = load_with(&format!("start-dev --config {}", other.path().display()), &environment[2..]).unwrap();
    assert_eq!(options.http_port, Some(5));
}

#[test]
fn an_unknown_name_stops_the_start_with_a_hint() {
    assert_eq!(
        troubles("start-dev", &[("PORTCULLIS_HTTP_PROT", "1"), ("PORTCULLIS_WHATEVER_THIS_IS", "x"), ("OTHER", "y")]),
        [
            "PORTCULLIS_HTTP_PROT: is no known environment variable. Did you mean PORTCULLIS_HTTP_PORT?",
            "PORTCULLIS_WHATEVER_THIS_IS: is no known environment variable. `portcullis start --help` lists all of them",
        ]
    );
    let file = file("hostnam = \"x\"\n[http]\nport = 1\n");
    let path = file.path().display();
    assert_eq!(
        troubles(&format!("start-dev --config {path}"), &[]),
        [
            format!("hostnam in {path}: is no known option. Did you mean hostname?"),
            format!("http in {path}: is no known option. `portcullis start --help` lists all of them"),
        ]
    );
    assert!(troubles("start-dev --http-prot 1", &[])[0].contains("--http-port"));
}

#[test]
fn a_wrong_value_is_named_where_it_was_given() {
    let file = file("http-port = \"eighty\"\n");
    let arguments = format!("start-dev --log-format yaml --config {}", file.path().display());
    let environment = [
        ("PORTCULLIS_WORKERS", "0"),
        ("PORTCULLIS_LOG_LEVEL", "loud"),
        ("PORTCULLIS_PROXY_TRUSTED_ADDRESSES", "10.0.0.0/40"),
        ("PORTCULLIS_DATABASE_URL", "mysql://root:hunter2@db/x"),
        ("PORTCULLIS_HTTPS_CERTIFICATE_FILE", "a.pem"),
    ];
    let found = troubles(&arguments, &environment);
    let path = file.path().display();
    for expected in [
        format!("http-port in {path}: `eighty` is not a port, a number from 0 to 65535"),
        "--log-format: `yaml` is not text or json".to_owned(),
        "PORTCULLIS_WORKERS: `0` is not a number from 1 to 1024".to_owned(),
        "PORTCULLIS_HTTPS_CERTIFICATE_FILE: needs its private key too: add https-certificate-key-file".to_owned(),
    ] {
        assert!(found.contains(&expected), "{expected} not in {found:#?}");
    }
    assert_eq!(found.len(), 7, "{found:#?}");
    assert!(!found.join("\n").contains("hunter2"));
}

#[test]
fn a_public_address_is_scheme_host_and_port() {
    let hostname = |text: &str| load_with(&format!("start-dev --hostname {text}"), &[]).map(|options| options.hostname);
    assert_eq!(hostname("https://ID.example.org:443/").unwrap().as_deref(), Some("https://id.example.org"));
    assert_eq!(hostname("http://localhost:8080").unwrap().as_deref(), Some("http://localhost:8080"));
    for wrong in
        ["id.example.org", "https://id.example.org/auth", "ftp://x", "https://a:b@c", "http://0.0.0.0:1", "https://x?y"]
    {
        assert!(hostname(wrong).is_err(), "{wrong}");
    }
    assert!(troubles("start-dev --hostname id.example.org", &[])[0].ends_with("Did you mean https://id.example.org?"));
}

#[test]
fn authorities_for_requests_of_the_server_are_a_file() {
    assert_eq!(load_with("start-dev", &[]).unwrap().outgoing_trust, None);
    let options = load_with("start-dev --outgoing-trust-file ca.pem", &[]).unwrap();
    assert_eq!(options.outgoing_trust, Some("ca.pem".into()));
}

#[test]
fn production_refuses_what_is_unsafe_all_at_once() {
    let found = troubles("start --bootstrap-admin-password admin", &[]);
    let named: Vec<_> = found.iter().filter_map(|text| text.split_once(':')).map(|(name, _)| name).collect();
    assert_eq!(
        named,
        ["--https-certificate-file", "--hostname", "--sealing-key-file", "--bootstrap-admin-password"],
        "{found:#?}"
    );
    let sound = "start --hostname https://id.example.org --sealing-key-file key";
    assert!(troubles(&format!("{sound} --proxy-trusted-addresses 10.0.0.1"), &[]).is_empty());
    let with_certificate = format!("{sound} --https-certificate-file a --https-certificate-key-file b");
    let options = load_with(&with_certificate, &[]).unwrap();
    assert_eq!(options.http_port, None);
    assert!(!options.sealing_key.create);
    for weak in ["Jane", "changeme", "sesame"] {
        let found = troubles(
            &format!("{with_certificate} --bootstrap-admin-username jane --bootstrap-admin-password {weak}"),
            &[],
        );
        assert_eq!(found.len(), 1, "{weak}");
        assert!(!found[0].contains(weak));
    }
    let found = troubles(&with_certificate.replace("https://id", "http://id"), &[]);
    assert_eq!(found, ["--hostname: http://id.example.org is without TLS. Give an address that begins with https://"]);
}

#[test]
fn secrets_come_from_files_and_never_print() {
    let (password, url) = (file("open sesame\n"), file("postgres://portcullis:hunter2@db/portcullis\r\n"));
    let arguments = format!(
        "start-dev --bootstrap-admin-password-file {} --database-url-file {}",
        password.path().display(),
        url.path().display()
    );
    let options = load_with(&arguments, &[]).unwrap();
    assert_eq!(options.bootstrap_admin.password.as_ref().unwrap().expose(), "open sesame");
    assert!(
        matches!(&options.database, Database::Url(url) if url.expose() == "postgres://portcullis:hunter2@db/portcullis")
    );
    let printed = format!("{options:?}");
    assert!(!printed.contains("sesame") && !printed.contains("hunter2"));
    let both = format!("{arguments} --bootstrap-admin-password x");
    assert_eq!(
        troubles(&both, &[]),
        ["--bootstrap-admin-password-file: says the same as bootstrap-admin-password: give one of the two"]
    );
    let missing = troubles("start-dev --database-url-file /nonexistent/url", &[]);
    assert!(missing[0].starts_with("--database-url-file: /nonexistent/url can't be read"), "{missing:?}");
}

#[test]
fn help_shows_every_option_with_its_variable() {
    let help = match load_with("start --help", &[]) {
        Err(Stop::CommandLine(error)) => error.to_string(),
        other => panic!("{other:?}"),
    };
    for setting in setting::SETTINGS {
        assert!(help.contains(&format!("--{}", setting.name)), "{}", setting.name);
    }
    assert!(help.contains("PORTCULLIS_HTTP_PORT"));
}

#[test]
fn only_the_check_of_postures_takes_realms_and_a_format() {
    assert_eq!(load_with("check-posture", &[]).unwrap().posture_check, PostureCheck::default());
    let check = load_with("check-posture acme --format json master --data-dir /tmp/x", &[]).unwrap().posture_check;
    assert_eq!(check, PostureCheck { realms: vec!["acme".into(), "master".into()], format: ReportFormat::Json });
    for wrong in ["check-posture --format yaml", "migrate acme", "start-dev --format json"] {
        assert!(matches!(load_with(wrong, &[]), Err(Stop::CommandLine(_))), "{wrong}");
    }
}

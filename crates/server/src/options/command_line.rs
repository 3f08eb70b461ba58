//! The command line: what `--help` shows, and the way from arguments to [`Options`].

use std::{ffi::OsString, path::PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command as Clap, parser::ValueSource};

use super::{
    Command, Machine, Options, PostureCheck, RealmExport, RealmFiles, ReportFormat, Stop, Trouble, refusals,
    setting::{CONFIG, CONFIG_FILE_VARIABLE, SETTINGS},
    sources::{Given, Source, Values, add_environment, add_file},
    typed,
};

const COMMANDS: [(Command, &str, &str); 10] = [
    (
        Command::StartDev,
        "Run on this machine for trying things out, with nothing to prepare",
        "Run on this machine for trying things out, with nothing to prepare: an embedded PostgreSQL, a sealing key made \
         in the data folder, plain HTTP on localhost. Not for the internet.",
    ),
    (
        Command::Start,
        "Run in production; refuses unsafe settings",
        "Run in production. It refuses unsafe settings and says for each what to do: it needs --hostname with https, \
         --sealing-key-file, and either a certificate or --proxy-trusted-addresses.",
    ),
    (
        Command::Migrate,
        "Bring the database schema up to date and end",
        "Bring the database schema up to date and end. `start` does the same; this is for installations that do it \
         apart, with a database user of more rights.",
    ),
    (
        Command::BootstrapAdmin,
        "Make an administrator of the master realm and end",
        "Make an administrator of the master realm and end: the way back in when nobody can log in any more. The name \
         must be free. The password is printed unless it was given.",
    ),
    (
        Command::CheckPosture,
        "Say what makes realms less safe than the standards ask for, and end",
        "Look at the settings of realms and their clients, and say for each that is less safe than RFC 9700 and ASVS 5.0 \
         ask for what can go wrong and what to change. No setting is changed. The exit status is 0 without violations, 1 \
         with some, and 2 if it could not be found out.",
    ),
    (
        Command::Import,
        "Make realms from exports of Keycloak or Portcullis, and end",
        "Make realms from files of exports, in JSON or YAML: a file may hold one realm or a list of several, and users \
         may be in files of their own (NAME-realm.json, NAME-users-0.json, …). Each realm is one transaction: it is there \
         as a whole or not at all. What is not taken over as it was given is named. Ids, keys and hashes of passwords are \
         kept, so people log in as before.",
    ),
    (
        Command::Export,
        "Write a realm to a file that can be imported, and end",
        "Write a realm as JSON that can be imported, here or elsewhere. It holds private keys, secrets and, with --users, \
         hashes of passwords, all in the clear: keep it as you keep those.",
    ),
    (
        Command::Plan,
        "Say what files of realms would change, and end",
        "Compare realms with what files in JSON or YAML want of them, and say each difference that `apply` would make \
         disappear. Nothing is changed. Fields that a file names are its own, all others stay as they are. Things in \
         lists are found by their names (clients by clientId, roles and scopes by name, groups by path, users by \
         username), and are added or changed: nothing is removed. Credentials of users count for new users only. The \
         exit status is 0 with and without differences, 2 if it could not be found out.",
    ),
    (
        Command::Apply,
        "Make realms as files want them, and end",
        "Make realms as files in JSON or YAML want them, each in one transaction, and say what was changed. What counts as \
         a difference is told by `plan --help`: fields that a file names are its own, all others stay, things in lists \
         are found by their names and never removed. Applied again, nothing is changed. A realm that is not there is \
         made, as `import` makes it.",
    ),
    (
        Command::Drift,
        "Find out whether realms are as files want them, and end",
        "Compare realms with what files want of them, as `plan` does. The exit status is 0 if there is no difference, 1 if \
         there is one, and 2 if it could not be found out.",
    ),
];

/// The arguments of `check-posture` beside the options, and of `export`.
const REALMS: &str = "realm";
const FORMAT: &str = "format";
/// The arguments of the commands that read files of realms.
const FILES: &str = "file";
const DRY_RUN: &str = "dry-run";
const OVERWRITE: &str = "overwrite";
/// The arguments of `export` beside the realm.
const USERS: &str = "users";
const TARGET: &str = "target";

const SOURCES: &str = "Every option can be given in three ways; the first one found counts:
  1. as a flag:                     --http-port 8080
  2. in the environment:            PORTCULLIS_HTTP_PORT=8080
  3. in a file, named by --config:  http-port = 8080
An option that doesn't exist stops the start, wherever it is given.";

fn clap() -> Clap {
    let config = Arg::new(CONFIG)
        .long(CONFIG)
        .value_name("FILE")
        .value_parser(clap::value_parser!(PathBuf))
        .help(format!("A file with options, one `key = value` per line (TOML) [env: {CONFIG_FILE_VARIABLE}]"));
    let settings = SETTINGS.iter().map(|setting| {
        Arg::new(setting.name).long(setting.name).value_name(setting.value).help_heading(setting.heading).help(format!(
            "{} [env: {}]",
            setting.help,
            setting.variable()
        ))
    });
    let arguments: Vec<Arg> = std::iter::once(config).chain(settings).collect();
    let commands = COMMANDS.iter().map(|(command, about, long)| {
        let clap = Clap::new(command.as_str()).about(*about).long_about(*long).args(&arguments).after_help(SOURCES);
        match command {
            Command::CheckPosture => clap.args(posture_arguments()),
            Command::Import => clap.arg(files_argument()).args(import_arguments()),
            Command::Plan | Command::Apply | Command::Drift => clap.arg(files_argument()),
            Command::Export => clap.args(export_arguments()),
            Command::Start | Command::StartDev | Command::Migrate | Command::BootstrapAdmin => clap,
        }
    });
    Clap::new("portcullis")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Portcullis: an identity provider for applications, and the token server for Docker registries")
        .after_help("Start with: portcullis start-dev\nAll options: portcullis start --help")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(commands)
}

fn posture_arguments() -> [Arg; 2] {
    let realms = Arg::new(REALMS).value_name("REALM").num_args(0..).help("The realms to look at [default: all]");
    let format = Arg::new(FORMAT)
        .long(FORMAT)
        .value_name("text|json")
        .value_parser(["text", "json"])
        .default_value("text")
        .help("A report for people, or a JSON document for programs");
    [realms, format]
}

fn files_argument() -> Arg {
    Arg::new(FILES)
        .value_name("FILE")
        .num_args(1..)
        .required(true)
        .value_parser(clap::value_parser!(PathBuf))
        .help("Files of realms in JSON or YAML, or folders of such files")
}

fn import_arguments() -> [Arg; 2] {
    let switch =
        |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    [
        switch(DRY_RUN, "Try it, tell the report, and leave nothing behind"),
        switch(OVERWRITE, "Remove a realm of the same name first, with its users and sessions; never the realm master"),
    ]
}

fn export_arguments() -> [Arg; 3] {
    [
        Arg::new(REALMS).value_name("REALM").required(true).help("The realm"),
        Arg::new(USERS).long(USERS).action(ArgAction::SetTrue).help("With its users, not only the accounts of clients"),
        Arg::new(TARGET)
            .long("file")
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help("The file to write, for this user only [default: standard output]"),
    ]
}

/// Reads the options of this run from `arguments` (the program's name first), the environment and the file.
///
/// # Errors
/// [`Stop`], with everything that is wrong.
pub fn load(arguments: impl IntoIterator<Item = OsString>, machine: &Machine) -> Result<Options, Stop> {
    let matches = clap().try_get_matches_from(arguments).map_err(Stop::CommandLine)?;
    let (name, matches) = matches.subcommand().unwrap_or(("", &matches));
    let command = COMMANDS.iter().map(|(command, ..)| *command).find(|command| command.as_str() == name);
    let command = command.unwrap_or(Command::Start);
    let mut trouble = Vec::new();
    let mut values = flags(matches);
    add_environment(&mut values, &machine.environment, &mut trouble);
    if let Some(path) = config_file(matches, machine) {
        match std::fs::read_to_string(&path) {
            Ok(text) => add_file(&mut values, path, &text, &mut trouble),
            Err(error) => {
                trouble.push(Trouble::new(format!("--{CONFIG}"), format!("{} can't be read: {error}", path.display())));
            }
        }
    }
    let mut options = typed::options(command, &values, machine, &mut trouble);
    match command {
        Command::CheckPosture => options.posture_check = posture_check(matches),
        Command::Import => options.realm_files = realm_files(matches, true),
        Command::Plan | Command::Apply | Command::Drift => options.realm_files = realm_files(matches, false),
        Command::Export => {
            options.realm_export = RealmExport {
                realm: matches.get_one::<String>(REALMS).cloned().unwrap_or_default(),
                users: matches.get_flag(USERS),
                file: matches.get_one::<PathBuf>(TARGET).cloned(),
            };
        }
        Command::Start | Command::StartDev | Command::Migrate | Command::BootstrapAdmin => {}
    }
    if command == Command::Start {
        refusals::add(&options, &values, &mut trouble);
    }
    if trouble.is_empty() { Ok(options) } else { Err(Stop::Troubles(trouble)) }
}

fn posture_check(matches: &ArgMatches) -> PostureCheck {
    let json = matches.get_one::<String>(FORMAT).is_some_and(|format| format == "json");
    PostureCheck {
        realms: matches.get_many::<String>(REALMS).unwrap_or_default().cloned().collect(),
        format: if json { ReportFormat::Json } else { ReportFormat::Text },
    }
}

fn realm_files(matches: &ArgMatches, import: bool) -> RealmFiles {
    RealmFiles {
        paths: matches.get_many::<PathBuf>(FILES).unwrap_or_default().cloned().collect(),
        dry_run: import && matches.get_flag(DRY_RUN),
        overwrite: import && matches.get_flag(OVERWRITE),
    }
}

fn flags(matches: &ArgMatches) -> Values {
    let mut values = Values::new();
    for setting in SETTINGS {
        if matches.value_source(setting.name) == Some(ValueSource::CommandLine)
            && let Some(value) = matches.get_one::<String>(setting.name)
        {
            values.insert(setting.name, Given { value: value.clone(), source: Source::Flag });
        }
    }
    values
}

fn config_file(matches: &ArgMatches, machine: &Machine) -> Option<PathBuf> {
    let flag = matches.get_one::<PathBuf>(CONFIG).cloned();
    flag.or_else(|| machine.environment.get(CONFIG_FILE_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from))
}

//! The command line: what `--help` shows, and the way from arguments to [`Options`].

use std::{ffi::OsString, path::PathBuf};

use clap::{Arg, ArgMatches, Command as Clap, parser::ValueSource};

use super::{
    Command, Machine, Options, PostureCheck, ReportFormat, Stop, Trouble, refusals,
    setting::{CONFIG, CONFIG_FILE_VARIABLE, SETTINGS},
    sources::{Given, Source, Values, add_environment, add_file},
    typed,
};

const COMMANDS: [(Command, &str, &str); 5] = [
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
];

/// The arguments of `check-posture` beside the options.
const REALMS: &str = "realm";
const FORMAT: &str = "format";

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
        if *command == Command::CheckPosture { clap.args(posture_arguments()) } else { clap }
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
    if command == Command::CheckPosture {
        options.posture_check = posture_check(matches);
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

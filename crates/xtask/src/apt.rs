//! Installing packages on Debian and Ubuntu; on other systems, saying which ones are needed.

use std::io::IsTerminal as _;
use std::process::Command;

use anyhow::{Result, bail};

use crate::packages::Package;
use crate::process;

/// Installs without recommended packages and without letting any of them start a service: Debian starts a PostgreSQL
/// on port 5432, a registry on port 5000 and a web server on port 80 as soon as their packages are there, and nobody
/// asked for that.
///
/// Debian's hook against it is a file (`policy-rc.d`). It is only written where there is none, and the shell removes
/// it again however it ends; a file that already was there says what its owner wants, and is left alone.
const INSTALL: &str = r#"
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM HUP
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@"
"#;

/// Packages that come with a service which the system starts by itself at its next boot.
const WITH_SERVICE: [&str; 3] = ["postgresql", "docker-registry", "apache2"];

/// Installs these packages, or fails with their names and the command to install them by hand.
pub fn install(missing: &[&Package]) -> Result<()> {
    println!("This machine lacks:");
    for package in missing {
        println!("  {:<27} {}", package.name, package.purpose);
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    let by_hand = format!("apt-get install --no-install-recommends {}", names.join(" "));
    if !is_debian() {
        bail!(
            "packages are only installed on Debian and Ubuntu; please install what Debian calls: {}",
            names.join(", ")
        );
    }
    let Some(rights) = rights() else {
        bail!("neither root nor a sudo that works without a terminal; please run, as root: {by_hand}");
    };
    println!("Installing them{}; no service is started.", if rights.is_empty() { "" } else { " through sudo" });
    if let Err(first) = update_and_install(rights, &names) {
        println!("{first:#}\nOnce more:");
        update_and_install(rights, &names)?;
    }
    let services: Vec<&str> = names.into_iter().filter(|name| WITH_SERVICE.contains(name)).collect();
    if !services.is_empty() && std::path::Path::new("/run/systemd/system").exists() {
        println!(
            "Note: at its next boot this machine would start Debian's own service of {0}, which Portcullis does not \
             use; `systemctl disable {0}` prevents it.",
            services.join(" ")
        );
    }
    Ok(())
}

/// A fresh list first: on a new machine there is none, and an old one names files that the servers no longer have.
fn update_and_install(rights: &[&str], names: &[&str]) -> Result<()> {
    process::run(as_root(rights, "apt-get").args(["update", "-qq"]))?;
    println!("$ apt-get install -y --no-install-recommends {}", names.join(" "));
    let status = as_root(rights, "sh").args(["-c", INSTALL, "install"]).args(names).status()?;
    if !status.success() {
        bail!("apt-get could not install {}: {status}", names.join(" "));
    }
    Ok(())
}

fn as_root(rights: &[&str], program: &str) -> Command {
    let mut words = rights.iter().copied().chain([program]);
    let mut command = Command::new(words.next().unwrap_or(program));
    command.args(words).stdin(std::process::Stdio::inherit());
    command
}

/// The words to put before a command so that it runs as root; none when this program does. `None` when there is no
/// way that works here.
fn rights() -> Option<&'static [&'static str]> {
    if process::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0") {
        return Some(&[]);
    }
    process::program("sudo")?;
    if process::read(Command::new("sudo").args(["-n", "true"])).is_ok() {
        return Some(&["sudo", "-n"]);
    }
    // Somebody is there to type a password.
    std::io::stdin().is_terminal().then_some(&["sudo"])
}

fn is_debian() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    process::program("apt-get").is_some() && is_debian_release(&release)
}

/// Whether this text of `os-release(5)` is from Debian or something made of it.
fn is_debian_release(release: &str) -> bool {
    release
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(key, _)| matches!(*key, "ID" | "ID_LIKE"))
        .flat_map(|(_, value)| value.trim_matches('"').split_whitespace())
        .any(|id| matches!(id, "debian" | "ubuntu"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_what_is_made_of_it_are_known() {
        assert!(is_debian_release("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(is_debian_release("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian_release("ID=fedora\nVARIANT=debian\n"));
        assert!(!is_debian_release(""));
    }

    #[test]
    fn the_words_for_root_come_first() {
        let command = as_root(&["sudo", "-n"], "apt-get");
        assert_eq!(command.get_program(), "sudo");
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["-n", "apt-get"]);
        assert_eq!(as_root(&[], "apt-get").get_program(), "apt-get");
    }
}

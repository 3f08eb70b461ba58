//! What the figures were measured on. No names: neither of the machine nor of whose it is.

use std::{fs, thread};

/// The processors, such as `2 × AMD EPYC`.
#[must_use]
pub fn processors() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    format!("{} × {}", threads(), model.map_or("unknown processor", |(_, model)| model.trim()))
}

/// How many threads work at once.
#[must_use]
pub fn threads() -> usize {
    thread::available_parallelism().map_or(1, Into::into)
}

/// The memory in GiB.
#[must_use]
pub fn memory() -> f64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib =
        text.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kib.unwrap_or_default() / 1_048_576.0
}

/// How many threads wanted to run in the last minute, so that a reader sees whether the machine had other work.
#[must_use]
pub fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().and_then(|load| load.parse().ok()).unwrap_or_default()
}

//! What the processes of a measurement use: processor time and memory, as Linux counts them.

use std::{fs, ops::Sub, time::Duration};

/// The unit of times in `/proc/<pid>/stat`: Linux shows hundredths of a second, whatever it counts in.
const TICK: Duration = Duration::from_millis(10);

/// The processes of a measurement.
#[derive(Clone, Copy, Debug)]
pub struct Processes {
    /// The server.
    pub server: u32,
    /// PostgreSQL's main process, whose children count as well.
    pub postmaster: Option<u32>,
}

/// Processor time that each part used.
#[derive(Clone, Copy, Debug, Default)]
pub struct Busy {
    /// The server.
    pub server: Duration,
    /// PostgreSQL.
    pub postgres: Duration,
    /// This program.
    pub load: Duration,
}

/// Memory of a process or of several, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// What is resident, with everything that is shared counted in full for each process.
    pub rss: u64,
    /// What is resident, with what is shared counted in parts.
    pub pss: u64,
}

impl Processes {
    /// The processor time used until now.
    #[must_use]
    pub fn busy(&self) -> Busy {
        Busy { server: time(self.server), postgres: self.postgres().into_iter().map(time).sum(), load: own_time() }
    }

    /// The server's memory at this moment.
    #[must_use]
    pub fn server_memory(&self) -> Memory {
        memory(self.server)
    }

    /// The memory of PostgreSQL's processes at this moment.
    #[must_use]
    pub fn postgres_memory(&self) -> Memory {
        let all = self.postgres().into_iter().map(memory);
        all.fold(Memory::default(), |sum, one| Memory { rss: sum.rss + one.rss, pss: sum.pss + one.pss })
    }

    fn postgres(&self) -> Vec<u32> {
        let Some(postmaster) = self.postmaster else { return Vec::new() };
        let processes = fs::read_dir("/proc").expect("Linux").filter_map(Result::ok);
        let ids = processes.filter_map(|process| process.file_name().to_str()?.parse().ok());
        let ours =
            |id: &u32| *id == postmaster || fields(*id).get(1).is_some_and(|&parent| parent == u64::from(postmaster));
        ids.filter(ours).collect()
    }
}

impl Sub for Busy {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            server: self.server.saturating_sub(earlier.server),
            // Sessions that ended meanwhile took their times with them.
            postgres: self.postgres.saturating_sub(earlier.postgres),
            load: self.load.saturating_sub(earlier.load),
        }
    }
}

impl Busy {
    /// All parts together.
    #[must_use]
    pub fn total(self) -> Duration {
        self.server + self.postgres + self.load
    }

    /// The time of one of `count` requests.
    #[must_use]
    pub fn per(self, count: usize) -> Self {
        let each = |all: Duration| all.div_f64(count.max(1) as f64);
        Self { server: each(self.server), postgres: each(self.postgres), load: each(self.load) }
    }
}

/// The processor time that this program used until now.
#[must_use]
pub fn own_time() -> Duration {
    time(std::process::id())
}

/// The fields of `/proc/<pid>/stat` from the state on, as numbers; none if the process is gone.
fn fields(id: u32) -> Vec<u64> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The name is in parentheses and may hold anything, parentheses too.
    let behind_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    behind_name.split_whitespace().map(|field| field.parse().unwrap_or_default()).collect()
}

fn time(id: u32) -> Duration {
    let fields = fields(id);
    let ticks = |place: usize| u32::try_from(fields.get(place).copied().unwrap_or_default()).unwrap_or(u32::MAX);
    // utime and stime, fields 14 and 15 when the process id is field 1
    TICK * ticks(11) + TICK * ticks(12)
}

fn memory(id: u32) -> Memory {
    let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let bytes = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or_default() * 1_024
    };
    Memory { rss: bytes("Rss:"), pss: bytes("Pss:") }
}

//! Long-running programs: what they write is kept, and they end with their handle.

use std::{
    io::{BufRead, BufReader, Read},
    net::{Ipv4Addr, TcpListener},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// How long a program may take to end after it was asked to.
const PATIENCE: Duration = Duration::from_secs(15);

/// Everything that a program has written, on both outputs.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<String>>);

impl Log {
    /// What was written so far.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    fn follow(&self, output: impl Read + Send + 'static) -> JoinHandle<()> {
        let log = self.clone();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            let mut line = Vec::new();
            while output.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
                log.0.lock().unwrap().push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        })
    }
}

/// A running program.
#[derive(Debug)]
pub struct Process {
    child: Child,
    followers: Vec<JoinHandle<()>>,
    ended: Option<ExitStatus>,
}

impl Process {
    /// Starts the program; what it writes goes to `log`.
    ///
    /// # Panics
    /// If it can't be started.
    #[must_use]
    pub fn start(command: &mut Command, log: &Log) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} can't be started: {error}", command.get_program().display()));
        let stdout = child.stdout.take().map(|output| log.follow(output));
        let stderr = child.stderr.take().map(|output| log.follow(output));
        Self { child, followers: stdout.into_iter().chain(stderr).collect(), ended: None }
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait().expect("a child can be waited for");
        }
        self.ended
    }

    /// Ends it at once, as a crash would.
    pub fn kill9(&mut self) {
        if self.ended().is_none() {
            let _ = self.child.kill();
            self.ended = Some(self.child.wait().expect("a child can be waited for"));
        }
    }

    /// Asks it to end and waits until it has, killing it after a while. Gives how it ended.
    pub fn stop(&mut self) -> ExitStatus {
        if self.ended().is_none() {
            signal("TERM", self.id());
        }
        let deadline = Instant::now() + PATIENCE;
        while self.ended().is_none() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(10));
        }
        self.kill9();
        let ended = self.ended.expect("it has ended");
        // Its own children may hold the outputs open; what it wrote itself has arrived when it is gone.
        self.followers.retain(|follower| !follower.is_finished());
        ended
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

/// Sends a signal, such as `TERM` or `KILL`, to a process.
///
/// # Panics
/// If there is no program to do so.
pub fn signal(name: &str, process: u32) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).stderr(Stdio::null()).status();
    sent.expect("there is a shell");
}

/// A port of the loopback interface that nobody listens on at present.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}

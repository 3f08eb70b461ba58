//! A program that says what it does, one line of JSON each, and is told what to do in the same way.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// How long the program may take for one step.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take to end when it is not spoken with any more.
const FAREWELL: Duration = Duration::from_secs(10);

/// A running program. It ends when it is dropped.
#[derive(Debug)]
pub struct Conversation {
    name: String,
    child: Child,
    stdin: Option<ChildStdin>,
    lines: UnboundedReceiver<String>,
    complaints: Arc<Mutex<String>>,
}

impl Conversation {
    /// Starts the program.
    ///
    /// # Panics
    /// If it can't be started.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_args().next().unwrap_or_default().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} can't be started: {error}", command.get_program().display()));
        let (heard, lines) = unbounded_channel();
        let stdout = child.stdout.take().expect("an output");
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = heard.send(line);
            }
        });
        let complaints = Arc::<Mutex<String>>::default();
        let (stderr, kept) = (child.stderr.take().expect("an output"), Arc::clone(&complaints));
        thread::spawn(move || keep(stderr, &kept));
        Self { name, stdin: child.stdin.take(), child, lines, complaints }
    }

    /// The next thing that the program says.
    ///
    /// # Panics
    /// If it ends or does not say anything; the text holds what it complained about.
    pub async fn hear(&mut self) -> Value {
        let line = match tokio::time::timeout(PATIENCE, self.lines.recv()).await {
            Ok(Some(line)) => line,
            Ok(None) => panic!("{} ended:\n{}", self.name, self.complaints()),
            Err(_) => panic!("{} says nothing any more:\n{}", self.name, self.complaints()),
        };
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{}: no JSON ({error}): {line}", self.name))
    }

    /// The next thing that the program says, which has to be this step of its.
    ///
    /// # Panics
    /// As [`Self::hear`], and if it is another step.
    pub async fn step(&mut self, name: &str) -> Value {
        let said = self.hear().await;
        assert_eq!(said["step"], name, "{}: {said}", self.name);
        said
    }

    /// Tells the program something.
    ///
    /// # Panics
    /// If it does not listen any more.
    pub fn tell(&mut self, what: &Value) {
        let sent = writeln!(self.stdin.as_mut().expect("it is spoken with"), "{what}");
        assert!(sent.is_ok(), "{} does not listen any more:\n{}", self.name, self.complaints());
    }

    /// What it has written to its standard error.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn complaints(&self) -> String {
        self.complaints.lock().unwrap().clone()
    }
}

fn keep(output: impl Read, kept: &Mutex<String>) {
    for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
        kept.lock().unwrap().push_str(&format!("{}\n", String::from_utf8_lossy(&line)));
    }
}

impl Drop for Conversation {
    /// The end of its input is the program's sign to end, and to end what it has started itself.
    fn drop(&mut self) {
        self.stdin = None;
        let deadline = Instant::now() + FAREWELL;
        while self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            if Instant::now() > deadline {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

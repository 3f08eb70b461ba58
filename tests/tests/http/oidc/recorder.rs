//! Somebody else's server: it notes what it is told and answers as it is wanted to.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use tests::poll::until;
use url::form_urlencoded;

/// A request that came.
#[derive(Clone, Debug)]
pub struct Heard {
    pub method: String,
    pub path: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub form: Vec<(String, String)>,
}

impl Heard {
    /// The value of a header that must be there once.
    pub fn header(&self, name: &str) -> &str {
        let mut values = self.headers.iter().filter(|(given, _)| given == name).map(|(_, value)| value.as_str());
        let value = values.next().unwrap_or_else(|| panic!("no {name}: {self:?}"));
        assert_eq!(values.next(), None, "{name} twice");
        value
    }
}

#[derive(Default)]
struct Shared {
    heard: Mutex<Vec<Heard>>,
    /// What the next requests are answered with; then it is 200.
    answers: Mutex<VecDeque<u16>>,
}

/// A server on a port of this machine, for as long as the test runs.
pub struct Recorder {
    port: u16,
    shared: Arc<Shared>,
}

impl Recorder {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let kept = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let kept = Arc::clone(&kept);
                thread::spawn(move || serve(stream.unwrap(), &kept));
            }
        });
        Self { port, shared }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Answers the next requests with these statuses.
    pub fn answers(&self, statuses: &[u16]) {
        self.shared.answers.lock().unwrap().extend(statuses);
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }

    /// Waits until so many requests have come, and gives them.
    pub async fn after(&self, count: usize) -> Vec<Heard> {
        let heard = until(&format!("{count} requests"), 20, || async {
            let heard = self.heard();
            (heard.len() >= count).then_some(heard)
        })
        .await;
        assert_eq!(heard.len(), count, "{heard:?}");
        heard
    }
}

fn serve(stream: TcpStream, shared: &Shared) {
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    // Connections are kept for further requests.
    while let Some(heard) = read(&mut reader) {
        shared.heard.lock().unwrap().push(heard);
        let status = shared.answers.lock().unwrap().pop_front().unwrap_or(200);
        if write!(writer, "HTTP/1.1 {status} Said\r\nContent-Length: 0\r\n\r\n").is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Heard> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        match header.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_lowercase(), value.trim().to_owned())),
            None => break,
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(Ok(0), |(_, length)| length.parse()).ok()?];
    reader.read_exact(&mut body).ok()?;
    let form = form_urlencoded::parse(&body).into_owned().collect();
    Some(Heard { method, path, headers, body: String::from_utf8_lossy(&body).into_owned(), form })
}

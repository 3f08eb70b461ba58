//! Just enough of PostgreSQL's frontend protocol 3.0 to make a database: this crate has no database client, and `psql`
//! is not always installed beside the server.
//!
//! Messages: PostgreSQL documentation, chapter "Frontend/Backend Protocol", sections "Message Flow" and "Message
//! Formats".

use crate::{
    cluster::SUPERUSER,
    data_directory::DataDirectory,
    error::{Error, io_error},
};
use std::{
    io::{self, Read, Write},
    os::unix::net::UnixStream,
    path::PathBuf,
    time::Duration,
};

/// Copying the template of a new database takes a tenth of a second; a minute means something is wrong.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Version 3.0: the major number in the upper half.
const PROTOCOL: i32 = 3 << 16;
/// The longest answer that makes sense here, in bytes.
const LONGEST_MESSAGE: usize = 1 << 20;

/// `invalid_catalog_name`: there is no such database.
const NO_SUCH_DATABASE: &str = "3D000";
/// `duplicate_database` and `unique_violation`: another session has just made it.
const ALREADY_THERE: [&str; 2] = ["42P04", "23505"];

/// Makes a database unless it is there. Opening a session on it is the test, since that leaves no error in the log.
pub(crate) fn create_database_if_missing(directory: &DataDirectory, name: &str) -> Result<(), Error> {
    match Session::open(directory, name) {
        Ok(_) => return Ok(()),
        Err(Error::Refused { sqlstate, .. }) if sqlstate == NO_SUCH_DATABASE => {}
        Err(error) => return Err(error),
    }
    let quoted = name.replace('"', "\"\"");
    match Session::open(directory, "postgres")?.execute(&format!("CREATE DATABASE \"{quoted}\" TEMPLATE template0")) {
        Err(Error::Refused { sqlstate, .. }) if ALREADY_THERE.contains(&sqlstate.as_str()) => Ok(()),
        result => result,
    }
}

/// A session on one database.
struct Session {
    stream: UnixStream,
    socket: PathBuf,
}

impl Session {
    fn open(directory: &DataDirectory, database: &str) -> Result<Self, Error> {
        let socket = directory.socket();
        let stream = UnixStream::connect(&socket).map_err(io_error("connect to", &socket))?;
        stream
            .set_read_timeout(Some(TIMEOUT))
            .and_then(|()| stream.set_write_timeout(Some(TIMEOUT)))
            .map_err(io_error("set the timeout of", &socket))?;
        let mut session = Self { stream, socket };
        let mut body = PROTOCOL.to_be_bytes().to_vec();
        for text in ["user", SUPERUSER, "database", database] {
            session.push_text(&mut body, text)?;
        }
        body.push(0);
        session.send(None, &body)?;
        session.until_ready()?;
        Ok(session)
    }

    /// Runs one statement and drops what it gives.
    fn execute(&mut self, sql: &str) -> Result<(), Error> {
        let mut body = Vec::new();
        self.push_text(&mut body, sql)?;
        self.send(Some(b'Q'), &body)?;
        self.until_ready()
    }

    /// Appends a NUL-terminated text; one with a NUL in it would be read as two.
    fn push_text(&self, body: &mut Vec<u8>, text: &str) -> Result<(), Error> {
        if text.contains('\0') {
            return Err(self.failed(io::ErrorKind::InvalidInput.into()));
        }
        body.extend_from_slice(text.as_bytes());
        body.push(0);
        Ok(())
    }

    fn send(&mut self, kind: Option<u8>, body: &[u8]) -> Result<(), Error> {
        let length =
            i32::try_from(body.len() + 4).map_err(|_too_long| self.failed(io::ErrorKind::InvalidInput.into()))?;
        let mut message: Vec<u8> = kind.into_iter().collect();
        message.extend_from_slice(&length.to_be_bytes());
        message.extend_from_slice(body);
        self.stream.write_all(&message).map_err(|error| self.failed(error))
    }

    /// Reads up to the message that says the server waits for us. Gives the first error it sent on the way.
    fn until_ready(&mut self) -> Result<(), Error> {
        let mut result = Ok(());
        loop {
            match self.receive() {
                Ok((b'Z', _)) => return result,
                Ok((b'E', body)) if result.is_ok() => result = Err(refusal(&body)),
                // Any authentication request but "fine" (0) is one we have no answer to.
                Ok((b'R', body)) if body != [0; 4] => return Err(self.failed(io::ErrorKind::Unsupported.into())),
                Ok(_) => {}
                // After a fatal error the server hangs up instead of becoming ready.
                Err(error) => return result.and(Err(error)),
            }
        }
    }

    /// Reads one message: its kind and its body.
    fn receive(&mut self) -> Result<(u8, Vec<u8>), Error> {
        let mut read = || {
            let (mut kind, mut length) = ([0; 1], [0; 4]);
            self.stream.read_exact(&mut kind)?;
            self.stream.read_exact(&mut length)?;
            let length = usize::try_from(i32::from_be_bytes(length)).ok().and_then(|length| length.checked_sub(4));
            let length = length.filter(|length| *length <= LONGEST_MESSAGE).ok_or(io::ErrorKind::InvalidData)?;
            let mut body = vec![0; length];
            self.stream.read_exact(&mut body)?;
            Ok((u8::from_be_bytes(kind), body))
        };
        read().map_err(|error: io::Error| self.failed(error))
    }

    fn failed(&self, error: io::Error) -> Error {
        io_error("talk to PostgreSQL over", &self.socket)(error)
    }
}

/// Reads an ErrorResponse: fields of one letter and a text each; `C` is the SQLSTATE, `M` the message.
fn refusal(body: &[u8]) -> Error {
    let field = |letter: u8| {
        body.split(|byte| *byte == 0)
            .find_map(|field| field.strip_prefix(&[letter]))
            .map(|text| String::from_utf8_lossy(text).into_owned())
            .unwrap_or_default()
    };
    Error::Refused { sqlstate: field(b'C'), message: field(b'M') }
}

//! Forms with files (RFC 7578), which consoles send where an administrator uploads something.

use actix_web::web::Bytes;
use futures_util::stream;

use crate::errors::Refusal;

/// The most parts of a form.
const MOST: usize = 20;

/// The parts of a form, by name. The body was bounded before.
pub struct Parts(Vec<(String, Bytes)>);

impl Parts {
    /// Reads a body.
    ///
    /// # Errors
    /// A bad request if it is no such form.
    pub async fn read(media_type: &str, body: Bytes) -> Result<Self, Refusal> {
        let unreadable = |why: &dyn std::fmt::Display| Refusal::BadRequest(format!("The form can't be read: {why}"));
        let boundary = multer::parse_boundary(media_type).map_err(|error| unreadable(&error))?;
        let mut form = multer::Multipart::new(stream::iter([Ok::<_, std::io::Error>(body)]), boundary);
        let mut parts = Vec::new();
        while let Some(field) = form.next_field().await.map_err(|error| unreadable(&error))? {
            let Some(name) = field.name().map(str::to_owned) else { return Err(unreadable(&"a part has no name")) };
            if parts.len() == MOST {
                return Err(unreadable(&"it has too many parts"));
            }
            parts.push((name, field.bytes().await.map_err(|error| unreadable(&error))?));
        }
        Ok(Self(parts))
    }

    /// A part.
    pub fn get(&self, name: &str) -> Option<&Bytes> {
        self.0.iter().find(|(of, _)| of == name).map(|(_, part)| part)
    }

    /// A part that is a text.
    ///
    /// # Errors
    /// A bad request if it is none.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let Some(part) = self.get(name) else { return Ok(None) };
        match std::str::from_utf8(part) {
            Ok(text) if !text.contains('\0') => Ok(Some(text)),
            _ => Err(Refusal::BadRequest(format!("The part {name} is no text"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn parts(media_type: &str, body: &str) -> Result<Parts, Refusal> {
        Parts::read(media_type, Bytes::from(body.to_owned())).await
    }

    #[actix_web::test]
    async fn parts_are_read_by_name() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"keystoreFormat\"\r\n\r\nPKCS12\r\n\
                    --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.p12\"\r\n\
                    Content-Type: application/octet-stream\r\n\r\na\0b\r\n--x--\r\n";
        let read = parts("multipart/form-data; boundary=x", body).await.unwrap();
        assert_eq!(read.text("keystoreFormat").unwrap(), Some("PKCS12"));
        assert_eq!(read.get("file").unwrap().as_ref(), b"a\0b");
        assert!(read.text("file").is_err() && read.text("nothing").unwrap().is_none());
    }

    #[actix_web::test]
    async fn anything_else_is_refused() {
        for (media_type, body) in [
            ("application/json", "{}"),
            ("multipart/form-data", "--x--"),
            ("multipart/form-data; boundary=x", "rubbish"),
            ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"),
        ] {
            assert!(parts(media_type, body).await.is_err(), "{media_type} {body}");
        }
    }
}

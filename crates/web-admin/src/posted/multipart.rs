//! Forms with files (RFC 7578).

use actix_web::web::Bytes;
use futures_util::stream;
use model::secret::Secret;

use super::{Form, MAX_FIELD, UNFIT};
use crate::refusal::Refusal;

/// The most parts of such a form.
const MOST: usize = 50;
const UNREADABLE: Refusal = Refusal::Unreadable("The form with the file can't be read.");

/// Reads a form with files. Its body was bounded before. What has a file name is a file, everything else a field.
pub(super) async fn read(media_type: &str, body: Bytes) -> Result<Form, Refusal> {
    let boundary = multer::parse_boundary(media_type).or(Err(UNREADABLE))?;
    let mut parts = multer::Multipart::new(stream::iter([Ok::<_, std::io::Error>(body)]), boundary);
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.or(Err(UNREADABLE))? {
        if form.fields.len() + form.files.len() == MOST {
            return Err(UNFIT);
        }
        let Some(name) = part.name().map(str::to_owned) else { return Err(UNREADABLE) };
        let is_file = part.file_name().is_some();
        let content = part.bytes().await.or(Err(UNREADABLE))?;
        if is_file {
            form.files.push((name, content));
            continue;
        }
        if content.len() > MAX_FIELD || content.contains(&0) {
            return Err(UNFIT);
        }
        let text = String::from_utf8(content.to_vec()).or(Err(UNREADABLE))?;
        form.fields.push((name, Secret::new(text)));
    }
    Ok(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn fields_and_files_are_told_apart() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nsecret\r\n\
                    --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.json\"\r\n\
                    Content-Type: application/json\r\n\r\n{}\r\n--x--\r\n";
        let form = read("multipart/form-data; boundary=x", Bytes::from(body)).await.unwrap();
        assert_eq!(form.text("csrf"), "secret");
        assert_eq!(form.file("file").unwrap().as_ref(), b"{}");
        assert!(form.file("csrf").is_none() && !form.has("file"));
        assert!(read("multipart/form-data; boundary=x", Bytes::from_static(b"rubbish")).await.is_err());
        assert!(read("multipart/form-data", Bytes::from_static(b"--x--")).await.is_err());
    }
}

use proptest::prelude::*;

use super::*;

fn key(byte: u8) -> SealingKey {
    SealingKey::from_base64(&STANDARD.encode([byte; 32])).unwrap()
}

#[test]
fn opens_in_its_place_only() {
    let sealed = key(1).seal("master/key/7", b"private").unwrap();
    assert_eq!(key(1).open("master/key/7", &sealed).unwrap().as_slice(), b"private");
    assert_eq!(key(1).open("master/key/8", &sealed), Err(Error::Sealed));
    assert_eq!(key(2).open("master/key/7", &sealed), Err(Error::UnknownSealingKey(key(1).kid().to_owned())));
    assert_ne!(sealed, key(1).seal("master/key/7", b"private").unwrap(), "the nonce is new each time");
}

#[test]
fn an_altered_text_does_not_open() {
    let sealed = key(1).seal("c", b"private").unwrap();
    for index in 0..sealed.len() {
        let mut altered = sealed.clone().into_bytes();
        altered[index] = if altered[index] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).unwrap();
        assert!(key(1).open("c", &altered).is_err(), "{altered}");
    }
}

#[test]
fn a_header_with_another_encryption_or_compression_does_not_open() {
    let sealed = key(1).seal("c", b"private").unwrap();
    let (_, rest) = sealed.split_once('.').unwrap();
    for change in [json!({"enc": "A128CBC-HS256"}), json!({"zip": "DEF"}), json!({"crit": ["x"]})] {
        let mut header = header(&sealed).unwrap();
        header.extend(change.as_object().unwrap().clone());
        let altered = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(Value::Object(header).to_string()));
        assert_eq!(key(1).open("c", &altered), Err(Error::Sealed));
    }
}

#[test]
fn a_replaced_key_still_opens() {
    let before = SealingKeys { current: key(1), older: vec![] };
    let after = SealingKeys { current: key(2), older: vec![key(1)] };
    let sealed = before.seal("c", b"private").unwrap();
    assert!(!before.needs_resealing(&sealed) && after.needs_resealing(&sealed));
    let plaintext = after.open("c", &sealed).unwrap();
    let resealed = after.seal("c", &plaintext).unwrap();
    assert!(!after.needs_resealing(&resealed));
    assert!(matches!(before.open("c", &resealed), Err(Error::UnknownSealingKey(_))));
    assert!(after.needs_resealing("rubbish"));
}

#[test]
fn key_files_are_read_in_the_usual_spellings() {
    let bytes = [0xfb_u8; 32];
    let kid = SealingKey::from_base64(&STANDARD.encode(bytes)).unwrap().kid().to_owned();
    for text in [
        format!("  {}\r\n", STANDARD.encode(bytes)),
        STANDARD.encode(bytes).trim_end_matches('=').to_owned(),
        URL_SAFE_NO_PAD.encode(bytes),
    ] {
        assert_eq!(SealingKey::from_base64(&text).unwrap().kid(), kid);
    }
    for text in ["", "AAAA", "not base64 at all!", &STANDARD.encode([1; 31]), &STANDARD.encode([1; 33])] {
        assert_eq!(SealingKey::from_base64(text).unwrap_err(), Error::SealingKey);
    }
    assert!(SealingKey::from_base64(&SealingKey::generate_base64().unwrap()).is_ok());
}

#[test]
fn nothing_of_a_key_is_printed() {
    let keys = SealingKeys { current: key(1), older: vec![key(2)] };
    assert_eq!(format!("{:?}", keys.current), "SealingKey(***)");
    assert!(!format!("{keys:?}").contains("AQEB"));
}

proptest! {
    #[test]
    fn everything_opens_as_it_was(context in ".{0,40}", plaintext in proptest::collection::vec(any::<u8>(), 0..300)) {
        let sealed = key(3).seal(&context, &plaintext).unwrap();
        let opened = key(3).open(&context, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), plaintext.as_slice());
    }

    #[test]
    fn no_text_makes_it_panic(sealed in "[A-Za-z0-9_.-]{0,120}") {
        prop_assert!(key(3).open("c", &sealed).is_err());
    }
}

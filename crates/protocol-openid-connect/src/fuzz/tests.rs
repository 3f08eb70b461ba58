//! That each reader is reached, with inputs that it accepts and others; and a few thousand of any.

use proptest::prelude::*;

use super::*;

#[test]
fn usual_inputs_pass() {
    for switches in [0, 1, 4, 0x7f] {
        for query in ["", "response_type=code&scope=openid", "login", "response_mode=form_post&response_type=none"] {
            authorization_request(&[&[switches], query.as_bytes()].concat());
        }
    }
    for text in ["openid phone\nopenid profile phone", "nonsense", ""] {
        scope(text);
    }
    for text in ["https://app.example/cb\nhttps://app.example/*", "/x", ":9/cb", "", "http://127.0.0.1:1/cb"] {
        redirect_uri(text);
    }
    for text in [r#"{"sub":{"value":"u"},"iss":null,"email":null,"acr":{"essential":true,"value":"1"}}"#, "{}", "[]"] {
        claims_parameter(text);
    }
    for text in [r#"{"iss":"app","response_type":"code","scope":"openid","claims":{}}"#, r#"{"request":"x"}"#, "1"] {
        request_object(text);
    }
    for text in ["a=1&b=2&a=3", "audience=a&audience=b&grant_type=password", "a=%ff%00"] {
        form(text.as_bytes());
    }
    for text in ["app:secret\n", "a=b:c\nclient_id=a%3Db", "\nclient_id=app&client_secret=s", "Basic x\n"] {
        client_authentication(text);
    }
    client_assertion(r#"{"iss":"app","sub":"app","aud":["https://id.example/realms/demo"]}"#);
    client_metadata(r#"{"redirect_uris":["https://app.example/cb"],"logo_uri":"https://app.example/"}"#);
    token_claims(
        r#"{"typ":"Offline","iss":"https://id.example/realms/demo","sid":"s","azp":"a","sub":"u","iat":1,
        "fam":"f","gen":1}"#,
    );
    device_code("BCDF-GHJK");
    logout_request("+\nhttps://app.example/bye");
}

proptest! {
    #[test]
    fn any_input_passes(text: String, data: Vec<u8>, switches: u8) {
        authorization_request(&data);
        authorization_request(&[&[switches], text.as_bytes()].concat());
        form(&data);
        for reader in [
            scope, redirect_uri, claims_parameter, request_object, client_authentication, client_assertion,
            client_metadata, token_claims, device_code, logout_request,
        ] {
            reader(&text);
        }
    }
}

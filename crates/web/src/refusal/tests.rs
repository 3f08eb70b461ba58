//! Every door gets its own form of refusal, and every answer its headers.

use actix_web::{
    App,
    http::header::CONTENT_TYPE,
    middleware::from_fn,
    test::{TestRequest, call_service, init_service, read_body},
    web::{self, Bytes},
};
use serde_json::Value;

use super::*;
use crate::{payload, request_id, security_headers};

/// Sends a request to an application with one route per door, and gives status, media type, body and headers.
async fn ask(request: TestRequest) -> (u16, String, Vec<u8>, actix_web::http::header::HeaderMap) {
    let application = init_service(
        App::new().service(
            web::scope("")
                .wrap(from_fn(payload::limited))
                .wrap(from_fn(in_the_form_of_the_door))
                .wrap(from_fn(security_headers::added))
                .wrap(from_fn(request_id::identified))
                .route("/admin/realms/{realm}", web::post().to(async |_: Bytes| HttpResponse::NoContent()))
                .route("/admin/number/{number}", web::get().to(async |_: web::Path<u8>| HttpResponse::NoContent()))
                .service(
                    web::resource("/realms/{realm}/protocol/docker-v2/auth")
                        .route(web::post().to(async |_: Bytes| "token")),
                )
                .default_service(web::to(not_found)),
        ),
    )
    .await;
    let response = call_service(&application, request.to_request()).await;
    let headers = response.headers().clone();
    let media_type = headers.get(CONTENT_TYPE).map_or("", |value| value.to_str().unwrap()).to_owned();
    (response.status().as_u16(), media_type, read_body(response).await.to_vec(), headers)
}

#[actix_web::test]
async fn programs_hear_no_as_json_and_people_see_a_page() {
    let json = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap();
    let (status, _, body, _) = ask(TestRequest::get().uri("/admin/nowhere")).await;
    assert_eq!((status, json(&body)), (404, json!({"error": "There is nothing at this address."})));
    let (status, _, body, _) = ask(TestRequest::get().uri("/realms/a/protocol/nowhere")).await;
    assert_eq!((status, &json(&body)["error"]), (404, &json!("not_found")));
    let (status, _, body, _) = ask(TestRequest::put().uri("/realms/a/protocol/docker-v2/auth")).await;
    assert_eq!((status, &json(&body)["errors"][0]["code"]), (405, &json!("UNSUPPORTED")));
    assert_eq!(json(&body)["error"], "invalid_request");
    let (status, _, body, _) = ask(TestRequest::get().uri("/admin/number/many")).await;
    assert_eq!((status, json(&body).as_object().unwrap().len()), (404, 1));
    let (status, media_type, body, _) = ask(TestRequest::get().uri("/nowhere")).await;
    assert_eq!((status, media_type.as_str()), (404, "text/html; charset=utf-8"));
    assert!(String::from_utf8(body).unwrap().contains("There is nothing at this address."));
}

#[actix_web::test]
async fn a_body_beyond_the_limit_is_refused_in_the_form_of_the_door() {
    let large = vec![b'a'; payload::FORM_LIMIT + 1];
    for announced in [true, false] {
        let mut request = TestRequest::post().uri("/realms/a/protocol/docker-v2/auth").set_payload(large.clone());
        if announced {
            request = request.insert_header(("Content-Length", large.len()));
        }
        let (status, _, body, _) = ask(request).await;
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((status, &body["errors"][0]["message"]), (413, &json!("The body of the request is too large.")));
    }
    let (status, ..) = ask(TestRequest::post().uri("/admin/realms/a").set_payload(large)).await;
    assert_eq!(status, 204);
}

#[actix_web::test]
async fn every_answer_has_its_headers() {
    for uri in ["/nowhere", "/admin/nowhere", "/admin/number/7"] {
        let (.., headers) = ask(TestRequest::get().uri(uri)).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(headers.get(name).unwrap(), value, "{uri}");
        }
        assert!(headers.get("content-security-policy").unwrap().to_str().unwrap().starts_with("default-src 'none'"));
        assert!(headers.contains_key("x-request-id"));
    }
}

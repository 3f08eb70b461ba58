//! A small web site: a few files, served as they are. For applications that live in the browser.

use std::{collections::HashMap, net::TcpListener, sync::Arc};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, web};

/// A running web site. It stops when it is dropped.
pub struct Site {
    port: u16,
    handle: ServerHandle,
}

/// Path, media type and text of each file.
type Files = HashMap<String, (&'static str, String)>;

impl Site {
    /// A port for a site, so that its files can say where they are.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn listen() -> TcpListener {
        TcpListener::bind(("127.0.0.1", 0)).expect("a free port")
    }

    /// Serves these files, each with its path and media type.
    ///
    /// # Panics
    /// If that is impossible.
    #[must_use]
    pub fn serve(listener: TcpListener, files: impl IntoIterator<Item = (&'static str, &'static str, String)>) -> Self {
        let files: Files = files.into_iter().map(|(path, kind, text)| (path.to_owned(), (kind, text))).collect();
        let files = web::Data::from(Arc::new(files));
        let port = listener.local_addr().expect("an address").port();
        let server = HttpServer::new(move || App::new().app_data(files.clone()).default_service(web::get().to(answer)))
            .workers(1)
            .disable_signals()
            .shutdown_timeout(0)
            .listen(listener)
            .expect("a server")
            .run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { port, handle }
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

async fn answer(request: HttpRequest, files: web::Data<Files>) -> HttpResponse {
    match files.get(request.path()) {
        Some((kind, text)) => HttpResponse::Ok().content_type(*kind).body(text.clone()),
        None => HttpResponse::NotFound().body("there is no such file"),
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

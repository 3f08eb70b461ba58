//! As much of a browser as the scripts touch, in QuickJS. Each test adds what its page has.

use rquickjs::{CatchResultExt, Context, FromJs, Runtime};

/// Listeners, timers and a window, the parts that every script shares. `fire` calls listeners as the browser would.
const WINDOW: &str = "
    var listeners = {}, timers = [];
    function listen(type, listener) { (listeners[type] = listeners[type] || []).push(listener); }
    function fire(type, event) { (listeners[type] || []).forEach(function (listener) { listener(event); }); }
    var window = {
        isSecureContext: false,
        addEventListener: listen,
        setTimeout: function (f, ms) { timers.push({ f: f, ms: ms }); }
    };
    var document = { cookie: '' };
";

/// A page in which a script runs.
pub struct Browser {
    runtime: Runtime,
    context: Context,
}

impl Browser {
    /// An empty page, then `page`, then the script of this name.
    pub fn with(page: &str, script: &web::assets::Asset) -> Self {
        let runtime = Runtime::new().unwrap();
        let context = Context::full(&runtime).unwrap();
        let browser = Self { runtime, context };
        browser.run::<()>(WINDOW);
        browser.run::<()>(&format!("{page};undefined"));
        browser.run::<()>(&format!("{};undefined", std::str::from_utf8(script.content()).unwrap()));
        browser
    }

    /// Evaluates `code`, lets all promises go on, and gives what it came to before that.
    pub fn run<T: for<'js> FromJs<'js>>(&self, code: &str) -> T {
        let value = self.context.with(|context| {
            context.eval::<T, _>(code).catch(&context).unwrap_or_else(|error| panic!("{code}: {error}"))
        });
        while self.runtime.is_job_pending() {
            self.runtime.execute_pending_job().unwrap();
        }
        value
    }
}

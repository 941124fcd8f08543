//! A browser of its own for each test: Debian's chromium, driven by its chromedriver.
//!
//! WebDriver is JSON over HTTP, and the tests have a client for that already; Chromium's own commands (sizes, themes,
//! scripts off, pictures of the whole page) go through the same door.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::http::{Answer, Client};

const MISSING: &str = "chromium and chromedriver are needed: apt-get install chromium chromium-driver, or scripts/test";

/// A session; it ends, with its browser, when the test does.
pub struct Chromium {
    client: Client,
    driver_at: SocketAddr,
    session: String,
    // Dropped in this order, after the browser.
    _driver: Driver,
    _profile: TempDir,
}

struct Driver(Child);

impl Chromium {
    pub async fn start() -> Self {
        // The port that it finds free may be taken by the time it listens.
        let mut drivers = (0..5).filter_map(|_| Driver::started());
        let (driver, port) = drivers.next().unwrap_or_else(|| panic!("chromedriver does not start. {MISSING}"));
        let driver_at = SocketAddr::from(([127, 0, 0, 1], port));
        let client = Client::of(driver_at);
        let profile = tempfile::tempdir().unwrap();
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            // A dialogue that nobody expected stays open, and the next command fails with its text.
            "unhandledPromptBehavior": "ignore",
            // A click may return before the page that it leads to has begun to arrive.
            "timeouts": { "implicit": 20_000 },
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": { "args": [
                "--headless=new",
                // Tests may run as root, and in containers with a small /dev/shm.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--hide-scrollbars",
                "--no-first-run",
                // It asks nobody but the server under test.
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                format!("--user-data-dir={}", profile.path().display()),
            ]},
        }}});
        let opened = client.post("/session", wanted).await;
        assert_eq!(opened.status, 200, "{}. {MISSING}", opened.text());
        let session = opened.json()["value"]["sessionId"].as_str().expect("a session").to_owned();
        Self { client, driver_at, session, _driver: driver, _profile: profile }
    }

    /// A WebDriver command; its value.
    #[track_caller]
    pub fn asks(&self, command: &str, with: Value) -> impl Future<Output = Value> {
        let said = format!("{command} {with:.200}");
        let asked = self.tries(command, with);
        async move { asked.await.unwrap_or_else(|value| panic!("{said}: {} {}", value["error"], value["message"])) }
    }

    /// A WebDriver command; its value, or what went wrong.
    pub fn tries(&self, command: &str, with: Value) -> impl Future<Output = Result<Value, Value>> {
        let path = format!("/session/{}/{command}", self.session);
        async move { outcome(&self.client.post(&path, with).await) }
    }

    /// A look that may fail; what is seen, or what went wrong.
    pub async fn looks(&self, command: &str) -> Result<Value, Value> {
        outcome(&self.client.get(&format!("/session/{}/{command}", self.session)).await)
    }

    /// A command that only takes a look.
    pub async fn gets(&self, command: &str) -> Value {
        self.looks(command).await.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// A command of the Chrome DevTools Protocol.
    pub async fn devtools(&self, command: &str, with: Value) -> Value {
        self.asks("goog/cdp/execute", json!({ "cmd": command, "params": with })).await
    }
}

impl Drop for Chromium {
    /// Has the driver close its browser: it does not when it is ended itself, and a browser without one goes on.
    fn drop(&mut self) {
        let Ok(mut driver) = TcpStream::connect(self.driver_at) else { return };
        let close = format!(
            "DELETE /session/{} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.session, self.driver_at
        );
        // It answers when it has; the profile is deleted next. It does not close the connection, whatever it says.
        let _ = driver.write_all(close.as_bytes()).and_then(|()| driver.read(&mut [0; 64]));
    }
}

impl Driver {
    /// A driver, and the port where it listens; none if it gave up.
    fn started() -> Option<(Self, u16)> {
        let spawned = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut driver = Self(spawned.unwrap_or_else(|error| panic!("chromedriver: {error}. {MISSING}")));
        let lines = BufReader::new(driver.0.stdout.take()?).lines().map_while(Result::ok);
        let mut ports =
            lines.filter_map(|line| line.rsplit_once("successfully on port ")?.1.trim_end_matches('.').parse().ok());
        let port = ports.next()?;
        Some((driver, port))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// What a driver answered, by WebDriver, section 6.3: a value, or what went wrong.
fn outcome(answer: &Answer) -> Result<Value, Value> {
    let value = answer.json()["value"].take();
    if answer.status == 200 { Ok(value) } else { Err(value) }
}

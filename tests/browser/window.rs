//! What a person does in a browser, and what is seen there.

use std::{net::SocketAddr, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{chromium::Chromium, support::TestApp};

/// How often is looked for what was there a moment ago.
const TRIES: usize = 20;

/// How elements are named on the wire (WebDriver, section 11).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A commune officer's or a resident's phone.
pub const PHONE: u32 = 360;

/// A window onto one deployment.
pub struct Window {
    pub chromium: Chromium,
    site: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Window {
    /// A phone's window, light, with scripts as browsers have them.
    pub async fn onto(app: &TestApp) -> Self {
        Self::at(app.address).await
    }

    /// The same, onto the node that listens there.
    pub async fn at(address: SocketAddr) -> Self {
        let window = Self { chromium: Chromium::start().await, site: format!("http://{address}") };
        window.is_wide(PHONE).await;
        window
    }

    /// Pages may run nothing from here on. The tests still look into them.
    pub async fn runs_no_scripts(&self) {
        self.chromium.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    }

    pub async fn is_wide(&self, width: u32) {
        let phone = width < 700;
        let size = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": phone });
        self.chromium.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    pub async fn has_theme(&self, theme: Theme) {
        let value = match theme {
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.chromium.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Opens a path of the site.
    pub async fn opens(&self, path: &str) {
        self.chromium.asks("url", json!({ "url": format!("{}{path}", self.site) })).await;
    }

    pub async fn reloads(&self) {
        self.chromium.asks("refresh", json!({})).await;
    }

    /// The open thread once more, by its address.
    pub async fn reloads_thread(&self) {
        let path = self.path().await;
        self.opens(if path.starts_with("/en") { "/en/thread" } else { "/thread" }).await;
    }

    pub async fn goes_back(&self) {
        self.chromium.asks("back", json!({})).await;
    }

    /// Where it stands, without the site.
    pub async fn path(&self) -> String {
        let url = self.chromium.gets("url").await;
        let url = url.as_str().unwrap_or_default();
        url.strip_prefix(&self.site).unwrap_or(url).to_owned()
    }

    /// Clicks what is found.
    pub async fn clicks(&self, css: &str) {
        let click = async |element| self.chromium.tries(&format!("element/{element}/click"), json!({})).await;
        self.with_found(css, click).await;
    }

    /// Does something that leads to another page, and waits for that page: what stands on both is then read from the
    /// new one.
    pub async fn leads(&self, doing: impl Future<Output = ()>) {
        self.runs("document.documentElement.dataset.left = ''", json!([])).await;
        doing.await;
        self.finds("html:not([data-left])").await;
    }

    /// Clicks what leads to another page, and waits for that page.
    pub async fn follows(&self, css: &str) {
        self.leads(self.clicks(css)).await;
    }

    /// Does something with what is found. Found on a page that was just then giving way to the next one, it is looked
    /// for anew.
    async fn with_found(&self, css: &str, act: impl AsyncFn(String) -> Result<Value, Value>) -> Value {
        for _ in 0..TRIES {
            match act(self.finds(css).await).await {
                Ok(value) => return value,
                Err(stale) if stale["error"] == "stale element reference" => (),
                Err(error) => panic!("{css}: {error}"),
            }
        }
        panic!("{css} was gone each time that it was found");
    }

    /// Types into a field, over what stands there.
    pub async fn types(&self, css: &str, text: &str) {
        let type_over = async |element: String| {
            self.chromium.tries(&format!("element/{element}/clear"), json!({})).await?;
            self.chromium.tries(&format!("element/{element}/value"), json!({ "text": text })).await
        };
        self.with_found(css, type_over).await;
    }

    /// Puts text into a field that no keyboard could type.
    pub async fn pastes(&self, css: &str, text: &str) {
        self.runs("document.querySelector(arguments[0]).value = arguments[1]", json!([css, text])).await;
    }

    /// Sends a form that the page has not, with the proof that its forms carry: what somebody does whose page is old.
    pub async fn posts(&self, path: &str, fields: Value) {
        let script = "const form = document.createElement('form'); form.method = 'post'; form.action = arguments[0];
            const proof = document.querySelector('input[name=form]')?.value ?? '';
            for (const [name, value] of Object.entries({ form: proof, ...arguments[1] })) {
                const field = document.createElement('textarea'); field.name = name; field.value = value; form.append(field);
            }
            document.body.append(form); HTMLFormElement.prototype.submit.call(form)";
        self.leads(async { drop(self.runs(script, json!([path, fields])).await) }).await;
    }

    /// Shows everything that the page folds away.
    pub async fn unfolds(&self) {
        self.runs("document.querySelectorAll('details').forEach(one => one.open = true)", json!([])).await;
    }

    /// The browser loses a cookie.
    pub async fn loses_cookie(&self, name: &str) {
        let what = json!({ "name": name, "url": format!("{}/console", self.site) });
        self.chromium.devtools("Network.deleteCookies", what).await;
    }

    /// What a reader sees of an element.
    pub async fn text(&self, css: &str) -> String {
        let text = async |element| self.chromium.looks(&format!("element/{element}/text")).await;
        self.with_found(css, text).await.as_str().unwrap_or_default().to_owned()
    }

    /// What a field holds.
    pub async fn value(&self, css: &str) -> String {
        let value = self.runs("return document.querySelector(arguments[0]).value", json!([css])).await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// How many elements there are of a kind.
    pub async fn count(&self, css: &str) -> u64 {
        let count = self.runs("return document.querySelectorAll(arguments[0]).length", json!([css])).await;
        count.as_u64().unwrap_or_default()
    }

    /// Runs a function's body in the page, past its policy: for looking, not for doing what the page should do.
    pub async fn runs(&self, script: &str, arguments: Value) -> Value {
        self.chromium.asks("execute/sync", json!({ "script": script, "args": arguments })).await
    }

    /// What the browser complained about since it was last asked: refusals by the policy, failed loads, errors of
    /// scripts.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.chromium.asks("se/log", json!({ "type": "browser" })).await;
        // It reports at that level what it cleared when it was asked to.
        let entries = log.as_array().into_iter().flatten().filter(|entry| entry["level"] != "INFO");
        let said = entries.filter_map(|entry| entry["message"].as_str().map(str::to_owned));
        // The browser's own first page is nothing of ours.
        said.filter(|message| !message.starts_with("chrome://")).collect()
    }

    /// A picture of the whole page.
    pub async fn draws(&self, file: &Path) {
        let wanted = json!({ "format": "png", "captureBeyondViewport": true });
        let drawn = self.chromium.devtools("Page.captureScreenshot", wanted).await;
        let picture = STANDARD.decode(drawn["data"].as_str().expect("a picture")).unwrap();
        std::fs::create_dir_all(file.parent().expect("a folder")).unwrap();
        std::fs::write(file, picture).unwrap();
    }

    async fn finds(&self, css: &str) -> String {
        let wanted = json!({ "using": "css selector", "value": css });
        let Ok(found) = self.chromium.tries("element", wanted).await else {
            let seen = self.runs("return document.body.innerText", json!([])).await;
            panic!("no {css} on {}: {seen}", self.path().await);
        };
        found[ELEMENT].as_str().expect("an element").to_owned()
    }
}

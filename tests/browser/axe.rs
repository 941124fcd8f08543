//! axe-core, the customary checker of accessibility. It is fetched, not kept: `scripts/test` puts it below `target/`.

use std::{path::PathBuf, sync::LazyLock};

use serde_json::{Value, json};

use crate::window::Window;

static SOURCE: LazyLock<String> = LazyLock::new(|| {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(target).join("axe/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        let get = "scripts/test fetches it, or by hand: npm install --prefix target/axe --no-save axe-core";
        panic!("{}: {error}. {get}", path.display())
    })
});

/// WCAG 2.2 up to AA, and what axe holds to be good practice.
const RULES: [&str; 7] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/// What a page does wrong, each with the elements it does it in.
pub async fn violations(window: &Window) -> Vec<String> {
    let script = format!(
        "{}\nconst done = arguments[arguments.length - 1];
         axe.run(document, {{ runOnly: arguments[0], resultTypes: ['violations'], preload: false }})
            .then(found => done(found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' '
                + n.failureSummary).join(' | '))), error => done(['axe: ' + error]));",
        *SOURCE
    );
    let found = window.chromium.asks("execute/async", json!({ "script": script, "args": [RULES] })).await;
    let Value::Array(found) = found else { panic!("axe says {found}") };
    found.iter().map(|violation| violation.as_str().unwrap_or_default().to_owned()).collect()
}

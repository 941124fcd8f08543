//! What people see: every page in a real browser, headless Chromium, steered over WebDriver.
//!
//! `cargo test --test browser` runs it; it is left out of a plain `cargo test`, because it needs `chromium`,
//! `chromedriver`, `w3m` and axe-core, which `scripts/test` installs. What is missing fails with a word on how to get
//! it. `chromium` steers, `window` is what a person does and sees, `look` what must hold of every page.

#[path = "../it/support/mod.rs"]
#[expect(dead_code, reason = "shared with tests/it: neither binary needs everything")]
mod support;

mod axe;
mod chromium;
mod console;
mod look;
mod resident;
mod said;
mod window;

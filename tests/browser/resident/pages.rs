//! What `scripts/pages` does.

use std::{fmt::Write, path::PathBuf, time::Instant};

use super::tour::{deployment, goes};
use crate::{
    look::Look,
    support::{TestApp, browser::Browser},
    window::{PHONE, Theme, Window},
};

/// A desk's window.
const DESK: u32 = 1280;

struct Drawn {
    folder: PathBuf,
}

impl Look for Drawn {
    async fn at(&mut self, window: &Window, name: &str) {
        for (width, theme) in [(DESK, Theme::Light), (DESK, Theme::Dark), (PHONE, Theme::Dark), (PHONE, Theme::Light)] {
            window.is_wide(width).await;
            window.has_theme(theme).await;
            let shade = if theme == Theme::Dark { "-dark" } else { "" };
            window.draws(&self.folder.join(format!("{name}-{width}{shade}.png"))).await;
        }
    }
}

/// Bytes on the wire as browsers ask for it, and the median of the server's time over a local connection.
async fn weighs(app: &TestApp, path: &str, said: &mut String) {
    let browser = Browser::of(app).with("accept-encoding", "gzip");
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..21 {
        let start = Instant::now();
        bytes = browser.get(path).await.size();
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let _ = writeln!(said, "{path:<14} {bytes:>6} bytes  {:>6.1} ms", times[10].as_secs_f64() * 1000.0);
}

#[tokio::test]
#[ignore = "draws and prints, checks nothing: scripts/pages"]
async fn pages_are_drawn_and_weighed() {
    let app = deployment().await;
    let mut said = String::new();
    for path in ["/", "/tip", "/thread", "/figures", "/khong-co", "/en", "/en/tip", "/en/thread", "/en/figures"] {
        weighs(&app, path, &mut said).await;
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
    let window = Window::onto(&app).await;
    goes(&app, &window, "", &mut Drawn { folder: folder.clone() }).await;
    std::io::Write::write_all(&mut std::io::stdout(), said.as_bytes()).unwrap();
}

//! What `scripts/pages` does for the console.

use std::{collections::BTreeMap, fmt::Write, path::PathBuf, time::Instant};

use super::{at_work, scene};
use crate::{
    support::{TestApp, desk::Desk},
    window::{PHONE, Theme},
};

const DESK: u32 = 1280;

#[tokio::test]
#[ignore = "draws and prints, checks nothing: scripts/pages"]
async fn pages_are_drawn_and_weighed() {
    let app = TestApp::spawn().await;
    let paths = scene::every_page(&app).await;
    let (window, desk, mut said) = (at_work(&app, "ana").await, Desk::at_work(&app, "ana").await, String::new());
    let desk = desk.with("accept-encoding", "gzip");
    let mut drawn = BTreeMap::new();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
    for path in &paths {
        weighs(&desk, path, &mut said).await;
        let name = name_of(path, &mut drawn);
        for (width, theme) in [(DESK, Theme::Light), (DESK, Theme::Dark), (PHONE, Theme::Dark), (PHONE, Theme::Light)] {
            window.is_wide(width).await;
            window.has_theme(theme).await;
            window.opens(path).await;
            let shade = if theme == Theme::Dark { "-dark" } else { "" };
            window.draws(&folder.join(format!("{name}-{width}{shade}.png"))).await;
        }
    }
    std::io::Write::write_all(&mut std::io::stdout(), said.as_bytes()).unwrap();
}

/// `console-tips`, and `console-tips-2` for the second of them.
fn name_of(path: &str, drawn: &mut BTreeMap<String, u32>) -> String {
    let parts = path.split(['?', '/']).filter(|part| !part.is_empty()).take(2);
    let name = parts.collect::<Vec<_>>().join("-");
    let times = drawn.entry(name.clone()).and_modify(|times| *times += 1).or_insert(1);
    if *times == 1 { name } else { format!("{name}-{times}") }
}

/// Bytes on the wire as browsers ask for it, and the median of the server's time over a local connection.
async fn weighs(desk: &Desk, path: &str, said: &mut String) {
    let (mut times, mut bytes) = (Vec::new(), 0);
    for _ in 0..11 {
        let start = Instant::now();
        bytes = desk.get(path).await.size();
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let _ = writeln!(said, "{path:<80} {bytes:>6} bytes  {:>6.1} ms", times[5].as_secs_f64() * 1000.0);
}

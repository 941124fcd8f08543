use std::time::Duration;

use crate::{app::App, reference::Language, units};

use super::texts::text;

/// What takes no new tips now, as residents are told. Threads stay open.
pub struct Closed {
    pub title: String,
    pub message: String,
}

/// A page waits no longer for what it can do without.
const PATIENCE: Duration = Duration::from_secs(2);

/// The whole line first. A store that does not answer closes no page: whoever is in danger is told whom to call.
pub async fn closed(app: &App, language: Language) -> Vec<Closed> {
    let closures = tokio::time::timeout(PATIENCE, units::list_closures(app)).await;
    let told = closures.unwrap_or(Ok(Vec::new())).unwrap_or_default().into_iter().map(|closure| Closed {
        title: match &closure.office {
            None => text("closed_line", language).to_owned(),
            Some(office) => format!("{}: {}", office.text(language), text("closed_office", language)),
        },
        message: closure.message.text(language).to_owned(),
    });
    told.collect()
}

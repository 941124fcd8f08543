use super::{CommandError, print, serve};
use crate::{config::Config, doctor};

/// Tells what could be lost by accident; the exit code says whether anything was found.
pub(super) async fn examine(config: &Config) -> Result<(), CommandError> {
    let app = serve::open(config).await?;
    let findings = doctor::examine(&app).await;
    app.db.close().await?;
    let findings = findings?;
    print::findings(&findings)?;
    if findings.is_empty() { Ok(()) } else { Err(CommandError::Findings(findings.len())) }
}

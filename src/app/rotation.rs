//! Rotation of the secrets outside the database, while the line serves: a further version is drawn (`add_version`),
//! every node learns it (`reload`), then it makes what is made from now on (`make_current`), and when nothing hangs on
//! the former one any more, that goes (`retire_version`). The procedure is docs/ROTATION.md.

use std::{fs, io, path::Path};

use chrono::{DateTime, Duration, Utc};
use vault::{
    app_secrets::{BadSecrets, Known, RotateError, Secrets, Which},
    chance::Chance,
};

use super::{App, StartError, write_private_file};
use crate::{staff, tips};

/// A log-in lasts twelve hours, sealed under the session secret of its last refresh; an hour for slow clocks.
const SESSIONS_END: Duration = Duration::hours(13);

/// A ticket is good for 48 hours, longer than any token; an hour for slow clocks.
const TICKETS_END: Duration = Duration::hours(49);

/// Why secrets were not rotated; the file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    #[error("secrets: {0}")]
    Secrets(#[from] BadSecrets),
    #[error(transparent)]
    Version(#[from] RotateError),
    #[error("{receipts} receipts, {passwords} passwords and {codes} recovery codes hang on this version of the pepper")]
    PepperInUse { receipts: u64, passwords: u64, codes: u64 },
    #[error("what was made under this version is good until {until}")]
    TooSoon { until: DateTime<Utc> },
    #[error(transparent)]
    Store(#[from] sea_orm::DbErr),
    #[error(transparent)]
    File(#[from] StartError),
}

/// The versions of every secret in the file.
pub fn read_versions(path: &Path) -> Result<Vec<(Which, Known)>, RotationError> {
    let secrets = read(path)?;
    Ok(Which::ALL.map(|which| (which, secrets.known(which))).to_vec())
}

/// Draws a further version and writes it down. It opens, once a node has learned it, and makes nothing yet.
pub fn add_version(path: &Path, which: Which, chance: &Chance) -> Result<i32, RotationError> {
    let (secrets, number) = read(path)?.with_another(which, chance);
    write(path, &secrets)?;
    Ok(number)
}

/// Lets the newest version make what is made from now on; where the current one is the newest, draws one first.
pub fn make_current(path: &Path, which: Which, chance: &Chance, now: DateTime<Utc>) -> Result<i32, RotationError> {
    let mut secrets = read(path)?;
    let known = secrets.known(which);
    if known.versions.last() == Some(&known.current) {
        secrets = secrets.with_another(which, chance).0;
    }
    let (secrets, number) = secrets.with_newest_current(which, now);
    write(path, &secrets)?;
    Ok(number)
}

/// Takes a version away that nothing hangs on any more.
pub async fn retire_version(app: &App, path: &Path, which: Which, version: i32) -> Result<(), RotationError> {
    let secrets = read(path)?;
    let narrower = secrets.without(which, version)?;
    let known = secrets.known(which);
    // One that never made anything may go at any time.
    if version < known.current {
        match which {
            Which::Pepper => refuse_if_in_use(app, version).await?,
            Which::Session => refuse_before(app, known.since + SESSIONS_END)?,
            Which::Token => refuse_before(app, known.since + TICKETS_END)?,
        }
    }
    write(path, &narrower)
}

async fn refuse_if_in_use(app: &App, version: i32) -> Result<(), RotationError> {
    let receipts = tips::store::count_receipts_of_pepper(app.db.read(), version).await?;
    let (passwords, codes) = staff::store::count_locks_of_pepper(app.db.read(), version).await?;
    if receipts + passwords + codes > 0 {
        return Err(RotationError::PepperInUse { receipts, passwords, codes });
    }
    Ok(())
}

fn refuse_before(app: &App, until: DateTime<Utc>) -> Result<(), RotationError> {
    if app.clock.now() < until { Err(RotationError::TooSoon { until }) } else { Ok(()) }
}

/// Learns what is in the file now. What cannot be read changes nothing.
pub fn reload(app: &App, path: &Path) -> Result<(), RotationError> {
    app.secrets.replace(&read(path)?);
    Ok(())
}

fn read(path: &Path) -> Result<Secrets, RotationError> {
    let text = fs::read_to_string(path).map_err(|source| in_file(path, source))?;
    Ok(Secrets::from_json(&text)?)
}

/// Beside the old file and then in its place: whoever reads meanwhile reads the one or the other, whole.
fn write(path: &Path, secrets: &Secrets) -> Result<(), RotationError> {
    let beside = path.with_extension("json.new");
    write_private_file(&beside, secrets.to_json().as_bytes())?;
    fs::rename(&beside, path).map_err(|source| in_file(path, source))?;
    // The name as well as the content: a machine that stops now must not come back with the former file.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let synced = fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| in_file(path, source).into())
}

fn in_file(path: &Path, source: io::Error) -> StartError {
    StartError::File { path: path.into(), source }
}

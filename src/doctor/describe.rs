use std::path::Path;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use entity::ids::OfficeId;

use super::examine::{Finding, examine, live_members};
use crate::{
    app::App,
    audit, backups, escrow, identities,
    reference::Label,
    staff::{self, Permission, Staff, StaffError},
    units,
};

/// How the deployment stands, as far as an officer may know.
pub struct Condition {
    /// Offices that have a key: of an administrator's, all; of others, their own.
    pub offices: Vec<OfficeCondition>,
    /// For administrators only.
    pub node: Option<NodeCondition>,
    /// Findings that the officer may know; the worst first.
    pub findings: Vec<Finding>,
}

/// Who could open what an office is sent.
pub struct OfficeCondition {
    pub id: OfficeId,
    pub name: Label,
    /// Active officers who hold the newest key.
    pub members: usize,
    /// The newest key lies on paper.
    pub escrowed: bool,
}

/// What is the same for all offices, and what this node knows of itself.
pub struct NodeCondition {
    /// Custodians who are ready, and how many hold a new identity.
    pub custodians: (usize, i32),
    /// Checkpoints of the record are mailed to an overseer.
    pub mails: bool,
    pub checkpoint: Checkpoint,
    /// The day of the last backup.
    pub backup: Option<NaiveDate>,
    /// None: the system does not tell.
    pub disk: Option<Disk>,
}

/// The newest signed checkpoint of the record in this node's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkpoint {
    /// There is none yet.
    None,
    /// The file, or its last line, is not what this line wrote.
    Unreadable,
    At(DateTime<Utc>),
}

/// Bytes of the file system that this node's files are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk {
    pub free: u64,
    pub total: u64,
}

/// One is written each hour: after this long, two have not been.
const CHECKPOINT_HOURS: i64 = 3;

/// Below a tenth, an afternoon with photographs can fill it.
const FREE_PARTS: u64 = 10;

impl NodeCondition {
    pub fn checkpoint_is_late(&self, now: DateTime<Utc>) -> bool {
        match self.checkpoint {
            Checkpoint::None | Checkpoint::Unreadable => true,
            Checkpoint::At(at) => now - at > Duration::hours(CHECKPOINT_HOURS),
        }
    }

    pub fn disk_is_low(&self) -> bool {
        self.disk.is_some_and(|disk| disk.free < disk.total / FREE_PARTS)
    }
}

impl Condition {
    /// What an officer should look at: everything that was found, and what this node lacks.
    pub fn warnings(&self, now: DateTime<Utc>) -> usize {
        let node = self.node.as_ref();
        let late = node.is_some_and(|node| node.checkpoint_is_late(now));
        let low = node.is_some_and(NodeCondition::disk_is_low);
        self.findings.len() + usize::from(late) + usize::from(low)
    }
}

/// Describes the deployment to who could mend it: administrators, and those who hold an office's key.
pub async fn describe(app: &App, staff: &Staff) -> Result<Condition, StaffError> {
    staff.must(Permission::Administer).or_else(|_| staff.must(Permission::ReadTips))?;
    let all = staff.must(Permission::Administer).is_ok();
    let own = |office: OfficeId| all || staff.may_in(office, Permission::ReadTips);
    let mut findings = examine(app).await?;
    findings.retain(|finding| all || finding.office.as_ref().is_some_and(|(office, _)| own(*office)));
    let node = if all { Some(node(app).await?) } else { None };
    Ok(Condition { offices: offices(app, own).await?, node, findings })
}

async fn offices(app: &App, own: impl Fn(OfficeId) -> bool) -> Result<Vec<OfficeCondition>, StaffError> {
    let db = app.db.read();
    let mut keys = units::store::newest_keys(db).await?;
    keys.retain(|key| own(key.office_id));
    let escrowed = escrow::store::of_keys(db, keys.iter().map(|key| key.id).collect()).await?;
    let rows = units::store::all_offices(db).await?;
    let mut found = Vec::new();
    for row in rows {
        let Some(key) = keys.iter().find(|key| key.office_id == row.id) else { continue };
        found.push(OfficeCondition {
            id: row.id,
            name: Label { vi: row.name_vi, en: row.name_en },
            members: live_members(app, key).await?,
            escrowed: escrowed.iter().any(|escrow| escrow.office_key_id == key.id),
        });
    }
    Ok(found)
}

async fn node(app: &App) -> Result<NodeCondition, StaffError> {
    let ready = staff::store::ready_custodians(app.db.read()).await?.len();
    let file = &app.settings.checkpoints;
    let checkpoint = match audit::last_checkpoint(app) {
        Ok(Some(checkpoint)) => Checkpoint::At(checkpoint.at),
        Ok(None) => Checkpoint::None,
        Err(_) => Checkpoint::Unreadable,
    };
    Ok(NodeCondition {
        custodians: (ready, identities::read_quorum(app).await?.holders),
        mails: app.mailer.is_some(),
        checkpoint,
        backup: backups::store::last_backup(app.db.read()).await?,
        disk: file.parent().and_then(disk),
    })
}

fn disk(folder: &Path) -> Option<Disk> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let told = rustix::fs::statvfs(folder).ok()?;
    Some(Disk { free: told.f_bavail.saturating_mul(told.f_frsize), total: told.f_blocks.saturating_mul(told.f_frsize) })
}

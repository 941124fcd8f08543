use std::collections::{BTreeMap, HashMap, HashSet};

use entity::{
    enums::OfficerStatus,
    ids::{OfficeId, OfficeKeyId, OfficerId, TipId},
    office_keys,
};
use sea_orm::DbErr;

use crate::{
    app::App,
    backups, escrow, identities,
    staff::{self, Permission},
    units,
};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nobody opens what an office is sent.
    NoMember,
    /// Identities that too few live custodians hold to be opened ever again.
    IdentityLost,
    /// One officer alone opens what an office is sent.
    OneMember,
    /// An office's key does not lie on paper.
    NoEscrow,
    /// Fewer custodians are ready than hold a new identity.
    TooFewCustodians,
    /// Identities that fewer live custodians hold than they were sealed to.
    IdentityBelowHolders,
    /// No backup was made for more than a week; the count is in days.
    BackupOverdue,
}

impl Kind {
    pub const ALL: [Self; 7] = [
        Self::NoMember,
        Self::IdentityLost,
        Self::OneMember,
        Self::NoEscrow,
        Self::TooFewCustodians,
        Self::IdentityBelowHolders,
        Self::BackupOverdue,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoMember => "no_member",
            Self::IdentityLost => "identity_lost",
            Self::OneMember => "one_member",
            Self::NoEscrow => "no_escrow",
            Self::TooFewCustodians => "too_few_custodians",
            Self::IdentityBelowHolders => "identity_below_holders",
            Self::BackupOverdue => "backup_overdue",
        }
    }

    /// Something is lost already, unless paper or a recovery code brings it back.
    pub fn is_alarm(self) -> bool {
        match self {
            Self::NoMember | Self::IdentityLost => true,
            Self::OneMember
            | Self::NoEscrow
            | Self::TooFewCustodians
            | Self::IdentityBelowHolders
            | Self::BackupOverdue => false,
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub kind: Kind,
    /// Id and code.
    pub office: Option<(OfficeId, String)>,
    /// Identities or custodians that it is about.
    pub count: usize,
}

/// Looks for what one more loss would make unreadable, the worst first. Without authority: for the command line.
pub async fn examine(app: &App) -> Result<Vec<Finding>, DbErr> {
    let mut findings = offices(app).await?;
    findings.extend(custodians(app).await?);
    findings.extend(identities_below(app).await?);
    findings.extend(backup_overdue(app).await?);
    findings.sort();
    Ok(findings)
}

async fn offices(app: &App) -> Result<Vec<Finding>, DbErr> {
    let db = app.db.read();
    let keys = units::store::newest_keys(db).await?;
    let escrowed: HashSet<OfficeKeyId> = escrow::store::of_keys(db, keys.iter().map(|key| key.id).collect())
        .await?
        .into_iter()
        .map(|escrow| escrow.office_key_id)
        .collect();
    let codes: HashMap<OfficeId, String> =
        units::store::all_offices(db).await?.into_iter().map(|office| (office.id, office.code)).collect();
    let mut findings = Vec::new();
    for key in keys {
        let office = Some((key.office_id, codes.get(&key.office_id).cloned().unwrap_or_default()));
        let found = |kind, count| Finding { kind, office: office.clone(), count };
        match live_members(app, &key).await? {
            0 => findings.push(found(Kind::NoMember, 0)),
            1 => findings.push(found(Kind::OneMember, 1)),
            _ => (),
        }
        if !escrowed.contains(&key.id) {
            findings.push(found(Kind::NoEscrow, 1));
        }
    }
    Ok(findings)
}

/// Active officers who hold a key and still have a role for it.
pub(super) async fn live_members(app: &App, key: &office_keys::Model) -> Result<usize, DbErr> {
    let db = app.db.read();
    let holders = units::store::holders_of_key(db, key.id).await?;
    let grants = staff::store::grants_in(db, key.office_id).await?;
    let works = |officer: OfficerId| {
        grants.iter().any(|grant| grant.officer_id == officer && Permission::ReadTips.is_given_by(grant.role))
    };
    let officers = staff::store::officers_by_id(db, holders).await?;
    Ok(officers.iter().filter(|officer| officer.status == OfficerStatus::Active && works(officer.id)).count())
}

/// Longer than a week of tips is nobody's to lose.
const BACKUP_DAYS: i64 = 7;

/// Counted from the last backup, or, when there was none, from the day on which the line could first be sent a tip.
async fn backup_overdue(app: &App) -> Result<Option<Finding>, DbErr> {
    let db = app.db.read();
    let since = match backups::store::last_backup(db).await? {
        Some(day) => Some(day),
        None => units::store::newest_keys(db).await?.iter().map(|key| app.clock.day_of(key.created_at)).min(),
    };
    let days = since.map_or(0, |day| (app.clock.today() - day).num_days());
    let count = usize::try_from(days).unwrap_or(0);
    Ok((days > BACKUP_DAYS).then_some(Finding { kind: Kind::BackupOverdue, office: None, count }))
}

async fn custodians(app: &App) -> Result<Option<Finding>, DbErr> {
    let ready = staff::store::ready_custodians(app.db.read()).await?.len();
    let needed = usize::try_from(identities::read_quorum(app).await?.holders).unwrap_or(usize::MAX);
    Ok((ready < needed).then_some(Finding { kind: Kind::TooFewCustodians, office: None, count: ready }))
}

async fn identities_below(app: &App) -> Result<Vec<Finding>, DbErr> {
    let db = app.db.read();
    let mut held: BTreeMap<TipId, i32> = BTreeMap::new();
    for (tip, _) in identities::store::live_holders(db).await? {
        *held.entry(tip).or_default() += 1;
    }
    let (mut lost, mut below) = (0, 0);
    for identity in identities::store::all(db).await? {
        let live = held.get(&identity.tip_id).copied().unwrap_or(0);
        lost += usize::from(live < identity.threshold);
        below += usize::from(live >= identity.threshold && live < identity.holders);
    }
    let counted = [(Kind::IdentityLost, lost), (Kind::IdentityBelowHolders, below)];
    let found = counted.into_iter().filter(|(_, count)| *count > 0);
    Ok(found.map(|(kind, count)| Finding { kind, office: None, count }).collect())
}

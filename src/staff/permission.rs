use entity::enums::Role;

/// A right that a role gives in its office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See the office's queue and open its tips.
    ReadTips,
    /// Decide what becomes of a new tip.
    Screen,
    /// Work a tip: ask, reply, note, grade, assign, open and link cases.
    Work,
    /// Record outcomes, close cases, attest value.
    Investigate,
    /// Confirm or revoke what another officer attested.
    Confirm,
    /// See figures.
    Count,
    /// See who did what.
    Audit,
    /// Make accounts and give roles; opens no tip.
    Administer,
    /// Hold shares of identities, and decide who may open one.
    Custody,
}

impl Permission {
    pub fn is_given_by(self, role: Role) -> bool {
        match self {
            Self::ReadTips | Self::Work => matches!(role, Role::Screener | Role::Investigator | Role::Commander),
            Self::Screen => matches!(role, Role::Screener | Role::Commander),
            Self::Investigate => matches!(role, Role::Investigator | Role::Commander),
            Self::Confirm => matches!(role, Role::Commander),
            Self::Count => !matches!(role, Role::Custodian),
            Self::Audit => matches!(role, Role::Auditor),
            Self::Administer => matches!(role, Role::Administrator),
            Self::Custody => matches!(role, Role::Custodian),
        }
    }
}

/// Whether a role's work needs the office's keys. Auditors, administrators and custodians are never given them.
pub fn opens_tips(role: Role) -> bool {
    Permission::ReadTips.is_given_by(role)
}

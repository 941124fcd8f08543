//! The people of the demonstration: one for each role, three who keep identities.

use entity::{enums::Role, ids::OfficeId};
use vault::{password, secret::Secret};

use super::{DemoError, refused};
use crate::{
    app::App,
    staff::{self, NewOfficer, Staff},
    units,
};

/// An account to hand out.
#[derive(Clone, Debug)]
pub struct Account {
    pub username: String,
    pub password: Secret<String>,
    pub roles: Vec<Role>,
    /// Code of the office.
    pub unit: String,
}

/// Who does the work of the ledger.
pub(super) struct Crew {
    pub screener: Staff,
    pub investigator: Staff,
    /// Confirms what the investigator attests: two different officers.
    pub commander: Staff,
}

impl Crew {
    /// Ends the sessions that the ledger was made in.
    pub async fn go_home(self, app: &App) -> Result<(), DemoError> {
        for staff in [&self.screener, &self.investigator, &self.commander] {
            staff::log_out(app, staff).await.map_err(refused("log_out"))?;
        }
        Ok(())
    }
}

const PEOPLE: [(&str, &str, Role); 8] = [
    ("commander", "Chỉ huy (tài khoản mẫu)", Role::Commander),
    ("screener", "Trực ban (tài khoản mẫu)", Role::Screener),
    ("investigator", "Điều tra viên (tài khoản mẫu)", Role::Investigator),
    ("administrator", "Quản trị (tài khoản mẫu)", Role::Administrator),
    ("auditor", "Kiểm tra (tài khoản mẫu)", Role::Auditor),
    ("custodian-1", "Người giữ khóa 1 (tài khoản mẫu)", Role::Custodian),
    ("custodian-2", "Người giữ khóa 2 (tài khoản mẫu)", Role::Custodian),
    ("custodian-3", "Người giữ khóa 3 (tài khoản mẫu)", Role::Custodian),
];

/// Makes the accounts in the intake desk. The first of them founds its keys and grants them to who needs them.
pub(super) async fn make(app: &App) -> Result<(Vec<Account>, Crew), DemoError> {
    let desk = units::store::intake_desk(app.db.read()).await?.ok_or(DemoError::NoDesk)?;
    let mut accounts = Vec::new();
    for (username, name, role) in PEOPLE {
        let password = password::generate_phrase(&app.chance);
        make_one(app, desk.id, (username, name, role), &password, accounts.is_empty()).await?;
        let account = Account { username: username.into(), password, roles: vec![role], unit: desk.code.clone() };
        accounts.push(account);
    }
    let [commander, screener, investigator, ..] = accounts.as_slice() else { return Err(DemoError::NoDesk) };
    let commander = log_in(app, commander).await?;
    let (screener, investigator) = (log_in(app, screener).await?, log_in(app, investigator).await?);
    for officer in [&screener, &investigator] {
        let granted = units::grant_key(app, &commander, desk.id, officer.id, &officer.key_fingerprint()).await;
        granted.map_err(refused("grant_key"))?;
    }
    Ok((accounts, Crew { screener, investigator, commander }))
}

async fn make_one(
    app: &App,
    office: OfficeId,
    (username, name, role): (&str, &str, Role),
    password: &Secret<String>,
    is_first: bool,
) -> Result<(), DemoError> {
    let new = NewOfficer {
        username: username.into(),
        display_name: name.into(),
        office,
        roles: vec![role],
        password: password.clone(),
        must_change_password: false,
        second_factor_required: false,
    };
    if is_first {
        staff::create_first_member(app, new).await.map_err(refused("create_first_member"))?;
    } else {
        staff::insert_officer(app, new).await.map_err(refused("insert_officer"))?;
    }
    Ok(())
}

async fn log_in(app: &App, account: &Account) -> Result<Staff, DemoError> {
    let tokens = staff::log_in(app, &account.username, account.password.clone(), None).await;
    let tokens = tokens.map_err(refused("log_in"))?;
    staff::authenticate(app, &tokens.access).await.map_err(refused("authenticate"))
}

use std::io::{self, BufRead, IsTerminal};

use clap::{Args, Subcommand};
use entity::enums::Role;
use vault::{password, secret::Secret};

use super::{CommandError, print, serve};
use crate::{
    app::App,
    config::Config,
    staff::{self, CreateOfficerError, NewOfficer, Permission},
    units,
};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Make the first member of an office, or an account that opens no tip.
    ///
    /// The password is read from standard input, one line; at a terminal, or when the line is empty, a phrase of six
    /// words is drawn and printed.
    Add(New),
}

#[derive(Args)]
pub(super) struct New {
    /// 3 to 64 of a-z, 0-9, dot, dash, underscore.
    #[arg(long)]
    username: String,
    /// Name as colleagues see it.
    #[arg(long)]
    name: String,
    /// Code of the office: ca-tinh-38.
    #[arg(long, value_name = "CODE")]
    office: String,
    /// screener, investigator, commander, custodian, auditor or administrator; may be given several times.
    #[arg(long = "role", required = true, value_parser = role)]
    roles: Vec<Role>,
}

/// What an operator is told who asks the server for a key that it does not have.
pub(super) const ASK_A_MEMBER: &str = "the office has members, and only they hold its keys: this server has no copy to \
    give. An administrator of the office makes the account (POST /api/v1/offices/{id}/members), the officer logs in \
    and changes the password, and any member grants the key (POST /api/v1/offices/{id}/members/{officer}/grant-key)";

fn role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("one of {}", known.join(", "))
    })
}

/// Makes an account at the command line. What it prints is shown once.
pub(super) async fn add(config: &Config, new: New) -> Result<(), CommandError> {
    let app = serve::open(config).await?;
    let office = units::store::office_by_code(app.db.read(), &new.office).await?;
    let office = office.ok_or_else(|| CommandError::NoSuchOffice(new.office.clone()))?;
    let opens_tips = new.roles.iter().any(|role| Permission::ReadTips.is_given_by(*role));
    if opens_tips && units::store::current_key(app.db.read(), office.id).await?.is_some() {
        return Err(CommandError::AskAMember);
    }
    let (password, drawn) = read_password(&app)?;
    let new = NewOfficer {
        username: new.username,
        display_name: new.name,
        office: office.id,
        roles: new.roles,
        password: password.clone(),
        // A first member's key pair must stay: the office's keys are sealed to it and to nothing else yet.
        must_change_password: !opens_tips,
        second_factor_required: true,
    };
    let username = new.username.clone();
    let created =
        if opens_tips { staff::create_first_member(&app, new).await } else { staff::insert_officer(&app, new).await };
    let created = created.map_err(|error| match error {
        CreateOfficerError::OfficeHasMembers => CommandError::AskAMember,
        CreateOfficerError::Weak(weak) => CommandError::Weak(weak),
        other => CommandError::Officer(other),
    })?;
    print::officer(&username, drawn.then_some(&password), &created.recovery_code, opens_tips)
}

/// The password, and whether it was drawn here and has to be shown.
fn read_password(app: &App) -> Result<(Secret<String>, bool), io::Error> {
    let mut line = String::new();
    if !io::stdin().is_terminal() {
        io::stdin().lock().read_line(&mut line)?;
    }
    let typed = Secret::new(line.trim_end_matches(['\r', '\n']).to_owned());
    drop(Secret::new(line));
    if typed.expose().is_empty() { Ok((password::generate_phrase(&app.chance), true)) } else { Ok((typed, false)) }
}

//! What commands print.

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
};

use vault::{
    app_secrets::{Known, Which},
    chain::{Checkpoint, PublicKey},
    secret::Secret,
};

use super::CommandError;
use crate::{
    audit::Verdict,
    backups::Contents,
    demo::Account,
    doctor::Finding,
    retention::{Applied, Due},
    statistics::ledger::Recount,
};

fn say(text: &str) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // Whoever read along has read enough; a server must not stop for that.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

pub(super) fn document(json: &str) -> Result<(), CommandError> {
    say(&format!("{}\n", json.trim_end()))
}

pub(super) fn listening(addr: SocketAddr, synthetic: bool) -> Result<(), CommandError> {
    let warning = if synthetic { "The ledger is synthetic: made up, for showing and trying only.\n" } else { "" };
    say(&format!("tipline listens on http://{addr} (API reference: http://{addr}/api/docs)\n{warning}"))
}

/// The first administrator's way in; whoever reads it can take it, so it goes to the operator's terminal only.
pub(super) fn enrolment(addr: SocketAddr, token: &str) -> Result<(), CommandError> {
    say(&format!(
        "\nNo officer exists yet. This page enrols the first administrator; it works once:\n\n\
         http://{addr}/console/enrol?token={token}\n\n\
         Or this call, with a name and a password of 15 characters or more:\n\n\
         curl http://{addr}/api/v1/enrolment -H 'Content-Type: application/json' -d '{{\"token\": \"{token}\", \
         \"username\": \"NAME\", \"display_name\": \"FULL NAME\", \"password\": \"PASSWORD\"}}'\n\n"
    ))
}

/// The versions of each secret; never the secrets.
pub(super) fn secrets(known: &[(Which, Known)]) -> Result<(), CommandError> {
    let line = |(which, known): &(Which, Known)| {
        let versions = known.versions.iter().map(|version| match *version == known.current {
            true => format!("{version} (current)"),
            false => version.to_string(),
        });
        format!("{:8} {}\n", which.as_str(), versions.collect::<Vec<_>>().join(", "))
    };
    say(&known.iter().map(line).collect::<String>())
}

pub(super) fn secret_changed(which: Which, version: i32, what: &str) -> Result<(), CommandError> {
    let next = "A server that runs learns of it by SIGHUP; with several nodes, see docs/ROTATION.md.";
    say(&format!("{} {version} {what}. {next}\n", which.as_str()))
}

pub(super) fn building() -> Result<(), CommandError> {
    say("Making a synthetic ledger of Quan Sơn, 2021-2023. Nothing and nobody in it is real.\n")
}

pub(super) fn migrations(applied: &[String], pending: &[String]) -> Result<(), CommandError> {
    let lines =
        |names: &[String], state: &str| names.iter().map(|name| format!("{state}  {name}\n")).collect::<String>();
    say(&format!("{}{}", lines(applied, "applied"), lines(pending, "pending")))
}

pub(super) fn officer(
    username: &str,
    drawn: Option<&Secret<String>>,
    recovery_code: &Secret<String>,
    founded: bool,
) -> Result<(), CommandError> {
    let password = drawn.map_or(String::new(), |drawn| format!("password       {}\n", drawn.expose()));
    let next = if founded {
        "The office has its keys from now on. Log in, change the password and enrol a second factor."
    } else {
        "Log in, change the password (which makes a new recovery code) and enrol a second factor."
    };
    say(&format!(
        "username       {username}\n{password}recovery code  {}\n\nShown once: print the recovery code and keep it \
         away from the password. Without it a forgotten password takes the key with it.\n{next}\n",
        recovery_code.expose()
    ))
}

/// Where the sheets are, and what to do with them.
pub(super) fn sheets(files: &[PathBuf], k: u8, n: u8) -> Result<(), CommandError> {
    let lines: String = files.iter().map(|file| format!("{}\n", file.display())).collect();
    say(&format!(
        "{lines}\nPrint them, give each of the {n} sheets to another person, and remove the files: any {k} of them \
         open the office. Sheets that were printed before open no more.\n"
    ))
}

pub(super) fn type_sheets() -> Result<(), CommandError> {
    say("Type the sheets, six lines each; end with Ctrl-D.\n")
}

pub(super) fn recovered(office: &str, to: &str, epochs: &[i32]) -> Result<(), CommandError> {
    let epochs = epochs.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
    say(&format!(
        "{to} holds the keys of {office}, epoch {epochs}. Grant them to a second member, and print new sheets.\n"
    ))
}

/// What the doctor found, a line each.
pub(super) fn findings(findings: &[Finding]) -> Result<(), CommandError> {
    if findings.is_empty() {
        return say("Nothing was found.\n");
    }
    let line = |finding: &Finding| {
        let grade = if finding.kind.is_alarm() { "alarm" } else { "warning" };
        let office = finding.office.as_ref().map_or("-", |(_, code)| code.as_str());
        format!("{grade:7}  {:22}  {office}  {}\n", finding.kind.as_str(), finding.count)
    };
    say(&findings.iter().map(line).collect::<String>())
}

pub(super) fn audit_keys(keys: &[(i32, PublicKey)]) -> Result<(), CommandError> {
    say(&keys.iter().map(|(version, key)| format!("{version}:{key}\n")).collect::<String>())
}

/// How far the record is whole, and what it was held against.
pub(super) fn verdict(verdict: &Verdict) -> Result<(), CommandError> {
    let warning = if verdict.checkpoints == 0 {
        "No checkpoint: a tail that was cut off, or a history that was hashed anew with this line's secrets, would not \
         be seen.\n"
    } else {
        ""
    };
    say(&format!(
        "rows in order    {}\nhash of the last {}\nrows that wait   {}\ncheckpoints      {}\n{warning}",
        verdict.head.seq,
        verdict.head.hash.to_hex(),
        verdict.waiting,
        verdict.checkpoints,
    ))
}

/// One line a tip: its number, what goes, by which rule, and the day on which it was settled.
pub(super) fn retention_plan(due: &[Due]) -> Result<(), CommandError> {
    let line = |due: &Due| format!("{}  {:5}  {:20} {}\n", due.number, due.step.as_str(), due.rule, due.settled);
    let lines: String = due.iter().map(line).collect();
    say(&format!("{lines}{} due\n", due.len()))
}

pub(super) fn retention_done(applied: Applied) -> Result<(), CommandError> {
    say(&format!(
        "{} tips and {} cases lost their words, {} tips are gone\n",
        applied.words, applied.cases, applied.rows
    ))
}

pub(super) fn recount(found: Recount) -> Result<(), CommandError> {
    say(&format!("{} lines, {} sums, {} wrong\n", found.facts, found.rollups, found.wrong))
}

/// The accounts of the demonstration, and what to try with them.
pub(super) fn demonstration(addr: SocketAddr, accounts: &[Account]) -> Result<(), CommandError> {
    let width = |of: fn(&Account) -> usize| accounts.iter().map(of).max().unwrap_or(0);
    let (names, roles) = (width(|account| account.username.len()), width(|account| roles_of(account).len()));
    let line = |account: &Account| {
        let (username, role) = (&account.username, roles_of(account));
        format!("  {username:names$}  {role:roles$}  {}  {}\n", account.unit, account.password.expose())
    };
    let table: String = accounts.iter().map(line).collect();
    let commander = accounts.iter().find(|account| account.username == "commander");
    let password = commander.map_or("", |account| account.password.expose());
    say(&format!(
        "\nAccounts (name, role, office, password; no second factor):\n\n{table}\n\
         Log in and count:\n\n\
         token=$(curl -s http://{addr}/api/v1/sessions -H 'Content-Type: application/json' \
         -d '{{\"username\": \"commander\", \"password\": \"{password}\"}}' \
         | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\n\
         curl -s -H \"Authorization: Bearer $token\" \
         'http://{addr}/api/v1/statistics/valuable-sources?from=2021-01-01&to=2023-12-31&by=year'\n\n"
    ))
}

/// Where the ledger stays. `embedded`: database and secrets lie in one folder.
pub(super) fn kept(folder: &Path, embedded: bool) -> Result<(), CommandError> {
    let folder = folder.display();
    let again = if embedded { "" } else { ", with the same DATABASE_URL" };
    say(&format!("Kept in {folder}. Serve it again with the same accounts: tipline serve --data {folder}{again}\n\n"))
}

/// That the ledger goes with this run.
pub(super) fn passing(embedded: bool) -> Result<(), CommandError> {
    say(if embedded {
        "The ledger is removed when this ends; --keep DIR leaves it.\n\n"
    } else {
        "The secrets are removed when this ends, and what stays in the database opens no more; --keep DIR leaves \
         them.\n\n"
    })
}

fn roles_of(account: &Account) -> String {
    account.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
}

pub(super) fn backup_keys(private: &Path, public: &Path) -> Result<(), CommandError> {
    say(&format!(
        "{}  opens backups: take it off this machine, print it or keep it in a safe, and remove the file\n\
         {}  seals them: `backup_key` in the configuration names it\n",
        private.display(),
        public.display()
    ))
}

pub(super) fn backed_up(file: &Path, taken: &Contents) -> Result<(), CommandError> {
    let (tables, rows) = (taken.rows.len(), taken.total());
    say(&format!("{}: {rows} rows of {tables} tables, complete and on disk\n", file.display()))
}

/// Rows by table, and where they came from.
pub(super) fn backup_checked(contents: &Contents) -> Result<(), CommandError> {
    let lines: String = contents.rows.iter().map(|(table, rows)| format!("{rows:12}  {table}\n")).collect();
    let manifest = &contents.manifest;
    say(&format!(
        "{lines}{:12}  rows in all\n\nEvery chunk opened, in its order and to the last one.\n\
         taken at   {}\nprogram    {}\ndatabase   {}\nmigrations {}\n",
        contents.total(),
        manifest.taken_at.to_rfc3339(),
        manifest.program,
        manifest.database,
        manifest.migrations.len()
    ))
}

pub(super) fn restored(contents: &Contents) -> Result<(), CommandError> {
    backup_checked(contents)?;
    say("Restored, and counted again in the database. Nobody is logged in. The audit chain:\n")
}

/// What was signed for after the backup, and went with the machine.
pub(super) fn lost_since(backup: Checkpoint, newest: Option<Checkpoint>) -> Result<(), CommandError> {
    let Some(newest) = newest.filter(|newest| newest.head.seq > backup.head.seq) else { return Ok(()) };
    say(&format!(
        "Lost: at least {} acts that were signed for after this backup. Put this node's file of checkpoints away \
         before serving: the chain goes on from row {}, and beside the old signatures that looks like a fork.\n",
        newest.head.seq - backup.head.seq,
        backup.head.seq
    ))
}

use std::{
    fs,
    io::{self, BufRead, IsTerminal, Read},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use entity::ids::OfficeId;
use qrcode::{QrCode, render::svg};
use vault::{
    escrow::{BadSheet, LINES, Sheet},
    secret::Secret,
};

use super::{CommandError, print, serve};
use crate::{
    app::{self, App},
    config::Config,
    escrow::{self, Printed},
    staff, units,
};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Print an office's keys onto sheets of paper, any few of which bring them back. Former sheets open no more.
    ///
    /// A commander of the office does it. His password is read from standard input, one line, and after it, if a
    /// second factor is enrolled, its code on the next. Print the files, hand each sheet to another person, and
    /// remove the files.
    Print(Sheets),
    /// Give an office's keys to an officer from sheets of paper.
    ///
    /// Each --sheet names a file with one sheet; without any, sheets are read from standard input, six lines each.
    Recover(Ceremony),
}

#[derive(Args)]
pub(super) struct Sheets {
    /// Code of the office: ca-tinh-38.
    #[arg(long, value_name = "CODE")]
    office: String,
    /// Username of the commander.
    #[arg(long, value_name = "NAME")]
    username: String,
    /// Sheets that are needed to bring the keys back.
    #[arg(long, value_name = "K", default_value_t = 2)]
    threshold: u8,
    /// Sheets to print.
    #[arg(long, value_name = "N", default_value_t = 3)]
    sheets: u8,
    /// Folder for the sheets; one HTML file each, readable by its owner only.
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
}

#[derive(Args)]
pub(super) struct Ceremony {
    /// Code of the office: ca-tinh-38.
    #[arg(long, value_name = "CODE")]
    office: String,
    /// Username of the officer who gets the keys: active, with a role that opens tips, and with a password of his own.
    #[arg(long, value_name = "NAME")]
    to: String,
    /// A file with one sheet: as printed, as scanned from its QR code, or typed.
    #[arg(long = "sheet", value_name = "FILE")]
    sheets: Vec<PathBuf>,
}

/// Why the ceremony did not work.
#[derive(Debug, thiserror::Error)]
pub(super) enum EscrowError {
    #[error(transparent)]
    LogIn(#[from] staff::LogInError),
    #[error(transparent)]
    Session(#[from] staff::AuthenticateError),
    #[error(transparent)]
    Leave(#[from] staff::StaffError),
    #[error(transparent)]
    Make(#[from] escrow::MakeEscrowError),
    #[error(transparent)]
    Recover(#[from] escrow::RecoverOfficeError),
    #[error("{name}: {source}")]
    Sheet { name: String, source: BadSheet },
    #[error("no sheet was given")]
    NoSheet,
    #[error("the lines are too long for a QR code")]
    NoCode,
}

pub(super) async fn run(config: &Config, verb: Verb) -> Result<(), CommandError> {
    let app = serve::open(config).await?;
    let done = match verb {
        Verb::Print(sheets) => print_sheets(&app, sheets).await,
        Verb::Recover(ceremony) => recover(&app, ceremony).await,
    };
    app.db.close().await?;
    done
}

async fn office(app: &App, code: &str) -> Result<OfficeId, CommandError> {
    let office = units::store::office_by_code(app.db.read(), code).await?;
    Ok(office.ok_or_else(|| CommandError::NoSuchOffice(code.to_owned()))?.id)
}

async fn print_sheets(app: &App, wanted: Sheets) -> Result<(), CommandError> {
    let office = office(app, &wanted.office).await?;
    let mut lines = io::stdin().lock().lines();
    let password = Secret::new(lines.next().transpose()?.unwrap_or_default());
    let code = lines.next().transpose()?.filter(|code| !code.trim().is_empty());
    let tokens = staff::log_in(app, &wanted.username, password, code.as_deref()).await.map_err(EscrowError::from)?;
    let commander = staff::authenticate(app, &tokens.access).await.map_err(EscrowError::from)?;
    let printed = escrow::make_escrow(app, &commander, office, (wanted.threshold, wanted.sheets)).await;
    staff::log_out(app, &commander).await.map_err(EscrowError::from)?;
    let printed = printed.map_err(EscrowError::from)?;
    app::make_private_folder(&wanted.output)?;
    let mut files = Vec::new();
    for Printed { epoch, sheets } in &printed {
        for sheet in sheets {
            let name = format!("{}-epoch-{epoch}-sheet-{}.html", wanted.office, sheet.number());
            let file = wanted.output.join(name);
            let page = page(&wanted.office, *epoch, wanted.sheets, sheet)?;
            app::write_private_file(&file, page.expose().as_bytes())?;
            files.push(file);
        }
    }
    print::sheets(&files, wanted.threshold, wanted.sheets)
}

/// A page to print: what it is, the lines to type, and the same as a QR code.
fn page(office: &str, epoch: i32, of: u8, sheet: &Sheet) -> Result<Secret<String>, EscrowError> {
    let lines: Vec<String> = sheet.lines().iter().map(|line| line.expose().clone()).collect();
    let text = Secret::new(lines.join("\n"));
    let code = QrCode::new(text.expose().as_bytes()).map_err(|_| EscrowError::NoCode)?;
    let picture = Secret::new(code.render::<svg::Color>().min_dimensions(240, 240).build());
    let picture = picture.expose().split_once("?>").map_or(picture.expose().as_str(), |(_, svg)| svg);
    let (number, needed) = (sheet.number(), sheet.threshold);
    Ok(Secret::new(format!(
        "<!DOCTYPE html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\"><title>tipline</title>\n\
         <style>body{{font-family:sans-serif;margin:2cm}}pre{{font-size:16pt;line-height:1.6}}</style></head><body>\n\
         <h1>tipline: {office}</h1>\n\
         <p>Epoch {epoch}, sheet {number} of {of}. Any {needed} of the {of} sheets of this epoch bring the office's \
         key back: <code>tipline escrow recover --office {office} --to NAME</code>. Keep it apart from the others. / \
         Bất kỳ {needed} trong {of} tờ cùng kỳ mở lại được khóa của đơn vị. Giữ riêng từng tờ.</p>\n\
         <pre>\n{}\n</pre>\n{picture}\n</body></html>\n",
        text.expose()
    )))
}

async fn recover(app: &App, ceremony: Ceremony) -> Result<(), CommandError> {
    let office = office(app, &ceremony.office).await?;
    let sheets = if ceremony.sheets.is_empty() { typed()? } else { files(&ceremony.sheets)? };
    let epochs = escrow::recover_office(app, office, &ceremony.to, &sheets).await.map_err(EscrowError::from)?;
    print::recovered(&ceremony.office, &ceremony.to, &epochs)
}

fn files(paths: &[PathBuf]) -> Result<Vec<Sheet>, CommandError> {
    paths.iter().map(|path| file(path)).collect()
}

fn file(path: &Path) -> Result<Sheet, CommandError> {
    let read = fs::read_to_string(path);
    let text = Secret::new(read.map_err(|source| CommandError::File { path: path.to_owned(), source })?);
    let lines: Vec<&str> = text.expose().lines().filter(|line| is_sheet_line(line)).collect();
    let sheet =
        Sheet::read(&lines).map_err(|source| EscrowError::Sheet { name: path.display().to_string(), source })?;
    Ok(sheet)
}

/// Sheets as somebody types them: six lines each, blank lines do not matter.
fn typed() -> Result<Vec<Sheet>, CommandError> {
    if io::stdin().is_terminal() {
        print::type_sheets()?;
    }
    let mut text = String::new();
    io::stdin().lock().read_to_string(&mut text)?;
    let text = Secret::new(text);
    let lines: Vec<&str> = text.expose().lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return Err(EscrowError::NoSheet.into());
    }
    let sheet = |(at, lines): (usize, &[&str])| {
        Sheet::read(lines).map_err(|source| EscrowError::Sheet { name: format!("sheet {}", at + 1), source }.into())
    };
    lines.chunks(LINES).enumerate().map(sheet).collect()
}

/// What begins with a line's number; the rest of a printed page does not.
fn is_sheet_line(line: &str) -> bool {
    let mut chars = line.trim_start().chars();
    chars.next().is_some_and(|c| c.is_ascii_digit()) && chars.next().is_some_and(|c| c == ' ' || c == '\t')
}

//! How the deployment stands, for who could mend it.

use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    web::{Data, ServiceConfig},
};
use askama::Template;

use super::{
    frame::{Frame, Me, date},
    hub::Hub,
    page::Page,
};
use crate::{
    app::App,
    doctor::{self, Checkpoint, Condition, Disk, NodeCondition},
    staff::Permission,
    web::api::{problem::ApiError, texts::finding},
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_doctor);
}

#[derive(Template)]
#[template(path = "console/templates/doctor.html")]
struct DoctorPage {
    f: Frame,
    at: &'static str,
    findings: Vec<Found>,
    offices: Vec<OfficeRow>,
    /// What the deployment and this node are: label, how it stands, and in words.
    node: Vec<(&'static str, &'static str, String)>,
}

struct Found {
    state: &'static str,
    text: &'static str,
    office: String,
    count: usize,
}

struct OfficeRow {
    id: String,
    name: String,
    members: usize,
    members_state: &'static str,
    escrow_state: &'static str,
    escrowed: bool,
}

#[get("/doctor")]
async fn show_doctor(app: Data<App>, hub: Data<Hub>, mut f: Frame, Me(staff): Me) -> Result<HttpResponse, ApiError> {
    let (told, now) = (doctor::describe(&app, &staff).await?, app.clock.now());
    if f.may(Permission::Administer) {
        f.warnings = told.warnings(now);
        hub.warn(f.warnings, now);
    }
    let node = told.node.as_ref().map_or_else(Vec::new, |node| node_rows(&app, &f, node));
    let (findings, offices) = (findings(&f, &told), offices(&f, &told));
    Ok(Page(DoctorPage { f, at: "doctor", findings, offices, node }).answer(StatusCode::OK))
}

fn findings(f: &Frame, told: &Condition) -> Vec<Found> {
    let office = |id| told.offices.iter().find(|office| office.id == id);
    let found = told.findings.iter().map(|one| Found {
        state: if one.kind.is_alarm() { "alarm" } else { "warning" },
        text: finding(one.kind, f.language),
        office: one.office.as_ref().map_or_else(String::new, |(id, code)| {
            office(*id).map_or_else(|| code.clone(), |office| office.name.text(f.language).to_owned())
        }),
        count: one.count,
    });
    found.collect()
}

fn offices(f: &Frame, told: &Condition) -> Vec<OfficeRow> {
    let row = |office: &doctor::OfficeCondition| OfficeRow {
        id: office.id.to_string(),
        name: office.name.text(f.language).to_owned(),
        members: office.members,
        members_state: match office.members {
            0 => "alarm",
            1 => "warning",
            _several => "ok",
        },
        escrow_state: well(office.escrowed),
        escrowed: office.escrowed,
    };
    told.offices.iter().map(row).collect()
}

fn well(holds: bool) -> &'static str {
    if holds { "ok" } else { "warning" }
}

fn node_rows(app: &App, f: &Frame, node: &NodeCondition) -> Vec<(&'static str, &'static str, String)> {
    let (ready, needed) = node.custodians;
    let enough = i32::try_from(ready).unwrap_or(i32::MAX) >= needed;
    let checkpoint = match node.checkpoint {
        Checkpoint::None => f.t("checkpoint_none").to_owned(),
        Checkpoint::Unreadable => f.t("checkpoint_unreadable").to_owned(),
        Checkpoint::At(at) => f.moment(at),
    };
    let disk = node.disk.map_or_else(|| f.t("disk_unknown").to_owned(), |disk| space(f, disk));
    let backup = node.backup.map_or_else(|| f.t("backups_none").to_owned(), date);
    let mail = if node.mails { f.t("mail_on") } else { f.t("mail_off") };
    vec![
        (f.t("custodians"), well(enough), format!("{ready} ({} {needed})", f.t("of_needed"))),
        (f.t("checkpoint"), well(!node.checkpoint_is_late(app.clock.now())), checkpoint),
        (f.t("mail"), well(node.mails), mail.to_owned()),
        (f.t("disk"), node.disk.map_or("unknown", |_| well(!node.disk_is_low())), disk),
        (f.t("backups"), well(node.backup.is_some()), backup),
    ]
}

/// Free of all, in gibibytes with one digit.
fn space(f: &Frame, disk: Disk) -> String {
    let tenths = |bytes: u64| bytes / (GIB / 10);
    let text = |bytes: u64| format!("{}{}{}", tenths(bytes) / 10, f.t("decimal_mark"), tenths(bytes) % 10);
    format!("{} / {} GiB {}", text(disk.free), text(disk.total), f.t("disk_free"))
}

const GIB: u64 = 1 << 30;

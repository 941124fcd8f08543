use actix_web::{
    HttpResponse,
    http::StatusCode,
    routes,
    web::{Data, ServiceConfig},
};
use askama::Template;
use serde::Deserialize;

use super::{
    form::Form,
    frame::Frame,
    page::{Page, see},
    qr,
    wrong::Wrong,
};
use crate::{
    app::App,
    tips::{self, Submitted, check_receipt},
    web::api::{problem::ApiError, receipts::parse_receipt},
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_receipt).service(check_written).service(leave_receipt);
}

/// A receipt in the hands of the person it was given to, and what to do with it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct HeldReceipt {
    receipt: String,
    /// As a picture too.
    qr: String,
    /// Which four digits are asked for; none: one group is drawn.
    group: Option<usize>,
    digits: Option<String>,
}

#[derive(Template)]
#[template(path = "receipt.html")]
pub struct ReceiptPage {
    f: Frame,
    receipt: String,
    groups: Vec<Group>,
    /// The tip's number and day, right after it was sent.
    sent: Option<(String, String)>,
    /// It took the place of another one.
    fresh: bool,
    qr: Option<String>,
}

/// Four digits, and how they are said.
struct Group {
    digits: String,
    spoken: String,
}

impl ReceiptPage {
    pub fn of_tip(f: Frame, receipt: &str, sent: Submitted) -> Self {
        let told = sent.acknowledgement;
        let day = told.received_on.format("%d/%m/%Y").to_string();
        Self { sent: Some((told.number, day)), ..Self::of(f, receipt) }
    }

    pub fn of_change(f: Frame, receipt: &str) -> Self {
        Self { fresh: true, ..Self::of(f, receipt) }
    }

    fn of(f: Frame, receipt: &str) -> Self {
        let names: Vec<&str> = f.t("digits").split(' ').collect();
        let spoken = |group: &str| {
            let digits = group.chars().filter_map(|c| c.to_digit(10).and_then(|digit| names.get(digit as usize)));
            digits.copied().collect::<Vec<_>>().join(" ")
        };
        let groups = receipt.split(' ').map(|group| Group { digits: group.to_owned(), spoken: spoken(group) });
        Self { groups: groups.collect(), receipt: receipt.to_owned(), sent: None, fresh: false, qr: None, f }
    }
}

#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    f: Frame,
    receipt: String,
    group: usize,
    wrong: Option<Wrong>,
}

#[derive(Template)]
#[template(path = "checked.html")]
struct CheckedPage {
    f: Frame,
}

/// Shows the receipt again, if wanted with its picture.
#[routes]
#[post("/receipt")]
#[post("/en/receipt")]
async fn show_receipt(f: Frame, Form(held): Form<HeldReceipt>) -> Result<Page<ReceiptPage>, ApiError> {
    let receipt = parse_receipt(&held.receipt)?.grouped();
    let mut page = ReceiptPage::of(f, receipt.expose());
    if !held.qr.is_empty() {
        page.qr = qr::data_url(&receipt.expose().replace(' ', ""));
    }
    Ok(Page(page))
}

/// Asks for four digits of what was written down, and checks them.
#[routes]
#[post("/receipt/check")]
#[post("/en/receipt/check")]
async fn check_written(app: Data<App>, f: Frame, Form(held): Form<HeldReceipt>) -> Result<HttpResponse, ApiError> {
    let receipt = parse_receipt(&held.receipt)?;
    let group = held.group.unwrap_or_else(|| drawn(&app));
    let wrong = match held.digits.as_deref().map(|typed| check_receipt(&receipt, group, typed)) {
        Some(Ok(())) => return Ok(Page(CheckedPage { f }).answer(StatusCode::OK)),
        Some(Err(error)) => Some(Wrong::from_fault(error, f.language)),
        None => None,
    };
    let status = wrong.as_ref().map_or(StatusCode::OK, Wrong::status);
    Ok(Page(CheckPage { f, receipt: held.receipt, group, wrong }).answer(status))
}

fn drawn(app: &App) -> usize {
    let groups = u64::try_from(tips::GROUPS).unwrap_or(1);
    usize::try_from(app.chance.below(groups)).map_or(1, |at| at + 1)
}

/// Somebody came back to an address that only answers forms.
#[routes]
#[get("/receipt")]
#[get("/en/receipt")]
#[get("/receipt/check")]
#[get("/en/receipt/check")]
async fn leave_receipt(f: Frame) -> HttpResponse {
    see(&f.url("/thread"))
}

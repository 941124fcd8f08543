//! Public figures: what releases tell, and nothing else.

use actix_web::{
    HttpResponse,
    http::header::CONTENT_DISPOSITION,
    routes,
    web::{Data, Path, Query, ServiceConfig},
};
use askama::Template;
use serde::Deserialize;

use super::{
    figures_csv::csv,
    figures_table::{Table, day, period, tables},
    figures_years::{Asked, Years},
    frame::Frame,
    page::Page,
};
use crate::{
    app::App,
    platform::fault::Code,
    releases::{Head, Release, Split, public},
    valuations::rule,
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_figures).service(show_release).service(download_release);
}

#[derive(Template)]
#[template(path = "figures.html")]
struct FiguresPage {
    f: Frame,
    years: Years,
    /// What was asked for; none if nothing was.
    asked: Option<Asked>,
    shown: Option<Shown>,
    releases: Vec<Line>,
}

/// A release in the list.
struct Line {
    number: i32,
    period: String,
    published: String,
    corrects: Option<i32>,
    current: bool,
}

struct Shown {
    number: i32,
    period: String,
    as_of: String,
    published: String,
    rule: &'static str,
    version: i32,
    threshold: i32,
    hash: String,
    corrects: Option<i32>,
    corrected_by: Option<i32>,
    total: Result<i64, &'static str>,
    tables: Vec<Table>,
    changes: Vec<Change>,
}

/// What a correction tells otherwise than the release before.
struct Change {
    label: String,
    before: i64,
    after: i64,
}

#[routes]
#[get("/figures")]
#[get("/en/figures")]
async fn show_figures(app: Data<App>, f: Frame, years: Query<Years>) -> Result<Page<FiguresPage>, ApiError> {
    let heads = public::list(&app).await?;
    let asked = years.answered(&app, &heads).await?;
    let newest = asked.as_ref().and_then(Asked::release).or_else(|| heads.first().and_then(|head| head.number));
    page(&app, f, heads, newest, years.into_inner(), asked).await
}

#[routes]
#[get("/figures/{number:\\d+}")]
#[get("/en/figures/{number:\\d+}")]
async fn show_release(app: Data<App>, f: Frame, number: Path<i32>) -> Result<Page<FiguresPage>, ApiError> {
    let heads = public::list(&app).await?;
    numbered(&heads, *number)?;
    page(&app, f, heads, Some(*number), Years::default(), None).await
}

#[derive(Deserialize)]
struct Download {
    number: i32,
}

#[routes]
#[get("/figures/{number:\\d+}.csv")]
#[get("/en/figures/{number:\\d+}.csv")]
async fn download_release(app: Data<App>, f: Frame, wanted: Path<Download>) -> Result<HttpResponse, ApiError> {
    let heads = public::list(&app).await?;
    let release = public::read(&app, numbered(&heads, wanted.number)?.id).await?;
    let file = format!("attachment; filename=\"valuable-sources-{}.csv\"", wanted.number);
    let answer = HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, file))
        .body(csv(&release, f.language));
    Ok(answer)
}

fn numbered(heads: &[Head], number: i32) -> Result<&Head, ApiError> {
    heads.iter().find(|head| head.number == Some(number)).ok_or_else(|| ApiError::new(Code::NoSuchRelease))
}

async fn page(
    app: &App,
    f: Frame,
    heads: Vec<Head>,
    number: Option<i32>,
    years: Years,
    asked: Option<Asked>,
) -> Result<Page<FiguresPage>, ApiError> {
    let shown = match number {
        Some(number) => Some(shown(&f, &heads, number, public::read(app, numbered(&heads, number)?.id).await?)),
        None => None,
    };
    let lines = heads.iter().map(|head| Line {
        number: head.number.unwrap_or_default(),
        period: period(head.from, head.to),
        published: head.published_on.map(day).unwrap_or_default(),
        corrects: corrected(&heads, head),
        current: head.number == number,
    });
    Ok(Page(FiguresPage { releases: lines.collect(), f, years, asked, shown }))
}

/// The number of the release that this one corrects.
fn corrected(heads: &[Head], head: &Head) -> Option<i32> {
    heads.iter().find(|other| Some(other.id) == head.revises)?.number
}

fn shown(f: &Frame, heads: &[Head], number: i32, release: Release) -> Shown {
    let head = &release.head;
    let total = release.cells.iter().find(|cell| cell.split == Split::Total).map(|cell| cell.figure);
    let changes = release.changes.iter().map(|change| Change {
        label: change.label.text(f.language).to_owned(),
        before: change.before,
        after: change.after,
    });
    Shown {
        number,
        period: period(head.from, head.to),
        as_of: day(head.as_of),
        published: head.published_on.map(day).unwrap_or_default(),
        rule: rule::text(f.language),
        version: head.rule,
        threshold: head.threshold,
        hash: head.hash.clone(),
        corrects: corrected(heads, head),
        corrected_by: heads.iter().find(|other| other.revises == Some(head.id)).and_then(|other| other.number),
        total: total.map_or(Err(""), |figure| figure.map_err(|reason| super::figures_table::why(reason, f.language))),
        tables: tables(f, &release),
        changes: changes.collect(),
    }
}

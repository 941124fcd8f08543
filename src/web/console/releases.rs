use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::{enums::ReleaseState, ids::ReleaseId};

use super::{
    form::{Form, Look, Maker},
    frame::{Frame, Me, date},
    notice::Notice,
    page::{Page, done_or_again, see},
    queue_view::Choice,
    typed::Typed,
};
use crate::{
    app::App,
    platform::fault::{Code, FieldFault},
    reference::Language,
    releases::{self, Head, NewRelease, Release, ReleasedCell, Split},
    reports::Number,
    staff::Staff,
    valuations::rule,
    web::api::{path::Id, problem::ApiError, texts::withheld},
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_releases).service(prepare_release).service(show_release).service(move_release);
}

#[derive(Template)]
#[template(path = "console/templates/releases.html")]
struct ReleasesPage {
    f: Frame,
    heads: Vec<HeadRow>,
    from: String,
    to: String,
    tables: Vec<Choice>,
    notice: Option<Notice>,
    refused: bool,
}

struct HeadRow {
    id: String,
    state: &'static str,
    span: String,
    as_of: String,
    number: String,
    published_on: String,
    revises: bool,
}

impl HeadRow {
    fn of(head: &Head) -> Self {
        Self {
            id: head.id.to_string(),
            state: head.state.as_str(),
            span: format!("{} – {}", date(head.from), date(head.to)),
            as_of: date(head.as_of),
            number: head.number.map_or_else(String::new, |number| number.to_string()),
            published_on: head.published_on.map_or_else(String::new, date),
            revises: head.revises.is_some(),
        }
    }
}

#[get("/releases")]
async fn list_releases(app: Data<App>, f: Frame, Me(staff): Me) -> Result<HttpResponse, ApiError> {
    Ok(Page(ReleasesPage::load(&app, f, &staff, None).await?).answer(StatusCode::OK))
}

impl ReleasesPage {
    async fn load(app: &App, f: Frame, staff: &Staff, refused: Option<(&Typed, &Notice)>) -> Result<Self, ApiError> {
        let heads = releases::list_releases(app, staff).await?;
        let typed = refused.as_ref().map(|(typed, _)| *typed);
        let chosen = |split: &Split| match typed {
            Some(typed) => typed.all("table").any(|code| code == split.as_str()),
            None => Split::USUAL.contains(split),
        };
        let tables = Split::ALL.iter().filter(|split| **split != Split::Total).map(|split| Choice {
            code: split.as_str().to_owned(),
            label: f.label("split", split.as_str()).to_owned(),
            chosen: chosen(split),
        });
        Ok(Self {
            heads: heads.iter().map(HeadRow::of).collect(),
            from: typed.map_or("", |typed| typed.get("from")).to_owned(),
            to: typed.map_or("", |typed| typed.get("to")).to_owned(),
            tables: tables.collect(),
            refused: refused.is_some(),
            notice: refused.map(|(_, notice)| notice.clone()),
            f,
        })
    }
}

#[post("/releases")]
async fn prepare_release(app: Data<App>, f: Frame, Me(staff): Me, typed: Typed) -> Result<HttpResponse, ApiError> {
    let (done, language) = (prepare(&app, &staff, &typed).await, f.language);
    let again = async |n: &Notice| ReleasesPage::load(&app, f, &staff, Some((&typed, n))).await;
    done_or_again(done.map(|release| see(&address(&release))), language, again).await
}

async fn prepare(app: &App, staff: &Staff, typed: &Typed) -> Result<Release, ApiError> {
    let day = |name: &'static str| typed.day(name)?.ok_or_else(|| ApiError::field(name, Code::Missing));
    let splits: Result<Vec<Split>, _> = typed.all("table").map(str::parse).collect();
    let splits = splits.map_err(|_| ApiError::new(vec![FieldFault::new("tables", Code::UnknownTable)]))?;
    let new = NewRelease { from: day("from")?, to: day("to")?, splits, as_of: None };
    Ok(releases::prepare(app, staff, new).await?)
}

#[derive(Template)]
#[template(path = "console/templates/release.html")]
struct ReleasePage {
    f: Frame,
    head: HeadRow,
    rule: String,
    threshold: i32,
    hash: String,
    revises: Option<String>,
    tables: Vec<ReleaseTable>,
    changes: Vec<(String, String, String, String)>,
    forms: Vec<Form>,
    notice: Option<Notice>,
}

struct ReleaseTable {
    title: String,
    rows: Vec<(String, String, bool)>,
}

#[get("/releases/{id}")]
async fn show_release(
    app: Data<App>,
    f: Frame,
    Me(staff): Me,
    Id(id): Id<ReleaseId>,
) -> Result<HttpResponse, ApiError> {
    let release = releases::read_release(&app, &staff, id).await?;
    Ok(Page(ReleasePage::of(f, &staff, release, None)).answer(StatusCode::OK))
}

impl ReleasePage {
    fn of(f: Frame, staff: &Staff, release: Release, notice: Option<Notice>) -> Self {
        let language = f.language;
        let mut tables: Vec<(Split, ReleaseTable)> = Vec::new();
        for cell in &release.cells {
            let row = row(cell, language);
            match tables.iter_mut().find(|(split, _)| *split == cell.split) {
                Some((_, table)) => table.rows.push(row),
                None => {
                    let title = f.label("split", cell.split.as_str()).to_owned();
                    tables.push((cell.split, ReleaseTable { title, rows: vec![row] }));
                }
            }
        }
        let written = |value: i64| Number::whole(value).written(language);
        let changes = release.changes.iter().map(|one| {
            let table = f.label("split", one.split.as_str()).to_owned();
            (table, one.label.text(language).to_owned(), written(one.before), written(one.after))
        });
        Self {
            changes: changes.collect(),
            forms: forms(&f, staff, &release.head),
            head: HeadRow::of(&release.head),
            rule: rule::text(language).to_owned(),
            threshold: release.head.threshold,
            hash: release.head.hash.clone(),
            revises: release.head.revises.map(|id| id.to_string()),
            tables: tables.into_iter().map(|(_, table)| table).collect(),
            notice,
            f,
        }
    }
}

/// Label, figure or why there is none, and whether it is withheld.
fn row(cell: &ReleasedCell, language: Language) -> (String, String, bool) {
    let label = cell.label.text(language).to_owned();
    match cell.figure {
        Ok(value) => (label, Number::whole(value).written(language), false),
        Err(reason) => (label, withheld(reason, language).to_owned(), true),
    }
}

/// The next step; whose turn it is the service decides, and the page says so beforehand where it is plain.
fn forms(f: &Frame, staff: &Staff, head: &Head) -> Vec<Form> {
    let maker = Maker { f, refused: None };
    let form = |verb| maker.form(verb, format!("/console/releases/{}/{verb}", head.id), "").looks(Look::Main);
    let own = head.prepared_by == staff.id;
    match head.state {
        ReleaseState::Prepared if own => Vec::new(),
        ReleaseState::Prepared => vec![form("check")],
        ReleaseState::Checked if own => Vec::new(),
        ReleaseState::Checked => vec![form("publish")],
        ReleaseState::Published => vec![form("revise").looks(Look::Plain)],
    }
}

#[post("/releases/{id}/{verb}")]
async fn move_release(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    Id(id): Id<ReleaseId>,
) -> Result<HttpResponse, ApiError> {
    let done = step(&app, &staff, id, req.match_info().get("verb").unwrap_or_default()).await;
    let language = f.language;
    let again = async |n: &Notice| {
        let release = releases::read_release(&app, &staff, id).await?;
        Ok(ReleasePage::of(f, &staff, release, Some(n.clone())))
    };
    done_or_again(done.map(|release| see(&address(&release))), language, again).await
}

fn address(release: &Release) -> String {
    format!("/console/releases/{}", release.head.id)
}

async fn step(app: &App, staff: &Staff, id: ReleaseId, verb: &str) -> Result<Release, ApiError> {
    match verb {
        "check" => Ok(releases::check(app, staff, id).await?),
        "publish" => Ok(releases::publish(app, staff, id).await?),
        "revise" => Ok(releases::revise(app, staff, id).await?),
        _unknown => Err(ApiError::new(Code::NoSuchRoute)),
    }
}

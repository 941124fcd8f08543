use actix_web::{get, post, web::Data};
use entity::ids::ReleaseId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::{
    answer::{Answer, created, ok},
    authority::As,
    body::Body,
    codes,
    day::Day,
    document::{Conflict, Invalid},
    path::{Id, ReleaseInPath},
    problem::ApiError,
    release_body::{ReleaseBody, ReleaseHeads},
};
use crate::{
    app::App,
    platform::fault::{Code, FieldFault},
    releases::{self, NewRelease, Release, Split},
    staff::Staff,
    web::Lang,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_releases)
        .service(prepare_release)
        .service(read_release)
        .service(check_release)
        .service(publish_release)
        .service(revise_release);
}

/// What is to be published. Both days belong to the period, which has to be over for a while.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from": "2021-01-01", "to": "2023-12-31", "tables": ["year", "unit", "unit_now", "category"]}))]
struct PrepareRelease {
    #[schema(value_type = NaiveDate)]
    from: Day,
    #[schema(value_type = NaiveDate)]
    to: Day,
    /// Beside the total; without it the usual ones: by year, place then, place today, category and channel.
    #[serde(default)]
    #[schema(schema_with = codes::release_tables)]
    #[validate(length(max = 20))]
    tables: Vec<String>,
    /// As it stood at the end of this day; without it as it stands now.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    as_of: Option<Day>,
}

impl PrepareRelease {
    fn read(self) -> Result<NewRelease, ApiError> {
        let splits: Result<Vec<Split>, _> = self.tables.iter().map(|code| code.parse()).collect();
        let splits = splits.map_err(|_| ApiError::new(vec![FieldFault::new("tables", Code::UnknownTable)]))?;
        let (Day(from), Day(to)) = (self.from, self.to);
        Ok(NewRelease { from, to, splits, as_of: self.as_of.map(|Day(day)| day) })
    }
}

fn body(app: &App, release: Release, lang: Lang) -> ReleaseBody {
    ReleaseBody::of(release, app.settings.synthetic, lang.0)
}

fn made(app: &App, release: Release, lang: Lang) -> Answer {
    created(format!("/api/v1/releases/{}", release.head.id), body(app, release, lang))
}

/// List releases of every state, the newest first.
#[utoipa::path(
    operation_id = "listReleases",
    tag = "releases",
    security(("staffBearer" = [])),
    responses((status = 200, description = "Releases", body = ReleaseHeads))
)]
#[get("/api/v1/releases")]
async fn list_releases(app: Data<App>, lang: Lang, As(staff, ()): As<Staff, ()>) -> Answer {
    ok(ReleaseHeads::of(releases::list_releases(&app, &staff).await?, app.settings.synthetic, lang.0))
}

/// Count, protect and freeze the figures of a period. Nobody outside sees it until another officer checked it.
///
/// Takes the right to investigate, or more, above all offices. Takes seconds where many tables are asked for.
#[utoipa::path(
    operation_id = "prepareRelease",
    tag = "releases",
    security(("staffBearer" = [])),
    request_body = PrepareRelease,
    responses(
        (status = 201, description = "Prepared", body = ReleaseBody),
        (status = 409, response = Conflict),
        (status = 422, response = Invalid),
    )
)]
#[post("/api/v1/releases")]
async fn prepare_release(app: Data<App>, lang: Lang, As(staff, Body(new)): As<Staff, Body<PrepareRelease>>) -> Answer {
    let release = releases::prepare(&app, &staff, new.read()?).await?;
    made(&app, release, lang)
}

/// Read a release of any state.
#[utoipa::path(
    operation_id = "readRelease",
    tag = "releases",
    security(("staffBearer" = [])),
    params(ReleaseInPath),
    responses((status = 200, description = "The release", body = ReleaseBody))
)]
#[get("/api/v1/releases/{id}")]
async fn read_release(app: Data<App>, lang: Lang, As(staff, Id(id)): As<Staff, Id<ReleaseId>>) -> Answer {
    ok(body(&app, releases::read_release(&app, &staff, id).await?, lang))
}

/// Vouch for a release that another officer prepared: it is what was frozen, and it adds up.
#[utoipa::path(
    operation_id = "checkRelease",
    tag = "releases",
    security(("staffBearer" = [])),
    params(ReleaseInPath),
    responses(
        (status = 200, description = "Checked", body = ReleaseBody),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/releases/{id}/check")]
async fn check_release(app: Data<App>, lang: Lang, As(staff, Id(id)): As<Staff, Id<ReleaseId>>) -> Answer {
    ok(body(&app, releases::check(&app, &staff, id).await?, lang))
}

/// Show a checked release to everybody, for good. What is published is never changed.
#[utoipa::path(
    operation_id = "publishRelease",
    tag = "releases",
    security(("staffBearer" = [])),
    params(ReleaseInPath),
    responses(
        (status = 200, description = "Published", body = ReleaseBody),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/releases/{id}/publish")]
async fn publish_release(app: Data<App>, lang: Lang, As(staff, Id(id)): As<Staff, Id<ReleaseId>>) -> Answer {
    ok(body(&app, releases::publish(&app, &staff, id).await?, lang))
}

/// Prepare a release that corrects a published one: the same tables as they stand today, and what is different.
#[utoipa::path(
    operation_id = "reviseRelease",
    tag = "releases",
    security(("staffBearer" = [])),
    params(ReleaseInPath),
    responses(
        (status = 201, description = "Prepared", body = ReleaseBody),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/releases/{id}/revise")]
async fn revise_release(app: Data<App>, lang: Lang, As(staff, Id(id)): As<Staff, Id<ReleaseId>>) -> Answer {
    let release = releases::revise(&app, &staff, id).await?;
    made(&app, release, lang)
}

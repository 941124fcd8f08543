//! What everybody may read, from any site, and any cache may keep: published releases.

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    get,
    http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH, VARY},
    web::Data,
};
use entity::ids::ReleaseId;
use serde::{Deserialize, Serialize};
use std::future::{Ready, ready};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    answer::Answer,
    codes,
    day::Day,
    document::NotFound,
    path::{Id, ReleaseInPath},
    query::{Params, from_text},
    release_body::{PublishedFigure, ReleaseBody, ReleaseHeads},
};
use crate::{
    app::App,
    releases::{Split, public},
    web::Lang,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(read_published_figure).service(list_published_releases).service(read_published_release);
}

/// The period of a release; both days belong to it.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Query {
    #[param(value_type = NaiveDate, example = "2021-01-01")]
    from: Day,
    #[param(value_type = NaiveDate, example = "2023-12-31")]
    to: Day,
    /// The table; without it the total only.
    #[serde(default, deserialize_with = "from_text")]
    #[param(schema_with = codes::release_table, required = false)]
    by: Option<Split>,
}

/// What the caller has already, by its tag.
struct Has(Option<String>);

impl FromRequest for Has {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let tags = req.headers().get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        ready(Ok(Self(tags.map(str::to_owned))))
    }
}

impl Has {
    /// RFC 9110, 13.1.2: weak comparison, any of a list.
    fn holds(&self, tag: &str) -> bool {
        let mut tags = self.0.as_deref().unwrap_or_default().split(',').map(str::trim);
        tags.any(|own| own == "*" || own.strip_prefix("W/").unwrap_or(own) == tag)
    }
}

/// Minutes, where a newer release may come any time.
const LATEST: &str = "public, max-age=300";

/// What is published is never changed.
const FOR_GOOD: &str = "public, max-age=86400, immutable";

/// Answers with the tag of what is said, or with nothing to whoever has it.
fn cached(has: &Has, keep: &'static str, body: &impl Serialize) -> Answer {
    // Strings, numbers and dates only: serialization has no way to fail.
    let text = serde_json::to_vec(body).unwrap_or_default();
    let tag = format!("\"{}\"", vault::digest::fingerprint(&text).get(..32).unwrap_or_default());
    let mut answer = if has.holds(&tag) { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((CACHE_CONTROL, keep)).insert_header((VARY, "Accept-Language"));
    let is_news = !has.holds(&tag);
    answer.insert_header((ETAG, tag));
    Ok(if is_news { answer.content_type("application/json").body(text) } else { answer.finish() })
}

/// Read the newest published count of valuable sources of a period: of exactly that period, or none.
#[utoipa::path(
    operation_id = "readPublishedFigure",
    tag = "public",
    params(Query),
    responses(
        (status = 200, description = "The figure", body = PublishedFigure),
        (status = 304, description = "As the caller has it (`If-None-Match`)"),
        (status = 404, response = NotFound),
    )
)]
#[get("/api/v1/public/statistics/valuable-sources")]
async fn read_published_figure(app: Data<App>, lang: Lang, has: Has, Params(query): Params<Query>) -> Answer {
    let (Day(from), Day(to), by) = (query.from, query.to, query.by.unwrap_or(Split::Total));
    let (release, total) = public::valuable_sources(&app, from, to, by).await?;
    cached(&has, LATEST, &PublishedFigure::of(release, &total, by, app.settings.synthetic, lang.0))
}

/// List all published releases, the newest first.
#[utoipa::path(
    operation_id = "listPublishedReleases",
    tag = "public",
    responses(
        (status = 200, description = "Releases", body = ReleaseHeads),
        (status = 304, description = "As the caller has it (`If-None-Match`)"),
    )
)]
#[get("/api/v1/public/statistics/releases")]
async fn list_published_releases(app: Data<App>, lang: Lang, has: Has) -> Answer {
    let heads = public::list(&app).await?;
    cached(&has, LATEST, &ReleaseHeads::of(heads, app.settings.synthetic, lang.0))
}

/// Read a published release with all its tables.
#[utoipa::path(
    operation_id = "readPublishedRelease",
    tag = "public",
    params(ReleaseInPath),
    responses(
        (status = 200, description = "The release", body = ReleaseBody),
        (status = 304, description = "As the caller has it (`If-None-Match`)"),
    )
)]
#[get("/api/v1/public/statistics/releases/{id}")]
async fn read_published_release(app: Data<App>, lang: Lang, has: Has, Id(id): Id<ReleaseId>) -> Answer {
    let release = public::read(&app, id).await?;
    cached(&has, FOR_GOOD, &ReleaseBody::of(release, app.settings.synthetic, lang.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_it_is_told_so() {
        let has = |tags: Option<&str>| Has(tags.map(str::to_owned)).holds("\"abc\"");
        assert!(has(Some("\"abc\"")) && has(Some("W/\"abc\"")) && has(Some("\"x\", \"abc\"")) && has(Some("*")));
        assert!(!has(None) && !has(Some("abc")) && !has(Some("\"ab\"")) && !has(Some("")));
    }
}

use std::str::FromStr;

use actix_web::{
    HttpResponse, get,
    http::header::CONTENT_DISPOSITION,
    web::{Bytes, Data},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::Actor;
use futures::{Stream, stream};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    answer::{Answer, ok},
    authority::As,
    codes,
    day::Day,
    document::Invalid,
    query::{Params, from_text, text},
};
use crate::{
    app::App,
    audit::{self, AuditError, Entry, Export, Filter},
    platform::paging::Page,
    staff::Staff,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_audit).service(export_audit);
}

/// What to look for; nothing named: all acts of the auditor's offices and of those beneath.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Query {
    #[serde(default, deserialize_with = "text")]
    #[param(example = "TipRead")]
    act: Option<String>,
    /// Id of an officer.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<Uuid>)]
    officer: Option<Uuid>,
    /// Id of a tip, case, valuation, officer or office.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<Uuid>)]
    object: Option<Uuid>,
    /// Id of an office.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<Uuid>)]
    office: Option<Uuid>,
    /// The first day.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<NaiveDate>)]
    from: Option<Day>,
    /// The last day, inclusive.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<NaiveDate>)]
    to: Option<Day>,
    /// Acts on a page; an export has all.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before; an export goes on from there.
    #[serde(default, deserialize_with = "text")]
    cursor: Option<String>,
    /// How an export is written; without it JSON lines. A page is JSON.
    #[serde(default, deserialize_with = "from_text")]
    #[param(schema_with = codes::export_format, required = false)]
    format: Option<Format>,
}

/// How an export is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Lines,
    Csv,
}

impl Format {
    pub const ALL: [Self; 2] = [Self::Lines, Self::Csv];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lines => "jsonl",
            Self::Csv => "csv",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Lines => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|format| format.as_str() == text).ok_or(())
    }
}

impl From<Query> for Filter {
    fn from(query: Query) -> Self {
        Self {
            act: query.act,
            officer: query.officer.map(Into::into),
            object: query.object,
            office: query.office.map(Into::into),
            from: query.from.map(|Day(day)| day),
            to: query.to.map(|Day(day)| day),
            limit: query.limit,
            cursor: query.cursor,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct AuditPage {
    items: Vec<AuditEntry>,
    /// Pass back as `cursor`; null: this was the last page.
    next_cursor: Option<String>,
}

/// Who did what to what, when; never what was said.
#[derive(Serialize, ToSchema)]
struct AuditEntry {
    /// Its place in the chain.
    seq: i64,
    id: Uuid,
    /// Null for what a reporter did.
    at: Option<DateTime<Utc>>,
    day: NaiveDate,
    #[schema(schema_with = codes::actor)]
    actor: Actor,
    officer: Option<Uuid>,
    username: Option<String>,
    office: Option<Uuid>,
    #[schema(example = "TipRead")]
    act: String,
    #[schema(example = "tip")]
    object_kind: String,
    object: Option<Uuid>,
    /// Codes, days and hashes that the row covers: what a report was about, what a stored tip's ciphertext hashes to.
    detail: Option<String>,
    /// SHA-256 of what the row says, in hexadecimal.
    leaf: String,
    /// SHA-256 of the link before.
    prev: String,
}

impl From<Entry> for AuditEntry {
    fn from(entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            id: entry.id.into(),
            at: entry.at,
            day: entry.on_day,
            actor: entry.actor,
            officer: entry.officer.map(Into::into),
            username: entry.username,
            office: entry.office.map(Into::into),
            act: entry.act,
            object_kind: entry.object_kind,
            object: entry.object,
            detail: entry.detail,
            leaf: entry.leaf,
            prev: entry.prev,
        }
    }
}

impl From<Page<Entry>> for AuditPage {
    fn from(page: Page<Entry>) -> Self {
        Self { items: page.items.into_iter().map(Into::into).collect(), next_cursor: page.next_cursor }
    }
}

/// List acts, newest first. Looking is on record too.
///
/// An officer's act is here within seconds, a reporter's when its day is over: earlier it would tell the time.
#[utoipa::path(
    operation_id = "listAudit",
    tag = "audit",
    security(("staffBearer" = [])),
    params(Query),
    responses(
        (status = 200, description = "A page", body = AuditPage),
        (status = 422, response = Invalid),
    )
)]
#[get("/api/v1/audit")]
async fn list_audit(app: Data<App>, As(staff, Params(query)): As<Staff, Params<Query>>) -> Answer {
    ok(AuditPage::from(audit::list(&app, &staff, &query.into()).await?))
}

/// Export acts, newest first, as CSV or as JSON lines. Each export is on record.
#[utoipa::path(
    operation_id = "exportAudit",
    tag = "audit",
    security(("staffBearer" = [])),
    params(Query),
    responses(
        (status = 200, description = "All of them", content((String = "application/x-ndjson"), (String = "text/csv"))),
        (status = 422, response = Invalid),
    )
)]
#[get("/api/v1/audit/export")]
async fn export_audit(app: Data<App>, As(staff, Params(query)): As<Staff, Params<Query>>) -> Answer {
    let format = query.format.unwrap_or_default();
    Ok(file(app.clone(), audit::export(&app, &staff, &query.into()).await?, format))
}

/// An export as a file to keep.
pub(in crate::web) fn file(app: Data<App>, export: Export, format: Format) -> HttpResponse {
    let name = format!("attachment; filename=\"audit.{}\"", format.as_str());
    let answer =
        HttpResponse::Ok().content_type(format.content_type()).insert_header((CONTENT_DISPOSITION, name)).take();
    { answer }.streaming(written(app, export, format))
}

/// The export, stretch by stretch. A store that breaks on the way breaks the answer off, so that nobody takes it for
/// whole.
fn written(app: Data<App>, export: Export, format: Format) -> impl Stream<Item = Result<Bytes, AuditError>> {
    let head = match format {
        Format::Lines => String::new(),
        Format::Csv => format!("{}\r\n", COLUMNS.join(",")),
    };
    stream::try_unfold((export, Some(head)), move |(mut export, head)| {
        let app = app.clone();
        async move {
            let entries = export.next(&app).await?;
            if entries.is_empty() && head.is_none() {
                return Ok(None);
            }
            let lines = entries.into_iter().map(|entry| line(&entry.into(), format));
            let text: String = head.into_iter().chain(lines).collect();
            Ok(Some((Bytes::from(text), (export, None))))
        }
    })
}

const COLUMNS: [&str; 14] = [
    "seq",
    "id",
    "at",
    "day",
    "actor",
    "officer",
    "username",
    "office",
    "act",
    "object_kind",
    "object",
    "detail",
    "leaf",
    "prev",
];

fn line(entry: &AuditEntry, format: Format) -> String {
    match format {
        // Numbers and strings: serialization has no way to fail.
        Format::Lines => serde_json::to_string(entry).unwrap_or_default() + "\n",
        Format::Csv => {
            let id = |id: Option<Uuid>| id.map_or_else(String::new, |id| id.to_string());
            let fields = [
                entry.seq.to_string(),
                entry.id.to_string(),
                entry.at.map_or_else(String::new, |at| at.to_rfc3339()),
                entry.day.to_string(),
                entry.actor.to_string(),
                id(entry.officer),
                entry.username.clone().unwrap_or_default(),
                id(entry.office),
                entry.act.clone(),
                entry.object_kind.clone(),
                id(entry.object),
                entry.detail.clone().unwrap_or_default(),
                entry.leaf.clone(),
                entry.prev.clone(),
            ];
            // Codes, ids and user names (a-z, 0-9, dot, dash, underscore): nothing of ours needs quotes. What somebody
            // wrote past this line gets them, and no formula is run from it.
            fields.map(|field| quoted(&field)).join(",") + "\r\n"
        }
    }
}

fn quoted(field: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:+".contains(c);
    let formula = field.starts_with(['-', '+', '=', '@', '\t']) && field.parse::<i64>().is_err();
    if field.chars().all(plain) && !formula {
        return field.to_owned();
    }
    format!("\"{}{}\"", if formula { "'" } else { "" }, field.replace('"', "\"\""))
}

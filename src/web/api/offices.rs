use actix_web::{get, post, web::Data};
use chrono::NaiveDate;
use entity::{
    enums::Role,
    ids::{OfficeId, OfficerId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use super::{
    answer::{Answer, accepted, made, nothing, ok},
    authority::As,
    body::Body,
    codes,
    document::Conflict,
    path::{Id, OfficeInPath, OfficerInPath, OnMember},
};
use crate::{
    app::App,
    reference::Language,
    staff::{self, Staff},
    tips::{self, Progress},
    units::{self, Granted, Member, OfficeRow},
    web::Lang,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_offices).service(list_members).service(create_officer).service(grant_key);
    cfg.service(remove_officer).service(read_rewrap).service(rewrap);
}

#[derive(Serialize, ToSchema)]
struct Office {
    id: Uuid,
    code: String,
    #[schema(example = "ca_xa")]
    kind: String,
    #[schema(example = "Công an xã Na Mèo")]
    label: String,
    parent: Option<Uuid>,
    /// Takes tips for which no nearer office is known.
    is_intake: bool,
    valid_from: NaiveDate,
    /// The last day, inclusive.
    valid_to: Option<NaiveDate>,
    /// It has a key, so that tips can be sealed to it.
    holds_key: bool,
}

#[derive(Serialize, ToSchema)]
struct Offices {
    items: Vec<Office>,
}

impl Office {
    fn of(office: OfficeRow, language: Language) -> Self {
        Self {
            id: office.id.into(),
            code: office.code,
            kind: office.kind,
            label: office.name.text(language).to_owned(),
            parent: office.parent.map(Into::into),
            is_intake: office.is_intake,
            valid_from: office.valid_from,
            valid_to: office.valid_to,
            holds_key: office.holds_key,
        }
    }
}

/// List the caller's offices; an administrator sees all.
#[utoipa::path(
    operation_id = "listOffices",
    tag = "offices",
    security(("staffBearer" = [])),
    responses((status = 200, description = "Offices by code", body = Offices))
)]
#[get("/api/v1/offices")]
async fn list_offices(app: Data<App>, lang: Lang, As(staff, ()): As<Staff, ()>) -> Answer {
    let offices = units::list_offices(&app, &staff).await?;
    ok(Offices { items: offices.into_iter().map(|office| Office::of(office, lang.0)).collect() })
}

#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
struct MemberBody {
    id: Uuid,
    username: String,
    display_name: String,
    active: bool,
    #[schema(schema_with = codes::roles)]
    roles: Vec<Role>,
    /// False for somebody who works tips: a member has to grant the key.
    holds_key: bool,
    /// SHA-256 of the public key, in hexadecimal: compare it with the officer before granting a key.
    key_fingerprint: String,
    /// One member has granted a commander's key; a second one has to.
    waits_for_second_member: bool,
}

#[derive(Serialize, ToSchema)]
struct Members {
    items: Vec<MemberBody>,
}

impl From<Member> for MemberBody {
    fn from(member: Member) -> Self {
        Self {
            id: member.id.into(),
            username: member.username,
            display_name: member.display_name,
            active: member.active,
            roles: member.roles,
            holds_key: member.holds_key,
            key_fingerprint: member.key_fingerprint,
            waits_for_second_member: member.waits_for_second_member,
        }
    }
}

/// List who works in an office.
#[utoipa::path(
    operation_id = "listMembers",
    tag = "offices",
    security(("staffBearer" = [])),
    params(OfficeInPath),
    responses((status = 200, description = "Members by username", body = Members))
)]
#[get("/api/v1/offices/{id}/members")]
async fn list_members(app: Data<App>, As(staff, Id(office)): As<Staff, Id<OfficeId>>) -> Answer {
    let members = units::list_members(&app, &staff, office).await?;
    ok(Members { items: members.into_iter().map(MemberBody::from).collect() })
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMember {
    /// 3 to 64 of a-z, 0-9, dot, dash, underscore.
    #[schema(example = "dung.investigator")]
    username: String,
    #[schema(example = "Hà Văn Dũng")]
    display_name: String,
    #[validate(length(max = 6, code = "too_long"))]
    #[schema(schema_with = codes::roles)]
    roles: Vec<Role>,
}

#[derive(Serialize, ToSchema)]
struct CreatedMember {
    id: Uuid,
    /// Shown once. It has to be changed at the first log-in; only then a member can grant the office's key.
    temporary_password: String,
}

/// Make an account in an office of the administrator's.
#[utoipa::path(
    operation_id = "createOfficer",
    tag = "offices",
    security(("staffBearer" = [])),
    params(OfficeInPath),
    request_body = NewMember,
    responses(
        (status = 201, description = "Made", body = CreatedMember),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/offices/{id}/members")]
async fn create_officer(
    app: Data<App>,
    As(staff, (Id(office), Body(new))): As<Staff, (Id<OfficeId>, Body<NewMember>)>,
) -> Answer {
    let (id, password) = staff::create_officer(&app, &staff, new.username, new.display_name, office, new.roles).await?;
    made(CreatedMember { id: id.into(), temporary_password: password.expose().clone() })
}

/// What the member has compared with the officer.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeenKey {
    /// As `listMembers` tells it, and `readMe` to the officer: the key is granted to this one and to no other.
    key_fingerprint: String,
}

/// Grant an officer the office's key.
///
/// Only a member who holds the key can: the server holds none, and an administrator neither. A commander's takes two
/// members, unless the office has one only: the first grant is answered with 202.
#[utoipa::path(
    operation_id = "grantKey",
    tag = "offices",
    security(("staffBearer" = [])),
    params(OfficeInPath, OfficerInPath),
    request_body = SeenKey,
    responses(
        (status = 202, description = "On record; a second member has to grant as well"),
        (status = 204, description = "Granted"),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/offices/{id}/members/{officer}/grant-key")]
async fn grant_key(
    app: Data<App>,
    As(staff, (Id(office), Id(officer), Body(seen))): OnMember<Body<SeenKey>>,
) -> Answer {
    match units::grant_key(&app, &staff, office, officer, &seen.key_fingerprint).await? {
        Granted::Granted => nothing(),
        Granted::WaitsForSecondMember => accepted(),
    }
}

#[derive(Serialize, ToSchema)]
struct RemovedMember {
    /// The office's epoch that began with it; none if the officer held no key.
    epoch: Option<i32>,
    /// Restricted tips that name one officer only from now on: another should be named.
    tips_with_one_reader: u64,
}

/// Take an officer out of the office.
///
/// Roles, keys and sessions end at once, on every node; a new epoch begins, under which new tips are sealed. Open tips
/// follow by `rewrap`. Refused for the last one who holds the office's key, for the last one whom a restricted tip
/// names, and for a custodian who has not handed the shares of identities over.
#[utoipa::path(
    operation_id = "removeOfficer",
    tag = "offices",
    security(("staffBearer" = [])),
    params(OfficeInPath, OfficerInPath),
    responses(
        (status = 200, description = "Removed", body = RemovedMember),
        (status = 409, response = Conflict),
    )
)]
#[post("/api/v1/offices/{id}/members/{officer}/remove")]
async fn remove_officer(
    app: Data<App>,
    As(staff, (Id(office), Id(officer))): As<Staff, (Id<OfficeId>, Id<OfficerId>)>,
) -> Answer {
    let removed = units::remove_officer(&app, &staff, office, officer).await?;
    ok(RemovedMember { epoch: removed.epoch, tips_with_one_reader: removed.tips_with_one_reader })
}

#[derive(Serialize, ToSchema)]
struct Rewrap {
    epoch: i32,
    /// Open tips and cases that are still under an older epoch.
    waiting: u64,
    /// Open tips that are under this one.
    done: u64,
}

impl From<Progress> for Rewrap {
    fn from(progress: Progress) -> Self {
        Self { epoch: progress.epoch, waiting: progress.waiting, done: progress.done }
    }
}

/// Tell how far the office's open tips have come to its newest epoch.
#[utoipa::path(
    operation_id = "readRewrap",
    tag = "offices",
    security(("staffBearer" = [])),
    params(OfficeInPath),
    responses((status = 200, description = "How far it has come", body = Rewrap))
)]
#[get("/api/v1/offices/{id}/rewrap")]
async fn read_rewrap(app: Data<App>, As(staff, Id(office)): As<Staff, Id<OfficeId>>) -> Answer {
    ok(Rewrap::from(tips::rewrap_progress(&app, &staff, office).await?))
}

/// Move some of the office's open tips to its newest epoch.
///
/// It takes a member's key, which the server does not keep: call again while `waiting` is not 0. Each log-in of a
/// member takes some along too.
#[utoipa::path(
    operation_id = "rewrap",
    tag = "offices",
    security(("staffBearer" = [])),
    params(OfficeInPath),
    responses((status = 200, description = "Moved; how far it has come", body = Rewrap))
)]
#[post("/api/v1/offices/{id}/rewrap")]
async fn rewrap(app: Data<App>, As(staff, Id(office)): As<Staff, Id<OfficeId>>) -> Answer {
    ok(Rewrap::from(tips::rewrap(&app, &staff, office).await?))
}

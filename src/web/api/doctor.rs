use actix_web::{get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    answer::{Answer, ok},
    authority::As,
    codes, texts,
};
use crate::{
    app::App,
    doctor::{self, Finding},
    reference::Language,
    staff::Staff,
    web::Lang,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(examine);
}

#[derive(Serialize, ToSchema)]
struct Examination {
    /// The worst first; empty: nothing was found.
    findings: Vec<FindingBody>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Finding)]
struct FindingBody {
    #[schema(schema_with = codes::finding)]
    kind: &'static str,
    /// Something is lost already, unless paper or a recovery code brings it back.
    alarm: bool,
    /// One sentence.
    message: &'static str,
    office: Option<Uuid>,
    office_code: Option<String>,
    /// Officers, custodians or identities that it is about.
    count: usize,
}

impl FindingBody {
    fn of(finding: Finding, language: Language) -> Self {
        let (office, office_code) = finding.office.unzip();
        Self {
            kind: finding.kind.as_str(),
            alarm: finding.kind.is_alarm(),
            message: texts::finding(finding.kind, language),
            office: office.map(Into::into),
            office_code,
            count: finding.count,
        }
    }
}

/// Tell what could be lost by accident: offices that one officer opens, keys that lie on no paper, too few custodians.
#[utoipa::path(
    operation_id = "examine",
    tag = "offices",
    security(("staffBearer" = [])),
    responses((status = 200, description = "What was found", body = Examination))
)]
#[get("/api/v1/doctor")]
async fn examine(app: Data<App>, lang: Lang, As(staff, ()): As<Staff, ()>) -> Answer {
    let findings = doctor::examine_for(&app, &staff).await?;
    ok(Examination { findings: findings.into_iter().map(|finding| FindingBody::of(finding, lang.0)).collect() })
}

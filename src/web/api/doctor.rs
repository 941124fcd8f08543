use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
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
    doctor::{self, Checkpoint, Finding, NodeCondition},
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
    /// For administrators; null for others.
    node: Option<NodeBody>,
}

/// The node that answers.
#[derive(Serialize, ToSchema)]
#[schema(as = Node)]
struct NodeBody {
    /// Checkpoints of the record are mailed to an overseer.
    mails_checkpoints: bool,
    /// When the newest checkpoint in this node's file was signed; null: there is none, or it cannot be read.
    checkpoint_at: Option<DateTime<Utc>>,
    /// Bytes of the file system that this node's files are on; null where the system does not tell.
    disk_free: Option<u64>,
    disk_total: Option<u64>,
}

impl From<NodeCondition> for NodeBody {
    fn from(node: NodeCondition) -> Self {
        let checkpoint_at = match node.checkpoint {
            Checkpoint::At(at) => Some(at),
            Checkpoint::None | Checkpoint::Unreadable => None,
        };
        Self {
            mails_checkpoints: node.mails,
            checkpoint_at,
            disk_free: node.disk.map(|disk| disk.free),
            disk_total: node.disk.map(|disk| disk.total),
        }
    }
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
///
/// An administrator is told of all; who holds an office's key, of that office.
#[utoipa::path(
    operation_id = "examine",
    tag = "offices",
    security(("staffBearer" = [])),
    responses((status = 200, description = "What was found", body = Examination))
)]
#[get("/api/v1/doctor")]
async fn examine(app: Data<App>, lang: Lang, As(staff, ()): As<Staff, ()>) -> Answer {
    let told = doctor::describe(&app, &staff).await?;
    let findings = told.findings.into_iter().map(|finding| FindingBody::of(finding, lang.0)).collect();
    ok(Examination { findings, node: told.node.map(NodeBody::from) })
}

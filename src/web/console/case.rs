use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::ids::{CaseId, OutcomeId, TipId};
use uuid::Uuid;

use super::{
    case_view::Case,
    form::Maker,
    frame::{Frame, Me},
    notice::Notice,
    outcome_form::{self, OutcomeForm},
    page::{Page, done_or_again, see},
    query::Query,
    typed::Typed,
};
use crate::{
    app::App,
    cases, outcomes,
    platform::fault::Code,
    staff::Staff,
    tips,
    web::api::{path::Id, problem::ApiError},
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_case).service(move_case);
}

#[derive(Template)]
#[template(path = "console/templates/case.html")]
struct CasePage {
    f: Frame,
    case: Case,
    outcome: Option<OutcomeForm>,
    notice: Option<Notice>,
    done: &'static str,
}

#[get("/cases/{id}")]
async fn show_case(
    app: Data<App>,
    f: Frame,
    Me(staff): Me,
    Id(id): Id<CaseId>,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let mut page = CasePage::load(&app, f, &staff, id, None).await?;
    page.done = query.told("done", page.f.language);
    Ok(Page(page).answer(StatusCode::OK))
}

impl CasePage {
    async fn load(
        app: &App,
        f: Frame,
        staff: &Staff,
        id: CaseId,
        refused: Option<(&str, &Typed, &Notice)>,
    ) -> Result<Self, ApiError> {
        let view = cases::read(app, staff, id).await?;
        let maker = Maker { f: &f, refused };
        let outcome = view.allowed.contains(&"record-outcome");
        let outcome = outcome.then(|| OutcomeForm::of(app, &maker, &view));
        let case = Case::of(app, &maker, view);
        // Refusals that no form on the page shows by itself are told on top.
        let notice = refused.map(|(_, _, notice)| notice.clone());
        Ok(Self { case, outcome, notice, done: "", f })
    }
}

#[post("/cases/{id}/{verb}")]
async fn move_case(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    Id(id): Id<CaseId>,
    typed: Typed,
) -> Result<HttpResponse, ApiError> {
    let (verb, language) = (req.match_info().get("verb").unwrap_or_default().to_owned(), f.language);
    let done = act(&app, &staff, id, &verb, &typed).await.map(|()| see(&format!("/console/cases/{id}?done={verb}")));
    let again = async |n: &Notice| CasePage::load(&app, f, &staff, id, Some((&verb, &typed, n))).await;
    done_or_again(done, language, again).await
}

async fn act(app: &App, staff: &Staff, id: CaseId, verb: &str, typed: &Typed) -> Result<(), ApiError> {
    let edit = typed.get("version").parse().ok();
    match verb {
        "close" => drop(cases::close(app, staff, id, edit, typed.secret_if_filled("note")).await?),
        "reopen" => drop(cases::reopen(app, staff, id, edit, typed.secret("reason")).await?),
        "record-outcome" => drop(outcomes::record(app, staff, id, outcome_form::read(typed)?).await?),
        "link-tip" => {
            let tip = tips::find_by_number(app, staff, typed.get("of"), "of").await?;
            drop(tips::link_case(app, staff, tip, None, id).await?);
        }
        "attest-value" => {
            let (tip, outcome): (TipId, OutcomeId) = (chosen(typed, "tip")?.into(), chosen(typed, "outcome")?.into());
            let identified = typed.is_on("identified");
            tips::attest_value(app, staff, tip, outcome, typed.secret("reason"), identified).await?;
        }
        _unknown => return Err(ApiError::new(Code::NoSuchRoute)),
    }
    Ok(())
}

fn chosen(typed: &Typed, name: &'static str) -> Result<Uuid, ApiError> {
    Uuid::try_parse(typed.get(name)).map_err(|_| ApiError::field(name, Code::Missing))
}

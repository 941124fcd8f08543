//! Who holds shares of identities, how many it takes, and how one gives up custody.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use uuid::Uuid;

use super::{
    form::{Form, Kind, Look, Maker},
    frame::{Frame, Me},
    notice::Notice,
    page::{Page, done_or_again, see},
    query::Query,
    typed::Typed,
};
use crate::{
    app::App,
    identities::{self, Custodian, Quorum, Successor},
    platform::fault::Code,
    staff::{Permission, Staff},
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_custodians).service(change_custody);
}

#[derive(Template)]
#[template(path = "console/templates/custodians.html")]
struct CustodiansPage {
    f: Frame,
    at: &'static str,
    threshold: i32,
    holders: i32,
    /// Name, fingerprint, and whether it is the officer who looks.
    custodians: Vec<(String, String, bool)>,
    forms: Vec<Form>,
    notice: Option<Notice>,
    done: &'static str,
}

#[get("/custodians")]
async fn show_custodians(app: Data<App>, f: Frame, Me(staff): Me, query: Query) -> Result<HttpResponse, ApiError> {
    let mut page = CustodiansPage::load(&app, f, &staff, None).await?;
    page.done = query.told("done", page.f.language);
    Ok(Page(page).answer(StatusCode::OK))
}

impl CustodiansPage {
    async fn load(
        app: &App,
        f: Frame,
        staff: &Staff,
        refused: Option<(&str, &Typed, &Notice)>,
    ) -> Result<Self, ApiError> {
        let (quorum, custodians) = identities::list_custodians(app, staff).await?;
        let forms = forms(&Maker { f: &f, refused }, quorum, &custodians);
        Ok(Self {
            at: "custodians",
            threshold: quorum.threshold,
            holders: quorum.holders,
            forms,
            notice: refused.map(|(_, _, notice)| notice.clone()),
            done: "",
            custodians: custodians
                .into_iter()
                .map(|one| (one.display_name, one.key_fingerprint, f.is_me(&one.id)))
                .collect(),
            f,
        })
    }
}

const QUORUM: &str = "set-quorum";
const HAND_OVER: &str = "hand-over";

fn forms(maker: &Maker<'_>, quorum: Quorum, custodians: &[Custodian]) -> Vec<Form> {
    let f = maker.f;
    let form = |verb: &'static str| maker.form(verb, format!("/console/custodians/{verb}"), "");
    let mut forms = Vec::new();
    if f.may(Permission::Administer) {
        let line = |name, value: i32| maker.field(QUORUM, name, Kind::Line, &value.to_string());
        forms.push(form(QUORUM).with(line("threshold", quorum.threshold)).with(line("holders", quorum.holders)));
    }
    if f.may(Permission::Custody) {
        let others = custodians.iter().filter(|one| !f.is_me(&one.id));
        // With each the fingerprint that this page shows: to a key that was exchanged meanwhile nothing is handed.
        let others = others.map(|one| (format!("{}:{}", one.id, one.key_fingerprint), one.display_name.clone()));
        let to = maker.several(HAND_OVER, "to", Vec::new(), others.collect());
        let to = super::form::Field { label: f.t("successors"), hint: f.t("successors_hint"), ..to };
        forms.push(form(HAND_OVER).with(to).looks(Look::Grave));
    }
    forms
}

#[post("/custodians/{verb}")]
async fn change_custody(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    typed: Typed,
) -> Result<HttpResponse, ApiError> {
    let (verb, language) = (req.match_info().get("verb").unwrap_or_default().to_owned(), f.language);
    let done = act(&app, &staff, &verb, &typed).await.map(|()| see(&format!("/console/custodians?done={verb}")));
    let again = async |n: &Notice| CustodiansPage::load(&app, f, &staff, Some((&verb, &typed, n))).await;
    done_or_again(done, language, again).await
}

async fn act(app: &App, staff: &Staff, verb: &str, typed: &Typed) -> Result<(), ApiError> {
    match verb {
        QUORUM => {
            let number =
                |name: &'static str| typed.get(name).trim().parse().map_err(|_| ApiError::field(name, Code::Invalid));
            let quorum = Quorum { threshold: number("threshold")?, holders: number("holders")? };
            identities::set_quorum(app, staff, quorum).await?;
        }
        HAND_OVER => {
            let to: Option<Vec<Successor>> = typed.all("to").map(successor).collect();
            let to = to.ok_or_else(|| ApiError::field("to", Code::Invalid))?;
            identities::hand_over(app, staff, &to).await?;
        }
        _unknown => return Err(ApiError::new(Code::NoSuchRoute)),
    }
    Ok(())
}

fn successor(text: &str) -> Option<Successor> {
    let (id, fingerprint) = text.split_once(':')?;
    Some(Successor { id: Uuid::try_parse(id).ok()?.into(), key_fingerprint: fingerprint.to_owned() })
}

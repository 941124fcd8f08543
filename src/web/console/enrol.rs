//! The first administrator's way in, while there is no officer.

use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;

use super::{
    form::{Form, Kind, Look, Maker},
    frame::Frame,
    notice::Notice,
    page::{Page, see},
    query::Query,
    typed::Typed,
};
use crate::{
    app::App,
    staff::{self, StaffError},
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_enrolment).service(enrol);
}

#[derive(Template)]
#[template(path = "console/templates/enrol.html")]
struct EnrolPage {
    f: Frame,
    form: Form,
}

#[derive(Template)]
#[template(path = "console/templates/enrolled.html")]
struct EnrolledPage {
    f: Frame,
    /// Shown once.
    recovery_code: String,
}

const VERB: &str = "enrol";

/// The secret part of the link that the server printed is in the address.
#[get("/enrol")]
async fn show_enrolment(app: Data<App>, f: Frame, query: Query) -> Result<HttpResponse, ApiError> {
    if staff::enrolment_token(&app).await.map_err(StaffError::from)?.is_none() {
        return Ok(see("/console/log-in"));
    }
    let token = query.get("token").unwrap_or_default().to_owned();
    Ok(Page(EnrolPage::of(f, &token, None)).answer(StatusCode::OK))
}

impl EnrolPage {
    fn of(f: Frame, token: &str, refused: Option<(&Typed, &Notice)>) -> Self {
        let maker = Maker { f: &f, refused: refused.map(|(typed, notice)| (VERB, typed, notice)) };
        let line = |name, value: &str| maker.field(VERB, name, Kind::Line, value);
        // What was typed as a password is not sent back.
        let password = super::form::Field { value: String::new(), ..maker.field(VERB, "password", Kind::Password, "") };
        let form = maker
            .form(VERB, "/console/enrol".to_owned(), "")
            .with(line("token", token))
            .with(line("username", ""))
            .with(line("display_name", ""))
            .with(password)
            .looks(Look::Main);
        Self { form, f }
    }
}

#[post("/enrol")]
async fn enrol(app: Data<App>, f: Frame, typed: Typed) -> HttpResponse {
    let (name, full) = (typed.get("username").trim().to_owned(), typed.get("display_name").trim().to_owned());
    let made =
        staff::create_first_administrator(&app, typed.get("token").trim(), name, full, typed.secret("password")).await;
    match made {
        Ok((_, code)) => Page(EnrolledPage { f, recovery_code: code.expose().clone() }).answer(StatusCode::OK),
        Err(error) => {
            let notice = Notice::from_fault(error, f.language);
            let status = notice.status();
            Page(EnrolPage::of(f, "", Some((&typed, &notice)))).answer(status)
        }
    }
}

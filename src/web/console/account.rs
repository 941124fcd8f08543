use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use qrcode::{Color, EcLevel, QrCode};

use super::{
    frame::{Frame, Me},
    gate::Entered,
    notice::Notice,
    page::Page,
    typed::Typed,
};
use crate::{
    app::App,
    staff::{self, Pending, Staff},
    units,
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_account).service(change_password).service(start_factor).service(verify_factor);
}

#[derive(Template)]
#[template(path = "console/templates/account.html")]
struct AccountPage {
    f: Frame,
    username: String,
    /// Office and roles.
    grants: Vec<(String, String)>,
    must_change: bool,
    notice: Option<Notice>,
    changed: bool,
    /// Shown once, after the first change.
    recovery_code: Option<String>,
}

impl AccountPage {
    async fn load(app: &App, f: Frame, staff: &Staff) -> Result<Self, ApiError> {
        let offices = match staff.pending {
            None => units::list_offices(app, staff).await?,
            // Nothing may be asked for yet.
            Some(Pending::PasswordChange | Pending::SecondFactor) => Vec::new(),
        };
        let grants = staff.grants.iter().map(|(id, role)| {
            let office = offices.iter().find(|office| office.id == *id);
            let name = office.map_or_else(String::new, |office| office.name.text(f.language).to_owned());
            (name, f.label("role", role.as_str()).to_owned())
        });
        Ok(Self {
            username: staff.username.clone(),
            grants: grants.collect(),
            must_change: staff.pending == Some(Pending::PasswordChange),
            notice: None,
            changed: false,
            recovery_code: None,
            f,
        })
    }
}

#[get("/account")]
async fn show_account(app: Data<App>, f: Frame, Me(staff): Me) -> Result<HttpResponse, ApiError> {
    Ok(Page(AccountPage::load(&app, f, &staff).await?).answer(StatusCode::OK))
}

#[post("/account/password")]
async fn change_password(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    typed: Typed,
) -> Result<HttpResponse, ApiError> {
    let language = f.language;
    let changed =
        staff::change_password(&app, &staff, typed.secret("old_password"), typed.secret("new_password")).await;
    let mut page = AccountPage::load(&app, f, &staff).await?;
    match changed {
        Ok(code) => {
            page.changed = true;
            page.recovery_code = code.map(|code| code.expose().clone());
            Ok(ended_if_first(&req, &staff, Page(page).answer(StatusCode::OK)))
        }
        Err(error) => {
            let notice = Notice::from_fault(error, language);
            let status = notice.status();
            page.notice = Some(notice);
            Ok(Page(page).answer(status))
        }
    }
}

/// The first change makes a new key, and the session that holds the old one has ended with it.
fn ended_if_first(req: &HttpRequest, staff: &Staff, mut answer: HttpResponse) -> HttpResponse {
    if let (Some(Pending::PasswordChange), Some(entered)) = (staff.pending, Entered::of(req)) {
        entered.jar.drop_tokens(answer.headers_mut());
    }
    answer
}

#[derive(Template)]
#[template(path = "console/templates/factor.html")]
struct FactorPage {
    f: Frame,
    secret: String,
    qr: Option<Qr>,
    notice: Option<Notice>,
    /// Each works once; shown once.
    codes: Vec<String>,
}

/// Dark modules, row by row, as one path.
struct Qr {
    side: usize,
    path: String,
}

#[get("/account/factor")]
async fn start_factor(app: Data<App>, f: Frame, Me(staff): Me) -> Result<HttpResponse, ApiError> {
    let started = staff::start_second_factor(&app, &staff)?;
    let page = FactorPage {
        f,
        secret: started.secret.expose().clone(),
        qr: qr(started.uri.expose()),
        notice: None,
        codes: Vec::new(),
    };
    Ok(Page(page).answer(StatusCode::OK))
}

#[post("/account/factor")]
async fn verify_factor(app: Data<App>, f: Frame, Me(staff): Me, typed: Typed) -> HttpResponse {
    let (secret, code) = (typed.secret("secret"), typed.get("code").trim());
    match staff::verify_second_factor(&app, &staff, &secret, code, typed.filled("current_code")).await {
        Ok(codes) => {
            let codes = codes.iter().map(|code| code.expose().clone()).collect();
            Page(FactorPage { f, secret: String::new(), qr: None, notice: None, codes }).answer(StatusCode::OK)
        }
        Err(error) => {
            let notice = Notice::from_fault(error, f.language);
            let status = notice.status();
            let secret = secret.expose().clone();
            Page(FactorPage { f, secret, qr: None, notice: Some(notice), codes: Vec::new() }).answer(status)
        }
    }
}

fn qr(uri: &str) -> Option<Qr> {
    let code = QrCode::with_error_correction_level(uri, EcLevel::M).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let dark = colors.iter().enumerate().filter(|(_, color)| **color == Color::Dark);
    let path = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width, at / width)).collect();
    Some(Qr { side: width, path })
}

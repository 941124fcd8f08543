use actix_web::{
    HttpResponse,
    http::StatusCode,
    routes,
    web::{Data, ServiceConfig},
};
use askama::Template;

use super::{
    closed::{Closed, closed},
    form::Form,
    frame::Frame,
    page::Page,
    receipt::ReceiptPage,
    typed_tip::TypedTip,
    wrong::Wrong,
};
use crate::{
    app::App,
    reference::{Category, Language, Priority},
    tips::{self, Submitted},
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_tip).service(send_tip);
}

#[derive(Template)]
#[template(path = "tip.html")]
pub struct TipPage {
    f: Frame,
    typed: TypedTip,
    categories: Vec<CategoryChoice>,
    places: Vec<PlaceChoice>,
    /// Places that what was typed may mean.
    meant: Vec<String>,
    wrong: Option<Wrong>,
    closed: Vec<Closed>,
}

struct CategoryChoice {
    code: String,
    label: String,
    examples: String,
    urgent: bool,
}

/// A place, and its name as it is typed without accents: browsers compare letter by letter.
struct PlaceChoice {
    name: String,
    folded: String,
}

impl TipPage {
    /// An empty form, with its own receipt: it is given out before anything can get lost.
    fn blank(app: &App, f: Frame, closed: Vec<Closed>) -> Self {
        let mut typed = TypedTip::default();
        renew(app, &mut typed);
        Self { closed, ..Self::of(app, f, typed, None) }
    }

    /// The form as it was sent, and what to mend.
    fn again(app: &App, f: Frame, mut typed: TypedTip, error: &ApiError, closed: Vec<Closed>) -> HttpResponse {
        let wrong = Wrong::of(error, f.language);
        let spoilt = |field: &str| wrong.at(field).is_some();
        if ["ticket", "receipt"].into_iter().any(spoilt) {
            // Nothing was stored under it: another takes its place, and sending again is enough.
            renew(app, &mut typed);
        }
        let status = wrong.status();
        Page(Self { closed, ..Self::of(app, f, typed, Some(wrong)) }).answer(status)
    }

    fn of(app: &App, f: Frame, typed: TypedTip, wrong: Option<Wrong>) -> Self {
        let (today, language) = (app.clock.today(), f.language);
        let categories = app.reference.categories_on(today).into_iter().map(|category| choice(category, language));
        let places = app.reference.places_on(today).into_iter().map(|unit| PlaceChoice {
            name: unit.name.text(language).to_owned(),
            folded: crate::reference::fold(&unit.name.vi),
        });
        let meant = app.reference.places_named(&typed.unit, today);
        let meant = meant.into_iter().map(|unit| unit.name.text(language).to_owned()).collect();
        Self { categories: categories.collect(), places: places.collect(), meant, f, typed, wrong, closed: Vec::new() }
    }

    /// What to say at a field.
    fn at(&self, field: &str) -> Option<&'static str> {
        self.wrong.as_ref()?.at(field)
    }

    fn chosen(&self, mode: &str) -> bool {
        match mode {
            "anonymous" => !["confidential", "identified", "organisation"].contains(&self.typed.mode.as_str()),
            other => self.typed.mode == other,
        }
    }

    /// Who it is, if that is told: input, label, what was typed, kind of input.
    fn who(&self) -> [(&'static str, &'static str, &str, &'static str); 4] {
        let (f, typed) = (&self.f, &self.typed);
        [
            ("organisation", f.t("who_organisation"), &typed.organisation, "text"),
            ("name", f.t("who_name"), &typed.name, "text"),
            ("phone", f.t("who_phone"), &typed.phone, "tel"),
            ("address", f.t("who_address"), &typed.address, "text"),
        ]
    }

    /// What was typed about the person must be seen to be taken out again.
    fn identity_unwanted(&self) -> bool {
        self.wrong.as_ref().is_some_and(|wrong| wrong.at("reporter").is_some())
    }
}

fn choice(category: &Category, language: Language) -> CategoryChoice {
    let examples: Vec<&str> = category.examples.iter().map(|label| label.text(language)).collect();
    let advice = category.advice.as_ref().map(|label| label.text(language));
    CategoryChoice {
        code: category.code.clone(),
        label: category.label.text(language).to_owned(),
        examples: advice.map_or_else(|| examples.join(" · "), ToOwned::to_owned),
        urgent: matches!(category.priority, Priority::Urgent),
    }
}

fn renew(app: &App, typed: &mut TypedTip) {
    let fresh = tips::issue_ticket(app);
    (typed.receipt, typed.ticket) = (fresh.receipt.expose().clone(), fresh.ticket);
}

#[routes]
#[get("/tip")]
#[get("/en/tip")]
async fn show_tip(app: Data<App>, f: Frame) -> Page<TipPage> {
    let closed = closed(&app, f.language).await;
    Page(TipPage::blank(&app, f, closed))
}

#[routes]
#[post("/tip")]
#[post("/en/tip")]
async fn send_tip(app: Data<App>, f: Frame, Form(typed): Form<TypedTip>) -> HttpResponse {
    match submit(&app, &typed).await {
        Ok(sent) => Page(ReceiptPage::of_tip(f, &typed.receipt, sent)).answer(StatusCode::OK),
        Err(error) => {
            let closed = closed(&app, f.language).await;
            TipPage::again(&app, f, typed, &error, closed)
        }
    }
}

async fn submit(app: &App, typed: &TypedTip) -> Result<Submitted, ApiError> {
    Ok(tips::submit(app, &typed.parse(app)?, None).await?)
}

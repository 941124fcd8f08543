use actix_web::{
    HttpResponse,
    http::{StatusCode, header::RETRY_AFTER},
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
    platform::{fault::Code, shedding::Overloaded},
    reference::{Category, Language, Priority},
    tips::{self, Submitted},
    web::{Address, api::problem::ApiError},
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
    fn blank(app: &App, f: Frame, address: Address, closed: Vec<Closed>) -> Self {
        let mut typed = TypedTip::default();
        renew(app, &mut typed, address);
        Self { closed, ..Self::of(app, f, typed, None) }
    }

    /// The form as it was sent, and what to mend.
    fn again(
        app: &App,
        f: Frame,
        mut typed: TypedTip,
        address: Address,
        error: &ApiError,
        closed: Vec<Closed>,
    ) -> HttpResponse {
        let wrong = Wrong::of(error, f.language);
        let spoilt = |field: &str| wrong.at(field).is_some();
        if ["ticket", "receipt"].into_iter().any(spoilt) {
            // Nothing was stored under it: another takes its place, and sending again is enough.
            renew(app, &mut typed, address);
        }
        let status = wrong.status();
        let mut answer = Page(Self { closed, ..Self::of(app, f, typed, Some(wrong)) }).answer(status);
        if let Some(seconds) = error.retry_after() {
            answer.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        answer
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

fn renew(app: &App, typed: &mut TypedTip, Address(address): Address) {
    let fresh = tips::issue_ticket_to(app, address);
    (typed.receipt, typed.ticket) = (fresh.receipt.expose().clone(), fresh.ticket);
}

#[routes]
#[get("/tip")]
#[get("/en/tip")]
async fn show_tip(app: Data<App>, f: Frame, address: Address) -> Page<TipPage> {
    let closed = closed(&app, f.language).await;
    Page(TipPage::blank(&app, f, address, closed))
}

#[routes]
#[post("/tip")]
#[post("/en/tip")]
async fn send_tip(app: Data<App>, f: Frame, address: Address, Form(typed): Form<TypedTip>) -> HttpResponse {
    match submit(&app, &typed).await {
        Ok(sent) => Page(ReceiptPage::of_tip(f, &typed.receipt, sent)).answer(StatusCode::OK),
        Err(error) => {
            let closed = closed(&app, f.language).await;
            TipPage::again(&app, f, typed, address, &error, closed)
        }
    }
}

async fn submit(app: &App, typed: &TypedTip) -> Result<Submitted, ApiError> {
    let mut new = typed.parse(app)?;
    let ticket = std::mem::take(&mut new.ticket);
    // A browser does no work that a ticket may ask for: whoever sends a page waits in its stead.
    let waited = tips::wait_out(app, &new.receipt, ticket).await;
    new.ticket = waited.map_err(|Overloaded| ApiError::new(Code::Overloaded))?;
    Ok(tips::submit(app, &new, None).await?)
}

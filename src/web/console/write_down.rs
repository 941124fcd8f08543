use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::enums::Mode;
use vault::secret::Secret;

use super::{
    form::{Field, Kind, Maker},
    frame::{Frame, Me},
    notice::Notice,
    page::Page,
    typed::Typed,
};
use crate::{
    app::App,
    platform::fault::Code,
    staff::Staff,
    tips::{self, Identity, NewTip, WrittenDown},
    web::api::{problem::ApiError, receipts::parse_receipt},
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_form).service(write_down);
}

/// A tip that came by phone, on paper or in person.
#[derive(Template)]
#[template(path = "console/templates/write_down.html")]
struct WriteDownPage {
    f: Frame,
    /// Given out with the page, so that the same sent twice is one tip.
    receipt: String,
    ticket: String,
    fields: Vec<Field>,
    notice: Option<Notice>,
}

#[derive(Template)]
#[template(path = "console/templates/written_down.html")]
struct WrittenDownPage {
    f: Frame,
    number: String,
    groups: Vec<String>,
}

const VERB: &str = "write-down";

#[get("/write-down")]
async fn show_form(app: Data<App>, f: Frame) -> Page<WriteDownPage> {
    Page(WriteDownPage::of(&app, f, None))
}

#[post("/write-down")]
async fn write_down(app: Data<App>, f: Frame, Me(staff): Me, typed: Typed) -> HttpResponse {
    match send(&app, &staff, &typed).await {
        Ok(written) => Page(WrittenDownPage::of(f, &written)).answer(StatusCode::OK),
        Err(error) => {
            let notice = Notice::of(&error, f.language);
            let status = notice.status();
            Page(WriteDownPage::of(&app, f, Some((&typed, notice)))).answer(status)
        }
    }
}

async fn send(app: &App, staff: &Staff, typed: &Typed) -> Result<WrittenDown, ApiError> {
    let text = |name: &str| typed.filled(name).map(str::to_owned);
    let new = NewTip {
        receipt: parse_receipt(typed.get("receipt"))?,
        ticket: typed.get("ticket").to_owned(),
        category: typed.get("category").to_owned(),
        narrative: typed.secret("narrative"),
        unit: text("unit"),
        place: text("place").map(Secret::new),
        occurred_on: typed.day("occurred_on")?,
        happening_now: typed.is_on("happening_now"),
        concerns: Vec::new(),
        language: None,
        channel: typed.get("channel").to_owned(),
        mode: Mode::parse(typed.get("mode")).ok_or_else(|| ApiError::field("mode", Code::Missing))?,
        identity: Identity {
            name: text("name"),
            phone: text("phone"),
            address: text("address"),
            organisation: text("organisation"),
        },
    };
    Ok(tips::write_down(app, staff, new).await?)
}

impl WriteDownPage {
    fn of(app: &App, f: Frame, refused: Option<(&Typed, Notice)>) -> Self {
        // The service calls what is told of the reporter by its group.
        let flat = |mut notice: Notice| {
            for (field, _) in &mut notice.fields {
                if let Some(name) = field.strip_prefix("reporter.") {
                    *field = name.to_owned();
                }
            }
            notice
        };
        let refused = refused.map(|(typed, notice)| (typed, flat(notice)));
        let maker = Maker { f: &f, refused: refused.as_ref().map(|(typed, notice)| (VERB, *typed, notice)) };
        let fields = fields(app, &maker);
        let spoilt = |notice: &Notice| ["ticket", "receipt"].iter().any(|name| notice.at(name).is_some());
        let (receipt, ticket) = match &refused {
            Some((typed, notice)) if !spoilt(notice) => {
                (typed.get("receipt").to_owned(), typed.get("ticket").to_owned())
            }
            Some(_) | None => {
                let fresh = tips::issue_ticket(app);
                (fresh.receipt.expose().clone(), fresh.ticket)
            }
        };
        Self { receipt, ticket, fields, notice: refused.map(|(_, notice)| notice), f }
    }
}

fn fields(app: &App, maker: &Maker<'_>) -> Vec<Field> {
    let (f, day) = (maker.f, app.clock.today());
    let l = f.language;
    let reference = &app.reference;
    let channels = reference.channels_on(day).into_iter();
    let channels = channels.map(|one| (one.code.clone(), one.label.text(l).to_owned())).collect();
    let categories = reference.categories_on(day).into_iter();
    let categories = categories.map(|one| (one.code.clone(), one.label.text(l).to_owned())).collect();
    let places = reference.places_on(day).into_iter();
    let places = places.map(|unit| (unit.key.code.clone(), unit.name.text(l).to_owned()));
    let places = std::iter::once((String::new(), f.t("no_place").to_owned())).chain(places).collect();
    let modes = Mode::ALL.iter();
    let modes = modes.map(|mode| (mode.as_str().to_owned(), f.label("mode", mode.as_str()).to_owned())).collect();
    vec![
        maker.choice(VERB, "channel", "phone", channels),
        maker.field(VERB, "narrative", Kind::Words, ""),
        maker.choice(VERB, "category", "", categories),
        maker.choice(VERB, "unit", "", places),
        maker.field(VERB, "place", Kind::Line, ""),
        maker.field(VERB, "occurred_on", Kind::Day, ""),
        maker.field(VERB, "happening_now", Kind::Tick, ""),
        maker.choice(VERB, "mode", "anonymous", modes),
        maker.field(VERB, "organisation", Kind::Line, ""),
        maker.field(VERB, "name", Kind::Line, ""),
        maker.field(VERB, "phone", Kind::Line, ""),
        maker.field(VERB, "address", Kind::Line, ""),
    ]
}

impl WrittenDownPage {
    fn of(f: Frame, written: &WrittenDown) -> Self {
        let groups = written.receipt.expose().split(' ').map(str::to_owned).collect();
        Self { f, number: written.submitted.acknowledgement.number.clone(), groups }
    }
}

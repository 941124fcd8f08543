//! Offices as administrators make, change and close them.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::ids::OfficeId;
use uuid::Uuid;

use super::{
    form::{Form, Kind, Look, Maker},
    frame::{Frame, Me, date},
    notice::Notice,
    page::{Page, done_or_again, see},
    query::Query,
    typed::Typed,
};
use crate::{
    app::App,
    platform::fault::{Code, FieldFault},
    reference::OfficeKind,
    staff::Staff,
    units::{self, OfficeDraft, OfficeRow, OfficeView},
    web::api::{path::Id, problem::ApiError},
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_office_edit).service(edit_office);
}

pub const CREATE: &str = "create-office";
const CHANGE: &str = "change-office";
const CLOSE: &str = "close-office";

#[derive(Template)]
#[template(path = "console/templates/office_edit.html")]
struct EditPage {
    f: Frame,
    name: String,
    code: String,
    /// Since when, and until when if it is closed.
    days: String,
    open: bool,
    holds_key: bool,
    forms: Vec<Form>,
    notice: Option<Notice>,
    done: &'static str,
}

#[get("/office-edit/{id}")]
async fn show_office_edit(
    app: Data<App>,
    f: Frame,
    Me(staff): Me,
    Id(id): Id<OfficeId>,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let mut page = EditPage::load(&app, f, &staff, id, None).await?;
    page.done = query.told("done", page.f.language);
    Ok(Page(page).answer(StatusCode::OK))
}

impl EditPage {
    async fn load(
        app: &App,
        f: Frame,
        staff: &Staff,
        id: OfficeId,
        refused: Option<(&str, &Typed, &Notice)>,
    ) -> Result<Self, ApiError> {
        units::must_administer_all(app, staff).await?;
        let OfficeView { office, areas, version } = units::read_office(app, staff, id).await?;
        let offices = units::list_offices(app, staff).await?;
        let (maker, today) = (Maker { f: &f, refused }, app.clock.today());
        let open = office.valid_to.is_none_or(|last| today <= last);
        let address = |verb| format!("/console/office-edit/{id}/{verb}");
        let form = |verb| maker.form(verb, address(verb), "").holding("version", version.to_string());
        let mut forms = Vec::new();
        if open {
            let stands = Stands { office: Some(&office), areas };
            let change = with_fields(form(CHANGE), app, &maker, CHANGE, &offices, stands);
            forms.push(change.looks(Look::Main));
            if !office.is_intake {
                let sure = maker.field(CLOSE, "sure_close", Kind::Tick, "");
                forms.push(form(CLOSE).with(sure).looks(Look::Grave));
            }
        }
        Ok(Self {
            name: office.name.text(f.language).to_owned(),
            days: format!("{} – {}", date(office.valid_from), office.valid_to.map_or_else(String::new, date)),
            code: office.code,
            holds_key: office.holds_key,
            open,
            forms,
            notice: refused.map(|(_, _, notice)| notice.clone()),
            done: "",
            f,
        })
    }
}

/// What a form is filled with.
struct Stands<'a> {
    office: Option<&'a OfficeRow>,
    areas: Vec<String>,
}

/// The form that makes an office.
pub fn create_form(app: &App, maker: &Maker<'_>, offices: &[OfficeRow]) -> Form {
    let form = maker.form(CREATE, "/console/offices".to_owned(), "").with(maker.field(CREATE, "code", Kind::Line, ""));
    with_fields(form, app, maker, CREATE, offices, Stands { office: None, areas: Vec::new() }).looks(Look::Main)
}

fn with_fields(
    form: Form,
    app: &App,
    maker: &Maker<'_>,
    verb: &'static str,
    offices: &[OfficeRow],
    Stands { office, areas }: Stands<'_>,
) -> Form {
    let (f, today) = (maker.f, app.clock.today());
    let name = |language: fn(&OfficeRow) -> &str| office.map_or("", language);
    let kinds = OfficeKind::ALL.iter().map(|kind| {
        let kind = kind.as_str();
        (kind.to_owned(), f.label("officekind", kind).to_owned())
    });
    let others = offices.iter().filter(|other| other.valid_to.is_none_or(|last| today <= last));
    let others = others.filter(|other| office.is_none_or(|office| office.id != other.id));
    let above = others.map(|other| (other.id.to_string(), other.name.text(f.language).to_owned()));
    let nobody = office.is_some_and(|office| office.is_intake).then(|| (String::new(), "–".to_owned()));
    let parent = office.and_then(|office| office.parent).map_or_else(String::new, |id| id.to_string());
    // A place that is no more stays to be seen, until somebody takes its tick away.
    let gone = areas.iter().filter(|code| app.reference.unit_on(code, today).is_none());
    let gone: Vec<(String, String)> = gone.map(|code| (code.clone(), code.clone())).collect();
    let places = app.reference.units_on(today).into_iter();
    let places = places.map(|unit| (unit.key.code.clone(), unit.name.text(f.language).to_owned())).chain(gone);
    form.with(maker.field(verb, "label_vi", Kind::Line, name(|office| office.name.vi.as_str())))
        .with(maker.field(verb, "label_en", Kind::Line, name(|office| office.name.en.as_str())))
        .with(maker.choice(verb, "office_kind", office.map_or("ca_xa", |office| office.kind.as_str()), kinds.collect()))
        .with(maker.choice(verb, "above", &parent, nobody.into_iter().chain(above).collect()))
        .with(maker.several(verb, "areas", areas, places.collect()))
}

fn draft(typed: &Typed) -> Result<OfficeDraft, ApiError> {
    let parent = typed.filled("above").map(Uuid::try_parse).transpose();
    Ok(OfficeDraft {
        kind: typed.get("office_kind").to_owned(),
        name_vi: typed.get("label_vi").to_owned(),
        name_en: typed.get("label_en").to_owned(),
        parent: parent.map_err(|_| ApiError::field("above", Code::UnknownOffice))?.map(OfficeId::from),
        areas: typed.all("areas").map(str::to_owned).collect(),
    })
}

/// Faults at the fields of the form.
fn at_fields(error: ApiError) -> ApiError {
    if error.fields().is_empty() {
        return error;
    }
    let moved = error.fields().iter().map(|fault| {
        let field = match fault.field.as_ref() {
            "name_vi" => "label_vi",
            "name_en" => "label_en",
            "kind" => "office_kind",
            "parent" => "above",
            other => other,
        };
        FieldFault::new(field.to_owned(), fault.code)
    });
    ApiError::new(moved.collect::<Vec<_>>())
}

/// Makes an office, and leads to where it is edited.
pub async fn create(app: &App, staff: &Staff, typed: &Typed) -> Result<HttpResponse, ApiError> {
    let made = units::create_office(app, staff, typed.get("code").trim(), draft(typed)?).await;
    let id = made.map_err(|error| at_fields(error.into()))?;
    Ok(see(&format!("/console/office-edit/{id}?done={CREATE}")))
}

#[post("/office-edit/{id}/{verb}")]
async fn edit_office(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    Id(id): Id<OfficeId>,
    typed: Typed,
) -> Result<HttpResponse, ApiError> {
    let (verb, language) = (req.match_info().get("verb").unwrap_or_default().to_owned(), f.language);
    let done = edit(&app, &staff, id, &verb, &typed).await.map_err(at_fields);
    let done = done.map(|()| see(&format!("/console/office-edit/{id}?done={verb}")));
    let again = async |n: &Notice| EditPage::load(&app, f, &staff, id, Some((&verb, &typed, n))).await;
    done_or_again(done, language, again).await
}

async fn edit(app: &App, staff: &Staff, id: OfficeId, verb: &str, typed: &Typed) -> Result<(), ApiError> {
    match verb {
        CHANGE => Ok(units::change_office(app, staff, typed.version(), id, draft(typed)?).await?),
        CLOSE if !typed.is_on("sure_close") => Err(ApiError::field("sure_close", Code::Missing)),
        CLOSE => Ok(units::close_office(app, staff, typed.version(), id).await?),
        _unknown => Err(ApiError::new(Code::NoSuchRoute)),
    }
}

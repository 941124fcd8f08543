//! One code of reference data: what it means from which day on, and the forms that change that.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use serde_json::Value;

use super::{
    form::{Form, Kind, Look, Maker},
    frame::{Frame, Me},
    notice::Notice,
    page::{Page, done_or_again, see},
    query::Query,
    reference::{days, list_in, may_edit, standing},
    reference_form::{at_fields, body, fields, name_of, told},
    typed::Typed,
};
use crate::{
    app::App,
    codebook::{self, Codes},
    platform::fault::Code,
    reference::{DatedRow, RowKind, UnitKey},
    staff::Staff,
    web::api::problem::ApiError,
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_code).service(act_on_code);
}

#[derive(Template)]
#[template(path = "console/templates/reference_code.html")]
struct CodePage {
    f: Frame,
    /// Address and title of its list.
    list: (String, String),
    code: String,
    name: String,
    rows: Vec<Meaning>,
    forms: Vec<Form>,
    notice: Option<Notice>,
    done: &'static str,
}

/// What a code means on some days.
struct Meaning {
    days: String,
    standing: &'static str,
    parts: Vec<(&'static str, String)>,
    /// Places that took it over.
    heirs: Vec<String>,
    withdraw: Option<Form>,
}

const CHANGE: &str = "change-code";
const END: &str = "end-code";
const WITHDRAW: &str = "withdraw-code";
const SUCCEED: &str = "record-successors";

/// A code as an address names it.
struct There {
    kind: RowKind,
    code: String,
}

impl There {
    fn of(req: &HttpRequest) -> Result<Self, ApiError> {
        Ok(Self { kind: list_in(req)?, code: req.match_info().get("code").unwrap_or_default().to_owned() })
    }

    fn address(&self) -> String {
        format!("/console/reference/{}/{}", self.kind, self.code)
    }
}

#[get("/reference/{list}/{code}")]
async fn show_code(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let mut page = CodePage::load(&app, f, &staff, &There::of(&req)?, None).await?;
    page.done = query.told("done", page.f.language);
    Ok(Page(page).answer(StatusCode::OK))
}

impl CodePage {
    async fn load(
        app: &App,
        f: Frame,
        staff: &Staff,
        there: &There,
        refused: Option<(&str, &Typed, &Notice)>,
    ) -> Result<Self, ApiError> {
        let mut codes = codebook::list_codes(app, staff, there.kind).await?;
        codes.rows.retain(|row| row.key == there.code);
        let newest = codes.rows.last().ok_or_else(|| ApiError::new(Code::NoSuchCode))?;
        let (edits, today) = (may_edit(app, staff).await, app.clock.today());
        let maker = Maker { f: &f, refused };
        let meaning = |row: &DatedRow| Meaning {
            days: days(row),
            standing: standing(row, today),
            parts: told(app, &f, there.kind, &row.body),
            heirs: heirs(app, &f, there.kind, row),
            withdraw: (edits && row.valid_from > today).then(|| withdraw(&f, there, &codes, row)),
        };
        Ok(Self {
            list: (format!("/console/reference/{}", there.kind), f.label("list", there.kind.as_str()).to_owned()),
            code: there.code.clone(),
            name: name_of(&newest.body, f.language),
            rows: codes.rows.iter().map(meaning).collect(),
            forms: if edits { forms(app, &maker, there, &codes, &newest.body) } else { Vec::new() },
            notice: refused.map(|(_, _, notice)| notice.clone()),
            done: "",
            f,
        })
    }
}

fn heirs(app: &App, f: &Frame, kind: RowKind, row: &DatedRow) -> Vec<String> {
    if kind != RowKind::Unit {
        return Vec::new();
    }
    let heirs = app.reference.successors(&place(row)).into_iter();
    heirs.map(|(unit, _)| format!("{} ({})", unit.name.text(f.language), unit.key)).collect()
}

/// The place that a row is about.
fn place(row: &DatedRow) -> UnitKey {
    UnitKey { code: row.key.clone(), valid_from: row.valid_from }
}

/// It asks for nothing; why it was refused is told on top of the page.
fn withdraw(f: &Frame, there: &There, codes: &Codes, row: &DatedRow) -> Form {
    let form = Maker { f, refused: None }.form(WITHDRAW, format!("{}/{WITHDRAW}", there.address()), "");
    let form = form.holding("version", codes.edition.to_string());
    form.holding("valid_from", row.valid_from.to_string()).looks(Look::Grave)
}

fn forms(app: &App, maker: &Maker<'_>, there: &There, codes: &Codes, stands: &Value) -> Vec<Form> {
    let form = |verb: &'static str| {
        let form = maker.form(verb, format!("{}/{verb}", there.address()), "");
        form.holding("version", codes.edition.to_string())
    };
    let mut change = form(CHANGE).with(maker.field(CHANGE, "from", Kind::Day, ""));
    change.fields.extend(fields(app, maker, CHANGE, there.kind, stands));
    let end = form(END).with(maker.field(END, "last_day", Kind::Day, ""));
    let mut forms = vec![change.looks(Look::Main), end.looks(Look::Grave)];
    if let Some(row) = to_pass_on(app, there, codes) {
        let (chosen, choices) = candidates(app, maker.f, row);
        let heirs = maker.several(SUCCEED, "heirs", chosen, choices);
        forms.push(form(SUCCEED).holding("valid_from", row.valid_from.to_string()).with(heirs));
    }
    forms
}

/// The last meaning of a place that ends, if it can still be said what becomes of it.
fn to_pass_on<'a>(app: &App, there: &There, codes: &'a Codes) -> Option<&'a DatedRow> {
    let unsaid = |row: &DatedRow| app.reference.successors(&place(row)).is_empty();
    let open = |row: &&DatedRow| row.valid_to.is_some_and(|last| last >= app.clock.today() || unsaid(row));
    codes.rows.iter().rev().filter(|_| there.kind == RowKind::Unit).find(open)
}

/// Places that begin when this one ends: those on record, and all.
fn candidates(app: &App, f: &Frame, row: &DatedRow) -> (Vec<String>, Vec<(String, String)>) {
    let begins = row.valid_to.and_then(|last| last.succ_opt());
    let all = app.reference.all_units().filter(|unit| Some(unit.key.valid_from) == begins);
    let choices = all.map(|unit| (unit.key.to_string(), unit.name.text(f.language).to_owned())).collect();
    let chosen = app.reference.successors(&place(row)).into_iter().map(|(unit, _)| unit.key.to_string()).collect();
    (chosen, choices)
}

#[post("/reference/{list}/{code}/{verb}")]
async fn act_on_code(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    typed: Typed,
) -> Result<HttpResponse, ApiError> {
    let (there, language) = (There::of(&req)?, f.language);
    let verb = req.match_info().get("verb").unwrap_or_default().to_owned();
    let done = act(&app, &staff, &there, &verb, &typed).await.map_err(|error| at_fields(error, there.kind));
    // What is taken back as a whole has no page any more.
    let done = done.map(|codes| {
        let list = format!("/console/reference/{}", there.kind);
        see(&format!("{}?done={verb}", if codes.rows.is_empty() { list } else { there.address() }))
    });
    let again = async |n: &Notice| CodePage::load(&app, f, &staff, &there, Some((&verb, &typed, n))).await;
    done_or_again(done, language, again).await
}

async fn act(app: &App, staff: &Staff, there: &There, verb: &str, typed: &Typed) -> Result<Codes, ApiError> {
    let (seen, kind, code) = (typed.version(), there.kind, there.code.as_str());
    let day = |field| typed.day(field)?.ok_or_else(|| ApiError::field(field, Code::Missing));
    Ok(match verb {
        CHANGE => codebook::change_code(app, staff, seen, kind, code, day("from")?, body(kind, typed)).await?,
        END => codebook::end_code(app, staff, seen, kind, code, day("last_day")?).await?,
        WITHDRAW => codebook::withdraw_code(app, staff, seen, kind, code, day("valid_from")?).await?,
        SUCCEED => {
            let from = UnitKey { code: code.to_owned(), valid_from: day("valid_from")? };
            let heirs: Result<Vec<UnitKey>, _> = typed.all("heirs").map(str::parse).collect();
            let heirs = heirs.map_err(|_| ApiError::field("heirs", Code::UnknownUnit))?;
            codebook::record_successors(app, staff, seen, &from, &heirs).await?
        }
        _unknown => return Err(ApiError::new(Code::NoSuchRoute)),
    })
}

use actix_web::{get, web::Data};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    answer::{Answer, ok},
    codes,
    day::Day,
    query::{Params, from_text},
};
use crate::{
    app::App,
    reference::{self, Language, Priority},
    web::Lang,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_categories)
        .service(list_units)
        .service(list_channels)
        .service(list_outcome_kinds)
        .service(list_yield_kinds);
}

/// Lists are dated: each holds what was in force on a day.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct On {
    /// The day; today if none is given.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<NaiveDate>, example = "2023-06-01")]
    on: Option<Day>,
}

impl On {
    fn day(&self, app: &App) -> NaiveDate {
        self.on.map_or_else(|| app.clock.today(), |Day(day)| day)
    }
}

#[derive(Serialize, ToSchema)]
struct Categories {
    on: NaiveDate,
    items: Vec<Category>,
}

#[derive(Serialize, ToSchema)]
struct Category {
    #[schema(example = "ma_tuy")]
    code: String,
    #[schema(example = "Ma túy")]
    label: String,
    /// What belongs here, in residents' words.
    examples: Vec<String>,
    /// Where such tips stand in the queue.
    #[schema(schema_with = codes::tip_priority)]
    priority: &'static str,
    /// What to tell a resident before the tip is written, such as to call 113.
    advice: Option<String>,
}

impl Category {
    fn of(category: &reference::Category, language: Language) -> Self {
        let text = |label: &reference::Label| label.text(language).to_owned();
        Self {
            code: category.code.clone(),
            label: text(&category.label),
            examples: category.examples.iter().map(text).collect(),
            priority: match category.priority {
                Priority::Normal => "normal",
                Priority::Urgent => "urgent",
            },
            advice: category.advice.as_ref().map(text),
        }
    }
}

/// List what tips can be about, in the order to show it.
#[utoipa::path(
    operation_id = "listCategories",
    tag = "reference",
    params(On),
    responses((status = 200, description = "Categories", body = Categories))
)]
#[get("/api/v1/categories")]
async fn list_categories(app: Data<App>, lang: Lang, Params(query): Params<On>) -> Answer {
    let on = query.day(&app);
    let items = app.reference.categories_on(on).into_iter().map(|category| Category::of(category, lang.0)).collect();
    ok(Categories { on, items })
}

#[derive(Serialize, ToSchema)]
struct Units {
    on: NaiveDate,
    items: Vec<Unit>,
}

/// A place. A code alone means nothing: 15016 was a town until 2025-06-30 and is a commune since.
#[derive(Serialize, ToSchema)]
struct Unit {
    #[schema(example = "15016")]
    code: String,
    valid_from: NaiveDate,
    /// The last day, inclusive.
    valid_to: Option<NaiveDate>,
    #[schema(example = "thi_tran")]
    kind: &'static str,
    /// Code of the place above.
    parent: Option<String>,
    #[schema(example = "Thị trấn Sơn Lư")]
    label: String,
    remote: bool,
    population: Option<u32>,
}

impl Unit {
    fn of(unit: &reference::Unit, language: Language) -> Self {
        Self {
            code: unit.key.code.clone(),
            valid_from: unit.key.valid_from,
            valid_to: unit.valid_to,
            kind: unit.kind.as_str(),
            parent: unit.parent.clone(),
            label: unit.name.text(language).to_owned(),
            remote: unit.remote,
            population: unit.population,
        }
    }
}

/// List the places of a day: province, district, communes, villages.
#[utoipa::path(
    operation_id = "listUnits",
    tag = "reference",
    params(On),
    responses((status = 200, description = "Places", body = Units))
)]
#[get("/api/v1/units")]
async fn list_units(app: Data<App>, lang: Lang, Params(query): Params<On>) -> Answer {
    let on = query.day(&app);
    ok(Units { on, items: app.reference.units_on(on).into_iter().map(|unit| Unit::of(unit, lang.0)).collect() })
}

#[derive(Serialize, ToSchema)]
struct Channels {
    on: NaiveDate,
    items: Vec<Channel>,
}

#[derive(Serialize, ToSchema)]
struct Channel {
    #[schema(example = "phone")]
    code: String,
    label: String,
    /// An officer writes the tip down; residents never send by this channel themselves.
    staff_only: bool,
}

impl Channel {
    fn of(channel: &reference::Channel, language: Language) -> Self {
        let label = channel.label.text(language).to_owned();
        Self { code: channel.code.clone(), label, staff_only: channel.staff_only }
    }
}

/// List the ways by which tips come in.
#[utoipa::path(
    operation_id = "listChannels",
    tag = "reference",
    params(On),
    responses((status = 200, description = "Channels", body = Channels))
)]
#[get("/api/v1/channels")]
async fn list_channels(app: Data<App>, lang: Lang, Params(query): Params<On>) -> Answer {
    let on = query.day(&app);
    let items = app.reference.channels_on(on).into_iter().map(|channel| Channel::of(channel, lang.0)).collect();
    ok(Channels { on, items })
}

#[derive(Serialize, ToSchema)]
struct OutcomeKinds {
    on: NaiveDate,
    items: Vec<OutcomeKind>,
}

#[derive(Serialize, ToSchema)]
struct OutcomeKind {
    #[schema(example = "khoi_to")]
    code: String,
    label: String,
    /// Whether it makes a source valuable by itself: `always`, `with_action` (once the action is confirmed) or
    /// `never` (a yield still does).
    #[schema(schema_with = codes::qualifies)]
    qualifies: &'static str,
}

impl OutcomeKind {
    fn of(kind: &reference::OutcomeKind, language: Language) -> Self {
        let label = kind.label.text(language).to_owned();
        Self { code: kind.code.clone(), label, qualifies: kind.qualifies.as_str() }
    }
}

/// List the ways in which a case ends or moves on.
#[utoipa::path(
    operation_id = "listOutcomeKinds",
    tag = "reference",
    params(On),
    responses((status = 200, description = "Kinds of outcomes", body = OutcomeKinds))
)]
#[get("/api/v1/outcome-kinds")]
async fn list_outcome_kinds(app: Data<App>, lang: Lang, Params(query): Params<On>) -> Answer {
    let on = query.day(&app);
    let items = app.reference.outcome_kinds_on(on).into_iter().map(|kind| OutcomeKind::of(kind, lang.0)).collect();
    ok(OutcomeKinds { on, items })
}

#[derive(Serialize, ToSchema)]
struct YieldKinds {
    on: NaiveDate,
    items: Vec<YieldKind>,
}

#[derive(Serialize, ToSchema)]
struct YieldKind {
    #[schema(example = "drugs")]
    code: String,
    label: String,
    /// Units of measure that it may be given in.
    units: Vec<String>,
    /// Only whole amounts make sense.
    whole: bool,
    /// Finer kinds, one of which has to be named as `choice`; empty: none.
    choices: Vec<Choice>,
}

#[derive(Serialize, ToSchema)]
struct Choice {
    code: String,
    label: String,
}

impl YieldKind {
    fn of(kind: &reference::YieldKind, language: Language) -> Self {
        let choice = |choice: &reference::Choice| Choice {
            code: choice.code.clone(),
            label: choice.label.text(language).to_owned(),
        };
        Self {
            code: kind.code.clone(),
            label: kind.label.text(language).to_owned(),
            units: kind.units.clone(),
            whole: kind.whole,
            choices: kind.kinds.iter().map(choice).collect(),
        }
    }
}

/// List what an outcome can bring in, and how it is measured.
#[utoipa::path(
    operation_id = "listYieldKinds",
    tag = "reference",
    params(On),
    responses((status = 200, description = "Kinds of yields", body = YieldKinds))
)]
#[get("/api/v1/yield-kinds")]
async fn list_yield_kinds(app: Data<App>, lang: Lang, Params(query): Params<On>) -> Answer {
    let on = query.day(&app);
    let items = app.reference.yield_kinds_on(on).into_iter().map(|kind| YieldKind::of(kind, lang.0)).collect();
    ok(YieldKinds { on, items })
}

use actix_web::{get, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    answer::{Answer, ok},
    authority::As,
    codes,
    day::Day,
    document::Invalid,
    figure_body::{Figure, FigureLines},
    figure_path::{FigureInPath, Measured},
    problem::ApiError,
    query::{Params, from_text, text},
};
use crate::{
    app::App,
    platform::fault::{Code, FieldFault},
    staff::Staff,
    statistics::{
        self, Asked,
        measures::{Dimension, Measure},
        periods::Period,
    },
    web::Lang,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(tabulate).service(open_lines);
}

/// The period: from when to when, both days in it, or one of a kind.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Query {
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<NaiveDate>, example = "2021-01-01")]
    from: Option<Day>,
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<NaiveDate>, example = "2023-12-31")]
    to: Option<Day>,
    /// Instead of `from` and `to`: the period of this kind that has the day `on`.
    #[serde(default, deserialize_with = "from_text")]
    #[param(schema_with = codes::period, required = false)]
    period: Option<Period>,
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<NaiveDate>)]
    on: Option<Day>,
    /// What to tell the figure apart by: one, or two with a comma between them.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<String>, example = "year,unit")]
    by: Option<By>,
    /// As it stood at the end of this day; without it as it stands now.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<NaiveDate>)]
    as_of: Option<Day>,
    /// Places as they are today instead of as they were then; the total stays the same.
    #[serde(default, deserialize_with = "from_text")]
    restate: Option<bool>,
    /// Beside the same period before.
    #[serde(default, deserialize_with = "from_text")]
    compare: Option<bool>,
    /// Lines only: keys of the cell to open, in the order of `by`, with a comma between them.
    #[serde(default, deserialize_with = "text")]
    key: Option<String>,
    /// Lines only: how many to leave out.
    #[serde(default, deserialize_with = "from_text")]
    offset: Option<u32>,
}

/// Dimensions with commas between them.
struct By(Vec<Dimension>);

impl std::str::FromStr for By {
    type Err = statistics::measures::UnknownDimension;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(',').map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl Query {
    fn asked(&self, measure: Measure) -> Result<Asked, FieldFault> {
        let (from, to) = match (self.period, self.on, self.from, self.to) {
            (Some(period), Some(Day(day)), None, None) => period.around(day),
            (None, None, Some(Day(from)), Some(Day(to))) => (from, to),
            (Some(_), None, _, _) => return Err(FieldFault::new("on", Code::Missing)),
            (Some(_), _, _, _) => return Err(FieldFault::new("period", Code::Invalid)),
            (None, Some(_), _, _) => return Err(FieldFault::new("period", Code::Missing)),
            (None, None, None, _) => return Err(FieldFault::new("from", Code::Missing)),
            (None, None, Some(_), None) => return Err(FieldFault::new("to", Code::Missing)),
        };
        Ok(Asked {
            measure,
            from,
            to,
            by: self.by.as_ref().map(|By(by)| by.clone()).unwrap_or_default(),
            as_of: self.as_of.map(|Day(day)| day),
            restate: self.restate.unwrap_or(false),
            compare: self.compare.unwrap_or(false),
        })
    }

    fn keys(&self) -> Vec<String> {
        self.key.as_ref().map(|key| key.split(',').map(str::to_owned).collect()).unwrap_or_default()
    }
}

/// Work out a figure for the caller's offices and all beneath them.
#[utoipa::path(
    operation_id = "tabulate",
    tag = "statistics",
    security(("staffBearer" = [])),
    params(FigureInPath, Query),
    responses((status = 200, description = "The figure", body = Figure), (status = 422, response = Invalid))
)]
#[get("/api/v1/statistics/{measure}")]
async fn tabulate(
    app: Data<App>,
    lang: Lang,
    As(staff, (Measured(measure), Params(query))): As<Staff, (Measured, Params<Query>)>,
) -> Answer {
    let asked = query.asked(measure).map_err(|fault| ApiError::new(vec![fault]))?;
    let told = statistics::tabulate(&app, &staff, &asked).await?;
    ok(Figure::of(&app.reference, told, app.settings.synthetic, lang.0))
}

/// Open a figure, or one of its cells, to the facts behind it.
#[utoipa::path(
    operation_id = "openLines",
    tag = "statistics",
    security(("staffBearer" = [])),
    params(FigureInPath, Query),
    responses((status = 200, description = "Facts, oldest first", body = FigureLines), (status = 422, response = Invalid))
)]
#[get("/api/v1/statistics/{measure}/lines")]
async fn open_lines(
    app: Data<App>,
    As(staff, (Measured(measure), Params(query))): As<Staff, (Measured, Params<Query>)>,
) -> Answer {
    let asked = query.asked(measure).map_err(|fault| ApiError::new(vec![fault]))?;
    let from = query.offset.unwrap_or(0) as usize;
    let page = statistics::open_lines(&app, &staff, &asked, &query.keys(), from).await?;
    ok(FigureLines::from(page))
}

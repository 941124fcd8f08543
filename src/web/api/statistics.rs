use actix_web::{get, web::Data};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    answer::{Answer, ok},
    authority::As,
    codes,
    day::Day,
    document::Invalid,
    query::{Params, from_text},
};
use crate::{
    app::App,
    reference::Language,
    staff::Staff,
    statistics::{self, By, Count, CountQuery, Group},
    web::Lang,
};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(count_valuable_sources);
}

/// The period; both days belong to it.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Query {
    #[param(value_type = NaiveDate, example = "2021-01-01")]
    from: Day,
    #[param(value_type = NaiveDate, example = "2023-12-31")]
    to: Day,
    /// What to tell the count apart by; without it the total only.
    #[serde(default, deserialize_with = "from_text")]
    #[param(schema_with = codes::counted_by, required = false)]
    by: Option<By>,
    /// As it stood at the end of this day; without it as it stands now.
    #[serde(default, deserialize_with = "from_text")]
    #[param(value_type = Option<NaiveDate>)]
    as_of: Option<Day>,
}

impl From<Query> for CountQuery {
    fn from(query: Query) -> Self {
        let (Day(from), Day(to)) = (query.from, query.to);
        Self { from, to, by: query.by, as_of: query.as_of.map(|Day(day)| day) }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "from": "2021-01-01", "to": "2023-12-31", "rule": 1, "as_of": "2024-01-15", "total": 87, "synthetic": false,
    "groups": [{"key": "2021", "label": "Năm 2021", "total": 26}, {"key": "2022", "label": "Năm 2022", "total": 29},
               {"key": "2023", "label": "Năm 2023", "total": 32}]
}))]
struct ValuableSources {
    from: NaiveDate,
    to: NaiveDate,
    /// Version of the rule by which a source counts as valuable.
    rule: i32,
    /// The day whose knowledge it is.
    as_of: NaiveDate,
    /// Where there are groups, always their sum.
    total: u64,
    groups: Vec<CountedGroup>,
    /// The ledger is made up, for demonstration.
    synthetic: bool,
}

#[derive(Serialize, ToSchema)]
struct CountedGroup {
    /// `2021`, `2021-03`, `15016@2019-12-01` (or `none`), or a code.
    key: String,
    label: String,
    total: u64,
}

impl ValuableSources {
    fn of(count: Count, synthetic: bool, language: Language) -> Self {
        let group = |group: Group| CountedGroup {
            label: group.label.text(language).to_owned(),
            key: group.key,
            total: group.total,
        };
        Self {
            from: count.from,
            to: count.to,
            rule: count.rule,
            as_of: count.as_of,
            total: count.total,
            groups: count.groups.into_iter().map(group).collect(),
            synthetic,
        }
    }
}

/// Count the valuable sources of a period, in the caller's offices and all beneath them.
#[utoipa::path(
    operation_id = "countValuableSources",
    tag = "statistics",
    security(("staffBearer" = [])),
    params(Query),
    responses((status = 200, description = "The count", body = ValuableSources), (status = 422, response = Invalid))
)]
#[get("/api/v1/statistics/valuable-sources")]
async fn count_valuable_sources(
    app: Data<App>,
    lang: Lang,
    As(staff, Params(query)): As<Staff, Params<Query>>,
) -> Answer {
    let count = statistics::count_valuable_sources(&app, &staff, &query.into()).await?;
    ok(ValuableSources::of(count, app.settings.synthetic, lang.0))
}

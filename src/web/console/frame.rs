use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{OfficeId, OfficerId};
use vault::form;

use super::{assets, cookies::Jar, gate::Entered, texts};
use crate::{
    app::App,
    platform::fault::Code,
    reference::Language,
    staff::{Permission, Staff},
    web::api::problem::ApiError,
};

/// What every page shares: who reads it, in which language, where it stands, and its forms' proof.
#[derive(Clone)]
pub struct Frame {
    pub language: Language,
    pub path: String,
    pub synthetic: bool,
    /// What the doctor found, for administrators.
    pub warnings: usize,
    staff: Option<Staff>,
    app: Option<Data<App>>,
    token: String,
}

/// A place that the navigation leads to.
pub struct Goal {
    pub address: &'static str,
    pub key: &'static str,
    pub here: bool,
}

impl Frame {
    pub fn of(req: &HttpRequest) -> Self {
        let app = req.app_data::<Data<App>>().cloned();
        let entered = Entered::of(req);
        let language = entered.as_ref().map_or_else(|| Jar::of(req).language, |entered| entered.jar.language);
        let binding = entered.as_ref().map(|entered| entered.binding.clone());
        let token = app.as_ref().zip(binding).map(|(app, binding)| form::token(&binding, &app.secrets));
        Self {
            language,
            path: req.uri().path_and_query().map_or("/console", |path| path.as_str()).to_owned(),
            warnings: entered.as_ref().map_or(0, |entered| entered.warnings),
            synthetic: app.as_ref().is_some_and(|app| app.settings.synthetic),
            staff: entered.and_then(|entered| entered.staff),
            token: token.unwrap_or_default(),
            app,
        }
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> &'static str {
        texts::text(key, self.language)
    }

    /// The text of a code of a kind; the code itself if there is none.
    pub fn label<'a>(&self, kind: &str, code: &'a str) -> &'a str {
        texts::label(kind, code, self.language).unwrap_or(code)
    }

    /// What each form carries.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The same address for the same files: a new release is fetched at once, an old one never again.
    pub fn version(&self) -> &'static str {
        assets::version()
    }

    pub fn is_known(&self) -> bool {
        self.staff.is_some()
    }

    pub fn name(&self) -> &str {
        self.staff.as_ref().map_or("", |staff| staff.display_name.as_str())
    }

    pub fn initials(&self) -> String {
        initials(self.name())
    }

    pub fn is_me(&self, officer: &OfficerId) -> bool {
        self.staff.as_ref().is_some_and(|staff| staff.id == *officer)
    }

    /// Whether the officer has a right anywhere: it decides what is offered, never what is done.
    pub fn may(&self, permission: Permission) -> bool {
        self.staff.as_ref().is_some_and(|staff| staff.must(permission).is_ok())
    }

    pub fn may_in(&self, office: OfficeId, permission: Permission) -> bool {
        self.staff.as_ref().is_some_and(|staff| staff.may_in(office, permission))
    }

    /// Custodians, and the administrators who appoint them.
    pub fn may_see_custodians(&self) -> bool {
        self.may(Permission::Custody) || self.may(Permission::Administer)
    }

    pub fn may_administer(&self) -> bool {
        self.may(Permission::Administer)
    }

    /// Keeps tips beyond their time.
    pub fn may_hold(&self) -> bool {
        self.may(Permission::Confirm)
    }

    pub fn may_work(&self) -> bool {
        self.may(Permission::ReadTips)
    }

    /// The other language: its tag, and how it is called there.
    pub fn other(&self) -> (&'static str, &'static str) {
        match self.language {
            Language::Vi => ("en", "English"),
            Language::En => ("vi", "Tiếng Việt"),
        }
    }

    /// Where this officer has something to do.
    pub fn goals(&self) -> Vec<Goal> {
        let asks = self.may(Permission::Investigate);
        let all = [
            ("/console", "nav_queue", self.may(Permission::ReadTips)),
            ("/console/cases", "nav_cases", self.may(Permission::ReadTips)),
            ("/console/figures", "nav_figures", self.may(Permission::Count)),
            ("/console/identity-requests", "nav_identities", asks || self.may_see_custodians()),
            ("/console/audit", "nav_audit", self.may(Permission::Audit)),
            ("/console/offices", "nav_offices", self.is_known()),
        ];
        let goals = all.into_iter().filter(|(_, _, open)| *open);
        goals.map(|(address, key, _)| Goal { address, key, here: self.is_under(address) }).collect()
    }

    fn is_under(&self, address: &str) -> bool {
        let path = self.path.split('?').next().unwrap_or_default();
        match address {
            "/console" => path == "/console" || path.starts_with("/console/tips"),
            "/console/figures" => ["figures", "releases", "reports"]
                .iter()
                .any(|part| path.strip_prefix("/console/").is_some_and(|rest| rest.starts_with(part))),
            "/console/identity-requests" => path.starts_with(address) || path.starts_with("/console/custodians"),
            "/console/offices" => ["offices", "office-edit", "line", "doctor", "retention", "reference"]
                .iter()
                .any(|part| path.strip_prefix("/console/").is_some_and(|rest| rest.starts_with(part))),
            other => path.starts_with(other),
        }
    }

    pub fn today(&self) -> NaiveDate {
        self.app.as_ref().map_or_else(NaiveDate::default, |app| app.clock.today())
    }

    /// A moment on the wall: `14:05 23/11/2026`.
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        self.app.as_ref().map_or_else(String::new, |app| app.clock.wall(at).format("%H:%M %d/%m/%Y").to_string())
    }

    /// How long something waits, in the fewest words.
    pub fn age(&self, since: NaiveDate) -> String {
        match (self.today() - since).num_days() {
            ..=0 => self.t("age_today").to_owned(),
            days @ 1..=60 => format!("{days} {}", self.t("age_days")),
            days => format!("{} {}", days / 30, self.t("age_months")),
        }
    }
}

/// A day as Vietnamese write it.
pub fn date(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// The first letters of the last two words of a name: of `Lò Thị Thu`, `TT`.
pub fn initials(name: &str) -> String {
    let plain = name.split('(').next().unwrap_or_default();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let last = words.iter().skip(words.len().saturating_sub(2));
    last.filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

impl FromRequest for Frame {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(req)))
    }
}

/// The officer who asks. The gate has let nobody else through.
pub struct Me(pub Staff);

impl FromRequest for Me {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let staff = Entered::of(req).and_then(|entered| entered.staff);
        ready(staff.map(Self).ok_or_else(|| ApiError::new(Code::TokenMissing)))
    }
}

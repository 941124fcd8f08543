//! One officer in one office: the key to grant, the removal, a way back in.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::ids::{OfficeId, OfficerId};

use super::{
    form::{Form, Kind, Look, Maker},
    frame::{Frame, Me},
    notice::Notice,
    page::{Page, done_or_again, see},
    query::Query,
    typed::Typed,
};
use crate::{
    app::App,
    platform::fault::Code,
    staff::{self, Permission, Staff},
    units::{self, Granted, Member},
    web::api::{path::Id, problem::ApiError},
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_member).service(act_on_member);
}

#[derive(Template)]
#[template(path = "console/templates/member.html")]
struct MemberPage {
    f: Frame,
    office: String,
    office_name: String,
    name: String,
    username: String,
    roles: Vec<String>,
    active: bool,
    /// `held`, `missing`, or nothing for whose work needs no key.
    key: &'static str,
    fingerprint: String,
    /// One member granted; a second one has to.
    waits: bool,
    forms: Vec<Form>,
    notice: Option<Notice>,
    done: &'static str,
    /// Shown once.
    password: Option<String>,
}

type There = (OfficeId, OfficerId);

#[get("/offices/{id}/members/{officer}")]
async fn show_member(
    app: Data<App>,
    f: Frame,
    Me(staff): Me,
    Id(office): Id<OfficeId>,
    Id(officer): Id<OfficerId>,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let mut page = MemberPage::load(&app, f, &staff, (office, officer), None).await?;
    page.done = query.told("done", page.f.language);
    Ok(Page(page).answer(StatusCode::OK))
}

impl MemberPage {
    async fn load(
        app: &App,
        f: Frame,
        staff: &Staff,
        (office, officer): There,
        refused: Option<(&str, &Typed, &Notice)>,
    ) -> Result<Self, ApiError> {
        let members = units::list_members(app, staff, office).await?;
        let offices = units::list_offices(app, staff).await?;
        let named = offices.iter().find(|one| one.id == office);
        let holds = members.iter().any(|member| member.id == staff.id && member.holds_key);
        let member = members.into_iter().find(|member| member.id == officer);
        let member = member.ok_or_else(|| ApiError::new(Code::NoSuchOfficer))?;
        let works = works(&member);
        Ok(Self {
            office: office.to_string(),
            office_name: named.map_or_else(String::new, |one| one.name.text(f.language).to_owned()),
            roles: member.roles.iter().map(|role| f.label("role", role.as_str()).to_owned()).collect(),
            active: member.active,
            key: match (works, member.holds_key) {
                (true, true) => "held",
                (true, false) => "missing",
                (false, _) => "",
            },
            waits: member.waits_for_second_member,
            forms: forms(&Maker { f: &f, refused }, office, &member, holds),
            notice: refused.map(|(_, _, notice)| notice.clone()),
            done: "",
            password: None,
            name: member.display_name,
            username: member.username,
            fingerprint: member.key_fingerprint,
            f,
        })
    }
}

fn works(member: &Member) -> bool {
    member.roles.iter().any(|role| Permission::ReadTips.is_given_by(*role))
}

/// What makes sense to offer; the services decide.
fn forms(maker: &Maker<'_>, office: OfficeId, member: &Member, holds: bool) -> Vec<Form> {
    let f = maker.f;
    let form =
        |verb: &'static str| maker.form(verb, format!("/console/offices/{office}/members/{}/{verb}", member.id), "");
    let mut forms = Vec::new();
    if holds && works(member) && !member.holds_key && member.active {
        // The fingerprint that this page shows goes along: a key that was exchanged meanwhile is not granted.
        forms.push(form("grant-key").holding("seen", member.key_fingerprint.as_str()).looks(Look::Main));
    }
    let administers = f.may_in(office, Permission::Administer);
    if administers && member.active && !f.is_me(&member.id) {
        let tick = maker.field("reset-password", "accept_loss", Kind::Tick, "");
        forms.push(form("reset-password").with(tick).looks(Look::Grave));
    }
    if (administers || f.may_in(office, Permission::Confirm)) && !f.is_me(&member.id) {
        let sure = maker.field("remove", "sure", Kind::Tick, "");
        forms.push(form("remove").with(sure).looks(Look::Grave));
    }
    forms
}

/// What a form did, and what there is to show of it.
enum Done {
    Granted,
    Waits,
    Removed,
    Password(String),
}

#[post("/offices/{id}/members/{officer}/{verb}")]
async fn act_on_member(
    app: Data<App>,
    req: HttpRequest,
    f: Frame,
    Me(staff): Me,
    Id(office): Id<OfficeId>,
    Id(officer): Id<OfficerId>,
    typed: Typed,
) -> Result<HttpResponse, ApiError> {
    let (verb, language) = (req.match_info().get("verb").unwrap_or_default().to_owned(), f.language);
    let (there, here) = ((office, officer), format!("/console/offices/{office}/members/{officer}"));
    let done = match act(&app, &staff, there, &verb, &typed).await {
        Ok(Done::Granted) => Ok(see(&format!("{here}?done=grant-key"))),
        Ok(Done::Waits) => Ok(see(&format!("{here}?done=consent"))),
        Ok(Done::Removed) => Ok(see(&format!("/console/offices/{office}?done=remove"))),
        Ok(Done::Password(password)) => tell_password(&app, f.clone(), &staff, there, password).await,
        Err(error) => Err(error),
    };
    let again = async |n: &Notice| MemberPage::load(&app, f, &staff, there, Some((&verb, &typed, n))).await;
    done_or_again(done, language, again).await
}

/// The page that shows the temporary password, once.
async fn tell_password(
    app: &App,
    f: Frame,
    staff: &Staff,
    there: There,
    password: String,
) -> Result<HttpResponse, ApiError> {
    let mut page = MemberPage::load(app, f, staff, there, None).await?;
    page.password = Some(password);
    Ok(Page(page).answer(StatusCode::OK))
}

async fn act(app: &App, staff: &Staff, (office, officer): There, verb: &str, typed: &Typed) -> Result<Done, ApiError> {
    match verb {
        "grant-key" => match units::grant_key(app, staff, office, officer, typed.get("seen")).await? {
            Granted::Granted => Ok(Done::Granted),
            Granted::WaitsForSecondMember => Ok(Done::Waits),
        },
        "remove" if !typed.is_on("sure") => Err(ApiError::field("sure", Code::Missing)),
        "remove" => {
            units::remove_officer(app, staff, office, officer).await?;
            Ok(Done::Removed)
        }
        "reset-password" => {
            let password = staff::reset_password(app, staff, office, officer, typed.is_on("accept_loss")).await?;
            Ok(Done::Password(password.expose().clone()))
        }
        _unknown => Err(ApiError::new(Code::NoSuchRoute)),
    }
}

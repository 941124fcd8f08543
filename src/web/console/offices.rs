use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, ServiceConfig},
};
use askama::Template;
use entity::{enums::Role, ids::OfficeId};

use super::{
    form::{Form, Maker},
    frame::{Frame, Me, date},
    notice::Notice,
    office_edit::{CREATE, create, create_form},
    page::{Page, done_or_again, see},
    query::Query,
    typed::Typed,
};
use crate::{
    app::App,
    platform::fault::Code,
    staff::{self, Permission, Staff},
    tips,
    units::{self, Member, OfficeRow, Scope},
    web::api::{path::Id, problem::ApiError},
};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_offices)
        .service(create_office)
        .service(show_office)
        .service(create_officer)
        .service(move_to_newest_key);
}

#[derive(Template)]
#[template(path = "console/templates/offices.html")]
struct OfficesPage {
    f: Frame,
    at: &'static str,
    rows: Vec<Row>,
    /// Whether tips are taken: not while the line is closed, nor without a key, to which they are sealed.
    open: bool,
    /// Makes an office; for administrators of them all.
    create: Option<Form>,
    notice: Option<Notice>,
}

struct Row {
    id: String,
    name: String,
    code: String,
    parent: String,
    intake: bool,
    valid: String,
    holds_key: bool,
    mine: bool,
    may_edit: bool,
}

#[get("/offices")]
async fn list_offices(app: Data<App>, f: Frame, Me(staff): Me) -> Result<HttpResponse, ApiError> {
    Ok(Page(OfficesPage::load(&app, f, &staff, None).await?).answer(StatusCode::OK))
}

impl OfficesPage {
    async fn load(
        app: &App,
        f: Frame,
        staff: &Staff,
        refused: Option<(&str, &Typed, &Notice)>,
    ) -> Result<Self, ApiError> {
        let offices = units::list_offices(app, staff).await?;
        let edits = units::must_administer_all(app, staff).await.is_ok();
        let closures = units::list_closures(app).await.map_err(units::CloseLineError::from)?;
        let shut = closures.iter().any(|closure| closure.scope == Scope::Line);
        let maker = Maker { f: &f, refused };
        Ok(Self {
            at: "offices",
            rows: offices.iter().map(|office| row(&f, staff, office, &offices, edits)).collect(),
            open: offices.iter().any(|office| office.holds_key) && !shut,
            create: edits.then(|| create_form(app, &maker, &offices)),
            notice: refused.map(|(_, _, notice)| notice.clone()),
            f,
        })
    }
}

#[post("/offices")]
async fn create_office(app: Data<App>, f: Frame, Me(staff): Me, typed: Typed) -> Result<HttpResponse, ApiError> {
    let (done, language) = (create(&app, &staff, &typed).await, f.language);
    let again = async |n: &Notice| OfficesPage::load(&app, f, &staff, Some((CREATE, &typed, n))).await;
    done_or_again(done, language, again).await
}

fn row(f: &Frame, staff: &Staff, office: &OfficeRow, all: &[OfficeRow], may_edit: bool) -> Row {
    let parent = office.parent.and_then(|id| all.iter().find(|other| other.id == id));
    let to = office.valid_to.map_or_else(String::new, date);
    Row {
        id: office.id.to_string(),
        name: office.name.text(f.language).to_owned(),
        code: office.code.clone(),
        parent: parent.map_or_else(String::new, |office| office.name.text(f.language).to_owned()),
        intake: office.is_intake,
        valid: format!("{} – {to}", date(office.valid_from)),
        holds_key: office.holds_key,
        mine: staff.grants.iter().any(|(held, _)| *held == office.id),
        may_edit,
    }
}

#[derive(Template)]
#[template(path = "console/templates/office.html")]
struct OfficePage {
    f: Frame,
    id: String,
    name: String,
    members: Vec<MemberRow>,
    may_administer: bool,
    roles: Vec<(&'static str, String, bool)>,
    username: String,
    display_name: String,
    notice: Option<Notice>,
    /// Of the account that was just made: its name and its password, shown once.
    created: Option<(String, String)>,
    /// Open tips that wait for the newest key, and those that are under it; none if nothing waits.
    rewrap: Option<(u64, u64)>,
    done: &'static str,
}

struct MemberRow {
    id: String,
    username: String,
    name: String,
    roles: String,
    active: bool,
    /// `held`, `missing`, or nothing for whose work needs no key.
    key: &'static str,
    may_grant: bool,
}

#[get("/offices/{id}")]
async fn show_office(
    app: Data<App>,
    f: Frame,
    Me(staff): Me,
    Id(id): Id<OfficeId>,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let mut page = OfficePage::load(&app, f, &staff, id, &Typed::default()).await?;
    page.done = query.told("done", page.f.language);
    Ok(Page(page).answer(StatusCode::OK))
}

impl OfficePage {
    async fn load(app: &App, f: Frame, staff: &Staff, id: OfficeId, typed: &Typed) -> Result<Self, ApiError> {
        let members = units::list_members(app, staff, id).await?;
        let offices = units::list_offices(app, staff).await?;
        let office = offices.iter().find(|office| office.id == id);
        let holds = members.iter().any(|member| member.id == staff.id && member.holds_key);
        let rewrap = if holds { Some(tips::rewrap_progress(app, staff, id).await?) } else { None };
        let rewrap = rewrap.filter(|progress| progress.waiting > 0).map(|progress| (progress.waiting, progress.done));
        let roles = Role::ALL.iter().map(|role| {
            let chosen = typed.all("role").any(|code| code == role.as_str());
            (role.as_str(), f.label("role", role.as_str()).to_owned(), chosen)
        });
        Ok(Self {
            id: id.to_string(),
            name: office.map_or_else(String::new, |office| office.name.text(f.language).to_owned()),
            members: members.iter().map(|member| member_row(&f, member, holds)).collect(),
            may_administer: f.may_in(id, Permission::Administer),
            roles: roles.collect(),
            username: typed.get("username").to_owned(),
            display_name: typed.get("display_name").to_owned(),
            notice: None,
            created: None,
            rewrap,
            done: "",
            f,
        })
    }
}

fn member_row(f: &Frame, member: &Member, holds: bool) -> MemberRow {
    let works = member.roles.iter().any(|role| Permission::ReadTips.is_given_by(*role));
    let roles: Vec<&str> = member.roles.iter().map(|role| f.label("role", role.as_str())).collect();
    MemberRow {
        id: member.id.to_string(),
        username: member.username.clone(),
        name: member.display_name.clone(),
        roles: roles.join(", "),
        active: member.active,
        key: match (works, member.holds_key) {
            (true, true) => "held",
            (true, false) => "missing",
            (false, _) => "",
        },
        may_grant: holds && works && !member.holds_key && member.active,
    }
}

#[post("/offices/{id}/members")]
async fn create_officer(
    app: Data<App>,
    f: Frame,
    Me(staff): Me,
    Id(id): Id<OfficeId>,
    typed: Typed,
) -> Result<HttpResponse, ApiError> {
    let language = f.language;
    let done = match make_officer(&app, &staff, id, &typed).await {
        Ok(password) => {
            let page = OfficePage::load(&app, f.clone(), &staff, id, &Typed::default()).await?;
            let created = Some((typed.get("username").trim().to_lowercase(), password));
            Ok(Page(OfficePage { created, ..page }).answer(StatusCode::OK))
        }
        Err(error) => Err(error),
    };
    let again = async |n: &Notice| {
        let page = OfficePage::load(&app, f, &staff, id, &typed).await?;
        Ok(OfficePage { notice: Some(n.clone()), ..page })
    };
    done_or_again(done, language, again).await
}

async fn make_officer(app: &App, staff: &Staff, office: OfficeId, typed: &Typed) -> Result<String, ApiError> {
    let roles: Option<Vec<Role>> = typed.all("role").map(Role::parse).collect();
    let roles = roles.ok_or_else(|| ApiError::field("roles", Code::Invalid))?;
    let (username, name) = (typed.get("username").trim().to_owned(), typed.get("display_name").trim().to_owned());
    let (_, password) = staff::create_officer(app, staff, username, name, office, roles).await?;
    Ok(password.expose().clone())
}

/// Moves some of the office's open tips to its newest key; it takes a member's, which the server does not keep.
#[post("/offices/{id}/rewrap")]
async fn move_to_newest_key(app: Data<App>, Me(staff): Me, Id(office): Id<OfficeId>) -> Result<HttpResponse, ApiError> {
    tips::rewrap(&app, &staff, office).await?;
    Ok(see(&format!("/console/offices/{office}?done=rewrap")))
}

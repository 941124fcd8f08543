//! Two officers, and the release that they make.

use entity::enums::Role;
use tipline::{
    app::App,
    releases::{self, NewRelease},
    staff::{self, NewOfficer, Staff},
    units,
};
use vault::secret::Secret;

use super::Any;

const PASSWORD: &str = "muong-suoi-nha-san-cau-treo";

/// One who prepares and one who checks.
pub async fn commanders(app: &App) -> Result<(Staff, Staff), Any> {
    let desk = units::store::intake_desk(app.db.read()).await?.ok_or("no intake desk")?.id;
    let new = |name: &str| NewOfficer {
        username: name.to_owned(),
        display_name: name.to_owned(),
        office: desk,
        roles: vec![Role::Commander],
        password: Secret::new(PASSWORD.to_owned()),
        must_change_password: false,
        second_factor_required: false,
    };
    staff::create_first_member(app, new("ana")).await?;
    staff::insert_officer(app, new("binh")).await?;
    Ok((staff_of(app, "ana").await?, staff_of(app, "binh").await?))
}

async fn staff_of(app: &App, name: &str) -> Result<Staff, Any> {
    let tokens = staff::log_in(app, name, Secret::new(PASSWORD.to_owned()), None).await?;
    Ok(staff::authenticate(app, &tokens.access).await?)
}

/// What a client of the API bears.
pub async fn token(app: &App) -> Result<String, Any> {
    Ok(staff::log_in(app, "ana", Secret::new(PASSWORD.to_owned()), None).await?.access)
}

/// Publishes 2021-2023; tells how much of it is shown.
pub async fn publish(app: &App, ana: &Staff, binh: &Staff) -> Result<String, Any> {
    let (from, to) = ("2021-01-01".parse()?, "2023-12-31".parse()?);
    let new = NewRelease { from, to, splits: Vec::new(), as_of: None };
    let id = releases::prepare(app, ana, new).await?.head.id;
    releases::check(app, binh, id).await?;
    let release = releases::publish(app, binh, id).await?;
    let shown = release.cells.iter().filter(|cell| cell.figure.is_ok()).count();
    Ok(format!("{} cells, {shown} shown", release.cells.len()))
}

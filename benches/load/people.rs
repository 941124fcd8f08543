//! The officer who looks.

use entity::enums::Role;
use tipline::{
    app::App,
    staff::{self, NewOfficer, Staff},
    units,
};
use vault::secret::Secret;

use super::Any;

pub const NAME: &str = "ana";
pub const PASSWORD: &str = "muong-suoi-nha-san-cau-treo";

/// A screener of the intake desk, who founds its key.
pub async fn screener(app: &App) -> Result<Staff, Any> {
    let desk = units::store::intake_desk(app.db.read()).await?.ok_or("no intake desk")?.id;
    let new = NewOfficer {
        username: NAME.to_owned(),
        display_name: NAME.to_owned(),
        office: desk,
        roles: vec![Role::Screener],
        password: Secret::new(PASSWORD.to_owned()),
        must_change_password: false,
        second_factor_required: false,
    };
    staff::create_first_member(app, new).await?;
    let tokens = staff::log_in(app, NAME, Secret::new(PASSWORD.to_owned()), None).await?;
    Ok(staff::authenticate(app, &tokens.access).await?)
}

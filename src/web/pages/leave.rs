use actix_web::{
    HttpResponse, routes,
    web::{Data, ServiceConfig},
};

use super::{page::see, session::Session};
use crate::app::App;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(leave);
}

/// Away at once, to an ordinary site; the browser forgets what it holds of this one. A link may do it: who is
/// frightened must not meet a question.
#[routes]
#[get("/leave")]
#[get("/en/leave")]
async fn leave(app: Data<App>, session: Session) -> HttpResponse {
    let mut answer = see(&app.settings.exit_url);
    session.forget(answer.headers_mut());
    answer
}

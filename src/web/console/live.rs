//! What an open page is told while nobody touches it: counts of the lanes, and who else has the tip open.

use std::{convert::Infallible, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::CONTENT_TYPE,
    web::{Bytes, Data, ServiceConfig},
};
use entity::ids::TipId;
use uuid::Uuid;

use super::{gate::Entered, hub::Hub, query::Query, queue_filter::Lane};
use crate::{
    app::App,
    platform::{fault::Code, home::Home},
    staff::{self, Staff},
    tips::{self, Filter, Tally},
    web::api::problem::ApiError,
};

/// A count costs a read of an index; an officer who waits sees a new tip within this time.
const PULSE: Duration = Duration::from_secs(4);

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(live);
}

/// One open page. When it goes, the officer is gone from the tip.
struct Watch {
    app: Data<App>,
    hub: Data<Hub>,
    home: Data<Home>,
    access: String,
    tip: Option<TipId>,
    officer: Option<Staff>,
    told: String,
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let (Some(tip), Some(officer)) = (self.tip, &self.officer) {
            self.hub.part(tip, officer.id);
        }
    }
}

/// Ends with the access token; the browser then asks again, and the gate renews the session.
#[get("/live")]
async fn live(
    app: Data<App>,
    hub: Data<Hub>,
    home: Data<Home>,
    req: HttpRequest,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let entered = Entered::of(&req).ok_or_else(|| ApiError::new(Code::TokenMissing))?;
    let tip = query.parse::<Uuid>("tip").map(TipId::from);
    let watch = Watch { app, hub, home, access: entered.access, tip, officer: None, told: String::new() };
    let stream = futures::stream::unfold(watch, |mut watch| async move {
        if watch.officer.is_some() {
            tokio::time::sleep(PULSE).await;
        }
        // A body is sent after the door: it sees to its connections itself.
        let home = watch.home.clone();
        let text = home.run(watch.look()).await?;
        Some((Ok::<Bytes, Infallible>(Bytes::from(text)), watch))
    });
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/event-stream")).streaming(stream))
}

impl Watch {
    /// What is new since the last look; a comment if nothing is, so that a broken line is noticed. None: it is over.
    async fn look(&mut self) -> Option<String> {
        let staff = staff::authenticate(&self.app, &self.access).await.ok()?;
        let counts = tips::count_states(&self.app, &staff, &Filter::default()).await.ok()?;
        let lanes: serde_json::Map<String, serde_json::Value> = Lane::ALL
            .into_iter()
            .map(|lane| (lane.as_str().to_owned(), lane.tally(&counts).to_string().into()))
            .collect();
        // It grows with what arrives: that is of a state in which few wait, and where many lie, nothing arrives.
        let all = counts.iter().map(|(_, tally)| *tally).sum::<Tally>().at_least();
        let mut text = event("counts", &serde_json::json!({ "lanes": lanes, "all": all }));
        if let Some(tip) = self.tip
            && tips::may_read(&self.app, &staff, tip).await.ok()?
        {
            let others = self.hub.meet(tip, staff.id, &staff.display_name, self.app.clock.now());
            text.push_str(&event("present", &serde_json::json!(others)));
        }
        self.officer = Some(staff);
        if text == self.told {
            return Some(":\n\n".to_owned());
        }
        self.told.clone_from(&text);
        Some(text)
    }
}

fn event(name: &str, data: &serde_json::Value) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}

//! What ends: a tip whose time is over, and a secret that is followed by another.

use chrono::{Duration, NaiveDate};
use tipline::{
    app::rotation::{make_current, reload},
    retention,
    staff::Permission,
    tips::{self, state::Dismissal, thread},
};
use vault::app_secrets::Which;

use super::world::{World, told, words};
use crate::support::deployment::PASSWORD;

/// Spam and tests lose their words after three months.
const KEPT: Duration = Duration::days(93);

/// From the next day on the communes that the walk goes through are others.
fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, 30).unwrap()
}

impl World {
    /// A tip is dismissed, its time goes by, and all that opens it is taken away.
    pub async fn expires(&mut self, tip: usize, by: usize, staff: &tipline::staff::Staff) {
        if self.app.app.clock.today() + KEPT > last_day() {
            return;
        }
        let id = self.tips[tip].id;
        let did = told(tips::dismiss(&self.app.app, staff, id, None, Dismissal::Spam, words()).await);
        let may = self.decides(by, &self.tips[tip]);
        if self.agree(format!("{by} dismisses tip {tip}, and its time goes by"), did, may).is_none() {
            return;
        }
        self.app.app.clock.advance(KEPT);
        // Requests for identities have run their time as well.
        self.asked.clear();
        self.everybody_logs_in_anew().await;
        let applied = retention::apply(&self.app.app).await.unwrap();
        assert!(applied.words == 1, "{applied:?}\n{}", self.story());
        let ended = self.tips.remove(tip);
        self.identities.remove(&ended.id);
        self.ended.push((ended.id, ended.receipt));
    }

    /// After a time that no session lasts.
    async fn everybody_logs_in_anew(&mut self) {
        for actor in self.actors.iter_mut().filter(|actor| actor.is_in) {
            actor.access = self.app.logs_in(&actor.name, PASSWORD).await.tokens.access;
        }
        self.log_everybody_in().await;
        for bystander in self.administrators.iter_mut().chain(&mut self.custodians) {
            bystander.logs_in(&self.app).await;
        }
    }

    /// A secret of the line is followed by another; what was made before still opens.
    pub async fn rotates(&mut self) {
        let which = Which::ALL[self.any(Which::ALL.len())];
        let path = self.app.database.folder.path().join("data/secrets.json");
        make_current(&path, which, &self.app.app.chance, self.app.app.clock.now()).unwrap();
        reload(&self.app.app, &path).unwrap();
        self.has_done();
        self.trail.push(format!("another {} is current", which.as_str()));
    }

    /// Of a tip whose time is over, nobody opens anything: not police, not its reporter.
    pub async fn what_has_ended_stays_shut(&self) {
        let Some((id, receipt)) = self.ended.last() else { return };
        for at in 0..self.actors.len() {
            let Some(staff) = self.staff(at) else { continue };
            let opened = tips::open_for(&self.app.app, &staff, *id, Permission::ReadTips).await;
            assert!(opened.is_err(), "actor {at}\n{}", self.story());
        }
        assert!(thread::open_thread(&self.app.app, receipt).await.is_err(), "{}", self.story());
        assert_eq!(self.wraps_of(*id).await.len(), 0, "{}", self.story());
    }
}

//! Those who ask: one for each column of `matrix.txt`.

use chrono::Duration;
use entity::{
    enums::{OfficerStatus, Role},
    officers,
};
use sea_orm::{ActiveModelTrait, Set};

use super::objects::Object;
use crate::support::{
    Officer, TestApp, Tip, Worked,
    deployment::{NA_MEO, PASSWORD},
    http::Client,
};

/// A kind of caller. The intake desk is the own unit, Na Mèo the other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    Nobody,
    /// Who sent the tip that is asked about.
    OwnReporter,
    OtherReporter,
    Screener,
    Investigator,
    Commander,
    /// A commander of another unit: who may do most elsewhere.
    Elsewhere,
    Removed,
    Custodian,
    Auditor,
    Administrator,
    /// A commander of the own unit, a quarter of an hour later.
    Expired,
}

impl Caller {
    pub const ALL: [Self; 12] = [
        Self::Nobody,
        Self::OwnReporter,
        Self::OtherReporter,
        Self::Screener,
        Self::Investigator,
        Self::Commander,
        Self::Elsewhere,
        Self::Removed,
        Self::Custodian,
        Self::Auditor,
        Self::Administrator,
        Self::Expired,
    ];
}

/// Everybody, logged in.
pub struct People {
    pub screener: Officer,
    pub investigator: Officer,
    pub commander: Officer,
    elsewhere: Officer,
    removed: Officer,
    custodian: Officer,
    auditor: Officer,
    administrator: Officer,
    expired: Officer,
    /// Makes the objects, with every right of the own unit.
    pub maker: Officer,
    /// The second pair of eyes on what the maker makes.
    pub second: Officer,
    /// Who hold shares of identities besides the custodian who asks: two of three open one.
    pub other_custodians: Vec<Officer>,
    /// Another resident's tip, which stays as it is.
    pub other_tip: Tip,
    pub open_case: String,
}

const WORKING: [Role; 3] = [Role::Screener, Role::Investigator, Role::Commander];

impl People {
    pub async fn gather(app: &TestApp) -> Self {
        // The first to log in: all others come when this one's token has ended.
        let expired = app.officer("expired", &[Role::Commander]).await;
        app.app.clock.advance(Duration::minutes(16));
        let maker = app.officer("maker", &WORKING).await;
        let worked = Worked::by(&maker, app.tip("Chuyện có vụ việc").await).await;
        let mut people = Self {
            screener: app.officer("screener", &[Role::Screener]).await,
            investigator: app.officer("investigator", &[Role::Investigator]).await,
            commander: app.officer("commander", &[Role::Commander]).await,
            elsewhere: app.officer_at(NA_MEO, "elsewhere", &[Role::Commander]).await,
            removed: app.officer("removed", &[Role::Commander]).await,
            custodian: app.officer("custodian", &[Role::Custodian]).await,
            auditor: app.officer("auditor", &[Role::Auditor]).await,
            administrator: app.officer("administrator", &[Role::Administrator]).await,
            expired,
            maker,
            second: app.officer("second", &WORKING).await,
            other_custodians: Vec::new(),
            other_tip: app.tip("Chuyện của người khác").await,
            open_case: worked.case,
        };
        for name in ["custodian-2", "custodian-3"] {
            people.other_custodians.push(app.officer(name, &[Role::Custodian]).await);
        }
        let gone = officers::ActiveModel {
            id: Set(people.removed.staff.id),
            status: Set(OfficerStatus::Removed),
            ..Default::default()
        };
        app.app.db.write(async |txn| gone.update(txn).await).await.unwrap();
        people
    }

    /// Callers who have an account that lets them in.
    pub fn officer(&self, caller: Caller) -> Option<&Officer> {
        match caller {
            Caller::Screener => Some(&self.screener),
            Caller::Investigator => Some(&self.investigator),
            Caller::Commander => Some(&self.commander),
            Caller::Elsewhere => Some(&self.elsewhere),
            Caller::Custodian => Some(&self.custodian),
            Caller::Auditor => Some(&self.auditor),
            Caller::Administrator => Some(&self.administrator),
            Caller::Nobody | Caller::OwnReporter | Caller::OtherReporter | Caller::Removed | Caller::Expired => None,
        }
    }

    /// The client of a caller. `fresh`: with a session that nobody else needs.
    pub async fn client(&self, app: &TestApp, caller: Caller, on: &Object, fresh: bool) -> Client {
        if let Some(officer) = self.officer(caller) {
            let name = &officer.staff.username;
            return if fresh { app.logs_in(name, PASSWORD).await.client } else { officer.client.clone() };
        }
        match (caller, on.tip()) {
            (Caller::OwnReporter, Some(tip)) => app.resident().opens_thread(tip).await,
            (Caller::OwnReporter, None) | (Caller::OtherReporter, _) => another_reporter(app).await,
            (Caller::Removed, _) => self.removed.client.clone(),
            (Caller::Expired, _) => self.expired.client.clone(),
            (_, _) => app.client(),
        }
    }
}

async fn another_reporter(app: &TestApp) -> Client {
    let tip = app.tip("Chuyện của người khác nữa").await;
    app.resident().opens_thread(&tip).await
}

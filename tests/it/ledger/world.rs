use entity::{enums::Role, ids::OfficeId};
use tipline::staff::Staff;

use crate::support::{
    TestApp,
    deployment::{INTAKE, NA_MEO},
};

/// A deployment with people in two offices. Its clock only goes on, so histories follow each other.
pub struct World {
    pub app: TestApp,
    pub officers: [Staff; 4],
    pub offices: [OfficeId; 2],
}

impl World {
    pub async fn new() -> Self {
        let app = TestApp::spawn().await;
        let commander: &[Role] = &[Role::Commander];
        let officers = [
            app.officer("first", commander).await.staff,
            app.officer("second", commander).await.staff,
            app.officer_at(NA_MEO, "third", commander).await.staff,
            app.officer_at(NA_MEO, "fourth", commander).await.staff,
        ];
        let offices = [app.office(INTAKE).await, app.office(NA_MEO).await];
        Self { app, officers, offices }
    }
}

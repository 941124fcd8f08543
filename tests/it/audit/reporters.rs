use entity::ids::AuditId;
use tipline::audit::{self, Object};

use super::{act, chain, sequence, with_acts};

#[tokio::test]
async fn a_reporters_act_has_its_place_when_its_day_is_over_and_tells_no_time_by_it() {
    let (app, staff, office) = with_acts(1).await;
    let app = &app.app;
    let already = chain(app).await.len();
    for _ in 0..12 {
        let object = Object::Tip(app.chance.uuid().into());
        let record = async |txn: &_| audit::record_reporter(txn, app, Some(office), "MessageAdded", object).await;
        app.db.write(record).await.unwrap();
        act(app, &staff, office, "TipRead").await;
    }
    sequence(app).await;
    assert_eq!(chain(app).await.len(), already + 12, "officers' acts only");
    // Half an hour after midnight something of the day may still be on its way.
    app.clock.set("2024-06-03T17:30:00Z".parse().unwrap());
    act(app, &staff, office, "TipRead").await;
    sequence(app).await;
    assert_eq!(chain(app).await.len(), already + 13);
    app.clock.set("2024-06-03T18:00:01Z".parse().unwrap());
    sequence(app).await;
    let links = chain(app).await;
    let reporters: Vec<AuditId> = links[already + 13..].iter().map(|link| link.audit_id).collect();
    let mut by_id = reporters.clone();
    by_id.sort_unstable();
    assert_eq!((reporters.len(), &reporters), (12, &by_id), "in the order of ids that were drawn at random");
    assert_eq!(audit::verify(app, &[]).await.unwrap().tampering, None);
}

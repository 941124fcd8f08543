use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    audit_rows,
    enums::{Actor, Mode, OfficerStatus, TipStage, TipStatus, ValuationState, WrapHolder},
    ids::{OfficeId, OfficerId, TipId},
    officers, offices, receipts, recovery_codes, reference_rows, tip_wraps, tips, valuations,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

pub fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

pub fn day() -> NaiveDate {
    "2023-06-01".parse().unwrap()
}

/// Down to the microsecond, the finest that PostgreSQL keeps.
pub fn now() -> DateTime<Utc> {
    "2023-06-01T17:30:00.123456Z".parse().unwrap()
}

pub async fn office_and_officer(db: &DatabaseConnection) -> (OfficeId, OfficerId) {
    let office = office();
    let officer = officer();
    let ids = (office.id, officer.id);
    assert_eq!(office.clone().into_active_model().insert(db).await.unwrap(), office);
    assert_eq!(officer.clone().into_active_model().insert(db).await.unwrap(), officer);
    ids
}

/// One row of every kind of column, alone and by many, by one key and by three.
pub async fn write_and_read_back(db: &DatabaseConnection) {
    let (office, officer) = office_and_officer(db).await;

    let facts = [fact("2021-01-01", Some("2022-12-31")), fact("2023-01-01", None)];
    reference_rows::Entity::insert_many(facts.clone().map(IntoActiveModel::into_active_model)).exec(db).await.unwrap();
    let key = ("unit".to_owned(), "15016".to_owned(), "2023-01-01".parse().unwrap());
    let [_, newer] = facts;
    assert_eq!(reference_rows::Entity::find_by_id(key).one(db).await.unwrap(), Some(newer));

    let codes = [1, 2].map(|n| code(n, officer));
    recovery_codes::Entity::insert_many(codes.clone().map(IntoActiveModel::into_active_model)).exec(db).await.unwrap();
    let hash = recovery_codes::Column::CodeHash.eq(vec![2u8; 32]);
    let [_, second] = codes;
    assert_eq!(recovery_codes::Entity::find().filter(hash).one(db).await.unwrap(), Some(second));

    let tip = tip(office, officer);
    assert_eq!(tip.clone().into_active_model().insert(db).await.unwrap(), tip);
    let wraps = [WrapHolder::Office, WrapHolder::OfficeFast, WrapHolder::Reporter, WrapHolder::ReporterFast]
        .map(|holder| wrap(tip.id, holder));
    tip_wraps::Entity::insert_many(wraps.map(IntoActiveModel::into_active_model)).exec(db).await.unwrap();
    assert_eq!(receipt(tip.id).into_active_model().insert(db).await.unwrap(), receipt(tip.id));

    let fact = valuation(office, officer);
    assert_eq!(fact.clone().into_active_model().insert(db).await.unwrap(), fact);
    let act = reporters_act();
    assert_eq!(act.clone().into_active_model().insert(db).await.unwrap(), act);

    // The keys to a tip go with it; the fact that it was valuable stays.
    tips::Entity::delete_by_id(tip.id).exec(db).await.unwrap();
    assert_eq!(tip_wraps::Entity::find().all(db).await.unwrap(), []);
    assert_eq!(receipts::Entity::find().all(db).await.unwrap(), []);
    assert_eq!(valuations::Entity::find().all(db).await.unwrap(), [fact]);
}

fn office() -> offices::Model {
    offices::Model {
        id: id(10),
        code: "ca-tinh-38".to_owned(),
        kind: "ca_tinh".to_owned(),
        name_vi: "Công an tỉnh Thanh Hóa".to_owned(),
        name_en: "Thanh Hoa Provincial Police".to_owned(),
        parent_id: None,
        is_intake: true,
        valid_from: day(),
        valid_to: None,
    }
}

fn officer() -> officers::Model {
    officers::Model {
        id: id(20),
        username: "lan".to_owned(),
        display_name: "Lan".to_owned(),
        status: OfficerStatus::Active,
        salt: vec![1; 16],
        pepper_version: 1,
        auth_hash: vec![2; 32],
        public_key: vec![3; 1216],
        sealed_private_key: vec![4; 80],
        recovery_sealed_private_key: vec![5; 80],
        must_change_password: false,
        second_factor_required: true,
        second_factor_sealed: Some(vec![6; 60]),
        second_factor_last_step: Some(i64::MAX),
        second_factor_failures: 0,
        second_factor_locked_until: Some(now()),
        created_at: now(),
    }
}

fn fact(from: &str, to: Option<&str>) -> reference_rows::Model {
    reference_rows::Model {
        kind: "unit".to_owned(),
        key: "15016".to_owned(),
        valid_from: from.parse().unwrap(),
        valid_to: to.map(|day| day.parse().unwrap()),
        body: "{}".to_owned(),
    }
}

fn code(n: u8, officer: OfficerId) -> recovery_codes::Model {
    recovery_codes::Model { id: id(n.into()), officer_id: officer, code_hash: vec![n; 32], used_at: None }
}

fn tip(office: OfficeId, officer: OfficerId) -> tips::Model {
    tips::Model {
        id: id(30),
        number: "7K3QF-0VXN2".to_owned(),
        office_id: office,
        unit_code: Some("15016".to_owned()),
        unit_valid_from: Some(day()),
        category: "ma_tuy".to_owned(),
        channel: "web".to_owned(),
        mode: Mode::Anonymous,
        status: TipStatus::NeedInfo,
        asked_from: Some(TipStage::Screening),
        priority: 2,
        received_on: day(),
        assignee_id: Some(officer),
        unread: 1,
        message_count: 1,
        duplicate_of: None,
        version: 1,
        sealed: vec![0, 255, 10],
        contact_sealed: None,
    }
}

fn wrap(tip: TipId, holder: WrapHolder) -> tip_wraps::Model {
    let n = WrapHolder::ALL.iter().position(|known| *known == holder).unwrap();
    tip_wraps::Model { id: id(n as u128), tip_id: tip, holder, holder_id: tip.into(), epoch: 1, wrap: vec![7; 1120] }
}

fn receipt(tip: TipId) -> receipts::Model {
    receipts::Model {
        tip_id: tip,
        lookup_hash: vec![8; 32],
        pepper_version: 1,
        public_key: vec![9; 1216],
        sealed_private_key: vec![10; 80],
    }
}

pub fn valuation(office: OfficeId, officer: OfficerId) -> valuations::Model {
    valuations::Model {
        id: id(40),
        tip_id: id(30),
        outcome_id: id(50),
        office_id: office,
        state: ValuationState::Attested,
        rule: 1,
        attested_by: officer,
        attested_at: now(),
        attest_sealed: vec![11; 50],
        confirmed_by: None,
        confirmed_at: None,
        revoked_by: None,
        revoked_at: None,
        revoke_sealed: None,
        decided_on: day(),
        unit_code: Some("15016".to_owned()),
        unit_valid_from: Some(day()),
        category: "ma_tuy".to_owned(),
        channel: "web".to_owned(),
        identified: true,
    }
}

pub fn reporters_act() -> audit_rows::Model {
    audit_rows::Model {
        id: id(60),
        at: None,
        on_day: day(),
        actor: Actor::Reporter,
        officer_id: None,
        office_id: Some(id(10)),
        act: "TipSubmitted".to_owned(),
        object_kind: "tip".to_owned(),
        object_id: Some(Uuid::from_u128(30)),
        detail: None,
    }
}

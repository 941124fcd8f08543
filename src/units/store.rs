use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    ids::{OfficeId, OfficeKeyId, OfficerId, WrapId},
    office_areas, office_key_wraps, office_keys, offices, reference_rows, settings,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set,
    sea_query::OnConflict,
};

pub async fn reference_rows(db: &impl ConnectionTrait) -> Result<Vec<reference_rows::Model>, DbErr> {
    reference_rows::Entity::find().all(db).await
}

pub async fn insert_reference_rows(
    txn: &impl ConnectionTrait,
    rows: Vec<reference_rows::ActiveModel>,
) -> Result<(), DbErr> {
    reference_rows::Entity::insert_many(rows).exec(txn).await.map(|_| ())
}

/// Of several nodes that start at once, the first one's rows stay.
pub async fn insert_missing_reference_rows(
    txn: &impl ConnectionTrait,
    rows: Vec<reference_rows::ActiveModel>,
) -> Result<(), DbErr> {
    use reference_rows::Column as C;
    let once = OnConflict::columns([C::Kind, C::Key, C::ValidFrom]).do_nothing().to_owned();
    reference_rows::Entity::insert_many(rows).on_conflict(once).exec_without_returning(txn).await.map(|_| ())
}

pub async fn setting(db: &impl ConnectionTrait, key: &str) -> Result<Option<String>, DbErr> {
    let row = settings::Entity::find_by_id(key.to_owned()).one(db).await?;
    Ok(row.map(|row| row.value))
}

/// Writes a setting that is not there yet; fails when it is.
pub async fn insert_setting(txn: &impl ConnectionTrait, key: &str, value: &str) -> Result<(), DbErr> {
    let row = settings::ActiveModel { key: Set(key.to_owned()), value: Set(value.to_owned()) };
    row.insert(txn).await.map(|_| ())
}

/// Takes a thing that only one may ever take.
pub async fn claim(txn: &impl ConnectionTrait, what: &str) -> Result<(), DbErr> {
    insert_setting(txn, what, "claimed").await
}

pub async fn all_offices(db: &impl ConnectionTrait) -> Result<Vec<offices::Model>, DbErr> {
    offices::Entity::find().order_by_asc(offices::Column::Code).all(db).await
}

pub async fn office(db: &impl ConnectionTrait, id: OfficeId) -> Result<Option<offices::Model>, DbErr> {
    offices::Entity::find_by_id(id).one(db).await
}

pub async fn office_by_code(db: &impl ConnectionTrait, code: &str) -> Result<Option<offices::Model>, DbErr> {
    offices::Entity::find().filter(offices::Column::Code.eq(code)).one(db).await
}

pub async fn intake_desk(db: &impl ConnectionTrait) -> Result<Option<offices::Model>, DbErr> {
    offices::Entity::find().filter(offices::Column::IsIntake.eq(true)).order_by_asc(offices::Column::Code).one(db).await
}

pub async fn insert_office(txn: &impl ConnectionTrait, row: offices::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

pub async fn insert_area(txn: &impl ConnectionTrait, row: office_areas::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

/// Which offices cover any of these units on a day.
pub async fn areas_on(
    db: &impl ConnectionTrait,
    units: &[String],
    day: NaiveDate,
) -> Result<Vec<office_areas::Model>, DbErr> {
    office_areas::Entity::find()
        .filter(office_areas::Column::UnitCode.is_in(units.iter().cloned()))
        .filter(office_areas::Column::ValidFrom.lte(day))
        .filter(
            Condition::any().add(office_areas::Column::ValidTo.is_null()).add(office_areas::Column::ValidTo.gte(day)),
        )
        .all(db)
        .await
}

/// An office's newest key: the one that new tips are sealed to.
pub async fn current_key(db: &impl ConnectionTrait, office: OfficeId) -> Result<Option<office_keys::Model>, DbErr> {
    office_keys::Entity::find()
        .filter(office_keys::Column::OfficeId.eq(office))
        .order_by_desc(office_keys::Column::Epoch)
        .one(db)
        .await
}

/// All keys of an office with the wraps that one officer holds.
pub async fn keys_of(
    db: &impl ConnectionTrait,
    office: OfficeId,
    officer: OfficerId,
) -> Result<Vec<(office_keys::Model, office_key_wraps::Model)>, DbErr> {
    let keys = office_keys::Entity::find().filter(office_keys::Column::OfficeId.eq(office)).all(db).await?;
    let wraps = office_key_wraps::Entity::find()
        .filter(office_key_wraps::Column::OfficerId.eq(officer))
        .filter(office_key_wraps::Column::OfficeKeyId.is_in(keys.iter().map(|key| key.id)))
        .all(db)
        .await?;
    let with_key = |wrap: office_key_wraps::Model| {
        keys.iter().find(|key| key.id == wrap.office_key_id).map(|key| (key.clone(), wrap))
    };
    Ok(wraps.into_iter().filter_map(with_key).collect())
}

pub async fn insert_key(
    txn: &impl ConnectionTrait,
    id: OfficeKeyId,
    office: OfficeId,
    epoch: i32,
    public_key: Vec<u8>,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = office_keys::ActiveModel {
        id: Set(id),
        office_id: Set(office),
        epoch: Set(epoch),
        public_key: Set(public_key),
        created_at: Set(at),
    };
    row.insert(txn).await.map(|_| ())
}

pub async fn insert_key_wrap(
    txn: &impl ConnectionTrait,
    id: WrapId,
    key: OfficeKeyId,
    officer: OfficerId,
    wrap: Vec<u8>,
    granted_by: Option<OfficerId>,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = office_key_wraps::ActiveModel {
        id: Set(id),
        office_key_id: Set(key),
        officer_id: Set(officer),
        wrap: Set(wrap),
        granted_by: Set(granted_by),
        created_at: Set(at),
    };
    row.insert(txn).await.map(|_| ())
}

/// Offices that have a key, so that tips can be sealed to them.
pub async fn offices_with_key(db: &impl ConnectionTrait) -> Result<Vec<OfficeId>, DbErr> {
    let keys = office_keys::Entity::find().filter(office_keys::Column::Epoch.eq(1)).all(db).await?;
    Ok(keys.into_iter().map(|key| key.office_id).collect())
}

/// Officers to whom one key was granted.
pub async fn holders_of_key(db: &impl ConnectionTrait, key: OfficeKeyId) -> Result<Vec<OfficerId>, DbErr> {
    let wraps = office_key_wraps::Entity::find().filter(office_key_wraps::Column::OfficeKeyId.eq(key)).all(db).await?;
    Ok(wraps.into_iter().map(|wrap| wrap.officer_id).collect())
}

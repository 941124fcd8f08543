use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    closures,
    ids::{KeyConsentId, OfficeId, OfficeKeyId, OfficerId, WrapId},
    key_consents, key_links, office_areas, office_key_wraps, office_keys, offices, settings,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Set,
    sea_query::{OnConflict, Query},
};

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

/// What takes no new tips now.
pub async fn closures(db: &impl ConnectionTrait) -> Result<Vec<closures::Model>, DbErr> {
    closures::Entity::find().all(db).await
}

/// Scopes that take no new tips now.
pub async fn closed_scopes(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    closures::Entity::find().select_only().column(closures::Column::Scope).into_tuple().all(db).await
}

/// Closes a scope; one that is closed already is told anew.
pub async fn put_closure(txn: &impl ConnectionTrait, row: closures::Model) -> Result<(), DbErr> {
    use closures::Column as C;
    let anew =
        OnConflict::column(C::Scope).update_columns([C::MessageVi, C::MessageEn, C::ClosedBy, C::ClosedAt]).to_owned();
    closures::Entity::insert(row.into_active_model()).on_conflict(anew).exec_without_returning(txn).await.map(|_| ())
}

/// False: it was not closed.
pub async fn delete_closure(txn: &impl ConnectionTrait, scope: &str) -> Result<bool, DbErr> {
    Ok(closures::Entity::delete_by_id(scope.to_owned()).exec(txn).await?.rows_affected > 0)
}

pub async fn insert_office(txn: &impl ConnectionTrait, row: offices::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

pub async fn insert_area(txn: &impl ConnectionTrait, row: office_areas::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

pub async fn update_office(txn: &impl ConnectionTrait, row: offices::ActiveModel) -> Result<(), DbErr> {
    row.update(txn).await.map(|_| ())
}

/// All that an office answers for, answered for, or will.
pub async fn areas_of(db: &impl ConnectionTrait, office: OfficeId) -> Result<Vec<office_areas::Model>, DbErr> {
    office_areas::Entity::find().filter(office_areas::Column::OfficeId.eq(office)).all(db).await
}

/// Lets an area hold until yesterday, if it does; one that would have begun today or later was none.
pub async fn end_area(txn: &impl ConnectionTrait, area: &office_areas::Model, today: NaiveDate) -> Result<(), DbErr> {
    if area.valid_from >= today {
        return office_areas::Entity::delete_by_id(area.id).exec(txn).await.map(|_| ());
    }
    if area.valid_to.is_some_and(|last| last < today) {
        return Ok(());
    }
    let row = office_areas::ActiveModel { id: Set(area.id), valid_to: Set(today.pred_opt()), ..Default::default() };
    row.update(txn).await.map(|_| ())
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

/// The key that new tips for an office are sealed to on a day; none while it has no key, or is closed.
pub async fn key_of_open(
    db: &impl ConnectionTrait,
    office: OfficeId,
    day: NaiveDate,
) -> Result<Option<office_keys::Model>, DbErr> {
    let open = Query::select()
        .column(offices::Column::Id)
        .from(offices::Entity)
        .and_where(offices::Column::Id.eq(office))
        .and_where(offices::Column::ValidFrom.lte(day))
        .cond_where(Condition::any().add(offices::Column::ValidTo.is_null()).add(offices::Column::ValidTo.gte(day)))
        .to_owned();
    office_keys::Entity::find()
        .filter(office_keys::Column::OfficeId.in_subquery(open))
        .order_by_desc(office_keys::Column::Epoch)
        .one(db)
        .await
}

/// Keeps an office's membership from changing until the transaction ends.
///
/// On PostgreSQL it also waits for tips that are being stored for the office, and lets later ones wait.
pub async fn office_to_change(txn: &impl ConnectionTrait, id: OfficeId) -> Result<Option<offices::Model>, DbErr> {
    offices::Entity::find_by_id(id).lock_exclusive().one(txn).await
}

/// All keys of an office, oldest first.
pub async fn keys(db: &impl ConnectionTrait, office: OfficeId) -> Result<Vec<office_keys::Model>, DbErr> {
    office_keys::Entity::find()
        .filter(office_keys::Column::OfficeId.eq(office))
        .order_by_asc(office_keys::Column::Epoch)
        .all(db)
        .await
}

/// The wraps of some keys that one officer holds.
pub async fn key_wraps_of(
    db: &impl ConnectionTrait,
    keys: &[office_keys::Model],
    officer: OfficerId,
) -> Result<Vec<office_key_wraps::Model>, DbErr> {
    office_key_wraps::Entity::find()
        .filter(office_key_wraps::Column::OfficerId.eq(officer))
        .filter(office_key_wraps::Column::OfficeKeyId.is_in(keys.iter().map(|key| key.id)))
        .all(db)
        .await
}

/// Takes an officer's wraps of some keys away.
pub async fn delete_key_wraps(
    txn: &impl ConnectionTrait,
    keys: &[office_keys::Model],
    officer: OfficerId,
) -> Result<u64, DbErr> {
    let done = office_key_wraps::Entity::delete_many()
        .filter(office_key_wraps::Column::OfficerId.eq(officer))
        .filter(office_key_wraps::Column::OfficeKeyId.is_in(keys.iter().map(|key| key.id)))
        .exec(txn)
        .await?;
    Ok(done.rows_affected)
}

/// How older keys are opened with newer ones.
pub async fn links_of(db: &impl ConnectionTrait, keys: &[office_keys::Model]) -> Result<Vec<key_links::Model>, DbErr> {
    key_links::Entity::find().filter(key_links::Column::OlderKeyId.is_in(keys.iter().map(|key| key.id))).all(db).await
}

pub async fn insert_link(
    txn: &impl ConnectionTrait,
    older: OfficeKeyId,
    newer: OfficeKeyId,
    wrap: Vec<u8>,
) -> Result<(), DbErr> {
    let row = key_links::ActiveModel { older_key_id: Set(older), newer_key_id: Set(newer), wrap: Set(wrap) };
    row.insert(txn).await.map(|_| ())
}

/// What a member has consented to for an officer, if anything.
pub async fn consent(
    db: &impl ConnectionTrait,
    office: OfficeId,
    officer: OfficerId,
) -> Result<Option<key_consents::Model>, DbErr> {
    key_consents::Entity::find()
        .filter(key_consents::Column::OfficeId.eq(office))
        .filter(key_consents::Column::OfficerId.eq(officer))
        .one(db)
        .await
}

/// All consents that wait for a second member.
pub async fn consents_in(db: &impl ConnectionTrait, office: OfficeId) -> Result<Vec<key_consents::Model>, DbErr> {
    key_consents::Entity::find().filter(key_consents::Column::OfficeId.eq(office)).all(db).await
}

pub async fn insert_consent(
    txn: &impl ConnectionTrait,
    id: KeyConsentId,
    (office, officer): (OfficeId, OfficerId),
    public_key: Vec<u8>,
    by: OfficerId,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = key_consents::ActiveModel {
        id: Set(id),
        office_id: Set(office),
        officer_id: Set(officer),
        public_key: Set(public_key),
        consented_by: Set(by),
        consented_at: Set(at),
    };
    row.insert(txn).await.map(|_| ())
}

/// Ends what was consented to for an officer in an office.
pub async fn delete_consent(txn: &impl ConnectionTrait, office: OfficeId, officer: OfficerId) -> Result<(), DbErr> {
    key_consents::Entity::delete_many()
        .filter(key_consents::Column::OfficeId.eq(office))
        .filter(key_consents::Column::OfficerId.eq(officer))
        .exec(txn)
        .await
        .map(|_| ())
}

/// Ends what an officer has consented to in an office: who leaves has no say any more.
pub async fn delete_consents_by(txn: &impl ConnectionTrait, office: OfficeId, by: OfficerId) -> Result<(), DbErr> {
    key_consents::Entity::delete_many()
        .filter(key_consents::Column::OfficeId.eq(office))
        .filter(key_consents::Column::ConsentedBy.eq(by))
        .exec(txn)
        .await
        .map(|_| ())
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

/// Newest key of each office that has one.
pub async fn newest_keys(db: &impl ConnectionTrait) -> Result<Vec<office_keys::Model>, DbErr> {
    let keys = office_keys::Entity::find().order_by_asc(office_keys::Column::Epoch).all(db).await?;
    let newest: BTreeMap<OfficeId, office_keys::Model> = keys.into_iter().map(|key| (key.office_id, key)).collect();
    Ok(newest.into_values().collect())
}

/// Takes away an officer's copies of office keys, which were sealed to a key pair that is gone.
pub async fn delete_wraps_of(txn: &impl ConnectionTrait, officer: OfficerId) -> Result<(), DbErr> {
    let mine = office_key_wraps::Column::OfficerId.eq(officer);
    office_key_wraps::Entity::delete_many().filter(mine).exec(txn).await.map(|_| ())
}

/// Officers to whom one key was granted.
pub async fn holders_of_key(db: &impl ConnectionTrait, key: OfficeKeyId) -> Result<Vec<OfficerId>, DbErr> {
    let wraps = office_key_wraps::Entity::find().filter(office_key_wraps::Column::OfficeKeyId.eq(key)).all(db).await?;
    Ok(wraps.into_iter().map(|wrap| wrap.officer_id).collect())
}

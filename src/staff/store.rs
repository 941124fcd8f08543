use chrono::{DateTime, Utc};
use entity::{
    enums::{OfficerStatus, Role},
    ids::{OfficeId, OfficerId, RecoveryCodeId, RoleGrantId, SavedViewId, SessionId},
    officers, recovery_codes, role_grants, saved_views, sessions,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, Set,
    sea_query::{Expr, ExprTrait},
};

pub async fn officer_by_name(db: &impl ConnectionTrait, username: &str) -> Result<Option<officers::Model>, DbErr> {
    officers::Entity::find().filter(officers::Column::Username.eq(username)).one(db).await
}

pub async fn officer(db: &impl ConnectionTrait, id: OfficerId) -> Result<Option<officers::Model>, DbErr> {
    officers::Entity::find_by_id(id).one(db).await
}

pub async fn officers_by_id(db: &impl ConnectionTrait, ids: Vec<OfficerId>) -> Result<Vec<officers::Model>, DbErr> {
    officers::Entity::find().filter(officers::Column::Id.is_in(ids)).all(db).await
}

pub async fn all_officers(db: &impl ConnectionTrait) -> Result<Vec<officers::Model>, DbErr> {
    officers::Entity::find().order_by_asc(officers::Column::Username).all(db).await
}

pub async fn count_officers(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    officers::Entity::find().count(db).await
}

pub async fn insert_officer(txn: &impl ConnectionTrait, row: officers::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

pub async fn update_officer(txn: &impl ConnectionTrait, row: officers::ActiveModel) -> Result<(), DbErr> {
    row.update(txn).await.map(|_| ())
}

/// Puts a lock in the place of the one with this hash; nothing happens if that one is gone.
pub async fn relock_officer(
    txn: &impl ConnectionTrait,
    id: OfficerId,
    auth_hash: &[u8],
    lock: officers::ActiveModel,
) -> Result<(), DbErr> {
    officers::Entity::update_many()
        .set(lock)
        .filter(officers::Column::Id.eq(id))
        .filter(officers::Column::AuthHash.eq(auth_hash))
        .exec(txn)
        .await
        .map(|_| ())
}

/// How many officers' passwords, and how many recovery codes, hang on a version of the pepper.
pub async fn count_locks_of_pepper(db: &impl ConnectionTrait, version: i32) -> Result<(u64, u64), DbErr> {
    let passwords = officers::Entity::find().filter(officers::Column::PepperVersion.eq(version)).count(db).await?;
    // The version stands before what is sealed; there are no more officers than a table's page or two.
    let codes = all_officers(db).await?.into_iter();
    let begins = |officer: &officers::Model| officer.recovery_sealed_private_key.starts_with(&version.to_be_bytes());
    Ok((passwords, codes.filter(begins).count() as u64))
}

pub async fn grants_of(db: &impl ConnectionTrait, officer: OfficerId) -> Result<Vec<role_grants::Model>, DbErr> {
    role_grants::Entity::find().filter(role_grants::Column::OfficerId.eq(officer)).all(db).await
}

pub async fn grants_in(db: &impl ConnectionTrait, office: OfficeId) -> Result<Vec<role_grants::Model>, DbErr> {
    role_grants::Entity::find().filter(role_grants::Column::OfficeId.eq(office)).all(db).await
}

pub async fn insert_grant(
    txn: &impl ConnectionTrait,
    id: RoleGrantId,
    officer: OfficerId,
    office: OfficeId,
    role: Role,
    granted_by: Option<OfficerId>,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = role_grants::ActiveModel {
        id: Set(id),
        officer_id: Set(officer),
        office_id: Set(office),
        role: Set(role),
        granted_by: Set(granted_by),
        granted_at: Set(at),
    };
    row.insert(txn).await.map(|_| ())
}

/// Active officers with the custodian's role anywhere, who have a key pair that only they can open.
pub async fn ready_custodians(db: &impl ConnectionTrait) -> Result<Vec<officers::Model>, DbErr> {
    let ids = role_grants::Entity::find().filter(role_grants::Column::Role.eq(Role::Custodian)).all(db).await?;
    officers::Entity::find()
        .filter(officers::Column::Id.is_in(ids.into_iter().map(|grant| grant.officer_id)))
        .filter(officers::Column::Status.eq(OfficerStatus::Active))
        .filter(officers::Column::MustChangePassword.eq(false))
        .order_by_asc(officers::Column::Id)
        .all(db)
        .await
}

pub async fn session_and_officer(
    db: &impl ConnectionTrait,
    id: SessionId,
) -> Result<Option<(sessions::Model, officers::Model)>, DbErr> {
    let Some(session) = sessions::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let officer = officer(db, session.officer_id).await?;
    Ok(officer.map(|officer| (session, officer)))
}

pub async fn insert_session(txn: &impl ConnectionTrait, row: sessions::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

/// Replaces a session's blobs if it is still of the given generation.
pub async fn swap_session(
    txn: &impl ConnectionTrait,
    row: sessions::ActiveModel,
    generation: i32,
) -> Result<bool, DbErr> {
    let id = row.id.clone().unwrap();
    let done = sessions::Entity::update_many()
        .set(row)
        .filter(sessions::Column::Id.eq(id))
        .filter(sessions::Column::Generation.eq(generation))
        .exec(txn)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn delete_session(txn: &impl ConnectionTrait, id: SessionId) -> Result<(), DbErr> {
    sessions::Entity::delete_by_id(id).exec(txn).await.map(|_| ())
}

pub async fn delete_sessions_of(
    txn: &impl ConnectionTrait,
    officer: OfficerId,
    except: SessionId,
) -> Result<(), DbErr> {
    sessions::Entity::delete_many()
        .filter(sessions::Column::OfficerId.eq(officer))
        .filter(sessions::Column::Id.ne(except))
        .exec(txn)
        .await
        .map(|_| ())
}

/// Changes an officer whose lock is still the one that was read.
pub async fn update_officer_if_locked(
    txn: &impl ConnectionTrait,
    id: OfficerId,
    auth_hash: &[u8],
    row: officers::ActiveModel,
) -> Result<bool, DbErr> {
    let done = officers::Entity::update_many()
        .set(row)
        .filter(officers::Column::Id.eq(id))
        .filter(officers::Column::AuthHash.eq(auth_hash))
        .exec(txn)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn delete_all_sessions_of(txn: &impl ConnectionTrait, officer: OfficerId) -> Result<(), DbErr> {
    sessions::Entity::delete_many().filter(sessions::Column::OfficerId.eq(officer)).exec(txn).await.map(|_| ())
}

pub async fn delete_recovery_codes_of(txn: &impl ConnectionTrait, officer: OfficerId) -> Result<(), DbErr> {
    let mine = recovery_codes::Column::OfficerId.eq(officer);
    recovery_codes::Entity::delete_many().filter(mine).exec(txn).await.map(|_| ())
}

/// Takes an officer's roles in an office away.
pub async fn delete_grants(txn: &impl ConnectionTrait, officer: OfficerId, office: OfficeId) -> Result<(), DbErr> {
    role_grants::Entity::delete_many()
        .filter(role_grants::Column::OfficerId.eq(officer))
        .filter(role_grants::Column::OfficeId.eq(office))
        .exec(txn)
        .await
        .map(|_| ())
}

pub async fn delete_ended_sessions(
    txn: &impl ConnectionTrait,
    officer: OfficerId,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    sessions::Entity::delete_many()
        .filter(sessions::Column::OfficerId.eq(officer))
        .filter(sessions::Column::RefreshExpiresAt.lt(now))
        .exec(txn)
        .await
        .map(|_| ())
}

/// Marks a time step as used; false when it, or a later one, was used before.
pub async fn use_step(txn: &impl ConnectionTrait, officer: OfficerId, step: i64) -> Result<bool, DbErr> {
    let done = officers::Entity::update_many()
        .col_expr(officers::Column::SecondFactorLastStep, Expr::value(step))
        .col_expr(officers::Column::SecondFactorFailures, Expr::value(0))
        .filter(officers::Column::Id.eq(officer))
        .filter(
            Condition::any()
                .add(officers::Column::SecondFactorLastStep.is_null())
                .add(officers::Column::SecondFactorLastStep.lt(step)),
        )
        .exec(txn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Uses up a recovery code; false when there is no such unused one.
pub async fn use_recovery_code(
    txn: &impl ConnectionTrait,
    officer: OfficerId,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let done = recovery_codes::Entity::update_many()
        .col_expr(recovery_codes::Column::UsedAt, Expr::value(now))
        .filter(recovery_codes::Column::OfficerId.eq(officer))
        .filter(recovery_codes::Column::CodeHash.eq(hash))
        .filter(recovery_codes::Column::UsedAt.is_null())
        .exec(txn)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn count_wrong_code(
    txn: &impl ConnectionTrait,
    officer: OfficerId,
    rest_until: Option<DateTime<Utc>>,
) -> Result<(), DbErr> {
    let failures = match rest_until {
        Some(_) => Expr::value(0),
        None => Expr::col(officers::Column::SecondFactorFailures).add(1),
    };
    let mut update = officers::Entity::update_many().col_expr(officers::Column::SecondFactorFailures, failures);
    if rest_until.is_some() {
        update = update.col_expr(officers::Column::SecondFactorLockedUntil, Expr::value(rest_until));
    }
    update.filter(officers::Column::Id.eq(officer)).exec(txn).await.map(|_| ())
}

/// Replaces an officer's recovery codes for the second factor.
pub async fn replace_recovery_codes(
    txn: &impl ConnectionTrait,
    officer: OfficerId,
    hashes: Vec<(RecoveryCodeId, Vec<u8>)>,
) -> Result<(), DbErr> {
    recovery_codes::Entity::delete_many().filter(recovery_codes::Column::OfficerId.eq(officer)).exec(txn).await?;
    let rows = hashes.into_iter().map(|(id, hash)| recovery_codes::ActiveModel {
        id: Set(id),
        officer_id: Set(officer),
        code_hash: Set(hash),
        used_at: Set(None),
    });
    recovery_codes::Entity::insert_many(rows).exec(txn).await.map(|_| ())
}

// Views of the queue

pub async fn views_of(db: &impl ConnectionTrait, officer: OfficerId) -> Result<Vec<saved_views::Model>, DbErr> {
    saved_views::Entity::find()
        .filter(saved_views::Column::OfficerId.eq(officer))
        .order_by_asc(saved_views::Column::SavedAt)
        .order_by_asc(saved_views::Column::Id)
        .all(db)
        .await
}

pub async fn insert_view(txn: &impl ConnectionTrait, row: saved_views::ActiveModel) -> Result<(), DbErr> {
    row.insert(txn).await.map(|_| ())
}

pub async fn delete_view(txn: &impl ConnectionTrait, officer: OfficerId, id: SavedViewId) -> Result<(), DbErr> {
    let own = saved_views::Entity::delete_many().filter(saved_views::Column::OfficerId.eq(officer));
    own.filter(saved_views::Column::Id.eq(id)).exec(txn).await.map(|_| ())
}

pub async fn delete_view_named(txn: &impl ConnectionTrait, officer: OfficerId, name: &str) -> Result<(), DbErr> {
    let own = saved_views::Entity::delete_many().filter(saved_views::Column::OfficerId.eq(officer));
    own.filter(saved_views::Column::Name.eq(name)).exec(txn).await.map(|_| ())
}

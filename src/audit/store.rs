use entity::audit_rows;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order, QueryFilter, QueryOrder, sea_query::NullOrdering,
};

use super::Object;

/// Acts on one object, oldest first. Within a day, reporters' acts (which have no time) come first.
pub async fn of_object(db: &impl ConnectionTrait, object: Object) -> Result<Vec<audit_rows::Model>, DbErr> {
    audit_rows::Entity::find()
        .filter(audit_rows::Column::ObjectKind.eq(object.kind()))
        .filter(audit_rows::Column::ObjectId.eq(object.id()))
        .order_by_asc(audit_rows::Column::OnDay)
        .order_by_with_nulls(audit_rows::Column::At, Order::Asc, NullOrdering::First)
        .order_by_asc(audit_rows::Column::Id)
        .all(db)
        .await
}

//! Rows of several tables, written in as few ways over to the database as it allows: each way costs as much as some rows
//! do.

use std::fmt::Write as _;

use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, DbErr, EntityName, EntityTrait, IdenStatic, Iterable,
    Statement, Value,
};

/// Whole rows to be written into one table.
///
/// The words of the statement depend on nothing but the table and the number of rows, and the values are taken as they
/// are. A query builder makes a tree of each value first; on the way of every tip that took more than all else on its
/// thread.
pub struct Insert {
    table: String,
    columns: Vec<&'static str>,
    values: Vec<Value>,
    /// What is added to the row that is there, where one is.
    adding: Option<Adding>,
    /// A row without a value for this column.
    lacking: Option<&'static str>,
}

/// How a row is added to one with the same key.
struct Adding {
    key: Vec<&'static str>,
    summed: Vec<&'static str>,
}

impl Insert {
    /// Rows with a value for each column. There must be one at least.
    pub fn of<A: ActiveModelTrait>(rows: impl IntoIterator<Item = A>) -> Self {
        let columns: Vec<_> = <A::Entity as EntityTrait>::Column::iter().collect();
        let (mut values, mut lacking) = (Vec::new(), None);
        for mut row in rows {
            for column in &columns {
                match row.take(*column) {
                    ActiveValue::Set(value) | ActiveValue::Unchanged(value) => values.push(value),
                    ActiveValue::NotSet => lacking = Some(column.as_str()),
                }
            }
        }
        let columns = columns.iter().map(IdenStatic::as_str).collect();
        Self { table: A::Entity::default().table_name().to_owned(), columns, values, adding: None, lacking }
    }

    /// Where there is a row with the same key, adds to it instead.
    pub fn or_add<C: IdenStatic>(mut self, key: &[C], summed: &[C]) -> Self {
        let names = |columns: &[C]| columns.iter().map(IdenStatic::as_str).collect();
        self.adding = Some(Adding { key: names(key), summed: names(summed) });
        self
    }

    /// Appends the statement; `values`: how many there are in those before it.
    fn write(&self, sql: &mut String, backend: DbBackend, mut values: usize) {
        let (table, columns) = (quoted(&self.table), listed(&self.columns));
        let _ = write!(sql, "INSERT INTO {table} ({columns}) VALUES ");
        for row in 0..self.values.len() / self.columns.len().max(1) {
            sql.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.columns.len() {
                sql.push_str(if column == 0 { "" } else { ", " });
                values += 1;
                let _ = if backend == DbBackend::Postgres { write!(sql, "${values}") } else { write!(sql, "?") };
            }
            sql.push(')');
        }
        if let Some(Adding { key, summed }) = &self.adding {
            let added = |column: &&str| format!("{0} = {table}.{0} + excluded.{0}", quoted(column));
            let added = summed.iter().map(added).collect::<Vec<_>>().join(", ");
            let _ = write!(sql, " ON CONFLICT ({}) DO UPDATE SET {added}", listed(key));
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// Writes rows of several tables. Each table may refer to those before it. Rows that others wait for belong into the
/// last: it is written when the others are.
pub async fn insert_together(
    txn: &impl ConnectionTrait,
    inserts: impl IntoIterator<Item = Insert>,
) -> Result<(), DbErr> {
    let mut inserts: Vec<Insert> = inserts.into_iter().filter(|insert| !insert.values.is_empty()).collect();
    if let Some((table, column)) = inserts.iter().find_map(|insert| Some((&insert.table, insert.lacking?))) {
        return Err(DbErr::Custom(format!("a row of {table} lacks its {column}")));
    }
    let backend = txn.get_database_backend();
    let last = if backend == DbBackend::Postgres { inserts.pop() } else { None };
    for together in [inserts, last.into_iter().collect()] {
        if !together.is_empty() {
            txn.execute_raw(statement(backend, together)).await?;
        }
    }
    Ok(())
}

/// All in one: SQLite's driver takes several statements, and gives each as many of the values as it has places for;
/// PostgreSQL takes one, with others inside, whose order is its own business; references are checked at the end
/// (<https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-MODIFYING>).
fn statement(backend: DbBackend, inserts: Vec<Insert>) -> Statement {
    let number = inserts.len();
    let (mut sql, mut values) = (String::new(), Vec::with_capacity(inserts.iter().map(|one| one.values.len()).sum()));
    let postgres = backend == DbBackend::Postgres;
    for (nth, mut insert) in inserts.into_iter().enumerate() {
        let inside = postgres && nth + 1 < number;
        sql.push_str(match (nth, inside) {
            (0, true) => "WITH ",
            (0, false) => "",
            (_, true) => ", ",
            (_, false) if postgres => " ",
            (_, false) => "; ",
        });
        if inside {
            let _ = write!(sql, "rows_{nth} AS (");
        }
        insert.write(&mut sql, backend, values.len());
        if inside {
            sql.push(')');
        }
        values.append(&mut insert.values);
    }
    Statement::from_sql_and_values(backend, sql, values)
}

#[cfg(test)]
mod tests {
    use entity::{audit_pending, enums::Actor, rollups};
    use sea_orm::{DbBackend, Set};
    use uuid::Uuid;

    use super::{Insert, statement};

    fn waits() -> audit_pending::ActiveModel {
        audit_pending::ActiveModel {
            audit_id: Set(Uuid::nil().into()),
            actor: Set(Actor::Reporter),
            on_day: Set(chrono::NaiveDate::default()),
        }
    }

    fn sum() -> Insert {
        use rollups::Column as C;
        let key = [C::Slice, C::Kind];
        let mut insert = Insert::of([waits()]).or_add(&key, &[C::Facts, C::AmountMilli]);
        insert.table = "rollups".to_owned();
        insert
    }

    #[test]
    fn several_tables_go_over_as_each_database_takes_them() {
        let written = |backend| statement(backend, vec![Insert::of([waits(), waits()]), sum()]);
        let sqlite = written(DbBackend::Sqlite);
        assert_eq!(
            sqlite.sql,
            r#"INSERT INTO "audit_pending" ("audit_id", "actor", "on_day") VALUES (?, ?, ?), (?, ?, ?); "#.to_owned()
                + r#"INSERT INTO "rollups" ("audit_id", "actor", "on_day") VALUES (?, ?, ?) "#
                + r#"ON CONFLICT ("slice", "kind") DO UPDATE SET "facts" = "rollups"."facts" + excluded."facts", "#
                + r#""amount_milli" = "rollups"."amount_milli" + excluded."amount_milli""#
        );
        let postgres = written(DbBackend::Postgres);
        assert!(postgres.sql.starts_with(
            r#"WITH rows_0 AS (INSERT INTO "audit_pending" ("audit_id", "actor", "on_day") VALUES ($1, $2, $3), ($4, $5, $6)) INSERT"#
        ));
        assert!(postgres.sql.contains(r#"("audit_id", "actor", "on_day") VALUES ($7, $8, $9) ON CONFLICT"#));
        assert_eq!(postgres.values.unwrap().0.len(), 9);
    }

    #[test]
    fn what_is_missing_is_named() {
        let row = audit_pending::ActiveModel { actor: sea_orm::NotSet, ..waits() };
        assert_eq!(Insert::of([row]).lacking, Some("actor"));
        assert_eq!(Insert::of([waits()]).lacking, None);
    }
}

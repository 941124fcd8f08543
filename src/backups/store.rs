use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use entity::backups;
use futures::{Stream, StreamExt};
use sea_orm::{
    ActiveModelTrait, ColIdx, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, IntoActiveModel,
    QueryOrder, QueryResult, Statement, StreamTrait, TryGetable, Value,
    sea_query::{Alias, Expr, Query},
};
use uuid::Uuid;

use super::record::Cell;

/// What no backup holds. Migrations stand in its manifest; log-ins and claims end with the machine.
const LEFT_OUT: [&str; 3] = ["job_claims", "seaql_migrations", "sessions"];

/// A table as the database at hand describes it.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub name: String,
    kind: Kind,
}

/// How the database keeps a value.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Flag,
    Small,
    Integer,
    Big,
    Text,
    Bytes,
    Uuid,
    Time,
    Date,
}

impl Kind {
    fn of(name: &str) -> Result<Self, DbErr> {
        Ok(match name {
            "bool" => Self::Flag,
            "int2" => Self::Small,
            "int4" => Self::Integer,
            "int8" | "INTEGER" => Self::Big,
            "text" | "varchar" | "TEXT" => Self::Text,
            "bytea" | "BLOB" => Self::Bytes,
            "uuid" => Self::Uuid,
            "timestamptz" => Self::Time,
            "date" => Self::Date,
            other => return Err(DbErr::Type(format!("a backup knows no columns of type {other}"))),
        })
    }
}

const SQLITE_COLUMNS: &str = "SELECT m.name AS t, c.name AS c, c.type AS k \
    FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND c.hidden = 0 ORDER BY m.name, c.cid";

const POSTGRES_COLUMNS: &str = "SELECT r.relname::text AS t, a.attname::text AS c, k.typname::text AS k \
    FROM pg_class r JOIN pg_attribute a ON a.attrelid = r.oid JOIN pg_type k ON k.oid = a.atttypid \
    WHERE r.relkind = 'r' AND r.relnamespace = current_schema()::regnamespace \
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY r.relname, a.attnum";

const SQLITE_REFERENCES: &str = "SELECT DISTINCT m.name AS t, f.\"table\" AS k, '' AS c \
    FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";

const POSTGRES_REFERENCES: &str = "SELECT o.relname::text AS t, r.relname::text AS k, f.conname::text AS c \
    FROM pg_constraint f JOIN pg_class o ON o.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid \
    WHERE f.contype = 'f' AND o.relnamespace = current_schema()::regnamespace";

fn is_postgres(db: &impl ConnectionTrait) -> bool {
    db.get_database_backend() == DbBackend::Postgres
}

async fn ask(db: &impl ConnectionTrait, sqlite: &str, postgres: &str) -> Result<Vec<[String; 3]>, DbErr> {
    let sql = if is_postgres(db) { postgres } else { sqlite };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| Ok([row.try_get("", "t")?, row.try_get("", "c")?, row.try_get("", "k")?])).collect()
}

/// Whether the database holds no table at all.
pub(super) async fn is_empty(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(ask(db, SQLITE_COLUMNS, POSTGRES_COLUMNS).await?.is_empty())
}

/// All tables that belong into a backup, each after those that it refers to.
pub(super) async fn tables(db: &impl ConnectionTrait) -> Result<Vec<Table>, DbErr> {
    let mut by_name: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for [table, name, kind] in ask(db, SQLITE_COLUMNS, POSTGRES_COLUMNS).await? {
        if !LEFT_OUT.contains(&table.as_str()) {
            by_name.entry(table).or_default().push(Column { name, kind: Kind::of(&kind)? });
        }
    }
    let references = ask(db, SQLITE_REFERENCES, POSTGRES_REFERENCES).await?;
    let mut ordered = Vec::new();
    while !by_name.is_empty() {
        let waits = |name: &String| {
            references.iter().any(|[from, _, to]| from == name && to != name && by_name.contains_key(to.as_str()))
        };
        let free: Vec<String> = by_name.keys().filter(|name| !waits(name)).cloned().collect();
        if free.is_empty() {
            return Err(DbErr::Custom("tables refer to each other in a circle".to_owned()));
        }
        let taken = free.into_iter().filter_map(|name| by_name.remove_entry(&name));
        ordered.extend(taken.map(|(name, columns)| Table { name, columns }));
    }
    Ok(ordered)
}

/// All rows of a table, as they come.
pub(super) async fn rows<'a>(
    txn: &'a DatabaseTransaction,
    table: &'a Table,
) -> Result<impl Stream<Item = Result<Vec<Cell>, DbErr>> + 'a, DbErr> {
    let mut select = Query::select();
    select.columns(table.columns.iter().map(|column| Alias::new(&column.name))).from(Alias::new(&table.name));
    let rows = txn.stream(&select).await?;
    Ok(rows.map(|row| row.and_then(|row| cells(&row, table))))
}

fn cells(row: &QueryResult, table: &Table) -> Result<Vec<Cell>, DbErr> {
    table.columns.iter().enumerate().map(|(at, column)| cell(row, at, column.kind)).collect()
}

fn cell(row: &QueryResult, at: usize, kind: Kind) -> Result<Cell, DbErr> {
    Ok(match kind {
        Kind::Flag => some(row, at, |flag: bool| Cell::Integer(flag.into()))?,
        Kind::Small => some(row, at, |number: i16| Cell::Integer(number.into()))?,
        Kind::Integer => some(row, at, |number: i32| Cell::Integer(number.into()))?,
        Kind::Big => some(row, at, Cell::Integer)?,
        Kind::Text => some(row, at, Cell::Text)?,
        Kind::Bytes => some(row, at, Cell::Bytes)?,
        Kind::Uuid => some(row, at, |id: Uuid| Cell::Bytes(id.as_bytes().to_vec()))?,
        Kind::Date => some(row, at, |day: NaiveDate| Cell::Text(day.to_string()))?,
        // As sqlx writes it on SQLite, where moments are compared as text.
        Kind::Time => some(row, at, |at: DateTime<Utc>| Cell::Text(at.to_rfc3339_opts(SecondsFormat::AutoSi, false)))?,
    })
}

fn some<T: TryGetable>(row: &QueryResult, at: impl ColIdx, into: impl FnOnce(T) -> Cell) -> Result<Cell, DbErr> {
    Ok(row.try_get_by::<Option<T>, _>(at)?.map_or(Cell::Null, into))
}

/// None: the value is not of the column's kind.
fn value(cell: Cell, kind: Kind) -> Option<Value> {
    Some(match (kind, cell) {
        (Kind::Flag, Cell::Null) => Value::Bool(None),
        (Kind::Flag, Cell::Integer(number @ (0 | 1))) => (number == 1).into(),
        (Kind::Small, Cell::Null) => Value::SmallInt(None),
        (Kind::Small, Cell::Integer(number)) => i16::try_from(number).ok()?.into(),
        (Kind::Integer, Cell::Null) => Value::Int(None),
        (Kind::Integer, Cell::Integer(number)) => i32::try_from(number).ok()?.into(),
        (Kind::Big, Cell::Null) => Value::BigInt(None),
        (Kind::Big, Cell::Integer(number)) => number.into(),
        (Kind::Text, Cell::Null) => Value::String(None),
        (Kind::Text, Cell::Text(text)) => text.into(),
        (Kind::Bytes, Cell::Null) => Value::Bytes(None),
        (Kind::Bytes, Cell::Bytes(bytes)) => bytes.into(),
        (Kind::Uuid, Cell::Null) => Value::Uuid(None),
        (Kind::Uuid, Cell::Bytes(bytes)) => Uuid::from_slice(&bytes).ok()?.into(),
        (Kind::Time, Cell::Null) => Value::ChronoDateTimeUtc(None),
        (Kind::Time, Cell::Text(text)) => DateTime::parse_from_rfc3339(&text).ok()?.to_utc().into(),
        (Kind::Date, Cell::Null) => Value::ChronoDate(None),
        (Kind::Date, Cell::Text(text)) => text.parse::<NaiveDate>().ok()?.into(),
        (_, Cell::Integer(_) | Cell::Text(_) | Cell::Bytes(_)) => return None,
    })
}

/// Puts rows into a table. Their values stand in the order of `columns`.
pub(super) async fn insert(txn: &DatabaseTransaction, table: &Table, rows: Vec<Vec<Cell>>) -> Result<u64, DbErr> {
    if rows.is_empty() {
        return Ok(0);
    }
    let mut insert = Query::insert();
    insert.into_table(Alias::new(&table.name));
    insert.columns(table.columns.iter().map(|column| Alias::new(&column.name)));
    for row in rows {
        let cells = row.into_iter().zip(&table.columns);
        let values: Option<Vec<Expr>> = cells.map(|(cell, column)| Some(value(cell, column.kind)?.into())).collect();
        let values = values.ok_or_else(|| DbErr::Type(format!("{}: a value of another type", table.name)))?;
        insert.values(values).map_err(|error| DbErr::Type(format!("{}: {error}", table.name)))?;
    }
    Ok(txn.execute(&insert).await?.rows_affected())
}

/// Lets rows refer to rows of the same table that come after them, until `settle`.
pub(super) async fn defer_references(txn: &DatabaseTransaction) -> Result<(), DbErr> {
    if !is_postgres(txn) {
        return txn.execute_unprepared("PRAGMA defer_foreign_keys = ON").await.map(|_| ());
    }
    for [table, constraint, to] in ask(txn, SQLITE_REFERENCES, POSTGRES_REFERENCES).await? {
        if table == to {
            let later =
                format!("ALTER TABLE \"{table}\" ALTER CONSTRAINT \"{constraint}\" DEFERRABLE INITIALLY DEFERRED");
            txn.execute_unprepared(&later).await?;
        }
    }
    Ok(())
}

/// Holds the rows to what they refer to, and the constraints to what the schema says. SQLite does it at the commit.
pub(super) async fn settle(txn: &DatabaseTransaction) -> Result<(), DbErr> {
    if !is_postgres(txn) {
        return Ok(());
    }
    txn.execute_unprepared("SET CONSTRAINTS ALL IMMEDIATE").await?;
    for [table, constraint, to] in ask(txn, SQLITE_REFERENCES, POSTGRES_REFERENCES).await? {
        if table == to {
            let at_once = format!("ALTER TABLE \"{table}\" ALTER CONSTRAINT \"{constraint}\" NOT DEFERRABLE");
            txn.execute_unprepared(&at_once).await?;
        }
    }
    Ok(())
}

/// How many rows a table holds.
pub(super) async fn count(txn: &DatabaseTransaction, table: &Table) -> Result<u64, DbErr> {
    let all = Expr::cust("COUNT(*)");
    let select = Query::select().expr(all).from(Alias::new(&table.name)).to_owned();
    let row = txn.query_one(&select).await?.ok_or_else(|| DbErr::RecordNotFound(table.name.clone()))?;
    u64::try_from(row.try_get_by_index::<i64>(0)?).map_err(|_| DbErr::Type(table.name.clone()))
}

pub(super) async fn insert_backup(txn: &impl ConnectionTrait, backup: backups::Model) -> Result<(), DbErr> {
    let row = backup.into_active_model().reset_all();
    backups::Entity::insert(row).exec_without_returning(txn).await.map(|_| ())
}

/// The day of the last backup that was completed; none: there was none.
pub async fn last_backup(db: &impl ConnectionTrait) -> Result<Option<NaiveDate>, DbErr> {
    let last = backups::Entity::find().order_by_desc(backups::Column::MadeOn).one(db).await?;
    Ok(last.map(|backup| backup.made_on))
}

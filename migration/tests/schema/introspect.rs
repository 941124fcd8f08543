use sea_orm::{
    ColumnTrait, ColumnType, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, IdenStatic, Iterable,
    PrimaryKeyToColumn, QueryResult, Statement,
};

/// A column as a database keeps it: name, type, whether it may hold null.
type Kept = (String, String, bool);

/// The tables that the steps made, sorted.
pub async fn tables(db: &DatabaseConnection) -> Vec<String> {
    let sql = if is_sqlite(db) {
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'seaql_migrations'"
    } else {
        "SELECT table_name::text AS name FROM information_schema.tables
         WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'"
    };
    let mut tables = names(db, sql).await;
    tables.sort_unstable();
    tables
}

/// Holds an entity to its table, column by column; gives the table's name.
pub async fn agree<E: EntityTrait>(db: &DatabaseConnection) -> String {
    let table = E::default().as_str().to_owned();
    let told: Vec<Kept> = E::Column::iter()
        .map(|column| {
            let def = column.def();
            let kind =
                if is_sqlite(db) { on_sqlite(def.get_column_type()) } else { on_postgres(def.get_column_type()) };
            (column.as_str().to_owned(), kind.to_owned(), def.is_null())
        })
        .collect();
    assert_eq!(columns(db, &table).await, told, "{table}");
    let told: Vec<String> = E::PrimaryKey::iter().map(|key| key.into_column().as_str().to_owned()).collect();
    assert_eq!(keys(db, &table).await, told, "primary key of {table}");
    table
}

pub async fn names(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    query(db, sql).await.iter().map(|row| row.try_get("", "name").unwrap()).collect()
}

/// Whether the database makes sense of a query.
pub async fn runs(db: &DatabaseConnection, sql: &str) -> bool {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.is_ok()
}

async fn query(db: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap()
}

fn is_sqlite(db: &DatabaseConnection) -> bool {
    db.get_database_backend() == DbBackend::Sqlite
}

async fn columns(db: &DatabaseConnection, table: &str) -> Vec<Kept> {
    let sql = if is_sqlite(db) {
        format!(
            r#"SELECT name, type AS kind, "notnull" = 0 AS nullable FROM pragma_table_info('{table}') ORDER BY cid"#
        )
    } else {
        format!(
            "SELECT column_name::text AS name, data_type::text AS kind, is_nullable = 'YES' AS nullable
             FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position"
        )
    };
    let read = |row: &QueryResult| {
        let get = |column| row.try_get("", column).unwrap();
        (get("name"), get("kind"), row.try_get("", "nullable").unwrap())
    };
    query(db, &sql).await.iter().map(read).collect()
}

async fn keys(db: &DatabaseConnection, table: &str) -> Vec<String> {
    let sql = if is_sqlite(db) {
        format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk")
    } else {
        format!(
            "SELECT u.column_name::text AS name FROM information_schema.key_column_usage u
             JOIN information_schema.table_constraints c USING (constraint_name, table_name)
             WHERE c.constraint_type = 'PRIMARY KEY' AND table_name = '{table}' ORDER BY u.ordinal_position"
        )
    };
    names(db, &sql).await
}

fn on_sqlite(kind: &ColumnType) -> &'static str {
    match on_postgres(kind) {
        "uuid" | "bytea" => "BLOB",
        "boolean" | "smallint" | "integer" | "bigint" => "INTEGER",
        "text" | "date" | "timestamp with time zone" => "TEXT",
        other => panic!("no column is of type {other}"),
    }
}

fn on_postgres(kind: &ColumnType) -> &'static str {
    match kind {
        ColumnType::Uuid => "uuid",
        ColumnType::String(_) | ColumnType::Text => "text",
        ColumnType::VarBinary(_) | ColumnType::Binary(_) | ColumnType::Blob => "bytea",
        ColumnType::TimestampWithTimeZone => "timestamp with time zone",
        ColumnType::Date => "date",
        ColumnType::Boolean => "boolean",
        ColumnType::SmallInteger => "smallint",
        ColumnType::Integer => "integer",
        ColumnType::BigInteger => "bigint",
        other => panic!("no column is of type {other:?}"),
    }
}

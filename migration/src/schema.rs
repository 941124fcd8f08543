//! What a column is on each database, and short words for what steps have in common.
//!
//! SQLite tables are strict: they refuse a value of the wrong type, as PostgreSQL does, instead of keeping it.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Column types of the database at hand. Columns hold no null unless they say so.
#[derive(Clone, Copy)]
pub struct Types {
    strict: bool,
}

impl Types {
    pub fn of(manager: &SchemaManager) -> Self {
        Self { strict: manager.get_database_backend() == DbBackend::Sqlite }
    }

    pub fn table(self, name: &'static str) -> TableCreateStatement {
        self.table_with(name, "STRICT")
    }

    /// Rows lie in the order of their key. Only for short rows: long ones take twice the room and time that way.
    pub fn table_without_row_ids(self, name: &'static str) -> TableCreateStatement {
        self.table_with(name, "STRICT, WITHOUT ROWID")
    }

    fn table_with(self, name: &'static str, sqlite: &'static str) -> TableCreateStatement {
        let mut table = Table::create();
        table.table(name);
        if self.strict {
            table.extra(sqlite);
        }
        table
    }

    /// Sixteen bytes on SQLite, as sqlx binds them.
    pub fn uuid(self, name: &'static str) -> ColumnDef {
        self.column(name, "BLOB", ColumnType::Uuid)
    }

    pub fn text(self, name: &'static str) -> ColumnDef {
        self.column(name, "TEXT", ColumnType::Text)
    }

    pub fn bytes(self, name: &'static str) -> ColumnDef {
        self.column(name, "BLOB", ColumnType::Blob)
    }

    /// A moment; on SQLite RFC 3339 text in UTC, which sorts as the moments do.
    pub fn time(self, name: &'static str) -> ColumnDef {
        self.column(name, "TEXT", ColumnType::TimestampWithTimeZone)
    }

    pub fn date(self, name: &'static str) -> ColumnDef {
        self.column(name, "TEXT", ColumnType::Date)
    }

    pub fn flag(self, name: &'static str) -> ColumnDef {
        self.column(name, "INTEGER", ColumnType::Boolean)
    }

    pub fn small(self, name: &'static str) -> ColumnDef {
        self.column(name, "INTEGER", ColumnType::SmallInteger)
    }

    pub fn integer(self, name: &'static str) -> ColumnDef {
        self.column(name, "INTEGER", ColumnType::Integer)
    }

    pub fn big(self, name: &'static str) -> ColumnDef {
        self.column(name, "INTEGER", ColumnType::BigInteger)
    }

    fn column(self, name: &'static str, sqlite: &'static str, postgres: ColumnType) -> ColumnDef {
        let kind = if self.strict { ColumnType::custom(sqlite) } else { postgres };
        ColumnDef::new_with_type(name, kind).not_null().take()
    }
}

pub fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

pub fn unique(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(name, table, columns).unique().take()
}

/// Without more said, what is referred to cannot be deleted.
pub fn references(
    table: &'static str,
    column: &'static str,
    to: &'static str,
    key: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(to, key).take()
}

/// The indexes of a table go with it.
pub async fn drop_table(manager: &SchemaManager<'_>, name: &'static str) -> Result<(), DbErr> {
    manager.drop_table(Table::drop().table(name).take()).await
}

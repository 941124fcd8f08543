//! Statements whose limits stand in their words.

use std::fmt::{self, Display, Write};

use sea_orm::{
    DbBackend, Statement, Value,
    sea_query::{PostgresQueryBuilder, QueryBuilder, SelectStatement, SqlWriter, SqliteQueryBuilder, Values},
};

/// A statement for PostgreSQL or SQLite with its limits and offsets written out, and everything else as a value.
///
/// PostgreSQL keeps the plan of a statement that it has met often, if that promises to cost no more than a new one each
/// time. Of a limit that is a value it assumes a tenth of all rows, so it plans each look at a queue anew, which takes
/// longer than the look. Callers ask for few different limits: each makes a statement of its own.
pub fn with_limits_written(select: &SelectStatement, backend: DbBackend) -> Statement {
    let (numbered, mark) = match backend {
        DbBackend::Postgres => (true, '$'),
        _ => (false, '?'),
    };
    let mut words = Words { sql: String::with_capacity(512), values: Vec::new(), numbered, mark };
    match backend {
        DbBackend::Postgres => select.build_collect_into(PostgresQueryBuilder, &mut words),
        _ => select.build_collect_into(SqliteQueryBuilder, &mut words),
    }
    Statement { sql: words.sql, values: Some(Values(words.values)), db_backend: backend }
}

struct Words {
    sql: String,
    values: Vec<Value>,
    numbered: bool,
    mark: char,
}

impl SqlWriter for Words {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, _: &T) {
        // Only limits and offsets are unsigned: no column of ours is.
        if let Value::BigUnsigned(Some(number)) = value {
            let _ = write!(self.sql, "{number}");
            return;
        }
        self.values.push(value);
        self.sql.push(self.mark);
        if self.numbered {
            let _ = write!(self.sql, "{}", self.values.len());
        }
    }

    fn as_writer(&mut self) -> &mut dyn Write {
        self
    }
}

impl Write for Words {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.sql.write_str(text)
    }
}

impl Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::sea_query::{Expr, ExprTrait as _, Query};

    use super::*;

    #[test]
    fn limits_are_words_and_what_was_typed_is_none() {
        let inner =
            Query::select().column("a").from("t").and_where(Expr::col("a").eq("x' OR 1 -- $1 ?")).limit(7).take();
        let mut outer = Query::select();
        outer.column("a").from_subquery(inner, "lot").and_where(Expr::col("a").gt(3_i64)).limit(5).offset(2);
        let postgres = with_limits_written(&outer, DbBackend::Postgres);
        assert_eq!(
            postgres.sql,
            r#"SELECT "a" FROM (SELECT "a" FROM "t" WHERE "a" = $1 LIMIT 7) AS "lot" WHERE "a" > $2 LIMIT 5 OFFSET 2"#
        );
        assert_eq!(postgres.values, Some(Values(vec!["x' OR 1 -- $1 ?".into(), 3_i64.into()])));
        let sqlite = with_limits_written(&outer, DbBackend::Sqlite);
        assert_eq!(
            sqlite.sql,
            r#"SELECT "a" FROM (SELECT "a" FROM "t" WHERE "a" = ? LIMIT 7) AS "lot" WHERE "a" > ? LIMIT 5 OFFSET 2"#
        );
        assert_eq!(sqlite.values, postgres.values);
    }
}

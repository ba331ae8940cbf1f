//! What databases call the same thing: one state for all queries of a transaction, times in UTC, a count.

/// What is said to a database of one make.
pub(super) struct Dialect {
    /// How its driver's name of it begins.
    name: &'static str,
    /// What makes its values look as they are landed.
    pub(super) session: &'static [&'static str],
    pub(super) snapshot: Snapshot,
    pub(super) counted: Counted,
}

/// What gives all queries of a transaction one state of the database.
pub(super) enum Snapshot {
    /// A statement before the transaction.
    Before(&'static str),
    /// The first statement of the transaction.
    Within(&'static str),
    /// Nobody knows.
    Unknown,
}

/// How the server counts the rows of a query.
pub(super) enum Counted {
    /// By this, put before the query in brackets, before the query itself is asked.
    Before(&'static str),
    /// By this, asked when all rows of the query have come.
    Behind(&'static str),
}

const COUNT: Counted = Counted::Before("SELECT COUNT(*) FROM");

static KNOWN: [Dialect; 4] = [
    Dialect {
        name: "PostgreSQL",
        session: &["SET TIME ZONE 'UTC'"],
        snapshot: Snapshot::Before(
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        ),
        counted: COUNT,
    },
    Dialect {
        name: "Oracle",
        session: &[
            "ALTER SESSION SET TIME_ZONE = '+00:00'",
            "ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,'",
        ],
        snapshot: Snapshot::Within("SET TRANSACTION READ ONLY"),
        counted: COUNT,
    },
    Dialect {
        name: "DB2",
        session: &[],
        // Repeatable read by locks: writers wait until the landing is done.
        snapshot: Snapshot::Before("SET CURRENT ISOLATION = RR"),
        counted: Counted::Before("SELECT CAST(COUNT_BIG(*) AS BIGINT) FROM"),
    },
    Dialect {
        name: "Microsoft SQL Server",
        session: &[],
        snapshot: Snapshot::Before("SET TRANSACTION ISOLATION LEVEL SNAPSHOT"),
        // It takes no query with an `ORDER BY` in brackets.
        counted: Counted::Behind("SELECT ROWCOUNT_BIG()"),
    },
];

/// A database of another make.
pub(super) static OTHER: Dialect =
    Dialect { name: "", session: &[], snapshot: Snapshot::Unknown, counted: COUNT };

/// What is said to the database that its driver calls `name`.
pub(super) fn of(name: &str) -> &'static Dialect {
    KNOWN.iter().find(|dialect| name.starts_with(dialect.name)).unwrap_or(&OTHER)
}

/// The query that counts the rows of `query`. The line end closes a comment it may end with.
pub(super) fn around(count: &str, query: &str) -> String {
    format!("{count} (\n{query}\n) counted")
}

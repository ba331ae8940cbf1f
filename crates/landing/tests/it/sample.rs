//! Rows, the query that finds them, and what is landed of them.

/// Rows of every sort, for whoever has the role `desk`.
pub(crate) const TABLES: &str = "
CREATE TABLE event (key bigint, posted_on date, name text, note text, amount numeric(12, 2), at timestamptz);
INSERT INTO event VALUES
    (1, '2026-11-20', '王小明', 'plain', 12.50, '2026-11-20 08:00:00+08'),
    (2, '2026-11-20', 'O''Neil, \"Jo\"', E'two\\nlines, and a \\\\ back', -0.05, null),
    (3, '2026-11-20', '', null, null, null),
    (4, '2026-11-20', null, '', 0, null),
    (5, '2026-11-20', 'NULL', E'\\\\N', 7, null),
    (6, '2026-11-19', 'yesterday', 'not today', 1, null);
CREATE TABLE empty (key bigint);
GRANT SELECT ON event, empty TO desk
";

/// Asks for those of the day.
pub(crate) const QUERY: &str = "
    SELECT key, posted_on, name, note, amount, at FROM event
    WHERE posted_on = {as_of} -- of the day
    ORDER BY key -- a comment to the end";

/// What a contract says of them.
pub(crate) const COLUMNS: &str = r#"
    { name = "key", type = "integer", required = true },
    { name = "posted_on", type = "date", format = "%Y-%m-%d" },
    { name = "name", type = "text", quoted_empty = "" },
    { name = "note", type = "text", quoted_empty = "" },
    { name = "amount", type = "money" },
    { name = "at", type = "text" }"#;

/// How they are landed.
pub(crate) const EXPECTED: &str = "key,posted_on,name,note,amount,at
1,2026-11-20,王小明,plain,12.50,2026-11-20 00:00:00+00
2,2026-11-20,\"O'Neil, \"\"Jo\"\"\",\"two
lines, and a \\ back\",-0.05,
3,2026-11-20,\"\",,,
4,2026-11-20,,\"\",0.00,
5,2026-11-20,NULL,\\N,7.00,
";

//! Feeds that are queries: what they leave open is settled here, so that everybody else sees a file.

use super::{
    CharSet, ContractError, DatabaseKind, FeedContract, FileShape, Packing, SourceContract,
};
use crate::BusinessDate;

impl SourceContract {
    /// Gives every query its file, flag and shape; a feed has a file or a query, as its source says.
    pub(super) fn settle_queries(&mut self) -> Result<(), ContractError> {
        let (system, asked) = (self.system.clone(), self.database.is_some());
        for feed in &mut self.feeds {
            feed.settle(&system, asked).map_err(|cause| ContractError {
                place: format!("source `{system}`, feed `{}`", feed.name),
                cause,
            })?;
        }
        Ok(())
    }
}

impl FeedContract {
    /// The query for a business date; none of a feed that arrives as a file.
    pub fn query_of(&self, kind: DatabaseKind, as_of: BusinessDate) -> Option<String> {
        Some(self.query.as_ref()?.replace("{as_of}", &kind.date(as_of)))
    }

    /// `asked`: whether the source is a database.
    fn settle(&mut self, system: &str, asked: bool) -> Result<(), String> {
        match &self.query {
            Some(_) if !asked => Err("`query` needs the `[database]` of the source".into()),
            None if asked => Err("a feed of a database needs `query`".into()),
            Some(query) => {
                query_holds(query)?;
                self.leaves_the_file_open()?;
                self.file = format!("{system}.{}_{{date}}.csv", self.name);
                self.flag = Some(format!("{}.OK", self.file));
                self.flag_counts = true;
                self.shape = FileShape::landed();
                Ok(())
            }
            None if self.file.is_empty() => Err("`file` is missing".into()),
            None if self.shape == FileShape::undeclared() => {
                Err("`shape` is missing, or its `separator` is empty".into())
            }
            None => Ok(()),
        }
    }

    /// What a file looks like is not the contract's to say when we write it.
    fn leaves_the_file_open(&self) -> Result<(), String> {
        let said = [
            ("file", !self.file.is_empty()),
            ("flag", self.flag.is_some()),
            ("flag_counts", self.flag_counts),
            ("package", self.package.is_some()),
            ("charset", self.charset != CharSet::default()),
            ("packing", self.packing != Packing::None),
            ("shape", self.shape != FileShape::undeclared()),
            ("header", self.header.is_some()),
            ("trailer", self.trailer.is_some()),
        ];
        match said.iter().find(|(_, said)| *said) {
            Some((key, _)) => Err(format!("`{key}` does not go with `query`")),
            None if !self.arrival.leaves_the_file_open() => {
                Err("`arrival` does not go with `query` (only its `repeats` does)".into())
            }
            None => Ok(()),
        }
    }
}

fn query_holds(query: &str) -> Result<(), String> {
    let text = query.trim();
    if text.is_empty() || text.contains('\0') {
        return Err("`query` is empty".into());
    }
    if text.ends_with(';') {
        return Err("`query` ends with `;` (right: one query, nothing behind it)".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = r#"url = "postgresql://reader@db.bank/core""#;

    fn contract(database: &str, feed: &str) -> Result<SourceContract, String> {
        let text = format!(
            r#"
version = 1
system = "deposits"
title = "Core deposits"
{database}
[[feed]]
name = "event"
{feed}
columns = [{{ name = "a", type = "text" }}]
"#
        );
        SourceContract::parse(&text, "deposits.toml").map_err(|e| e.to_string())
    }

    fn database(more: &str) -> String {
        format!("[database]\nkind = \"postgresql\"\n{more}")
    }

    const QUERY: &str = r#"query = "SELECT a FROM t WHERE d = {as_of}""#;

    #[test]
    fn a_query_becomes_a_file_of_ours() {
        let contract = contract(&database(URL), QUERY).unwrap();
        let feed = &contract.feeds[0];
        assert_eq!(feed.file, "deposits.event_{date}.csv");
        assert_eq!(feed.flag.as_deref(), Some("deposits.event_{date}.csv.OK"));
        assert_eq!(feed.shape, FileShape::landed());
        let asked = |kind| feed.query_of(kind, "2026-11-20".parse().unwrap()).unwrap();
        let date = asked(DatabaseKind::Postgresql);
        assert_eq!(date, "SELECT a FROM t WHERE d = DATE '2026-11-20'");
        assert_eq!(asked(DatabaseKind::Odbc), "SELECT a FROM t WHERE d = {d '2026-11-20'}");
    }

    #[test]
    fn a_feed_has_a_file_or_a_query_and_nothing_more() {
        let shape = r#"shape = { kind = "json_lines" }"#;
        let refused = |database: &str, feed: &str, cause: &str| {
            let told = contract(database, feed).unwrap_err();
            assert!(told.contains(cause), "{told}");
        };
        refused("", QUERY, "feed `event`: `query` needs the `[database]`");
        refused("", shape, "`file` is missing");
        refused("", r#"file = "a""#, "`shape` is missing");
        refused(&database(URL), &format!("file = \"a\"\n{shape}"), "needs `query`");
        for (key, text) in [
            ("file", r#"file = "a""#),
            ("flag", r#"flag = "a""#),
            ("charset", r#"charset = "gb18030""#),
            ("flag_counts", "flag_counts = true"),
            ("package", r#"package = "a.tar""#),
            ("packing", r#"packing = "gzip""#),
            ("shape", shape),
            ("header", r#"header = { prefix = "H", date_field = 1 }"#),
            ("trailer", r#"trailer = { prefix = "T", count_field = 1 }"#),
            ("arrival", r#"arrival = { days = "business" }"#),
            ("arrival", "arrival = { quiet_seconds = 60 }"),
        ] {
            let cause = format!("`{key}` does not go with `query`");
            refused(&database(URL), &format!("{QUERY}\n{text}"), &cause);
        }
        contract(&database(URL), &format!("{QUERY}\narrival = {{ repeats = \"allowed\" }}"))
            .unwrap();
        refused(&database(URL), r#"query = " ""#, "`query` is empty");
        refused(&database(URL), r#"query = "SELECT 1;""#, "ends with `;`");
    }

    #[test]
    fn a_database_is_named_once_and_holds_no_secret() {
        for (more, cause) in [
            (String::new(), "needs `url` or `url_env`"),
            (format!("{URL}\nurl_env = \"DB\""), "needs `url` or `url_env`"),
            (r#"url_env = """#.into(), "needs `url` or `url_env`"),
            (format!("{URL}\npassword = \"hunter2\""), "does not stand in a contract"),
            (r#"url = "postgresql://u:hunter2@h/c""#.into(), "holds a password"),
            (r#"url = "postgresql://u@h/c?password=hunter2""#.into(), "holds a password"),
            (format!("{URL}\npassword_file = \"a\"\npassword_env = \"b\""), "one of them"),
            (format!("{URL}\nstatement_timeout = 0"), "must be 1 to 86400"),
            (format!("{URL}\nrole = \"\""), "`database.role` is empty"),
            (format!("{URL}\ntls = \"insecure-loopback-only\""), "for this machine only"),
            (r#"url = "postgresql://u@h/c?sslmode=prefer""#.into(), "for this machine only"),
            (r#"url = "postgresql://u@h/c?sslmode=require""#.into(), "proves nothing"),
        ] {
            let told = contract(&database(&more), QUERY).unwrap_err();
            assert!(told.contains(cause) && !told.contains("hunter2"), "{told}");
        }
        for (key, text) in [
            ("connection", r#"connection = "DSN=core""#),
            ("connection_env", r#"connection_env = "DB""#),
            ("snapshot", r#"snapshot = """#),
        ] {
            let told = contract(&database(&format!("{URL}\n{text}")), QUERY).unwrap_err();
            let cause = format!("`{key}` does not go with `kind = \"postgresql\"`");
            assert!(told.contains(&cause), "{told}");
        }
        for more in [r#"url_env = "DB""#, r#"url = "postgresql://u@%2Frun/c?sslmode=disable""#] {
            contract(&database(more), QUERY).unwrap();
        }
    }

    #[test]
    fn a_driver_is_named_by_its_connection_string() {
        let odbc = |more: &str| contract(&format!("[database]\nkind = \"odbc\"\n{more}"), QUERY);
        for (more, cause) in [
            ("", "needs `connection` or `connection_env`"),
            ("connection = \"DSN=a\"\nconnection_env = \"DB\"", "needs `connection`"),
            ("connection = \"DSN=a;PWD=hunter2\"", "holds a password"),
            ("connection = \"DSN=a\"\npassword = \"hunter2\"", "does not stand in a contract"),
            ("connection = \"Driver=a;Server=b\"", "does not ask for TLS"),
            ("connection = \"DSN=a\"\ntls = \"insecure-loopback-only\"", "this machine only"),
            ("connection = \"DSN=a\"\ntls = \"verify-full\"", "stands in its connection string"),
            ("connection = \"DSN=a\"\nurl = \"postgresql://u@h/c\"", "`url` does not go with"),
            ("connection = \"DSN=a\"\nurl_env = \"DB\"", "`url_env` does not go with"),
            ("connection = \"DSN=a\"\nca_file = \"a\"", "`ca_file` does not go with"),
            ("connection = \"DSN=a\"\nrole = \"a\"", "`role` does not go with"),
        ] {
            let told = odbc(more).unwrap_err();
            assert!(told.contains(cause) && !told.contains("hunter2"), "{told}");
        }
        for more in
            ["connection = \"DSN=core;UID=reader\"\nsnapshot = \"\"", "connection_env = \"DB\""]
        {
            odbc(more).unwrap();
        }
    }
}

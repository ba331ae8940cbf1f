//! A guess as a contract file: what a person goes on from.

use super::{Guess, GuessedColumn, GuessedShape};
use model::{ColumnType, DataClass, Packing};
use std::fmt::Write;

/// How the proposed contract is called.
#[derive(Clone, Copy, Debug)]
pub struct Naming<'n> {
    /// The system.
    pub system: &'n str,
    /// The feed.
    pub feed: &'n str,
    /// The file's name, with `{date}` where its date stands.
    pub file: &'n str,
}

impl Guess {
    /// The contract as TOML, every guess with its reason behind it. It parses, and reads the file it
    /// was made from; it maps to no table, which nobody can guess.
    pub fn to_toml(&self, naming: &Naming<'_>) -> String {
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _ = self.write(&mut text, naming);
        text
    }

    fn write(&self, to: &mut String, naming: &Naming<'_>) -> std::fmt::Result {
        let seen = if self.whole { "all of them" } else { "a part of the file" };
        writeln!(
            to,
            "# A proposal from {} rows, {seen}. Every line marked `guess` waits for",
            self.rows
        )?;
        writeln!(to, "# somebody who knows the system; then map the columns with [[feed.table]].")?;
        writeln!(to, "version = 1\nsystem = {}", quoted(naming.system))?;
        writeln!(to, "title = {} # what people call the system\n", quoted(naming.system))?;
        writeln!(to, "[[feed]]\nname = {}\nfile = {}", quoted(naming.feed), quoted(naming.file))?;
        writeln!(
            to,
            "# flag = \"...\" # the file that says that the package is complete, if there is one"
        )?;
        writeln!(to, "charset = {} # guess: {}", quoted(self.charset), self.charset_why)?;
        let packing = match self.packing {
            Packing::None => None,
            Packing::Gzip => Some("gzip"),
            Packing::GzipMembers => Some("gzip_members"),
            Packing::Zstd => Some("zstd"),
            Packing::ZstdFrames => Some("zstd_frames"),
        };
        if let Some(packing) = packing {
            writeln!(to, "packing = \"{packing}\"")?;
        }
        writeln!(to, "shape = {}", self.shape_text())?;
        self.write_records(to)?;
        self.write_keys(to)?;
        if let GuessedShape::Fixed = self.shape {
            writeln!(
                to,
                "# guess: the widths, from where blanks end; compare them with the layout of the system"
            )?;
        }
        writeln!(to, "columns = [")?;
        for column in &self.columns {
            let line = format!("    {{ {} }},", column_text(column));
            let why = column.why.join("; ");
            let comment = if why.is_empty() { String::new() } else { format!(" # guess: {why}") };
            writeln!(to, "{line}{comment}")?;
        }
        writeln!(to, "]")
    }

    fn shape_text(&self) -> String {
        match &self.shape {
            GuessedShape::Fixed => "{ kind = \"fixed\" } # guess: all lines have one length".into(),
            GuessedShape::JsonLines => "{ kind = \"json_lines\" }".into(),
            GuessedShape::Delimited { separator, quoted: in_quotes, names } => {
                let mut text =
                    format!("{{ kind = \"delimited\", separator = {}", quoted(separator));
                text.push_str(if *in_quotes { ", quoted = true" } else { "" });
                text.push_str(if *names { ", names = true" } else { "" });
                text + " }"
            }
        }
    }

    fn write_records(&self, to: &mut String) -> std::fmt::Result {
        if let Some(header) = &self.header {
            let prefix = quoted(&header.prefix);
            writeln!(
                to,
                "header = {{ prefix = {prefix}, date_field = {} }} # guess: the first line has a date and is no row",
                header.date_field
            )?;
        }
        let Some(trailer) = &self.trailer else { return Ok(()) };
        let mut text =
            format!("prefix = {}, count_field = {}", quoted(&trailer.prefix), trailer.count_field);
        text.push_str(match (trailer.includes_all, self.header.is_some()) {
            (false, _) => "",
            (true, false) => ", count_includes = \"with_trailer\"",
            (true, true) => ", count_includes = \"with_both\"",
        });
        if let Some(field) = trailer.total_field {
            write!(text, ", total_field = {field}")?;
        }
        let why = if trailer.proven {
            "the count is that of the rows"
        } else {
            "a number that may be the count"
        };
        writeln!(to, "trailer = {{ {text} }} # guess: {why}")
    }

    fn write_keys(&self, to: &mut String) -> std::fmt::Result {
        if !self.unique.is_empty() {
            writeln!(
                to,
                "unique = {} # guess: no two rows seen have the same",
                list(&self.unique)
            )?;
        }
        if !self.null.is_empty() {
            writeln!(to, "null = {} # guess: stands where others have a value", list(&self.null))?;
        }
        if let Some(amount) = &self.amount {
            writeln!(
                to,
                "amount = {} # guess: its sum is the total of the trailer",
                quoted(amount)
            )?;
        }
        Ok(())
    }
}

fn column_text(column: &GuessedColumn) -> String {
    let mut keys = vec![format!("name = {}", quoted(&column.name))];
    let kind = match column.kind {
        ColumnType::Text => "text",
        ColumnType::Integer => "integer",
        ColumnType::Money => "money",
        ColumnType::Decimal => "decimal",
        ColumnType::Date => "date",
    };
    keys.push(format!("type = \"{kind}\""));
    let class = match column.class {
        DataClass::Internal => None,
        DataClass::Key => Some("key"),
        DataClass::Identity => Some("identity"),
        DataClass::Contact => Some("contact"),
        DataClass::Financial => Some("financial"),
    };
    keys.extend(class.map(|class| format!("class = \"{class}\"")));
    keys.extend(column.required.then(|| "required = true".to_owned()));
    keys.extend(column.format.map(|format| format!("format = \"{format}\"")));
    keys.extend(column.scale.map(|scale| format!("scale = {scale}")));
    keys.extend(column.width.map(|width| format!("width = {width}")));
    if !column.values.is_empty() {
        keys.push(format!("values = {}", list(&column.values)));
    }
    keys.join(", ")
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => {
                // Writing to a text cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

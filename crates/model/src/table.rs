//! What a table is: its columns with type, unit, sensitivity and meaning.

use crate::contract::DataClass;

/// The type and unit of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// A 63-bit id or key.
    Key,
    /// Text.
    Text,
    /// A whole number.
    Count,
    /// Minor units inside the night, `DECIMAL(18,2)` where published.
    Money,
    /// Hundredths of a point inside the night, `DECIMAL(9,2)` where published.
    Points,
    /// Parts per million.
    Ppm,
    /// A calendar date.
    Date,
    /// True or false.
    Flag,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name, snake_case.
    pub name: &'static str,
    /// Type and unit.
    pub kind: ColumnKind,
    /// Sensitivity.
    pub class: DataClass,
    /// One line: what it means.
    pub meaning: &'static str,
}

/// Who a table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// What extracts are mapped to.
    Canonical,
    /// Written by one stage of the night for the next.
    Stage,
    /// Personal data as a file has it, for whoever mends the file; never published, kept for one
    /// night.
    Vault,
    /// Read by downstream systems.
    Published,
    /// Rows of sources that the next night needs: published with the set, so that they are all or
    /// none and return with it, and read by nobody but the next night and auditors.
    Kept,
}

/// One table.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Name, snake_case.
    pub name: &'static str,
    /// Who it is for.
    pub zone: Zone,
    /// The key column by whose ranges rows are laid out; none for small whole tables.
    pub partition: Option<&'static str>,
    /// The columns by which rows are sorted when written; together they name a row.
    pub order: &'static [&'static str],
    /// One line: a row is what.
    pub meaning: &'static str,
    /// The columns.
    pub columns: &'static [Column],
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// Whether extracts are mapped to it.
    pub fn is_canonical(&self) -> bool {
        self.zone == Zone::Canonical
    }

    /// Whether it is part of the published set.
    pub fn is_published(&self) -> bool {
        matches!(self.zone, Zone::Published | Zone::Kept)
    }
}

//! A contract as a data contract of the Open Data Contract Standard v3.1.0 (bitol.io): what the data
//! office of a bank keeps. Every rule it lists is enforced by the gate or the load stage.

use model::{
    CharSet, ColumnContract, ColumnType, ControlPlace, ControlValue, DataClass, FeedContract,
    FileShape, Packing, SourceContract,
};
use serde_json::{Map, Value, json};

/// The version of the standard.
const VERSION: &str = "v3.1.0";

/// The data contract of a source.
pub(super) fn contract(source: &SourceContract) -> Value {
    let servers: Vec<Value> = source.feeds.iter().map(server).collect();
    let schema: Vec<Value> = source.feeds.iter().map(object).collect();
    json!({
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": format!("clientele:source:{}", source.system),
        "name": source.system,
        "version": format!("{}.0.0", source.version),
        "status": "active",
        "description": { "purpose": format!("Nightly extracts of {}", source.title) },
        "servers": servers,
        "schema": schema,
    })
}

/// Where a feed's file comes from. Whether it is packed and how it is cut are no keys of a local
/// server in the standard: they are properties of our own.
fn server(feed: &FeedContract) -> Value {
    let (format, mut own) = match &feed.shape {
        FileShape::Delimited { separator, quoted, names } => {
            let own = vec![
                property("separator", separator.as_str()),
                property("quoted", *quoted),
                property("namesLine", *names),
            ];
            ("csv", own)
        }
        FileShape::Fixed => ("fixed", Vec::new()),
        FileShape::JsonLines => ("json", Vec::new()),
        FileShape::Records(_) => ("records", Vec::new()),
        FileShape::Parquet => ("parquet", Vec::new()),
        FileShape::Sheet { sheet, .. } => {
            ("xlsx", sheet.iter().map(|sheet| property("sheet", sheet.as_str())).collect())
        }
    };
    if !feed.shape.is_typed() {
        own.push(property("charset", charset(feed.charset)));
    }
    own.push(property("packing", packing(feed.packing)));
    own.extend(feed.package.as_deref().map(|package| property("package", package)));
    own.extend(feed.flag.as_deref().map(|flag| property("flag", flag)));
    json!({
        "server": feed.name, "type": "local", "path": feed.delivery(), "format": format,
        "customProperties": own,
    })
}

fn charset(charset: CharSet) -> &'static str {
    match charset {
        CharSet::Utf8 => "utf-8",
        CharSet::Gb18030 => "gb18030",
        CharSet::Cp037 => "cp037",
        CharSet::Cp500 => "cp500",
        CharSet::Cp1047 => "cp1047",
        CharSet::Cp935 => "cp935",
        CharSet::Cp1388 => "cp1388",
        CharSet::Gbk => "gbk",
        CharSet::Big5 => "big5",
        CharSet::Utf16Le => "utf-16le",
        CharSet::Utf16Be => "utf-16be",
        CharSet::Utf16 => "utf-16",
    }
}

fn packing(packing: Packing) -> &'static str {
    match packing {
        Packing::None => "none",
        Packing::Gzip => "gzip",
        Packing::GzipMembers => "gzip_members",
        Packing::Zstd => "zstd",
        Packing::ZstdFrames => "zstd_frames",
    }
}

fn property(name: &str, value: impl Into<Value>) -> Value {
    json!({ "property": name, "value": value.into() })
}

/// A feed: its rows and the rules that hold for all of them.
fn object(feed: &FeedContract) -> Value {
    let properties: Vec<Value> = feed.columns.iter().map(|c| column(feed, c)).collect();
    let mut object = json!({
        "name": feed.name,
        "logicalType": "object",
        "physicalType": "file",
        "physicalName": feed.file,
        "properties": properties,
    });
    let rules = rules(feed);
    if !rules.is_empty() {
        object["quality"] = rules.into();
    }
    let tables: Vec<&str> = feed.tables.iter().map(|table| table.table.as_str()).collect();
    if !tables.is_empty() {
        object["customProperties"] = vec![property("mappedTo", tables)].into();
    }
    object
}

fn rules(feed: &FeedContract) -> Vec<Value> {
    let mut rules = Vec::new();
    let text = |name: &str, dimension: &str, says: String| {
        json!({
            "type": "text", "name": name, "dimension": dimension, "severity": "error",
            "description": says,
        })
    };
    for (name, record) in [("header", &feed.header), ("trailer", &feed.trailer)] {
        let Some(record) = record else { continue };
        for value in ControlValue::ALL {
            let Some(place) = record.place(value) else { continue };
            let place = match place {
                ControlPlace::Field(number) => format!("in field {number}"),
                ControlPlace::Spot(spot) => format!("at byte {}", spot.at),
            };
            let (what, dimension) = control(value);
            let says = format!(
                "The {name} record `{}` carries {what} {place}; another one refuses the file",
                record.prefix
            );
            rules.push(text(&format!("{name}_{}", value.name()), dimension, says));
        }
    }
    if feed.flag_counts {
        let says = "The flag counts the rows of the file; another count refuses the file";
        rules.push(text("flag_count", "completeness", says.to_owned()));
    }
    if !feed.is_announced() && feed.trailer.is_none() {
        rules.push(json!({
            "type": "library", "metric": "rowCount", "mustBeGreaterThan": 0,
            "name": "not_empty", "dimension": "completeness", "severity": "error",
            "description": "A file without rows is refused",
        }));
    }
    if feed.unique.len() > 1 {
        rules.push(json!({
            "type": "library", "metric": "duplicateValues", "mustBe": 0, "unit": "rows",
            "arguments": { "properties": feed.unique },
            "name": "unique_key", "dimension": "uniqueness", "severity": "error",
            "description": "An exact repetition is superseded, another row of the same key is rejected",
        }));
    }
    rules
}

/// What a value of a header or trailer is, and which dimension of quality it proves.
fn control(value: ControlValue) -> (&'static str, &'static str) {
    match value {
        ControlValue::Date => ("the business date", "timeliness"),
        ControlValue::Rerun => ("the number of the delivery", "timeliness"),
        ControlValue::Count => ("the count of records", "completeness"),
        ControlValue::Total => ("the total of the amounts", "accuracy"),
        ControlValue::Debit => ("the total of the debits", "accuracy"),
        ControlValue::Credit => ("the total of the credits", "accuracy"),
        ControlValue::Hash => ("the hash total", "accuracy"),
    }
}

fn column(feed: &FeedContract, column: &ColumnContract) -> Value {
    let mut property = Map::new();
    let mut put = |key: &str, value: Value| property.insert(key.to_owned(), value);
    put("name", column.name.as_str().into());
    put("logicalType", logical(column.kind).into());
    put("physicalType", physical(column).into());
    if column.kind == ColumnType::Date {
        put("logicalTypeOptions", json!({ "format": date_format(column) }));
    }
    if column.kind == ColumnType::Integer {
        put("logicalTypeOptions", json!({ "format": "i64" }));
    }
    let place = feed.unique.iter().position(|name| *name == column.name);
    put("required", column.required.into());
    put("unique", (feed.unique.len() == 1 && place.is_some()).into());
    put("primaryKey", place.is_some().into());
    if let Some(place) = place {
        put("primaryKeyPosition", (place + 1).into());
    }
    put("classification", class(column.class).into());
    put("description", meaning(column).into());
    let rules = column_rules(column);
    if !rules.is_empty() {
        put("quality", rules.into());
    }
    property.into()
}

fn column_rules(column: &ColumnContract) -> Vec<Value> {
    let mut rules = Vec::new();
    if column.required {
        rules.push(json!({
            "type": "library", "metric": "nullValues", "mustBe": 0, "unit": "rows",
            "dimension": "completeness", "severity": "error",
            "description": "A row without a value is rejected",
        }));
    }
    if !column.values.is_empty() {
        rules.push(json!({
            "type": "library", "metric": "invalidValues", "mustBe": 0, "unit": "rows",
            "arguments": { "validValues": column.values },
            "dimension": "conformity", "severity": "error",
            "description": "A row with another value is rejected",
        }));
    }
    rules
}

fn logical(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "string",
        ColumnType::Integer => "integer",
        ColumnType::Money | ColumnType::Decimal => "number",
        ColumnType::Date => "date",
    }
}

/// The type as the file holds it.
fn physical(column: &ColumnContract) -> String {
    let kind = match column.kind {
        ColumnType::Text => "text".to_owned(),
        ColumnType::Integer => "integer".to_owned(),
        ColumnType::Money => "decimal(18,2)".to_owned(),
        ColumnType::Decimal => format!("decimal(18,{})", column.scale.unwrap_or(0)),
        ColumnType::Date => match &column.format {
            Some(format) => format!("date {format}"),
            None => "date".to_owned(),
        },
    };
    column.width.map_or(kind.clone(), |width| format!("{kind}, {width} bytes"))
}

/// The format as the standard writes it.
fn date_format(column: &ColumnContract) -> &'static str {
    match column.format.as_deref() {
        Some("%Y%m%d") => "yyyyMMdd",
        Some("%y%m%d") => "yyMMdd",
        _ => "yyyy-MM-dd",
    }
}

fn class(class: DataClass) -> &'static str {
    match class {
        DataClass::Internal => "internal",
        DataClass::Key => "key",
        DataClass::Identity => "identity",
        DataClass::Contact => "contact",
        DataClass::Financial => "financial",
    }
}

fn meaning(column: &ColumnContract) -> String {
    let about = match column.class {
        DataClass::Internal => "Business data without a person in it",
        DataClass::Key => "A key of the source system",
        DataClass::Identity => "Says who somebody is",
        DataClass::Contact => "Says how to reach somebody",
        DataClass::Financial => "What somebody owns, owes or does",
    };
    if column.null.is_empty() {
        return about.to_owned();
    }
    format!("{about}; `{}` stands for no value", column.null.join("`, `"))
}

#[cfg(test)]
mod tests;

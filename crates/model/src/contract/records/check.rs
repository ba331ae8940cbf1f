//! Whether a contract's keys go together, for records and for the places of headers and trailers.

use super::{Framing, RecordLayout, RecordShape};
use crate::contract::cobol::{Cobol, CobolCoding, CobolContent, RECORD_CAP};
use crate::contract::{ColumnContract, ColumnType, FeedContract, FileShape, Spot};

/// Keys that mean something in some shapes only stand in no other.
pub(super) fn keys_fit_shape(feed: &FeedContract) -> Result<(), String> {
    let FileShape::Records(shape) = &feed.shape else {
        if feed.charset.is_ebcdic() {
            return Err(
                "an EBCDIC `charset` needs records (expected `shape.kind = \"records\"`)".into()
            );
        }
        let stray = feed.columns.iter().find(|column| !stray_key(column).is_empty());
        return stray.map_or(Ok(()), |column| {
            let key = stray_key(column);
            Err(format!("column `{}` has `{key}`, which is for records", column.name))
        });
    };
    for column in &feed.columns {
        let copied = shape.copybook.is_some();
        let stray = match () {
            () if column.width.is_some() => "width",
            () if copied && column.cobol.is_some() => "cobol",
            () if copied && column.at.is_some() => "at",
            () if !copied && column.field.is_some() => "field",
            () => continue,
        };
        let from = if copied { "the copybook" } else { "`cobol`" };
        return Err(format!("column `{}` has `{stray}`, but {from} says it", column.name));
    }
    if shape.record.is_some() && shape.copybook.is_none() {
        return Err("`shape.record` needs a `copybook`".into());
    }
    Ok(())
}

fn stray_key(column: &ColumnContract) -> &'static str {
    match column {
        ColumnContract { cobol: Some(_), .. } => "cobol",
        ColumnContract { at: Some(_), .. } => "at",
        ColumnContract { field: Some(_), .. } => "field",
        ColumnContract { no_value, .. } if !no_value.is_empty() => "no_value",
        _ => "",
    }
}

/// Fields of a header or trailer are counted in lines, and placed by bytes in records; fixed-width
/// lines have both.
pub(super) fn bounds_fit_shape(feed: &FeedContract) -> Result<(), String> {
    let (header, trailer) = (feed.header.as_ref(), feed.trailer.as_ref());
    let optional = |at: Option<usize>| at.unwrap_or(0);
    let values = [
        ("header.date", true, header.map(|h| (h.date_field, h.date.as_ref()))),
        ("trailer.count", true, trailer.map(|t| (t.count_field, t.count.as_ref()))),
        ("trailer.total", false, trailer.map(|t| (optional(t.total_field), t.total.as_ref()))),
    ];
    for (key, needed, value) in values {
        match value {
            None | Some((0, None)) if !needed || value.is_none() => {}
            Some((0, Some(spot))) => spot_holds(feed, key, spot)?,
            Some((1.., None)) if !matches!(feed.shape, FileShape::Records(_)) => {}
            _ => {
                return Err(format!("expected one of `{key}_field` and `{key}` ({})", forms(feed)));
            }
        }
    }
    let placed =
        [header.map(|h| (h.at, h.date.is_some())), trailer.map(|t| (t.at, t.count.is_some()))];
    if placed.into_iter().flatten().any(|(at, placed)| at == 0 || (at > 1 && !placed)) {
        return Err("`at` of a header or trailer counts from 1, and needs values by place".into());
    }
    Ok(())
}

fn forms(feed: &FeedContract) -> &'static str {
    match feed.shape {
        FileShape::Records(_) => "records have no fields: by place",
        FileShape::Fixed => "by place, or by number where bars separate them",
        _ => "by number",
    }
}

fn spot_holds(feed: &FeedContract, key: &str, spot: &Spot) -> Result<(), String> {
    let item = spot.item().filter(|_| spot.at > 0);
    let item = item.ok_or_else(|| {
        format!("`{key}` needs `at` from 1, and either `width` (text) or `cobol`")
    })?;
    coding_holds(feed, &item)
        .and_then(|()| decimals_hold(&item, spot_decimals(feed, key)))
        .map_err(|cause| format!("`{key}`: {cause}"))?;
    match &feed.shape {
        FileShape::Fixed => match &item.content {
            CobolContent::Text => Ok(()),
            CobolContent::Number(number) if matches!(number.coding, CobolCoding::Zoned(_)) => {
                Ok(())
            }
            _ => Err(format!("`{key}`: lines hold text (expected `width`, or DISPLAY digits)")),
        },
        FileShape::Records(RecordShape { framing: Framing::Fixed, length, .. }) => {
            let end = (spot.at - 1).saturating_add(item.width);
            if length.is_none_or(|length| end <= length) {
                return Ok(());
            }
            Err(format!("`{key}` ends at byte {end} (expected it within `length`)"))
        }
        FileShape::Records(_) => Ok(()),
        FileShape::Delimited { .. }
        | FileShape::JsonLines
        | FileShape::Parquet
        | FileShape::Sheet { .. } => {
            Err(format!("`{key}`: lines of fields have no places (expected `{key}_field`)"))
        }
    }
}

/// The columns lie within the record and can be read as what they are declared.
pub(super) fn layout_holds(
    feed: &FeedContract,
    shape: &RecordShape,
    layout: &RecordLayout,
) -> Result<(), String> {
    if shape.framing == Framing::Fixed && shape.length.is_none() {
        return Err("fixed records need `shape.length`, their bytes".into());
    }
    if !(1..=RECORD_CAP).contains(&layout.length) {
        return Err(format!("a record has {} bytes (expected 1 to {RECORD_CAP})", layout.length));
    }
    for (column, field) in feed.columns.iter().zip(&layout.fields) {
        let end = field.at.saturating_add(field.cobol.width);
        if end > layout.length {
            let place = format!("column `{}` ends at byte {end}", column.name);
            return Err(format!("{place} (expected it within the {} of a record)", layout.length));
        }
        coding_holds(feed, &field.cobol)
            .and_then(|()| column_holds(column, &field.cobol))
            .map_err(|cause| format!("column `{}`: {cause}", column.name))?;
    }
    Ok(())
}

/// The item can be read in the character set.
fn coding_holds(feed: &FeedContract, item: &Cobol) -> Result<(), String> {
    match &item.content {
        CobolContent::Opaque(what) => Err(format!("{what} is not read (expected text or digits)")),
        CobolContent::Pairs if !feed.charset.is_mixed() => {
            Err("double-byte items need `charset = \"cp935\"` or `\"cp1388\"`".into())
        }
        CobolContent::Number(number) => match number.coding {
            CobolCoding::Zoned(sign)
                if number.signed && !sign.separate && !feed.charset.is_ebcdic() =>
            {
                Err("a sign in the zone of a digit needs an EBCDIC `charset` (expected SIGN \
                     SEPARATE, or digits without a sign)"
                    .into())
            }
            _ => Ok(()),
        },
        CobolContent::Pairs | CobolContent::Text => Ok(()),
    }
}

/// The item can be read as the type of the column.
fn column_holds(column: &ColumnContract, item: &Cobol) -> Result<(), String> {
    let CobolContent::Number(number) = &item.content else { return Ok(()) };
    let any_bytes = matches!(number.coding, CobolCoding::Binary | CobolCoding::Native);
    if any_bytes && !column.no_value.is_empty() {
        return Err("binary numbers have no bytes to spare for `no_value`".into());
    }
    decimals_hold(item, decimals(column))
}

/// Decimals that a column holds.
fn decimals(column: &ColumnContract) -> usize {
    match column.kind {
        ColumnType::Text => usize::MAX,
        ColumnType::Integer | ColumnType::Date => 0,
        ColumnType::Money => 2,
        ColumnType::Decimal => column.scale.unwrap_or(0) as usize,
    }
}

/// Decimals that a value of a header or trailer may have: a total those of what it sums up.
fn spot_decimals(feed: &FeedContract, key: &str) -> usize {
    let amount = feed.columns.iter().find(|column| feed.amount.as_ref() == Some(&column.name));
    amount.filter(|_| key == "trailer.total").map_or(0, decimals)
}

fn decimals_hold(item: &Cobol, held: usize) -> Result<(), String> {
    match &item.content {
        CobolContent::Number(number) if number.decimals > held => {
            Err(format!("{} decimals in the picture (its type holds {held})", number.decimals))
        }
        _ => Ok(()),
    }
}

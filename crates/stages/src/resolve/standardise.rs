//! Party records in standard form, and the keys under which they meet.

use crate::columns::{
    date_column, days, frame, int_column, keys, opt_int_column, text_column, texts,
};
use crate::frames::{Frames, Outputs, StageError};
use identity::{Authority, BlockKey, PartyColumns, PartyKind, Standardised, block, standardise};
use night::Settings;
use polars::prelude::*;

const COLUMNS: &[&str] = &[
    "record_id",
    "kind",
    "name",
    "document_type",
    "document_no",
    "birth_date",
    "sex",
    "mobile",
    "opened_on",
];

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let party = frames.take("party", COLUMNS)?;
    let record_id = keys(&party, "record_id")?;
    let standard = standardise(
        &PartyColumns {
            record_id: &record_id,
            kind: &texts(&party, "kind")?,
            name: &texts(&party, "name")?,
            document_type: &texts(&party, "document_type")?,
            document_no: &texts(&party, "document_no")?,
            birth_date: &days(&party, "birth_date")?,
            sex: &texts(&party, "sex")?,
            mobile: &texts(&party, "mobile")?,
        },
        settings.as_of,
    );
    let mut outputs = Outputs::default();
    outputs.add("record", records(&standard, days(&party, "opened_on")?)?)?;
    outputs.add("block_key", block_keys(&block(&standard))?)?;
    Ok(outputs)
}

fn records(standard: &Standardised, opened_on: Vec<Option<i32>>) -> Result<DataFrame, StageError> {
    let kind = |kind: &PartyKind| match kind {
        PartyKind::Person => "person",
        PartyKind::Organisation => "organisation",
    };
    let kinds: Vec<&str> = standard.kind.iter().map(kind).collect();
    let (class, key) = authority_columns(standard.authority.iter().copied());
    frame(vec![
        int_column("record_id", standard.record_id.clone()),
        text_column("kind", &kinds),
        int_column("authority_class", class),
        int_column("authority", key),
        date_column("opened_on", opened_on),
    ])
}

fn block_keys(keys: &[BlockKey]) -> Result<DataFrame, StageError> {
    let (class, authority) = authority_columns(keys.iter().map(|k| k.authority));
    frame(vec![
        int_column("block", keys.iter().map(|k| k.block).collect()),
        int_column("rule", keys.iter().map(|k| i64::from(k.rule.code())).collect()),
        int_column("record_id", keys.iter().map(|k| k.record_id).collect()),
        int_column("authority_class", class),
        int_column("authority", authority),
        int_column("name_key", keys.iter().map(|k| k.name_key).collect()),
        opt_int_column("birth_days", keys.iter().map(|k| k.birth_days.map(i64::from)).collect()),
    ])
}

/// Authorities as the two columns of a table.
pub(super) fn authority_columns(
    authorities: impl Iterator<Item = Option<Authority>>,
) -> (Vec<i64>, Vec<i64>) {
    authorities
        .map(|authority| {
            let (class, key) = Authority::to_columns(authority);
            (i64::from(class), key)
        })
        .unzip()
}

/// The two columns of a table as authorities.
pub(super) fn authorities(frame: &DataFrame) -> Result<Vec<Option<Authority>>, StageError> {
    let classes = keys(frame, "authority_class")?;
    let numbers = keys(frame, "authority")?;
    let authority =
        |(class, key): (i64, i64)| Authority::from_columns(u8::try_from(class).ok()?, key);
    Ok(classes.into_iter().zip(numbers).map(authority).collect())
}

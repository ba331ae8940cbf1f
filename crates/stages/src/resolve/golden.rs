//! The best value of every attribute of a client, by the survivorship the job declares, with the
//! source it came from.

use super::quality;
use crate::columns::{
    date_column, days, flag_column, flags, frame, int_column, ints, keys, opt_int_column,
    opt_text_column, ordered, runs, text_column, texts,
};
use crate::frames::{Frames, Outputs, StageError};
use identity::{Candidate, survive};
use model::{BusinessDate, PartyField, key63};
use night::Settings;
use polars::prelude::*;

/// The attributes of a golden record, in the order of its rows: that of the alphabet.
const ATTRIBUTES: &[&str] = &[
    "address",
    "birth_date",
    "branch",
    "document_no",
    "document_type",
    "education",
    "email",
    "employer",
    "family_role",
    "family_size",
    "income",
    "industry",
    "kind",
    "manager",
    "marital",
    "mobile",
    "name",
    "occupation",
    "sex",
    "years_of_service",
];

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let columns: Vec<&str> = model::table("client_party")
        .map(|t| t.columns.iter().map(|c| c.name).collect())
        .unwrap_or_default();
    let party = ordered(&frames.take("client_party", &columns)?, &["client_id", "record_id"])?;
    let records = Records::read(&party, settings)?;
    let mut golden = Golden::default();
    let mut winners: Vec<Vec<Option<usize>>> = Vec::new();
    for (client_id, rows) in runs(&records.client_id) {
        winners.push(golden.add(client_id, rows, &records, settings));
    }
    let mut outputs = Outputs::default();
    outputs.add_in_order("client_golden", golden.frame()?)?;
    outputs.add("client_facts", facts(&party, &records, &winners)?)?;
    let places = PartyField::ALL.map(|f| ATTRIBUTES.iter().position(|name| *name == f.name()));
    quality::add(&mut outputs, &party, &records.client_id, settings, |client, field| {
        winners[client][places[field as usize]?]
    })?;
    outputs.add_in_order("client_xref", party)?;
    Ok(outputs)
}

/// The records of the bucket's clients, sorted by client.
struct Records<'a> {
    client_id: Vec<i64>,
    record_id: Vec<i64>,
    system: Vec<Option<&'a str>>,
    trust: Vec<u8>,
    opened_on: Vec<Option<i32>>,
    values: Vec<Vec<Option<String>>>,
}

impl<'a> Records<'a> {
    fn read(party: &'a DataFrame, settings: &Settings<'_>) -> Result<Self, StageError> {
        let system = texts(party, "system")?;
        let trust = system.iter().map(|s| settings.job.trust_rank(s.unwrap_or_default())).collect();
        let values =
            ATTRIBUTES.iter().map(|name| as_text(party, name)).collect::<Result<_, _>>()?;
        Ok(Self {
            client_id: keys(party, "client_id")?,
            record_id: keys(party, "record_id")?,
            system,
            trust,
            opened_on: days(party, "opened_on")?,
            values,
        })
    }
}

/// A column of any type as the text the golden record shows.
fn as_text(party: &DataFrame, name: &str) -> Result<Vec<Option<String>>, StageError> {
    let column = party.column(name)?;
    Ok(match column.dtype() {
        DataType::String => texts(party, name)?.into_iter().map(|v| v.map(str::to_owned)).collect(),
        DataType::Date => days(party, name)?
            .into_iter()
            .map(|d| BusinessDate::from_epoch_days(d?).map(|d| d.to_string()))
            .collect(),
        _ => ints(party, name)?.into_iter().map(|v| v.map(|v| v.to_string())).collect(),
    })
}

/// Rows of `client_golden` as they are chosen.
#[derive(Default)]
struct Golden<'a> {
    client_id: Vec<i64>,
    attribute: Vec<&'static str>,
    value: Vec<Option<String>>,
    system: Vec<Option<&'a str>>,
    date: Vec<Option<i32>>,
    conflicts: Vec<i64>,
}

impl<'a> Golden<'a> {
    /// Chooses the attributes of one client; the winning row of each.
    fn add(
        &mut self,
        client_id: i64,
        rows: std::ops::Range<usize>,
        records: &Records<'a>,
        settings: &Settings<'_>,
    ) -> Vec<Option<usize>> {
        let mut winners = Vec::with_capacity(ATTRIBUTES.len());
        for (attribute, values) in ATTRIBUTES.iter().zip(&records.values) {
            let candidate = |row: usize| Candidate {
                value_key: values[row].as_deref().map(|v| key63(&[v])),
                valid: true,
                trust_rank: records.trust[row],
                as_of_days: records.opened_on[row],
                record_id: records.record_id[row],
            };
            let candidates: Vec<Candidate> = rows.clone().map(candidate).collect();
            let survivor = survive(settings.job.policy(attribute), &candidates);
            let row = survivor.map(|s| rows.start + s.winner);
            winners.push(row);
            let (Some(survivor), Some(row)) = (survivor, row) else { continue };
            self.client_id.push(client_id);
            self.attribute.push(attribute);
            self.value.push(values[row].clone());
            self.system.push(records.system[row]);
            self.date.push(records.opened_on[row]);
            self.conflicts.push(i64::try_from(survivor.conflicts).unwrap_or(i64::MAX));
        }
        winners
    }

    fn frame(self) -> Result<DataFrame, StageError> {
        frame(vec![
            int_column("client_id", self.client_id),
            text_column("attribute", &self.attribute),
            opt_text_column("value", &self.value),
            opt_text_column("source_system", &self.system),
            date_column("source_date", self.date),
            int_column("conflicts", self.conflicts),
        ])
    }
}

/// The golden values that scores read, typed, one row per client.
fn facts(
    party: &DataFrame,
    records: &Records<'_>,
    winners: &[Vec<Option<usize>>],
) -> Result<DataFrame, StageError> {
    let rows_of = |name: &str| -> Vec<Option<usize>> {
        let at = ATTRIBUTES.iter().position(|a| *a == name);
        winners.iter().map(|w| at.and_then(|at| w[at])).collect()
    };
    let text = |name: &str| -> Result<Column, StageError> {
        let values = texts(party, name)?;
        let chosen: Vec<Option<&str>> = rows_of(name).into_iter().map(|row| values[row?]).collect();
        Ok(opt_text_column(name, &chosen))
    };
    let int = |name: &str| -> Result<Column, StageError> {
        let values = ints(party, name)?;
        Ok(opt_int_column(name, rows_of(name).into_iter().map(|row| values[row?]).collect()))
    };
    let births = days(party, "birth_date")?;
    let opted_out = flags(party, "opt_out")?;
    let clients: Vec<_> = runs(&records.client_id).collect();
    let opened =
        |rows: &std::ops::Range<usize>| rows.clone().filter_map(|r| records.opened_on[r]).min();
    let out: Vec<bool> =
        clients.iter().map(|(_, rows)| opted_out[rows.clone()].contains(&true)).collect();
    frame(vec![
        int_column("client_id", clients.iter().map(|(id, _)| *id).collect()),
        text("kind")?,
        date_column("birth_date", rows_of("birth_date").into_iter().map(|r| births[r?]).collect()),
        text("sex")?,
        text("occupation")?,
        int("years_of_service")?,
        int("income")?,
        text("family_role")?,
        int("family_size")?,
        text("branch")?,
        text("manager")?,
        date_column("opened_on", clients.iter().map(|(_, rows)| opened(rows)).collect()),
        flag_column("opt_out", &out),
        int_column(
            "records",
            clients.iter().map(|(_, rows)| i64::try_from(rows.len()).unwrap_or(i64::MAX)).collect(),
        ),
    ])
}

//! How much is known of every client, how far it can be believed, and how good the fields of the party
//! records are: counts of a range of clients.

use crate::columns::{
    date_column, days, flag_column, frame, int_column, ints, opt_text_column, runs, text_column,
    texts,
};
use crate::frames::{Outputs, StageError};
use identity::{Judgement, PartyKind, Said, Statement, TrustGrade, judge};
use model::{Job, PartyField, Quality};
use night::Settings;
use polars::prelude::*;
use rustc_hash::FxHashMap;

/// Between the missing fields of a client.
const SEPARATOR: &str = ",";

/// Judges the records of a bucket's clients, sorted by client; `golden` gives the row of the golden
/// value of a field, by the place of the client among them.
pub(super) fn add(
    outputs: &mut Outputs,
    party: &DataFrame,
    client_id: &[i64],
    settings: &Settings<'_>,
    golden: impl Fn(usize, PartyField) -> Option<usize>,
) -> Result<(), StageError> {
    let records = Records::read(party)?;
    let mut buffer = String::new();
    let mut of_clients = Clients::new(settings);
    let mut counts = Counts::default();
    for (at, (client, rows)) in runs(client_id).enumerate() {
        let judged: Vec<Judgement> = rows
            .clone()
            .map(|row| judge(&records.statement(row), settings.as_of, &mut buffer))
            .collect();
        let key = |field: PartyField| {
            let row = golden(at, field)?;
            judged.get(row.checked_sub(rows.start)?)?.verdicts[field as usize].key()
        };
        let best = PartyField::ALL.map(key);
        for (row, judgement) in rows.clone().zip(&judged) {
            counts.add(records.place(row), judgement, &best);
        }
        let grades = rows.clone().zip(&judged).map(|(row, judgement)| {
            let (opened, checked) = (records.opened_on[row], records.checked_on[row]);
            TrustGrade::of(judgement.proof, opened, checked, of_clients.real_name_from)
        });
        let grade = grades.min().unwrap_or(TrustGrade::D);
        of_clients.add(client, records.kind[rows.start], &judged, &best, grade);
    }
    outputs.add_in_order("client_quality", of_clients.frame()?)?;
    outputs.add("quality_count", counts.frame(settings.job)?)
}

/// What the records of a bucket say.
struct Records<'a> {
    system: Vec<Option<&'a str>>,
    branch: Vec<Option<&'a str>>,
    kind: Vec<Option<&'a str>>,
    document_type: Vec<Option<&'a str>>,
    opened_on: Vec<Option<i32>>,
    checked_on: Vec<Option<i32>>,
    fields: Vec<Values<'a>>,
}

/// A column as its type has it.
enum Values<'a> {
    Texts(Vec<Option<&'a str>>),
    Numbers(Vec<Option<i64>>),
    Days(Vec<Option<i32>>),
}

impl<'a> Records<'a> {
    fn read(party: &'a DataFrame) -> Result<Self, StageError> {
        let values = |field: &PartyField| -> Result<Values<'a>, StageError> {
            let name = field.name();
            Ok(match party.column(name)?.dtype() {
                DataType::String => Values::Texts(texts(party, name)?),
                DataType::Date => Values::Days(days(party, name)?),
                _ => Values::Numbers(ints(party, name)?),
            })
        };
        Ok(Self {
            system: texts(party, "system")?,
            branch: texts(party, "branch")?,
            kind: texts(party, "kind")?,
            document_type: texts(party, "document_type")?,
            opened_on: days(party, "opened_on")?,
            checked_on: days(party, "document_checked_on")?,
            fields: PartyField::ALL.iter().map(values).collect::<Result<_, _>>()?,
        })
    }

    fn statement(&self, row: usize) -> Statement<'a> {
        let said = |field: PartyField| match &self.fields[field as usize] {
            Values::Texts(texts) => texts[row].map_or(Said::Nothing, Said::Text),
            Values::Numbers(numbers) => numbers[row].map_or(Said::Nothing, Said::Number),
            Values::Days(days) => days[row].map_or(Said::Nothing, Said::Day),
        };
        Statement {
            kind: self.kind[row],
            document_type: self.document_type[row],
            said: PartyField::ALL.map(said),
        }
    }

    /// System and branch of a record.
    fn place(&self, row: usize) -> (&'a str, &'a str) {
        (self.system[row].unwrap_or_default(), self.branch[row].unwrap_or_default())
    }
}

/// Whether a record says something valid that the golden record does not. What is invalid is a fault, no
/// contradiction.
fn differs(judgement: &Judgement, field: PartyField, best: &[Option<i64>]) -> bool {
    let verdict = judgement.verdicts[field as usize];
    verdict.is_valid() && best[field as usize].is_some_and(|best| verdict.key() != Some(best))
}

/// Records of a system and branch by what they say in each field: records, present, valid,
/// conflicting.
#[derive(Default)]
struct Counts<'a> {
    counts: FxHashMap<(&'a str, &'a str), [[i64; 4]; PartyField::COUNT]>,
}

impl<'a> Counts<'a> {
    fn add(
        &mut self,
        place: (&'a str, &'a str),
        judgement: &Judgement,
        best: &[Option<i64>; PartyField::COUNT],
    ) {
        let person = judgement.kind == PartyKind::Person;
        let counts = self.counts.entry(place).or_default();
        for field in PartyField::ALL.into_iter().filter(|field| field.is_of(person)) {
            let verdict = judgement.verdicts[field as usize];
            let count = &mut counts[field as usize];
            count[0] += 1;
            count[1] += i64::from(verdict.is_present());
            count[2] += i64::from(verdict.is_valid());
            count[3] += i64::from(differs(judgement, field, best));
        }
    }

    /// A field that no contract maps for a system is no fault of its data and has no row.
    fn frame(self, job: &Job) -> Result<DataFrame, StageError> {
        let (mut systems, mut fields, mut branches) = (Vec::new(), Vec::new(), Vec::new());
        let mut figures: [Vec<i64>; 4] = std::array::from_fn(|_| Vec::new());
        let mut mapped: FxHashMap<&str, [bool; PartyField::COUNT]> = FxHashMap::default();
        for ((system, branch), counts) in self.counts {
            let mapped = mapped
                .entry(system)
                .or_insert_with(|| PartyField::ALL.map(|f| maps(job, system, f)));
            for field in PartyField::ALL {
                let count = counts[field as usize];
                if count[0] == 0 || !mapped[field as usize] {
                    continue;
                }
                systems.push(system);
                fields.push(field.name());
                branches.push(branch);
                figures.iter_mut().zip(count).for_each(|(column, figure)| column.push(figure));
            }
        }
        let names = ["records", "present", "valid", "conflicting"];
        let texts = [
            text_column("system", &systems),
            text_column("field", &fields),
            text_column("branch", &branches),
        ];
        let figures = names.into_iter().zip(figures).map(|(name, f)| int_column(name, f));
        frame(texts.into_iter().chain(figures).collect())
    }
}

/// Whether a contract of a system says where a field is.
fn maps(job: &Job, system: &str, field: PartyField) -> bool {
    let sources = job.sources.iter().filter(|source| source.system == system);
    let mut mappings = sources.flat_map(|s| &s.feeds).flat_map(|feed| &feed.tables);
    mappings.any(|m| m.table == "party" && m.columns.contains_key(field.name()))
}

/// Rows of `client_quality`.
struct Clients<'a> {
    quality: &'a Quality,
    real_name_from: i32,
    as_of: i32,
    client_id: Vec<i64>,
    kind: Vec<Option<&'a str>>,
    records: Vec<i64>,
    completeness: Vec<i64>,
    missing: Vec<String>,
    conflicts: Vec<i64>,
    grade: Vec<&'static str>,
    thin: Vec<bool>,
    outcome: Vec<&'static str>,
}

impl<'a> Clients<'a> {
    fn new(settings: &Settings<'a>) -> Self {
        Self {
            quality: &settings.job.quality,
            real_name_from: settings.job.quality.real_name_days(),
            as_of: settings.as_of.epoch_days(),
            client_id: Vec::new(),
            kind: Vec::new(),
            records: Vec::new(),
            completeness: Vec::new(),
            missing: Vec::new(),
            conflicts: Vec::new(),
            grade: Vec::new(),
            thin: Vec::new(),
            outcome: Vec::new(),
        }
    }

    fn add(
        &mut self,
        client_id: i64,
        kind: Option<&str>,
        judged: &[Judgement],
        best: &[Option<i64>; PartyField::COUNT],
        grade: TrustGrade,
    ) {
        let person = kind != Some("organisation");
        let fields: Vec<PartyField> =
            PartyField::ALL.into_iter().filter(|field| field.is_of(person)).collect();
        let valid =
            |field: PartyField| judged.iter().any(|j| j.verdicts[field as usize].is_valid());
        let weigh = |known: bool| -> i64 {
            let weighed = fields.iter().filter(|field| !known || valid(**field));
            weighed.map(|field| i64::from(self.quality.weight(*field))).sum()
        };
        let missing = fields.iter().filter(|f| self.quality.weight(**f) > 0 && !valid(**f));
        let missing: Vec<&str> = missing.map(|field| field.name()).collect();
        let conflicts = fields.iter().filter(|f| judged.iter().any(|j| differs(j, **f, best)));
        let lacks = fields.iter().any(|field| self.quality.is_needed(*field) && !valid(*field));
        let known_beyond = fields.iter().any(|f| f.is_beyond_the_document() && valid(*f));
        let (known, all) = (weigh(true), weigh(false));
        self.completeness.push(if all == 0 { 1_000_000 } else { known * 1_000_000 / all });
        self.conflicts.push(i64::try_from(conflicts.count()).unwrap_or(i64::MAX));
        self.client_id.push(client_id);
        self.kind.push(Some(if person { "person" } else { "organisation" }));
        self.records.push(i64::try_from(judged.len()).unwrap_or(i64::MAX));
        self.missing.push(missing.join(SEPARATOR));
        self.grade.push(grade.code());
        self.thin.push(!known_beyond);
        self.outcome.push(if lacks { "insufficient_data" } else { "sufficient" });
    }

    fn frame(self) -> Result<DataFrame, StageError> {
        let height = self.client_id.len();
        frame(vec![
            int_column("client_id", self.client_id),
            date_column("as_of", vec![Some(self.as_of); height]),
            opt_text_column("kind", &self.kind),
            int_column("records", self.records),
            int_column("completeness_ppm", self.completeness),
            text_column("missing", &self.missing),
            int_column("conflicts", self.conflicts),
            text_column("trust_grade", &self.grade),
            flag_column("thin", &self.thin),
            text_column("outcome", &self.outcome),
        ])
    }
}

#[cfg(test)]
mod tests;

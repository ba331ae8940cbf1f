//! Standardise: what a record says, in one form for all systems, with what is not a value taken
//! out.
//!
//! The column function is `standardise`; the functions on one text serve it and the tests. Nothing
//! here compares two records.

mod text;

mod number;

mod citizen;

mod organisation;

mod document;

mod characters;

mod name;

mod mobile;

mod verdict;

#[cfg(test)]
mod tests;

pub use citizen::{Citizen, DocumentClass, Sex, citizen};
pub use document::{Document, DocumentType, document};
pub use mobile::{Mobile, mobile};
pub use name::fold_name;
pub use organisation::{Organisation, organisation};
pub use verdict::{Judgement, Proof, Said, Statement, TrustGrade, Verdict, judge};

use crate::authority::Authority;
use crate::rule::Rule;
use model::{BusinessDate, key63};

/// Whether a party is a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartyKind {
    /// A natural person.
    Person,
    /// A company, an authority, an association.
    Organisation,
}

/// Party records as columns of the canonical table. A column shorter than `record_id` counts as
/// null past its end, so a column that a bank does not have is an empty slice.
#[derive(Clone, Copy, Debug, Default)]
pub struct PartyColumns<'a> {
    /// Key of (system, party key), the one column that has to be there.
    pub record_id: &'a [i64],
    /// `person` or `organisation`; where null, the document type decides.
    pub kind: &'a [Option<&'a str>],
    /// The name as the source has it.
    pub name: &'a [Option<&'a str>],
    /// Code of the document type (`DocumentType`).
    pub document_type: &'a [Option<&'a str>],
    /// The document number as the source has it.
    pub document_no: &'a [Option<&'a str>],
    /// Birth date, days since 1970-01-01.
    pub birth_date: &'a [Option<i32>],
    /// `F` or `M`.
    pub sex: &'a [Option<&'a str>],
    /// The mobile as the source has it.
    pub mobile: &'a [Option<&'a str>],
}

/// Party records in standard form, one row for each `record_id` of the input, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standardised {
    /// The record.
    pub record_id: Vec<i64>,
    /// Person or organisation.
    pub kind: Vec<PartyKind>,
    /// How far the document number can be believed.
    pub document_class: Vec<DocumentClass>,
    /// The blocking rule the document serves and the key of its value.
    pub document_block: Vec<Option<(Rule, i64)>>,
    /// The authoritative number that proves who the record is. None where the stated birth date
    /// contradicts the number: it may be a guardian's.
    pub authority: Vec<Option<Authority>>,
    /// Key of the standard name, 0 where there is none.
    pub name_key: Vec<i64>,
    /// Birth date, days since 1970-01-01: as stated, else as the document has it.
    pub birth_days: Vec<Option<i32>>,
    /// Whether the stated birth date contradicts that of a valid citizen id: a finding.
    pub birth_contradicts: Vec<bool>,
    /// Sex: as stated, else as the document has it.
    pub sex: Vec<Option<Sex>>,
    /// The mobile, eleven digits as a number.
    pub mobile: Vec<Option<i64>>,
}

/// Brings party records into standard form as of a business date: nobody is born after it.
pub fn standardise(columns: &PartyColumns<'_>, as_of: BusinessDate) -> Standardised {
    let mut standardised = Standardised::default();
    let mut name_buffer = String::new();
    for row in 0..columns.record_id.len() {
        standardised.push(&Row::of(columns, row), as_of, &mut name_buffer);
    }
    standardised
}

/// One record of the input.
struct Row<'a> {
    record_id: i64,
    kind: PartyKind,
    name: Option<&'a str>,
    document: Document,
    birth_date: Option<i32>,
    sex: Option<&'a str>,
    mobile: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(columns: &PartyColumns<'a>, row: usize) -> Self {
        let text = |column: &'a [Option<&'a str>]| column.get(row).copied().flatten();
        let document_type = DocumentType::from_code(text(columns.document_type));
        Self {
            record_id: columns.record_id[row],
            kind: kind_of(text(columns.kind), document_type),
            name: text(columns.name),
            document: document(document_type, text(columns.document_no)),
            birth_date: columns.birth_date.get(row).copied().flatten(),
            sex: text(columns.sex),
            mobile: text(columns.mobile),
        }
    }
}

impl Standardised {
    fn push(&mut self, row: &Row<'_>, as_of: BusinessDate, name_buffer: &mut String) {
        let person = row.kind == PartyKind::Person;
        let document = own_document(row, as_of);
        let stated = row.birth_date.filter(|days| person && is_birth_date(*days, as_of));
        let documented = document.birth.map(BusinessDate::epoch_days);
        let contradicts = matches!((stated, documented), (Some(a), Some(b)) if a != b);
        let named = row.name.is_some_and(|name| fold_name(name, row.kind, name_buffer));
        self.record_id.push(row.record_id);
        self.kind.push(row.kind);
        self.document_class.push(document.class);
        self.document_block.push(document.block());
        self.authority.push(document.authority.filter(|_| !contradicts));
        self.name_key.push(if named { key63(&["name", name_buffer]).max(1) } else { 0 });
        self.birth_days.push(stated.or(documented));
        self.birth_contradicts.push(contradicts);
        self.sex.push(stated_sex(row.sex).or(document.sex).filter(|_| person));
        self.mobile.push(row.mobile.and_then(|text| match mobile(text) {
            Mobile::Valid(digits) => Some(digits),
            _ => None,
        }));
    }
}

/// Person or organisation, as stated; else as the document type says.
fn kind_of(stated: Option<&str>, document_type: DocumentType) -> PartyKind {
    let of_organisation = document_type == DocumentType::OrganisationCode;
    match stated.map(str::trim) {
        Some("organisation") => PartyKind::Organisation,
        None | Some("") if of_organisation => PartyKind::Organisation,
        _ => PartyKind::Person,
    }
}

/// The document, if it can be the party's own: the id of a legal representative on a company's
/// record is not the company's, the code of a company on an owner's record not the owner's, and
/// nobody has the id of a person not yet born.
fn own_document(row: &Row<'_>, as_of: BusinessDate) -> Document {
    let read = row.document;
    let is_of_person = matches!(read.class, DocumentClass::Valid18 | DocumentClass::Upgraded15);
    let is_of_organisation = read.document_type == DocumentType::OrganisationCode;
    let unborn = read.birth.is_some_and(|birth| birth > as_of);
    let foreign = match row.kind {
        PartyKind::Person => is_of_organisation,
        PartyKind::Organisation => is_of_person,
    };
    if foreign || unborn { document(DocumentType::Unstated, None) } else { read }
}

/// Days at which a living person can be born: not before 1870, not the default of 1900-01-01, not
/// after the business date.
fn is_birth_date(days: i32, as_of: BusinessDate) -> bool {
    const FIRST: i32 = -36_524;
    const DEFAULT: i32 = -25_567;
    (FIRST..=as_of.epoch_days()).contains(&days) && days != DEFAULT
}

fn stated_sex(code: Option<&str>) -> Option<Sex> {
    match code.map(str::trim)? {
        "F" | "f" => Some(Sex::Female),
        "M" | "m" => Some(Sex::Male),
        _ => None,
    }
}

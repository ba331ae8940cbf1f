//! What each field of a party record is worth: absent, invalid or valid; and how far the record as a
//! whole can be trusted.
//!
//! A verdict looks at one record alone. What cannot be true is invalid; what merely differs from
//! another record is a conflict, found by comparing the keys of verdicts.

use super::{
    DocumentClass, DocumentType, Mobile, PartyKind, Row, Sex, document, fold_name, is_birth_date,
    mobile, own_document, stated_sex,
};
use model::{BusinessDate, PartyField, key63};

/// What a record says in one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// Nothing.
    Nothing,
    /// A text.
    Text(&'a str),
    /// A whole number or an amount.
    Number(i64),
    /// A day, days since 1970-01-01.
    Day(i32),
}

/// A party record to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// `person` or `organisation`; where null, the document type decides.
    pub kind: Option<&'a str>,
    /// Code of the document type (`DocumentType`).
    pub document_type: Option<&'a str>,
    /// What it says, in the order of [`PartyField::ALL`].
    pub said: [Said<'a>; PartyField::COUNT],
}

/// What a field of a record is worth. Equal keys are equal values, however they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No value.
    Absent,
    /// A value that cannot be true, or says nothing.
    Invalid {
        /// Key of the value.
        key: i64,
    },
    /// A value that can be true.
    Valid {
        /// Key of the value in its standard form.
        key: i64,
    },
}

/// What the document of a record proves of who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// A number for life that is right in itself.
    Authoritative,
    /// A document in the form of its type.
    Document,
    /// Nothing: no number, a wrong or made-up one, another's.
    Nothing,
}

/// How far a record can be trusted to say who somebody is; the first is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrustGrade {
    /// An authoritative document, seen when real names were asked for.
    A,
    /// Another document seen then, or a document of which nobody says when it was seen.
    B,
    /// A document of before, never checked since.
    C,
    /// No valid document.
    D,
}

/// The judgement of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Person or organisation.
    pub kind: PartyKind,
    /// Verdicts, in the order of [`PartyField::ALL`].
    pub verdicts: [Verdict; PartyField::COUNT],
    /// What its document proves.
    pub proof: Proof,
}

impl Verdict {
    /// Whether there is a value.
    pub fn is_present(self) -> bool {
        self != Self::Absent
    }

    /// Whether there is a value that can be true.
    pub fn is_valid(self) -> bool {
        matches!(self, Self::Valid { .. })
    }

    /// The key of the value.
    pub fn key(self) -> Option<i64> {
        match self {
            Self::Absent => None,
            Self::Invalid { key } | Self::Valid { key } => Some(key),
        }
    }
}

impl TrustGrade {
    /// The grade of a record by what its document proves and the days on which somebody saw it: at
    /// opening and at a later check. Documents seen before `real_name_from` prove little, as any name
    /// was taken then. All days are days since 1970-01-01.
    pub fn of(
        proof: Proof,
        opened: Option<i32>,
        checked: Option<i32>,
        real_name_from: i32,
    ) -> Self {
        match (proof, opened.max(checked)) {
            (Proof::Nothing, _) => Self::D,
            (_, Some(seen)) if seen < real_name_from => Self::C,
            (Proof::Authoritative, Some(_)) => Self::A,
            _ => Self::B,
        }
    }

    /// The letter in tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }
}

/// Judges a record as of a business date; the text of `buffer` is lost.
pub fn judge(statement: &Statement<'_>, as_of: BusinessDate, buffer: &mut String) -> Judgement {
    let text = |field: PartyField| match statement.said[field as usize] {
        Said::Text(text) => Some(text),
        _ => None,
    };
    let row = Row {
        record_id: 0,
        kind: PartyKind::Person,
        name: text(PartyField::Name),
        document: document(
            DocumentType::from_code(statement.document_type),
            text(PartyField::Document),
        ),
        birth_date: match statement.said[PartyField::BirthDate as usize] {
            Said::Day(days) => Some(days),
            _ => None,
        },
        sex: text(PartyField::Sex),
        mobile: text(PartyField::Mobile),
    };
    let row = Row { kind: super::kind_of(statement.kind, row.document.document_type), ..row };
    let judge = Judge::of(&row, as_of);
    let verdict = |field: PartyField| judge.field(field, statement.said[field as usize], buffer);
    let mut verdicts = [Verdict::Absent; PartyField::COUNT];
    verdicts.iter_mut().zip(PartyField::ALL.map(verdict)).for_each(|(to, from)| *to = from);
    Judgement { kind: row.kind, verdicts, proof: judge.proof }
}

/// What the fields of one record are held against.
struct Judge<'a, 'r> {
    row: &'r Row<'a>,
    as_of: BusinessDate,
    document: super::Document,
    /// The stated birth date is not that of the document.
    contradicts: bool,
    proof: Proof,
}

impl<'a, 'r> Judge<'a, 'r> {
    fn of(row: &'r Row<'a>, as_of: BusinessDate) -> Self {
        let document = own_document(row, as_of);
        let documented = document.birth.map(BusinessDate::epoch_days);
        let stated = row.birth_date.filter(|days| is_birth_date(*days, as_of));
        let contradicts = matches!((stated, documented), (Some(a), Some(b)) if a != b);
        let proof = match document.class {
            _ if contradicts => Proof::Nothing,
            DocumentClass::Valid18 | DocumentClass::Valid if document.authority.is_some() => {
                Proof::Authoritative
            }
            DocumentClass::Valid18 | DocumentClass::Upgraded15 | DocumentClass::Valid => {
                Proof::Document
            }
            _ => Proof::Nothing,
        };
        Self { row, as_of, document, contradicts, proof }
    }

    fn field(&self, field: PartyField, said: Said<'_>, buffer: &mut String) -> Verdict {
        match said {
            Said::Nothing => Verdict::Absent,
            Said::Text(text) if text.trim().is_empty() => Verdict::Absent,
            Said::Text(text) => self.text(field, text, buffer),
            Said::Number(number) => of(number_holds(field, number), &number.to_string()),
            Said::Day(day) => {
                of(is_birth_date(day, self.as_of) && !self.contradicts, &day.to_string())
            }
        }
    }

    fn text(&self, field: PartyField, text: &str, buffer: &mut String) -> Verdict {
        match field {
            PartyField::Name if fold_name(text, self.row.kind, buffer) => of(true, buffer),
            PartyField::Name => of(false, text.trim()),
            PartyField::Document => match self.document.class {
                DocumentClass::Valid18 | DocumentClass::Upgraded15 | DocumentClass::Valid => {
                    of(true, self.document.number())
                }
                _ => of(false, text.trim()),
            },
            PartyField::Mobile => match mobile(text) {
                Mobile::Valid(digits) => of(true, &digits.to_string()),
                _ => of(false, text.trim()),
            },
            PartyField::Sex => of(self.sex_holds(text), text.trim()),
            PartyField::Email => of(is_email(text.trim()), &text.trim().to_lowercase()),
            PartyField::Address => of(is_address(text), text.trim()),
            _ => of(text.chars().any(char::is_alphanumeric), text.trim()),
        }
    }

    /// F or M, and not against the document, unless that is another's.
    fn sex_holds(&self, text: &str) -> bool {
        let documented: Option<Sex> = self.document.sex.filter(|_| !self.contradicts);
        let stated = stated_sex(Some(text));
        stated.is_some_and(|stated| documented.is_none_or(|documented| documented == stated))
    }
}

fn of(valid: bool, text: &str) -> Verdict {
    let key = key63(&[text]);
    if valid { Verdict::Valid { key } } else { Verdict::Invalid { key } }
}

/// Numbers beyond these are slips or stand for "unknown" (99, -1).
fn number_holds(field: PartyField, number: i64) -> bool {
    match field {
        PartyField::YearsOfService => (0..=70).contains(&number),
        PartyField::FamilySize => (1..=30).contains(&number),
        _ => number >= 0,
    }
}

/// One `@` with something before it and a host with a dot behind it, without blanks.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let blank = text.chars().any(char::is_whitespace);
    let parts = host.split('.').all(|part| !part.is_empty());
    !name.is_empty() && !host.contains('@') && host.contains('.') && parts && !blank
}

/// At least four characters that are not all the same, with a letter or an ideograph among them.
fn is_address(text: &str) -> bool {
    let text = text.trim();
    let first = text.chars().next();
    let varied = text.chars().any(|character| Some(character) != first);
    text.chars().count() >= 4 && varied && text.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests;

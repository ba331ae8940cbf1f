//! Documents by type: which part of a number lasts, what it proves, under which key it is found.

use super::citizen::{Citizen, DocumentClass, Sex, read_citizen};
use super::number::Number;
use super::organisation::organisation;
use super::text::is_made_up;
use crate::authority::{Authority, AuthorityClass};
use crate::rule::Rule;
use model::{BusinessDate, key63};

/// The type of a document, as the canonical column `document_type` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentType {
    /// `citizen_id`: resident identity card.
    CitizenId,
    /// `temporary_id`: temporary identity card; carries the citizen id.
    TemporaryId,
    /// `residence_permit`: residence permit of Hong Kong, Macau and Taiwan residents.
    ResidencePermit,
    /// `foreign_permanent`: permanent resident card of a foreigner.
    ForeignPermanent,
    /// `hk_macau_permit`: mainland travel permit of Hong Kong and Macau residents.
    HkMacauPermit,
    /// `taiwan_permit`: mainland travel permit of Taiwan residents.
    TaiwanPermit,
    /// `passport`: changes at renewal, so evidence and never an authority.
    Passport,
    /// `officer_card`: officer or soldier card.
    OfficerCard,
    /// `household_book`: household register; a child's carries the citizen id.
    HouseholdBook,
    /// `organisation_code`: unified social credit code, or the older organisation code.
    OrganisationCode,
    /// Any other type the source names.
    Other,
    /// The source names no type.
    Unstated,
}

/// One document of a party record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// The type, as stated; `CitizenId` for a valid citizen id without a stated type.
    pub document_type: DocumentType,
    /// How far the number can be believed.
    pub class: DocumentClass,
    /// The birth date the number holds.
    pub birth: Option<BusinessDate>,
    /// The sex the number holds.
    pub sex: Option<Sex>,
    /// What the number proves for life, before any look at the rest of the record.
    pub authority: Option<Authority>,
    number: Number,
}

impl DocumentType {
    /// Reads a code of the canonical column.
    pub fn from_code(code: Option<&str>) -> Self {
        match code.map(str::trim).unwrap_or_default() {
            "" => Self::Unstated,
            "citizen_id" => Self::CitizenId,
            "temporary_id" => Self::TemporaryId,
            "residence_permit" => Self::ResidencePermit,
            "foreign_permanent" => Self::ForeignPermanent,
            "hk_macau_permit" => Self::HkMacauPermit,
            "taiwan_permit" => Self::TaiwanPermit,
            "passport" => Self::Passport,
            "officer_card" => Self::OfficerCard,
            "household_book" => Self::HouseholdBook,
            "organisation_code" => Self::OrganisationCode,
            _ => Self::Other,
        }
    }

    /// A stable name, part of block keys.
    fn name(self) -> &'static str {
        match self {
            Self::CitizenId | Self::TemporaryId => "citizen",
            Self::ResidencePermit => "residence",
            Self::ForeignPermanent => "foreign",
            Self::HkMacauPermit => "hk_macau",
            Self::TaiwanPermit => "taiwan",
            Self::Passport => "passport",
            Self::OfficerCard => "officer",
            Self::HouseholdBook => "household",
            Self::OrganisationCode => "organisation",
            Self::Other => "other",
            Self::Unstated => "unstated",
        }
    }
}

impl Document {
    /// The lasting part of the number, cleaned; empty where it proves nothing. For an organisation
    /// the code of 9 characters, for a citizen id 18 characters.
    pub fn number(&self) -> &str {
        self.number.as_str()
    }

    /// The blocking rule this document serves and the key of its value under it.
    pub fn block(&self) -> Option<(Rule, i64)> {
        let rule = match self.class {
            DocumentClass::Valid18 | DocumentClass::Upgraded15 => Rule::CitizenId,
            DocumentClass::Valid if self.document_type == DocumentType::OrganisationCode => {
                Rule::Organisation
            }
            DocumentClass::Valid => Rule::Document,
            _ => return None,
        };
        // A citizen id is one number on whatever paper it stands.
        let scope = if rule == Rule::CitizenId { "" } else { self.document_type.name() };
        Some((rule, key63(&["block", rule.name(), scope, self.number()])))
    }

    fn nothing(document_type: DocumentType, class: DocumentClass) -> Self {
        let number = Number::EMPTY;
        Self { document_type, class, birth: None, sex: None, authority: None, number }
    }

    fn valid(document_type: DocumentType, number: Number) -> Self {
        Self { number, ..Self::nothing(document_type, DocumentClass::Valid) }
    }
}

/// Reads a document number by its type. A citizen id is recognised without a stated type when it is
/// valid, and in a household book.
pub fn document(document_type: DocumentType, text: Option<&str>) -> Document {
    use DocumentType as Type;
    let nothing = |class| Document::nothing(document_type, class);
    let Some(text) = text else { return nothing(DocumentClass::Absent) };
    let Some(number) = Number::clean(text) else { return nothing(DocumentClass::Malformed) };
    match document_type {
        _ if number.as_bytes().is_empty() => nothing(DocumentClass::Absent),
        Type::CitizenId | Type::TemporaryId | Type::ResidencePermit => {
            of_citizen(document_type, read_citizen(&number))
        }
        Type::OrganisationCode => of_organisation(text),
        _ if is_placeholder(number.as_bytes()) => nothing(DocumentClass::Placeholder),
        Type::HkMacauPermit => hk_macau_permit(number),
        Type::TaiwanPermit => taiwan_permit(number),
        Type::OfficerCard => plain(document_type, officer_card(&number)),
        Type::Passport | Type::Other => plain(document_type, number),
        Type::ForeignPermanent | Type::HouseholdBook => match read_citizen(&number) {
            read if read.class == DocumentClass::Valid18 => of_citizen(document_type, read),
            _ => plain(document_type, number),
        },
        Type::Unstated => match read_citizen(&number) {
            read if read.class == DocumentClass::Valid18 => of_citizen(Type::CitizenId, read),
            _ => nothing(DocumentClass::Malformed),
        },
    }
}

fn of_citizen(document_type: DocumentType, read: Citizen) -> Document {
    let number = Number::ascii(read.number().as_bytes());
    let authority = citizen_class(&read)
        .map(|class| Authority { class, key: key63(&["authority", "citizen", number.as_str()]) });
    let Citizen { class, birth, sex, .. } = read;
    Document { document_type, class, birth, sex, authority, number }
}

/// The class of a citizen id by its region: residents of Hong Kong, Macau and Taiwan and foreigners
/// have numbers of the same form beside their other papers.
fn citizen_class(read: &Citizen) -> Option<AuthorityClass> {
    match (read.class, read.number().as_bytes()) {
        (DocumentClass::Valid18, [b'8', b'1'..=b'3', ..]) => Some(AuthorityClass::Residence),
        (DocumentClass::Valid18, [b'9', ..]) => Some(AuthorityClass::ForeignResident),
        (DocumentClass::Valid18, _) => Some(AuthorityClass::Citizen18),
        (DocumentClass::Upgraded15, _) => Some(AuthorityClass::Citizen15),
        _ => None,
    }
}

fn of_organisation(text: &str) -> Document {
    let read = organisation(text);
    let class = match read.class {
        DocumentClass::Valid if read.is_credit_code => Some(AuthorityClass::CreditCode),
        DocumentClass::Valid => Some(AuthorityClass::OrganisationCode),
        _ => None,
    };
    let number = Number::ascii(read.lasting().as_bytes());
    let key = key63(&["authority", "organisation", number.as_str()]);
    Document {
        number,
        authority: class.map(|class| Authority { class, key }),
        ..Document::nothing(DocumentType::OrganisationCode, read.class)
    }
}

/// H or M and 8 digits last; the 2 digits that may follow count re-issues.
///
/// Source: Ministry of Public Security, rules for the permit number (2010).
fn hk_macau_permit(number: Number) -> Document {
    let document_type = DocumentType::HkMacauPermit;
    match number.as_bytes() {
        [b'H' | b'M', digits @ ..]
            if matches!(digits.len(), 8 | 10) && digits.iter().all(u8::is_ascii_digit) =>
        {
            permit(document_type, AuthorityClass::HkMacauPermit, &number.as_bytes()[..9])
        }
        _ => Document::nothing(document_type, DocumentClass::Malformed),
    }
}

/// 8 digits last; an issue count and a letter may follow in older booklets.
fn taiwan_permit(number: Number) -> Document {
    let document_type = DocumentType::TaiwanPermit;
    match number.as_bytes() {
        digits
            if (8..=11).contains(&digits.len()) && digits[..8].iter().all(u8::is_ascii_digit) =>
        {
            permit(document_type, AuthorityClass::TaiwanPermit, &digits[..8])
        }
        _ => Document::nothing(document_type, DocumentClass::Malformed),
    }
}

fn permit(document_type: DocumentType, class: AuthorityClass, lasting: &[u8]) -> Document {
    let number = Number::ascii(lasting);
    let key = key63(&["authority", document_type.name(), number.as_str()]);
    Document { authority: Some(Authority { class, key }), ..Document::valid(document_type, number) }
}

/// The letter of the service and the digits: "字", "第" and "号" between them are dress.
fn officer_card(number: &Number) -> Number {
    let lasting: String =
        number.as_str().chars().filter(|c| !"字第号號证證".contains(*c)).collect();
    Number::clean(&lasting).unwrap_or(Number::EMPTY)
}

/// A number without a form of its own: some digits, and not too short to tell two papers apart.
fn plain(document_type: DocumentType, number: Number) -> Document {
    let digits = number.as_bytes().iter().filter(|byte| byte.is_ascii_digit()).count();
    let characters = number.as_str().chars().count();
    if digits >= 4 && (6..=24).contains(&characters) {
        Document::valid(document_type, number)
    } else {
        Document::nothing(document_type, DocumentClass::Malformed)
    }
}

/// Made-up digits, with or without a letter before them.
fn is_placeholder(number: &[u8]) -> bool {
    let letters = number.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    is_made_up(&number[letters.min(2)..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, text: &str, class: DocumentClass, number: &str, rule: Option<Rule>) {
        let read = document(DocumentType::from_code(Some(code)), Some(text));
        let found = (read.class, read.number(), read.block().map(|block| block.0));
        assert_eq!(found, (class, number, rule), "{code} {text}");
    }

    #[test]
    fn each_type_keeps_its_lasting_part() {
        use DocumentClass::{BadCheck, Malformed, Placeholder, Upgraded15, Valid, Valid18};
        let citizen = "11010519491231002X";
        let by_id = Some(Rule::CitizenId);
        check("citizen_id", "110105491231002", Upgraded15, citizen, by_id);
        check("temporary_id", citizen, Valid18, citizen, by_id);
        check("household_book", citizen, Valid18, citizen, by_id);
        check("", citizen, Valid18, citizen, by_id);
        check("", "110105491231002", Malformed, "", None);
        check("citizen_id", "110105194912310021", BadCheck, "110105194912310021", None);
        let by_paper = Some(Rule::Document);
        check("passport", "e 1234-5670", Valid, "E12345670", by_paper);
        check("passport", "E00000000", Placeholder, "", None);
        check("passport", "E1", Malformed, "", None);
        check("hk_macau_permit", "h12340567801", Malformed, "", None);
        check("hk_macau_permit", "h1234056701", Valid, "H12340567", by_paper);
        check("hk_macau_permit", "H12340567", Valid, "H12340567", by_paper);
        check("hk_macau_permit", "X12340567", Malformed, "", None);
        check("taiwan_permit", "01235678", Valid, "01235678", by_paper);
        check("taiwan_permit", "0123567801(B)", Valid, "01235678", by_paper);
        check("taiwan_permit", "0123A678", Malformed, "", None);
        check("officer_card", "军字第1230567号", Valid, "军1230567", by_paper);
        check("household_book", "3301-002-9981", Valid, "33010029981", by_paper);
        check("foreign_permanent", "USA310077010151", Valid, "USA310077010151", by_paper);
        check(
            "organisation_code",
            "91350100M000100Y43",
            Valid,
            "M000100Y4",
            Some(Rule::Organisation),
        );
        check("organisation_code", "M000100Y-4", Valid, "M000100Y4", Some(Rule::Organisation));
        check("student_card", "2019-30077", Valid, "201930077", by_paper);
    }

    #[test]
    fn authority_is_by_class_and_only_where_a_number_lasts() {
        let class = |code: &str, text: &str| {
            document(DocumentType::from_code(Some(code)), Some(text)).authority.map(|a| a.class)
        };
        assert_eq!(class("citizen_id", "11010519491231002X"), Some(AuthorityClass::Citizen18));
        assert_eq!(class("citizen_id", "110105491231002"), Some(AuthorityClass::Citizen15));
        assert_eq!(class("citizen_id", "110105194912310021"), None);
        assert_eq!(
            class("residence_permit", "810000199408230021"),
            Some(AuthorityClass::Residence)
        );
        assert_eq!(class("hk_macau_permit", "H12340567"), Some(AuthorityClass::HkMacauPermit));
        assert_eq!(class("passport", "E12345670"), None);
        assert_eq!(class("organisation_code", "M000100Y4"), Some(AuthorityClass::OrganisationCode));
    }

    #[test]
    fn one_number_has_one_key_on_whatever_paper() {
        let read =
            |code: &str, text: &str| document(DocumentType::from_code(Some(code)), Some(text));
        let card = read("citizen_id", "11010519491231002X");
        for other in
            [read("citizen_id", "110105491231002"), read("household_book", "11010519491231002x")]
        {
            assert_eq!(card.block(), other.block());
            assert!(card.authority.unwrap().same_number(other.authority.unwrap()));
        }
        assert_ne!(read("passport", "E12345670").block(), read("other", "E12345670").block());
    }

    #[test]
    fn a_document_does_not_print_its_number() {
        let printed = format!("{:?}", document(DocumentType::Passport, Some("E12345670")));
        assert!(!printed.contains("12345670"), "{printed}");
    }
}

//! The people of the bank as they are: households, persons, their papers and their traits.

pub(crate) mod documents;
mod households;
mod name_tables;
pub(crate) mod names;
pub(crate) mod places;
mod traits;

pub(crate) use households::{households, swapped};
pub(crate) use traits::{Education, Marital, Occupation};

use crate::days::Day;
use crate::latent::Latent;
use names::Name;
use places::Address;

/// The systems by their place in arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// Core deposits.
    Deposits = 0,
    /// Cards.
    Cards,
    /// Loans.
    Loans,
    /// Funds.
    Funds,
    /// Insurance.
    Insurance,
    /// E-banking.
    Ebank,
    /// Client care.
    Care,
}

impl System {
    /// The name in contracts and in the truth.
    pub(crate) fn name(self) -> &'static str {
        ["deposits", "cards", "loans", "funds", "insurance", "ebank", "care"][self as usize]
    }
}

/// What somebody is in the family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FamilyRole {
    /// Lives alone.
    Single,
    /// Head of a household of several.
    Head,
    /// Husband or wife of the head.
    Spouse,
    /// Child of the head.
    Child,
    /// Parent of the head.
    Parent,
}

impl FamilyRole {
    /// The code in extracts.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Head => "head",
            Self::Spouse => "spouse",
            Self::Child => "child",
            Self::Parent => "parent",
        }
    }
}

/// A person.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Number among the clients.
    pub(crate) index: u64,
    /// Number of the head of the household.
    pub(crate) head: u64,
    /// Place of the spouse among the people of the chunk.
    pub(crate) spouse: Option<usize>,
    /// Role in the family.
    pub(crate) role: FamilyRole,
    /// Persons in the family, those who are no clients included.
    pub(crate) family_size: i64,
    /// Whether a man.
    pub(crate) male: bool,
    /// Date of birth.
    pub(crate) birth: Day,
    /// Name.
    pub(crate) name: Name,
    /// Citizen id.
    pub(crate) id: String,
    /// Citizen id of the head of the household.
    pub(crate) guardian_id: Option<String>,
    /// Mobile number.
    pub(crate) mobile: String,
    /// The number before.
    pub(crate) mobile_before: String,
    /// Number of the head of the household.
    pub(crate) mobile_of_head: Option<String>,
    /// E-mail address.
    pub(crate) email: String,
    /// Address.
    pub(crate) home: Address,
    /// The address before.
    pub(crate) home_before: Address,
    /// Age in years.
    pub(crate) age: f64,
    /// Occupation.
    pub(crate) occupation: Occupation,
    /// Employer, for those who have one.
    pub(crate) employer: Option<String>,
    /// Whole years in the occupation.
    pub(crate) service_years: i64,
    /// Education.
    pub(crate) education: Education,
    /// Marital status.
    pub(crate) marital: Marital,
    /// Money, attachment, leaving.
    pub(crate) latent: Latent,
    /// Day from which each system knows the person.
    pub(crate) since: [Option<Day>; 7],
    /// Whether the person stands twice in the system.
    pub(crate) twice: [bool; 7],
    /// Refused profiling.
    pub(crate) opted_out: bool,
}

impl Person {
    /// The label in the truth.
    pub(crate) fn label(&self) -> String {
        format!("P{:08}", self.index)
    }
}

//! What may be asked of the synthetic bank, and what it says when it is done.

use model::BusinessDate;
use std::path::PathBuf;

/// Which bank to make.
#[derive(Clone, Debug)]
pub struct Params {
    /// True clients, persons and organisations together.
    pub clients: u64,
    /// Seed of every draw.
    pub seed: u64,
    /// Business date of the last night.
    pub as_of: BusinessDate,
    /// Nights, each one calendar month after the one before; the last is `as_of`.
    pub nights: u32,
    /// Whether rows are planted that the gate has to refuse, leave out or supersede.
    pub faults: bool,
    /// How often what goes wrong.
    pub rates: Rates,
}

/// How often the systems know a person and how often their records are damaged.
///
/// Probabilities. Arrays are in the order deposits, cards, loans, funds, insurance, e-banking,
/// client care.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// A client is an organisation.
    pub organisation: f64,
    /// An adult is known to the system.
    pub member: [f64; 7],
    /// A person stands twice in one system.
    pub duplicate: f64,
    /// No document number.
    pub id_missing: [f64; 7],
    /// A wrong digit, or two neighbours swapped, in a document number.
    pub id_typo: [f64; 7],
    /// The 15-digit form, where the record is older than 2004.
    pub id_short: f64,
    /// Another document than the citizen id.
    pub id_other: f64,
    /// The id of the head of the household in place of one's own.
    pub id_guardian: f64,
    /// A placeholder such as 111111111111111111.
    pub id_placeholder: f64,
    /// No mobile number.
    pub mobile_missing: [f64; 7],
    /// A number given up since.
    pub mobile_old: [f64; 7],
    /// A child or spouse gives the number of the head of the household.
    pub mobile_shared: f64,
    /// A wrong digit in the mobile number.
    pub mobile_typo: f64,
    /// A prefix or separators in the mobile number.
    pub mobile_format: f64,
    /// A character of the given name replaced by one that sounds alike.
    pub name_homophone: f64,
    /// A character of the given name lost.
    pub name_lost: f64,
    /// A blank inside the name.
    pub name_space: f64,
    /// Only the Latin spelling of the name.
    pub name_latin: [f64; 7],
    /// Traditional characters.
    pub name_traditional: f64,
    /// No date of birth.
    pub birth_missing: [f64; 7],
    /// 1900-01-01 for a date of birth.
    pub birth_default: f64,
    /// Day and month of birth swapped.
    pub birth_swapped: f64,
    /// Date of birth off by a day, a month or a year.
    pub birth_shifted: f64,
    /// An address moved away from since.
    pub address_old: [f64; 7],
    /// Full-width digits in the address.
    pub address_wide: f64,
    /// No e-mail address.
    pub email_missing: [f64; 7],
    /// Refused profiling.
    pub opt_out: f64,
    /// A child has a twin.
    pub twins: f64,
}

impl Default for Rates {
    /// The corruption model of the reference bank, Chinese case.
    fn default() -> Self {
        Self {
            organisation: 0.04,
            member: [0.82, 0.45, 0.22, 0.25, 0.22, 0.55, 0.15],
            duplicate: 0.025,
            id_missing: [0.01, 0.03, 0.01, 0.04, 0.12, 0.30, 0.50],
            id_typo: [0.005, 0.008, 0.005, 0.008, 0.015, 0.01, 0.02],
            id_short: 0.70,
            id_other: 0.006,
            id_guardian: 0.003,
            id_placeholder: 0.003,
            mobile_missing: [0.06, 0.02, 0.03, 0.03, 0.08, 0.01, 0.02],
            mobile_old: [0.30, 0.18, 0.22, 0.15, 0.25, 0.10, 0.12],
            mobile_shared: 0.20,
            mobile_typo: 0.01,
            mobile_format: 0.06,
            name_homophone: 0.015,
            name_lost: 0.006,
            name_space: 0.01,
            name_latin: [0.0, 0.10, 0.0, 0.01, 0.0, 0.04, 0.0],
            name_traditional: 0.012,
            birth_missing: [0.04, 0.02, 0.02, 0.10, 0.05, 0.0, 0.0],
            birth_default: 0.004,
            birth_swapped: 0.004,
            birth_shifted: 0.006,
            address_old: [0.30, 0.18, 0.15, 0.15, 0.25, 0.12, 0.12],
            address_wide: 0.05,
            email_missing: [0.75, 0.60, 0.60, 0.40, 0.70, 0.25, 0.60],
            opt_out: 0.005,
            twins: 0.02,
        }
    }
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Persons.
    pub persons: u64,
    /// Organisations.
    pub organisations: u64,
    /// Party records of the last night.
    pub records: u64,
    /// Every file with its rows and bytes, in the order it was finished.
    pub files: Vec<FileCount>,
    /// The planted rows.
    pub faults: Vec<PlantedFault>,
}

/// One file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCount {
    /// Path below the output folder.
    pub path: String,
    /// Rows, without names line, header and trailer; of a package, those of all its members.
    pub rows: u64,
    /// Bytes as they stand on disk.
    pub bytes: u64,
}

/// One planted row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlantedFault {
    /// Path of the file below the output folder; a member stands in its package.
    pub file: String,
    /// Line, from 1; in a file without lines its record or row.
    pub line: u64,
    /// What is wrong with it.
    pub what: &'static str,
    /// What becomes of it: `rejected`, `superseded`, `filtered`, or `orphan`.
    pub fate: &'static str,
}

/// Why no bank was made.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// A parameter makes no sense.
    #[error("`{name}`: {cause}")]
    Params {
        /// The parameter.
        name: &'static str,
        /// What is wrong and what would be right.
        cause: String,
    },
    /// A file could not be written.
    #[error("{path}: {source}")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Params {
    /// Refuses parameters that make no sense.
    pub(crate) fn check(&self) -> Result<(), SynthError> {
        let fail = |name, cause: &str| Err(SynthError::Params { name, cause: cause.to_owned() });
        if !(1..=1_000_000_000).contains(&self.clients) {
            return fail("clients", "must lie in 1..=1000000000");
        }
        if !(1..=24).contains(&self.nights) {
            return fail("nights", "must lie in 1..=24");
        }
        if !(2000..=2060).contains(&self.as_of.ymd().0) {
            return fail("as_of", "must lie in the years 2000 to 2060");
        }
        self.rates.check()
    }
}

impl Rates {
    fn check(&self) -> Result<(), SynthError> {
        let arrays = [
            self.member,
            self.id_missing,
            self.id_typo,
            self.mobile_missing,
            self.mobile_old,
            self.name_latin,
            self.birth_missing,
            self.address_old,
            self.email_missing,
        ];
        let single = [
            self.organisation,
            self.duplicate,
            self.id_short,
            self.id_other,
            self.id_guardian,
            self.id_placeholder,
            self.mobile_shared,
            self.mobile_typo,
            self.mobile_format,
            self.name_homophone,
            self.name_lost,
            self.name_space,
            self.name_traditional,
            self.birth_default,
            self.birth_swapped,
            self.birth_shifted,
            self.address_wide,
            self.opt_out,
            self.twins,
        ];
        let holds = arrays.iter().flatten().chain(&single).all(|p| (0.0..=1.0).contains(p));
        if holds {
            return Ok(());
        }
        let cause = "every rate must lie in 0..=1".to_owned();
        Err(SynthError::Params { name: "rates", cause })
    }
}

//! The job file: what a bank runs at night. Raw as written ([`JobFile`]), then checked ([`Job`]).

mod quality;

pub use quality::Quality;

use crate::calendar::{BusinessDate, Calendar};
use crate::contract::{ContractError, FeedContract, SourceContract, is_name};
use crate::money::Currency;
use crate::products::ProductBook;
use crate::scoring::Scoring;
use crate::toml_text::from_toml;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A job file as a person wrote it. Paths are relative to the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobFile {
    /// Format version, 1.
    pub version: u32,
    /// The job's name.
    pub name: String,
    /// What the tables are made for (minimisation: PIPL 6, GDPR 5).
    pub purpose: String,
    /// On which legal ground.
    pub legal_basis: String,
    /// The bank's currency.
    pub currency: String,
    /// The lake's folder.
    pub lake: String,
    /// The extracts' folder; `{date}` stands for the business date as YYYYMMDD.
    pub extracts: String,
    /// The calendar's file; without one every day is a business day.
    #[serde(default)]
    pub calendar: Option<String>,
    /// Which nights are closed once they are published.
    #[serde(default)]
    pub pinned: Pinned,
    /// Contract files.
    pub sources: Vec<String>,
    /// The product book's file.
    pub products: String,
    /// The scoring file.
    pub scoring: String,
    /// Which clients are graded.
    #[serde(default)]
    pub known_by: KnownBy,
    /// What stops a night.
    #[serde(default)]
    pub limits: Limits,
    /// How a client's best values are chosen.
    pub survivorship: Survivorship,
    /// Checks of the data beyond types.
    #[serde(default)]
    pub checks: Checks,
    /// How the quality of party records is judged.
    #[serde(default)]
    pub quality: Quality,
}

/// Which clients are graded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownBy {
    /// Every client with a record.
    #[default]
    Record,
    /// Clients with an account opened by the business date.
    Account,
}

/// Which nights are closed once they are published: other inputs are then refused, unless a person
/// says why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pinned {
    /// None.
    #[default]
    Never,
    /// Those of the last business day of a month.
    MonthEnd,
}

/// What stops a night before anything is published.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Rejected rows of a feed, ppm of the rows read.
    pub max_rejects_ppm: u64,
    /// Clients whose tier moved, ppm of those graded both nights (a circuit breaker).
    pub max_tier_moves_ppm: u64,
    /// Fewest clients that make sense.
    pub min_clients: u64,
}

/// How a client's best values are chosen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survivorship {
    /// Systems, the most trusted first.
    pub trust: Vec<String>,
    /// Policy per golden column; `trust` where absent.
    #[serde(default)]
    pub policy: BTreeMap<String, Policy>,
}

/// How one golden value is chosen among those of a client's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// The most trusted system's.
    Trust,
    /// The latest record's.
    Latest,
    /// The most frequent.
    Vote,
}

/// Checks of the data beyond types.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Checks {
    /// Balances must follow from the events (where events carry the balance after).
    pub balances_follow: Option<BalancesFollow>,
}

/// The check that every balance follows from the one before.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BalancesFollow {
    /// Difference allowed per step, minor units.
    pub tolerance: i64,
    /// Breaks allowed in the night.
    pub max_breaks: u64,
    /// Days of which the extract is known to hold only a part (YYYY-MM-DD): their breaks say
    /// nothing and are not counted.
    #[serde(default)]
    pub incomplete_days: Vec<String>,
}

/// A checked job: everything a night needs to know but the date.
#[derive(Clone, Debug)]
pub struct Job {
    /// Name.
    pub name: String,
    /// The bank's currency.
    pub currency: Currency,
    /// Which days are business days.
    pub calendar: Calendar,
    /// Which nights are closed once they are published.
    pub pinned: Pinned,
    /// Contracts, in the order of the job file.
    pub sources: Vec<SourceContract>,
    /// The product book.
    pub products: ProductBook,
    /// The scoring file.
    pub scoring: Scoring,
    /// Which clients are graded.
    pub known_by: KnownBy,
    /// What stops a night.
    pub limits: Limits,
    /// How a client's best values are chosen.
    pub survivorship: Survivorship,
    /// Checks of the data beyond types.
    pub checks: Checks,
    /// How the quality of party records is judged.
    pub quality: Quality,
}

/// What is wrong with a job file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// The text is not a job file.
    #[error("{place}: {cause}")]
    Syntax {
        /// The file.
        place: String,
        /// What the parser says, with line and column.
        cause: String,
    },
    /// A value is out of its domain.
    #[error("{place}: {cause}")]
    Value {
        /// The file and key.
        place: String,
        /// What is wrong and what would be right.
        cause: String,
    },
    /// A contract, product or scoring file is wrong.
    #[error(transparent)]
    Contract(#[from] ContractError),
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_rejects_ppm: 10_000, max_tier_moves_ppm: 1_000_000, min_clients: 1 }
    }
}

impl JobFile {
    /// Reads a job file's text; `place` names it in errors.
    pub fn parse(text: &str, place: &str) -> Result<Self, JobError> {
        from_toml(text)
            .map_err(|e| JobError::Syntax { place: place.to_owned(), cause: e.to_string() })
    }
}

impl Job {
    /// Checks a job file together with the files it names.
    pub fn check(
        file: &JobFile,
        sources: Vec<SourceContract>,
        products: ProductBook,
        scoring: Scoring,
        place: &str,
    ) -> Result<Self, JobError> {
        let fail = |key: &str, cause: String| {
            Err(JobError::Value { place: format!("{place}, `{key}`"), cause })
        };
        if file.version != 1 {
            return fail("version", format!("{} is not known (expected 1)", file.version));
        }
        if !is_name(&file.name) {
            return fail("name", "must match [a-z][a-z0-9_]*".into());
        }
        if file.purpose.trim().is_empty() || file.legal_basis.trim().is_empty() {
            return fail("purpose", "`purpose` and `legal_basis` must say something".into());
        }
        let Ok(currency) = file.currency.parse() else {
            return fail("currency", format!("`{}` is no currency (three letters)", file.currency));
        };
        let days = file.checks.balances_follow.iter().flat_map(|check| &check.incomplete_days);
        for day in days {
            if let Err(error) = day.parse::<BusinessDate>() {
                return fail("checks.balances_follow.incomplete_days", error.to_string());
            }
        }
        if let Some((key, cause)) = file.quality.fault() {
            return fail(key, cause);
        }
        let mut systems = BTreeSet::new();
        for source in &sources {
            if !systems.insert(source.system.as_str()) {
                return fail("sources", format!("system `{}` is declared twice", source.system));
            }
        }
        if let Some(unknown) =
            file.survivorship.trust.iter().find(|s| !systems.contains(s.as_str()))
        {
            let known: Vec<_> = systems.iter().copied().collect();
            let cause = format!("system `{unknown}` not found (systems: `{}`)", known.join("`, `"));
            return fail("survivorship.trust", cause);
        }
        Ok(Self {
            name: file.name.clone(),
            currency,
            calendar: Calendar::every_day(),
            pinned: file.pinned,
            sources,
            products,
            scoring,
            known_by: file.known_by,
            limits: file.limits,
            survivorship: file.survivorship.clone(),
            checks: file.checks.clone(),
            quality: file.quality.clone(),
        })
    }

    /// The job with the calendar that its file names.
    #[must_use]
    pub fn with_calendar(self, calendar: Calendar) -> Self {
        Self { calendar, ..self }
    }

    /// The contract of a feed.
    pub fn feed(&self, system: &str, feed: &str) -> Option<&FeedContract> {
        let source = self.sources.iter().find(|source| source.system == system)?;
        source.feeds.iter().find(|contract| contract.name == feed)
    }

    /// How much a system is trusted: 0 is the most.
    pub fn trust_rank(&self, system: &str) -> u8 {
        let at = self.survivorship.trust.iter().position(|s| s == system);
        at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
    }

    /// The policy of a golden column.
    pub fn policy(&self, column: &str) -> Policy {
        self.survivorship.policy.get(column).copied().unwrap_or(Policy::Trust)
    }
}

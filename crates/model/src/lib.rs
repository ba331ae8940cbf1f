//! The nouns of Clientele: ids, money, dates, tiers, the schema of every table, and what a job
//! file says once it has been checked.
//!
//! Knows no file, no clock, no data frame and no thread, but for the one that catches a panic
//! ([`caught`]). Everything else speaks in these words; `docs/glossary.md` holds their meaning.

mod calendar;
mod contract;
mod flaw;
mod ids;
mod job;
mod money;
mod panics;
mod party;
mod products;
mod scoring;
mod secret;
mod table;
mod tables;
mod tier;
mod toml_text;

pub use calendar::{
    BusinessDate, Calendar, CalendarFile, DateError, Moment, Month, NotCovered, TimeError,
    TimeOfDay,
};
pub use contract::{
    Arrival, CharSet, Check, Cobol, CobolCoding, CobolContent, CobolNumber, CobolSign,
    ColumnContract, ColumnType, ContractError, ControlPlace, ControlRecord, ControlValue,
    Copybooks, CountIncludes, DataClass, DatabaseAddress, DatabaseContract, DatabaseHost,
    DatabaseKind, Direction, DirectionColumn, DriverAddress, DueDays, FeedContract, FeedRule,
    FileShape, Fill, Framing, HashTotal, Late, LoadMode, OnBreak, OnReject, Operation, Packing,
    RECORD_CAP, RecordField, RecordLayout, RecordShape, Repeats, SourceContract, Spot,
    TableMapping, TlsPolicy, Trigger, TriggerColumn, Unmapped,
};
pub use flaw::Flaw;
pub use ids::{AccountId, ClientId, RecordId, bucket_of, key63};
pub use job::{
    BalancesFollow, Checks, Job, JobError, JobFile, KnownBy, Limits, Pinned, Policy, Quality,
    Survivorship,
};
pub use money::{Currency, Money, MoneyError};
pub use panics::{caught, hide_panics};
pub use party::PartyField;
pub use products::{Family, FtpMethod, Product, ProductBook};
pub use scoring::{
    Attribute, Bin, CutMethod, Cuts, DEMOGRAPHIC_INPUTS, Grace, Level, Lifetime, LoyaltyWeights,
    Scorecard, Scoring,
};
pub use secret::Secret;
pub use table::{Column, ColumnKind, Table, Zone};
pub use tables::{table, tables};
pub use tier::{Cell, Tier, TierError};

//! A client before scores: what it earned and will earn, how often and how broadly it uses the bank.

use super::contribution::{Contribution, amount_columns};
use super::demographics::{Demographics, card};
use super::holdings::{Held, Holdings, Shelf, used_families};
use super::sheet::Sheet;
use crate::columns::{Cursor, days, keys, ordered, texts};
use crate::frames::{Frames, Outputs, StageError};
use loyalty::{Activity, HalfLife, breadth, frequency, group_use};
use model::{Family, KnownBy, Scoring};
use night::Settings;
use polars::prelude::*;
use value::{
    Growth, GrowthParams, LifetimeParams, LifetimeSettings, Points, RetentionCurve, RetentionTerms,
    Scorecard, growth, lifetime_value,
};

/// Half-life of activity, days.
const ACTIVITY_HALF_LIFE: u32 = 90;
/// Use within so many days is use of late.
const USE_WINDOW: u32 = 90;
/// Contacts older than this say nothing of tonight, days.
const CONTACT_WINDOW: i32 = 365;
/// Touchpoints by which e-banking is used.
const DIGITAL: [&str; 2] = ["app", "web"];
/// Most contacts of a row that count: one a day.
const MAX_CONTACTS: i64 = 31;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let mut outputs = Outputs::default();
    let facts = frames.take(
        "client_facts",
        &[
            "client_id",
            "kind",
            "birth_date",
            "sex",
            "occupation",
            "years_of_service",
            "income",
            "family_role",
            "family_size",
            "branch",
            "manager",
            "opt_out",
        ],
    )?;
    let facts = ordered(&facts, &["client_id"])?;
    let made = profiles(frames, &facts, settings)?;
    outputs.add_in_order("client_contribution", made.contribution)?;
    outputs.add("client_profile", made.profile)?;
    outputs.add("value_part", made.parts)?;
    outputs.add("measure_count", made.counts)?;
    Ok(outputs)
}

/// The tables of this stage.
struct Made {
    contribution: DataFrame,
    profile: DataFrame,
    parts: DataFrame,
    counts: DataFrame,
}

/// What every client of the bucket is worked out from.
struct Desk<'a> {
    settings: &'a Settings<'a>,
    params: LifetimeParams,
    shelf: Shelf<'a>,
    card: Scorecard,
    growth: GrowthParams,
    annuity: f64,
    half_life: HalfLife,
}

impl<'a> Desk<'a> {
    fn new(settings: &'a Settings<'a>) -> Result<Self, StageError> {
        let scoring = &settings.job.scoring;
        let params = lifetime_params(scoring)?;
        let expert = &scoring.scorecard;
        let terms = RetentionTerms { retention_ppm: expert.retention_ppm, renewal_ppm: 0 };
        let curve =
            RetentionCurve::new(&params, terms).map_err(|e| StageError::Data(e.to_string()))?;
        let half_life = HalfLife::new(ACTIVITY_HALF_LIFE)
            .ok_or_else(|| StageError::Data("no half-life".into()))?;
        Ok(Self {
            shelf: Shelf::new(&settings.job.products, &params)?,
            card: card(scoring)?,
            growth: GrowthParams {
                neutral_points: expert.neutral_points,
                money_per_point: expert.money_per_point,
                realisation_ppm: expert.realisation_ppm,
            },
            annuity: curve.annuity(None),
            params,
            half_life,
            settings,
        })
    }

    fn today(&self) -> i32 {
        self.settings.as_of.epoch_days()
    }
}

fn lifetime_params(scoring: &Scoring) -> Result<LifetimeParams, StageError> {
    let written = &scoring.lifetime;
    let settings = LifetimeSettings {
        horizon_months: written.horizon_months,
        discount_ppm: written.discount_ppm,
        ..LifetimeSettings::default()
    };
    settings.check().map_err(|e| StageError::Data(e.to_string()))
}

/// Contacts of the bucket's clients, sorted by client.
struct Contacts<'a> {
    client_id: Vec<i64>,
    day: Vec<Option<i32>>,
    touchpoint: Vec<Option<&'a str>>,
    count: Vec<i64>,
}

fn profiles(
    frames: &mut Frames,
    facts: &DataFrame,
    settings: &Settings<'_>,
) -> Result<Made, StageError> {
    let desk = Desk::new(settings)?;
    let holding = frames.take(
        "holding",
        &["client_id", "account_id", "product", "matures_on", "closed_on", "last_used", "balance"],
    )?;
    let own = ["client_id", "account_id", "product", "month", "active_days"];
    let months = frames.take("account_month", &[&own[..], amount_columns()].concat())?;
    let holdings = Holdings::read(&holding, &months, &desk.shelf)?;
    let uses = ordered(&frames.take("use", &["client_id", "family"])?, &["client_id"])?;
    let touch =
        frames.take("client_interaction", &["client_id", "date", "touchpoint", "contacts"])?;
    // In any order within a client: what is summed does not depend on it.
    let touch = ordered(&touch, &["client_id"])?;
    let contacts = Contacts {
        client_id: keys(&touch, "client_id")?,
        day: days(&touch, "date")?,
        touchpoint: texts(&touch, "touchpoint")?,
        count: keys(&touch, "contacts")?,
    };
    let people = Demographics::read(facts, settings.as_of)?;
    let client_id = keys(facts, "client_id")?;
    let kind = texts(facts, "kind")?;
    let use_clients = keys(&uses, "client_id")?;
    let use_families = texts(&uses, "family")?;
    let (mut held_rows, mut use_rows, mut contact_rows) = (
        Cursor::new(&holdings.client_id),
        Cursor::new(&use_clients),
        Cursor::new(&contacts.client_id),
    );
    let mut month_rows = holdings.months_cursor();
    let mut sheet = Sheet::default();
    let mut contribution = Contribution::default();
    for (row, &client) in client_id.iter().enumerate() {
        let rows = held_rows.rows(client);
        let first_month = month_rows.at();
        let held =
            holdings.held(rows, &mut month_rows, &desk.shelf, &desk.params, settings.as_of)?;
        let passed = first_month..month_rows.at();
        holdings.contribute(client, passed, &desk.shelf, &mut contribution)?;
        let used = used_families(&mut use_rows, &use_families, client);
        let spoken = contact_rows.rows(client);
        let known = held.accounts.iter().any(|n| *n > 0) || used.contains(&true);
        if settings.job.known_by == KnownBy::Account && !known {
            continue;
        }
        let answers = people.answers(row);
        let points = desk.card.score(&answers);
        let grows = kind[row] == Some("person") && known;
        let growth = if grows { potential(&desk, &points)? } else { Growth::default() };
        sheet.add_parts(client, &held, &growth, &answers);
        let lifetime = lifetime_value(&held.values, growth.total)?;
        let raw = raw_loyalty(&desk, &held, used, &contacts, spoken);
        sheet.add_profile(row, client, lifetime, &held, raw, points.known_permille)?;
    }
    if month_rows.at() != months.height() {
        return Err(StageError::Data("an account's months have no client".into()));
    }
    let (profile, parts, counts) = sheet.frames(facts)?;
    Ok(Made { contribution: desk.shelf.table(contribution)?, profile, parts, counts })
}

fn potential(desk: &Desk<'_>, points: &Points) -> Result<Growth, StageError> {
    Ok(growth(&desk.growth, points, &desk.card.missing_points(), desk.annuity)?)
}

/// Frequency and breadth before they are ranked.
fn raw_loyalty(
    desk: &Desk<'_>,
    held: &Held,
    used: [bool; 8],
    contacts: &Contacts<'_>,
    rows: std::ops::Range<usize>,
) -> (i64, i64) {
    let age = |day: i32| desk.today().saturating_sub(day).max(0).unsigned_abs();
    let mut history: Vec<Activity> = held
        .activity
        .iter()
        .map(|(day, active)| Activity {
            age_days: age(*day),
            active: u32::try_from(*active).unwrap_or(0),
        })
        .collect();
    let mut digital: Option<i32> = None;
    for row in rows {
        let Some(day) = contacts.day[row].filter(|d| *d <= desk.today()) else { continue };
        if desk.today() - day <= CONTACT_WINDOW {
            let active = contacts.count[row].clamp(0, MAX_CONTACTS);
            history
                .push(Activity { age_days: age(day), active: u32::try_from(active).unwrap_or(0) });
        }
        if contacts.touchpoint[row].is_some_and(|t| DIGITAL.contains(&t)) {
            digital = digital.max(Some(day));
        }
    }
    let service = Family::ALL.iter().position(|f| *f == Family::Service);
    let group = |at: usize| {
        let touched = if Some(at) == service { digital } else { None };
        let last = held.last_used[at].max(touched);
        group_use(held.open[at] || used[at], last.map(age), USE_WINDOW)
    };
    let groups: Vec<_> = (0..Family::ALL.len()).map(group).collect();
    (frequency(&history, &desk.half_life), breadth(&groups))
}

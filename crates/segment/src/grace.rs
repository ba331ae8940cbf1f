//! Grace: a tier is not lost, nor won, by one bad or good month (hysteresis, S27).

use crate::tier_of;
use model::{BusinessDate, Cell, Tier};
use std::cmp::Ordering;

/// How long a new tier has to hold before it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraceParams {
    /// Whole months a better cell has to hold; 0 promotes at once.
    pub promote_after_months: u32,
    /// Whole months a worse cell has to hold; 0 demotes at once.
    pub demote_after_months: u32,
}

/// What a night hands to the next about a client's tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierState {
    /// The tier given.
    pub tier: Tier,
    /// The cell the scores say, which differs from the tier while on watch; `None` when not graded.
    pub cell: Option<Cell>,
    /// First business date of the tier.
    pub tier_since: BusinessDate,
    /// First business date on which the scores said another tier, while they still do.
    pub watch_since: Option<BusinessDate>,
}

/// What the night did to the tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Seen for the first time.
    New,
    /// As before.
    Kept,
    /// A better tier.
    Promoted,
    /// A worse tier.
    Demoted,
    /// The scores say another tier and have not held long enough.
    Watch,
    /// The scores say the tier again.
    WatchLifted,
    /// Refused profiling; no longer graded.
    OptedOut,
    /// Allows profiling again; graded afresh.
    OptedIn,
}

impl Change {
    /// The code in `change_reason`.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::Kept => "KEPT",
            Self::Promoted => "PROMOTED",
            Self::Demoted => "DEMOTED",
            Self::Watch => "WATCH",
            Self::WatchLifted => "WATCH_LIFTED",
            Self::OptedOut => "OPTED_OUT",
            Self::OptedIn => "OPTED_IN",
        }
    }
}

/// The state of tonight and how it came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    /// The state.
    pub state: TierState,
    /// What changed.
    pub change: Change,
}

/// The tier of tonight from the state of the night before and the cell the scores say.
///
/// `raw` is `None` for a client that refused profiling. A cell of another tier first puts the client
/// on watch and keeps the tier until the grace has passed since; a cell of the kept tier lifts the
/// watch, one on the other side of it starts the watch anew. Refusing and allowing profiling act at
/// once. Fed with its own result on the same date, it gives the same state again.
pub fn advance(
    previous: Option<&TierState>,
    raw: Option<Cell>,
    as_of: BusinessDate,
    params: GraceParams,
) -> Advance {
    let Some(previous) = previous else { return fresh(raw, as_of, Change::New) };
    match (previous.tier, raw) {
        (Tier::Unprofiled, None) => Advance { state: *previous, change: Change::Kept },
        (Tier::Unprofiled, Some(_)) => fresh(raw, as_of, Change::OptedIn),
        (_, None) => fresh(raw, as_of, Change::OptedOut),
        (_, Some(cell)) => graded(previous, cell, as_of, params),
    }
}

/// Whole months from one day to a later one; the last day of a month completes it, so that a month
/// from 31 January is over on the last of February. Zero when `to` is not later.
pub fn whole_months(from: BusinessDate, to: BusinessDate) -> u32 {
    let ((.., first_day), (.., last_day)) = (from.ymd(), to.ymd());
    let month_ends = to.month().last_day() == Some(to);
    let incomplete = last_day < first_day && !month_ends;
    let months = to.month().0 - from.month().0 - i32::from(incomplete);
    u32::try_from(months).unwrap_or(0)
}

fn fresh(raw: Option<Cell>, as_of: BusinessDate, change: Change) -> Advance {
    let tier = tier_of(raw);
    Advance { state: TierState { tier, cell: raw, tier_since: as_of, watch_since: None }, change }
}

fn graded(previous: &TierState, cell: Cell, as_of: BusinessDate, params: GraceParams) -> Advance {
    let towards = cell.tier().cmp(&previous.tier);
    let (grace_months, moved) = match towards {
        Ordering::Equal => return kept(previous, cell),
        Ordering::Greater => (params.promote_after_months, Change::Promoted),
        Ordering::Less => (params.demote_after_months, Change::Demoted),
    };
    let watched_towards = tier_of(previous.cell).cmp(&previous.tier);
    let turned = watched_towards == towards.reverse();
    let since = previous.watch_since.filter(|_| !turned).unwrap_or(as_of);
    if whole_months(since, as_of) >= grace_months {
        return fresh(Some(cell), as_of, moved);
    }
    let state = TierState { cell: Some(cell), watch_since: Some(since), ..*previous };
    Advance { state, change: Change::Watch }
}

fn kept(previous: &TierState, cell: Cell) -> Advance {
    let lifted = previous.watch_since.is_some();
    let state = TierState { cell: Some(cell), watch_since: None, ..*previous };
    Advance { state, change: if lifted { Change::WatchLifted } else { Change::Kept } }
}

#[cfg(test)]
mod tests;

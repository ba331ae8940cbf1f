//! Tiers and cells: the two axes crossed (S01, S06 to S08).

use std::fmt;
use std::str::FromStr;

/// The three tiers, and the state of a client that is not profiled (opt-out, S148).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Not graded: the client refused profiling.
    Unprofiled,
    /// Value and loyalty both low.
    Small,
    /// One of the two high; the cell says which.
    Mid,
    /// Value and loyalty both high.
    Top,
}

/// The four cells of value and loyalty; both off-diagonal ones are MID, but treatment differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// High value, high loyalty.
    HvHl,
    /// High value, low loyalty.
    HvLl,
    /// Low value, high loyalty.
    LvHl,
    /// Low value, low loyalty.
    LvLl,
}

impl Cell {
    /// The cell of the two answers.
    pub fn of(value_high: bool, loyalty_high: bool) -> Self {
        match (value_high, loyalty_high) {
            (true, true) => Self::HvHl,
            (true, false) => Self::HvLl,
            (false, true) => Self::LvHl,
            (false, false) => Self::LvLl,
        }
    }

    /// The tier of the cell.
    pub fn tier(self) -> Tier {
        match self {
            Self::HvHl => Tier::Top,
            Self::HvLl | Self::LvHl => Tier::Mid,
            Self::LvLl => Tier::Small,
        }
    }

    /// The code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::HvHl => "HV_HL",
            Self::HvLl => "HV_LL",
            Self::LvHl => "LV_HL",
            Self::LvLl => "LV_LL",
        }
    }
}

impl Tier {
    /// The code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unprofiled => "UNPROFILED",
            Self::Small => "SMALL",
            Self::Mid => "MID",
            Self::Top => "TOP",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// A text that is no tier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a tier (TOP, MID, SMALL, UNPROFILED)")]
pub struct TierError(String);

impl FromStr for Tier {
    type Err = TierError;

    fn from_str(text: &str) -> Result<Self, TierError> {
        [Self::Top, Self::Mid, Self::Small, Self::Unprofiled]
            .into_iter()
            .find(|tier| tier.code() == text)
            .ok_or_else(|| TierError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_axes_fold_into_three_tiers() {
        assert_eq!(Cell::of(true, true).tier(), Tier::Top);
        assert_eq!(Cell::of(true, false).tier(), Tier::Mid);
        assert_eq!(Cell::of(false, true).tier(), Tier::Mid);
        assert_eq!(Cell::of(false, false).tier(), Tier::Small);
        assert_eq!("MID".parse::<Tier>().unwrap(), Tier::Mid);
        assert!("BIG".parse::<Tier>().is_err());
    }
}

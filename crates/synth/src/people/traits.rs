//! Education, occupation, marital status: how they come about and how systems write them.

use crate::dice::Dice;

/// Highest education.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Education {
    /// Primary school or none.
    Primary = 0,
    /// Secondary school.
    Secondary,
    /// College.
    College,
    /// Bachelor.
    Bachelor,
    /// Master or doctor.
    Postgraduate,
}

/// Marital status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marital {
    /// Never married.
    Single = 0,
    /// Married.
    Married,
    /// Divorced.
    Divorced,
    /// Widowed.
    Widowed,
}

/// Occupation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(crate) enum Occupation {
    CivilServant = 0, Professional, Manager, Worker, Service, SelfEmployed, Farmer, Student, Retired, Homemaker, Other,
}

impl Education {
    /// Draws by age: the young studied longer.
    pub(crate) fn draw(age: f64, dice: &mut Dice) -> Self {
        let weights = if age < 40.0 { [2, 26, 30, 34, 8] } else { [18, 48, 19, 13, 2] };
        let all =
            [Self::Primary, Self::Secondary, Self::College, Self::Bachelor, Self::Postgraduate];
        let drawn = all[dice.weighted(&weights)];
        if age < 18.0 { Self::Primary } else { drawn }
    }

    /// `primary` and so on.
    pub(crate) fn word(self) -> &'static str {
        ["primary", "secondary", "college", "bachelor", "postgraduate"][self as usize]
    }

    /// `1` to `5`.
    pub(crate) fn digit(self) -> &'static str {
        ["1", "2", "3", "4", "5"][self as usize]
    }
}

impl Marital {
    /// Draws for somebody without a spouse at home.
    pub(crate) fn alone(age: f64, dice: &mut Dice) -> Self {
        if age < 28.0 {
            return Self::Single;
        }
        let weights = if age < 60.0 { [60, 6, 30, 4] } else { [8, 12, 22, 58] };
        [Self::Single, Self::Married, Self::Divorced, Self::Widowed][dice.weighted(&weights)]
    }

    /// `single` and so on.
    pub(crate) fn word(self) -> &'static str {
        ["single", "married", "divorced", "widowed"][self as usize]
    }

    /// `S` and so on.
    pub(crate) fn letter(self) -> &'static str {
        ["S", "M", "D", "W"][self as usize]
    }

    /// `1` to `4`.
    pub(crate) fn digit(self) -> &'static str {
        ["1", "2", "3", "4"][self as usize]
    }
}

#[rustfmt::skip]
const CODES: [(&str, &str, &str); 11] = [
    ("civil_servant", "10", "GV"), ("professional", "20", "PR"), ("manager", "30", "MG"), ("worker", "40", "WK"),
    ("service", "50", "SV"), ("self_employed", "60", "SE"), ("farmer", "70", "FM"), ("student", "80", "ST"),
    ("retired", "90", "RT"), ("homemaker", "95", "HM"), ("other", "99", "OT"),
];

impl Occupation {
    const ALL: [Self; 11] = [
        Self::CivilServant,
        Self::Professional,
        Self::Manager,
        Self::Worker,
        Self::Service,
        Self::SelfEmployed,
        Self::Farmer,
        Self::Student,
        Self::Retired,
        Self::Homemaker,
        Self::Other,
    ];

    /// Draws by age and education.
    pub(crate) fn draw(age: f64, education: Education, dice: &mut Dice) -> Self {
        if age < 17.0 || (age < 23.0 && dice.chance(0.6)) {
            return Self::Student;
        }
        if age > 56.0 && dice.chance(((age - 54.0) / 10.0).min(0.93)) {
            return Self::Retired;
        }
        let weights = if education >= Education::College {
            [9, 27, 13, 16, 15, 11, 1, 0, 0, 3, 5]
        } else {
            [2, 2, 3, 33, 24, 14, 11, 0, 0, 6, 5]
        };
        Self::ALL[dice.weighted(&weights)]
    }

    /// Middle income of a year in yuan.
    pub(crate) fn income(self) -> f64 {
        match self {
            Self::CivilServant => 110_000.0,
            Self::Professional => 155_000.0,
            Self::Manager => 230_000.0,
            Self::Worker => 74_000.0,
            Self::Service => 60_000.0,
            Self::SelfEmployed => 125_000.0,
            Self::Farmer => 33_000.0,
            Self::Student => 5_000.0,
            Self::Retired => 48_000.0,
            Self::Homemaker => 10_000.0,
            Self::Other => 50_000.0,
        }
    }

    /// Whether somebody pays a salary.
    pub(crate) fn salaried(self) -> bool {
        matches!(
            self,
            Self::CivilServant | Self::Professional | Self::Manager | Self::Worker | Self::Service
        )
    }

    /// The code of the canonical table.
    pub(crate) fn word(self) -> &'static str {
        CODES[self as usize].0
    }

    /// Deposits' code.
    pub(crate) fn number(self) -> &'static str {
        CODES[self as usize].1
    }

    /// Cards' code.
    pub(crate) fn letters(self) -> &'static str {
        CODES[self as usize].2
    }
}

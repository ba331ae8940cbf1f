//! The expert scorecard: points on seven demographic inputs (S03, S04).
//!
//! Points are whole numbers an expert can read aloud. An input a client did not give, one switched
//! off for fairness, and one the card does not list weigh nothing against anybody: each has its
//! missing points, for everybody alike.

/// The seven inputs of the scorecard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DemographicInput {
    /// Sex.
    Sex,
    /// Age, whole years.
    Age,
    /// Occupation.
    Occupation,
    /// Years of service.
    YearsOfService,
    /// Income, minor units a month.
    Income,
    /// Role in the family.
    FamilyRole,
    /// Persons in the family.
    FamilySize,
}

impl DemographicInput {
    /// All inputs, in the order of answers, points and reasons.
    pub const ALL: [Self; 7] = [
        Self::Sex,
        Self::Age,
        Self::Occupation,
        Self::YearsOfService,
        Self::Income,
        Self::FamilyRole,
        Self::FamilySize,
    ];

    /// The code in files and tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sex => "sex",
            Self::Age => "age",
            Self::Occupation => "occupation",
            Self::YearsOfService => "years_of_service",
            Self::Income => "income",
            Self::FamilyRole => "family_role",
            Self::FamilySize => "family_size",
        }
    }

    /// The input of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|input| input.code() == code)
    }
}

/// What is known of a client for one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// A number.
    Number(i64),
    /// A word.
    Text(&'a str),
    /// Not given, or given in a form the attribute does not take.
    Unknown,
}

/// Points from a number on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumericBin {
    /// The lower edge, which the bin owns; it ends before the next bin's edge. A band that owns its
    /// upper edge, "over 5 up to 10", is the bin from 6 of whole numbers.
    pub from: i64,
    /// Points.
    pub points: i64,
}

/// Points of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextLevel {
    /// The word, compared as it stands.
    pub value: String,
    /// Points.
    pub points: i64,
}

/// How an attribute gives points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bins {
    /// By number, edges ascending. A number below the first edge counts as not given: the first edge
    /// says what can be believed (an age of -1 cannot).
    Numeric(Vec<NumericBin>),
    /// By word.
    Text {
        /// The words listed.
        levels: Vec<TextLevel>,
        /// Points of any other word.
        other_points: i64,
    },
}

/// One attribute of the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Which input.
    pub input: DemographicInput,
    /// Switched off, it gives its missing points to everybody.
    pub enabled: bool,
    /// How it gives points.
    pub bins: Bins,
    /// Points of a client that did not say.
    pub missing_points: i64,
}

/// The checked card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scorecard {
    attributes: [Option<Attribute>; 7],
}

/// The points of one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Points {
    /// Points per input, in the order of [`DemographicInput::ALL`].
    pub parts: [i64; 7],
    /// Their sum.
    pub total: i64,
    /// Share of the inputs in use that the client gave, permille; 1000 when none is in use.
    pub known_permille: u16,
}

/// Why a card is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScorecardError {
    /// The same input twice.
    #[error("attribute `{input}` stands twice on the scorecard (expected once)")]
    Twice {
        /// Which input.
        input: &'static str,
    },
    /// Numeric edges that do not ascend, or none.
    #[error("bins of attribute `{input}` do not ascend (expected at least one, each `from` once)")]
    Bins {
        /// Which input.
        input: &'static str,
    },
    /// The same word twice.
    #[error("a value of attribute `{input}` is listed twice (expected once)")]
    Levels {
        /// Which input.
        input: &'static str,
    },
    /// Points out of reach.
    #[error("points of attribute `{input}` lie beyond a million (expected -1000000 to 1000000)")]
    Points {
        /// Which input.
        input: &'static str,
    },
}

/// Points beyond this are a slip of the pen.
const MAX_POINTS: u64 = 1_000_000;

impl Scorecard {
    /// Checks the attributes of a card.
    pub fn new(attributes: Vec<Attribute>) -> Result<Self, ScorecardError> {
        let mut card = Self { attributes: [const { None }; 7] };
        for mut attribute in attributes {
            attribute.check()?;
            let slot = &mut card.attributes[attribute.input as usize];
            if slot.is_some() {
                return Err(ScorecardError::Twice { input: attribute.input.code() });
            }
            *slot = Some(attribute);
        }
        Ok(card)
    }

    /// The points of a client; answers in the order of [`DemographicInput::ALL`].
    pub fn score(&self, answers: &[Answer<'_>; 7]) -> Points {
        let mut parts = [0; 7];
        let (mut used, mut known) = (0_u16, 0_u16);
        for ((part, attribute), answer) in parts.iter_mut().zip(&self.attributes).zip(answers) {
            let Some(attribute) = attribute else { continue };
            let points = attribute.points_of(*answer).filter(|_| attribute.enabled);
            used += u16::from(attribute.enabled);
            known += u16::from(points.is_some());
            *part = points.unwrap_or(attribute.missing_points);
        }
        let known_permille = (known * 1000).checked_div(used).unwrap_or(1000);
        Points { parts, total: parts.iter().sum(), known_permille }
    }

    /// The points of a client that gave nothing, per input: what every part is measured against.
    pub fn missing_points(&self) -> [i64; 7] {
        self.attributes.each_ref().map(|a| a.as_ref().map_or(0, |a| a.missing_points))
    }
}

impl Attribute {
    /// Checks the attribute and puts its words in order.
    fn check(&mut self) -> Result<(), ScorecardError> {
        let input = self.input.code();
        let mut points = vec![self.missing_points];
        match &mut self.bins {
            Bins::Numeric(bins) => {
                if bins.is_empty() || bins.windows(2).any(|pair| pair[0].from >= pair[1].from) {
                    return Err(ScorecardError::Bins { input });
                }
                points.extend(bins.iter().map(|bin| bin.points));
            }
            Bins::Text { levels, other_points } => {
                levels.sort_by(|a, b| a.value.cmp(&b.value));
                if levels.windows(2).any(|pair| pair[0].value == pair[1].value) {
                    return Err(ScorecardError::Levels { input });
                }
                points.push(*other_points);
                points.extend(levels.iter().map(|level| level.points));
            }
        }
        let slip = points.iter().any(|points| points.unsigned_abs() > MAX_POINTS);
        if slip { Err(ScorecardError::Points { input }) } else { Ok(()) }
    }

    /// The points of an answer; `None` when it is not known.
    fn points_of(&self, answer: Answer<'_>) -> Option<i64> {
        match (&self.bins, answer) {
            (Bins::Numeric(bins), Answer::Number(number)) => {
                let above = bins.partition_point(|bin| bin.from <= number);
                above.checked_sub(1).map(|at| bins[at].points)
            }
            (Bins::Text { levels, other_points }, Answer::Text(word)) => {
                let found = levels.binary_search_by(|level| level.value.as_str().cmp(word));
                Some(found.map_or(*other_points, |at| levels[at].points))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;

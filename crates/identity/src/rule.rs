//! The declared rules by which two records are one client, and the edge a rule gives.

/// Why two records are linked; the codes are stored in tables and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Rule {
    /// A steward's verdict.
    Steward = 1,
    /// The same citizen id, valid or upgraded from 15 digits.
    CitizenId = 2,
    /// The same organisation, by its unified social credit code or the older code within it.
    Organisation = 3,
    /// The same document of another type, and the same name or the same birth date.
    Document = 4,
    /// The same standardised name, birth date and mobile.
    NameBirthMobile = 5,
}

/// A link between two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// The lower record id.
    pub a: i64,
    /// The higher record id.
    pub b: i64,
    /// What linked them.
    pub rule: Rule,
    /// Match weight in thousandths of a bit (log2 of the odds).
    pub weight: i32,
}

impl Rule {
    const ALL: [Self; 5] =
        [Self::Steward, Self::CitizenId, Self::Organisation, Self::Document, Self::NameBirthMobile];

    /// The code in tables, from 1, the strongest first.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The rule of a code in a table.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// The name in published tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Steward => "steward",
            Self::CitizenId => "citizen_id",
            Self::Organisation => "organisation",
            Self::Document => "document",
            Self::NameBirthMobile => "name_birth_mobile",
        }
    }

    /// The declared match weight, in thousandths of a bit. It orders the rules until weights are
    /// learnt from the data; only its order matters to the clusters.
    pub fn weight(self) -> i32 {
        match self {
            Self::Steward => i32::MAX,
            Self::CitizenId => 30_000,
            Self::Organisation => 28_000,
            Self::Document => 22_000,
            Self::NameBirthMobile => 16_000,
        }
    }
}

impl Edge {
    /// The edge between two records in either order.
    pub fn between(one: i64, other: i64, rule: Rule, weight: i32) -> Self {
        Self { a: one.min(other), b: one.max(other), rule, weight }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip_and_stronger_rules_weigh_more() {
        for rule in Rule::ALL {
            assert_eq!(Rule::from_code(rule.code()), Some(rule));
        }
        assert_eq!(Rule::from_code(0), None);
        assert!(Rule::ALL.windows(2).all(|pair| pair[0].weight() > pair[1].weight()));
    }

    #[test]
    fn an_edge_has_its_lower_record_first() {
        let edge = Edge::between(9, 4, Rule::Document, 1);
        assert_eq!((edge.a, edge.b), (4, 9));
    }
}

//! Authoritative documents: the numbers that are issued to one person, or one organisation, for
//! life.

/// What an authoritative number is; the codes are stored in tables and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum AuthorityClass {
    /// A citizen id of 18 characters whose check character is right.
    Citizen18 = 1,
    /// A citizen id of 15 digits, upgraded: the check character is ours and proves nothing.
    Citizen15 = 2,
    /// A residence permit for Hong Kong, Macau and Taiwan residents, check character right.
    Residence = 3,
    /// A permanent resident card of a foreigner in its form of 18 characters, check character
    /// right.
    ForeignResident = 4,
    /// A mainland travel permit of Hong Kong and Macau residents, without the count of re-issues.
    HkMacauPermit = 5,
    /// A mainland travel permit of Taiwan residents, without the count of re-issues.
    TaiwanPermit = 6,
    /// An organisation by its unified social credit code, check character right.
    CreditCode = 7,
    /// An organisation by its older code of 9 characters, check character right.
    OrganisationCode = 8,
}

/// One authoritative number: its class, and a key that is equal exactly for equal numbers of a
/// scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Authority {
    /// What the number is.
    pub class: AuthorityClass,
    /// Key of the lasting part of the number, positive.
    pub key: i64,
}

impl AuthorityClass {
    const ALL: [Self; 8] = [
        Self::Citizen18,
        Self::Citizen15,
        Self::Residence,
        Self::ForeignResident,
        Self::HkMacauPermit,
        Self::TaiwanPermit,
        Self::CreditCode,
        Self::OrganisationCode,
    ];

    /// The code in tables, from 1; 0 is kept for "none".
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The class of a code in a table.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code)
    }

    /// Whether a check character vouches for the number, so that a different one is another person
    /// and not a typo.
    pub fn is_strong(self) -> bool {
        matches!(self, Self::Citizen18 | Self::Residence | Self::ForeignResident | Self::CreditCode)
    }

    /// Numbers are compared within a scope only: two papers of different kinds never conflict.
    pub(crate) fn scope(self) -> u8 {
        match self {
            Self::Citizen15 => Self::Citizen18.code(),
            Self::OrganisationCode => Self::CreditCode.code(),
            other => other.code(),
        }
    }
}

impl Authority {
    /// The authority in two columns of a table: class 0 is none.
    pub fn from_columns(class: u8, key: i64) -> Option<Self> {
        AuthorityClass::from_code(class).map(|class| Self { class, key })
    }

    /// The two columns of a table: class and key, both 0 for none.
    pub fn to_columns(authority: Option<Self>) -> (u8, i64) {
        authority.map_or((0, 0), |authority| (authority.class.code(), authority.key))
    }

    /// Whether both are one number, whatever proves it.
    pub fn same_number(self, other: Self) -> bool {
        self.class.scope() == other.class.scope() && self.key == other.key
    }

    /// Whether both are numbers of one kind that differ: held by two persons, or mistyped.
    pub fn conflicts(self, other: Self) -> bool {
        self.class.scope() == other.class.scope() && self.key != other.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip_and_zero_is_none() {
        for class in AuthorityClass::ALL {
            let authority = Some(Authority { class, key: 7 });
            let (code, key) = Authority::to_columns(authority);
            assert_eq!(Authority::from_columns(code, key), authority);
        }
        assert_eq!(Authority::from_columns(0, 7), None);
        assert_eq!(Authority::to_columns(None), (0, 0));
    }

    #[test]
    fn numbers_conflict_within_a_kind_only() {
        let of = |class, key| Authority { class, key };
        let id = of(AuthorityClass::Citizen18, 1);
        assert!(id.same_number(of(AuthorityClass::Citizen15, 1)));
        assert!(id.conflicts(of(AuthorityClass::Citizen15, 2)));
        assert!(!id.conflicts(of(AuthorityClass::HkMacauPermit, 2)));
        assert!(!id.conflicts(id));
    }
}

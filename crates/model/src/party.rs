//! The fields of a party record whose quality is judged.

/// A field of a party record that a client can be asked for, or that the bank keeps of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartyField {
    /// Name.
    Name,
    /// Document with its type.
    Document,
    /// Birth date.
    BirthDate,
    /// Sex.
    Sex,
    /// Mobile number.
    Mobile,
    /// E-mail address.
    Email,
    /// Postal address.
    Address,
    /// Occupation.
    Occupation,
    /// Employer.
    Employer,
    /// Years of service.
    YearsOfService,
    /// Income.
    Income,
    /// Role in the family.
    FamilyRole,
    /// Persons in the family.
    FamilySize,
    /// Education.
    Education,
    /// Marital status.
    Marital,
    /// Industry.
    Industry,
    /// Branch.
    Branch,
    /// Client manager.
    Manager,
}

impl PartyField {
    /// How many there are.
    pub const COUNT: usize = 18;

    /// All of them, in the order in which they are asked for.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Name,
        Self::Document,
        Self::BirthDate,
        Self::Sex,
        Self::Mobile,
        Self::Email,
        Self::Address,
        Self::Occupation,
        Self::Employer,
        Self::YearsOfService,
        Self::Income,
        Self::FamilyRole,
        Self::FamilySize,
        Self::Education,
        Self::Marital,
        Self::Industry,
        Self::Branch,
        Self::Manager,
    ];

    /// The column of the canonical table `party`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Document => "document_no",
            Self::BirthDate => "birth_date",
            Self::Sex => "sex",
            Self::Mobile => "mobile",
            Self::Email => "email",
            Self::Address => "address",
            Self::Occupation => "occupation",
            Self::Employer => "employer",
            Self::YearsOfService => "years_of_service",
            Self::Income => "income",
            Self::FamilyRole => "family_role",
            Self::FamilySize => "family_size",
            Self::Education => "education",
            Self::Marital => "marital",
            Self::Industry => "industry",
            Self::Branch => "branch",
            Self::Manager => "manager",
        }
    }

    /// The field of a column.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Its weight in the completeness of a client, unless the job says otherwise: 2 for what a bank
    /// has to register of a client, 1 for what it would like to know, 0 for what it decides itself.
    pub fn weight(self) -> u32 {
        match self {
            Self::Name
            | Self::Document
            | Self::Sex
            | Self::Mobile
            | Self::Address
            | Self::Occupation => 2,
            Self::Branch | Self::Manager => 0,
            _ => 1,
        }
    }

    /// Whether parties of a kind have it.
    pub fn is_of(self, person: bool) -> bool {
        match self {
            Self::Name
            | Self::Document
            | Self::Mobile
            | Self::Email
            | Self::Address
            | Self::Branch
            | Self::Manager => true,
            Self::Industry => !person,
            _ => person,
        }
    }

    /// Whether it says more of a party than its name and its document do: birth date and sex stand in
    /// the document, branch and manager say something of the bank.
    pub fn is_beyond_the_document(self) -> bool {
        let in_it = matches!(self, Self::Name | Self::Document | Self::BirthDate | Self::Sex);
        !in_it && !matches!(self, Self::Branch | Self::Manager)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_columns_of_the_table_in_their_own_order() {
        let party = crate::table("party").unwrap();
        for (at, field) in PartyField::ALL.into_iter().enumerate() {
            assert!(party.column(field.name()).is_some(), "{field:?}");
            assert_eq!((field as usize, PartyField::from_name(field.name())), (at, Some(field)));
        }
    }
}

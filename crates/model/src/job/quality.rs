//! What a job says of the quality of party records.

use crate::calendar::BusinessDate;
use crate::party::PartyField;
use serde::Deserialize;
use std::collections::BTreeMap;

/// 1999-11-01 in days since 1970-01-01: depositors of before gave any name, and no document was asked for.
const REAL_NAME_DAYS: i32 = 10_896;

/// How the quality of party records is judged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quality {
    /// The first day on which documents were checked at opening: older records are trusted less.
    /// 1999-11-01 where absent.
    pub real_name_from: Option<BusinessDate>,
    /// Weight of a field in the completeness of a client, where it is not the field's own.
    pub weights: BTreeMap<String, u32>,
    /// Fields without which the data of a client do not suffice for a profile.
    pub needed: Vec<String>,
}

impl Default for Quality {
    fn default() -> Self {
        Self {
            real_name_from: None,
            weights: BTreeMap::new(),
            needed: vec!["name".into(), "document_no".into()],
        }
    }
}

impl Quality {
    /// The first day on which documents were checked at opening, days since 1970-01-01.
    pub fn real_name_days(&self) -> i32 {
        self.real_name_from.map_or(REAL_NAME_DAYS, BusinessDate::epoch_days)
    }

    /// The weight of a field.
    pub fn weight(&self, field: PartyField) -> u32 {
        self.weights.get(field.name()).copied().unwrap_or(field.weight())
    }

    /// Whether a profile cannot do without a field.
    pub fn is_needed(&self, field: PartyField) -> bool {
        self.needed.iter().any(|name| name == field.name())
    }

    /// The key at fault, and why.
    pub(super) fn fault(&self) -> Option<(&'static str, String)> {
        let unknown = |name: &String| PartyField::from_name(name).is_none();
        let told = |name: &String| {
            let known: Vec<_> = PartyField::ALL.iter().map(|field| field.name()).collect();
            format!("field `{name}` not found (fields: `{}`)", known.join("`, `"))
        };
        if let Some(name) = self.weights.keys().find(|name| unknown(name)) {
            return Some(("quality.weights", told(name)));
        }
        let name = self.needed.iter().find(|name| unknown(name))?;
        Some(("quality.needed", told(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_hold_where_nothing_is_said() {
        let quality: Quality = toml::from_str("weights = { income = 9 }").unwrap();
        let day = BusinessDate::from_epoch_days(quality.real_name_days()).unwrap();
        assert_eq!(day.to_string(), "1999-11-01");
        assert_eq!((quality.weight(PartyField::Income), quality.weight(PartyField::Name)), (9, 2));
        assert!(quality.is_needed(PartyField::Document) && !quality.is_needed(PartyField::Income));
        assert_eq!(quality.fault(), None);
    }

    #[test]
    fn unknown_fields_are_refused() {
        let key = |text: &str| toml::from_str::<Quality>(text).unwrap().fault().unwrap().0;
        assert_eq!(key("weights = { shoe_size = 1 }"), "quality.weights");
        assert_eq!(key("needed = [\"shoe_size\"]"), "quality.needed");
        assert!(toml::from_str::<Quality>("real_name_from = \"soon\"").is_err());
    }
}

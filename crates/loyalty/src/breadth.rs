//! Breadth: how many groups of products and services a client holds and uses (S05).

/// What a client does with one group: a product family, or a service such as e-banking, a salary
/// account or a standing order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupUse {
    /// Neither held nor used.
    None,
    /// Held, not used of late: counts half.
    Dormant,
    /// Used of late.
    Used,
}

impl GroupUse {
    /// What the group adds to breadth, in halves of a group.
    pub fn halves(self) -> i64 {
        match self {
            Self::None => 0,
            Self::Dormant => 1,
            Self::Used => 2,
        }
    }
}

/// The use of a group by its last use: within `window_days` (the boundary included; 90 is usual) it
/// is used, whether or not a holding is on record.
pub fn group_use(held: bool, days_since_use: Option<u32>, window_days: u32) -> GroupUse {
    if days_since_use.is_some_and(|days| days <= window_days) {
        GroupUse::Used
    } else if held {
        GroupUse::Dormant
    } else {
        GroupUse::None
    }
}

/// Breadth in halves of a group, one entry per group; ranked among clients by the caller.
pub fn breadth(groups: &[GroupUse]) -> i64 {
    groups.iter().map(|group| group.halves()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn use_of_late_decides() {
        for (held, days, expect) in [
            (true, Some(0), GroupUse::Used),
            (true, Some(90), GroupUse::Used),
            (true, Some(91), GroupUse::Dormant),
            (true, None, GroupUse::Dormant),
            (false, Some(3), GroupUse::Used),
            (false, Some(91), GroupUse::None),
            (false, None, GroupUse::None),
        ] {
            assert_eq!(group_use(held, days, 90), expect, "{held} {days:?}");
        }
    }

    #[test]
    fn a_dormant_holding_counts_half() {
        assert_eq!(breadth(&[]), 0);
        assert_eq!(breadth(&[GroupUse::Used, GroupUse::Dormant, GroupUse::None]), 3);
    }

    proptest! {
        #[test]
        fn it_rises_with_holding_and_with_use(
            held in prop::collection::vec((any::<bool>(), prop::option::of(0_u32..200)), 1..12),
            at in 0_usize..12,
        ) {
            let of = |groups: &[(bool, Option<u32>)]| {
                let uses: Vec<_> = groups.iter().map(|&(held, days)| group_use(held, days, 90)).collect();
                breadth(&uses)
            };
            let mut more = held.clone();
            let at = at % more.len();
            more[at].0 = true;
            prop_assert!(of(&more) >= of(&held));
            more[at].1 = Some(0);
            prop_assert!(of(&more) >= of(&held));
        }
    }
}

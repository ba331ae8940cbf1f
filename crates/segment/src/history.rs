//! History of one client: rows with a validity (SCD2, Kimball).

use model::BusinessDate;

/// The attributes of a client from a date on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version<A> {
    /// First day it holds.
    pub valid_from: BusinessDate,
    /// First day it no longer holds; `None` while it does.
    pub valid_to: Option<BusinessDate>,
    /// What a new version is opened for: tier, cell and whatever else is declared.
    pub attributes: A,
}

/// A night that is older than the history it should continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("history already holds {last} (expected a business date on or after it, got {as_of})")]
pub struct HistoryError {
    /// The night.
    pub as_of: BusinessDate,
    /// The last date in the history.
    pub last: BusinessDate,
}

/// Continues a client's history with the attributes of tonight, `None` when the client is gone.
///
/// `rows` ascend and do not overlap; only the last two are looked at. Equal attributes leave the open
/// row alone, others close it and open the next. What an earlier run of the same night wrote is taken
/// back first, so that a rerun replaces it and leaves no trace.
pub fn advance_history<A: PartialEq>(
    rows: &mut Vec<Version<A>>,
    today: Option<A>,
    as_of: BusinessDate,
) -> Result<(), HistoryError> {
    let last = rows.last().map(|row| row.valid_to.unwrap_or(row.valid_from));
    if let Some(last) = last.filter(|last| *last > as_of) {
        return Err(HistoryError { as_of, last });
    }
    rows.pop_if(|row| row.valid_from == as_of);
    if let Some(row) = rows.last_mut() {
        row.valid_to = row.valid_to.filter(|end| *end != as_of);
        let open = row.valid_to.is_none();
        if open && today.as_ref() == Some(&row.attributes) {
            return Ok(());
        }
        row.valid_to = row.valid_to.or(Some(as_of));
    }
    rows.extend(today.map(|attributes| Version { valid_from: as_of, valid_to: None, attributes }));
    Ok(())
}

#[cfg(test)]
mod tests;

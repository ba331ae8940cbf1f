//! A header or trailer, ready to be read: its values by field or by place.

use crate::cobol::Item;
use crate::error::{Cause, ValuePlace};
use crate::plan::Plan;
use crate::promise::{Promise, Written};
use model::{BusinessDate, CharSet, ControlPlace, ControlRecord, ControlValue};
use std::borrow::Cow;

/// A header or trailer as it is declared.
pub(crate) struct Control<'f> {
    /// `header` or `trailer`.
    name: &'static str,
    pub(crate) declared: &'f ControlRecord,
    /// Values that stand in bytes.
    items: Vec<(ControlValue, Item)>,
}

/// A header or trailer as it stands in the file.
pub(crate) struct ControlLine<'l> {
    /// Its bytes.
    pub(crate) bytes: &'l [u8],
    /// Its fields, by number from 1.
    pub(crate) field: &'l dyn Fn(usize) -> Option<&'l str>,
}

/// The delivery that a header or trailer must be of, where it says of which it is.
#[derive(Clone, Copy)]
pub(crate) struct Delivery {
    /// Its date.
    pub(crate) as_of: BusinessDate,
    /// Its number, where the file's name holds one.
    pub(crate) rerun: Option<u32>,
}

impl<'f> Control<'f> {
    pub(crate) fn of(name: &'static str, declared: &'f ControlRecord, charset: CharSet) -> Self {
        let item = |value| match declared.place(value)? {
            ControlPlace::Spot(spot) => Some((value, Item::of_spot(spot, charset)?)),
            ControlPlace::Field(_) => None,
        };
        Self { name, declared, items: ControlValue::ALL.into_iter().filter_map(item).collect() }
    }

    /// What it promises; it must be of the delivery as far as it says.
    pub(crate) fn read(
        &self,
        line: &ControlLine<'_>,
        delivery: Delivery,
        plan: &Plan,
    ) -> Result<Promise, Cause> {
        self.is_of(delivery, line)?;
        let around = self.declared.count_includes.around();
        Promise::read(self.name, around, &|value| self.value(value, line), plan)
    }

    fn is_of(&self, delivery: Delivery, line: &ControlLine<'_>) -> Result<(), Cause> {
        let record = self.name;
        if let Some((place, text)) = self.value(ControlValue::Date, line) {
            let (found, expected) = (text.as_deref().and_then(compact_date), delivery.as_of);
            if found != Some(expected) {
                return Err(Cause::ControlDate { record, place, found, expected });
            }
        }
        let number = self.value(ControlValue::Rerun, line);
        let Some(((place, text), expected)) = number.zip(delivery.rerun) else { return Ok(()) };
        let found = text.and_then(|text| text.parse().ok());
        if found == Some(expected) {
            return Ok(());
        }
        Err(Cause::ControlRerun { record, place, found, expected })
    }

    fn value<'l>(&self, value: ControlValue, line: &ControlLine<'l>) -> Written<'l> {
        match self.declared.place(value)? {
            ControlPlace::Field(number) => {
                Some((ValuePlace::Field(number), (line.field)(number).map(Cow::Borrowed)))
            }
            ControlPlace::Spot(spot) => {
                let item = self.items.iter().find(|(of, _)| *of == value);
                let text = item.and_then(|(_, item)| item.text(line.bytes));
                Some((ValuePlace::Byte(spot.at), text.map(Cow::Owned)))
            }
        }
    }
}

/// The day of `YYYYMMDD`.
fn compact_date(text: &str) -> Option<BusinessDate> {
    let [y0, y1, y2, y3, m0, m1, d0, d1] = text.as_bytes() else { return None };
    let dashed = [y0, y1, y2, y3, &b'-', m0, m1, &b'-', d0, d1].map(|b| char::from(*b));
    dashed.iter().collect::<String>().parse().ok()
}

//! Client care: who called, about what, and what they think of the bank.

use super::{Desk, activity, records};
use crate::days::Day;
use crate::dice::{Dice, Stream};
use crate::feeds::Feed;
use crate::numbers::{exp, whole};
use crate::people::{Person, System};
use crate::rows::Book;

/// A person's rows.
pub(crate) fn write(desk: &Desk<'_>, person: &Person, book: &mut Book) {
    for (nth, (key, shown)) in records(desk, person, System::Care).into_iter().enumerate() {
        book.row(Feed::CareCaller)
            .text(&key)
            .text(shown.any_name())
            .maybe(shown.paper_no())
            .maybe(shown.mobile.as_deref())
            .maybe(shown.email.as_deref())
            .day(shown.since)
            .text(if person.opted_out { "1" } else { "0" })
            .end();
        let mut dice =
            Dice::new(desk.world.seed, Stream::Care, person.index, 1_000_000 + nth as u64);
        let mut voices = Voices { desk, key: &key, since: shown.since, nth: 0 };
        voices.contacts(&mut dice, book);
        voices.feedback(&mut dice, book);
    }
}

/// The contacts and voices of one caller.
struct Voices<'a> {
    desk: &'a Desk<'a>,
    key: &'a str,
    since: Day,
    nth: u32,
}

const TOPICS: [&str; 7] = ["card", "transfer", "loan", "wealth", "app", "address", "fees"];
/// Free text, with all that free text has.
const NOTES: [&str; 4] = [
    "客户要求回电\n下午三点以后",
    "问\"提前还款\"是否收费; 已答复",
    "转网点经理;\n\n待复核",
    "地址变更, 证件已核",
];
/// How far back the log of feedback reaches, days.
const FEEDBACK_DAYS: i32 = 730;

impl Voices<'_> {
    /// A day of the last `back` days before the bank's last night: drawn from there, so that every
    /// night tells the same past; none when it is not there yet or before the client came.
    fn day(&self, back: i32, dice: &mut Dice) -> Option<Day> {
        let day = self.desk.world.last - dice.between(0, back);
        let span = crate::days::month_of(day) - self.desk.night.origin;
        let here = self.desk.latent.presence(span) > 0.0;
        (here && day >= self.since && day <= self.desk.night.as_of).then_some(day)
    }

    fn contacts(&mut self, dice: &mut Dice, book: &mut Book) {
        for _ in 0..dice.count(1.6 * activity(self.desk.latent)) {
            let day = self.day(380, dice);
            let way = ["hotline", "branch", "manager", "callback"][dice.weighted(&[58, 22, 8, 12])];
            let topic = *dice.pick(&TOPICS);
            self.nth += 1;
            let Some(day) = day else { continue };
            let row = book.row(Feed::CareContact).joined(self.key, self.nth).text(self.key);
            row.day(day).text(way).text(topic).maybe(self.note()).end();
        }
    }

    /// What was typed in while the caller spoke, now and then.
    fn note(&self) -> Option<&'static str> {
        let (whom, part) = (self.desk.index, 2_000_000 + u64::from(self.nth));
        let mut dice = Dice::new(self.desk.world.seed, Stream::Care, whom, part);
        dice.chance(0.12).then(|| *dice.pick(&NOTES))
    }

    fn feedback(&mut self, dice: &mut Dice, book: &mut Book) {
        let attached = self.desk.latent.attachment;
        if dice.chance((0.3 + 0.06 * attached).clamp(0.05, 0.6)) {
            let experience = likert(3.3 + 0.75 * attached + 0.6 * dice.normal());
            let expectation = likert(3.5 + 0.6 * dice.normal());
            let day = self.day(FEEDBACK_DAYS, dice);
            self.voice(
                book,
                day,
                "SUR",
                &[None, Some(experience), Some(expectation)],
                None,
                None,
                None,
            );
        }
        if dice.chance(0.3) {
            let score =
                i64::from(whole((6.7 + 2.0 * attached + 1.4 * dice.normal()).clamp(0.0, 10.4)));
            let day = self.day(FEEDBACK_DAYS, dice);
            self.voice(book, day, "NPS", &[Some(score), None, None], None, None, None);
        }
        for _ in 0..dice.count(0.16 * exp(-0.6 * attached)) {
            self.complaint(dice, book);
        }
        for _ in 0..dice.count(0.13 * exp(0.8 * attached)) {
            let joined = if dice.chance(0.35) { "1" } else { "0" };
            let day = self.day(FEEDBACK_DAYS, dice);
            self.voice(book, day, "REF", &[None, None, None], None, None, Some(joined));
        }
        if dice.chance(0.07 * exp(0.5 * attached)) {
            let day = self.day(FEEDBACK_DAYS, dice);
            self.voice(book, day, "PRA", &[None, None, None], None, None, None);
        }
    }

    fn complaint(&mut self, dice: &mut Dice, book: &mut Book) {
        let day = self.day(FEEDBACK_DAYS, dice);
        let severity = ["low", "medium", "high"][dice.weighted(&[55, 33, 12])];
        let takes = 1 + dice.between(0, 40);
        let settled = dice.chance(0.85);
        let resolved = day.map(|d| d + takes).filter(|d| settled && *d <= self.desk.night.as_of);
        self.voice(book, day, "CMP", &[None, None, None], Some(severity), resolved, None);
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of one row")]
    fn voice(
        &mut self,
        book: &mut Book,
        day: Option<Day>,
        kind: &str,
        answers: &[Option<i64>; 3],
        severity: Option<&str>,
        resolved: Option<Day>,
        joined: Option<&str>,
    ) {
        self.nth += 1;
        let Some(day) = day else { return };
        book.row(Feed::CareVoice)
            .joined(self.key, self.nth)
            .text(self.key)
            .day(day)
            .text(kind)
            .int(answers[0])
            .int(answers[1])
            .int(answers[2])
            .maybe(severity)
            .maybe_day(resolved)
            .maybe(joined)
            .end();
    }
}

fn likert(value: f64) -> i64 {
    i64::from(whole(value.clamp(1.0, 5.4) + 0.5)).clamp(1, 5)
}

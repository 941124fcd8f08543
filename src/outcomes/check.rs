//! What may be recorded, by the reference data of the day of the decision.

use chrono::NaiveDate;

use super::{Amount, NewOutcome, NewYield};
use crate::{
    platform::fault::{Code, Faults, FieldFault},
    reference::{Reference, YieldKind},
    tips::{MAX_TEXT, TEXT, text_fault},
};

/// More kinds than there are, each several times; beyond it somebody sends a list of something else.
const MAX_YIELDS: usize = 50;

/// Judges all fields at once; returns the amounts of the yields, in their order.
pub(super) fn check(reference: &Reference, new: &NewOutcome, today: NaiveDate) -> Result<Vec<Amount>, Vec<FieldFault>> {
    let mut faults = Faults::default();
    let day = check_day(reference, new.decided_on, today, &mut faults);
    faults.check(reference.outcome_kind_on(&new.kind, day).is_some(), "kind", Code::UnknownOutcomeKind);
    if let Some(code) = new.note.as_ref().and_then(|note| text_fault(note.expose(), MAX_TEXT, TEXT)) {
        faults.add("note", code);
    }
    faults.check(new.yields.len() <= MAX_YIELDS, "yields", Code::TooLong);
    let yields = new.yields.iter().take(MAX_YIELDS).enumerate();
    let amounts = yields.filter_map(|(at, item)| check_yield(reference, at, item, day, &mut faults)).collect();
    faults.into_result().map(|()| amounts)
}

/// The day by whose reference data the rest is judged: the decision's, or today's if that day cannot be.
fn check_day(reference: &Reference, decided_on: NaiveDate, today: NaiveDate, faults: &mut Faults) -> NaiveDate {
    if decided_on > today {
        faults.add("decided_on", Code::DateInFuture);
        return today;
    }
    // Before the first day of the reference data nothing can be told apart.
    if reference.outcome_kinds_on(decided_on).is_empty() {
        faults.add("decided_on", Code::DateTooEarly);
        return today;
    }
    decided_on
}

fn check_yield(
    reference: &Reference,
    at: usize,
    item: &NewYield,
    day: NaiveDate,
    faults: &mut Faults,
) -> Option<Amount> {
    let field = |name: &str| format!("yields[{at}].{name}");
    let amount = Amount::from_number(item.amount);
    let kind = reference.yield_kind_on(&item.kind, day);
    let Some(kind) = kind else {
        faults.add(field("kind"), Code::UnknownYieldKind);
        if amount.is_none() {
            faults.add(field("amount"), Code::AmountInvalid);
        }
        return amount;
    };
    if !has_choice(kind, item.choice.as_deref()) {
        faults.add(field("choice"), Code::UnknownYieldKind);
    }
    if !kind.units.contains(&item.unit) {
        faults.add(field("unit"), Code::UnknownYieldUnit);
    }
    let amount = amount.filter(|amount| !kind.whole || amount.is_whole());
    if amount.is_none() {
        faults.add(field("amount"), Code::AmountInvalid);
    }
    amount
}

/// Which drug may stay open; what is named has to be one of the list.
fn has_choice(kind: &YieldKind, choice: Option<&str>) -> bool {
    choice.is_none_or(|choice| kind.kinds.iter().any(|known| known.code == choice))
}

#[cfg(test)]
mod tests {
    use vault::secret::Secret;

    use super::*;
    use crate::reference;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn outcome(kind: &str, decided_on: &str, yields: Vec<NewYield>) -> NewOutcome {
        let decided_on = day(decided_on);
        NewOutcome { kind: kind.into(), decided_on, action_confirmed: false, note: None, yields }
    }

    fn item(kind: &str, choice: Option<&str>, amount: f64, unit: &str) -> NewYield {
        NewYield { kind: kind.into(), choice: choice.map(Into::into), amount, unit: unit.into() }
    }

    fn judge(new: &NewOutcome) -> Result<Vec<i64>, Vec<(String, Code)>> {
        let reference = Reference::build(reference::shipped().unwrap()).unwrap();
        let faults = |faults: Vec<FieldFault>| faults.into_iter().map(|f| (f.field.into_owned(), f.code)).collect();
        let milli = |amounts: Vec<Amount>| amounts.into_iter().map(Amount::milli).collect();
        check(&reference, new, day("2024-03-01")).map(milli).map_err(faults)
    }

    #[test]
    fn a_sound_outcome_is_taken_with_exact_amounts() {
        let yields = vec![item("drugs", Some("heroin"), 0.3, "g"), item("persons", None, 2.0, "person")];
        assert_eq!(judge(&outcome("khoi_to", "2023-06-01", yields)), Ok(vec![300, 2_000]));
        assert_eq!(judge(&outcome("khong_co_that", "2024-03-01", Vec::new())), Ok(Vec::new()));
        assert_eq!(judge(&outcome("thu_hoi", "2019-12-01", vec![item("drugs", None, 5.0, "pill")])), Ok(vec![5_000]));
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let yields = vec![
            item("gold", None, -1.0, "kg"),
            item("persons", Some("heroin"), 1.5, "gun"),
            item("drugs", Some("tea"), 0.1234, "g"),
        ];
        let mut new = outcome("acquitted", "2024-03-02", yields);
        new.note = Some(Secret::new(" ".into()));
        let expected = [
            ("decided_on", Code::DateInFuture),
            ("kind", Code::UnknownOutcomeKind),
            ("note", Code::TextEmpty),
            ("yields[0].kind", Code::UnknownYieldKind),
            ("yields[0].amount", Code::AmountInvalid),
            ("yields[1].choice", Code::UnknownYieldKind),
            ("yields[1].unit", Code::UnknownYieldUnit),
            ("yields[1].amount", Code::AmountInvalid),
            ("yields[2].choice", Code::UnknownYieldKind),
            ("yields[2].amount", Code::AmountInvalid),
        ];
        assert_eq!(judge(&new), Err(expected.map(|(field, code)| (field.to_owned(), code)).to_vec()));
    }

    #[test]
    fn a_day_before_all_reference_data_is_the_only_fault() {
        let new = outcome("khoi_to", "2019-11-30", vec![item("persons", None, 1.0, "person")]);
        assert_eq!(judge(&new), Err(vec![("decided_on".to_owned(), Code::DateTooEarly)]));
    }

    #[test]
    fn a_list_without_end_is_refused() {
        let yields = (0..=MAX_YIELDS).map(|_| item("persons", None, 1.0, "person")).collect();
        assert_eq!(judge(&outcome("khoi_to", "2023-06-01", yields)), Err(vec![("yields".to_owned(), Code::TooLong)]));
    }
}

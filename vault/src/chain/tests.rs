use proptest::prelude::*;

use super::*;
use crate::chance::Chance;

type Fields = Vec<Option<Vec<u8>>>;

fn leaf_of(fields: &Fields) -> Hash {
    leaf(&fields.iter().map(Option::as_deref).collect::<Vec<_>>())
}

fn links_of(rows: &[Fields]) -> Vec<Link> {
    let mut head = Head::start();
    let mut links = Vec::new();
    for row in rows {
        let link = head.next(leaf_of(row));
        head = Head::of(&link);
        links.push(link);
    }
    links
}

fn head_of(rows: &[Fields]) -> Head {
    links_of(rows).last().map_or(Head::start(), Head::of)
}

fn checkpoint(seq: u64) -> Checkpoint {
    let at = "2024-06-03T02:00:00.000001Z".parse().unwrap();
    Checkpoint { head: Head { seq, hash: leaf(&[Some(b"x")]) }, at }
}

#[test]
fn hashes_are_those_that_a_stranger_computes() {
    // printf 'tipline/audit/genesis/1' | sha256sum
    assert_eq!(genesis().to_hex(), Hash(kdf::sha256(&[b"tipline/audit/genesis/1"])).to_hex());
    let written = b"tipline/audit/leaf/1\0\0\0\0\0\0\0\0\x02\0\x01\0\0\0\0\0\0\0\x03abc";
    assert_eq!(leaf(&[None, Some(b"abc")]), Hash(kdf::sha256(&[written])));
}

#[test]
fn a_checkpoint_survives_its_line_and_no_change_of_it() {
    let secrets = Secrets::generate(&Chance::seeded(1));
    let (ours, theirs) = (public_keys(&secrets), public_keys(&Secrets::generate(&Chance::seeded(2))));
    let line = checkpoint(7).sign(&secrets).unwrap();
    assert_eq!(Checkpoint::read(&line, &ours), Ok(checkpoint(7)));
    assert_eq!(Checkpoint::read(&line, &theirs), Err(BadCheckpoint::Forged));
    assert_eq!(Checkpoint::read(&line, &[]), Err(BadCheckpoint::UnknownKey));
    for (was, is) in [("\"seq\":7", "\"seq\":8"), ("2024", "2025"), ("\"key\":1", "\"key\":2")] {
        assert!(Checkpoint::read(&line.replace(was, is), &ours).is_err(), "{is}");
    }
    for cut in 0..line.len() {
        assert!(Checkpoint::read(&line[..cut], &ours).is_err(), "{cut}");
    }
}

#[test]
fn only_the_holder_of_the_secrets_marks_a_link() {
    let [ours, theirs] = [1, 2].map(|seed| Marker::of(&Secrets::generate(&Chance::seeded(seed))));
    let link = Head::start().next(leaf(&[None]));
    let (version, mark) = ours.mark(&link);
    assert!(ours.is_marked(&link, version, &mark));
    assert!(!theirs.is_marked(&link, version, &mark));
    assert!(!ours.is_marked(&link, version + 1, &mark));
    assert!(!ours.is_marked(&Head::of(&link).next(leaf(&[None])), version, &mark));
    assert!(!ours.is_marked(&link, version, &[]));
}

fn rows() -> impl Strategy<Value = Vec<Fields>> {
    let field = prop::option::of(prop::collection::vec(0u8..3, 0..3));
    prop::collection::vec(prop::collection::vec(field, 0..4), 0..6)
}

proptest! {
    /// Two histories have one head only if they are the same history: nothing can be edited, left out, put in,
    /// exchanged or cut unseen. Drawn from few and short values, so that likenesses are likely.
    #[test]
    fn one_head_is_one_history(one in rows(), other in rows()) {
        prop_assert_eq!(head_of(&one) == head_of(&other), one == other);
    }

    #[test]
    fn no_two_rows_are_spelled_alike(one in rows(), other in rows()) {
        for (one, other) in one.iter().zip(&other) {
            prop_assert_eq!(leaf_of(one) == leaf_of(other), one == other);
        }
    }

    #[test]
    fn numbers_run_from_one_without_a_gap(rows in rows()) {
        let links = links_of(&rows);
        let numbers: Vec<u64> = links.iter().map(|link| link.seq).collect();
        prop_assert_eq!(numbers, (1..=rows.len() as u64).collect::<Vec<_>>());
        for two in links.windows(2) {
            prop_assert_eq!(two[0].hash(), two[1].prev);
        }
    }

    #[test]
    fn any_line_is_answered(line in any::<String>()) {
        prop_assert!(Checkpoint::read(&line, &[]).is_err());
    }
}

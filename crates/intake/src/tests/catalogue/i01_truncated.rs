//! I1: a packed file cut anywhere is refused.

use super::numbers;
use crate::tests::packings::{pack, packed, rows};
use crate::tests::refused;

#[test]
fn a_member_cut_at_any_of_100_places_is_refused() {
    let whole = pack(&rows());
    let anywhere = numbers(1).map(|n| usize::try_from(n % whole.len() as u64).unwrap());
    let mut refusals = 0;
    // The last bytes are the checksum and the length, which nothing but a whole read looks at.
    for length in anywhere.take(100).chain(whole.len() - 9..whole.len()) {
        let message = refused(&packed(), &whole[..length]);
        assert!(message.starts_with("gzip: the stream is cut"), "{length}: {message}");
        refusals += 1;
    }
    assert_eq!(refusals, 109);
}

//! Who inherits which id: deferred acceptance between the ids so far and tonight's clusters.
//!
//! Each id asks for the part with its anchor, then for its other parts from the largest; each
//! cluster takes the id of longest standing among those that ask, then the one with most records.
//! The outcome is the same whoever asks first (Gale and Shapley 1962), gives the plain merge and
//! the plain split their declared keeper, and leaves a consistent answer where both happen at once.

use super::parts::{Part, Parts};
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::cmp::Reverse;

/// How much a cluster wants an id: the least most. Retired ids come after those in use.
type Claim = (bool, i32, Reverse<usize>, i64);

/// The inherited ids by cluster.
pub(super) fn inherit(parts: &Parts) -> FxHashMap<i64, i64> {
    let clients: Vec<&[Part]> = parts.by_client().collect();
    let mut asked = vec![0_usize; clients.len()];
    let mut accepted: FxHashMap<i64, (Claim, usize)> =
        FxHashMap::with_capacity_and_hasher(clients.len(), FxBuildHasher);
    for client in 0..clients.len() {
        let mut asking = Some(client);
        while let Some(client) = asking {
            let Some(part) = clients[client].get(asked[client]) else { break };
            asked[client] += 1;
            let claim = claim(clients[client], part);
            asking = match accepted.get(&part.cluster).copied() {
                None => {
                    accepted.insert(part.cluster, (claim, client));
                    None
                }
                Some((held, rival)) if claim < held => {
                    accepted.insert(part.cluster, (claim, client));
                    Some(rival)
                }
                Some(_) => Some(client),
            };
        }
    }
    accepted
        .into_iter()
        .map(|(cluster, (_, client))| (cluster, clients[client][0].client_id))
        .collect()
}

/// The claim of an id with these parts on the cluster of one of them.
fn claim(parts: &[Part], part: &Part) -> Claim {
    let standing = parts.iter().map(|part| part.opened_on).min().unwrap_or(i32::MAX);
    (!part.live, standing, Reverse(part.rows), part.client_id)
}

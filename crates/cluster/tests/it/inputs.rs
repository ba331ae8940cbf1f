//! Bad input: a cluster says of it what one machine says.

use crate::cluster::Cluster;
use crate::process::Told;
use crate::world::{AS_OF, Lake, Night};
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use testkit::{copy_tree, repo_root, scratch};

/// A copy of the sample extracts that has been spoilt.
fn spoilt(spoil: impl FnOnce(&Path)) -> (TempDir, Night) {
    let extracts = scratch();
    let folder = AS_OF.replace('-', "");
    copy_tree(&repo_root().join("data-samples/night").join(folder), extracts.path());
    spoil(extracts.path());
    let night = Night { extracts: Some(extracts.path().to_owned()), ..Night::sample() };
    (extracts, night)
}

/// The same exit code, the same words, nothing published; what the cluster said.
fn is_refused_alike(cluster: &mut Cluster, night: &Night, code: i32) -> Told {
    let (here, there) = (Lake::new(), Lake::new());
    let local = night.on_one_machine(&here.path());
    let told = cluster.start(night, &there.path(), &[]).end(&mut || {});
    assert_eq!((told.code, told.error()), (code, local.error()), "{}", told.stderr);
    assert_eq!(told.code, local.code);
    let last = |told: &Told| told.stderr.lines().last().map(str::to_owned);
    assert_eq!(last(&told), last(&local));
    assert!(here.is_bare() && there.is_bare());
    told
}

/// A loan file whose trailer counts one row more than there are.
fn with_a_wrong_trailer(extracts: &Path) {
    let file = extracts.join("LN_LOAN_20261120.csv");
    let text = fs::read_to_string(&file).unwrap();
    let trailer = text.lines().last().unwrap();
    let mut fields: Vec<String> = trailer.split(',').map(str::to_owned).collect();
    fields[1] = (fields[1].parse::<u64>().unwrap() + 1).to_string();
    fs::write(&file, text.replace(trailer, &fields.join(","))).unwrap();
}

#[test]
fn bad_input_is_refused_in_the_same_words() {
    let mut cluster = Cluster::of(2);
    let (_kept, night) = spoilt(with_a_wrong_trailer);
    let told = is_refused_alike(&mut cluster, &night, 8);
    assert!(told.error().contains("trailer"), "{}", told.stderr);
    assert!(!told.stderr.contains(" again, "), "a bad file is no better later: {}", told.stderr);
    let (_kept, night) = spoilt(|folder| fs::remove_file(folder.join("DEP_20261120.OK")).unwrap());
    let told = is_refused_alike(&mut cluster, &night, 9);
    assert!(told.error().contains("DEP_20261120.OK"), "{}", told.stderr);
}

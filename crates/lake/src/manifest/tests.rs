use super::*;
use proptest::prelude::*;
use serde_json::json;

fn sample() -> Manifest {
    let input = |name: &str| InputFile {
        name: name.to_owned(),
        bytes: 3,
        blake3: "ab".to_owned(),
        source_as_of: None,
    };
    let facts = RunFacts {
        run: RunId::new("r-1").unwrap(),
        as_of: "2026-11-20".parse().unwrap(),
        previous: None,
        inputs: vec![input("b.csv"), input("a.csv")],
        job_digest: "j".to_owned(),
        binary_digest: "b".to_owned(),
        engine_version: "0.1.0".to_owned(),
        totals: json!({"client_segment": {"rows": 3, "margin": "12.50"}}),
        summary: json!({"note": "a \"blake3\": \"text\"\n}\n"}),
    };
    Manifest::new(facts, Vec::new())
}

fn read_back(bytes: &[u8]) -> Result<Option<Whole<Manifest>>, LakeError> {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("manifest.json");
    std::fs::write(&path, bytes).unwrap();
    read(&path)
}

#[test]
fn a_manifest_reads_back_as_it_was_and_is_plain_json() {
    let manifest = sample();
    let bytes = to_text(&manifest).unwrap();
    let json: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(json["as_of"], "2026-11-20");
    assert_eq!(json["inputs"][0]["name"], "a.csv");
    assert_eq!(json["blake3"].as_str().unwrap().len(), 64);
    assert_eq!(read_back(&bytes).unwrap().unwrap().value, manifest);
}

#[test]
fn another_version_is_refused_with_a_hint() {
    let mut manifest = sample();
    manifest.version = 2;
    let error = read_back(&to_text(&manifest).unwrap()).err().unwrap();
    assert!(matches!(error, LakeError::Version { found: 2, expected: 1, .. }), "{error}");
}

proptest! {
    #[test]
    fn any_changed_byte_or_cut_is_found(at in 0.0..1.0f64, bit in 0u8..8, cut in any::<bool>()) {
        let mut bytes = to_text(&sample()).unwrap();
        let index = ((bytes.len() - 1) as f64 * at).floor();
        let index = (0..bytes.len()).find(|i| *i as f64 >= index).unwrap();
        if cut { bytes.truncate(index) } else { bytes[index] ^= 1 << bit }
        let error = read_back(&bytes).err().unwrap();
        let malformed = matches!(error, LakeError::Damaged { fault: Fault::Malformed, .. });
        prop_assert!(malformed, "{}", error);
    }
}

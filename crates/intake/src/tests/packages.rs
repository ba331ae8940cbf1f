//! Packages: one member of a whole archive, or refused.

use super::{Shown, abc, as_of, contract_error, drawn, read, refused};
use crate::arrive::arrive;
use crate::read::read_feed;
use flate2::Compression;
use flate2::write::GzEncoder;
use model::{FeedContract, SourceContract};
use std::io::Write;
use std::slice::from_ref;

fn packaged(package: &str, more: &str) -> FeedContract {
    abc(r#"separator = "|""#, &format!("package = \"{package}\"\n{more}"))
}

fn tar() -> FeedContract {
    packaged("p.tar", "")
}

/// A header block and its content.
fn entry(kind: u8, name: &str, content: &[u8]) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..108].copy_from_slice(b"0000644\0");
    block[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    sealed(block, content)
}

fn sealed(mut block: Vec<u8>, content: &[u8]) -> Vec<u8> {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block.extend_from_slice(content);
    block.resize(block.len().next_multiple_of(512), 0);
    block
}

fn file(name: &str, content: &str) -> Vec<u8> {
    entry(b'0', name, content.as_bytes())
}

fn archive(entries: &[Vec<u8>]) -> Vec<u8> {
    [entries.concat(), vec![0; 1_024]].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn rows() -> String {
    let row = |i| format!("name {}|{i}|{}.25\n", i * 7_919 % 1_009, i * 31);
    (0..2_000).map(row).collect::<Vec<_>>().concat()
}

#[test]
fn a_member_is_read_wherever_it_stands() {
    let wanted = file("f.txt", "x|1|1\ny|2|2\n");
    let other = file("other.txt", "x|1|1\n");
    let folder = entry(b'5', "./", b"");
    let dotted = file("./f.txt", "x|1|1\ny|2|2\n");
    for entries in [
        vec![wanted.clone()],
        vec![folder, other.clone(), dotted],
        vec![wanted.clone(), other.clone(), file("sub/f.txt", "?")],
    ] {
        assert_eq!(read(&tar(), archive(&entries)).unwrap().rows.len(), 2);
    }
    let padded = [archive(&[other, wanted]), vec![0; 8 * 1_024]].concat();
    let frame = zstd::stream::encode_all(&padded[..], 3).unwrap();
    assert_eq!(read(&packaged("p.tar.zst", ""), frame).unwrap().rows.len(), 2);
    assert_eq!(read(&packaged("p.tgz", ""), gzip(&padded)).unwrap().rows.len(), 2);
}

#[test]
fn a_member_may_be_packed_itself() {
    let member = entry(b'0', "f.txt", &gzip(rows().as_bytes()));
    let feed = packaged("p.tar.gz", "packing = \"gzip\"");
    let whole = archive(&[member]);
    assert_eq!(read(&feed, gzip(&whole)).unwrap().rows.len(), 2_000);
    let inner = gzip(rows().as_bytes());
    let cut = archive(&[entry(b'0', "f.txt", &inner[..inner.len() - 1])]);
    assert!(refused(&feed, gzip(&cut)).starts_with("gzip: the stream is cut"));
}

#[test]
fn long_names_are_read_in_both_ways() {
    let name = format!("{}f.txt", "a-long-folder/".repeat(9));
    assert!(name.len() > 100);
    let text = format!("file = \"{name}\"\npackage = \"p.tar\"\n");
    let body = "shape = { kind = \"json_lines\" }\ncolumns = [{ name = \"a\", type = \"text\" }]";
    let head = "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\n";
    let source = SourceContract::parse(&format!("{head}{text}{body}"), "test").unwrap();
    let line = b"{\"a\": \"x\"}\n";
    let length = name.len() + 10;
    let pax = format!("{length} path={name}\n");
    assert_eq!(pax.len(), length);
    let gnu = entry(b'L', "././@LongLink", format!("{name}\0").as_bytes());
    for extension in [entry(b'x', "pax", pax.as_bytes()), gnu] {
        let whole = archive(&[extension, entry(b'0', "short", line)]);
        assert_eq!(read(&source.feeds[0], whole).unwrap().rows, ["1: x"]);
    }
    let mut prefixed = vec![0; 512];
    prefixed[..5].copy_from_slice(b"f.txt");
    let prefix = name.strip_suffix("/f.txt").unwrap();
    prefixed[345..345 + prefix.len()].copy_from_slice(prefix.as_bytes());
    prefixed[124..136].copy_from_slice(format!("{:011o}\0", line.len()).as_bytes());
    prefixed[257..265].copy_from_slice(b"ustar\x0000");
    let whole = archive(&[sealed(prefixed, line)]);
    assert_eq!(read(&source.feeds[0], whole).unwrap().rows, ["1: x"]);
}

#[test]
fn a_package_cut_at_a_random_byte_is_refused() {
    let whole = archive(&[file("a.txt", &rows()), file("f.txt", &rows()), file("z.txt", &rows())]);
    let zst = zstd::stream::encode_all(&whole[..], 3).unwrap();
    for (package, bytes, seed) in
        [("p.tar.gz", gzip(&whole), 5), ("p.tar.zst", zst, 6), ("p.tar", whole, 7)]
    {
        let feed = packaged(package, "");
        assert_eq!(read(&feed, &bytes).unwrap().rows.len(), 2_000);
        let refused = drawn(seed, bytes.len()).chain([0, 1, bytes.len() - 1]).map(|length| {
            let message = refused(&feed, &bytes[..length]);
            assert!(message.contains(" is cut"), "{package} {length}: {message}");
        });
        assert_eq!(refused.count(), 103);
    }
}

#[test]
fn names_and_kinds_that_would_do_harm_are_refused_wherever_they_stand() {
    let wanted = file("f.txt", "x|1|1\n");
    let climbs =
        "package: entry 2 has a name that is absolute or climbs (expected a path without `..`)";
    let special = "package: entry 2 is neither file nor folder (expected no links and no devices)";
    let twice = "package: entry 2 has the name of an earlier one (expected each file once)";
    let cases = [
        (file("../f.txt", ""), climbs),
        (file("a/../../f.txt", ""), climbs),
        (file("a\\..\\f.txt", ""), climbs),
        (file("/etc/passwd", ""), climbs),
        (file("C:/f.txt", ""), climbs),
        (entry(b'5', "../", b""), climbs),
        (entry(b'1', "link", b""), special),
        (entry(b'2', "link", b""), special),
        (entry(b'3', "device", b""), special),
        (entry(b'S', "holes", b""), special),
        (entry(b'x', "pax", b"22 linkpath=elsewhere\n"), special),
        (file("f.txt", "y|2|2\n"), twice),
        (file("./f.txt", "y|2|2\n"), twice),
        (file(".//f.txt", "y|2|2\n"), twice),
    ];
    for (entry, message) in cases {
        let behind = archive(&[wanted.clone(), entry.clone()]);
        assert_eq!(refused(&tar(), behind), message);
        let before = refused(&tar(), archive(&[entry, wanted.clone()]));
        assert!(before.starts_with("package: entry ") && !before.contains("header"), "{before}");
    }
}

#[test]
fn what_is_no_whole_archive_is_refused() {
    let (wanted, other) = (file("f.txt", "x|1|1\n"), file("g.txt", "x|1|1\n"));
    let check = |bytes: Vec<u8>, message: &str| assert_eq!(refused(&tar(), bytes), message);
    let missing =
        "package: no entry has the name of the feed's `file` (expected it in the package)";
    check(archive(from_ref(&other)), missing);
    check(archive(&[]), missing);
    let cut = "package: the archive is cut (expected its end mark, two empty blocks)";
    check(wanted.clone(), cut);
    check([&wanted[..], &[0; 512]].concat(), cut);
    check([&wanted[..], &[0; 512], &other].concat(), cut);
    let trailing = "package: bytes follow the end mark (expected empty blocks only)";
    check([archive(from_ref(&wanted)), other].concat(), trailing);
    check([archive(from_ref(&wanted)), b"x".to_vec()].concat(), trailing);
    let damaged = "package: entry 1 has no valid header (expected a tar archive)";
    check(b"x|1|1\n".repeat(200), damaged);
    for at in [0, 130, 150] {
        let mut bytes = archive(from_ref(&wanted));
        bytes[at] ^= 1;
        check(bytes, damaged);
    }
    check(archive(&[entry(b'x', "pax", b"99 path=x\n"), wanted.clone()]), damaged);
    check(archive(&[entry(b'g', "pax", b"12 path=f.t\n"), wanted]), damaged);
}

#[test]
fn feeds_of_one_package_share_its_digest() {
    let feed = |name: &str| {
        format!(
            "[[feed]]\nname = \"{name}\"\npackage = \"DEP_01_{{date}}.tar.gz\"\n\
             file = \"{name}_{{date}}.txt\"\nflag = \"DEP_01_{{date}}.OK\"\nflag_counts = true\n\
             shape = {{ kind = \"json_lines\" }}\ncolumns = [{{ name = \"a\", type = \"text\" }}]\n"
        )
    };
    let text = format!("version = 1\nsystem = \"s\"\ntitle = \"S\"\n{}{}", feed("a"), feed("b"));
    let source = SourceContract::parse(&text, "test").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let row = "{\"a\": \"x\"}\n";
    let entries = [file("b_20261120.txt", row), file("a_20261120.txt", &row.repeat(2))];
    let bytes = gzip(&archive(&entries));
    let missing = |source: &SourceContract| {
        arrive(from_ref(source), folder.path(), as_of(), &|_| {}).unwrap_err()
    };
    std::fs::write(
        folder.path().join("DEP_01_20261120.OK"),
        "a_20261120.txt 2\nb_20261120.txt 1\n",
    )
    .unwrap();
    assert!(missing(&source).to_string().contains(": package `"));
    std::fs::write(folder.path().join("DEP_01_20261120.tar.gz"), &bytes).unwrap();
    let arrived = arrive(from_ref(&source), folder.path(), as_of(), &|_| {}).unwrap();
    let names: Vec<&str> = arrived.iter().map(|a| a.file.as_str()).collect();
    assert_eq!(
        names,
        ["DEP_01_20261120.tar.gz/a_20261120.txt", "DEP_01_20261120.tar.gz/b_20261120.txt"]
    );
    for (feed, (arrived, rows)) in source.feeds.iter().zip(arrived.iter().zip([2, 1])) {
        assert_eq!(arrived.blake3, blake3::hash(&bytes).to_hex().to_string());
        assert_eq!(arrived.bytes, bytes.len() as u64);
        assert_eq!(arrived.flag_rows, Some(rows));
        let mut sink = Shown::default();
        let read = read_feed("s", feed, arrived, as_of(), &mut sink, &|_| {}, folder.path());
        assert_eq!(read.unwrap().rows_delivered, rows);
    }
}

#[test]
fn a_package_says_how_it_is_packed_and_a_member_where_it_is() {
    let error = |more: &str| {
        contract_error(&format!(
            "{more}\nshape = {{ kind = \"json_lines\" }}\ncolumns = [{{ name = \"a\", type = \"text\" }}]"
        ))
    };
    let message = error("package = \"p.zip\"");
    assert!(
        message.contains("expected a name that ends in .tar, .tar.gz, .tgz or .tar.zst"),
        "{message}"
    );
    assert!(error("packing = \"rar\"").contains("unknown variant `rar`"));
    assert!(error("gzip = true").contains("unknown field `gzip`"));
}

//! COBOL items: the internal representations that IBM prints, and what is none.

use super::Item;
use crate::ebcdic::tests::encode;
use crate::fields::{Field, Fields};
use model::{CharSet, Cobol, CobolCoding, CobolContent, CobolNumber, Fill};
use proptest::prelude::*;

fn item(cobol: &str, charset: CharSet) -> (Item, usize) {
    let cobol: Cobol = cobol.parse().unwrap();
    (Item::new(0, &cobol, charset, &[]), cobol.width)
}

/// The text of an item, or why there is none.
fn read_as(charset: CharSet, cobol: &str, bytes: &[u8]) -> Result<String, &'static str> {
    let (item, width) = item(cobol, charset);
    assert_eq!(width, bytes.len(), "{cobol}");
    slot(&item, bytes).map(|text| text.expect("a value"))
}

fn slot(item: &Item, bytes: &[u8]) -> Result<Option<String>, &'static str> {
    let mut fields = Fields::default();
    let slot = item.slot(bytes, &mut fields);
    fields.push(slot);
    match fields.get(0, "") {
        Field::Absent => Ok(None),
        Field::Text { text, .. } => Ok(Some(text.to_owned())),
        Field::Broken(reason) => Err(reason),
    }
}

fn read(cobol: &str, bytes: &[u8]) -> Result<String, &'static str> {
    read_as(CharSet::Cp037, cobol, bytes)
}

/// Enterprise COBOL for z/OS, Programming Guide, "Examples: numeric data and internal
/// representation".
#[test]
fn numbers_are_those_of_the_programming_guide() {
    let cases: [(&str, &[u8], &str); 24] = [
        ("S9999", b"\xf1\xf2\xf3\xc4", "1234"),
        ("S9999", b"\xf1\xf2\xf3\xd4", "-1234"),
        ("S9999", b"\xf1\xf2\xf3\xf4", "1234"),
        ("9999", b"\xf1\xf2\xf3\xf4", "1234"),
        ("S9999 SIGN LEADING", b"\xc1\xf2\xf3\xf4", "1234"),
        ("S9999 SIGN LEADING", b"\xd1\xf2\xf3\xf4", "-1234"),
        ("S9999 SIGN LEADING SEPARATE", b"\x4e\xf1\xf2\xf3\xf4", "1234"),
        ("S9999 SIGN LEADING SEPARATE", b"\x60\xf1\xf2\xf3\xf4", "-1234"),
        ("S9999 SIGN IS TRAILING SEPARATE CHARACTER", b"\xf1\xf2\xf3\xf4\x4e", "1234"),
        ("S9999 TRAILING SEPARATE", b"\xf1\xf2\xf3\xf4\x60", "-1234"),
        ("S9999 BINARY", b"\x04\xd2", "1234"),
        ("S9999 COMP", b"\xfb\x2e", "-1234"),
        ("9999 COMP-4", b"\x04\xd2", "1234"),
        ("S9999 COMP-5", b"\x30\x39", "12345"),
        ("S9999 COMP-5", b"\xcf\xc7", "-12345"),
        ("9999 COMP-5", b"\xea\x60", "60000"),
        ("S9999 PACKED-DECIMAL", b"\x01\x23\x4c", "1234"),
        ("S9999 COMP-3", b"\x01\x23\x4d", "-1234"),
        ("9999 COMP-3", b"\x01\x23\x4f", "1234"),
        ("S9(9) COMP", b"\xff\xff\xff\xff", "-000000001"),
        ("S9(18) COMP", b"\x80\0\0\0\0\0\0\0", "!"),
        ("S9(18) COMP-5", b"\x80\0\0\0\0\0\0\0", "-9223372036854775808"),
        ("9(18) COMP-5", b"\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615"),
        ("PIC S9(5) USAGE IS COMP-3", b"\x00\x00\x0d", "-00000"),
    ];
    for (cobol, bytes, expected) in cases {
        let expected = if expected == "!" {
            Err("more digits than the picture has")
        } else {
            Ok(expected.to_owned())
        };
        assert_eq!(read(cobol, bytes), expected, "{cobol} {bytes:02x?}");
    }
}

#[test]
fn the_point_stands_where_v_says() {
    let cases: [(&str, &[u8], &str); 5] = [
        ("S9(3)V99 COMP-3", b"\x12\x34\x5d", "-123.45"),
        ("9(3)V9", b"\xf0\xf0\xf1\xf5", "001.5"),
        ("SV99", b"\xf1\xd5", "-0.15"),
        ("S9(7)V99 COMP", b"\xff\xff\xff\x9c", "-0000001.00"),
        ("S9V9 COMP-5", b"\x04\xd2", "123.4"),
    ];
    for (cobol, bytes, expected) in cases {
        assert_eq!(read(cobol, bytes), Ok(expected.to_owned()), "{cobol} {bytes:02x?}");
    }
}

#[test]
fn what_is_no_number_is_told_why() {
    let cases: [(&str, &[u8], &str); 18] = [
        ("S9(3) COMP-3", b"\x12\x34", "not a packed number (expected a sign, A to F"),
        ("S9(3) COMP-3", b"\x1a\x3c", "not a packed number (expected two digits"),
        ("S9(3) COMP-3", b"\xa2\x3c", "not a packed number (expected two digits"),
        ("S9(3) COMP-3", b"\x12\xfc", "not a packed number (expected two digits"),
        ("S9(3) COMP-3", b"\x00\x00", "not a packed number (expected a sign"),
        ("S9(3) COMP-3", b"\x40\x40", "not a packed number (expected a sign"),
        ("S9(3) COMP-3", b"\xff\xff", "not a packed number (expected two digits"),
        ("S9(2) COMP-3", b"\x12\x3c", "more digits than the picture has"),
        ("9(3) COMP-3", b"\x12\x3d", "a minus"),
        ("S9(3)", b"\xf1\xf2\xa3", "not a zoned number (expected the sign"),
        ("S9(3)", b"\x40\x40\x40", "not a zoned number (expected the sign"),
        ("S9(3)", b"\xf1\xc2\xf3", "not a zoned number (expected one digit a byte)"),
        ("S9(3)", b"\xf1\xfa\xf3", "not a zoned number (expected one digit a byte)"),
        ("9(3)", b"\xf1\xf2\xd3", "not a zoned number (expected one digit a byte)"),
        ("9(3)", b"\x00\x00\x00", "not a zoned number (expected one digit a byte)"),
        ("S9(2) LEADING SEPARATE", b"\x40\xf1\xf2", "not a zoned number (expected + or -"),
        ("9(4) COMP", b"\x27\x10", "more digits than the picture has"),
        ("S9(4) COMP", b"\xd8\xf0", "more digits than the picture has"),
    ];
    for (cobol, bytes, reason) in cases {
        let found = read(cobol, bytes).expect_err(cobol);
        assert!(found.starts_with(reason), "{cobol} {bytes:02x?}: {found}");
    }
}

#[test]
fn text_is_of_the_character_set() {
    assert_eq!(read("X(3)", b"\xb1\xc1\x40"), Ok("£A ".into()));
    let name = b"\x0e\x57\x96\x58\xa0\x52\x98\x0f\x40\x40";
    assert_eq!(read_as(CharSet::Cp935, "X(10)", name), Ok("王小明  ".into()));
    assert_eq!(
        read_as(CharSet::Cp935, "G(4)", b"\x57\x96\x58\xa0\x52\x98\x40\x40"),
        Ok("王小明\u{3000}".into())
    );
    for cut in 1..8 {
        let found = read_as(CharSet::Cp935, &format!("X({cut})"), &name[..cut]);
        assert!(found.unwrap_err().starts_with("bytes that are no text"), "{cut}");
    }
    let found = read_as(CharSet::Cp935, "N(2)", b"\x57\x96\x58\x40").unwrap_err();
    assert!(found.starts_with("bytes that are no double-byte text"), "{found}");
    assert_eq!(read_as(CharSet::Utf8, "9(3)V99", b"00150"), Ok("001.50".into()));
    assert_eq!(read_as(CharSet::Gb18030, "S9(3) LEADING SEPARATE", b"-015"), Ok("-015".into()));
}

#[test]
fn fills_are_no_value_only_where_the_contract_says_so() {
    let packed: Cobol = "S9(3) COMP-3".parse().unwrap();
    let fills = [Fill::LowValues, Fill::HighValues, Fill::Spaces];
    for (fill, byte) in fills.into_iter().zip([0x00, 0xff, 0x40]) {
        let of = |fills: &[Fill]| slot(&Item::new(0, &packed, CharSet::Cp037, fills), &[byte; 2]);
        assert!(of(&[]).is_err(), "{fill:?}");
        assert_eq!(of(&[fill]), Ok(None), "{fill:?}");
        let others: Vec<Fill> = fills.into_iter().filter(|other| *other != fill).collect();
        assert!(of(&others).is_err(), "{fill:?}");
        let mixed = Item::new(0, &packed, CharSet::Cp037, &[fill]);
        assert!(slot(&mixed, &[byte, 0x31]).is_err(), "{fill:?}: only when nothing else is there");
    }
}

/// A number as COBOL would store it.
pub(crate) fn store(cobol: &Cobol, value: i128) -> Vec<u8> {
    let CobolContent::Number(number) = &cobol.content else { panic!("no number") };
    let digits = format!("{:0>1$}", value.unsigned_abs(), number.digits);
    match number.coding {
        CobolCoding::Binary | CobolCoding::Native => {
            value.to_be_bytes()[16 - cobol.width..].to_vec()
        }
        CobolCoding::Packed => {
            let sign = match (number.signed, value < 0) {
                (false, _) => 'f',
                (true, true) => 'd',
                (true, false) => 'c',
            };
            let hex = format!("{:0>1$}", format!("{digits}{sign}"), 2 * cobol.width);
            (0..cobol.width)
                .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
                .collect()
        }
        CobolCoding::Zoned(sign) => {
            let mut bytes = encode(CharSet::Cp037, &digits);
            let minus = value < 0;
            if number.signed && sign.separate {
                let at = if sign.leading { 0 } else { bytes.len() };
                bytes.insert(at, if minus { 0x60 } else { 0x4e });
            } else if number.signed {
                let at = if sign.leading { 0 } else { bytes.len() - 1 };
                bytes[at] = bytes[at] & 0xf | if minus { 0xd0 } else { 0xc0 };
            }
            bytes
        }
    }
}

/// Its digits with point and sign.
fn spelled(number: &CobolNumber, value: i128) -> String {
    let digits = format!("{:0>1$}", value.unsigned_abs(), number.digits);
    let (whole, decimals) = digits.split_at(number.digits - number.decimals);
    let sign = if value < 0 { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") }
}

const CODINGS: [&str; 8] =
    ["", "LEADING", "LEADING SEPARATE", "TRAILING SEPARATE", "COMP-3", "COMP", "COMP-5", "COMP-4"];

/// Pieces that copybooks are made of, right and wrong.
fn piece() -> impl Strategy<Value = &'static str> {
    let pieces: &[&str] = &[
        "       01 REC.\n",
        "          05 A PIC X(4).\n",
        "          05 A.\n",
        "          05 G OCCURS 3 TIMES.\n",
        "             10 B PIC S9(7)V99 COMP-3 OCCURS 1048576.\n",
        "             10 B PIC 9(5) COMP\n",
        "          05 C REDEFINES A PIC 9(4).\n",
        "          05 D REDEFINES G.\n",
        "             10 FILLER PIC X VALUE 'a.",
        "      -    'b'.\n",
        "      *  comment\n",
        "             88 E VALUE 'X'.\n",
        "       VALUE ALL \"x\" ",
        "(",
        ")",
        "9(",
        ".",
        "'",
        "PIC ",
        "OCCURS ",
        "REDEFINES ",
        "SIGN ",
        "\n",
        "\t",
        "存款",
        "\u{3000}",
    ];
    prop::sample::select(pieces)
}

/// The layout of a contract that asks for an item of a copybook, or why there is none.
fn lay_out(copybook: &str, item: &str) -> Result<model::RecordLayout, String> {
    let text = format!(
        "version = 1\nsystem = \"s\"\ntitle = \"S\"\n[[feed]]\nname = \"f\"\nfile = \"f\"\n\
         charset = \"cp037\"\nshape = {{ kind = \"records\", framing = \"rdw\", copybook = \"c\" }}\n\
         columns = [{{ name = \"a\", type = \"text\", field = \"{item}\" }}]\n"
    );
    let copybooks = model::Copybooks::from([("c".to_owned(), copybook.to_owned())]);
    let contract = model::SourceContract::parse_with(&text, "test", &copybooks);
    let feed = contract.map_err(|error| error.to_string())?.feeds.remove(0);
    feed.layout.ok_or_else(|| "no layout".to_owned())
}

proptest! {
    #[test]
    fn any_text_is_a_copybook_or_a_reason(
        pieces in prop::collection::vec(piece(), 0..14),
        item in prop::sample::select(&["A", "B(1)", "C", "B(3, 1)", "G(3)", "REC"][..]),
    ) {
        if let Ok(layout) = lay_out(&pieces.concat(), item) {
            let field = &layout.fields[0];
            prop_assert!(field.cobol.width > 0 && field.at + field.cobol.width <= layout.length);
        }
    }

    #[test]
    fn numbers_survive(
        whole in 0..10_usize, decimals in 0..9_usize, signed in any::<bool>(),
        coding in prop::sample::select(&CODINGS[..]), raw in any::<i64>(),
    ) {
        prop_assume!(whole + decimals > 0);
        let repeat = |count: usize| if count == 0 { String::new() } else { format!("9({count})") };
        let point = if decimals > 0 { format!("V{}", repeat(decimals)) } else { String::new() };
        let sign = if signed { "S" } else { "" };
        let text = format!("{sign}{}{point} {coding}", repeat(whole));
        let cobol: Cobol = text.parse().unwrap();
        let CobolContent::Number(number) = &cobol.content else { panic!("no number") };
        let most = 10_i128.pow(u32::try_from(whole + decimals).unwrap());
        let value = i128::from(raw) % most;
        let value = if signed { value } else { value.abs() };
        let bytes = store(&cobol, value);
        prop_assert_eq!(read(&text, &bytes), Ok(spelled(number, value)), "{} {:02x?}", text, bytes);
    }

    #[test]
    fn any_bytes_are_a_number_or_a_reason(
        coding in prop::sample::select(&CODINGS[..]), digits in 1..19_usize,
        bytes in prop::collection::vec(any::<u8>(), 20),
    ) {
        for sign in ["", "S"] {
            let text = format!("{sign}9({digits}) {coding}");
            let (item, width) = item(&text, CharSet::Cp037);
            if let Ok(Some(found)) = slot(&item, &bytes[..width]) {
                let plain = found.strip_prefix('-').unwrap_or(&found);
                prop_assert!(plain.bytes().all(|byte| byte.is_ascii_digit()));
                prop_assert!(plain.len() == digits || coding == "COMP-5");
            }
        }
    }
}

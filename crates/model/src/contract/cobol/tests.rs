//! Pictures and copybooks: widths, places, and what is refused.

use super::{Cobol, CobolCoding, CobolContent, Copybook};

/// What an item holds, in a few letters.
fn shown(cobol: &Cobol) -> String {
    let content = match &cobol.content {
        CobolContent::Text => "text".to_owned(),
        CobolContent::Pairs => "pairs".to_owned(),
        CobolContent::Opaque(what) => format!("opaque: {what}"),
        CobolContent::Number(number) => {
            let coding = match number.coding {
                CobolCoding::Zoned(sign) => match (sign.leading, sign.separate) {
                    (false, false) => "zoned",
                    (false, true) => "zoned, sign behind",
                    (true, false) => "zoned, leading",
                    (true, true) => "zoned, sign in front",
                },
                CobolCoding::Packed => "packed",
                CobolCoding::Binary => "binary",
                CobolCoding::Native => "native",
            };
            let sign = if number.signed { "signed " } else { "" };
            format!("{sign}{coding} {}.{}", number.digits, number.decimals)
        }
    };
    format!("{content}, {} bytes", cobol.width)
}

#[test]
fn pictures_and_usages_have_their_widths() {
    let cases = [
        ("X(20)", "text, 20 bytes"),
        ("XX", "text, 2 bytes"),
        ("A(3)9(2)", "text, 5 bytes"),
        ("G(10)", "pairs, 20 bytes"),
        ("N(4) USAGE DISPLAY-1", "pairs, 8 bytes"),
        ("9(8)", "zoned 8.0, 8 bytes"),
        ("s9(11)v99 comp-3", "signed packed 13.2, 7 bytes"),
        ("S9(11)V99 COMP-3", "signed packed 13.2, 7 bytes"),
        ("PIC S9(15)V9(2) PACKED-DECIMAL.", "signed packed 17.2, 9 bytes"),
        ("9(4) COMP-3", "packed 4.0, 3 bytes"),
        ("9(5) COMP-3", "packed 5.0, 3 bytes"),
        ("S9(4) COMP", "signed binary 4.0, 2 bytes"),
        ("S9(5) BINARY", "signed binary 5.0, 4 bytes"),
        ("9(9) USAGE COMP-4", "binary 9.0, 4 bytes"),
        ("S9(10)V9(8) COMPUTATIONAL", "signed binary 18.8, 8 bytes"),
        ("S9(4) COMP-5", "signed native 4.0, 2 bytes"),
        ("S9(7)V99", "signed zoned 9.2, 9 bytes"),
        ("S9(7)V99 SIGN IS LEADING", "signed zoned, leading 9.2, 9 bytes"),
        ("S9(7)V99 SIGN TRAILING SEPARATE CHARACTER", "signed zoned, sign behind 9.2, 10 bytes"),
        ("S9(7)V99 LEADING SEPARATE", "signed zoned, sign in front 9.2, 10 bytes"),
        ("9(7) LEADING SEPARATE", "zoned, leading 7.0, 7 bytes"),
        ("SV9(3)", "signed zoned 3.3, 3 bytes"),
        ("ZZZ,ZZ9.99-", "text, 11 bytes"),
        ("ZZ9V99", "opaque: an edited number with an implied point, 5 bytes"),
        ("9(5) BLANK WHEN ZERO", "opaque: BLANK WHEN ZERO, 5 bytes"),
        ("COMP-1", "opaque: a hexadecimal float (COMP-1), 4 bytes"),
        ("USAGE COMP-2", "opaque: a hexadecimal float (COMP-2), 8 bytes"),
        ("N(4) NATIONAL", "opaque: UTF-16 (USAGE NATIONAL), 8 bytes"),
    ];
    for (text, expected) in cases {
        let cobol: Cobol = text.parse().unwrap_or_else(|cause| panic!("{text}: {cause}"));
        assert_eq!(shown(&cobol), expected, "{text}");
    }
}

#[test]
fn pictures_that_are_none_are_refused() {
    let cases = [
        ("", "no PIC and nothing below it"),
        ("COMP-3", "no PIC and nothing below it"),
        ("Q(3)", "picture `Q(3)` is not known"),
        ("9(3", "picture `9(3` is not known"),
        ("9()", "picture `9()` is not known"),
        ("9(0)", "picture `9(0)` is not known"),
        ("9(99999999)", "picture `9(99999999)` is not known"),
        ("(3)", "picture `(3)` is not known"),
        ("9V9V9", "picture `9V9V9` is not known"),
        ("9S9", "picture `9S9` is not known"),
        ("9(3)P(2)", "picture `9(3)P(2)` scales with P"),
        ("9(32)", "32 digits (expected at most 31)"),
        ("9(19) COMP", "19 digits (expected at most 18)"),
        ("X(4) COMP-3", "picture and USAGE do not go together"),
        ("9(4) DISPLAY-1", "picture and USAGE do not go together"),
        ("9(4) COMP-9", "`COMP-9` is not known here"),
        ("9(4) SIGN", "LEADING or TRAILING is missing"),
        ("9(4) OCCURS 3", "OCCURS and REDEFINES belong into a copybook"),
        ("9(4) COMP SYNC", "SYNCHRONIZED may put slack bytes before it"),
        ("X VALUE 'a", "a literal does not end"),
    ];
    for (text, cause) in cases {
        let found = text.parse::<Cobol>().expect_err(text);
        assert!(found.starts_with(cause), "{text}: {found}");
    }
}

/// As a bank's library prints it: sequence numbers, an identification behind column 72, comments,
/// levels that take no room, a continued literal.
const DEPOSIT: &str = "\
000100*  DEPOSIT ACCOUNT, NIGHTLY UNLOAD  存款                          DEP00010
000200 01  DEP-REC.                                                     DEP00020
000300     05  DEP-KEY.                                                 DEP00030
000400         10  DEP-BRANCH        PIC 9(4)   COMP.                   DEP00040
000500         10  DEP-ACCT-NO       PIC X(16).                         DEP00050
000600     05  DEP-NAME              PIC X(20)  VALUE 'NOT. KNO         DEP00060
000700-        'WN'.                                                    DEP00070
000800     05  FILLER                PIC X(02).                         DEP00080
000900     05  DEP-AMOUNTS           USAGE COMP-3.                      DEP00090
001000         10  DEP-BALANCE       PIC S9(11)V99.                     DEP00100
001100         10  DEP-AMT           PIC S9(5)V99 OCCURS 3 TIMES        DEP00110
001200                               INDEXED BY DEP-IX.                 DEP00120
001300     05  DEP-OPENED            PIC 9(8).                          DEP00130
001400     05  DEP-OPENED-X REDEFINES DEP-OPENED.                       DEP00140
001500         10  DEP-YEAR          PIC 9(4).                          DEP00150
001600         10  DEP-MONTH         PIC 99.                            DEP00160
001700     05  DEP-STATUS            PIC X.                             DEP00170
001800         88  DEP-OPEN          VALUE 'O' 'A'.                     DEP00180
001900D    05  DEP-DEBUG             PIC X(99).                         DEP00190
002000     05  DEP-MONTHS            OCCURS 12.                         DEP00200
002100         10  DEP-M-AVG         PIC S9(7)V99 COMP-3.               DEP00210
002200         10  DEP-M-DAY         PIC 9(2) OCCURS 2.                 DEP00220
002300 77  DEP-COUNTER               PIC 9(9).                          DEP00230
002400 66  DEP-ALL RENAMES DEP-KEY THRU DEP-STATUS.                     DEP00240
";

#[test]
fn a_copybook_places_its_items() {
    let copybook = Copybook::parse(DEPOSIT).unwrap();
    assert_eq!(copybook.length(None), Ok(176));
    let cases = [
        ("DEP-REC", 0, "text, 176 bytes"),
        ("DEP-KEY", 0, "text, 18 bytes"),
        ("DEP-BRANCH", 0, "binary 4.0, 2 bytes"),
        ("dep-acct-no", 2, "text, 16 bytes"),
        ("DEP-NAME", 18, "text, 20 bytes"),
        ("DEP-BALANCE", 40, "signed packed 13.2, 7 bytes"),
        ("DEP-AMT(1)", 47, "signed packed 7.2, 4 bytes"),
        ("DEP-AMT(3)", 55, "signed packed 7.2, 4 bytes"),
        ("DEP-OPENED", 59, "zoned 8.0, 8 bytes"),
        ("DEP-OPENED-X", 59, "text, 6 bytes"),
        ("DEP-MONTH", 63, "zoned 2.0, 2 bytes"),
        ("DEP-STATUS", 67, "text, 1 bytes"),
        ("DEP-MONTHS(1)", 68, "text, 9 bytes"),
        ("DEP-M-AVG ( 12 )", 167, "signed packed 9.2, 5 bytes"),
        ("DEP-M-DAY(12, 2)", 174, "zoned 2.0, 2 bytes"),
    ];
    for (name, at, expected) in cases {
        let (found, cobol) = copybook.item(None, name).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((found, shown(&cobol).as_str()), (at, expected), "{name}");
    }
    for name in
        ["DEP-AMT", "DEP-AMT(0)", "DEP-AMT(4)", "DEP-AMT(1,1)", "DEP-NAME(1)", "DEP-M-DAY(2)"]
    {
        let found = copybook.item(None, name).unwrap_err();
        assert!(found.contains("subscripts"), "{found}");
    }
    for name in ["DEP-AMT(x)", "DEP-AMT(1", "DEP-COUNTER", "DEP-ALL", "DEP-OPEN", "DEP-DEBUG", ""] {
        assert!(copybook.item(None, name).is_err(), "{name}");
    }
}

#[test]
fn several_records_are_told_apart_by_name() {
    let text = "       01 A-REC.\n          05 A-1 PIC X(3).\n       01 B-REC REDEFINES A-REC.\n          05 B-1 PIC X.\n";
    let copybook = Copybook::parse(text).unwrap();
    let several = copybook.length(None).unwrap_err();
    assert_eq!(several, "several records: `record` says which (`A-REC`, `B-REC`)");
    assert_eq!(copybook.length(Some("b-rec")), Ok(1));
    assert_eq!(copybook.item(Some("A-REC"), "A-1").unwrap().0, 0);
    assert!(copybook.item(Some("A-REC"), "B-1").is_err());
    assert!(copybook.length(Some("C-REC")).unwrap_err().starts_with("record `C-REC` not found"));
    let bare = Copybook::parse("       05 A PIC X.\n       05 B PIC 9.").unwrap();
    assert_eq!((bare.length(None), bare.item(None, "B").unwrap().0), (Ok(2), 1));
}

#[test]
fn copybooks_that_are_none_are_refused_with_the_line() {
    let cases = [
        ("", "no item in it"),
        ("       77 A PIC X.", "no item in it"),
        ("       01 A.", "line 1: no PIC and nothing below it"),
        ("       01 A.\n          05 B.\n          05 C PIC X.", "line 2: no PIC"),
        ("       01 A PIC X.\n          05 B PIC X.", "line 1: a group with a picture"),
        (
            "       01 A.\n          05 B PIC X\n          05 C PIC X.",
            "line 2: `05` is not known here",
        ),
        ("       01 A.\n          05 B PIC X", "line 2: the sentence has no full stop"),
        (
            "       01 A.\n          10 B PIC X.\n          05 C PIC X.",
            "line 3: level 05 (expected 10)",
        ),
        (
            "       01 A.\n          05 B PIC X OCCURS 1 TO 9 TIMES\n             DEPENDING ON N.",
            "line 2: OCCURS DEPENDING ON",
        ),
        ("       01 A.\n          05 B PIC X OCCURS 0.", "line 2: OCCURS 0 TIMES"),
        ("       01 A.\n          05 B PIC X OCCURS 9999999.", "line 2: more than 1048576 bytes"),
        (
            "       01 A.\n          05 B PIC X.\n          05 C REDEFINES B PIC XX.",
            "line 3: 2 bytes redefine `B` of 1",
        ),
        (
            "       01 A.\n          05 C REDEFINES B PIC XX.",
            "line 2: redefines `B` (expected an item before it",
        ),
        ("       COPY DEPREC.", "line 1: `COPY` is no level number"),
        ("       01 :TAG:-A PIC X.", "line 1: `:TAG:-A` is no name"),
        ("01 A PIC X.", "line 1: column 7 holds `I`"),
        ("\t01 A PIC X.", "line 1: a tab"),
        ("       01 A PIC X VALUE 'x.", "line 1: a literal does not end"),
        ("       01 A.\n          05 B PIC 9(4) COMP SYNC.", "line 2: SYNCHRONIZED"),
        ("       01 A SYNC.\n          05 B PIC 9(4) COMP.", "line 2: SYNCHRONIZED"),
        ("       01 A POINTER.", "line 1: `POINTER` is not known here"),
    ];
    for (text, cause) in cases {
        let found = Copybook::parse(text).expect_err(text);
        assert!(found.starts_with(cause), "{text}: {found}");
    }
    let twice =
        Copybook::parse("       01 A.\n          05 B PIC X.\n          05 B PIC X.").unwrap();
    assert!(twice.item(None, "B").unwrap_err().starts_with("item `B` stands twice"));
}

//! Sheets of workbooks: cells by type, exactly, or refused.

use super::{feed, read, refused, taken};
use model::FeedContract;
use std::io::{Cursor, Write};
use std::time::Instant;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The namespace of what stands in a workbook (ECMA-376).
const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// A workbook, part by part.
struct Book {
    /// Name, state and content of each sheet.
    sheets: Vec<(&'static str, &'static str, String)>,
    texts: String,
    is_1904: bool,
}

impl Book {
    /// One sheet with the rows told, from row 1 on.
    fn of(rows: &[&str]) -> Self {
        Self {
            sheets: vec![("Data", "visible", sheet(rows, ""))],
            texts: String::new(),
            is_1904: false,
        }
    }

    fn zip(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let mut put = |name: &str, text: String| {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        };
        put(
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        );
        let numbered = || self.sheets.iter().zip(1..);
        let listed = numbered().map(|((name, state, _), i)| {
            format!("<sheet name=\"{name}\" sheetId=\"{i}\" state=\"{state}\" r:id=\"rId{i}\"/>")
        });
        put(
            "xl/workbook.xml",
            format!(
                "<workbook {MAIN} xmlns:r=\"{OFFICE}\"><workbookPr date1904=\"{}\"/><sheets>{}</sheets></workbook>",
                u8::from(self.is_1904),
                listed.collect::<String>()
            ),
        );
        let related = numbered().map(|(_, i)| {
            format!("<Relationship Id=\"rId{i}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>")
        });
        put(
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\">{}</Relationships>",
                related.collect::<String>()
            ),
        );
        // Style 1 is a date, style 2 a duration.
        put(
            "xl/styles.xml",
            format!(
                "<styleSheet {MAIN}><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>"
            ),
        );
        put("xl/sharedStrings.xml", format!("<sst {MAIN}>{}</sst>", self.texts));
        for ((_, _, content), i) in numbered() {
            put(&format!("xl/worksheets/sheet{i}.xml"), content.clone());
        }
        zip.finish().unwrap().into_inner()
    }
}

fn sheet(rows: &[&str], behind: &str) -> String {
    let row = |(cells, number): (&&str, usize)| {
        let cells = cells.split(' ').filter(|cell| !cell.is_empty());
        let cells = cells.map(|text| cell(text, number)).collect::<String>();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    let rows = rows.iter().zip(1..).map(row).collect::<String>();
    format!("<worksheet {MAIN}><sheetData>{rows}</sheetData>{behind}</worksheet>")
}

/// A cell from `COLUMN:KIND:VALUE`: `t` text, `s` shared text, `n` number, `d` date, `u` duration,
/// `b` truth, `e` error, `i` date as text, `f` formula with a value, `g` formula without, `x` blank.
fn cell(text: &str, row: usize) -> String {
    let mut parts = text.splitn(3, ':');
    let (column, kind) = (parts.next().unwrap(), parts.next().unwrap());
    let value = parts.next().unwrap_or_default();
    let at = format!("r=\"{column}{row}\"");
    match kind {
        "t" => format!("<c {at} t=\"inlineStr\"><is><t>{value}</t></is></c>"),
        "s" => format!("<c {at} t=\"s\"><v>{value}</v></c>"),
        "n" => format!("<c {at}><v>{value}</v></c>"),
        "d" => format!("<c {at} s=\"1\"><v>{value}</v></c>"),
        "u" => format!("<c {at} s=\"2\"><v>{value}</v></c>"),
        "b" => format!("<c {at} t=\"b\"><v>{value}</v></c>"),
        "e" => format!("<c {at} t=\"e\"><v>{value}</v></c>"),
        "i" => format!("<c {at} t=\"d\"><v>{value}</v></c>"),
        "f" => format!("<c {at}><f>1+1</f><v>{value}</v></c>"),
        "g" => format!("<c {at}><f>1+1</f></c>"),
        _ => format!("<c {at} s=\"1\"/>"),
    }
}

const NAMES: &str = "A:t:id B:t:n C:t:m D:t:day";

/// Text, integer, money, date, below a row of names.
fn four(more: &str) -> FeedContract {
    feed(&format!(
        "shape = {{ kind = \"sheet\" {more} }}\namount = \"m\"\ncolumns = [{{ name = \"id\", type = \"text\" }}, \
         {{ name = \"n\", type = \"integer\" }}, {{ name = \"m\", type = \"money\" }}, {{ name = \"day\", type = \"date\" }}]"
    ))
}

fn of(rows: &[&str]) -> Vec<u8> {
    Book::of(rows).zip()
}

/// A workbook of one sheet of this name.
pub(super) fn workbook(name: &'static str, rows: &[&str]) -> Vec<u8> {
    let sheets = vec![(name, "visible", sheet(rows, ""))];
    Book { sheets, ..Book::of(rows) }.zip()
}

#[test]
fn cells_become_values_exactly() {
    let mut book = Book::of(&[
        NAMES,
        "A:t:a1 B:n:7 C:n:1234.56 D:d:46346",
        "A:s:0 B:n:-7.0 C:n:1E2 D:d:1",
        "A:n:123456789012345 B:f:2 C:n:0.1 D:d:59",
        "A:b:1 B:t:9007199254740993 C:t:90071992547409.93 D:d:61",
        "B:n:3 D:i:2026-11-20T00:00:00",
        "A:x A:t:z C:n:-0 D:d:2958465",
    ]);
    book.texts = "<si><t>shared</t></si>".into();
    let (rows, rejects) = taken(&four(""), book.zip());
    assert_eq!(rejects, [""; 0]);
    assert_eq!(
        rows,
        [
            "2: a1, 7, 123456, 2026-11-20",
            "3: shared, -7, 10000, 1900-01-01",
            "4: 123456789012345, 2, 10, 1900-02-28",
            "5: true, 9007199254740993, 9007199254740993, 1900-03-01",
            "6: -, 3, -, 2026-11-20",
            "7: z, -, 0, -",
        ]
    );
}

#[test]
fn what_a_sheet_has_spoilt_rejects_its_row() {
    let rounded = "a number of more than 15 digits, which a sheet rounds (expected text)";
    let cases = [
        ("A:n:1234567890123456", "id", rounded),
        ("A:n:1.1010519491231E+17", "id", rounded),
        ("B:n:1234567890123456", "n", rounded),
        ("C:n:0.30000000000000004", "m", rounded),
        ("C:n:12345678901234.56", "m", rounded),
        ("A:n:1.5", "id", "a number with decimals (expected text)"),
        ("B:n:1.5", "n", "not a whole number of 64 bits"),
        (
            "C:n:1.005",
            "m",
            "not an amount (expected digits, an optional sign, at most two decimals)",
        ),
        ("C:e:#DIV/0!", "m", "a formula error (expected a value)"),
        ("A:e:#N/A", "id", "a formula error (expected a value)"),
        ("C:g", "m", "a formula without its value (expected a workbook saved with values)"),
        ("B:b:1", "n", "true or false (expected a value of the column's type)"),
        ("C:d:46346", "m", "a date (expected a value of the column's type)"),
        ("A:d:46346", "id", "a date (expected a value of the column's type)"),
        ("D:u:1.5", "day", "a duration (expected a value of the column's type)"),
        ("D:n:46346", "day", "a number (expected a date)"),
        ("D:t:2026-11-20", "day", "a text (expected a date cell, or a `format` in the contract)"),
        ("D:d:46346.5", "day", "a time of day (expected midnight: the column is a date)"),
        (
            "D:i:2026-11-20T08:00:00",
            "day",
            "a time of day (expected midnight: the column is a date)",
        ),
        ("D:i:2026-02-30", "day", "not a date (expected an existing day, YYYY-MM-DD)"),
        ("D:d:60", "day", "not an existing day"),
        ("D:d:0", "day", "not an existing day"),
        ("D:d:-1", "day", "not an existing day"),
        ("D:d:2958466", "day", "not an existing day"),
        ("D:d:1E300", "day", "not an existing day"),
        ("A:t:x E:n:1", "*", "a value behind the last column (expected 4 columns)"),
    ];
    for (row, column, reason) in cases {
        let (rows, rejects) = taken(&four(""), of(&[NAMES, row, "A:t:x B:n:1"]));
        assert_eq!(rejects, [format!("2 {column}: {reason}")], "{row}");
        assert_eq!(rows, ["3: x, 1, -, -"]);
    }
}

#[test]
fn days_count_from_the_epoch_of_the_workbook() {
    let mut book = Book::of(&[NAMES, "A:t:x D:d:0", "A:t:x D:d:44884", "A:t:x D:d:60"]);
    book.is_1904 = true;
    let (rows, rejects) = taken(&four(""), book.zip());
    assert_eq!(rejects, [""; 0]);
    assert_eq!(
        rows,
        ["2: x, -, -, 1904-01-01", "3: x, -, -, 2026-11-20", "4: x, -, -, 1904-03-01"]
    );
}

#[test]
fn days_may_be_written_as_text_where_the_contract_says_so() {
    let feed = feed(
        "shape = { kind = \"sheet\" }\ncolumns = [{ name = \"day\", type = \"date\", format = \"%Y%m%d\" }]",
    );
    let (rows, rejects) =
        taken(&feed, of(&["A:t:day", "A:t:20261120", "A:d:46346", "A:n:20261120"]));
    assert_eq!(rows, ["2: 2026-11-20"]);
    assert_eq!(
        rejects,
        [
            "3 day: a date (expected a value of the column's type)",
            "4 day: a number (expected a date)"
        ]
    );
}

#[test]
fn empty_rows_are_rejected_between_rows_and_left_out_at_the_end() {
    let rows = [NAMES, "A:t:x", "", "A:x B:x", "A:t:y", "A:x", "", "D:t:"];
    let (rows, rejects) = taken(&four(""), of(&rows));
    assert_eq!(rows, ["2: x, -, -, -", "5: y, -, -, -"]);
    let empty = "*: empty row (expected a row)";
    assert_eq!(rejects, [format!("3 {empty}"), format!("4 {empty}")]);
    assert_eq!(read(&four(""), of(&[NAMES])).unwrap().outcome.rows_read, 0);
}

#[test]
fn names_stand_in_their_row_and_are_the_contracts() {
    let below = ["A:t:Title", "", NAMES, "A:t:x"];
    assert_eq!(taken(&four(", names_row = 3"), of(&below)).0, ["4: x, -, -, -"]);
    assert_eq!(
        refused(&four(""), of(&["A:t:id B:t:n C:t:m D:t:day E:t:more", "A:t:x"])),
        "columns are `id`, `n`, `m`, `day`, `more` (expected: `id`, `n`, `m`, `day`)"
    );
    assert_eq!(
        refused(&four(""), of(&["B:t:id C:t:n D:t:m E:t:day"])),
        "columns are ``, `id`, `n`, `m`, `day` (expected: `id`, `n`, `m`, `day`)"
    );
    let none = "line 1 holds none of the column names (expected: `id`, `n`, `m`, `day`)";
    assert_eq!(refused(&four(""), of(&["A:t:x B:n:1"])), none);
    assert_eq!(refused(&four(""), of(&["", NAMES])), none);
    assert_eq!(refused(&four(""), of(&[])), none);
}

#[test]
fn the_sheet_is_named_or_the_only_one() {
    let content = || sheet(&[NAMES, "A:t:x"], "");
    let mut book = Book::of(&["A:t:other"]);
    book.sheets.push(("客户", "hidden", content()));
    let named = four(", sheet = \"客户\"");
    assert_eq!(taken(&named, book.zip()).0, ["2: x, -, -, -"]);
    assert_eq!(
        refused(&four(""), book.zip()),
        "sheet: the workbook holds 2 sheets (expected one, or `sheet` in the contract)"
    );
    assert_eq!(
        refused(&named, of(&[NAMES])),
        "sheet: no sheet is called `客户` (expected the contract's `sheet`)"
    );
}

#[test]
fn merged_cells_are_refused_from_the_names_on() {
    let merged = |range: &str| {
        let mut book = Book::of(&[]);
        let behind = format!("<mergeCells count=\"1\"><mergeCell ref=\"{range}\"/></mergeCells>");
        book.sheets[0].2 = sheet(&["A:t:Title", NAMES, "A:t:x", "A:t:y"], &behind);
        book.zip()
    };
    let feed = four(", names_row = 2");
    assert_eq!(read(&feed, merged("A1:D1")).unwrap().rows.len(), 2);
    let message =
        |row| format!("sheet: cells are merged at row {row} (expected one value in each cell)");
    assert_eq!(refused(&feed, merged("A1:A2")), message(2));
    assert_eq!(refused(&feed, merged("B3:B4")), message(3));
}

#[test]
fn rows_out_of_order_are_refused() {
    let at = |row: u32, column: &str| {
        format!("<row r=\"{row}\"><c r=\"{column}{row}\"><v>1</v></c></row>")
    };
    let names = sheet(&[NAMES], "");
    for (rows, expected) in [
        (format!("{}{}", at(3, "B"), at(2, "B")), 2),
        (format!("{}{}", at(2, "B"), at(2, "B")), 2),
        (format!("{}{}", at(2, "B"), at(2, "A")), 2),
    ] {
        let mut book = Book::of(&[]);
        book.sheets[0].2 = names.replace("</sheetData>", &format!("{rows}</sheetData>"));
        assert_eq!(
            refused(&four(""), book.zip()),
            format!(
                "sheet: row {expected} does not follow the row before (expected rows and cells in order)"
            )
        );
    }
}

#[test]
fn a_workbook_cut_or_damaged_is_refused() {
    let rows: Vec<String> = (0..500).map(|i| format!("A:t:a{i} B:n:{i} C:n:{i}.25")).collect();
    let rows: Vec<&str> = [NAMES].into_iter().chain(rows.iter().map(String::as_str)).collect();
    let whole = of(&rows);
    assert_eq!(read(&four(""), &whole).unwrap().rows.len(), 500);
    let message =
        "sheet: the workbook cannot be read (expected a whole .xlsx workbook without a password)";
    for length in super::drawn(10, whole.len()).chain([0, 1, whole.len() - 1]) {
        assert_eq!(refused(&four(""), &whole[..length]), message, "{length}");
    }
    for at in super::drawn(11, whole.len()) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        // A byte that nothing depends on may differ.
        if let Err(cause) = read(&four(""), &damaged) {
            assert_eq!(cause.kind(), crate::ErrorKind::BadFile, "{at}: {cause}");
        }
    }
    assert_eq!(refused(&four(""), b"id|n|m|day\n"), message);
}

#[test]
fn bombs_are_refused_quickly() {
    let started = Instant::now();
    let limited = |most: &str| four(&format!(", {most}"));
    let size =
        "sheet: the workbook is larger than 1000 bytes (expected a sheet; `most_bytes` limits it)";
    assert_eq!(refused(&limited("most_bytes = 1000"), of(&[NAMES, "A:t:x"])), size);
    let mut wide = Book::of(&[NAMES]);
    wide.sheets[0].2.push_str(&" ".repeat(20 << 20));
    assert_eq!(
        refused(&limited("most_bytes = 1000000"), wide.zip()),
        "sheet: its unpacked content is larger than 16000000 bytes (expected a sheet; `most_bytes` limits it)"
    );
    let mut texts = Book::of(&[NAMES]);
    texts.texts = "<si><t>x</t></si>".repeat(1 << 18);
    assert_eq!(
        refused(&limited("most_bytes = 1000000"), texts.zip()),
        "sheet: its part of texts is larger than 4000000 bytes (expected a sheet; `most_bytes` limits it)"
    );
    let mut promised = Book::of(&[NAMES]);
    promised.texts = "</sst><sst uniqueCount=\"99999999999\">".into();
    assert!(refused(&four(""), promised.zip()).starts_with("sheet: the workbook cannot be read"));
    let mut far = Book::of(&[NAMES]);
    far.sheets[0].2 = far.sheets[0].2.replace(
        "</sheetData>",
        "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>",
    );
    assert_eq!(
        refused(&four(""), far.zip()),
        "sheet: row 1048576 holds something (expected at most 1000000 rows; `most_rows` limits them)"
    );
    assert!(started.elapsed().as_secs() < 60);
}

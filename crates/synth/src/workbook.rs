//! Rows as a sheet that somebody keeps by hand: a title, a blank row, the names, the rows (ECMA-376).

use crate::feeds::Column;
use crate::records::BETWEEN;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The row that the names stand in.
pub(crate) const NAMES_ROW: usize = 3;

/// What stands above the names, and what the sheet is called.
const TITLE: &str = "网点与当地平均月工资";
const SHEET: &str = "网点";

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const PARTS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// A workbook with one sheet; the first of the lines holds the names. Its parts are not packed, so
/// that no packer decides on its bytes.
pub(crate) fn workbook(columns: &[Column], lines: &str) -> std::io::Result<Vec<u8>> {
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{TYPES}\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Override PartName=\"/xl/workbook.xml\" ContentType=\"{PARTS}.sheet.main+xml\"/>\
             <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{PARTS}.worksheet+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"{SHEET}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "<worksheet xmlns=\"{MAIN}\"><sheetData>{}</sheetData></worksheet>",
                rows(columns, lines)
            ),
        ),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    for (part, text) in parts {
        zip.start_file(part, options)?;
        zip.write_all(XML.as_bytes())?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn rows(columns: &[Column], lines: &str) -> String {
    let mut out = format!("<row r=\"1\">{}</row>", cell(0, 1, TITLE, false));
    for (number, line) in (NAMES_ROW..).zip(lines.lines()) {
        let _ = write!(out, "<row r=\"{number}\">");
        for (at, (column, text)) in columns.iter().zip(line.split(BETWEEN)).enumerate() {
            let is_number = number > NAMES_ROW && *column == Column::Number;
            out += &cell(at, number, text, is_number);
        }
        out += "</row>";
    }
    out
}

/// The cell of a column from 0; none where there is no value.
fn cell(column: usize, row: usize, text: &str, is_number: bool) -> String {
    let letter = char::from(b'A' + u8::try_from(column % 26).unwrap_or(0));
    match text {
        "" => String::new(),
        _ if is_number => format!("<c r=\"{letter}{row}\"><v>{text}</v></c>"),
        _ => {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            format!("<c r=\"{letter}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        }
    }
}

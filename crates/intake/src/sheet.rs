//! Rows of a sheet of an Excel workbook (`.xlsx`, ECMA-376).
//!
//! The names stand in a row of their own and must equal the contract's, from the first column on.
//! Rows are numbered as the sheet numbers them. Rows without a value behind the last are not
//! read, between others they are rejected. Hidden sheets, rows and columns are read like any
//! other; merged cells from the names on are refused, for only one of them has the value. What
//! becomes of a value is in [`cell`].

mod cell;
mod guard;

use crate::bounds::same_names;
use crate::error::Cause;
use crate::faults::SheetFault;
use crate::fields::{Fields, RowFault};
use crate::gate::Gate;
use crate::onward::InOrder;
use crate::outcome::FeedOutcome;
use crate::rows::{Found, Rows};
use crate::typed::trim;
use crate::whole::Whole;
use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxCellReader};
use cell::Cells;
use model::{FeedContract, FileShape, caught};
use std::fs::File;
use std::io::BufReader;

const EMPTY_ROW: &str = "empty row (expected a row)";

type Book = Xlsx<BufReader<File>>;

/// The largest workbook of a feed of sheets, in bytes.
pub(crate) fn most_bytes(feed: &FeedContract) -> Option<u64> {
    match feed.shape {
        FileShape::Sheet { most_bytes, .. } => Some(most_bytes),
        _ => None,
    }
}

/// Reads a sheet row by row.
pub(crate) fn read(
    whole: &Whole<'_>,
    feed: &FeedContract,
    gate: Gate<'_, InOrder<'_, '_>>,
) -> Result<FeedOutcome, Cause> {
    let FileShape::Sheet { sheet, names_row, most_bytes, most_rows } = &feed.shape else {
        return Err(Cause::Contract { problem: "the feed is no sheet".into() });
    };
    guard::prove(whole.file()?, whole.bytes()?, *most_bytes)?;
    let file = BufReader::new(whole.file()?);
    let mut book: Book = guarded("the workbook", || Xlsx::new(file).ok())?;
    let name = chosen(&book, sheet.as_deref())?;
    no_merged_cells(&mut book, &name, *names_row)?;
    let cells = Cells::of(feed, book.has_1904_epoch());
    let reader = guarded("the sheet", || book.worksheet_cells_reader(&name).ok())?;
    let mut rows = SheetRows {
        reader,
        cells,
        ahead: None,
        done: false,
        row: Vec::new(),
        expected: u64::from(*names_row) + 1,
        waiting: None,
        most_rows: *most_rows,
    };
    rows.names(feed, u64::from(*names_row))?;
    gate.take_rows(&mut rows)
}

/// The name of the sheet to read.
fn chosen(book: &Book, name: Option<&str>) -> Result<String, Cause> {
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let mut names = sheets.map(|sheet| sheet.name.as_str());
    let found = match name {
        Some(name) => {
            names.find(|found| *found == name).ok_or_else(|| SheetFault::NoSheet(name.to_owned()))
        }
        None => match (names.next(), names.count()) {
            (Some(only), 0) => Ok(only),
            (None, _) => Err(SheetFault::ManySheets(0)),
            (Some(_), more) => Err(SheetFault::ManySheets(more + 1)),
        },
    };
    found.map(str::to_owned).map_err(Cause::Sheet)
}

fn no_merged_cells(book: &mut Book, name: &str, names_row: u32) -> Result<(), Cause> {
    let merged = guarded("the sheet", || book.merge_cells_by_sheet_name(name).ok())?;
    let merged = merged.iter().filter(|cells| cells.end.0 >= names_row - 1);
    match merged.map(|cells| u64::from(cells.start.0.max(names_row - 1)) + 1).min() {
        Some(row) => Err(Cause::Sheet(SheetFault::Merged { row })),
        None => Ok(()),
    }
}

/// A cell: its row and column from 0, its value, and whether a formula gave it.
struct Cell<'b> {
    row: u32,
    column: u32,
    value: DataRef<'b>,
    formula: bool,
}

/// The rows of a sheet.
struct SheetRows<'b> {
    reader: XlsxCellReader<'b, BufReader<File>>,
    cells: Cells,
    /// The first cell of the next row.
    ahead: Option<Cell<'b>>,
    /// Whether all cells have been read.
    done: bool,
    /// The cells of a row that hold something.
    row: Vec<Cell<'b>>,
    /// The number of the next row, from 1.
    expected: u64,
    /// The number of the row that waits in `row`.
    waiting: Option<u64>,
    most_rows: u32,
}

impl<'b> SheetRows<'b> {
    /// Reads the row of names.
    fn names(&mut self, feed: &FeedContract, names_row: u64) -> Result<(), Cause> {
        let mut number = self.read_row()?;
        while number.is_some_and(|number| number < names_row) {
            number = self.read_row()?;
        }
        let names: Vec<&str> = feed.columns.iter().map(|column| column.name.as_str()).collect();
        if number == Some(names_row) {
            return same_names(&self.texts(), &names, names_row);
        }
        same_names(&[], &names, names_row)
    }

    /// The texts of the row, empty where a cell holds no text.
    fn texts(&self) -> Vec<&str> {
        let mut texts = Vec::new();
        for cell in &self.row {
            let column = cell.column as usize;
            texts.resize(texts.len().max(column), "");
            texts.push(match &cell.value {
                DataRef::String(text) => trim(text),
                DataRef::SharedString(text) => trim(text),
                _ => "",
            });
        }
        texts
    }

    /// Reads the next row that holds something; its number.
    fn read_row(&mut self) -> Result<Option<u64>, Cause> {
        self.row.clear();
        let first = match self.ahead.take() {
            Some(cell) => cell,
            None => match self.cell()? {
                Some(cell) => cell,
                None => return Ok(None),
            },
        };
        let number = u64::from(first.row) + 1;
        if number > u64::from(self.most_rows) {
            let (row, most) = (number, self.most_rows);
            return Err(Cause::Sheet(SheetFault::TooManyRows { row, most }));
        }
        let row = first.row;
        self.row.push(first);
        while let Some(cell) = self.cell()? {
            let last = self.row.last().map_or(0, |last| last.column);
            if cell.row < row || (cell.row == row && cell.column <= last) {
                let row = u64::from(cell.row) + 1;
                return Err(Cause::Sheet(SheetFault::Disorder { row }));
            }
            if cell.row > row {
                self.ahead = Some(cell);
                break;
            }
            self.row.push(cell);
        }
        Ok(Some(number))
    }

    /// The next cell that holds something.
    fn cell(&mut self) -> Result<Option<Cell<'b>>, Cause> {
        while !self.done {
            let reader = &mut self.reader;
            let next = guarded("the sheet", || reader.next_cell_with_formula_metadata().ok())?;
            let Some(record) = next else {
                self.done = true;
                break;
            };
            let ((row, column), formula) = (record.pos, record.formula.is_some());
            let cell = Cell { row, column, value: record.value, formula };
            if !cell.is_blank() {
                return Ok(Some(cell));
            }
        }
        Ok(None)
    }
}

impl Cell<'_> {
    /// A formula that has not been calculated is no blank.
    fn is_blank(&self) -> bool {
        match &self.value {
            DataRef::Empty => !self.formula,
            DataRef::String(text) => text.is_empty(),
            DataRef::SharedString(text) => text.is_empty(),
            _ => false,
        }
    }
}

impl Rows for SheetRows<'_> {
    fn next(&mut self, fields: &mut Fields) -> Result<Option<Found>, Cause> {
        if self.waiting.is_none() {
            self.waiting = self.read_row()?;
        }
        let Some(waiting) = self.waiting else { return Ok(None) };
        let number = self.expected;
        self.expected += 1;
        if number < waiting {
            let fault = Some(RowFault::of_row(EMPTY_ROW));
            return Ok(Some(Found { number, bytes: 0, fault }));
        }
        self.waiting = None;
        fields.clear();
        let mut values = self.row.iter().peekable();
        let (mut bytes, width) = (0, self.cells.width());
        for at in 0..width {
            let value = values.next_if(|cell| cell.column as usize == at);
            let slot = self.cells.slot(at, value.map(|cell| &cell.value), fields);
            bytes += slot.length();
            fields.push(slot);
        }
        let fault = values.next().map(|_| {
            RowFault::of_row(format!("a value behind the last column (expected {width} columns)"))
        });
        Ok(Some(Found { number, bytes, fault }))
    }
}

/// Calls the library, so that a panic of it is a file that cannot be read. What `call` had in hand
/// must not be used again after that.
fn guarded<T>(what: &'static str, call: impl FnOnce() -> Option<T>) -> Result<T, Cause> {
    let outcome = caught(call).flatten();
    outcome.ok_or(Cause::Sheet(SheetFault::Damaged(what)))
}

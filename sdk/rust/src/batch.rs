//! Batch: the rows in hand; Rows: rows that are owned.
use alloc::{format, vec::Vec};
use crate::abi::*;
use crate::array::{Array, Booleans, Number, Numbers, Texts};
use crate::column::{Column, Decimals, Lists, Structs};
use crate::builder::rows_of;
use crate::failure::{Failure, Result};
use crate::schema::Schema;

/// The rows of one call, lent for it. Columns have the types of the schema that the instance was made for.
pub struct Batch<'a> {
    raw: &'a mut weir_batch,
    schema: &'a Schema,
}

impl<'a> Batch<'a> {
    /// Precondition: the rows are of the schema.
    pub(crate) unsafe fn of(raw: *mut weir_batch, schema: &'a Schema) -> Self {
        Batch { raw: &mut *raw, schema }
    }
    /// How many rows there are; none once they are taken.
    pub fn len(&self) -> usize {
        if self.raw.rows.release.is_some() { self.raw.rows.length as usize } else { 0 }
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    pub fn schema(&self) -> &'a Schema {
        self.schema
    }

    /// A column, to be read by its type; an error, if there is none such.
    pub fn column(&self, column: usize) -> Result<Column<'_>> {
        let field = self.schema.fields.get(column).ok_or_else(|| Failure::plugin(format!("no column {column}")))?;
        if self.raw.rows.release.is_none() {
            return Err(Failure::plugin("the rows of the batch were taken before they were read"));
        }
        let array = unsafe { &**self.raw.rows.children.add(column) };
        Ok(Column { array, field, outer: self.raw.rows.offset as usize, rows: self.len() })
    }
    /// A column of text; an error, if it is of another type. So with the others.
    pub fn texts(&self, column: usize) -> Result<Texts<'_>> {
        self.column(column)?.texts()
    }
    pub fn numbers<T: Number>(&self, column: usize) -> Result<Numbers<'_, T>> {
        self.column(column)?.numbers()
    }
    pub fn booleans(&self, column: usize) -> Result<Booleans<'_>> {
        self.column(column)?.booleans()
    }
    pub fn decimals(&self, column: usize) -> Result<Decimals<'_>> {
        self.column(column)?.decimals()
    }
    pub fn lists(&self, column: usize) -> Result<Lists<'_>> {
        self.column(column)?.lists()
    }
    pub fn structs(&self, column: usize) -> Result<Structs<'_>> {
        self.column(column)?.structs()
    }

    /// Takes the rows out: to change them, to keep them, to push them.
    pub fn take(&mut self) -> Rows {
        let length = self.len();
        let rows = Array(self.raw.rows);
        self.raw.rows.release = None;
        Rows::of_array(rows, length)
    }
}

/// Rows that are owned, as columns of one length.
pub struct Rows {
    pub(crate) columns: Vec<Array>,
    pub(crate) length: usize,
}

impl Rows {
    /// Panics unless every column has the same length.
    pub fn new(columns: Vec<Array>) -> Self {
        let length = columns.first().map_or(0, Array::len);
        assert!(columns.iter().all(|column| column.len() == length), "columns of one length");
        Rows { columns, length }
    }
    pub fn len(&self) -> usize {
        self.length
    }
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }
    /// Puts a column in the place of another.
    pub fn replace(&mut self, column: usize, by: Array) {
        assert_eq!(by.len(), self.length, "a value for each row");
        self.columns[column] = by;
    }
    /// Puts a column behind the others.
    pub fn append(&mut self, column: Array) {
        assert_eq!(column.len(), self.length, "a value for each row");
        self.columns.push(column);
    }
    pub fn into_columns(self) -> Vec<Array> {
        self.columns
    }
    pub(crate) fn into_array(self) -> Array {
        rows_of(self.length, self.columns)
    }

    /// Moves the columns out of their struct array, whose slice each of them then has for itself.
    fn of_array(rows: Array, length: usize) -> Rows {
        let outer = rows.0.offset;
        let mut columns = Vec::with_capacity(rows.0.n_children as usize);
        for i in 0..rows.0.n_children as usize {
            let child = unsafe { &mut **rows.0.children.add(i) };
            let mut moved = *child;
            child.release = None;
            if moved.length != length as i64 || outer != 0 {
                moved.offset += outer;
                moved.length = length as i64;
                moved.null_count = if moved.null_count == 0 { 0 } else { -1 };
            }
            columns.push(Array(moved));
        }
        Rows { columns, length }
    }
}

//! Batch: the rows in hand; Rows: rows that are owned.
use crate::abi::*;
use crate::array::{Array, Booleans, Number, Numbers, Texts};
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

    /// A column of text; an error, if it is of another type.
    pub fn texts(&self, column: usize) -> Result<Texts<'_>> {
        let array = self.column(column, &["u"], "text")?;
        let found = unsafe { Texts::of(array, self.raw.rows.offset as usize, self.len()) };
        found.map_err(|problem| Failure::plugin(format!("expected UTF-8 in the batch, found another byte: {problem}")))
    }
    /// A column of numbers; an error, if it is of another type.
    pub fn numbers<T: Number>(&self, column: usize) -> Result<Numbers<'_, T>> {
        let array = self.column(column, T::FORMATS, std::any::type_name::<T>())?;
        Ok(unsafe { Numbers::of(array, self.raw.rows.offset as usize, self.len()) })
    }
    pub fn booleans(&self, column: usize) -> Result<Booleans<'_>> {
        let array = self.column(column, &["b"], "boolean")?;
        Ok(unsafe { Booleans::of(array, self.raw.rows.offset as usize, self.len()) })
    }

    /// Takes the rows out: to change them, to keep them, to push them.
    pub fn take(&mut self) -> Rows {
        let length = self.len();
        let rows = Array(self.raw.rows);
        self.raw.rows.release = None;
        Rows::of_array(rows, length)
    }

    fn column(&self, column: usize, formats: &[&str], wanted: &str) -> Result<&ArrowArray> {
        let field = self.schema.fields.get(column).ok_or_else(|| Failure::plugin(format!("no column {column}")))?;
        // Of times the unit, and of instants the zone, follow.
        let fits = |format: &&str| field.format == **format || (format.len() == 2 && field.format.starts_with(*format));
        if !formats.iter().any(fits) || field.dictionary.is_some() {
            let words = format!("column '{}': expected to read {wanted}, found Arrow type '{}'", field.name, field.format);
            return Err(Failure::plugin(words));
        }
        if self.raw.rows.release.is_none() {
            return Err(Failure::plugin("the rows of the batch were taken before they were read"));
        }
        Ok(unsafe { &**self.raw.rows.children.add(column) })
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

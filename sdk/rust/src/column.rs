//! Columns as the schema describes them, and views of those that hold other columns.
use crate::abi::ArrowArray;
use crate::array::{buffer, Booleans, Number, Numbers, Texts, Validity};
use crate::failure::{Failure, Result};
use crate::schema::Field;
use alloc::format;
use core::ops::Range;

/// A column of the batch in hand, or one inside another: read by its type, and by no other.
#[derive(Clone, Copy)]
pub struct Column<'a> {
    pub(crate) array: &'a ArrowArray,
    pub(crate) field: &'a Field,
    /// The rows of it that are meant: `rows` of them, from its own offset and this.
    pub(crate) outer: usize,
    pub(crate) rows: usize,
}

impl<'a> Column<'a> {
    pub fn field(&self) -> &'a Field {
        self.field
    }
    pub fn len(&self) -> usize {
        self.rows
    }
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }
    pub fn texts(self) -> Result<Texts<'a>> {
        self.must_be(&["u"], "text")?;
        let found = unsafe { Texts::of(self.array, self.outer, self.rows) };
        found.map_err(|problem| Failure::plugin(format!("expected UTF-8 in the batch, found another byte: {problem}")))
    }
    pub fn numbers<T: Number>(self) -> Result<Numbers<'a, T>> {
        self.must_be(T::FORMATS, core::any::type_name::<T>())?;
        Ok(unsafe { Numbers::of(self.array, self.outer, self.rows) })
    }
    pub fn booleans(self) -> Result<Booleans<'a>> {
        self.must_be(&["b"], "boolean")?;
        Ok(unsafe { Booleans::of(self.array, self.outer, self.rows) })
    }
    pub fn decimals(self) -> Result<Decimals<'a>> {
        let (precision, scale) = decimal_of(&self.field.format).ok_or_else(|| self.is_not("a decimal of 128 bits"))?;
        let first = self.first();
        let values: &[[u64; 2]] = unsafe { buffer(self.array, 1, first + self.rows) };
        let values = values.get(first..).unwrap_or_default();
        Ok(Decimals { validity: self.validity(), values, precision, scale })
    }
    pub fn lists(self) -> Result<Lists<'a>> {
        self.must_be(&["+l"], "a list")?;
        let first = self.first();
        let ends: &[i32] = unsafe { buffer(self.array, 1, first + self.rows + 1) };
        let ends = ends.get(first..).unwrap_or_default();
        let (begin, end) = (ends.first().map_or(0, |&at| at as usize), ends.last().map_or(0, |&at| at as usize));
        let items = Column { array: self.child(0), field: &self.field.children[0], outer: begin, rows: end - begin };
        Ok(Lists { validity: self.validity(), ends, items })
    }
    pub fn structs(self) -> Result<Structs<'a>> {
        self.must_be(&["+s"], "a struct")?;
        Ok(Structs { validity: self.validity(), column: self })
    }

    fn first(&self) -> usize {
        self.array.offset as usize + self.outer
    }
    fn validity(&self) -> Validity<'a> {
        unsafe { Validity::of(self.array, self.first(), self.rows) }
    }
    /// Precondition: its type has so many.
    fn child(&self, i: usize) -> &'a ArrowArray {
        unsafe { &**self.array.children.add(i) }
    }
    fn is_not(&self, wanted: &str) -> Failure {
        let (name, found) = (&self.field.name, &self.field.format);
        Failure::plugin(format!("column '{name}': expected to read {wanted}, found Arrow type '{found}'"))
    }
    fn must_be(&self, formats: &[&str], wanted: &str) -> Result<()> {
        // Of times the unit, and of instants the zone, follow.
        let fits = |format: &&str| self.field.format == **format || (format.len() == 2 && self.field.format.starts_with(*format));
        if formats.iter().any(fits) && self.field.dictionary.is_none() {
            return Ok(());
        }
        Err(self.is_not(wanted))
    }
}

/// Of "d:12,2": 12 and 2. None: it is no decimal of 128 bits.
fn decimal_of(format: &str) -> Option<(u8, i8)> {
    let (precision, scale) = format.strip_prefix("d:")?.split_once(',')?;
    Some((precision.parse().ok()?, scale.strip_suffix(",128").unwrap_or(scale).parse().ok()?))
}

/// A column of decimals of 128 bits.
#[derive(Clone, Copy)]
pub struct Decimals<'a> {
    validity: Validity<'a>,
    // Buffers are aligned to 8 bytes, and i128 may want 16.
    values: &'a [[u64; 2]],
    precision: u8,
    scale: i8,
}

impl Decimals<'_> {
    pub fn len(&self) -> usize {
        self.validity.rows()
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Digits at most.
    pub fn precision(&self) -> u8 {
        self.precision
    }
    /// Digits behind the point.
    pub fn scale(&self) -> i8 {
        self.scale
    }
    /// The number of a row without its point: 1234 is 12.34 where the scale is 2. None: a null.
    pub fn get(&self, row: usize) -> Option<i128> {
        let whole = |[low, high]: [u64; 2]| (u128::from(high) << 64 | u128::from(low)) as i128;
        self.validity.valid(row).then(|| whole(self.values[row]))
    }
}

/// A column of lists, whose items are a column of their own.
#[derive(Clone, Copy)]
pub struct Lists<'a> {
    validity: Validity<'a>,
    ends: &'a [i32],
    items: Column<'a>,
}

impl<'a> Lists<'a> {
    pub fn len(&self) -> usize {
        self.validity.rows()
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Which of items() are in the list of a row. None: a null, which is another thing than an empty list.
    pub fn get(&self, row: usize) -> Option<Range<usize>> {
        let place = |end: i32| end as usize - self.items.outer;
        self.validity.valid(row).then(|| place(self.ends[row])..place(self.ends[row + 1]))
    }
    /// The items of all lists, one list behind the other.
    pub fn items(&self) -> Column<'a> {
        self.items
    }
}

/// A column of structs: a column for each of its fields, as long as itself.
#[derive(Clone, Copy)]
pub struct Structs<'a> {
    validity: Validity<'a>,
    column: Column<'a>,
}

impl<'a> Structs<'a> {
    pub fn len(&self) -> usize {
        self.validity.rows()
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Whether the row has a struct. Where it is null there stands anything in the fields.
    pub fn valid(&self, row: usize) -> bool {
        self.validity.valid(row)
    }
    /// The column of a field; an error, if there is none of that name.
    pub fn field(&self, name: &str) -> Result<Column<'a>> {
        let fields = &self.column.field.children;
        let no_such = || Failure::plugin(format!("column '{}': no field '{name}'", self.column.field.name));
        let i = fields.iter().position(|field| field.name == name).ok_or_else(no_such)?;
        Ok(Column { array: self.column.child(i), field: &fields[i], outer: self.column.first(), rows: self.column.rows })
    }
}

//! Arrays: owned columns, and views of the columns of a batch.
use crate::abi::ArrowArray;
use core::marker::PhantomData;

/// An array that is owned: released when it is dropped, moved when it is passed on.
pub struct Array(pub(crate) ArrowArray);

// An Arrow array may be released, and its buffers read, on any thread (weir.h).
unsafe impl Send for Array {}
unsafe impl Sync for Array {}

impl Array {
    pub fn len(&self) -> usize {
        self.0.length as usize
    }
    pub fn is_empty(&self) -> bool {
        self.0.length == 0
    }
    pub(crate) fn into_raw(self) -> ArrowArray {
        let raw = self.0;
        core::mem::forget(self);
        raw
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        if let Some(release) = self.0.release {
            unsafe { release(&mut self.0) };
        }
    }
}

pub(crate) fn empty() -> ArrowArray {
    ArrowArray {
        length: 0,
        null_count: 0,
        offset: 0,
        n_buffers: 0,
        n_children: 0,
        buffers: core::ptr::null_mut(),
        children: core::ptr::null_mut(),
        dictionary: core::ptr::null_mut(),
        release: None,
        private_data: core::ptr::null_mut(),
    }
}

/// Which rows of a column are not null.
#[derive(Clone, Copy)]
pub(crate) struct Validity<'a> {
    bits: *const u8,
    first: usize,
    rows: usize,
    lent: PhantomData<&'a [u8]>,
}

impl Validity<'_> {
    pub(crate) unsafe fn of(column: &ArrowArray, first: usize, rows: usize) -> Self {
        let may = column.n_buffers > 0 && column.null_count != 0;
        let bits = if may { (*column.buffers).cast() } else { core::ptr::null() };
        Validity { bits, first, rows, lent: PhantomData }
    }
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }
    pub(crate) fn valid(&self, row: usize) -> bool {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        self.bits.is_null() || bit(self.bits, self.first + row)
    }
}

// Precondition: `bits` holds so many.
fn bit(bits: *const u8, i: usize) -> bool {
    unsafe { *bits.add(i / 8) >> (i % 8) & 1 != 0 }
}

pub(crate) unsafe fn buffer<'a, T>(column: &ArrowArray, i: usize, count: usize) -> &'a [T] {
    let data: *const T = (*column.buffers.add(i)).cast();
    if data.is_null() || count == 0 {
        return &[];
    }
    core::slice::from_raw_parts(data, count)
}

/// A column of text (Arrow "u"), as long as the batch is in hand.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    validity: Validity<'a>,
    ends: &'a [i32],
    begin: usize, // of the text, in what the ends count
    text: &'a str,
}

impl<'a> Texts<'a> {
    pub(crate) unsafe fn of(column: &ArrowArray, outer: usize, rows: usize) -> Result<Self, core::str::Utf8Error> {
        let first = column.offset as usize + outer;
        let ends = buffer(column, 1, first + rows + 1);
        let length = ends.last().map_or(0, |&end: &i32| end as usize);
        let begin = ends.get(first).map_or(0, |&end| end as usize);
        let bytes: &[u8] = buffer(column, 2, length);
        // What is before the slice may be anybody's: it is not looked at.
        let text = core::str::from_utf8(bytes.get(begin..).unwrap_or_default())?;
        Ok(Texts { validity: Validity::of(column, first, rows), ends: ends.get(first..).unwrap_or_default(), begin, text })
    }
    pub fn len(&self) -> usize {
        self.validity.rows
    }
    pub fn is_empty(&self) -> bool {
        self.validity.rows == 0
    }
    /// The text of a row; none: a null.
    pub fn get(&self, row: usize) -> Option<&'a str> {
        let place = |end: i32| end as usize - self.begin;
        self.validity.valid(row).then(|| &self.text[place(self.ends[row])..place(self.ends[row + 1])])
    }
    pub fn iter(self) -> impl Iterator<Item = Option<&'a str>> {
        (0..self.len()).map(move |row| self.get(row))
    }
}

/// What a column of numbers may hold: the Arrow formats of its type begin with one of these.
pub trait Number: Copy + Default + 'static {
    const FORMATS: &'static [&'static str];
}
macro_rules! numbers { ($($type:ty: $($format:literal)*;)*) => {$(
    impl Number for $type { const FORMATS: &'static [&'static str] = &[$($format),*]; }
)*}}
numbers! {
    i8: "c"; u8: "C"; i16: "s"; u16: "S"; u32: "I"; u64: "L"; f32: "f"; f64: "g";
    i32: "i" "tdD" "tts" "ttm";
    i64: "l" "tdm" "ttu" "ttn" "ts" "tD";
}

/// A column of numbers, dates, times or instants.
#[derive(Clone, Copy)]
pub struct Numbers<'a, T> {
    validity: Validity<'a>,
    values: &'a [T],
}

impl<'a, T: Number> Numbers<'a, T> {
    pub(crate) unsafe fn of(column: &ArrowArray, outer: usize, rows: usize) -> Self {
        let first = column.offset as usize + outer;
        let values: &[T] = buffer(column, 1, first + rows);
        Numbers { validity: Validity::of(column, first, rows), values: values.get(first..).unwrap_or_default() }
    }
    pub fn len(&self) -> usize {
        self.validity.rows
    }
    pub fn is_empty(&self) -> bool {
        self.validity.rows == 0
    }
    /// The number of a row; none: a null.
    pub fn get(&self, row: usize) -> Option<T> {
        self.validity.valid(row).then(|| self.values[row])
    }
    /// All of them; where a row is null there stands anything.
    pub fn values(&self) -> &'a [T] {
        self.values
    }
}

/// A column of booleans.
#[derive(Clone, Copy)]
pub struct Booleans<'a> {
    validity: Validity<'a>,
    bits: *const u8,
}

impl Booleans<'_> {
    pub(crate) unsafe fn of(column: &ArrowArray, outer: usize, rows: usize) -> Self {
        let first = column.offset as usize + outer;
        Booleans { validity: Validity::of(column, first, rows), bits: (*column.buffers.add(1)).cast() }
    }
    pub fn len(&self) -> usize {
        self.validity.rows
    }
    pub fn is_empty(&self) -> bool {
        self.validity.rows == 0
    }
    pub fn get(&self, row: usize) -> Option<bool> {
        self.validity.valid(row).then(|| bit(self.bits, self.validity.first + row))
    }
}

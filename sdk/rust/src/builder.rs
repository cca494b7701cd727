//! Builders of columns.
use alloc::{boxed::Box, vec, vec::Vec};
use crate::abi::ArrowArray;
use crate::array::{empty, Array, Number};
use core::ffi::c_void;

/// What an array that was built here owns.
struct Held {
    buffers: Vec<*const c_void>,
    children: Vec<*mut ArrowArray>,
    _bytes: Vec<Box<dyn core::any::Any + Send>>,
}

unsafe extern "C" fn release(array: *mut ArrowArray) {
    let held = Box::from_raw((*array).private_data.cast::<Held>());
    for &child in &held.children {
        if let Some(inner) = (*child).release {
            inner(child);
        }
        drop(Box::from_raw(child));
    }
    (*array).release = None;
}

/// Buffers are 8 bytes aligned at least, the host's rule: bytes go in words.
struct Words(Vec<u64>);

fn words_of<T: Number>(values: &[T]) -> Words {
    let bytes = core::mem::size_of_val(values);
    let mut words = vec![0u64; bytes / 8 + 1];
    // Both are as long as said, and a number is its bytes.
    unsafe { core::ptr::copy_nonoverlapping(values.as_ptr().cast::<u8>(), words.as_mut_ptr().cast::<u8>(), bytes) };
    Words(words)
}

fn array_of(length: usize, nulls: usize, buffers: Vec<Option<Words>>, children: Vec<Array>) -> Array {
    let mut held = Box::new(Held { buffers: Vec::new(), children: Vec::new(), _bytes: Vec::new() });
    for buffer in buffers {
        held.buffers.push(buffer.as_ref().map_or(core::ptr::null(), |words| words.0.as_ptr().cast()));
        held._bytes.extend(buffer.map(|words| Box::new(words.0) as Box<dyn core::any::Any + Send>));
    }
    held.children = children.into_iter().map(|child| Box::into_raw(Box::new(child.into_raw()))).collect();
    let mut made = empty();
    made.length = length as i64;
    made.null_count = nulls as i64;
    made.n_buffers = held.buffers.len() as i64;
    made.buffers = held.buffers.as_mut_ptr();
    made.n_children = held.children.len() as i64;
    made.children = held.children.as_mut_ptr();
    made.release = Some(release);
    made.private_data = Box::into_raw(held).cast();
    Array(made)
}

/// Rows of these columns.
pub(crate) fn rows_of(length: usize, columns: Vec<Array>) -> Array {
    array_of(length, 0, vec![None], columns)
}

pub(crate) fn origins_of(rows: &[u32]) -> Array {
    array_of(rows.len(), 0, vec![None, Some(words_of(rows))], Vec::new())
}

/// Bits, of which those before the first null cost nothing.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    length: usize,
    zeros: usize,
}

impl Bits {
    fn push(&mut self, one: bool) {
        if self.length % 8 == 0 {
            self.bytes.push(0);
        }
        if one {
            *self.bytes.last_mut().unwrap() |= 1 << (self.length % 8);
        }
        self.length += 1;
        self.zeros += usize::from(!one);
    }
    /// As a validity: none, if there are no nulls.
    fn validity(&self) -> Option<Words> {
        (self.zeros > 0).then(|| words_of(&self.bytes))
    }
}

/// A column of text, at most 2 GiB of it.
pub struct TextBuilder {
    valid: Bits,
    ends: Vec<i32>,
    text: Vec<u8>,
}

impl Default for TextBuilder {
    fn default() -> Self {
        TextBuilder { valid: Bits::default(), ends: vec![0], text: Vec::new() }
    }
}

impl TextBuilder {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn append(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
        self.end(true);
    }
    pub fn append_null(&mut self) {
        self.end(false);
    }
    pub fn append_option(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.append(text),
            None => self.append_null(),
        }
    }
    pub fn len(&self) -> usize {
        self.valid.length
    }
    pub fn is_empty(&self) -> bool {
        self.valid.length == 0
    }
    /// Bytes so far: push a batch before there are many.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }
    pub fn finish(self) -> Array {
        let buffers = vec![self.valid.validity(), Some(words_of(&self.ends)), Some(words_of(&self.text))];
        array_of(self.valid.length, self.valid.zeros, buffers, Vec::new())
    }

    fn end(&mut self, valid: bool) {
        self.valid.push(valid);
        self.ends.push(i32::try_from(self.text.len()).expect("at most 2 GiB of text in a batch"));
    }
}

/// A column of numbers, dates, times or instants.
pub struct NumberBuilder<T> {
    valid: Bits,
    values: Vec<T>,
}

impl<T: Number> Default for NumberBuilder<T> {
    fn default() -> Self {
        NumberBuilder { valid: Bits::default(), values: Vec::new() }
    }
}

impl<T: Number> NumberBuilder<T> {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn append(&mut self, value: T) {
        self.append_option(Some(value));
    }
    pub fn append_null(&mut self) {
        self.append_option(None);
    }
    pub fn append_option(&mut self, value: Option<T>) {
        self.valid.push(value.is_some());
        self.values.push(value.unwrap_or_default());
    }
    pub fn len(&self) -> usize {
        self.values.len()
    }
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
    pub fn finish(self) -> Array {
        let buffers = vec![self.valid.validity(), Some(words_of(&self.values))];
        array_of(self.values.len(), self.valid.zeros, buffers, Vec::new())
    }
}

/// A column of booleans.
#[derive(Default)]
pub struct BooleanBuilder {
    valid: Bits,
    values: Bits,
}

impl BooleanBuilder {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn append(&mut self, value: bool) {
        self.append_option(Some(value));
    }
    pub fn append_option(&mut self, value: Option<bool>) {
        self.valid.push(value.is_some());
        self.values.push(value.unwrap_or(false));
    }
    pub fn finish(self) -> Array {
        let buffers = vec![self.valid.validity(), Some(words_of(&self.values.bytes))];
        array_of(self.valid.length, self.valid.zeros, buffers, Vec::new())
    }
}

/// A column of decimals of 128 bits: numbers without their point, as the field's scale has it.
#[derive(Default)]
pub struct DecimalBuilder {
    valid: Bits,
    words: Vec<u64>,
}

impl DecimalBuilder {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn append(&mut self, value: i128) {
        self.append_option(Some(value));
    }
    pub fn append_null(&mut self) {
        self.append_option(None);
    }
    pub fn append_option(&mut self, value: Option<i128>) {
        let whole = value.unwrap_or_default() as u128;
        self.valid.push(value.is_some());
        self.words.extend([whole as u64, (whole >> 64) as u64]);
    }
    pub fn finish(self) -> Array {
        array_of(self.valid.length, self.valid.zeros, vec![self.valid.validity(), Some(Words(self.words))], Vec::new())
    }
}

/// A column of lists: how many items each has. The items are a column of their own.
pub struct ListBuilder {
    valid: Bits,
    ends: Vec<i32>,
}

impl Default for ListBuilder {
    fn default() -> Self {
        ListBuilder { valid: Bits::default(), ends: vec![0] }
    }
}

impl ListBuilder {
    pub fn new() -> Self {
        Self::default()
    }
    /// The list of the next row has so many of the items that follow.
    pub fn append(&mut self, items: usize) {
        self.end(items, true);
    }
    pub fn append_null(&mut self) {
        self.end(0, false);
    }
    /// Panics unless there are as many items as was said.
    pub fn finish(self, items: Array) -> Array {
        assert_eq!(self.ends.last().map(|&end| end as usize), Some(items.len()), "as many items as the lists have");
        array_of(self.valid.length, self.valid.zeros, vec![self.valid.validity(), Some(words_of(&self.ends))], vec![items])
    }

    fn end(&mut self, items: usize, valid: bool) {
        let end = self.ends[self.valid.length] as usize + items;
        self.valid.push(valid);
        self.ends.push(i32::try_from(end).expect("at most 2^31 - 1 items in a batch"));
    }
}

/// A column of structs: which of them are there. Their fields are columns of their own, of the same length.
#[derive(Default)]
pub struct StructBuilder {
    valid: Bits,
}

impl StructBuilder {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn append(&mut self) {
        self.valid.push(true);
    }
    pub fn append_null(&mut self) {
        self.valid.push(false);
    }
    /// Panics unless every field has a value a struct, whatever it is where that is null.
    pub fn finish(self, fields: Vec<Array>) -> Array {
        assert!(fields.iter().all(|field| field.len() == self.valid.length), "a value of each field for each struct");
        array_of(self.valid.length, self.valid.zeros, vec![self.valid.validity()], fields)
    }
}

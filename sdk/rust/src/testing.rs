//! A small host for the tests of a component: options, an instance in the plugin's own tables, what it passed on. It checks nothing that
//! the real host checks: `weir plugin test` does that. Threads: a test's one.
mod host;
mod values;

use crate::abi::*;
use crate::edge::{bytes_of, raw_bytes, string_of};
use crate::failure::{Failure, Result};
use crate::schema::Schema;
use crate::{extractor, format, loader, transformer, Extractor, Format, Loader, Transformer};
use host::{Closing, Host};
use std::cell::RefCell;
use std::ptr::null_mut;
use std::prelude::v1::*;
use std::vec;

/// A value of a row, or of an option.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    /// Without its point.
    Decimal(i128),
    List(Vec<Value>),
    /// A value for each field.
    Struct(Vec<Value>),
    /// Of a type that this host can't show.
    Other,
}

macro_rules! values { ($($type:ty: $value:ident => $made:expr;)*) => {$(
    impl From<$type> for Value { fn from($value: $type) -> Value { $made } }
)*}}
values! {
    bool: value => Value::Boolean(value);
    i32: value => Value::Integer(value.into());
    i64: value => Value::Integer(value);
    f64: value => Value::Number(value);
    &str: value => Value::Text(value.into());
    String: value => Value::Text(value);
}

/// What a component came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// What it told of each output.
    pub schemas: Vec<Schema>,
    /// What it pushed, and of the batch in hand selected, to any output.
    pub rows: Vec<Vec<Value>>,
    /// Row, column, reason, detail of each.
    pub rejected: Vec<(i64, String, String, String)>,
    pub dropped: u64,
    /// What it wrote, prepared, or told: one a put.
    pub bytes: Vec<Vec<u8>>,
    /// Rows that a loader's receipt tells.
    pub stored: i64,
}

/// Options of a component by JSON pointer: options(&[("/column", "name".into())]).
pub fn options(pairs: &[(&str, Value)]) -> Vec<(String, Value)> {
    pairs.iter().map(|(path, value)| (path.to_string(), value.clone())).collect()
}

/// Makes a transformer for rows of `input`, gives it the rows as one batch, flushes and ends it.
pub fn transform<T: Transformer>(options: Vec<(String, Value)>, input: &Schema, rows: &[Vec<Value>]) -> Result<Outcome> {
    let (host, table) = (Host::new(options), &transformer::Table::<T>::TABLE);
    let (exported, mut made) = (Exported::new(input), null_mut());
    let (inputs, name) = ([exported.raw()], string_of(""));
    host.call(|error| unsafe {
        (table.create.unwrap())(host.context(), inputs.as_ptr(), &name, 1, &host.schemas, &mut made, error)
    })?;
    let made = Closing(made, table.destroy);
    host.give(input, rows, |batch, error| unsafe { (table.process.unwrap())(made.0, 0, batch, &host.next, error) })?;
    if let Some(flush) = table.flush {
        host.call(|error| unsafe { flush(made.0, 0, WEIR_FLUSH_END, &host.next, error) })?;
    }
    drop(made);
    Ok(host.outcome.take())
}

/// Plans, and reads every split to its end.
pub fn extract<T: Extractor>(options: Vec<(String, Value)>) -> Result<Outcome> {
    let (host, table) = (Host::new(options), &extractor::Table::<T>::TABLE);
    let mut more = 0;
    host.call(|error| unsafe { (table.plan.unwrap())(host.context(), raw_bytes(&[]), &host.plan, &mut more, error) })?;
    let splits = host.splits.take();
    for (id, token) in splits {
        let mut split: weir_split = unsafe { std::mem::zeroed() };
        split.size = std::mem::size_of::<weir_split>();
        split.id = string_of(&id);
        split.token = raw_bytes(&token);
        let mut made = null_mut();
        host.call(|error| unsafe {
            (table.open.unwrap())(host.context(), &split, raw_bytes(&[]), &host.schemas, &mut made, error)
        })?;
        host.read_all(unsafe { &*table.reader }, made)?;
    }
    Ok(host.outcome.take())
}

/// Writes rows as one epoch, prepares it, and commits it as the loader can.
pub fn load<T: Loader>(options: Vec<(String, Value)>, input: &Schema, rows: &[Vec<Value>]) -> Result<Outcome> {
    let (host, table) = (Host::new(options), &loader::Table::<T>::TABLE);
    let (exported, mut made) = (Exported::new(input), null_mut());
    let (inputs, name) = ([exported.raw()], string_of(""));
    let writer = unsafe { &*table.writer };
    host.call(|error| unsafe {
        (table.open.unwrap())(host.context(), inputs.as_ptr(), &name, 1, &host.schemas, &mut made, error)
    })?;
    let made = Closing(made, writer.close);
    host.give(input, rows, |batch, error| unsafe { (writer.write.unwrap())(made.0, 0, batch, &host.next, error) })?;
    let mut receipt: weir_receipt = unsafe { std::mem::zeroed() };
    receipt.size = std::mem::size_of::<weir_receipt>();
    receipt.rows = -1;
    let receipts = [&mut receipt as *mut weir_receipt];
    host.call(|error| unsafe { (writer.prepare.unwrap())(made.0, 1, &host.sink, receipts.as_ptr(), 1, error) })?;
    if let Some(commit) = writer.commit {
        host.call(|error| unsafe { commit(made.0, 1, error) })?;
    }
    drop(made);
    if let Some(committer) = unsafe { table.committer.as_ref() } {
        host.publish(committer)?;
    }
    host.outcome.borrow_mut().stored = receipt.rows;
    Ok(host.outcome.take())
}

/// Reads an input of these bytes to its end, at most `step` bytes at a time.
pub fn read<T: Format>(options: Vec<(String, Value)>, bytes: &[u8], step: usize) -> Result<Outcome> {
    let (host, table) = (Host::new(options), &format::Table::<T>::TABLE);
    let input = Bytes { raw: input_table(), bytes, step, at: std::cell::Cell::new(0) };
    let mut made = null_mut();
    let open = table.open_reader.ok_or_else(|| Failure::plugin("the format can't read"))?;
    host.call(|error| unsafe { open(host.context(), &input.raw, raw_bytes(&[]), &host.schemas, &mut made, error) })?;
    host.read_all(unsafe { &*table.reader }, made)?;
    Ok(host.outcome.take())
}

/// Writes rows as one batch: the bytes are the outcome's.
pub fn write<T: Format>(options: Vec<(String, Value)>, input: &Schema, rows: &[Vec<Value>]) -> Result<Outcome> {
    let (host, table) = (Host::new(options), &format::Table::<T>::TABLE);
    let mut raw: weir_output = unsafe { std::mem::zeroed() };
    raw.size = std::mem::size_of::<weir_output>();
    raw.write = Some(output_write);
    let output = Written { raw, bytes: RefCell::default() };
    let (exported, mut made) = (Exported::new(input), null_mut());
    let open = table.open_encoder.ok_or_else(|| Failure::plugin("the format can't write"))?;
    host.call(|error| unsafe { open(host.context(), exported.raw(), &host.schemas, &output.raw, &mut made, error) })?;
    let made = Closing(made, table.close_encoder);
    host.give(input, rows, |batch, error| unsafe { (table.encode.unwrap())(made.0, batch, &host.next, error) })?;
    host.call(|error| unsafe { (table.end.unwrap())(made.0, error) })?;
    drop(made);
    host.outcome.borrow_mut().bytes = vec![output.bytes.take()];
    Ok(host.outcome.take())
}

struct Exported(ArrowSchema);

impl Exported {
    fn new(schema: &Schema) -> Self {
        Exported(schema.export())
    }
    fn raw(&self) -> *const ArrowSchema {
        &self.0
    }
}

impl Drop for Exported {
    fn drop(&mut self) {
        unsafe { (self.0.release.unwrap())(&mut self.0) };
    }
}

#[repr(C)]
struct Bytes<'a> {
    raw: weir_input,
    bytes: &'a [u8],
    step: usize,
    at: std::cell::Cell<usize>,
}

fn input_table() -> weir_input {
    unsafe extern "C" fn read(
        raw: *const weir_input,
        _deadline: i64,
        buffer: *mut u8,
        capacity: u64,
        got: *mut u64,
        outcome: *mut i32,
        _error: *mut weir_error,
    ) -> weir_status {
        let input = &*raw.cast::<Bytes>();
        let left = &input.bytes[input.at.get()..];
        let count = left.len().min(input.step).min(capacity as usize);
        std::ptr::copy_nonoverlapping(left.as_ptr(), buffer, count);
        input.at.set(input.at.get() + count);
        *got = count as u64;
        *outcome = if count == left.len() { WEIR_READ_END } else { WEIR_READ_MORE };
        WEIR_OK
    }
    let mut made: weir_input = unsafe { std::mem::zeroed() };
    made.size = std::mem::size_of::<weir_input>();
    made.length = -1;
    made.read = Some(read);
    made
}

#[repr(C)]
struct Written {
    raw: weir_output,
    bytes: RefCell<Vec<u8>>,
}

unsafe extern "C" fn output_write(raw: *const weir_output, bytes: weir_bytes, _: *mut weir_error) -> weir_status {
    (*raw.cast::<Written>()).bytes.borrow_mut().extend_from_slice(bytes_of(bytes));
    WEIR_OK
}

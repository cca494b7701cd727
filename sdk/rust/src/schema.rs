//! Schemas: what columns there are, in the words of Arrow's C interface.
use alloc::{boxed::Box, format, string::String, vec, vec::Vec};
use crate::abi::ArrowSchema;
use crate::failure::{Failure, Result};
use core::ffi::c_void;
use core::ptr::null_mut;

/// A column: its name, and its type as an Arrow format ("u" text, "l" int64, "g" float64, "b" boolean, "tdD" a date,
/// "tsu:UTC" microseconds; the whole list stands with Arrow's C data interface).
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: String,
    pub format: String,
    pub nullable: bool,
    /// Pairs, as Arrow has them.
    pub metadata: Vec<(Vec<u8>, Vec<u8>)>,
    pub children: Vec<Field>,
    pub dictionary: Option<Box<Field>>,
    other_flags: i64,
}

const NULLABLE: i64 = 2;

impl Field {
    pub fn new(name: impl Into<String>, format: impl Into<String>) -> Self {
        Field {
            name: name.into(),
            format: format.into(),
            nullable: true,
            metadata: Vec::new(),
            children: Vec::new(),
            dictionary: None,
            other_flags: 0,
        }
    }
    pub fn text(name: impl Into<String>) -> Self {
        Field::new(name, "u")
    }
    pub fn int64(name: impl Into<String>) -> Self {
        Field::new(name, "l")
    }
    pub fn float64(name: impl Into<String>) -> Self {
        Field::new(name, "g")
    }
    pub fn boolean(name: impl Into<String>) -> Self {
        Field::new(name, "b")
    }
    /// An instant, in microseconds.
    pub fn instant(name: impl Into<String>) -> Self {
        Field::new(name, "tsu:UTC")
    }
    /// A decimal of 128 bits: its digits, and how many of them stand behind the point.
    pub fn decimal(name: impl Into<String>, precision: u8, scale: i8) -> Self {
        Field::new(name, format!("d:{precision},{scale}"))
    }
    /// A list of items, which are called "item" as a rule.
    pub fn list(name: impl Into<String>, items: Field) -> Self {
        Field { children: vec![items], ..Field::new(name, "+l") }
    }
    pub fn structure(name: impl Into<String>, fields: Vec<Field>) -> Self {
        Field { children: fields, ..Field::new(name, "+s") }
    }
    pub fn not_null(self) -> Self {
        Field { nullable: false, ..self }
    }

    unsafe fn read(raw: &ArrowSchema) -> Field {
        let children = (0..raw.n_children as usize).map(|i| Field::read(&**raw.children.add(i))).collect();
        Field {
            name: text(raw.name),
            format: text(raw.format),
            nullable: raw.flags & NULLABLE != 0,
            metadata: read_metadata(raw.metadata),
            children,
            dictionary: raw.dictionary.as_ref().map(|inner| Box::new(Field::read(inner))),
            other_flags: raw.flags & !NULLABLE,
        }
    }

    pub(crate) fn export(&self) -> ArrowSchema {
        let mut held = Box::new(Held {
            name: c_text(&self.name),
            format: c_text(&self.format),
            metadata: write_metadata(&self.metadata),
            children: self.children.iter().map(|child| Box::into_raw(Box::new(child.export()))).collect(),
            dictionary: self.dictionary.as_ref().map_or(null_mut(), |inner| Box::into_raw(Box::new(inner.export()))),
        });
        ArrowSchema {
            format: held.format.as_ptr(),
            name: held.name.as_ptr(),
            metadata: held.metadata.as_ref().map_or(core::ptr::null(), |bytes| bytes.as_ptr()),
            flags: self.other_flags | if self.nullable { NULLABLE } else { 0 },
            n_children: held.children.len() as i64,
            children: held.children.as_mut_ptr(),
            dictionary: held.dictionary,
            release: Some(release),
            private_data: Box::into_raw(held).cast::<c_void>(),
        }
    }
}

/// The columns of rows.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Schema {
    pub fields: Vec<Field>,
    /// Of the rows as a whole.
    pub metadata: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Schema {
    pub fn new(fields: Vec<Field>) -> Self {
        Schema { fields, metadata: Vec::new() }
    }
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
    /// The column of this name and format that the option at `option` asks for, or an error that points there.
    pub fn column(&self, name: &str, format: &str, option: &str) -> Result<usize> {
        let index = self.index_of(name).ok_or_else(|| {
            let names: Vec<_> = self.fields.iter().map(|field| field.name.as_str()).collect();
            let found = format!("expected a column of the input ({}), found '{name}'", names.join(", "));
            Failure::manifest(option, found)
        })?;
        let found = &self.fields[index].format;
        if found != format {
            let words = format!("column '{name}': expected Arrow type '{format}', found '{found}'");
            return Err(Failure::manifest(option, words));
        }
        Ok(index)
    }

    /// Copies what is described there.
    pub(crate) unsafe fn read(raw: *const ArrowSchema) -> Schema {
        let rows = Field::read(&*raw);
        Schema { fields: rows.children, metadata: rows.metadata }
    }
    pub(crate) fn export(&self) -> ArrowSchema {
        let mut rows = Field::new("", "+s").not_null();
        rows.children = self.fields.clone();
        rows.metadata = self.metadata.clone();
        rows.export()
    }
}

/// What an exported schema owns.
struct Held {
    name: Vec<u8>,
    format: Vec<u8>,
    metadata: Option<Vec<u8>>,
    children: Vec<*mut ArrowSchema>,
    dictionary: *mut ArrowSchema,
}

unsafe extern "C" fn release(schema: *mut ArrowSchema) {
    let held = Box::from_raw((*schema).private_data.cast::<Held>());
    for child in held.children.iter().copied().chain(Some(held.dictionary)).filter(|one| !one.is_null()) {
        if let Some(inner) = (*child).release {
            inner(child);
        }
        drop(Box::from_raw(child));
    }
    (*schema).release = None;
}

/// The text with a zero behind it. A name holds none: what is behind one is left out.
fn c_text(text: &str) -> Vec<u8> {
    text.bytes().take_while(|&byte| byte != 0).chain(Some(0)).collect()
}

unsafe fn text(raw: *const u8) -> String {
    if raw.is_null() {
        return String::new();
    }
    let mut length = 0;
    while *raw.add(length) != 0 {
        length += 1;
    }
    String::from_utf8_lossy(core::slice::from_raw_parts(raw, length)).into_owned()
}

unsafe fn read_metadata(raw: *const u8) -> Vec<(Vec<u8>, Vec<u8>)> {
    if raw.is_null() {
        return Vec::new();
    }
    let mut at = raw;
    let count = at.cast::<i32>().read_unaligned();
    at = at.add(4);
    let mut pairs = Vec::new();
    for _ in 0..count {
        let mut part = || {
            let length = at.cast::<i32>().read_unaligned().max(0) as usize;
            let bytes = core::slice::from_raw_parts(at.add(4), length).to_vec();
            at = at.add(4 + length);
            bytes
        };
        let key = part();
        pairs.push((key, part()));
    }
    pairs
}

fn write_metadata(pairs: &[(Vec<u8>, Vec<u8>)]) -> Option<Vec<u8>> {
    if pairs.is_empty() {
        return None;
    }
    let mut bytes = (pairs.len() as i32).to_ne_bytes().to_vec();
    for part in pairs.iter().flat_map(|(key, value)| [key, value]) {
        bytes.extend((part.len() as i32).to_ne_bytes());
        bytes.extend(part);
    }
    Some(bytes)
}

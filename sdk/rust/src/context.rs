//! Context, and what is lent while an instance is made.
use alloc::{format, vec::Vec};
use crate::abi::*;
use crate::edge::{bytes_of, raw_bytes, string_of, text_of};
use crate::failure::{passed, Result};
use crate::reserved::Reserved;
use crate::schema::Schema;
use core::ffi::c_void;

/// How much a line of the log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Level {
    Debug = WEIR_LOG_DEBUG,
    Info = WEIR_LOG_INFO,
    Warning = WEIR_LOG_WARNING,
    Error = WEIR_LOG_ERROR,
}

/// The component's options: checked against its schema, with its defaults. `path` is a JSON pointer ("/columns/0"). What is absent
/// gives zero or empty.
#[derive(Clone, Copy)]
pub struct Config<'a>(pub(crate) &'a weir_config);

impl<'a> Config<'a> {
    pub fn text(&self, path: &str) -> &'a str {
        unsafe { text_of((self.0.text.unwrap())(self.0, string_of(path))) }
    }
    pub fn integer(&self, path: &str) -> i64 {
        unsafe { (self.0.integer.unwrap())(self.0, string_of(path)) }
    }
    pub fn number(&self, path: &str) -> f64 {
        unsafe { (self.0.number.unwrap())(self.0, string_of(path)) }
    }
    pub fn boolean(&self, path: &str) -> bool {
        unsafe { (self.0.boolean.unwrap())(self.0, string_of(path)) != 0 }
    }
    /// Whether anything stands there.
    pub fn has(&self, path: &str) -> bool {
        unsafe { (self.0.kind.unwrap())(self.0, string_of(path)) != WEIR_CONFIG_ABSENT }
    }
    /// Elements of an array or an object.
    pub fn count(&self, path: &str) -> u64 {
        unsafe { (self.0.count.unwrap())(self.0, string_of(path)) }
    }
    /// The name of an object's member, in the manifest's order.
    pub fn key(&self, path: &str, index: u64) -> &'a str {
        unsafe { text_of((self.0.key.unwrap())(self.0, string_of(path), index)) }
    }
    /// The texts of an array.
    pub fn texts(&self, path: &str) -> Vec<&'a str> {
        (0..self.count(path)).map(|i| self.text(&format!("{path}/{i}"))).collect()
    }
    /// All options, as JSON.
    pub fn json(&self) -> &'a str {
        unsafe { text_of(self.0.json) }
    }
}

/// Who an instance is.
#[derive(Clone, Copy)]
pub struct Context<'a>(pub(crate) &'a weir_context);

impl<'a> Context<'a> {
    pub fn config(&self) -> Config<'a> {
        Config(unsafe { &*self.0.config })
    }
    pub fn run(&self) -> &'a str {
        unsafe { text_of(self.0.run) }
    }
    pub fn link(&self) -> &'a str {
        unsafe { text_of(self.0.link) }
    }
    pub fn lane(&self) -> &'a str {
        unsafe { text_of(self.0.lane) }
    }
    pub fn fence(&self) -> u64 {
        self.0.fence
    }
    pub fn epoch(&self) -> u64 {
        self.0.epoch
    }
    pub fn instance(&self) -> u64 {
        self.0.instance
    }
    /// How the host wants a writer to commit, WEIR_COMMIT_….
    pub fn commit(&self) -> i32 {
        self.0.commit
    }
    /// A reader's: the schema that was agreed, to be kept to; none: tell yours.
    pub fn expected(&self) -> Option<Schema> {
        if self.0.expected.is_null() {
            return None;
        }
        let agreed = unsafe { *self.0.expected };
        (!agreed.is_null()).then(|| unsafe { Schema::read(agreed) })
    }
    /// Whether the call should return Cancelled soon.
    pub fn cancelled(&self) -> bool {
        let host = unsafe { &*self.0.host };
        unsafe { (host.cancelled.unwrap())(host) != 0 }
    }
    /// Monotonic nanoseconds.
    pub fn now(&self) -> i64 {
        let host = unsafe { &*self.0.host };
        unsafe { (host.now.unwrap())(host) }
    }
    pub fn log(&self, level: Level, event: &str, detail: &str) {
        let host = unsafe { &*self.0.host };
        unsafe { (host.log.unwrap())(host, level as i32, string_of(event), string_of(detail)) };
    }
    /// Counts memory that the component keeps for itself.
    pub fn reserved(&self) -> Reserved {
        unsafe { Reserved::of(self.0.host) }
    }
    /// The host's table of an extension, as weir::ext has it; null: the host has none.
    pub fn extension(&self, id: &str) -> *const c_void {
        let host = unsafe { &*self.0.host };
        unsafe { (host.extension.unwrap())(host, string_of(id)) }
    }
    pub(crate) fn host(&self) -> *const weir_host {
        self.0.host
    }
}

/// Takes the schemas of a component's outputs, in their order.
pub struct Outputs<'a>(pub(crate) &'a weir_schema_sink);

impl Outputs<'_> {
    pub fn put(&self, schema: &Schema) -> Result<()> {
        self.put_named("", schema)
    }
    pub fn put_named(&self, name: &str, schema: &Schema) -> Result<()> {
        let mut made = schema.export();
        passed(unsafe { (self.0.put.unwrap())(self.0, string_of(name), &mut made) })
    }
}

/// Takes bytes: committables, what finish() will need.
pub struct Sink<'a>(pub(crate) &'a weir_sink);

impl Sink<'_> {
    pub fn put(&self, bytes: &[u8]) -> Result<()> {
        passed(unsafe { (self.0.put.unwrap())(self.0, raw_bytes(bytes)) })
    }
}

pub(crate) unsafe fn schemas_of(inputs: *const *const ArrowSchema, count: u64) -> Vec<Schema> {
    crate::edge::slice_of(inputs, count).iter().map(|&input| Schema::read(input)).collect()
}

pub(crate) unsafe fn all_bytes<'a>(bytes: *const weir_bytes, count: u64) -> Vec<&'a [u8]> {
    crate::edge::slice_of(bytes, count).iter().map(|&one| bytes_of(one)).collect()
}

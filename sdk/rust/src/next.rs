//! Next: where rows go.
use crate::abi::*;
use crate::array::empty;
use crate::batch::Rows;
use crate::builder::origins_of;
use crate::context::Level;
use crate::edge::{raw_bytes, string_of};
use crate::failure::{passed, Result};
use core::sync::atomic::{AtomicBool, Ordering};

/// Where rows go, and what else of the host a call may use. Lent for one call: an error of it is to be returned.
pub struct Next<'a> {
    pub(crate) raw: &'a weir_next,
    pub(crate) host: &'a weir_host,
    pub(crate) flag: &'a AtomicBool,
}

/// How rows are pushed.
#[derive(Clone, Copy)]
pub struct Pushed<'a> {
    /// To which output.
    pub output: u64,
    /// For each row the one of the batch in hand that it came from; a reader's: where its record begins, from `base`.
    pub origins: Option<&'a [u32]>,
    /// A reader's; -1: unknown.
    pub base: i64,
}

impl Default for Pushed<'_> {
    fn default() -> Self {
        Pushed { output: 0, origins: None, base: -1 }
    }
}

/// A row that can't go on. What is not known stays as it is by default.
#[derive(Clone, Copy)]
pub struct Reject<'a> {
    /// A transformer's, a loader's: of the batch in hand.
    pub row: i64,
    /// A reader's: where the record begins, and the record as it was found.
    pub offset: i64,
    pub record: &'a [u8],
    /// Empty: the whole row.
    pub column: &'a str,
    /// A constant that can be counted, "not an integer"; the value goes into `detail`.
    pub reason: &'a str,
    pub detail: &'a str,
}

impl Default for Reject<'_> {
    fn default() -> Self {
        Reject { row: WEIR_NO_ROW, offset: -1, record: &[], column: "", reason: "", detail: "" }
    }
}

impl Next<'_> {
    /// Passes rows on, to the first output.
    pub fn push(&self, rows: Rows) -> Result<()> {
        self.push_as(rows, Pushed::default())
    }
    pub fn push_as(&self, rows: Rows, how: Pushed) -> Result<()> {
        let mut batch = weir_batch {
            size: core::mem::size_of::<weir_batch>(),
            rows: rows.into_array().into_raw(),
            origins: how.origins.map_or_else(empty, |rows| origins_of(rows).into_raw()),
            base: how.base,
            sequence: 0,
            selected: core::ptr::null(),
            selected_count: 0,
        };
        passed(unsafe { (self.raw.push.unwrap())(self.raw, how.output, &mut batch) })
    }
    /// Passes on these rows of the batch in hand, in this order: filters and routes need no more.
    pub fn select(&self, output: u64, rows: &[u32]) -> Result<()> {
        // A null pointer would mean: all of them.
        let first = if rows.is_empty() { [0].as_ptr() } else { rows.as_ptr() };
        passed(unsafe { (self.raw.select.unwrap())(self.raw, output, first, rows.len() as u64) })
    }
    /// Passes on all rows of the batch in hand.
    pub fn select_all(&self, output: u64) -> Result<()> {
        passed(unsafe { (self.raw.select.unwrap())(self.raw, output, core::ptr::null(), 0) })
    }
    pub fn reject(&self, reject: Reject) -> Result<()> {
        let raw = weir_reject {
            size: core::mem::size_of::<weir_reject>(),
            row: reject.row,
            offset: reject.offset,
            record: raw_bytes(reject.record),
            fields: raw_bytes(&[]),
            column: string_of(reject.column),
            reason: string_of(reject.reason),
            detail: string_of(reject.detail),
            within: -1,
        };
        passed(unsafe { (self.raw.reject.unwrap())(self.raw, &raw) })
    }
    /// Says that so many rows were left out on purpose.
    pub fn drop_rows(&self, count: u64, reason: &str) -> Result<()> {
        passed(unsafe { (self.raw.drop.unwrap())(self.raw, count, string_of(reason)) })
    }

    /// Whether the call should return Cancelled soon: ask at least once a second while it waits.
    pub fn cancelled(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }
    /// Monotonic nanoseconds: what deadlines count in.
    pub fn now(&self) -> i64 {
        unsafe { (self.host.now.unwrap())(self.host) }
    }
    /// `event` is a constant name ("split.retry"), `detail` a JSON object or empty.
    pub fn log(&self, level: Level, event: &str, detail: &str) {
        unsafe { (self.host.log.unwrap())(self.host, level as i32, string_of(event), string_of(detail)) };
    }
}

//! The extensions, weir/ext/*.h. Made of the C headers by tests/abi/make_bindings.py: do not edit.
#![allow(non_camel_case_types, missing_docs)]
use core::ffi::c_void;
use crate::abi::*;
pub const WEIR_ASYNC: &str = "weir.async/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_completion {
    pub size: usize,
    pub done: Option<unsafe extern "C" fn(*const weir_completion, weir_status, i32)>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_async {
    pub size: usize,
    pub read: Option<unsafe extern "C" fn(*mut c_void, i64, *const weir_next, *mut weir_error, *const weir_completion)>,
    pub write: Option<unsafe extern "C" fn(*mut c_void, u64, *mut weir_batch, *const weir_next, *mut weir_error, *const weir_completion)>,
    pub prepare: Option<unsafe extern "C" fn(*mut c_void, u64, *const weir_sink, *const *mut weir_receipt, u64, *mut weir_error, *const weir_completion)>,
}
pub const WEIR_CHUNKED: &str = "weir.chunked/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_chunked {
    pub size: usize,
    pub start: Option<unsafe extern "C" fn(*mut c_void, *mut u64, *mut weir_error) -> weir_status>,
    pub boundary: Option<unsafe extern "C" fn(*const c_void, weir_bytes, *mut u64, *mut u64, *mut weir_error) -> weir_status>,
    pub parse: Option<unsafe extern "C" fn(*const c_void, weir_bytes, *const weir_next, *mut weir_error) -> weir_status>,
    pub finish: Option<unsafe extern "C" fn(*const c_void, *const u64, *mut weir_error) -> weir_status>,
}
pub const WEIR_CONNECTIONS: &str = "weir.connections/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_connections {
    pub size: usize,
    pub borrow: Option<unsafe extern "C" fn(*const weir_host, weir_string, i64, *mut *mut c_void, *mut weir_error) -> weir_status>,
    pub give_back: Option<unsafe extern "C" fn(*const weir_host, *mut c_void, i32)>,
}
pub const WEIR_DECODER: &str = "weir.decoder/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_decoder {
    pub size: usize,
    pub needed: Option<unsafe extern "C" fn(*const weir_context, weir_bytes, *mut i32, *mut weir_error) -> weir_status>,
    pub codec: *const weir_codec,
}
pub const WEIR_DISCOVER: &str = "weir.discover/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_stream {
    pub size: usize,
    pub name: weir_string,
    pub description: weir_string,
    pub keys: weir_string,
    pub cursors: weir_string,
    pub rows: i64,
    pub bytes: i64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_stream_sink {
    pub size: usize,
    pub put: Option<unsafe extern "C" fn(*const weir_stream_sink, *const weir_stream, *mut ArrowSchema) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_discover {
    pub size: usize,
    pub streams: Option<unsafe extern "C" fn(*const weir_context, *const weir_stream_sink, *mut weir_error) -> weir_status>,
}
pub const WEIR_DOCUMENT: &str = "weir.document/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_document {
    pub size: usize,
    pub decode: *const weir_transformer,
    pub encode: *const weir_transformer,
}
pub const WEIR_APPEND: &str = "weir.append/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_append {
    pub size: usize,
    pub fits: Option<unsafe extern "C" fn(*const weir_context, *const ArrowSchema, weir_bytes, *mut weir_error) -> weir_status>,
    pub between: Option<unsafe extern "C" fn(*const weir_context, weir_bytes, *const weir_sink, *mut weir_error) -> weir_status>,
}
pub const WEIR_CONDITIONAL: &str = "weir.conditional/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_conditional {
    pub size: usize,
    pub replace: Option<unsafe extern "C" fn(*mut c_void, weir_string, weir_bytes, weir_string, *const weir_object_sink, *mut weir_error) -> weir_status>,
}
pub const WEIR_DDL: &str = "weir.ddl/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_ddl {
    pub size: usize,
    pub statements: Option<unsafe extern "C" fn(*const weir_context, *const ArrowSchema, *const weir_sink, *mut weir_error) -> weir_status>,
}
pub const WEIR_EARLIER: &str = "weir.earlier/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_earlier {
    pub size: usize,
    pub rows: Option<unsafe extern "C" fn(*const weir_host, *mut u64, u64) -> u64>,
}
pub const WEIR_HOLDS: &str = "weir.holds";
pub const WEIR_STORED_FROM: &str = "weir.stored_from";
pub const WEIR_VERDICT_KEPT: i32 = 0;
pub const WEIR_VERDICT_WARNED: i32 = 1;
pub const WEIR_VERDICT_REJECTED: i32 = 2;
pub const WEIR_VERDICT_FAILED: i32 = 3;
pub const WEIR_QUALITY: &str = "weir.quality/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_judgement {
    pub size: usize,
    pub subject: weir_string,
    pub expected: weir_string,
    pub found: weir_string,
    pub rows: i64,
    pub verdict: i32,
    pub reserved: i32,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_quality {
    pub size: usize,
    pub judged: Option<unsafe extern "C" fn(*const weir_host, *const weir_judgement)>,
}
pub const WEIR_FILES: &str = "weir.files/1";
pub const WEIR_NETWORK: &str = "weir.network/1";
pub const WEIR_PARALLEL: &str = "weir.parallel/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_files {
    pub size: usize,
    pub open: Option<unsafe extern "C" fn(*const weir_host, weir_string, i32, *mut i32, *mut weir_error) -> weir_status>,
    pub temporary: Option<unsafe extern "C" fn(*const weir_host, *mut i32, *mut weir_error) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_network {
    pub size: usize,
    pub connect: Option<unsafe extern "C" fn(*const weir_host, weir_string, u32, i64, *mut i32, *mut weir_error) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_secrets {
    pub size: usize,
    pub get: Option<unsafe extern "C" fn(*const weir_host, weir_string, *const weir_sink, *mut i64, *mut weir_error) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_metrics {
    pub size: usize,
    pub add: Option<unsafe extern "C" fn(*const weir_host, weir_string, f64)>,
    pub set: Option<unsafe extern "C" fn(*const weir_host, weir_string, f64)>,
    pub observe: Option<unsafe extern "C" fn(*const weir_host, weir_string, f64)>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_check {
    pub size: usize,
    pub check: Option<unsafe extern "C" fn(*const weir_context, *const weir_sink, *mut weir_error) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_parallel {
    pub size: usize,
    pub each: Option<unsafe extern "C" fn(*const weir_host, u64, Option<unsafe extern "C" fn(*mut c_void, u64) -> weir_status>, *mut c_void) -> weir_status>,
}
pub const WEIR_SHARED: &str = "weir.shared/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_shared {
    pub size: usize,
    pub destination: Option<unsafe extern "C" fn(*const weir_config, *const weir_sink, *mut weir_error) -> weir_status>,
    pub open: Option<unsafe extern "C" fn(*const *const weir_context, *const *const ArrowSchema, u64, *const weir_schema_sink, *mut *mut c_void, *mut weir_error) -> weir_status>,
}
pub const WEIR_FOUND: &str = "weir.found";
pub const WEIR_MEMORY: &str = "weir.memory/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_memory {
    pub size: usize,
    pub allocate: Option<unsafe extern "C" fn(*const weir_host, u64, i64, *mut *mut u8, *mut weir_error) -> weir_status>,
    pub free: Option<unsafe extern "C" fn(*const weir_host, *mut u8)>,
    pub reserve: Option<unsafe extern "C" fn(*const weir_host, i64, *mut weir_error) -> weir_status>,
}
pub const WEIR_OPEN_FILES: &str = "weir.open";
pub const WEIR_PARTIAL: &str = "weir.partial/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_partial {
    pub size: usize,
    pub take: Option<unsafe extern "C" fn(*mut c_void, *const weir_sink, *mut weir_error) -> weir_status>,
    pub merge: Option<unsafe extern "C" fn(*mut c_void, *const weir_bytes, u64, *mut weir_error) -> weir_status>,
}
pub const WEIR_IS_EQUAL: i32 = 0;
pub const WEIR_IS_LESS: i32 = 1;
pub const WEIR_IS_LESS_OR_EQUAL: i32 = 2;
pub const WEIR_IS_GREATER: i32 = 3;
pub const WEIR_IS_GREATER_OR_EQUAL: i32 = 4;
pub const WEIR_IS_NOT_NULL: i32 = 5;
pub const WEIR_PUSHDOWN: &str = "weir.pushdown/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_condition {
    pub size: usize,
    pub column: weir_string,
    pub is: i32,
    pub reserved: i32,
    pub constant: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_wanted {
    pub size: usize,
    pub columns: *const weir_string,
    pub column_count: u64,
    pub conditions: *const *const weir_condition,
    pub condition_count: u64,
    pub constants_schema: *const ArrowSchema,
    pub constants: *const ArrowArray,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_pushdown {
    pub size: usize,
    pub open: Option<unsafe extern "C" fn(*const weir_context, *const weir_split, weir_bytes, *const *const weir_wanted, u64, *const weir_schema_sink, *mut *mut c_void, *mut weir_error) -> weir_status>,
    pub open_reader: Option<unsafe extern "C" fn(*const weir_context, *const weir_input, weir_bytes, *const weir_wanted, *const weir_schema_sink, *mut *mut c_void, *mut weir_error) -> weir_status>,
}
pub const WEIR_READS: &str = "weir.reads/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_condition_sink {
    pub size: usize,
    pub put: Option<unsafe extern "C" fn(*const weir_condition_sink, u64, weir_string, i32, *mut ArrowSchema, *mut ArrowArray) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_reads {
    pub size: usize,
    pub columns: Option<unsafe extern "C" fn(*mut c_void, u64, *const weir_sink, *mut weir_error) -> weir_status>,
    pub conditions: Option<unsafe extern "C" fn(*mut c_void, *const weir_condition_sink, *mut weir_error) -> weir_status>,
    pub lineage: Option<unsafe extern "C" fn(*mut c_void, u64, weir_string, u64, *const weir_sink, *mut weir_error) -> weir_status>,
}
pub const WEIR_STATE: &str = "weir.state/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_state_sink {
    pub size: usize,
    pub put: Option<unsafe extern "C" fn(*const weir_state_sink, weir_bytes, weir_bytes) -> weir_status>,
    pub remove: Option<unsafe extern "C" fn(*const weir_state_sink, weir_bytes) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_state {
    pub size: usize,
    pub snapshot: Option<unsafe extern "C" fn(*mut c_void, *const weir_state_sink, *mut weir_error) -> weir_status>,
    pub restore: Option<unsafe extern "C" fn(*mut c_void, *const weir_bytes, *const weir_bytes, u64, i32, *mut weir_error) -> weir_status>,
    pub remembers: Option<unsafe extern "C" fn(*const weir_config) -> i32>,
}

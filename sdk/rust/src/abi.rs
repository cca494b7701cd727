//! weir.h in Rust, whose comments say what each is for. Made of the C headers by tests/abi/make_bindings.py: do not edit.
#![allow(non_camel_case_types, missing_docs)]
use core::ffi::c_void;
pub type weir_status = i32;
pub type weir_traits_function = unsafe extern "C" fn(*const weir_config, *mut weir_traits, *mut weir_error) -> weir_status;
pub const WEIR_ABI: u32 = 65536;
pub const WEIR_ABI_PREVIEW: u32 = 1;
/// How the text of the section `.weir` begins: a literal.
macro_rules! info_head {
    () => {
        r#""abi":"1.0","needs_abi":"1.0","preview":1"#
    };
}
pub(crate) use info_head;
pub const WEIR_NO_ROW: i64 = -1;
pub const WEIR_OK: i32 = 0;
pub const WEIR_CANCELLED: i32 = 1;
pub const WEIR_UNKNOWN: i32 = 2;
pub const WEIR_INVALID_ARGUMENT: i32 = 3;
pub const WEIR_DEADLINE_EXCEEDED: i32 = 4;
pub const WEIR_NOT_FOUND: i32 = 5;
pub const WEIR_ALREADY_EXISTS: i32 = 6;
pub const WEIR_PERMISSION_DENIED: i32 = 7;
pub const WEIR_RESOURCE_EXHAUSTED: i32 = 8;
pub const WEIR_FAILED_PRECONDITION: i32 = 9;
pub const WEIR_ABORTED: i32 = 10;
pub const WEIR_OUT_OF_RANGE: i32 = 11;
pub const WEIR_UNIMPLEMENTED: i32 = 12;
pub const WEIR_INTERNAL: i32 = 13;
pub const WEIR_UNAVAILABLE: i32 = 14;
pub const WEIR_DATA_LOSS: i32 = 15;
pub const WEIR_UNAUTHENTICATED: i32 = 16;
pub const WEIR_FAULT_UNKNOWN: i32 = 0;
pub const WEIR_FAULT_MANIFEST: i32 = 1;
pub const WEIR_FAULT_SOURCE: i32 = 2;
pub const WEIR_FAULT_DATA: i32 = 3;
pub const WEIR_FAULT_DESTINATION: i32 = 4;
pub const WEIR_FAULT_PLUGIN: i32 = 5;
pub const WEIR_OPERATION_INSERT: i32 = 0;
pub const WEIR_OPERATION_UPDATE: i32 = 1;
pub const WEIR_OPERATION_DELETE: i32 = 2;
pub const WEIR_OPERATION_UPDATE_BEFORE: i32 = 3;
pub const WEIR_LOG_DEBUG: i32 = 0;
pub const WEIR_LOG_INFO: i32 = 1;
pub const WEIR_LOG_WARNING: i32 = 2;
pub const WEIR_LOG_ERROR: i32 = 3;
pub const WEIR_CONFIG_ABSENT: i32 = 0;
pub const WEIR_CONFIG_NULL: i32 = 1;
pub const WEIR_CONFIG_BOOLEAN: i32 = 2;
pub const WEIR_CONFIG_INTEGER: i32 = 3;
pub const WEIR_CONFIG_NUMBER: i32 = 4;
pub const WEIR_CONFIG_TEXT: i32 = 5;
pub const WEIR_CONFIG_ARRAY: i32 = 6;
pub const WEIR_CONFIG_OBJECT: i32 = 7;
pub const WEIR_ROWS_ONCE: i32 = 0;
pub const WEIR_ROWS_MULTIPLY: i32 = 1;
pub const WEIR_ROWS_MERGE: i32 = 2;
pub const WEIR_SCOPE_CHAIN: i32 = 0;
pub const WEIR_SCOPE_RUN: i32 = 1;
pub const WEIR_REPLAY_NONE: i32 = 0;
pub const WEIR_REPLAY_REDELIVERY: i32 = 1;
pub const WEIR_REPLAY_EXACT: i32 = 2;
pub const WEIR_COMMIT_NONE: i32 = 0;
pub const WEIR_COMMIT_ATOMIC: i32 = 1;
pub const WEIR_COMMIT_TWO_PHASE: i32 = 2;
pub const WEIR_FLUSH_BARRIER: i32 = 0;
pub const WEIR_FLUSH_END: i32 = 1;
pub const WEIR_FLUSH_INPUT: i32 = 2;
pub const WEIR_READ_MORE: i32 = 0;
pub const WEIR_READ_IDLE: i32 = 1;
pub const WEIR_READ_END: i32 = 2;
pub const WEIR_READ_SCHEMA: i32 = 3;
pub const WEIR_KIND_EXTRACTOR: i32 = 1;
pub const WEIR_KIND_TRANSFORMER: i32 = 2;
pub const WEIR_KIND_LOADER: i32 = 3;
pub const WEIR_KIND_FORMAT: i32 = 4;
pub const WEIR_KIND_STORAGE: i32 = 5;
pub const WEIR_KIND_CODEC: i32 = 6;
pub const WEIR_KIND_CONNECTION: i32 = 7;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_string {
    pub data: *const u8,
    pub length: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_bytes {
    pub data: *const u8,
    pub length: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_error {
    pub size: usize,
    pub fault: i32,
    pub reserved: i32,
    pub native_code: i64,
    pub retry_after_ns: i64,
    pub row: i64,
    pub offset: i64,
    pub message: [u8; 1024],
    pub hint: [u8; 512],
    pub object: [u8; 256],
    pub column: [u8; 256],
    pub option: [u8; 256],
    pub length: i64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_sink {
    pub size: usize,
    pub put: Option<unsafe extern "C" fn(*const weir_sink, weir_bytes) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ArrowSchema {
    pub format: *const u8,
    pub name: *const u8,
    pub metadata: *const u8,
    pub flags: i64,
    pub n_children: i64,
    pub children: *mut *mut ArrowSchema,
    pub dictionary: *mut ArrowSchema,
    pub release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    pub private_data: *mut c_void,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ArrowArray {
    pub length: i64,
    pub null_count: i64,
    pub offset: i64,
    pub n_buffers: i64,
    pub n_children: i64,
    pub buffers: *mut *const c_void,
    pub children: *mut *mut ArrowArray,
    pub dictionary: *mut ArrowArray,
    pub release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    pub private_data: *mut c_void,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_schema_sink {
    pub size: usize,
    pub put: Option<unsafe extern "C" fn(*const weir_schema_sink, weir_string, *mut ArrowSchema) -> weir_status>,
    pub same: Option<unsafe extern "C" fn(*const weir_schema_sink, weir_string, *const ArrowSchema) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_host {
    pub size: usize,
    pub abi: u32,
    pub reserved: u32,
    pub now: Option<unsafe extern "C" fn(*const weir_host) -> i64>,
    pub log: Option<unsafe extern "C" fn(*const weir_host, i32, weir_string, weir_string)>,
    pub extension: Option<unsafe extern "C" fn(*const weir_host, weir_string) -> *const c_void>,
    pub cancelled: Option<unsafe extern "C" fn(*const weir_host) -> i32>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_config {
    pub size: usize,
    pub json: weir_string,
    pub text: Option<unsafe extern "C" fn(*const weir_config, weir_string) -> weir_string>,
    pub integer: Option<unsafe extern "C" fn(*const weir_config, weir_string) -> i64>,
    pub number: Option<unsafe extern "C" fn(*const weir_config, weir_string) -> f64>,
    pub boolean: Option<unsafe extern "C" fn(*const weir_config, weir_string) -> i32>,
    pub count: Option<unsafe extern "C" fn(*const weir_config, weir_string) -> u64>,
    pub kind: Option<unsafe extern "C" fn(*const weir_config, weir_string) -> i32>,
    pub key: Option<unsafe extern "C" fn(*const weir_config, weir_string, u64) -> weir_string>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_context {
    pub size: usize,
    pub host: *const weir_host,
    pub config: *const weir_config,
    pub run: weir_string,
    pub link: weir_string,
    pub lane: weir_string,
    pub streams: *const weir_string,
    pub expected: *const *const ArrowSchema,
    pub stream_count: u64,
    pub instance: u64,
    pub fence: u64,
    pub epoch: u64,
    pub commit: i32,
    pub reserved: i32,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_traits {
    pub size: usize,
    pub scope: i32,
    pub ordered: i32,
    pub keeps_rows: i32,
    pub replay: i32,
    pub commit: i32,
    pub rows: i32,
    pub takes_selection: i32,
    pub many_inputs: i32,
    pub many_outputs: i32,
    pub reserved: i32,
    pub max_instances: u64,
    pub preferred_rows: u64,
    pub preferred_bytes: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_batch {
    pub size: usize,
    pub rows: ArrowArray,
    pub origins: ArrowArray,
    pub base: i64,
    pub sequence: u64,
    pub selected: *const u32,
    pub selected_count: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_reject {
    pub size: usize,
    pub row: i64,
    pub offset: i64,
    pub record: weir_bytes,
    pub fields: weir_bytes,
    pub column: weir_string,
    pub reason: weir_string,
    pub detail: weir_string,
    pub within: i64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_next {
    pub size: usize,
    pub push: Option<unsafe extern "C" fn(*const weir_next, u64, *mut weir_batch) -> weir_status>,
    pub select: Option<unsafe extern "C" fn(*const weir_next, u64, *const u32, u64) -> weir_status>,
    pub reject: Option<unsafe extern "C" fn(*const weir_next, *const weir_reject) -> weir_status>,
    pub drop: Option<unsafe extern "C" fn(*const weir_next, u64, weir_string) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_transformer {
    pub size: usize,
    pub traits: Option<weir_traits_function>,
    pub create: Option<unsafe extern "C" fn(*const weir_context, *const *const ArrowSchema, *const weir_string, u64, *const weir_schema_sink, *mut *mut c_void, *mut weir_error) -> weir_status>,
    pub process: Option<unsafe extern "C" fn(*mut c_void, u64, *mut weir_batch, *const weir_next, *mut weir_error) -> weir_status>,
    pub destroy: Option<unsafe extern "C" fn(*mut c_void)>,
    pub flush: Option<unsafe extern "C" fn(*mut c_void, u64, i32, *const weir_next, *mut weir_error) -> weir_status>,
    pub cancel: Option<unsafe extern "C" fn(*mut c_void)>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_reader {
    pub size: usize,
    pub read: Option<unsafe extern "C" fn(*mut c_void, i64, *const weir_next, *mut i32, *mut weir_error) -> weir_status>,
    pub position: Option<unsafe extern "C" fn(*mut c_void, *const weir_sink, *mut weir_error) -> weir_status>,
    pub close: Option<unsafe extern "C" fn(*mut c_void)>,
    pub acknowledge: Option<unsafe extern "C" fn(*mut c_void, weir_bytes, *mut weir_error) -> weir_status>,
    pub cancel: Option<unsafe extern "C" fn(*mut c_void)>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_split {
    pub size: usize,
    pub id: weir_string,
    pub token: weir_bytes,
    pub place: weir_string,
    pub rows: i64,
    pub bytes: i64,
    pub unbounded: i32,
    pub reserved: i32,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_plan {
    pub size: usize,
    pub add: Option<unsafe extern "C" fn(*const weir_plan, *const weir_split) -> weir_status>,
    pub remove: Option<unsafe extern "C" fn(*const weir_plan, weir_string) -> weir_status>,
    pub state: Option<unsafe extern "C" fn(*const weir_plan, weir_bytes) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_extractor {
    pub size: usize,
    pub traits: Option<weir_traits_function>,
    pub plan: Option<unsafe extern "C" fn(*const weir_context, weir_bytes, *const weir_plan, *mut i32, *mut weir_error) -> weir_status>,
    pub open: Option<unsafe extern "C" fn(*const weir_context, *const weir_split, weir_bytes, *const weir_schema_sink, *mut *mut c_void, *mut weir_error) -> weir_status>,
    pub reader: *const weir_reader,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_receipt {
    pub size: usize,
    pub rows: i64,
    pub inserted: i64,
    pub updated: i64,
    pub deleted: i64,
    pub bytes: i64,
    pub checksum: [u8; 128],
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_writer {
    pub size: usize,
    pub write: Option<unsafe extern "C" fn(*mut c_void, u64, *mut weir_batch, *const weir_next, *mut weir_error) -> weir_status>,
    pub prepare: Option<unsafe extern "C" fn(*mut c_void, u64, *const weir_sink, *const *mut weir_receipt, u64, *mut weir_error) -> weir_status>,
    pub close: Option<unsafe extern "C" fn(*mut c_void)>,
    pub commit: Option<unsafe extern "C" fn(*mut c_void, u64, *mut weir_error) -> weir_status>,
    pub cancel: Option<unsafe extern "C" fn(*mut c_void)>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_committer {
    pub size: usize,
    pub open: Option<unsafe extern "C" fn(*const weir_context, *mut *mut c_void, *mut weir_error) -> weir_status>,
    pub close: Option<unsafe extern "C" fn(*mut c_void)>,
    pub last_committed: Option<unsafe extern "C" fn(*mut c_void, *mut u64, *mut weir_error) -> weir_status>,
    pub commit: Option<unsafe extern "C" fn(*mut c_void, u64, *const weir_bytes, u64, *const weir_sink, *mut weir_error) -> weir_status>,
    pub abort: Option<unsafe extern "C" fn(*mut c_void, u64, *const weir_bytes, u64, *mut weir_error) -> weir_status>,
    pub finish: Option<unsafe extern "C" fn(*mut c_void, i32, *const weir_bytes, u64, *mut weir_error) -> weir_status>,
    pub cancel: Option<unsafe extern "C" fn(*mut c_void)>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_loader {
    pub size: usize,
    pub traits: Option<weir_traits_function>,
    pub open: Option<unsafe extern "C" fn(*const weir_context, *const *const ArrowSchema, *const weir_string, u64, *const weir_schema_sink, *mut *mut c_void, *mut weir_error) -> weir_status>,
    pub writer: *const weir_writer,
    pub committer: *const weir_committer,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_input {
    pub size: usize,
    pub length: i64,
    pub read: Option<unsafe extern "C" fn(*const weir_input, i64, *mut u8, u64, *mut u64, *mut i32, *mut weir_error) -> weir_status>,
    pub read_at: Option<unsafe extern "C" fn(*const weir_input, u64, *mut u8, u64, *mut u64, *mut weir_error) -> weir_status>,
    pub map: Option<unsafe extern "C" fn(*const weir_input, *mut weir_bytes, *mut weir_error) -> weir_status>,
    pub close: Option<unsafe extern "C" fn(*const weir_input)>,
    pub cancel: Option<unsafe extern "C" fn(*const weir_input)>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_output {
    pub size: usize,
    pub continues: i32,
    pub reserved: i32,
    pub written: i64,
    pub write: Option<unsafe extern "C" fn(*const weir_output, weir_bytes, *mut weir_error) -> weir_status>,
    pub prepare: Option<unsafe extern "C" fn(*const weir_output, *const weir_sink, *mut weir_receipt, *mut weir_error) -> weir_status>,
    pub close: Option<unsafe extern "C" fn(*const weir_output)>,
    pub cancel: Option<unsafe extern "C" fn(*const weir_output)>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_sniff {
    pub size: usize,
    pub name: weir_string,
    pub content_type: weir_string,
    pub head: weir_bytes,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_format {
    pub size: usize,
    pub sniff: Option<unsafe extern "C" fn(*const weir_sniff) -> i32>,
    pub open_reader: Option<unsafe extern "C" fn(*const weir_context, *const weir_input, weir_bytes, *const weir_schema_sink, *mut *mut c_void, *mut weir_error) -> weir_status>,
    pub reader: *const weir_reader,
    pub open_encoder: Option<unsafe extern "C" fn(*const weir_context, *const ArrowSchema, *const weir_schema_sink, *const weir_output, *mut *mut c_void, *mut weir_error) -> weir_status>,
    pub encode: Option<unsafe extern "C" fn(*mut c_void, *mut weir_batch, *const weir_next, *mut weir_error) -> weir_status>,
    pub end: Option<unsafe extern "C" fn(*mut c_void, *mut weir_error) -> weir_status>,
    pub flush: Option<unsafe extern "C" fn(*mut c_void, *mut weir_error) -> weir_status>,
    pub close_encoder: Option<unsafe extern "C" fn(*mut c_void)>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_object {
    pub size: usize,
    pub name: weir_string,
    pub bytes: i64,
    pub modified_ns: i64,
    pub checksum: weir_string,
    pub version: weir_string,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_object_sink {
    pub size: usize,
    pub put: Option<unsafe extern "C" fn(*const weir_object_sink, *const weir_object) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_storage {
    pub size: usize,
    pub create: Option<unsafe extern "C" fn(*const weir_context, *mut *mut c_void, *mut weir_error) -> weir_status>,
    pub destroy: Option<unsafe extern "C" fn(*mut c_void)>,
    pub list: Option<unsafe extern "C" fn(*mut c_void, weir_string, weir_string, *const weir_object_sink, *mut weir_error) -> weir_status>,
    pub stat: Option<unsafe extern "C" fn(*mut c_void, weir_string, *const weir_object_sink, *mut weir_error) -> weir_status>,
    pub open_read: Option<unsafe extern "C" fn(*mut c_void, weir_string, weir_string, *mut *const weir_input, *mut weir_error) -> weir_status>,
    pub open_write: Option<unsafe extern "C" fn(*mut c_void, *const weir_context, weir_string, u64, weir_bytes, *mut *const weir_output, *mut weir_error) -> weir_status>,
    pub commit: Option<unsafe extern "C" fn(*mut c_void, weir_bytes, *mut weir_error) -> weir_status>,
    pub abort: Option<unsafe extern "C" fn(*mut c_void, weir_bytes, *mut weir_error) -> weir_status>,
    pub sweep: Option<unsafe extern "C" fn(*mut c_void, *const weir_context, *const weir_bytes, u64, *mut weir_error) -> weir_status>,
    pub remove: Option<unsafe extern "C" fn(*mut c_void, weir_string, *mut weir_error) -> weir_status>,
    pub cancel: Option<unsafe extern "C" fn(*mut c_void)>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_codec {
    pub size: usize,
    pub sniff: Option<unsafe extern "C" fn(*const weir_sniff) -> i32>,
    pub create: Option<unsafe extern "C" fn(*const weir_context, i32, *mut *mut c_void, *mut weir_error) -> weir_status>,
    pub destroy: Option<unsafe extern "C" fn(*mut c_void)>,
    pub step: Option<unsafe extern "C" fn(*mut c_void, weir_bytes, i32, *mut u8, u64, *mut u64, *mut u64, *mut i32, *mut weir_error) -> weir_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_connection {
    pub size: usize,
    pub connect: Option<unsafe extern "C" fn(*const weir_context, *mut *mut c_void, *mut weir_error) -> weir_status>,
    pub ping: Option<unsafe extern "C" fn(*mut c_void, *mut weir_error) -> weir_status>,
    pub disconnect: Option<unsafe extern "C" fn(*mut c_void)>,
    pub cancel: Option<unsafe extern "C" fn(*mut c_void)>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_component {
    pub size: usize,
    pub name: weir_string,
    pub about: weir_string,
    pub kind: i32,
    pub reserved: i32,
    pub table: *const c_void,
    pub extension: Option<unsafe extern "C" fn(weir_string) -> *const c_void>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct weir_plugin {
    pub size: usize,
    pub abi: u32,
    pub needs_abi: u32,
    pub name: weir_string,
    pub version: weir_string,
    pub open: Option<unsafe extern "C" fn(*const weir_host, *mut weir_error) -> weir_status>,
    pub close: Option<unsafe extern "C" fn()>,
    pub count: u64,
    pub components: *const *const weir_component,
}

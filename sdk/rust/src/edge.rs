//! The edge: every function that the host calls goes through here, and no panic leaves it.
use alloc::{boxed::Box, vec::Vec};
use crate::abi::*;
use crate::failure::Result;
use crate::panics;
use core::ffi::c_void;
use core::sync::atomic::{AtomicBool, Ordering};

/// An instance as the host holds it: the component's value, and what its calls need.
pub(crate) struct Instance<T> {
    pub value: T,
    pub host: *const weir_host,
    pub schemas: Vec<crate::Schema>,
    pub cancelled: AtomicBool,
}

/// Runs `body`, and turns an error or a panic into a status and `error`.
pub(crate) fn at_edge(error: *mut weir_error, body: impl FnOnce() -> Result<()>) -> weir_status {
    match panics::caught(body).and_then(|done| done) {
        Ok(()) => WEIR_OK,
        Err(failure) => failure.fill(error),
    }
}

/// Makes the instance that `out` points to.
pub(crate) fn hand_over<T>(out: *mut *mut c_void, host: *const weir_host, schemas: Vec<crate::Schema>, value: T) {
    let made = Instance { value, host, schemas, cancelled: AtomicBool::new(false) };
    unsafe { *out = Box::into_raw(Box::new(made)).cast() };
}

/// Ends an instance, whatever its drop does.
pub(crate) unsafe extern "C" fn destroy<T>(instance: *mut c_void) {
    let made = Box::from_raw(instance.cast::<Instance<T>>());
    let _ = panics::caught(|| drop(made));
}

/// Sets the instance's flag: the value itself may be in a call on another thread.
pub(crate) unsafe extern "C" fn cancel<T>(instance: *mut c_void) {
    (*instance.cast::<Instance<T>>()).cancelled.store(true, Ordering::Relaxed);
}

pub(crate) unsafe fn bytes_of<'a>(bytes: weir_bytes) -> &'a [u8] {
    if bytes.length == 0 {
        return &[];
    }
    core::slice::from_raw_parts(bytes.data, bytes.length as usize)
}

pub(crate) unsafe fn text_of<'a>(text: weir_string) -> &'a str {
    core::str::from_utf8(bytes_of(weir_bytes { data: text.data, length: text.length })).unwrap_or_default()
}

pub(crate) fn string_of(text: &str) -> weir_string {
    weir_string { data: text.as_ptr(), length: text.len() as u64 }
}

pub(crate) fn raw_bytes(bytes: &[u8]) -> weir_bytes {
    weir_bytes { data: bytes.as_ptr(), length: bytes.len() as u64 }
}

/// The texts or bytes of an array that may be null where it is empty.
pub(crate) unsafe fn slice_of<'a, T>(first: *const T, count: u64) -> &'a [T] {
    if count == 0 {
        return &[];
    }
    core::slice::from_raw_parts(first, count as usize)
}

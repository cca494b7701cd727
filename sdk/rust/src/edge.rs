//! The edge: every function that the host calls goes through here, and no panic leaves it.
use crate::abi::*;
use crate::failure::{Failure, Result};
use std::cell::Cell;
use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};

const PLACE_BYTES: usize = 200;

thread_local! {
    // Where the last panic of this thread was. It owns nothing, so that no thread keeps the library loaded.
    static PLACE: Cell<([u8; PLACE_BYTES], usize)> = const { Cell::new(([0; PLACE_BYTES], 0)) };
}

/// An instance as the host holds it: the component's value, and what its calls need.
pub(crate) struct Instance<T> {
    pub value: T,
    pub host: *const weir_host,
    pub schemas: Vec<crate::Schema>,
    pub cancelled: AtomicBool,
}

/// Runs `body`, and turns an error or a panic into a status and `error`.
pub(crate) fn at_edge(error: *mut weir_error, body: impl FnOnce() -> Result<()>) -> weir_status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => WEIR_OK,
        Ok(Err(failure)) => failure.fill(error),
        Err(panic) => {
            let status = panicked(&panic).fill(error);
            // What was thrown may itself panic while it is dropped.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(panic)));
            status
        }
    }
}

fn panicked(panic: &Box<dyn std::any::Any + Send>) -> Failure {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let (place, length) = PLACE.with(Cell::get);
    let place = String::from_utf8_lossy(&place[..length]);
    Failure::plugin(format!("panic{place}: {}", text.unwrap_or("of an unknown kind")))
}

/// Has panics remember their place instead of printing it. The hook is the plugin's own: its copy of std knows no other.
pub(crate) fn remember_panics() {
    static DONE: AtomicBool = AtomicBool::new(false);
    if DONE.swap(true, Ordering::Relaxed) {
        return;
    }
    std::panic::set_hook(Box::new(|info| {
        let text = info.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
        let length = text.len().min(PLACE_BYTES);
        let mut bytes = [0; PLACE_BYTES];
        bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
        PLACE.with(|place| place.set((bytes, length)));
    }));
}

/// Makes the instance that `out` points to.
pub(crate) fn hand_over<T>(out: *mut *mut c_void, host: *const weir_host, schemas: Vec<crate::Schema>, value: T) {
    let made = Instance { value, host, schemas, cancelled: AtomicBool::new(false) };
    unsafe { *out = Box::into_raw(Box::new(made)).cast() };
}

/// Ends an instance, whatever its drop does.
pub(crate) unsafe extern "C" fn destroy<T>(instance: *mut c_void) {
    let made = Box::from_raw(instance.cast::<Instance<T>>());
    let _ = catch_unwind(AssertUnwindSafe(|| drop(made)));
}

/// Sets the instance's flag: the value itself may be in a call on another thread.
pub(crate) unsafe extern "C" fn cancel<T>(instance: *mut c_void) {
    (*instance.cast::<Instance<T>>()).cancelled.store(true, Ordering::Relaxed);
}

pub(crate) unsafe fn bytes_of<'a>(bytes: weir_bytes) -> &'a [u8] {
    if bytes.length == 0 {
        return &[];
    }
    std::slice::from_raw_parts(bytes.data, bytes.length as usize)
}

pub(crate) unsafe fn text_of<'a>(text: weir_string) -> &'a str {
    std::str::from_utf8(bytes_of(weir_bytes { data: text.data, length: text.length })).unwrap_or_default()
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
    std::slice::from_raw_parts(first, count as usize)
}

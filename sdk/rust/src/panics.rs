//! What becomes of a panic: a failure with its place in the source.
use crate::failure::{Failure, Result};
use alloc::{boxed::Box, format, string::String};
use core::any::Any;
use core::cell::Cell;
use core::sync::atomic::{AtomicBool, Ordering};
use std::panic::{catch_unwind, set_hook, AssertUnwindSafe};

const PLACE_BYTES: usize = 200;

std::thread_local! {
    // Where the last panic of this thread was. It owns nothing, so that no thread keeps the library loaded.
    static PLACE: Cell<([u8; PLACE_BYTES], usize)> = const { Cell::new(([0; PLACE_BYTES], 0)) };
}

/// What `body` gives, or the failure that its panic is.
pub(crate) fn caught<T>(body: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(body)).map_err(|panic| {
        let failure = failure_of(&panic);
        // What was thrown may itself panic while it is dropped.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(panic)));
        failure
    })
}

fn failure_of(panic: &Box<dyn Any + Send>) -> Failure {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let (place, length) = PLACE.with(Cell::get);
    let place = String::from_utf8_lossy(&place[..length]);
    Failure::plugin(format!("panic{place}: {}", text.unwrap_or("of an unknown kind")))
}

/// Has panics remember their place instead of printing it. The hook is the plugin's own: its copy of std knows no other.
pub(crate) fn remember() {
    static DONE: AtomicBool = AtomicBool::new(false);
    if DONE.swap(true, Ordering::Relaxed) {
        return;
    }
    set_hook(Box::new(|info| {
        let text = info.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
        let length = text.len().min(PLACE_BYTES);
        let mut bytes = [0; PLACE_BYTES];
        bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
        PLACE.with(|place| place.set((bytes, length)));
    }));
}

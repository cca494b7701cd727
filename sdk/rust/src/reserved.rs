//! Reserved: what a component keeps for itself, counted by the host.
use crate::abi::*;
use crate::edge::string_of;
use crate::ext::*;
use crate::failure::{no_error, told, Result};

/// Memory of the plugin's own that is in no batch (a hash table), counted by the host: weir.memory/1. A host without it counts nothing.
/// Given back when it goes. Made by Context::reserved(); not for longer than the instance whose context it was.
pub struct Reserved {
    host: *const weir_host,
    memory: *const weir_memory,
    bytes: i64,
}

// The host's functions may be called on any thread (weir.h).
unsafe impl Send for Reserved {}

impl Reserved {
    /// Precondition: the host outlives it.
    pub(crate) unsafe fn of(host: *const weir_host) -> Self {
        let memory = ((*host).extension.unwrap())(host, string_of(WEIR_MEMORY));
        Reserved { host, memory: memory.cast(), bytes: 0 }
    }
    /// Counts so many bytes in all from here on. An error, RESOURCE_EXHAUSTED, if there are not as many: it stays as it was.
    pub fn set(&mut self, bytes: u64) -> Result<()> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        if let Some(memory) = unsafe { self.memory.as_ref() } {
            let mut error = no_error();
            told(unsafe { (memory.reserve.unwrap())(self.host, bytes - self.bytes, &mut *error) }, &error)?;
        }
        self.bytes = bytes;
        Ok(())
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        let _ = self.set(0);
    }
}

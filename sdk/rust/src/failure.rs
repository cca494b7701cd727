//! Failure: how code behind the traits reports an error.
use alloc::{boxed::Box, string::String};
use crate::abi::*;

/// What a call of a component ends with.
pub type Result<T> = core::result::Result<T, Failure>;

/// The codes of weir.h, where it stands what the host does with each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    Cancelled = WEIR_CANCELLED,
    Unknown = WEIR_UNKNOWN,
    InvalidArgument = WEIR_INVALID_ARGUMENT,
    DeadlineExceeded = WEIR_DEADLINE_EXCEEDED,
    NotFound = WEIR_NOT_FOUND,
    AlreadyExists = WEIR_ALREADY_EXISTS,
    PermissionDenied = WEIR_PERMISSION_DENIED,
    ResourceExhausted = WEIR_RESOURCE_EXHAUSTED,
    FailedPrecondition = WEIR_FAILED_PRECONDITION,
    Aborted = WEIR_ABORTED,
    OutOfRange = WEIR_OUT_OF_RANGE,
    Unimplemented = WEIR_UNIMPLEMENTED,
    Internal = WEIR_INTERNAL,
    Unavailable = WEIR_UNAVAILABLE,
    DataLoss = WEIR_DATA_LOSS,
    Unauthenticated = WEIR_UNAUTHENTICATED,
}

/// Whose turn it is to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Fault {
    Unknown = WEIR_FAULT_UNKNOWN,
    Manifest = WEIR_FAULT_MANIFEST,
    Source = WEIR_FAULT_SOURCE,
    Data = WEIR_FAULT_DATA,
    Destination = WEIR_FAULT_DESTINATION,
    Plugin = WEIR_FAULT_PLUGIN,
}

/// An error of the plugin, with particulars added in place:
/// `Failure::new(Status::NotFound, Fault::Source, "no such table 'x'").hint("…").column("price")`.
/// Message: what was expected, what was found; lower case, no full stop, no secret.
#[derive(Clone, Debug)]
pub struct Failure(Box<Particulars>);

#[derive(Clone, Debug)]
struct Particulars {
    status: weir_status,
    fault: i32,
    message: String,
    hint: String,
    object: String,
    column: String,
    option: String,
    row: i64,
    offset: i64,
    length: i64,
    native_code: i64,
    told: bool, // false: the host said stop, and knows why
}

impl Failure {
    pub fn new(status: Status, fault: Fault, message: impl Into<String>) -> Self {
        Failure::of(status as weir_status, fault as i32, message.into())
    }

    fn of(status: weir_status, fault: i32, message: String) -> Self {
        Failure(Box::new(Particulars {
            status,
            fault,
            message,
            hint: String::new(),
            object: String::new(),
            column: String::new(),
            option: String::new(),
            row: WEIR_NO_ROW,
            offset: -1,
            length: 0,
            native_code: 0,
            told: true,
        }))
    }

    /// What the manifest says is wrong: `option` is a JSON pointer into the component's options ("/columns/0").
    pub fn manifest(option: impl Into<String>, message: impl Into<String>) -> Self {
        let mut failure = Failure::new(Status::InvalidArgument, Fault::Manifest, message);
        failure.0.option = option.into();
        failure
    }

    /// Bytes that are not what they should be, at this place of the input.
    pub fn data(offset: i64, message: impl Into<String>) -> Self {
        let mut failure = Failure::new(Status::DataLoss, Fault::Data, message);
        failure.0.offset = offset;
        failure
    }

    /// An error of the plugin itself.
    pub fn plugin(message: impl Into<String>) -> Self {
        Failure::new(Status::Internal, Fault::Plugin, message)
    }

    /// The cure.
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.0.hint = text.into();
        self
    }
    /// What failed: a file, a table.
    pub fn object(mut self, name: impl Into<String>) -> Self {
        self.0.object = name.into();
        self
    }
    pub fn column(mut self, name: impl Into<String>) -> Self {
        self.0.column = name.into();
        self
    }
    /// The row of the batch in hand.
    pub fn row(mut self, row: usize) -> Self {
        self.0.row = row as i64;
        self
    }
    /// The code of the system that failed: errno, an HTTP status.
    pub fn native(mut self, code: i64) -> Self {
        self.0.native_code = code;
        self
    }
    /// The bytes at fault in the option's text.
    pub fn within(mut self, offset: usize, length: usize) -> Self {
        (self.0.offset, self.0.length) = (offset as i64, length as i64);
        self
    }

    pub fn message(&self) -> &str {
        &self.0.message
    }
    /// The code of weir.h, WEIR_….
    pub fn code(&self) -> i32 {
        self.0.status
    }

    /// What the host's own input or output said.
    pub(crate) fn of_host(status: weir_status, fault: i32, message: String) -> Self {
        Failure::of(status, fault, message)
    }
    pub(crate) fn stop(status: weir_status) -> Self {
        let mut failure = Failure::of(status, WEIR_FAULT_UNKNOWN, "stopped by the host".into());
        failure.0.told = false;
        failure
    }

    /// Copies everything into the caller's struct; gives the status.
    pub(crate) fn fill(&self, error: *mut weir_error) -> weir_status {
        let own = &*self.0;
        if error.is_null() || !own.told {
            return own.status;
        }
        // The caller made it, and nobody else looks at it during the call.
        let error = unsafe { &mut *error };
        error.fault = own.fault;
        error.native_code = own.native_code;
        error.row = own.row;
        error.offset = own.offset;
        copy(&own.message, &mut error.message);
        copy(&own.hint, &mut error.hint);
        copy(&own.object, &mut error.object);
        copy(&own.column, &mut error.column);
        copy(&own.option, &mut error.option);
        if error.size >= core::mem::size_of::<weir_error>() {
            error.length = own.length;
        }
        own.status
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.write_str(&self.0.message)
    }
}

#[cfg(feature = "std")]
impl std::error::Error for Failure {}

/// Cuts a text that is too long at a whole character, and ends it with a zero.
fn copy(text: &str, to: &mut [u8]) {
    let mut length = text.len().min(to.len() - 1);
    while !text.is_char_boundary(length) {
        length -= 1;
    }
    to[..length].copy_from_slice(&text.as_bytes()[..length]);
    to[length] = 0;
}

/// OK, or the host's wish to stop.
pub(crate) fn passed(status: weir_status) -> Result<()> {
    match status {
        WEIR_OK => Ok(()),
        other => Err(Failure::stop(other)),
    }
}

/// An error for a call of the host to fill in.
pub(crate) fn no_error() -> Box<weir_error> {
    // All of it is numbers and bytes.
    let mut error: Box<weir_error> = Box::new(unsafe { core::mem::zeroed() });
    error.size = core::mem::size_of::<weir_error>();
    error.row = WEIR_NO_ROW;
    error.offset = -1;
    error
}

/// What the host says of such a call stands in its own error: the plugin's is filled in with it.
pub(crate) fn told(status: weir_status, error: &weir_error) -> Result<()> {
    if status == WEIR_OK {
        return Ok(());
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes.split(|&byte| byte == 0).next().unwrap_or_default()).into_owned();
    Err(Failure::of_host(status, error.fault, text(&error.message)).hint(text(&error.hint)).object(text(&error.object)))
}

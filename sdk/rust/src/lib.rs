//! Plugins for weir in Rust. A component is a type with one of the traits [`Transformer`], [`Extractor`], [`Loader`] and
//! [`Format`]; [`plugin!`] names it, and makes the shared object's one function and its section `.weir` of the `schema.json`
//! that stands beside Cargo.toml.
//!
//! ```ignore
//! weir::plugin! { transformer "shout" => Shout }
//! ```
//!
//! What each call may do, which threads it comes on, and what the host does with an error, says the manual `weir.h`. A panic does
//! not leave a call: the host gets it as an error of status INTERNAL with its place in the source.
//!
//! No dependencies. Without the feature `std` it is `no_std` over `alloc`: all but [`testing`], and a panic then ends the process, as
//! nothing can catch it.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod abi;
pub mod ext;

mod array;
mod batch;
mod builder;
mod column;
mod context;
mod edge;
mod extractor;
mod failure;
mod format;
mod loader;
mod next;
#[cfg(feature = "std")]
mod panics;
/// Without std a panic ends the process: nothing can catch it.
#[cfg(not(feature = "std"))]
mod panics {
    pub(crate) fn caught<T>(body: impl FnOnce() -> T) -> crate::Result<T> {
        Ok(body())
    }
    pub(crate) fn remember() {}
}
#[doc(hidden)]
pub mod plugin;
mod reserved;
mod schema;
#[cfg(feature = "std")]
pub mod testing;
mod transformer;
mod wanted;

pub use {
    abi::{weir_receipt as Receipt, weir_traits as Traits},
    array::{Array, Booleans, Number, Numbers, Texts},
    batch::{Batch, Rows},
    builder::{BooleanBuilder, DecimalBuilder, ListBuilder, NumberBuilder, StructBuilder, TextBuilder},
    column::{Column, Decimals, Lists, Structs},
    context::{Config, Context, Level, Outputs, Sink},
    extractor::{Extractor, Plan, Read, Split, SplitToAdd},
    failure::{Failure, Fault, Result, Status},
    format::{Encoder, Format, FormatReader, Input, NoEncoder, NoReader, Output, Sniff},
    loader::{Committer, Loader, NoCommitter},
    next::{Next, Pushed, Reject},
    reserved::Reserved,
    schema::{Field, Schema},
    transformer::{Changes, Flush, Transformer},
    wanted::{Comparison, Condition, Wanted},
};

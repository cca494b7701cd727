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
//! No dependencies. Without the feature `std` the crate is `no_std` and has [`abi`] and [`ext`] alone.
#![cfg_attr(not(feature = "std"), no_std)]

pub mod abi;
pub mod ext;

#[cfg(feature = "std")]
mod array;
#[cfg(feature = "std")]
mod batch;
#[cfg(feature = "std")]
mod builder;
#[cfg(feature = "std")]
mod context;
#[cfg(feature = "std")]
mod edge;
#[cfg(feature = "std")]
mod extractor;
#[cfg(feature = "std")]
mod failure;
#[cfg(feature = "std")]
mod format;
#[cfg(feature = "std")]
mod loader;
#[cfg(feature = "std")]
mod next;
#[cfg(feature = "std")]
#[doc(hidden)]
pub mod plugin;
#[cfg(feature = "std")]
mod schema;
#[cfg(feature = "std")]
pub mod testing;
#[cfg(feature = "std")]
mod transformer;

#[cfg(feature = "std")]
pub use {
    abi::{weir_receipt as Receipt, weir_traits as Traits},
    array::{Array, Booleans, Number, Numbers, Texts},
    batch::{Batch, Rows},
    builder::{BooleanBuilder, NumberBuilder, TextBuilder},
    context::{Config, Context, Level, Outputs, Sink},
    extractor::{Extractor, Plan, Read, Split, SplitToAdd},
    failure::{Failure, Fault, Result, Status},
    format::{Encoder, Format, FormatReader, Input, NoEncoder, NoReader, Output, Sniff},
    loader::{Committer, Loader, NoCommitter},
    next::{Next, Pushed, Reject},
    schema::{Field, Schema},
    transformer::{Flush, Transformer},
};

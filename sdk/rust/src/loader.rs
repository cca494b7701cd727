//! Loader: a writer, and a committer that publishes what writers prepared.
use alloc::vec::Vec;
use crate::abi::*;
use crate::batch::Batch;
use crate::context::{all_bytes, schemas_of, Config, Context, Outputs, Sink};
use crate::edge::{at_edge, cancel, destroy, hand_over, slice_of, Instance};
use crate::failure::{Failure, Result};
use crate::next::Next;
use crate::schema::Schema;
use crate::transformer::{batch_of, lend};
use core::ffi::c_void;
use core::marker::PhantomData;

/// A loader: an instance writes rows. How it commits follows from what it has: ATOMIC, or a Committer of two phases, or neither
/// (rows may then come twice after a crash).
pub trait Loader: Send + Sized {
    /// NoCommitter where there is neither.
    type Committer: Committer;
    fn traits(_config: &Config, _traits: &mut weir_traits) -> Result<()> {
        Ok(())
    }
    /// Opens a writer for rows of inputs[0] (of all, if traits say many_inputs), and tells for each the schema that reading back
    /// would give: usually the input.
    fn open(context: &Context, inputs: &[Schema], stored: &Outputs) -> Result<Self>;
    /// Writes rows into the current epoch. Of `next` only reject() is of use: for rows that the destination refuses.
    fn write(&mut self, input: u64, batch: &mut Batch, next: &Next) -> Result<()>;
    /// Ends `epoch`. Two-phase: everything is durable and invisible, what the committer needs goes to `committable`; atomic: all is in
    /// the open transaction; neither: all is delivered. A receipt for each input says what came back from the destination.
    fn prepare(&mut self, epoch: u64, committable: &Sink, receipts: &mut [&mut weir_receipt]) -> Result<()>;
    /// Whether commit() makes rows and the token (run, link, lane, epoch, fence) visible in one step.
    const ATOMIC: bool = false;
    fn commit(&mut self, _epoch: u64) -> Result<()> {
        Ok(())
    }
}

/// Publishes what writers prepared: they may be gone, in another process.
pub trait Committer: Send + Sized {
    /// False: there is none.
    const EXISTS: bool = true;
    fn open(context: &Context) -> Result<Self>;
    /// Atomic: the last epoch of this lane that the destination holds; 0 for none.
    fn last_committed(&mut self) -> Result<u64> {
        Ok(0)
    }
    /// Two-phase: publishes exactly these. Idempotent.
    fn commit(&mut self, _epoch: u64, _committables: &[&[u8]], _published: &Sink) -> Result<()> {
        Ok(())
    }
    /// Two-phase: discards what was made in epochs >= `epoch`, the listed and any other trace.
    fn abort(&mut self, _epoch: u64, _committables: &[&[u8]]) -> Result<()> {
        Ok(())
    }
    /// Whether finish() is to be called, once all has been published.
    const FINISHES: bool = false;
    fn finish(&mut self, _complete: bool, _published: &[&[u8]]) -> Result<()> {
        Ok(())
    }
}

/// For a loader that is neither atomic nor two-phase.
pub struct NoCommitter;

impl Committer for NoCommitter {
    const EXISTS: bool = false;
    fn open(_context: &Context) -> Result<Self> {
        Err(Failure::plugin("expected no committer to be asked for"))
    }
}

pub(crate) struct Table<T>(PhantomData<T>);

impl<T: Loader> Table<T> {
    const WRITER: weir_writer = weir_writer {
        size: core::mem::size_of::<weir_writer>(),
        write: Some(write::<T>),
        prepare: Some(prepare::<T>),
        close: Some(destroy::<T>),
        commit: if T::ATOMIC { Some(commit::<T>) } else { None },
        cancel: Some(cancel::<T>),
    };
    const COMMITTER: weir_committer = weir_committer {
        size: core::mem::size_of::<weir_committer>(),
        open: Some(open_committer::<T::Committer>),
        close: Some(destroy::<T::Committer>),
        last_committed: if T::ATOMIC { Some(last_committed::<T::Committer>) } else { None },
        commit: if T::ATOMIC { None } else { Some(publish::<T::Committer>) },
        abort: if T::ATOMIC { None } else { Some(abort::<T::Committer>) },
        finish: if T::Committer::FINISHES { Some(finish::<T::Committer>) } else { None },
        cancel: Some(cancel::<T::Committer>),
    };
    pub(crate) const TABLE: weir_loader = weir_loader {
        size: core::mem::size_of::<weir_loader>(),
        traits: Some(traits::<T>),
        open: Some(open::<T>),
        writer: &Self::WRITER,
        committer: if T::Committer::EXISTS { &Self::COMMITTER } else { core::ptr::null() },
    };
}

unsafe extern "C" fn traits<T: Loader>(
    config: *const weir_config,
    traits: *mut weir_traits,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || T::traits(&Config(&*config), &mut *traits))
}

unsafe extern "C" fn open<T: Loader>(
    context: *const weir_context,
    inputs: *const *const ArrowSchema,
    _streams: *const weir_string,
    count: u64,
    stored: *const weir_schema_sink,
    made: *mut *mut c_void,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let context = Context(&*context);
        let schemas = schemas_of(inputs, count);
        let value = T::open(&context, &schemas, &Outputs(&*stored))?;
        hand_over(made, context.host(), schemas, value);
        Ok(())
    })
}

unsafe extern "C" fn write<T: Loader>(
    instance: *mut c_void,
    input: u64,
    batch: *mut weir_batch,
    next: *const weir_next,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let (value, next) = lend(instance.cast::<Instance<T>>(), next);
        let mut batch = batch_of(instance.cast::<Instance<T>>(), input, batch)?;
        value.write(input, &mut batch, &next)
    })
}

unsafe extern "C" fn prepare<T: Loader>(
    instance: *mut c_void,
    epoch: u64,
    committable: *const weir_sink,
    receipts: *const *mut weir_receipt,
    count: u64,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let mut lent: Vec<_> = slice_of(receipts, count).iter().map(|&receipt| &mut *receipt).collect();
        (*instance.cast::<Instance<T>>()).value.prepare(epoch, &Sink(&*committable), &mut lent)
    })
}

unsafe extern "C" fn commit<T: Loader>(instance: *mut c_void, epoch: u64, error: *mut weir_error) -> weir_status {
    at_edge(error, || (*instance.cast::<Instance<T>>()).value.commit(epoch))
}

unsafe extern "C" fn open_committer<C: Committer>(
    context: *const weir_context,
    made: *mut *mut c_void,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let context = Context(&*context);
        hand_over(made, context.host(), Vec::new(), C::open(&context)?);
        Ok(())
    })
}

unsafe extern "C" fn last_committed<C: Committer>(
    instance: *mut c_void,
    epoch: *mut u64,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        *epoch = (*instance.cast::<Instance<C>>()).value.last_committed()?;
        Ok(())
    })
}

unsafe extern "C" fn publish<C: Committer>(
    instance: *mut c_void,
    epoch: u64,
    committables: *const weir_bytes,
    count: u64,
    published: *const weir_sink,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let value = &mut (*instance.cast::<Instance<C>>()).value;
        value.commit(epoch, &all_bytes(committables, count), &Sink(&*published))
    })
}

unsafe extern "C" fn abort<C: Committer>(
    instance: *mut c_void,
    epoch: u64,
    committables: *const weir_bytes,
    count: u64,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || (*instance.cast::<Instance<C>>()).value.abort(epoch, &all_bytes(committables, count)))
}

unsafe extern "C" fn finish<C: Committer>(
    instance: *mut c_void,
    complete: i32,
    published: *const weir_bytes,
    count: u64,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || (*instance.cast::<Instance<C>>()).value.finish(complete != 0, &all_bytes(published, count)))
}

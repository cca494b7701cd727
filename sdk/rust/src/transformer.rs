//! Transformer: gets batches of rows, passes rows on.
use alloc::{format, vec::Vec};
use crate::abi::*;
use crate::batch::Batch;
use crate::context::{all_bytes, schemas_of, Config, Context, Outputs};
use crate::edge::{at_edge, cancel, destroy, hand_over, raw_bytes, text_of, Instance};
use crate::ext::*;
use crate::failure::{passed, Failure, Result};
use crate::next::Next;
use crate::schema::Schema;
use core::ffi::c_void;
use core::marker::PhantomData;

/// Why rows that are held back are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flush {
    /// A checkpoint is due: push what you hold.
    Barrier,
    /// The last call: push everything.
    End,
    /// Nothing more comes on one input; others may go on.
    Input,
}

/// A transformer. An instance lives for one schema; instances of it run at the same time, each on one thread at a time.
pub trait Transformer: Send + Sized {
    /// What depends on the options: fields of weir_traits that differ from their defaults.
    fn traits(_config: &Config, _traits: &mut weir_traits) -> Result<()> {
        Ok(())
    }
    /// Makes an instance for rows of inputs[0] (of all, if traits say many_inputs), and tells the schema of each output. No I/O
    /// where it can wait: `weir plan` calls it too.
    fn create(context: &Context, inputs: &[Schema], outputs: &Outputs) -> Result<Self>;
    /// Handles one batch: every row is pushed, selected, rejected or dropped.
    fn process(&mut self, input: u64, batch: &mut Batch, next: &Next) -> Result<()>;
    /// Whether rows are held back, and flush() is to be called.
    const HOLDS_ROWS: bool = false;
    /// Pushes what is held back.
    fn flush(&mut self, _input: u64, _why: Flush, _next: &Next) -> Result<()> {
        Ok(())
    }
    /// Whether what it remembers is kept by the host from one checkpoint to the next, by snapshot() and restore(): weir.state/1. Without it
    /// an instance must be able to forget everything at a barrier.
    const REMEMBERS: bool = false;
    /// Whether there is something to remember, so configured. Pure.
    fn remembers(_config: &Config) -> bool {
        true
    }
    /// Tells what changed since the last one that returned Ok, each key once.
    fn snapshot(&mut self, _changes: &Changes) -> Result<()> {
        Ok(())
    }
    /// Takes items back, right after create(): keys and values, in any order, some a call; `last` with the last, which may have none.
    fn restore(&mut self, _items: &[(&[u8], &[u8])], _last: bool) -> Result<()> {
        Ok(())
    }
}

/// Takes what an instance remembers. Lent for one call.
pub struct Changes<'a>(pub(crate) &'a weir_state_sink);

impl Changes<'_> {
    /// An item, anew or in place of what it was: a key of at most 1 KiB, a value of at most 16 MiB.
    pub fn put(&self, key: &[u8], value: &[u8]) -> Result<()> {
        passed(unsafe { (self.0.put.unwrap())(self.0, raw_bytes(key), raw_bytes(value)) })
    }
    pub fn remove(&self, key: &[u8]) -> Result<()> {
        passed(unsafe { (self.0.remove.unwrap())(self.0, raw_bytes(key)) })
    }
}

pub(crate) struct Table<T>(PhantomData<T>);

impl<T: Transformer> Table<T> {
    pub(crate) const TABLE: weir_transformer = weir_transformer {
        size: core::mem::size_of::<weir_transformer>(),
        traits: Some(traits::<T>),
        create: Some(create::<T>),
        process: Some(process::<T>),
        destroy: Some(destroy::<T>),
        flush: if T::HOLDS_ROWS { Some(flush::<T>) } else { None },
        cancel: Some(cancel::<T>),
    };
    pub(crate) const STATE: weir_state = weir_state {
        size: core::mem::size_of::<weir_state>(),
        snapshot: Some(snapshot::<T>),
        restore: Some(restore::<T>),
        remembers: Some(remembers::<T>),
    };
}

/// The component's extensions.
pub(crate) unsafe extern "C" fn extension<T: Transformer>(id: weir_string) -> *const c_void {
    let state: &'static weir_state = &Table::<T>::STATE;
    if T::REMEMBERS && text_of(id) == WEIR_STATE {
        return (state as *const weir_state).cast();
    }
    core::ptr::null()
}

unsafe extern "C" fn snapshot<T: Transformer>(
    instance: *mut c_void,
    changes: *const weir_state_sink,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || (*instance.cast::<Instance<T>>()).value.snapshot(&Changes(&*changes)))
}

unsafe extern "C" fn restore<T: Transformer>(
    instance: *mut c_void,
    keys: *const weir_bytes,
    values: *const weir_bytes,
    count: u64,
    last: i32,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let items: Vec<_> = all_bytes(keys, count).into_iter().zip(all_bytes(values, count)).collect();
        (*instance.cast::<Instance<T>>()).value.restore(&items, last != 0)
    })
}

unsafe extern "C" fn remembers<T: Transformer>(config: *const weir_config) -> i32 {
    let mut does = true;
    at_edge(core::ptr::null_mut(), || {
        does = T::remembers(&Config(&*config));
        Ok(())
    });
    i32::from(does)
}

unsafe extern "C" fn traits<T: Transformer>(
    config: *const weir_config,
    traits: *mut weir_traits,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || T::traits(&Config(&*config), &mut *traits))
}

unsafe extern "C" fn create<T: Transformer>(
    context: *const weir_context,
    inputs: *const *const ArrowSchema,
    _names: *const weir_string,
    count: u64,
    outputs: *const weir_schema_sink,
    made: *mut *mut c_void,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let context = Context(&*context);
        let schemas = schemas_of(inputs, count);
        let value = T::create(&context, &schemas, &Outputs(&*outputs))?;
        hand_over(made, context.host(), schemas, value);
        Ok(())
    })
}

unsafe extern "C" fn process<T: Transformer>(
    instance: *mut c_void,
    input: u64,
    batch: *mut weir_batch,
    next: *const weir_next,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let (value, next) = lend(instance.cast::<Instance<T>>(), next);
        let mut batch = batch_of(instance.cast::<Instance<T>>(), input, batch)?;
        value.process(input, &mut batch, &next)
    })
}

unsafe extern "C" fn flush<T: Transformer>(
    instance: *mut c_void,
    input: u64,
    why: i32,
    next: *const weir_next,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let (value, next) = lend(instance.cast::<Instance<T>>(), next);
        let why = match why {
            WEIR_FLUSH_BARRIER => Flush::Barrier,
            WEIR_FLUSH_END => Flush::End,
            WEIR_FLUSH_INPUT => Flush::Input,
            other => return Err(Failure::plugin(format!("expected a reason to flush, found {other}"))),
        };
        value.flush(input, why, &next)
    })
}

/// The value of an instance, for one call: one call at a time, but cancel() touches the flag meanwhile.
pub(crate) unsafe fn lend<'a, T>(instance: *mut Instance<T>, next: *const weir_next) -> (&'a mut T, Next<'a>) {
    let next = Next { raw: &*next, host: &*(*instance).host, flag: &(*instance).cancelled };
    (&mut (*instance).value, next)
}

pub(crate) unsafe fn batch_of<'a, T>(instance: *mut Instance<T>, input: u64, batch: *mut weir_batch) -> Result<Batch<'a>> {
    let schemas: &'a Vec<Schema> = &(*instance).schemas;
    let schema = schemas.get(input as usize);
    Ok(Batch::of(batch, schema.ok_or_else(|| Failure::plugin(format!("expected one of {} inputs, found input {input}", schemas.len())))?))
}

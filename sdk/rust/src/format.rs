//! Format: rows from bytes, bytes from rows.
use alloc::{format, vec, vec::Vec};
use crate::abi::*;
use crate::batch::Batch;
use crate::context::{Context, Outputs};
use crate::edge::{at_edge, bytes_of, cancel, destroy, hand_over, raw_bytes, text_of, Instance};
use crate::extractor::Read;
use crate::ext::*;
use crate::failure::{no_error, told, Failure, Result};
use crate::next::Next;
use crate::schema::Schema;
use crate::transformer::{batch_of, lend};
use crate::wanted::Wanted;
use core::ffi::c_void;
use core::marker::PhantomData;

/// A format: how rows are read, and written; NoReader, NoEncoder where it can't.
pub trait Format: Sized {
    type Reader: FormatReader;
    type Encoder: Encoder;
    /// How sure it is that an input is its own, 0 (not mine) to 100. Pure.
    fn sniff(found: &Sniff) -> i32;
}

/// Reads rows of an input.
pub trait FormatReader: Send + Sized {
    /// False: there is none.
    const EXISTS: bool = true;
    /// Tells the schema of the rows; `position` is empty at the start.
    fn open(context: &Context, input: &mut Input, position: &[u8], outputs: &Outputs) -> Result<Self>;
    /// Pushes rows, as a rule one batch, with the offset of each record (`origins`, `base`).
    fn read(&mut self, input: &mut Input, deadline: i64, next: &Next) -> Result<Read>;
    /// Whether open_wanted() can read less than all: weir.pushdown/1.
    const PUSHES_DOWN: bool = false;
    /// Opens as open() does, for what is wanted of the rows. The schema told has the wanted columns only, in the order of the source. What
    /// it makes of conditions is for speed alone: they are checked again behind.
    fn open_wanted(context: &Context, input: &mut Input, position: &[u8], _wanted: &Wanted, outputs: &Outputs) -> Result<Self> {
        Self::open(context, input, position, outputs)
    }
}

/// Writes rows as bytes.
pub trait Encoder: Send + Sized {
    /// False: there is none.
    const EXISTS: bool = true;
    /// Tells the schema that reading back would give: usually the input.
    fn open(context: &Context, input: &Schema, stored: &Outputs, output: &Output) -> Result<Self>;
    fn encode(&mut self, batch: &mut Batch, output: &Output, next: &Next) -> Result<()>;
    /// Writes what a file ends with.
    fn end(&mut self, _output: &Output) -> Result<()> {
        Ok(())
    }
    /// Whether more rows may follow a flush(): then a file goes on after a checkpoint.
    const FLUSHES: bool = false;
    /// Has all rows so far be in the output.
    fn flush(&mut self, _output: &Output) -> Result<()> {
        Ok(())
    }
}

/// What an input may be told by.
pub struct Sniff<'a>(&'a weir_sniff);

impl<'a> Sniff<'a> {
    /// Of the object, with its extension; may be empty.
    pub fn name(&self) -> &'a str {
        unsafe { text_of(self.0.name) }
    }
    pub fn content_type(&self) -> &'a str {
        unsafe { text_of(self.0.content_type) }
    }
    /// The first bytes, 4 KiB or all.
    pub fn head(&self) -> &'a [u8] {
        unsafe { bytes_of(self.0.head) }
    }
}

/// A run of bytes to read. Lent for one call.
pub struct Input<'a>(&'a weir_input);

impl Input<'_> {
    /// Reads up to the buffer's length from where the last read() ended, waiting no longer than `deadline`: how many bytes, and what
    /// to expect.
    pub fn read(&mut self, buffer: &mut [u8], deadline: i64) -> Result<(usize, Read)> {
        let (mut got, mut outcome, mut error) = (0, 0, no_error());
        let capacity = buffer.len() as u64;
        let status =
            unsafe { (self.0.read.unwrap())(self.0, deadline, buffer.as_mut_ptr(), capacity, &mut got, &mut outcome, &mut *error) };
        told(status, &error)?;
        let outcome = match outcome {
            WEIR_READ_MORE => Read::More,
            WEIR_READ_IDLE => Read::Idle,
            WEIR_READ_END => Read::End,
            other => return Err(Failure::plugin(format!("expected an outcome of a read, found {other}"))),
        };
        Ok((got as usize, outcome))
    }
    /// Bytes in all; -1: not known until the end.
    pub fn length(&self) -> i64 {
        self.0.length
    }
}

/// A run of bytes to write. Lent for one call.
pub struct Output<'a>(&'a weir_output);

impl Output<'_> {
    pub fn write(&self, bytes: &[u8]) -> Result<()> {
        let mut error = no_error();
        told(unsafe { (self.0.write.unwrap())(self.0, raw_bytes(bytes), &mut *error) }, &error)
    }
    /// Bytes that stand already: with more than 0 the output goes on after a restart, and needs no second head.
    pub fn written(&self) -> i64 {
        self.0.written
    }
}

/// For a format that can't read.
pub struct NoReader;

impl FormatReader for NoReader {
    const EXISTS: bool = false;
    fn open(_: &Context, _: &mut Input, _: &[u8], _: &Outputs) -> Result<Self> {
        Err(Failure::plugin("expected no reader to be asked for"))
    }
    fn read(&mut self, _: &mut Input, _: i64, _: &Next) -> Result<Read> {
        Ok(Read::End)
    }
}

/// For a format that can't write.
pub struct NoEncoder;

impl Encoder for NoEncoder {
    const EXISTS: bool = false;
    fn open(_: &Context, _: &Schema, _: &Outputs, _: &Output) -> Result<Self> {
        Err(Failure::plugin("expected no encoder to be asked for"))
    }
    fn encode(&mut self, _: &mut Batch, _: &Output, _: &Next) -> Result<()> {
        Ok(())
    }
}

pub(crate) struct Table<T>(PhantomData<T>);

/// A value beside the bytes that it was opened on, which outlive it.
struct Over<T, B> {
    value: T,
    bytes: *const B,
}
// The host lets one thread at a time in.
unsafe impl<T: Send, B> Send for Over<T, B> {}

type Reading<T> = Instance<Over<<T as Format>::Reader, weir_input>>;
type Writing<T> = Instance<Over<<T as Format>::Encoder, weir_output>>;

impl<T: Format> Table<T> {
    const READER: weir_reader = weir_reader {
        size: core::mem::size_of::<weir_reader>(),
        read: Some(read::<T>),
        position: None,
        close: Some(destroy::<Over<T::Reader, weir_input>>),
        acknowledge: None,
        cancel: Some(cancel::<Over<T::Reader, weir_input>>),
    };
    pub(crate) const TABLE: weir_format = weir_format {
        size: core::mem::size_of::<weir_format>(),
        sniff: Some(sniff::<T>),
        open_reader: if T::Reader::EXISTS { Some(open_reader::<T>) } else { None },
        reader: if T::Reader::EXISTS { &Self::READER } else { core::ptr::null() },
        open_encoder: if T::Encoder::EXISTS { Some(open_encoder::<T>) } else { None },
        encode: if T::Encoder::EXISTS { Some(encode::<T>) } else { None },
        end: if T::Encoder::EXISTS { Some(end::<T>) } else { None },
        flush: if T::Encoder::FLUSHES { Some(flush::<T>) } else { None },
        close_encoder: if T::Encoder::EXISTS { Some(destroy::<Over<T::Encoder, weir_output>>) } else { None },
    };
    const PUSHDOWN: weir_pushdown =
        weir_pushdown { size: core::mem::size_of::<weir_pushdown>(), open: None, open_reader: Some(open_reader_wanted::<T>) };
}

/// The component's extensions.
pub(crate) unsafe extern "C" fn extension<T: Format>(id: weir_string) -> *const c_void {
    let pushdown: &'static weir_pushdown = &Table::<T>::PUSHDOWN;
    if T::Reader::EXISTS && T::Reader::PUSHES_DOWN && text_of(id) == WEIR_PUSHDOWN {
        return (pushdown as *const weir_pushdown).cast();
    }
    core::ptr::null()
}

unsafe extern "C" fn sniff<T: Format>(found: *const weir_sniff) -> i32 {
    let mut sure = 0;
    at_edge(core::ptr::null_mut(), || {
        sure = T::sniff(&Sniff(&*found));
        Ok(())
    });
    sure
}

unsafe extern "C" fn open_reader<T: Format>(
    context: *const weir_context,
    input: *const weir_input,
    position: weir_bytes,
    schema: *const weir_schema_sink,
    made: *mut *mut c_void,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let context = Context(&*context);
        let value = T::Reader::open(&context, &mut Input(&*input), bytes_of(position), &Outputs(&*schema))?;
        hand_over(made, context.host(), Vec::new(), Over { value, bytes: input });
        Ok(())
    })
}

unsafe extern "C" fn open_reader_wanted<T: Format>(
    context: *const weir_context,
    input: *const weir_input,
    position: weir_bytes,
    wanted: *const weir_wanted,
    schema: *const weir_schema_sink,
    made: *mut *mut c_void,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let context = Context(&*context);
        let wanted = Wanted::of(&*wanted);
        let value = T::Reader::open_wanted(&context, &mut Input(&*input), bytes_of(position), &wanted, &Outputs(&*schema))?;
        hand_over(made, context.host(), Vec::new(), Over { value, bytes: input });
        Ok(())
    })
}

unsafe extern "C" fn read<T: Format>(
    instance: *mut c_void,
    deadline: i64,
    next: *const weir_next,
    outcome: *mut i32,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let (over, next) = lend(instance.cast::<Reading<T>>(), next);
        *outcome = over.value.read(&mut Input(&*over.bytes), deadline, &next)? as i32;
        Ok(())
    })
}

unsafe extern "C" fn open_encoder<T: Format>(
    context: *const weir_context,
    input: *const ArrowSchema,
    stored: *const weir_schema_sink,
    output: *const weir_output,
    made: *mut *mut c_void,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let context = Context(&*context);
        let schema = Schema::read(input);
        let value = T::Encoder::open(&context, &schema, &Outputs(&*stored), &Output(&*output))?;
        hand_over(made, context.host(), vec![schema], Over { value, bytes: output });
        Ok(())
    })
}

unsafe extern "C" fn encode<T: Format>(
    instance: *mut c_void,
    batch: *mut weir_batch,
    next: *const weir_next,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let (over, next) = lend(instance.cast::<Writing<T>>(), next);
        let mut batch = batch_of(instance.cast::<Writing<T>>(), 0, batch)?;
        over.value.encode(&mut batch, &Output(&*over.bytes), &next)
    })
}

unsafe extern "C" fn end<T: Format>(instance: *mut c_void, error: *mut weir_error) -> weir_status {
    at_edge(error, || {
        let over = &mut (*instance.cast::<Writing<T>>()).value;
        over.value.end(&Output(&*over.bytes))
    })
}

unsafe extern "C" fn flush<T: Format>(instance: *mut c_void, error: *mut weir_error) -> weir_status {
    at_edge(error, || {
        let over = &mut (*instance.cast::<Writing<T>>()).value;
        over.value.flush(&Output(&*over.bytes))
    })
}

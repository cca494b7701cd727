//! Extractor: finds splits, and reads each.
use alloc::vec::Vec;
use crate::abi::*;
use crate::context::{Config, Context, Outputs};
use crate::edge::{at_edge, bytes_of, cancel, destroy, hand_over, raw_bytes, slice_of, string_of, text_of, Instance};
use crate::ext::*;
use crate::failure::{passed, Result};
use crate::next::Next;
use crate::transformer::lend;
use crate::wanted::Wanted;
use core::ffi::c_void;
use core::marker::PhantomData;

/// What to expect of a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Read {
    /// Call again.
    More = WEIR_READ_MORE,
    /// Nothing now, and the deadline has come.
    Idle = WEIR_READ_IDLE,
    /// Nothing more, ever.
    End = WEIR_READ_END,
    /// What comes next has another schema.
    Schema = WEIR_READ_SCHEMA,
}

/// An extractor: an instance reads one split. Instances run at the same time, each on one thread at a time.
pub trait Extractor: Send + Sized {
    /// What depends on the options; without it rows can be read again if there is a position.
    fn traits(_config: &Config, _traits: &mut weir_traits) -> Result<()> {
        Ok(())
    }
    /// Finds splits; true: ask again later, there may be more. `state` is what the last plan left.
    fn plan(context: &Context, state: &[u8], plan: &Plan) -> Result<bool>;
    /// Opens a split at a position (empty: its start), and tells the schema of its rows.
    fn open(context: &Context, split: &Split, position: &[u8], outputs: &Outputs) -> Result<Self>;
    /// Pushes rows, as a rule one batch. Waits for data no longer than `deadline`, in what next.now() counts.
    fn read(&mut self, deadline: i64, next: &Next) -> Result<Read>;
    /// Whether position() tells where the reader stands.
    const TELLS_POSITION: bool = false;
    /// What open() needs to go on from here.
    fn position(&mut self) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }
    /// Everything before `position` has been committed: the source may forget it.
    fn acknowledge(&mut self, _position: &[u8]) -> Result<()> {
        Ok(())
    }
    /// Whether open_wanted() can read less than all: weir.pushdown/1.
    const PUSHES_DOWN: bool = false;
    /// Opens a split as open() does, for what is wanted of each of its streams. The schema told has the wanted columns only, in the order
    /// of the source. What it makes of conditions is for speed alone: they are checked again behind.
    fn open_wanted(context: &Context, split: &Split, position: &[u8], _wanted: &[Wanted], outputs: &Outputs) -> Result<Self> {
        Self::open(context, split, position, outputs)
    }
}

/// A unit of work, as it was planned.
#[derive(Clone, Copy)]
pub struct Split<'a>(&'a weir_split);

impl<'a> Split<'a> {
    pub fn id(&self) -> &'a str {
        unsafe { text_of(self.0.id) }
    }
    pub fn token(&self) -> &'a [u8] {
        unsafe { bytes_of(self.0.token) }
    }
}

/// A split for a plan. What is not known stays as it is by default.
#[derive(Clone, Copy)]
pub struct SplitToAdd<'a> {
    /// Names it, the same at each plan.
    pub id: &'a str,
    /// What open() needs to know; changes when what is in the split does.
    pub token: &'a [u8],
    pub rows: i64,
    pub bytes: i64,
    pub unbounded: bool,
}

impl Default for SplitToAdd<'_> {
    fn default() -> Self {
        SplitToAdd { id: "", token: &[], rows: -1, bytes: -1, unbounded: false }
    }
}

/// Takes a plan. Lent for one call.
pub struct Plan<'a>(&'a weir_plan);

impl Plan<'_> {
    /// A split that exists; one that is known already is no news.
    pub fn add(&self, split: SplitToAdd) -> Result<()> {
        let raw = weir_split {
            size: core::mem::size_of::<weir_split>(),
            id: string_of(split.id),
            token: raw_bytes(split.token),
            place: string_of(""),
            rows: split.rows,
            bytes: split.bytes,
            unbounded: i32::from(split.unbounded),
            reserved: 0,
        };
        passed(unsafe { (self.0.add.unwrap())(self.0, &raw) })
    }
    /// A split that is gone.
    pub fn remove(&self, id: &str) -> Result<()> {
        passed(unsafe { (self.0.remove.unwrap())(self.0, string_of(id)) })
    }
    /// What the next plan should know.
    pub fn state(&self, state: &[u8]) -> Result<()> {
        passed(unsafe { (self.0.state.unwrap())(self.0, raw_bytes(state)) })
    }
}

pub(crate) struct Table<T>(PhantomData<T>);

impl<T: Extractor> Table<T> {
    const READER: weir_reader = weir_reader {
        size: core::mem::size_of::<weir_reader>(),
        read: Some(read::<T>),
        position: if T::TELLS_POSITION { Some(position::<T>) } else { None },
        close: Some(destroy::<T>),
        acknowledge: Some(acknowledge::<T>),
        cancel: Some(cancel::<T>),
    };
    pub(crate) const TABLE: weir_extractor = weir_extractor {
        size: core::mem::size_of::<weir_extractor>(),
        traits: Some(traits::<T>),
        plan: Some(plan::<T>),
        open: Some(open::<T>),
        reader: &Self::READER,
    };
    const PUSHDOWN: weir_pushdown =
        weir_pushdown { size: core::mem::size_of::<weir_pushdown>(), open: Some(open_wanted::<T>), open_reader: None };
}

/// The component's extensions.
pub(crate) unsafe extern "C" fn extension<T: Extractor>(id: weir_string) -> *const c_void {
    let pushdown: &'static weir_pushdown = &Table::<T>::PUSHDOWN;
    if T::PUSHES_DOWN && text_of(id) == WEIR_PUSHDOWN {
        return (pushdown as *const weir_pushdown).cast();
    }
    core::ptr::null()
}

unsafe extern "C" fn open_wanted<T: Extractor>(
    context: *const weir_context,
    split: *const weir_split,
    position: weir_bytes,
    wanted: *const *const weir_wanted,
    count: u64,
    schema: *const weir_schema_sink,
    made: *mut *mut c_void,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let context = Context(&*context);
        let wanted: Vec<_> = slice_of(wanted, count).iter().map(|&one| Wanted::of(&*one)).collect();
        let value = T::open_wanted(&context, &Split(&*split), bytes_of(position), &wanted, &Outputs(&*schema))?;
        hand_over(made, context.host(), Vec::new(), value);
        Ok(())
    })
}

unsafe extern "C" fn traits<T: Extractor>(
    config: *const weir_config,
    traits: *mut weir_traits,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || T::traits(&Config(&*config), &mut *traits))
}

unsafe extern "C" fn plan<T: Extractor>(
    context: *const weir_context,
    state: weir_bytes,
    plan: *const weir_plan,
    more: *mut i32,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        *more = i32::from(T::plan(&Context(&*context), bytes_of(state), &Plan(&*plan))?);
        Ok(())
    })
}

unsafe extern "C" fn open<T: Extractor>(
    context: *const weir_context,
    split: *const weir_split,
    position: weir_bytes,
    schema: *const weir_schema_sink,
    made: *mut *mut c_void,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let context = Context(&*context);
        let value = T::open(&context, &Split(&*split), bytes_of(position), &Outputs(&*schema))?;
        hand_over(made, context.host(), Vec::new(), value);
        Ok(())
    })
}

unsafe extern "C" fn read<T: Extractor>(
    instance: *mut c_void,
    deadline: i64,
    next: *const weir_next,
    outcome: *mut i32,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let (value, next) = lend(instance.cast::<Instance<T>>(), next);
        *outcome = value.read(deadline, &next)? as i32;
        Ok(())
    })
}

unsafe extern "C" fn position<T: Extractor>(
    instance: *mut c_void,
    sink: *const weir_sink,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || {
        let bytes = (*instance.cast::<Instance<T>>()).value.position()?;
        crate::context::Sink(&*sink).put(&bytes)
    })
}

unsafe extern "C" fn acknowledge<T: Extractor>(
    instance: *mut c_void,
    position: weir_bytes,
    error: *mut weir_error,
) -> weir_status {
    at_edge(error, || (*instance.cast::<Instance<T>>()).value.acknowledge(bytes_of(position)))
}

//! The tables of a host.
use super::values::{column_of, values_of};
use super::{Outcome, Value};
use crate::abi::*;
use crate::array::Array;
use crate::batch::Rows;
use crate::edge::{bytes_of, raw_bytes, string_of, text_of};
use crate::failure::{Failure, Result};
use crate::schema::Schema;
use std::cell::RefCell;
use std::collections::HashSet;
use std::ffi::c_void;
use std::ptr::{null, null_mut};
use std::prelude::v1::*;
use std::format;

/// An instance, ended when this goes.
pub struct Closing(pub *mut c_void, pub Option<unsafe extern "C" fn(*mut c_void)>);

impl Drop for Closing {
    fn drop(&mut self) {
        unsafe { (self.1.unwrap())(self.0) };
    }
}

/// The tables of a host, each with this behind it: a callback finds it by the table that it is given.
pub struct Host {
    options: Vec<(String, Value)>,
    keys: RefCell<HashSet<String>>,
    pub outcome: RefCell<Outcome>,
    pub splits: RefCell<Vec<(String, Vec<u8>)>>,
    in_hand: RefCell<Vec<Vec<Value>>>,
    stream: weir_string,
    host: weir_host,
    config: weir_config,
    context: weir_context,
    pub schemas: weir_schema_sink,
    pub next: weir_next,
    pub plan: weir_plan,
    pub sink: weir_sink,
}

impl Host {
    pub fn new(options: Vec<(String, Value)>) -> Box<Host> {
        let size = std::mem::size_of::<weir_context>();
        let mut context: weir_context = unsafe { std::mem::zeroed() };
        context.size = size;
        (context.run, context.link, context.lane) = (string_of("run-1"), string_of("link"), string_of("lane"));
        (context.stream_count, context.fence, context.epoch) = (1, 1, 1);
        let mut host = Box::new(Host {
            options,
            keys: RefCell::default(),
            outcome: RefCell::default(),
            splits: RefCell::default(),
            in_hand: RefCell::default(),
            stream: string_of(""),
            host: host_table(),
            config: config_table(),
            context,
            schemas: weir_schema_sink { size: std::mem::size_of::<weir_schema_sink>(), put: Some(put_schema), same: Some(same_schema) },
            next: weir_next {
                size: std::mem::size_of::<weir_next>(),
                push: Some(push),
                select: Some(select),
                reject: Some(reject),
                drop: Some(drop_rows),
            },
            plan: weir_plan { size: std::mem::size_of::<weir_plan>(), add: Some(add), remove: Some(remove), state: Some(state) },
            sink: weir_sink { size: std::mem::size_of::<weir_sink>(), put: Some(put) },
        });
        (host.context.host, host.context.config, host.context.streams) = (&host.host, &host.config, &host.stream);
        host
    }

    pub fn context(&self) -> *const weir_context {
        &self.context
    }

    /// Makes a call; what it failed with is the failure.
    pub fn call(&self, call: impl FnOnce(*mut weir_error) -> weir_status) -> Result<()> {
        let mut error: Box<weir_error> = Box::new(unsafe { std::mem::zeroed() });
        error.size = std::mem::size_of::<weir_error>();
        let status = call(&mut *error);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes.split(|&byte| byte == 0).next().unwrap()).into_owned();
        if status == WEIR_OK {
            return Ok(());
        }
        Err(Failure::of_host(status, error.fault, text(&error.message)).hint(text(&error.hint)))
    }

    /// Lends a batch of these rows to a call.
    pub fn give(
        &self,
        schema: &Schema,
        rows: &[Vec<Value>],
        call: impl FnOnce(*mut weir_batch, *mut weir_error) -> weir_status,
    ) -> Result<()> {
        let columns = (0..schema.fields.len()).map(|i| column_of(&schema.fields[i], rows.iter().map(|row| &row[i]))).collect();
        let mut batch: weir_batch = unsafe { std::mem::zeroed() };
        batch.size = std::mem::size_of::<weir_batch>();
        batch.base = -1;
        batch.rows = Rows::new(columns).into_array().into_raw();
        *self.in_hand.borrow_mut() = rows.to_vec();
        let done = self.call(|error| call(&mut batch, error));
        drop(Array(batch.rows));
        done
    }

    pub fn read_all(&self, reader: &weir_reader, made: *mut c_void) -> Result<()> {
        let made = Closing(made, reader.close);
        let mut outcome = WEIR_READ_MORE;
        while outcome == WEIR_READ_MORE || outcome == WEIR_READ_IDLE {
            self.call(|error| unsafe { (reader.read.unwrap())(made.0, i64::MAX, &self.next, &mut outcome, error) })?;
        }
        Ok(())
    }

    pub fn publish(&self, committer: &weir_committer) -> Result<()> {
        let mut made = null_mut();
        self.call(|error| unsafe { (committer.open.unwrap())(self.context(), &mut made, error) })?;
        let made = Closing(made, committer.close);
        let told = self.outcome.borrow_mut().bytes.split_off(0);
        let raw: Vec<_> = told.iter().map(|bytes| raw_bytes(bytes)).collect();
        if let Some(commit) = committer.commit {
            self.call(|error| unsafe { commit(made.0, 1, raw.as_ptr(), raw.len() as u64, &self.sink, error) })?;
        }
        Ok(())
    }

    fn find(&self, path: weir_string) -> Option<&Value> {
        let path = unsafe { text_of(path) };
        self.options.iter().find(|(name, _)| name == path).map(|(_, value)| value)
    }

    /// The names right below a path, in their order.
    fn names(&self, path: weir_string) -> Vec<&str> {
        let prefix = format!("{}/", unsafe { text_of(path) });
        let below = self.options.iter().filter_map(|(name, _)| name.strip_prefix(&prefix));
        let mut names: Vec<&str> = below.map(|rest| rest.split('/').next().unwrap()).collect();
        names.dedup();
        names
    }
}

macro_rules! host_of {
    ($raw:expr, $field:ident) => {{
        // The table is the field of a Host.
        let whole = std::mem::MaybeUninit::<Host>::uninit();
        let place = std::ptr::addr_of!((*whole.as_ptr()).$field) as usize - whole.as_ptr() as usize;
        &*(($raw as usize - place) as *const Host)
    }};
}

fn host_table() -> weir_host {
    unsafe extern "C" fn now(_: *const weir_host) -> i64 {
        0
    }
    unsafe extern "C" fn log(_: *const weir_host, _: i32, _: weir_string, _: weir_string) {}
    unsafe extern "C" fn extension(_: *const weir_host, _: weir_string) -> *const c_void {
        null()
    }
    unsafe extern "C" fn cancelled(_: *const weir_host) -> i32 {
        0
    }
    weir_host {
        size: std::mem::size_of::<weir_host>(),
        abi: WEIR_ABI,
        reserved: 0,
        now: Some(now),
        log: Some(log),
        extension: Some(extension),
        cancelled: Some(cancelled),
    }
}

fn config_table() -> weir_config {
    unsafe extern "C" fn text(raw: *const weir_config, path: weir_string) -> weir_string {
        match host_of!(raw, config).find(path) {
            Some(Value::Text(text)) => string_of(text),
            _ => string_of(""),
        }
    }
    unsafe extern "C" fn integer(raw: *const weir_config, path: weir_string) -> i64 {
        match host_of!(raw, config).find(path) {
            Some(Value::Integer(value)) => *value,
            _ => 0,
        }
    }
    unsafe extern "C" fn number(raw: *const weir_config, path: weir_string) -> f64 {
        match host_of!(raw, config).find(path) {
            Some(Value::Number(value)) => *value,
            Some(Value::Integer(value)) => *value as f64,
            _ => 0.0,
        }
    }
    unsafe extern "C" fn boolean(raw: *const weir_config, path: weir_string) -> i32 {
        i32::from(host_of!(raw, config).find(path) == Some(&Value::Boolean(true)))
    }
    unsafe extern "C" fn count(raw: *const weir_config, path: weir_string) -> u64 {
        host_of!(raw, config).names(path).len() as u64
    }
    unsafe extern "C" fn kind(raw: *const weir_config, path: weir_string) -> i32 {
        match host_of!(raw, config).find(path) {
            Some(Value::Null | Value::Other | Value::Decimal(_) | Value::List(_) | Value::Struct(_)) => WEIR_CONFIG_NULL,
            Some(Value::Boolean(_)) => WEIR_CONFIG_BOOLEAN,
            Some(Value::Integer(_)) => WEIR_CONFIG_INTEGER,
            Some(Value::Number(_)) => WEIR_CONFIG_NUMBER,
            Some(Value::Text(_)) => WEIR_CONFIG_TEXT,
            None => match host_of!(raw, config).names(path).first() {
                None => WEIR_CONFIG_ABSENT,
                Some(&"0") => WEIR_CONFIG_ARRAY,
                Some(_) => WEIR_CONFIG_OBJECT,
            },
        }
    }
    unsafe extern "C" fn key(raw: *const weir_config, path: weir_string, index: u64) -> weir_string {
        let host: &Host = host_of!(raw, config);
        let name = host.names(path).get(index as usize).map_or(String::new(), |name| name.replace("~1", "/").replace("~0", "~"));
        let mut keys = host.keys.borrow_mut();
        keys.insert(name.clone());
        string_of(keys.get(&name).unwrap())
    }
    weir_config {
        size: std::mem::size_of::<weir_config>(),
        json: string_of("{}"),
        text: Some(text),
        integer: Some(integer),
        number: Some(number),
        boolean: Some(boolean),
        count: Some(count),
        kind: Some(kind),
        key: Some(key),
    }
}

unsafe extern "C" fn put_schema(raw: *const weir_schema_sink, _: weir_string, schema: *mut ArrowSchema) -> weir_status {
    host_of!(raw, schemas).outcome.borrow_mut().schemas.push(Schema::read(schema));
    ((*schema).release.unwrap())(schema);
    WEIR_OK
}
unsafe extern "C" fn same_schema(raw: *const weir_schema_sink, _: weir_string, schema: *const ArrowSchema) -> weir_status {
    host_of!(raw, schemas).outcome.borrow_mut().schemas.push(Schema::read(schema));
    WEIR_OK
}
unsafe extern "C" fn push(raw: *const weir_next, output: u64, batch: *mut weir_batch) -> weir_status {
    let (rows, origins) = (Array((*batch).rows), Array((*batch).origins));
    ((*batch).rows.release, (*batch).origins.release) = (None, None);
    let mut outcome = host_of!(raw, next).outcome.borrow_mut();
    let schema = outcome.schemas[output as usize].clone();
    outcome.rows.extend(values_of(&rows, &schema));
    drop(origins);
    WEIR_OK
}
unsafe extern "C" fn select(raw: *const weir_next, _: u64, rows: *const u32, count: u64) -> weir_status {
    let host: &Host = host_of!(raw, next);
    let in_hand = host.in_hand.borrow();
    let mut outcome = host.outcome.borrow_mut();
    if rows.is_null() {
        outcome.rows.extend(in_hand.iter().cloned());
    } else {
        let picked = std::slice::from_raw_parts(rows, count as usize);
        outcome.rows.extend(picked.iter().map(|&row| in_hand[row as usize].clone()));
    }
    WEIR_OK
}
unsafe extern "C" fn reject(raw: *const weir_next, reject: *const weir_reject) -> weir_status {
    let (reject, text) = (&*reject, |text| text_of(text).to_string());
    let one = (reject.row, text(reject.column), text(reject.reason), text(reject.detail));
    host_of!(raw, next).outcome.borrow_mut().rejected.push(one);
    WEIR_OK
}
unsafe extern "C" fn drop_rows(raw: *const weir_next, count: u64, _: weir_string) -> weir_status {
    host_of!(raw, next).outcome.borrow_mut().dropped += count;
    WEIR_OK
}
unsafe extern "C" fn add(raw: *const weir_plan, split: *const weir_split) -> weir_status {
    let one = (text_of((*split).id).to_string(), bytes_of((*split).token).to_vec());
    host_of!(raw, plan).splits.borrow_mut().push(one);
    WEIR_OK
}
unsafe extern "C" fn remove(_: *const weir_plan, _: weir_string) -> weir_status {
    WEIR_OK
}
unsafe extern "C" fn state(_: *const weir_plan, _: weir_bytes) -> weir_status {
    WEIR_OK
}
unsafe extern "C" fn put(raw: *const weir_sink, bytes: weir_bytes) -> weir_status {
    host_of!(raw, sink).outcome.borrow_mut().bytes.push(bytes_of(bytes).to_vec());
    WEIR_OK
}

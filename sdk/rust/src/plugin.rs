//! What `weir::plugin!` is made of: the description of a plugin, at compile time, of its components and its schema.json.
use crate::abi::*;
use crate::{extractor, format, loader, transformer};
use core::ffi::c_void;

const HEAD: &[u8] = concat!("{", info_head!(), r#","sdk":""#, env!("CARGO_PKG_VERSION"), r#"","#).as_bytes();
/// The crate asks the host before it uses what came later.
const NEEDS_ABI: u32 = 1 << 16;
const ABSENT: usize = usize::MAX;
type Extension = unsafe extern "C" fn(weir_string) -> *const c_void;

/// Constant, and so any thread's.
#[repr(transparent)]
pub struct Shared<T>(pub T);
unsafe impl<T> Sync for Shared<T> {}

/// The bytes of the section `.weir`: schema.json, and with which ABI the plugin was built.
pub const fn info_length(schema: &[u8]) -> usize {
    HEAD.len() + schema.len() - open_brace(schema) - 1
}
pub const fn info<const N: usize>(schema: &[u8]) -> [u8; N] {
    let mut bytes = [b' '; N];
    let (mut i, mut from) = (0, open_brace(schema) + 1);
    while i < HEAD.len() {
        bytes[i] = HEAD[i];
        i += 1;
    }
    while i < N {
        bytes[i] = schema[from];
        i += 1;
        from += 1;
    }
    bytes
}

/// The description of the plugin.
pub const fn plugin<const N: usize>(schema: &'static [u8], components: &'static Shared<[*const weir_component; N]>) -> Shared<weir_plugin> {
    let whole = open_brace(schema);
    Shared(weir_plugin {
        size: core::mem::size_of::<weir_plugin>(),
        abi: WEIR_ABI,
        needs_abi: NEEDS_ABI,
        name: text(schema, member(schema, whole, "name")),
        version: text(schema, member(schema, whole, "version")),
        open: Some(open),
        close: Some(close),
        count: N as u64,
        components: components as *const Shared<_> as *const *const weir_component,
    })
}

unsafe extern "C" fn open(_host: *const weir_host, _error: *mut weir_error) -> weir_status {
    crate::panics::remember();
    WEIR_OK
}
unsafe extern "C" fn close() {}

pub const fn transformer<T: transformer::Transformer>(schema: &'static [u8], key: &str) -> Shared<weir_component> {
    let table: &'static weir_transformer = &transformer::Table::<T>::TABLE;
    component(schema, key, WEIR_KIND_TRANSFORMER, "transformer", table as *const _ as *const c_void, Some(transformer::extension::<T>))
}
pub const fn extractor<T: extractor::Extractor>(schema: &'static [u8], key: &str) -> Shared<weir_component> {
    let table: &'static weir_extractor = &extractor::Table::<T>::TABLE;
    component(schema, key, WEIR_KIND_EXTRACTOR, "extractor", table as *const _ as *const c_void, Some(extractor::extension::<T>))
}
pub const fn loader<T: loader::Loader>(schema: &'static [u8], key: &str) -> Shared<weir_component> {
    let table: &'static weir_loader = &loader::Table::<T>::TABLE;
    component(schema, key, WEIR_KIND_LOADER, "loader", table as *const _ as *const c_void, None)
}
pub const fn format<T: format::Format>(schema: &'static [u8], key: &str) -> Shared<weir_component> {
    let table: &'static weir_format = &format::Table::<T>::TABLE;
    component(schema, key, WEIR_KIND_FORMAT, "format", table as *const _ as *const c_void, Some(format::extension::<T>))
}

/// The component called `key` in schema.json. Does not compile where the two disagree.
const fn component(
    schema: &'static [u8],
    key: &str,
    kind: i32,
    kind_text: &str,
    table: *const c_void,
    extension: Option<Extension>,
) -> Shared<weir_component> {
    let all = member(schema, open_brace(schema), "components");
    let about = if all == ABSENT { ABSENT } else { member(schema, all, key) };
    if about == ABSENT {
        panic!("schema.json does not describe this component");
    }
    let told = member(schema, about, "kind");
    if told == ABSENT || !is_text(schema, told, kind_text) {
        panic!("schema.json gives this component another kind");
    }
    let named = member(schema, about, "name");
    let name = if named == ABSENT { at(schema, name_before(schema, about), key.len()) } else { text(schema, named) };
    Shared(weir_component {
        size: core::mem::size_of::<weir_component>(),
        name,
        about: at(schema, about, end_of(schema, about) - about),
        kind,
        reserved: 0,
        table,
        extension,
    })
}

const fn at(schema: &'static [u8], begin: usize, length: usize) -> weir_string {
    weir_string { data: unsafe { schema.as_ptr().add(begin) }, length: length as u64 }
}

const fn text(schema: &'static [u8], begin: usize) -> weir_string {
    if begin == ABSENT || schema[begin] != b'"' {
        panic!("schema.json: expected \"name\" and \"version\", each a text");
    }
    at(schema, begin + 1, end_of(schema, begin) - begin - 2)
}

/// Where the text of the key in front of a value begins: back over the colon to its quotes.
const fn name_before(json: &[u8], value: usize) -> usize {
    let (mut i, mut quotes) = (value, 0);
    while quotes < 2 {
        i -= 1;
        if json[i] == b'"' {
            quotes += 1;
        }
    }
    i + 1
}

const fn open_brace(json: &[u8]) -> usize {
    let i = skip_space(json, 0);
    if i == json.len() || json[i] != b'{' {
        panic!("schema.json: expected an object");
    }
    i
}

const fn skip_space(json: &[u8], mut i: usize) -> usize {
    while i < json.len() && matches!(json[i], b' ' | b'\t' | b'\r' | b'\n') {
        i += 1;
    }
    i
}

const fn end_of_text(json: &[u8], mut i: usize) -> usize {
    i += 1;
    while json[i] != b'"' {
        i += if json[i] == b'\\' { 2 } else { 1 };
    }
    i + 1
}

/// The end of the value that begins at `i`.
const fn end_of(json: &[u8], mut i: usize) -> usize {
    let mut depth = 0;
    loop {
        match json[i] {
            b'"' => i = end_of_text(json, i),
            b'{' | b'[' => {
                depth += 1;
                i += 1;
            }
            b'}' | b']' => {
                depth -= 1;
                i += 1;
            }
            b',' if depth == 0 => return i,
            _ => i += 1,
        }
        if depth == 0 && (i == json.len() || matches!(json[i], b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n')) {
            return i;
        }
    }
}

const fn is_text(json: &[u8], begin: usize, wanted: &str) -> bool {
    let wanted = wanted.as_bytes();
    if end_of_text(json, begin) - begin - 2 != wanted.len() {
        return false;
    }
    let mut i = 0;
    while i < wanted.len() {
        if json[begin + 1 + i] != wanted[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Where the value of a member of the object at `object` begins; ABSENT: it has none.
const fn member(json: &[u8], object: usize, key: &str) -> usize {
    if json[object] != b'{' {
        return ABSENT;
    }
    let mut i = skip_space(json, object + 1);
    while json[i] == b'"' {
        let value = skip_space(json, skip_space(json, end_of_text(json, i)) + 1);
        if is_text(json, i, key) {
            return value;
        }
        i = skip_space(json, end_of(json, value));
        if json[i] == b',' {
            i = skip_space(json, i + 1);
        }
    }
    ABSENT
}

/// Defines the plugin: `weir::plugin! { transformer "shout" => Shout, loader "tally" => Tally }`, each by its key in schema.json,
/// which stands beside Cargo.toml.
#[macro_export]
macro_rules! plugin {
    ($($kind:ident $key:literal => $type:ty),+ $(,)?) => {
        const WEIR_SCHEMA: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.json"));
        // What is used points into it, or the linker would take it for garbage.
        #[used]
        #[cfg_attr(not(target_vendor = "apple"), link_section = ".weir")]
        static WEIR_INFO: [u8; $crate::plugin::info_length(WEIR_SCHEMA)] = $crate::plugin::info(WEIR_SCHEMA);
        static WEIR_COMPONENTS: $crate::plugin::Shared<[*const $crate::abi::weir_component; [$($key),+].len()]> =
            $crate::plugin::Shared([$({
                static COMPONENT: $crate::plugin::Shared<$crate::abi::weir_component> =
                    $crate::plugin::$kind::<$type>(&WEIR_INFO, $key);
                &COMPONENT.0
            }),+]);
        static WEIR_PLUGIN: $crate::plugin::Shared<$crate::abi::weir_plugin> =
            $crate::plugin::plugin(&WEIR_INFO, &WEIR_COMPONENTS);
        /// The one symbol that the host looks for.
        #[no_mangle]
        pub extern "C" fn weir_plugin_v1() -> *const $crate::abi::weir_plugin {
            &WEIR_PLUGIN.0
        }
    };
}

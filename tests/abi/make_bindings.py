#!/usr/bin/env -S python3 -B
"""Writes what the bindings have of the C headers: sdk/rust/src/abi.rs and ext.rs, every struct and constant;
sdk/rust/tests/layout.rs and sdk/go/layout.go, the size of each struct, place and size of each field, as a C compiler measures them;
sdk/cmake/WeirAbi.cmake, what a plugin's section .weir says of the ABI.

Run it after make_layout.py. usage: make_bindings.py [--check]    --check changes nothing, and tells what would change
"""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import make_layout  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
NUMBERS = {"size_t": "usize", "double": "f64", "char": "u8", "void": "c_void", "weir_status": "weir_status"}
NUMBERS.update({f"{sign}int{bits}_t": f"{letter}{bits}" for sign, letter in (("", "i"), ("u", "u")) for bits in (8, 16, 32, 64)})
GO_WORDS = {"chan", "defer", "fallthrough", "func", "go", "import", "interface", "map", "package", "range", "select", "type", "var"}
MADE = "Made of the C headers by tests/abi/make_bindings.py"


def without_comments(text):
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)


def rust_type(words):
    """A C type of one line, as Rust writes it: `const struct weir_string *const *`."""
    tokens = re.findall(r"\w+|\*", words)
    base = [token for token in tokens[:next((i for i, token in enumerate(tokens) if token == "*"), len(tokens))]
            if token not in ("const", "struct")][0]
    made = NUMBERS.get(base, base)
    constant = "const" in tokens[:tokens.index("*")] if "*" in tokens else False
    pointers = tokens[tokens.index("*"):] if "*" in tokens else []
    for i, token in enumerate(pointers):
        if token == "*":
            made = f"*{'const' if constant else 'mut'} {made}"
            constant = i + 1 < len(pointers) and pointers[i + 1] == "const"
    return made


def split_parameters(text):
    """The parameters of a list, commas within a function pointer's own list aside."""
    depth, parts = 0, [""]
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip() not in ("", "void")]


def rust_function(result, parameters):
    types = []
    for parameter in split_parameters(parameters):
        pointer = re.match(r"(.*?)\(\*\s*\w+\)\s*\((.*)\)$", parameter, re.S)
        array = re.match(r"(.*?)\w+\[\d+\]$", parameter, re.S)
        if pointer:
            types.append(f"Option<{rust_function(pointer[1], pointer[2])}>")
        else:
            types.append(rust_type(array[1] + "*" if array else re.sub(r"\w+$", "", parameter)))
    back = "" if result.split() == ["void"] else f" -> {rust_type(result)}"
    return f"unsafe extern \"C\" fn({', '.join(types)}){back}"


def rust_fields(body):
    """Yields (name, type) of a struct's body."""
    for declaration in filter(None, (part.strip() for part in body.split(";"))):
        pointer = re.match(r"(.*?)\(\*\s*(?:const\s+)?(\w+)\)\s*\((.*)\)$", declaration, re.S)
        if pointer:
            yield pointer[2], f"Option<{rust_function(pointer[1], pointer[3])}>"
            continue
        first, *more = declaration.split(",")
        kind = re.sub(r"\w+\s*(\[\d+\])?$", "", first.strip())
        for name in [first, *more]:
            found = re.search(r"(\w+)\s*(?:\[(\d+)\])?$", name.strip())
            made = "Option<weir_traits_function>" if "weir_traits_function" in kind else rust_type(kind)
            yield found[1], f"[{made}; {found[2]}]" if found[2] else made


def rust_struct(name, body):
    lines = ["#[repr(C)]", "#[derive(Clone, Copy)]", f"pub struct {name} {{"]
    lines += [f"    pub {'r#' if field in ('where', 'type', 'match') else ''}{field}: {kind}," for field, kind in rust_fields(body)]
    return "\n".join([*lines, "}"])


def rust_constants(text):
    """Enumerations, texts of extensions, and the alias of a function's type."""
    for body in re.findall(r"\benum \{(.*?)\}", text, re.S):
        for name, value in re.findall(r"(\w+)\s*=\s*(\d+)", body):
            yield f"pub const {name}: i32 = {value};"
    for name, value in re.findall(r'^#define (WEIR_\w+) ("weir\.[^"]*")$', text, re.M):
        yield f"pub const {name}: &str = {value};"


def version(include):
    """Major, minor and preview of the ABI, as weir.h has them."""
    text = Path(include, "weir/weir.h").read_text(encoding="utf-8")
    major, minor = re.search(r"^#define WEIR_ABI WEIR_VERSION\((\d+), (\d+)\)", text, re.M).groups()
    return int(major), int(minor), int(re.search(r"^#define WEIR_ABI_PREVIEW (\d+)", text, re.M)[1])


def info_head(include):
    """How the text of a section .weir begins, behind its brace."""
    major, minor, preview = version(include)
    return f'"abi":"{major}.{minor}","needs_abi":"{major}.0","preview":{preview}'


def rust_versions(include):
    major, minor, preview = version(include)
    return [f"pub const WEIR_ABI: u32 = {major * 65536 + minor};", f"pub const WEIR_ABI_PREVIEW: u32 = {preview};",
            "/// How the text of the section `.weir` begins: a literal.",
            f"macro_rules! info_head {{\n    () => {{\n        r#\"{info_head(include)}\"#\n    }};\n}}", "pub(crate) use info_head;"]


def cmake_head(include):
    escaped = info_head(include).replace('"', '\\"')
    return f'# How the text of a section .weir begins, behind its brace. {MADE}: do not edit.\nset(WEIR_INFO_HEAD_ "{escaped}")\n'


def rust_module(include, names, intro):
    texts = [without_comments(Path(include, name).read_text(encoding="utf-8")) for name in names]
    parts = [f"//! {intro} {MADE}: do not edit.", "#![allow(non_camel_case_types, missing_docs)]", "use core::ffi::c_void;"]
    if "weir/weir.h" in names:
        function = re.search(r"typedef weir_status weir_traits_function\((.*?)\);", texts[0], re.S)[1]
        parts += ["pub type weir_status = i32;", f"pub type weir_traits_function = {rust_function('weir_status', function)};",
                  *rust_versions(include), "pub const WEIR_NO_ROW: i64 = -1;"]
    else:
        parts.append("use crate::abi::*;")
    for text in texts:
        parts += rust_constants(text)
        parts += [rust_struct(name, body) for name, body in make_layout.STRUCT.findall(text)]
    return "\n".join(parts) + "\n"


def numbers(include):
    """[(struct, bytes, [(field, place, bytes)])] as measured by a C program."""
    found = []
    for line in make_layout.measured(include):
        words = re.findall(r"\w+", line)
        if words[0] == "SIZE":
            found.append((words[1], words[2], []))
        else:
            found[-1][2].append(tuple(words[2:]))
    return found


def rust_layout(include):
    lines = [f"//! The layout of every struct of the ABI, as a C compiler measures it. {MADE}: do not edit.",
             "use weir::{abi::*, ext::*};", "", "macro_rules! layout {",
             "    ($($name:ident $bytes:literal { $($field:ident $place:literal $size:literal,)* })*) => {$(",
             "        assert_eq!(std::mem::size_of::<$name>(), $bytes, stringify!($name));",
             "        let whole = std::mem::MaybeUninit::<$name>::uninit();",
             "        $(",
             "            let field = unsafe { std::ptr::addr_of!((*whole.as_ptr()).$field) };",
             "            let place = field as usize - whole.as_ptr() as usize;",
             "            assert_eq!((place, size_of_pointed(field)), ($place, $size), \"{}.{}\", stringify!($name), stringify!($field));",
             "        )*",
             "    )*};", "}", "", "fn size_of_pointed<T>(_: *const T) -> usize {", "    std::mem::size_of::<T>()", "}", "",
             "#[test]", "fn structs_are_as_the_header_says() {", "    layout! {"]
    for name, size, fields in numbers(include):
        lines.append(f"        {name} {size} {{ " + " ".join(f"{field} {place} {size}," for field, place, size in fields) + " }")
    return "\n".join([*lines, "    }", "}"]) + "\n"


def go_layout(include):
    """Only the structs of weir.h: Go sees the header itself, through cgo. An array of another length is another type."""
    text = without_comments(Path(include, "weir/weir.h").read_text(encoding="utf-8"))
    own = {name for name, _ in make_layout.STRUCT.findall(text)}
    lines = ["// The layout of every struct of weir.h as a C compiler measures it: a difference does not compile.",
             f"// {MADE}: do not edit.", "", "package weir", "", "/*", "#include <weir/weir.h>", "*/", 'import "C"', "",
             'import "unsafe"', "", "var ("]
    for name, size, fields in numbers(include):
        if name in own:
            lines.append(f"\t_ [{size}]byte = [unsafe.Sizeof(C.struct_{name}{{}})]byte{{}}")
            lines += [f"\t_ [{place}]byte = [unsafe.Offsetof(C.struct_{name}{{}}.{'_' * (field in GO_WORDS)}{field})]byte{{}}"
                      for field, place, _ in fields]
    return "\n".join([*lines, ")"]) + "\n"


def made(root):
    include = Path(root, "sdk/include")
    extensions = [name for name in make_layout.headers(include) if name != "weir/weir.h"]
    return {"sdk/rust/src/abi.rs": rust_module(include, ["weir/weir.h"], "weir.h in Rust, whose comments say what each is for."),
            "sdk/rust/src/ext.rs": rust_module(include, extensions, "The extensions, weir/ext/*.h."),
            "sdk/rust/tests/layout.rs": rust_layout(include),
            "sdk/go/layout.go": go_layout(include),
            "sdk/cmake/WeirAbi.cmake": cmake_head(include)}


def different(root):
    """Names the files that are not what the headers make of them."""
    return [f"{name}: expected what the headers make of it, found another text: run tests/abi/make_bindings.py"
            for name, text in made(root).items()
            if not Path(root, name).exists() or Path(root, name).read_text(encoding="utf-8") != text]


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        problems = different(ROOT)
        sys.exit("\n".join(problems) or 0)
    for place, content in made(ROOT).items():
        Path(ROOT, place).write_text(content, encoding="utf-8")

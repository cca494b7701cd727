#!/usr/bin/env -S python3 -B
"""Shows compare.py headers that were changed in every way, and expects its verdict on each; what it says stands in golden/verdicts.txt.

usage: compare_test.py [--write]
"""
import re
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import compare  # noqa: E402
import frozen  # noqa: E402

GOLDEN = Path(__file__).resolve().parent / "golden/verdicts.txt"
WEIR = "weir/weir.h"
MINOR = (WEIR, r"WEIR_VERSION\(1, 0\) /\*", "WEIR_VERSION(1, 1) /*")

# What is done to the headers, and who must see it: "both" judges, "own" (what headers declare and a compiler measures) or "none".
CHANGES = {
    "nothing": ([], "none"),
    "another comment": ([(WEIR, r"The canonical codes\.", "The codes.")], "none"),
    "a parameter of another name": ([(WEIR, r"int32_t level, struct weir_string event", "int32_t grade, struct weir_string event")], "none"),
    "a field appended": ([MINOR, (WEIR, r"(int32_t \(\*cancelled\)\(const struct weir_host \*self\);)", r"\1\n  uint64_t later;")], "none"),
    "a function appended": ([MINOR, (WEIR, r"(  void \(\*cancel\)\(void \*self\);\n)(\};\n\n/\* -+ reader)", r"\1  weir_status (*later)(void *self, struct weir_error *error);\n\2")], "none"),
    "a field appended that a function of the header sets": ([MINOR, (WEIR, r"(  int64_t within;.*?\*/\n)(\};)", r"\1  int64_t later;\n\2"),
                                                             (WEIR, r"(  reject->within = -1;\n)", r"\1  reject->later = -1;\n")], "none"),
    "a field appended to a line of several": ([MINOR, ("weir/ext/discover.h", r"int64_t rows, bytes; ", "int64_t rows, bytes, files; ")], "none"),
    "constants appended": ([MINOR, (WEIR, r"WEIR_UNAUTHENTICATED = 16", "WEIR_UNAUTHENTICATED = 16,\n  WEIR_LATER = 17")], "none"),
    "an extension added": ([MINOR, ("weir/ext/later.h", None, '#ifndef WEIR_EXT_LATER_H\n#define WEIR_EXT_LATER_H\n#include "../weir.h"\n'
                                     '#define WEIR_LATER "weir.later/1"\nstruct weir_later {\n  size_t size;\n};\n#endif\n')], "none"),
    "a field appended, the minor as it was": ([(WEIR, r"(int32_t \(\*cancelled\)\(const struct weir_host \*self\);)", r"\1\n  uint64_t later;")], "own"),
    "a field removed": ([(WEIR, r"  int64_t modified_ns;[^\n]*\n", "")], "both"),
    "the last field removed": ([("weir/ext/partial.h", r"  /\* Adds items taken.*?\n  weir_status \(\*merge\).*?;\n", "")], "both"),
    "fields in another order": ([(WEIR, r"(  struct weir_string name; +/\* of the object, with its extension; may be empty \*/\n)(  struct weir_string content_type;[^\n]*\n)", r"\2\1")], "both"),
    "functions in another order": ([(WEIR, r"(  void \(\*close\)\(const struct weir_input \*self\);[^\n]*\n)(  void \(\*cancel\)\(const struct weir_input \*self\);[^\n]*\n)", r"\2\1")], "both"),
    "a field inserted": ([MINOR, (WEIR, r"(  int32_t \(\*cancelled\)\(const struct weir_host \*self\);)", r"  uint64_t later;\n\1")], "both"),
    "a field in what was reserved": ([MINOR, (WEIR, r"int32_t commit;           (.*?)int32_t reserved;", r"int32_t commit;           \1int32_t later;")], "both"),
    "a field of another type, as long": ([(WEIR, r"int64_t native_code; ", "uint64_t native_code;")], "both"),
    "a longer array": ([(WEIR, r"char option\[256\]", "char option[512]")], "both"),
    "another signature": ([(WEIR, r"void \(\*log\)\(const struct weir_host \*self, int32_t level", "void (*log)(const struct weir_host *self, int64_t level")], "both"),
    "a parameter more": ([(WEIR, r"weir_status \(\*end\)\(void \*self, struct", "weir_status (*end)(void *self, int32_t last, struct")], "both"),
    "another result": ([(WEIR, r"void \(\*close_encoder\)\(void \*self\)", "weir_status (*close_encoder)(void *self)")], "both"),
    "another value of a constant": ([(WEIR, r"WEIR_READ_IDLE = 1,(.*?)WEIR_READ_END = 2,", r"WEIR_READ_IDLE = 2,\1WEIR_READ_END = 1,")], "own"),
    "a constant removed": ([(WEIR, r"  WEIR_FLUSH_INPUT = 2[^\n]*\n", "")], "own"),
    "another name of an extension": ([("weir/ext/state.h", r'"weir\.state/1"', '"weir.state/2"')], "own"),
    "an extension removed": ([("weir/ext/memory.h", None, None)], "own"),
    "a struct removed": ([("weir/ext/async.h", r"struct weir_async \{.*?\n\};\n", "")], "own"),
    "a struct without a size grown": ([MINOR, (WEIR, r"(struct weir_string \{\n  const char \*data;\n  uint64_t length;\n)", r"\1  uint64_t capacity;\n")], "own"),
    "another entry": ([(WEIR, r"WEIR_EXPORT const struct weir_plugin \*weir_plugin_v1\(void\)", "WEIR_EXPORT const struct weir_plugin *weir_plugin_v1(uint32_t abi)")], "both"),
    "an inline function removed": ([(WEIR, r"static inline void weir_close_nothing\(void\) \{\}\n", "")], "own"),
    "headers that don't compile": ([(WEIR, r"struct weir_sniff \{", "struct weir_sniff {{")], "own"),
    "another preview": ([(WEIR, r"WEIR_ABI_PREVIEW 1", "WEIR_ABI_PREVIEW 2"), (WEIR, r"int64_t native_code; ", "int32_t native_code, other;")], "none"),
}


def changed(include, edits):
    for name, pattern, text in edits:
        path = include / name
        if pattern is None:
            path.write_text(text) if text else path.unlink()
            continue
        done, count = re.subn(pattern, text, path.read_text(encoding="utf-8"), count=1, flags=re.S)
        assert count == 1, f"{name}: expected {pattern}, found none"
        path.write_text(done, encoding="utf-8")


def verdicts(original):
    """{change: (who must see it, what compare.py says)}"""
    def verdict(edits):
        with tempfile.TemporaryDirectory() as folder:
            include = Path(folder, "include")
            shutil.copytree(original, include)
            changed(include, edits)
            return compare.judged(original, (1, 0), include)
    with ThreadPoolExecutor(2) as pool:
        judged = pool.map(lambda change: verdict(change[0]), CHANGES.values())
        return {title: (seen_by, told) for (title, (_, seen_by)), told in zip(CHANGES.items(), judged)}


def wrong(title, seen_by, told):
    own = [line for line in told if not line.startswith(("abidiff:", "hint:"))]
    by = "both" if own and len(own) + 1 < len(told) else "own" if own else "none"
    return [] if by == seen_by else [f"{title}: expected it seen by {seen_by}, found {by}: {told}"]


def main():
    original = frozen.ROOT / "tests/abi/PREVIEW-1/include"
    found = verdicts(original)
    problems = [problem for title, (seen_by, told) in found.items() for problem in wrong(title, seen_by, told)]
    # abidiff's own words differ by its version: they are set in, and left out here.
    text = "".join(f"### {title}\n" + "".join(f"{line.splitlines()[0]}\n" for line in told) for title, (_, told) in found.items())
    if sys.argv[1:] == ["--write"]:
        GOLDEN.write_text(text, encoding="utf-8")
    if GOLDEN.read_text(encoding="utf-8") != text:
        problems.append(f"{GOLDEN.name}: expected what stands there, found\n{text}")
    print("\n".join(problems) or f"{len(found)} changes judged as expected")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""Makes the SDK's headers of the next minor: a field appended to every struct that can grow, a function to the host's, an extension added."""
import re
import shutil
from pathlib import Path

import frozen
import make_bindings
import make_layout

EXTENSION = """/* weir.later/1: what no host of today has. Asked of the host. */
#ifndef WEIR_EXT_LATER_H
#define WEIR_EXT_LATER_H
#include "../weir.h"
#define WEIR_LATER "weir.later/1"
struct weir_later {
  size_t size;
  int32_t (*keeps)(const struct weir_host *host, uint64_t row); /* [any] */
};
#endif
"""


def grown(found):
    name, body = found[1], found[2]
    if not re.match(r"\s*size_t size;", body):
        return found[0]
    more = "uint64_t later;"
    if name == "weir_host":
        more = "int64_t (*later)(const struct weir_host *self);"
    return f"struct {name} {{{body}\n  {more}\n}};"


def write(include, folder):
    """Copies the headers below `include` to `folder`, grown, and gives the number of structs that grew."""
    shutil.copytree(include, folder)
    major, minor, _ = make_bindings.version(folder)
    count = 0
    for header in frozen.headers(folder):
        text = header.read_text(encoding="utf-8")
        # A struct ends at the first "};" of a line of its own, comments and all.
        made = make_layout.STRUCT.sub(grown, text)
        count += made.count(" later;\n};") + made.count("(*later)(const struct weir_host *self);\n};")
        header.write_text(made.replace(f"WEIR_VERSION({major}, {minor}) /*", f"WEIR_VERSION({major}, {minor + 1}) /*"), encoding="utf-8")
    Path(folder, "weir/ext/later.h").write_text(EXTENSION, encoding="utf-8")
    return count

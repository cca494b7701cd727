"""What is built: a plugin exports its entry alone, and the program links no library that is a plugin's business."""
import re
import subprocess
from pathlib import Path

ENTRY = "weir_plugin_v1"
# The program's own: the C and C++ runtimes, and libraries of the core. The state is in SQLite, and a test's given rows have zones,
# packages of plugins (weir-packages) are archives; whatever reads or writes a format, a codec or a database of the user's is a plugin's.
LIBRARY_MAY_LINK = re.compile(r"^(libc|libm|libstdc\+\+|libgcc_s|ld-linux.*|libboost_\w+|libfmt|libspdlog|libcrypto|"
                              r"libsqlite3|libyaml-cpp|libxxhash|libseccomp|libcctz)\.so(\.|$)")
PACKAGES_MAY_LINK = re.compile(LIBRARY_MAY_LINK.pattern + r"|^lib(archive|curl)\.so\.")


def tool(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def exported(plugin):
    """The names of the dynamic symbols that a file defines."""
    return [line.split()[-1] for line in tool("nm", "-D", "--defined-only", str(plugin)).splitlines()]


def plugin_problems(plugins):
    found = [] if plugins else ["expected plugins to look at, found none"]
    for plugin in plugins:
        names = exported(plugin)
        if names != [ENTRY]:
            found.append(f"{plugin.name}: expected {ENTRY} to be its only exported symbol, found {names[:8]}")
    return found


def needed(program):
    return re.findall(r"\(NEEDED\).*\[(.+)\]", tool("readelf", "-d", str(program)))


def program_problems(program, may_link=LIBRARY_MAY_LINK):
    return [f"{program.name}: expected the core's libraries alone, found {name}: that is for a plugin to link"
            for name in needed(program) if not may_link.match(name)]


def program_exports(program):
    """Nothing of the program may be what a plugin binds to by accident. A variable of a system's library that was moved into the program
    has that library's version, and is everybody's anyway."""
    names = [name for name in exported(program) if "@" not in name]
    return [f"{program.name}: expected to export nothing, found {names[:5]}"] if names else []


def library_problems(library):
    """libweir.so exports its C++ API, and nothing of what it is made of."""
    names = [line.split(maxsplit=2)[2] for line in tool("nm", "-DC", "--defined-only", str(library)).splitlines()]
    api = [name for name in names if re.search(r"^((vtable|typeinfo|typeinfo name) for |non-virtual thunk to )?weir::(api|events)::", name)]
    found = [] if api else [f"{library.name}: expected the symbols of its API, found none"]
    strangers = [name for name in names if name not in api]
    if strangers:
        found.append(f"{library.name}: expected to export weir::api and weir::events alone, found {strangers[:5]}")
    return found


def problems(root, build):
    program, library, packages = Path(build, "bin/weir"), Path(build, "lib/libweir.so"), Path(build, "libexec/weir-packages")
    plugins = sorted(Path(build, "lib/weir/plugins").glob("*.so"))
    found = plugin_problems(plugins) + (program_problems(program) + program_exports(program) if program.exists() else [])
    found += program_problems(packages, PACKAGES_MAY_LINK) if packages.exists() else []
    return found + (library_problems(library) + program_problems(library) if library.exists() else [])

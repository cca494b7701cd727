# slow
"""weir plugin inspect: what a plugin's file tells without being run, and what its components tell when they are asked in a child."""
import hashlib
from harness import *

PLUGINS = Path(WEIR).resolve().parent.parent / "lib/weir/plugins"
MACHINE = {"x86_64": "x86-64"}.get(os.uname().machine, os.uname().machine)


def inspect(place, file, *flags):
    return json.loads(place.weir("plugin", "inspect", file, *flags, "--output", "json").works().out)


@case
def json_tells_what_the_bytes_tell(place):
    file = PLUGINS / "csv.so"
    told = inspect(place, file)
    must(told["bytes"] == file.stat().st_size, told["bytes"])
    must(told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest(), told["sha256"])
    must(told["symbols"]["exported"] == ["weir_plugin_v1"] and told["symbols"]["undefined"] > 0, told["symbols"])
    must(told["machine"] == MACHINE and "libc.so.6" in told["needed"], f"{told['machine']} {told['needed']}")
    must(re.fullmatch(r"2\.\d+", told["glibc"]) and re.fullmatch(r"3\.4(\.\d+)?", told["libstdcxx"]), f"{told['glibc']} {told['libstdcxx']}")
    must(told["static_tls"] is False and told["go"] is False and told["carries"] == [], told)
    must({".text", ".rodata", ".weir"} <= {section["name"] for section in told["sections"]}, told["sections"])


@case
def all_of_its_text_is_told(place):
    source = json.loads((Path(__file__).parents[2] / "plugins/sqlite/schema.json").read_text(encoding="utf-8"))
    told = {(one["kind"], one["name"]): one for one in inspect(place, PLUGINS / "sqlite.so")["components"]}
    for key, component in source["components"].items():
        found = told[component["kind"], component.get("name", key)]
        for name, value in component.items():
            must(found[name] == value, f"{key}: {name}: expected {value}, found {found[name]}")
    text = place.weir("plugin", "inspect", "sqlite").works().out
    must("readback: {" in text, text)


@case
def the_text_has_the_same(place):
    told, text = inspect(place, PLUGINS / "csv.so"), place.weir("plugin", "inspect", "csv").works().out
    for word in (told["sha256"], told["glibc"], "GLIBCXX_" + told["libstdcxx"], *told["needed"], *(one["sha256"] for one in told["sections"])):
        must(word in text, f"expected {word} in {text}")


@case
def what_may_surprise_is_told(place):
    file = Path(BAD_PLUGINS) / "inspected/telling.so"
    told = inspect(place, file)
    must(told["carries"] == ["OpenSSL", "protobuf"] and told["static_tls"], told)
    text = place.weir("plugin", "inspect", file).works().out
    must("OpenSSL, protobuf, whose symbols others can bind to" in text and "static thread-local storage" in text, text)


@case
def components_are_asked_in_a_child(place):
    told = inspect(place, "sqlite", "--components")
    loader = next(one for one in told["components"] if one["kind"] == "loader")
    must(loader["traits"]["commit"] == ["atomic"] and loader["traits"]["max_instances"] == 1, loader["traits"])
    option = next(one for one in loader["options"] if one["option"] == "table")
    must(option["required"] and option["examples"] and option["type"] == "string", option)
    text = place.weir("plugin", "inspect", "sqlite", "--components").works().out
    must("traits: commit " in text and re.search(r"^ +option +type +default +what it does$", text, re.M), text)
    must(re.search(r"^ +table +string +required ", text, re.M), text)
    must(max(map(len, text.splitlines())) <= 120, "expected lines that fit")


@case
def a_narrow_terminal_gets_a_narrow_table(place):
    place.env["COLUMNS"] = "80"
    text = place.weir("plugin", "inspect", "gzip", "--components").works().out
    table = text[text.index("option "):]
    must(max(map(len, table.splitlines())) <= 80, table)


@case
def one_that_crashes_or_hangs_there_is_named(place):
    found = ""
    for name in ("aborts_when_opened", "exits_when_opened", "hangs_when_opened"):
        ended = place.weir("plugin", "inspect", Path(BAD_PLUGINS) / f"opened/{name}.so", "--components").fails(4, name)
        found += f"$ weir plugin inspect {name}.so --components\n{ended.err}"
    golden("inspect.txt", found.replace(BAD_PLUGINS, "FOLDER"))


if __name__ == "__main__":
    finish()

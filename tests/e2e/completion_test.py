"""Completion in real shells, and the manual page through real formatters."""
from harness import *

COMMANDS = {"run", "runs", "validate", "plugin", "explain", "doctor", "completion", "manual", "version"}


def tool(name):
    must(shutil.which(name), f"expected {name}, found none: scripts/install-packages.sh test")
    return name


def shell(place, *words):
    ended = subprocess.run(words, cwd=place.folder, env=place.env, capture_output=True, text=True, timeout=60)
    must(ended.returncode == 0 and not ended.stderr, f"{words[0]}: exit {ended.returncode}: {ended.stderr}")
    return ended.stdout.split("\n")[:-1]


def bash(place, line):
    """What bash would offer at the end of `line`; a blank at its end begins a new word."""
    words = line.replace("=", " = ").split() + ([""] if line.endswith(" ") else [])
    place.write("weir.bash", place.weir("completion", "bash").works().out)
    script = ("source weir.bash; complete -p weir >/dev/null || exit 1; "
              "COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _weir; printf '%s\\n' \"${COMPREPLY[@]}\"")
    return {word for word in shell(place, tool("bash"), "--norc", "-c", script, "-", *words) if word}


def zsh(place, line):
    words = line.split() + ([""] if line.endswith(" ") else [])
    place.write("_weir", place.weir("completion", "zsh").works().out)
    # Outside of completion its builtins refuse to work: these stand for them.
    script = ("compdef() { :; }; compset() { current=${current#*=}; }; compadd() { shift; print -l -- ${(M)@:#$current*}; }; "
              "_files() { print -l -- $current*(N); }; source ./_weir; words=(\"$@\"); CURRENT=$#; _weir")
    return set(shell(place, tool("zsh"), "-f", "-c", script, "-", *words))


def fish(place, line):
    place.write("weir.fish", place.weir("completion", "fish").works().out)
    found = shell(place, tool("fish"), "--no-config", "-c", "source weir.fish; complete -C $argv[1]", line)
    return {word.split("\t")[0] for word in found}


def completes(offers, place):
    place.write("orders.yaml", "")
    place.write("a b.yaml", "")
    found = offers(place, "weir ")
    must(COMMANDS <= found, f"expected the commands, found {found}")
    must(offers(place, "weir ru") == {"run", "runs"}, offers(place, "weir ru"))
    must(offers(place, "weir plugin ") >= {"list", "inspect"}, offers(place, "weir plugin "))
    must("run" not in offers(place, "weir plugin "), "expected only what belongs to plugin")
    must(offers(place, "weir run --fr") == {"--fresh"}, offers(place, "weir run --fr"))
    must(offers(place, "weir run --validate ") == {"quick", "full"}, offers(place, "weir run --validate "))
    must(offers(place, "weir run orders.yaml --output ") == {"text", "json"}, offers(place, "weir run o --output "))
    must(offers(place, "weir --output json ru") == {"run", "runs"}, offers(place, "weir --output json ru"))
    must(offers(place, "weir run ord") == {"orders.yaml"}, offers(place, "weir run ord"))
    must("run.locked" in offers(place, "weir explain "), "expected error codes")


@case
def bash_completes(place):
    completes(bash, place)
    must(bash(place, "weir run --output=js") == {"json"}, bash(place, "weir run --output=js"))
    must(bash(place, "weir run a") == {"a b.yaml"}, bash(place, "weir run a"))


@case
def zsh_completes(place):
    completes(zsh, place)
    must(zsh(place, "weir run --output=js") == {"json"}, zsh(place, "weir run --output=js"))


@case
def fish_completes(place):
    completes(fish, place)
    must("json" in str(fish(place, "weir run --output=js")), fish(place, "weir run --output=js"))


@case
def every_option_of_help_is_in_the_manual(place):
    page = place.weir("manual").works().out.replace("\\-", "-")
    inner = {"plugin list", "plugin inspect", "runs list", "runs show", "runs prune"}
    for command in COMMANDS - {"plugin", "runs"} | inner:
        must(f".SS weir {command}\n" in page, f"expected a section on {command}")
        told = place.weir(*command.split(), "--help").works().out
        for option in set(re.findall(r"--[a-z-]+", told)):
            must(f"\\fB{option}\\fR" in page, f"weir {command}: expected {option} in the manual")


@case
def the_manual_is_well_formed(place):
    place.write("weir.1", place.weir("manual").works().out)
    shell(place, tool("groff"), "-ww", "-man", "-Tutf8", "-z", "weir.1")
    lint = subprocess.run([tool("mandoc"), "-T", "lint", "-W", "warning", "weir.1"], cwd=place.folder, capture_output=True,
                          text=True)
    complaints = [line for line in lint.stdout.splitlines() if "missing date" not in line]
    must(not complaints, complaints)
    shown = subprocess.run(["mandoc", "-T", "utf8", "weir.1"], cwd=place.folder, capture_output=True, text=True).stdout
    shown = re.sub(".\b", "", shown)
    for words in ("weir - moves data between systems", "--validate quick | full", "WEIR_PLUGIN_PATH", "130, 143"):
        must(words in shown, f"expected {words!r} in the page")


if __name__ == "__main__":
    finish()

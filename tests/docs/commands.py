"""Runs what a page tells its reader to type, in a scratch folder with a copy of examples/, and compares what comes with what the page
shows.

usage: commands.py TOP BUILD PAGE

- ```console blocks: lines after "$ " are commands ("> " goes on), the others what they print, on stdout and stderr. Run ids and
  times are left out of the comparison, digests of rows and what is promised of a run where none is shown; "…" stands for anything, alone on a line for any lines. ```sh blocks: commands that print
  nothing worth showing. A command must succeed; one that should not says so: `weir run m.yaml; echo "exit code $?"`.
- All blocks of a page are one session of bash, in the order of the page. `weir` is the one that was built; a page that speaks of
  install/ gets an installation there.
- A block behind `<!-- not run: REASON -->` is left out.
- ```yaml PATH (or cpp, c, json, …): the block is that file, or a part of it.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

top, build, page = (Path(argument).resolve() for argument in sys.argv[1:])
text = page.read_text(encoding="utf-8")
shown_page = page.relative_to(top)
problems = []


def fences():
    """Yields (line, kind, file, body, whether it is left out) of each fenced block that says what it is."""
    before, kind, file, start, body = "", None, None, 0, []
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r"```(\w*) ?(\S*)$", line)
        if kind is None and mark:
            kind, file, start, body = mark[1], mark[2], number, []
        elif kind is not None and line == "```":
            yield start, kind, file, body, before.startswith("<!-- not run: ")
            kind, before = None, ""
        elif kind is not None:
            body.append(line)
        elif line.strip():
            before = line


def steps_of(start, kind, body):
    """Yields [line, command, what it prints or None] of a block."""
    if kind == "sh":
        yield [start + 1, "set -e\n" + "\n".join(body) + "\nset +e\n", None]
        return
    step = None
    for number, line in enumerate(body, start + 1):
        if line.startswith("$ "):
            if step:
                yield step
            step = [number, line[2:], []]
        elif step is None:
            problems.append(f"{shown_page}:{number}: expected a command behind '$ ', found {line!r}")
            return
        elif line.startswith("> ") and not step[2]:
            step[1] += "\n" + line[2:]
        else:
            step[2].append(line)
    if step:
        yield step


def normal(line):
    line = re.sub(r"\b[0-9A-HJKMNP-TV-Z]{26}\b", "ID", line.rstrip())
    return re.sub(r"(run ID)  [\d.]+ (ns|µs|us|ms|s|min)\b", r"\1  TIME", line)


PROMISE = r"^.+  guarantee (?:exactly|at least|at most) once by .+\n?"


def fits(shown, found):
    """Whether the lines that are shown, with their "…", are those that were found."""
    parts = []
    for line in shown:
        parts.append("(?:[^\n]*\n)*?" if line.strip() == "…" else
                     "[^\n]*".join(re.escape(part) for part in normal(line).split("…")) + "\n")
    told = "".join(normal(line) + "\n" for line in found)
    if not any(re.search(PROMISE, line) for line in shown):
        told = re.sub(PROMISE, "", told, flags=re.M)
    if not any("digest " in line for line in shown):
        told = re.sub(r"(, |  )digest [0-9a-f]{4}…[0-9a-f]{2}", "", told)
    return re.fullmatch("".join(parts), told) is not None


def prepare(scratch):
    shutil.copytree(top / "examples", scratch / "examples")
    (scratch / "build").mkdir()
    programs = build / "bin"
    if "install/" in text:
        subprocess.run(["cmake", "--install", build, "--prefix", scratch / "install"], check=True, stdout=subprocess.DEVNULL)
        programs = scratch / "install/bin"
    home = scratch / ".home"
    home.mkdir()
    return {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(home), "TMPDIR": str(home), "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
            "CCACHE_DISABLE": "1", "COLUMNS": "120"}


def run(steps, scratch):
    """Returns the exit code and the lines of each step; of those behind one that ended the session none."""
    environment = prepare(scratch)
    record = scratch / ".session"
    record.mkdir()
    session = ""
    for i, (_, command, _) in enumerate(steps):
        (record / f"{i}.sh").write_text(command + "\n", encoding="utf-8")
        session += f". {record}/{i}.sh >{record}/{i}.out 2>&1; echo $? >{record}/{i}.code; set +e\n"
    subprocess.run(["bash", "-c", session], cwd=scratch, env=environment, stdin=subprocess.DEVNULL, timeout=600)
    for i in range(len(steps)):
        code, out = record / f"{i}.code", record / f"{i}.out"
        yield (code.read_text().strip() if code.exists() else "none",
               out.read_text(encoding="utf-8").splitlines() if out.exists() else [])


def check_files():
    for start, _, file, body, _ in fences():
        if file and not (top / file).exists():
            problems.append(f"{shown_page}:{start}: {file} is not there")
        elif file and "\n".join(body) + "\n" not in (top / file).read_text(encoding="utf-8"):
            problems.append(f"{shown_page}:{start}: expected a part of {file}, found something else")


def check_commands():
    steps = [step for start, kind, file, body, left_out in fences() if kind in ("console", "sh") and not (file or left_out)
             for step in steps_of(start, kind, body)]
    if not steps:
        problems.append(f"{shown_page}: expected commands, found none")
        return
    with tempfile.TemporaryDirectory(prefix="weir-page-") as folder:
        for (line, command, shown), (code, found) in zip(steps, list(run(steps, Path(folder).resolve()))):
            told = "\n".join(found)
            if code != "0":
                problems.append(f"{shown_page}:{line}: {command}\nexpected exit code 0, found {code}:\n{told}")
            elif shown is not None and not fits(shown, found):
                problems.append(f"{shown_page}:{line}: {command}\nexpected what the page shows, found:\n{told}")


check_files()
check_commands()
sys.exit("\n\n".join(problems) or 0)

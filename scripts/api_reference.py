#!/usr/bin/env python3
"""Makes docs/reference/cpp_api.md and docs/reference/sdk.md from the headers: each public declaration with the comment above it.

It reads headers as clang-format lays them out: a comment belongs to the declarations right below it, up to the next blank line or
comment; what is private, deleted, defaulted or in a namespace detail is left out.
usage: api_reference.py [--check]    --check changes nothing, and fails if a page is not what it would make, or if a declaration
                                     of a public header has no comment
"""
import re, sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
PAGES = {
    "cpp_api.md": ("The C++ API", """For programs that embed weir; [examples/embed](../../examples/embed) is one. `#include <weir/api.hpp>` has all of it. Nothing
here throws but what the standard library does when memory ends. Threads: [any] means from any thread, several at once.""",
                   "host", ["api/pipeline", "api/outcome", "api/report", "api/record", "api/installation", "events/event", "events/bus"]),
    "sdk.md": ("The C++ wrapper of the plugin ABI", """For plugins in C++. `#include <weir/weir.hpp>` has the base classes, `#include <weir/arrow.hpp>` the columns and builders; what
stands under a header of its own name here is included by that name. The ABI itself, and what holds in C too, is the manual
[weir.h](../../sdk/include/weir/weir.h). How to go about it: [extending](../extending.md).""",
               "sdk", ["cpp/plugin", "cpp/transformer", "cpp/reader", "cpp/loader", "cpp/format", "cpp/storage", "cpp/bytes",
                       "cpp/context", "cpp/failure", "cpp/reads", "cpp/state", "cpp/partial", "cpp/key_set", "cpp/value_bytes", "cpp/key_bytes", "cpp/key_table", "cpp/row_bytes", "cpp/schema", "cpp/types", "cpp/array", "cpp/nested", "cpp/values",
                       "cpp/builder", "cpp/nested_builder", "cpp/view_builder", "cpp/passing", "cpp/type_names", "cpp/value_text",
                       "cpp/suggest", "cpp/drift", "cpp/held_names", "cpp/ddl", "cpp/named_column", "cpp/utf8", "cpp/magic", "cpp/frames", "cpp/codec_buffers", "testing", "testing_codec", "testing_transformer"]),
}
UNSEEN = re.compile(r"= (?:default|delete);$|^friend |^(?:class|struct) \w+;$|^~|^virtual ~|\boperator=\(")
RECORD = re.compile(r"(?:template <.*> )?(?:struct|class|union|enum class|enum)\b (?:\[\[\w+\]\] )?(?P<name>\w+)[^;{(]*\{")


def without_comment(line):
    """The line, and the comment behind it or None; texts in quotes may hold slashes."""
    match = re.match(r"""((?:[^"'/]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|'|/(?!/))*)//(?:\s?)(.*)$""", line)
    return (match[1].rstrip(), match[2]) if match else (line.rstrip(), None)


def depth_of(code):
    code = re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)\'', "", code)
    return sum(code.count(mark) for mark in "({[") - sum(code.count(mark) for mark in ")}]")


class Group:
    """Declarations under one comment; `members` those of the last one, if it is a class or a struct."""

    def __init__(self, line, doc):
        self.line, self.doc, self.shown, self.members, self.name = line, doc, [], None, None


class Header:
    def __init__(self, path):
        self.lines = path.read_text(encoding="utf-8").splitlines()
        first = next(i for i, line in enumerate(self.lines) if not line.startswith("//"))
        self.intro = [line[2:].removeprefix(" ") for line in self.lines[:first]]
        self.groups = self.parse(first, len(self.lines), 0, True)

    def parse(self, at, end, indent, public):
        """The groups of declarations of lines [at, end) that begin at `indent`."""
        groups, group, doc, pad = [], None, [], " " * indent
        while at < end:
            line = self.lines[at]
            if not line.strip() or line.lstrip().startswith("}"):
                group, doc = None, []
            elif re.match(r"namespace [\w:]*\bdetail\b", line):
                at = next(i for i in range(at, end) if re.match(r"}  // namespace .*detail", self.lines[i]))
            elif line.startswith("namespace"):
                group, doc = None, []
            elif re.match(r"\s*(public|private|protected):$", line):
                public, group, doc = line.strip() == "public:", None, []
            elif line.startswith(f"{pad}//"):
                doc, group = doc + [line.strip()[2:].removeprefix(" ")], None
            else:
                stop = self.end_of(at, end)
                shown = self.declaration(at, stop)
                if public and shown:
                    if group is None or group.name or RECORD.match(shown[0] + " {"):
                        group = Group(at + 1, doc)
                        groups.append(group)
                    self.add(group, shown, at, stop, indent)
                at, doc = stop - 1, []
            at += 1
        announced = {line for group in groups if group.doc for line in group.shown}  # what is declared before, and told below
        return [group for group in groups if group.doc or not announced.issuperset(group.shown)]

    def end_of(self, at, end):
        if self.lines[at].startswith("#"):
            while self.lines[at].endswith("\\"):
                at += 1
            return at + 1
        depth = 0
        for i in range(at, end):
            code, _ = without_comment(self.lines[i])
            depth += depth_of(code)
            if depth == 0 and code.endswith((";", "}")):
                return i + 1
        raise SystemExit(f"line {at + 1}: expected the end of a declaration, found none")

    def declaration(self, at, stop):
        """What a reader sees of lines [at, stop): no body, no initialisers; empty for what is left out."""
        first = self.lines[at]
        if first.startswith("#"):
            macro = re.match(r"#define (\w+\([^)]*\))", first)
            return [macro[1]] if macro else []
        parts = [without_comment(line) for line in self.lines[at:stop]]
        code = " ".join(part.strip() for part, _ in parts)
        record = RECORD.match(code)
        if record:
            return [code[:record.end() - 1].rstrip()]
        text = self.head(code)
        moved = re.match(r"(\w+)\(\1&&", text)
        if moved or UNSEEN.search(text) or text.startswith("static_assert") or re.match(r"[^(]*\w::\w+\(", text):
            return []
        comment = parts[0][1] if stop == at + 1 else None
        return [text + (f"  // {comment}" if comment and not comment.startswith("NOLINT") else "")]

    @staticmethod
    def head(code):
        """A function up to its body or its initialisers, a value up to what it is made of."""
        depth, called = 0, False
        for i, letter in enumerate(code):
            if depth == 0 and called and (letter == "{" or code[i:].startswith(": ") and code[i - 1] == " "):
                return code[:i].rstrip() + ";"
            if depth == 0 and letter == "{" and "=" in code[:i]:
                return code[:code.index("=")].rstrip() + ";"
            depth += (letter in "({[") - (letter in ")}]")
            called = called or (letter == ")" and depth == 0 and not code.startswith("using"))
        return code

    def add(self, group, shown, at, stop, indent):
        body = next((i for i in range(at, stop) if without_comment(self.lines[i])[0].endswith("{")), None)
        record = RECORD.match(shown[0] + " {")
        group.shown += shown
        if not record:
            return
        group.name = record["name"]
        if re.search(r"\benum\b", shown[0]) or body is None:
            group.shown = [line[indent:] for line in self.lines[at:stop]]
        else:
            group.members = self.parse(body + 1, stop - 1, indent + 2, not re.search(r"\bclass\b", shown[0].split(" : ")[0]))


def prose(lines):
    """A comment as Markdown: what is indented is code."""
    text, code = "", False
    for line in lines:
        if line.startswith("  ") != code and line.strip():
            text += "\n```\n" if line.startswith("  ") else "```\n\n"
            code = not code
        text += (line[2:] if code else re.sub(r"(?<!`)([*<])(?![^`]*`)", r"\\\1", line)) + "\n"
    return text + ("```\n" if code else "")


def wrapped(line, within=0, width=120):
    """The line in lines that are not too long: what does not fit begins behind a comma, within angle brackets only if it must."""
    if len(line) <= width or "//" in line:
        return [line]
    parts, depth, begin = [], 0, 0
    for i, letter in enumerate(line):
        depth += (letter == "<") - (letter == ">")
        if letter == "," and depth <= within:
            parts.append(line[begin:i + 1])
            begin = i + 2
    lines = [""]
    for part in [*parts, line[begin:]]:
        if lines[-1] and len(lines[-1]) + len(part) >= width:
            lines.append("    " + part)
        else:
            lines[-1] += (" " if lines[-1] else "") + part
    return lines if within or max(map(len, lines)) <= width else wrapped(line, within=1)


def block(lines):
    return "```cpp\n" + "\n".join(part for line in lines for part in wrapped(line)) + "\n```\n"


def is_plain(group):
    """Whether a struct holds values alone, which are best seen together."""
    return group.members is not None and not any(member.members or "(" in "".join(member.shown) for member in group.members)


def told(group, level):
    if group.members is None:
        return prose(group.doc) + ("\n" if group.doc else "") + block(group.shown) + "\n"
    text = f"{'#' * level} `{group.shown[-1]}`\n\n" + prose(group.doc) + ("\n" if group.doc else "")
    if is_plain(group):
        lines = [line for member in group.members for line in [f"// {part}" for part in member.doc] + member.shown]
        return text + (block(lines) + "\n" if lines else "")
    return text + "".join(told(member, level + 1) for member in group.members)


def undocumented(header, shown):
    """Yields the declarations without a comment: each of the outermost ones needs one, and each class within."""
    for group in header.groups:
        if not group.doc and not all("  // " in line for line in group.shown) and not group.shown[0].startswith("using "):
            yield f"{shown}:{group.line}: expected a comment above it, found none: {group.shown[0]}"


def page(name):
    title, intro, folder, headers = PAGES[name]
    text = f"# {title}\n\n{intro}\n\nThis page is made from the headers by `scripts/api_reference.py`.\n"
    missing = []
    for name in headers:
        part = name.split("/")[0]
        shown = f"{folder}/{part}/include/weir/{name}.hpp" if folder == "host" else f"sdk/include/weir/{name}.hpp"
        header = Header(TOP / shown)
        missing += undocumented(header, shown)
        text += f"\n## [weir/{name}.hpp](../../{shown})\n\n" + prose(header.intro) + "\n" + "".join(told(group, 3) for group in header.groups)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n", missing


def main():
    check, wrong = "--check" in sys.argv[1:], []
    for name in PAGES:
        made, missing = page(name)
        target = TOP / "docs/reference" / name
        if check:
            wrong += missing
            if not target.exists() or target.read_text(encoding="utf-8") != made:
                wrong.append(f"docs/reference/{name}: expected what scripts/api_reference.py makes; run it")
        else:
            target.parent.mkdir(exist_ok=True)
            target.write_text(made, encoding="utf-8")
    sys.exit("\n".join(wrong) or 0)


main()

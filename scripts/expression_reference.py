#!/usr/bin/env python3
"""Makes docs/reference/expressions.md from the table of functions of plugins/expr, and from tests/expressions/differences.json.

usage: expression_reference.py EXPR_ANSWERS [--check]    --check changes nothing, and fails if the page is not what it would make
"""
import json, subprocess, sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
HEAD = """# Expressions

What stands in `filter`, `derive` and `route`: operators, functions, and what they answer. This page is made by
`scripts/expression_reference.py` from the table of functions in `plugins/expr`; every example on it is run as a test.

An expression is checked before the run: a column that isn't there, a text beside a number, a wrong number of arguments are
told with their place, before a row is read. Where a value is null, so is what is made of it, but where an entry says otherwise.
A row whose value can't be computed is **rejected**, with the reason that an example shows behind `rejected`; without a reject
sink the run fails there. Words of the language and names of functions are written in any case of letters; names of columns
are exact. Answers depend on nothing but the row and the manifest, so a run that is resumed gives the same again: that is why
there is no `now()` and no `random()`. `-- ` begins a comment.
"""


def code(text):
    mark = "``" if "`" in text else "`"
    return f"{mark}{text}{mark}"


def cell(text):
    return text.replace("|", "\\|")


def examples(entry):
    return "<br>".join(f"{code(cell(expression))} → {code(cell(answer))}" for expression, answer in entry["examples"])


def calls(function):
    names = function["name"].split(", ")
    others = f", {', '.join(names[1:])}" if len(names) > 1 else ""
    return code(f"{names[0]}({function['parameters']})") + (f"<br>also {code(others[2:])}" if others else "")


def prose(text):
    return cell(text).replace("<", "\\<").replace("*", "\\*").replace("_", "\\_")


def page(table, differences):
    text = HEAD + "\n## Operators\n\nFrom the weakest to the strongest; parentheses group.\n\n"
    text += "| form | what it is | examples |\n|---|---|---|\n"
    for entry in table["notations"]:
        text += f"| {code(cell(entry['form']))} | {prose(entry['summary'])} | {examples(entry)} |\n"
    for chapter in table["chapters"]:
        text += f"\n## {chapter['title']}\n\n| function | what it gives | examples |\n|---|---|---|\n"
        for function in chapter["functions"]:
            text += f"| {cell(calls(function))} | {prose(function['summary'])} | {examples(function)} |\n"
    text += "\n## Where DuckDB and SQLite answer otherwise\n\n"
    text += "A test compares the answers to 5,000 generated expressions with those of both. What is known to differ, and why:\n\n"
    text += "| here | there | why |\n|---|---|---|\n"
    for one in differences:
        text += f"| {code(cell(one['here']))} | {prose(one['there'])} | {prose(one['why'])} |\n"
    return text


def main():
    made = subprocess.run([sys.argv[1], "table"], capture_output=True, text=True, check=True).stdout
    differences = json.loads((TOP / "tests/expressions/differences.json").read_text(encoding="utf-8"))
    text = page(json.loads(made), differences)
    target = TOP / "docs/reference/expressions.md"
    if "--check" not in sys.argv[2:]:
        target.write_text(text, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != text:
        sys.exit(f"{target.relative_to(TOP)}: expected what scripts/expression_reference.py makes; run it")


main()

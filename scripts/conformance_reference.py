#!/usr/bin/env python3
"""Makes docs/conformance.md: what the conformance kit is, and its cases, from the table in the program.

usage: conformance_reference.py WEIR [--check]    --check changes nothing, and fails if the page is not what it would make
Each case quotes the rule of weir.h that it holds a plugin to: fails if it does not stand there, word for word.
"""
import json, subprocess, sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
HEAD = """# The conformance kit

`weir plugin test FILE` tries a plugin by the rules of [weir.h](../sdk/include/weir/weir.h), and says what its author is to change. Each
case runs in a process of its own with a deadline of 20 s, in which the time does not count that it waits for a processor: what crashes
or hangs there is named, and ends nothing else.

```
$ weir plugin test stars.so
stars 1.0.0  stars.so
conforms: 84 pass, 5 skip
```

`--case NAME` tries one case, `--cases` lists them, `--output junit` writes what CI servers read, `--output json` everything. The exit
code is 0 if nothing failed or crashed, else 1. This page is made from the program by `scripts/conformance_reference.py`.

## Verdicts

| verdict | what it means |
|---|---|
| pass | it keeps the rule |
| warn | it works, and could be better |
| skip | the case is not for a component so made (a reader without `position()`), or it refuses what it is tried with: `sample-works` says so |
| fail | it breaks the rule |
| crashed | a signal, the deadline, or an exit ended the process; the signal and the function that was called are named |

## What a component is tried with

A component is tried with the first examples of the options that its schema requires, and rows with the columns `id` (int64), `name`
(string), `amount` (double), `price` (decimal(10,2)), `active` (bool), `day` (date) and `at` (timestamp(us, UTC)). Where that is not
enough, it says so itself, in `conformance` beside its `schema`:

```json
"conformance": {
  "options": {"column": "card_number"},
  "columns": {"card_number": "string", "lines": "list<string>", "key": "int64 not null"}
}
```

| member | what it says |
|---|---|
| `options` | the options, as a manifest has them |
| `columns` | the columns of the rows: types as in manifests, `list<TYPE>` of those, and ` not null` behind. The first column's values are all different |
| `files` | files that are there before it is asked, by name: a text, or `{"hex": "00ff"}` |
| `document` | what a format reads that can't write, or a codec expands that can't compress: a text, or `{"hex": "00ff"}` |
| `filled_by` | a loader of the same plugin that fills the place before an extractor reads it |

An option of `"format": "rows"`, which names an extractor that the host reads, is an input with the same columns, and a batch of rows.

Every life has a folder of its own: options of `"format": "path"` start from there, `files` lie in it, and so does what is loaded. The
working directory, `$HOME` and `$TMPDIR` are other folders, which are looked at afterwards.

## Cases

A case is one entry in a table in `host/conformance`, and has a plugin in `tests/bad_plugins/conformance` that fails it and does nothing
else wrong: a test holds the two lists against each other, and tries every plugin that comes with weir.
"""


def words(text):
    return " ".join(text.replace("\n", " ").split())


def rules():
    """weir.h and its extensions without the stars and line breaks of comments."""
    text = ""
    for header in [TOP / "sdk/include/weir/weir.h", *sorted((TOP / "sdk/include/weir/ext").rglob("*.h"))]:
        text += " ".join(line.strip().removeprefix("/*").removeprefix("*").strip() for line in header.read_text(encoding="utf-8").splitlines()) + " "
    return words(text)


def page(cases):
    text, group = HEAD, ""
    for case in cases:
        if case["group"] != group:
            group = case["group"]
            text += f"\n### {group}\n\n| case | of | what a plugin that passes does | else change | weir.h |\n|---|---|---|---|---|\n"
        kinds = "every kind" if len(case["kinds"]) == 7 else ", ".join(case["kinds"])
        cells = (f"`{case['name']}`", kinds, case["sentence"], case["change"], case["rule"])
        text += "| " + " | ".join(cell.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;") for cell in cells) + " |\n"
    return text + f"\n{len(cases)} cases.\n"


def main():
    weir = next(word for word in sys.argv[1:] if word != "--check")
    told = subprocess.run([weir, "plugin", "test", "--cases", "--output", "json"], capture_output=True, text=True, check=True)
    cases = json.loads(told.stdout)["cases"]
    header = rules()
    wrong = [f"{case['name']}: its rule does not stand in weir.h: {case['rule']}" for case in cases if words(case["rule"]) not in header]
    made, target = page(cases), TOP / "docs/conformance.md"
    if "--check" not in sys.argv[1:]:
        target.write_text(made, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != made:
        wrong.append("docs/conformance.md: expected what scripts/conformance_reference.py makes of this weir; run it")
    sys.exit("\n".join(wrong) or 0)


main()

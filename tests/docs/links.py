"""Every link of every page leads to a file, and every source that docs/ names is there.

usage: links.py TOP
"""
import re
import sys
from pathlib import Path

top = Path(sys.argv[1])
pages = sorted(page for places in ("*.md", "docs/**/*.md", "examples/**/*.md", "plugins/**/*.md", "sdk/**/*.md")
               for page in top.glob(places))
problems = [] if len(pages) > 10 else [f"expected the pages of the repository, found {len(pages)}"]
sources = [path.relative_to(top).as_posix() for folder in ("host", "sdk/include", "examples", "tests")
           for path in top.glob(f"{folder}/**/*.[ch]pp")]


def named(text):
    """Files named in prose, as `host/run/run.cpp`, `links/bytes.cpp` or `schedule.cpp`; x and NAME stand for any."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)
    names = re.findall(r"(?<![\w/.])((?:\w+/)*\w+\.[ch]pp)\b", text)
    return {name for name in names if not re.search(r"NAME|(?:^|/)(?:x|x_test|_test)\.", name)}


for page in pages:
    text = page.read_text(encoding="utf-8")
    shown = page.relative_to(top)
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        if not (page.parent / target).exists():
            problems.append(f"{shown}: the link to {target} leads nowhere")
    if shown.parts[0] == "docs":
        for name in named(text):
            if not any(f"/{source}".endswith(f"/{name}") for source in sources):
                problems.append(f"{shown}: {name} is no file of the host, the SDK, the examples or the tests")
sys.exit("\n".join(problems) or 0)

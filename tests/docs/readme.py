"""README's manifest and ledger are those of examples/01_first_run, its links lead somewhere, its packages are packages.txt's."""
import re
import sys
from pathlib import Path

top = Path(sys.argv[1])
readme = (top / "README.md").read_text(encoding="utf-8")
example = top / "examples/01_first_run"
problems = []


def expect(condition, otherwise):
    if not condition:
        problems.append(f"README.md: {otherwise}")


def code(text):
    return [line for line in text.splitlines() if not line.startswith("#")]


manifest = re.search(r"```yaml\n(.*?)```", readme, re.S)[1]
expect(code(manifest) == code((example / "manifest.yaml").read_text(encoding="utf-8")), "the manifest is not the example's")
for line in (example / "expected/ledger.txt.txt").read_text(encoding="utf-8").splitlines()[1:]:
    shown = line.replace("OUT/", "examples/01_first_run/")
    expect(shown in readme, f"the ledger lacks {shown!r}")
for target in re.findall(r"\]\(([^)#]+)\)", readme):
    expect((top / target).exists(), f"the link to {target} leads nowhere")
packages = [line.strip() for line in (top / "packages.txt").read_text().splitlines() if line.strip() and line[0] not in "#["]
for package in packages:
    expect(package.split()[0] in readme, f"the package {package} is not named")
for source in re.findall(r"in (\d+) lines of (?:C\+\+|C)", readme):
    expect(int(source) < 80, f"an example of {source} lines is not short")
sys.exit("\n".join(problems) or 0)

"""Has spin look at every state of lane.pml: spin.py lane.pml, and none may break an assertion; or with the name of something
that is wrong (WRONG of the model's first comment), and one must."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

SEARCH = ["-E", "-m20000", "-w22"]  # no worker need end: a dead one waits for ever; depth; 2^22 places in the table of states


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: error: expected it to succeed, found {done.returncode}\n"
                 f"{done.stdout}{done.stderr}")
    return done.stdout


def main():
    model, wrong = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    defined = [f"-D{name}" for name in wrong]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(model, folder)
        run(folder, "spin", *defined, "-a", model.name)
        run(folder, "gcc", "-O0" if wrong else "-O1", "-DSAFETY", "-DNOCLAIM", "-o", "pan", "pan.c")
        told = run(folder, "./pan", *SEARCH)
        print(told)
        if "max search depth too small" in told or ("Search not completed" in told and not wrong):
            sys.exit("error: expected spin to look at all states, found that it stopped before")
        found = "errors: 1" in told and "assertion violated" in told
        if found != bool(wrong) or (not wrong and "errors: 0" not in told):
            sys.exit(f"error: expected {'a broken assertion' if wrong else 'none'}, found the above")
        if found:
            print(run(folder, "spin", *defined, "-t", "-p", "-g", model.name)[-6000:])


main()

"""One pipeline for several environments: connections, profiles, .env, --set, --param, several pipelines, includes, secrets.

`configuration_test.py --write` writes tests/golden/configuration.txt anew; look at the difference before it is committed.
"""
import base64
import sqlite3

from harness import *

ROWS = "id,v\n1,a\n2,b\n3,c\n"


def written(place, text, name="job.yaml"):
    place.write("in.csv", ROWS)
    return place.write(name, text).name


def table(place, database, name):
    with sqlite3.connect(place.folder / database) as connection:
        return connection.execute(f'select * from "{name}"').fetchall()


@case
def a_connection_gives_required_options(place):
    """sqlite requires `database`, which the connection has; one connection serves several manifests' loads."""
    name = written(place, """
weir: 1
connections:
  warehouse: { use: sqlite, database: warehouse.db, mode: replace }
extract: { use: file, path: in.csv }
load: { use: sqlite, connection: warehouse, table: orders }
""")
    place.weir("run", name).works()
    must(table(place, "warehouse.db", "orders") == [(1, "a"), (2, "b"), (3, "c")], "expected the rows in the table")
    before = place.read(name)
    place.write(name, before.replace("mode: replace", "mode: replcae"))
    place.weir("run", name).fails(2, f"{name}:4:", "did you mean 'replace'?")
    place.write(name, before.replace("table: orders", "table: orders, database: other.db"))
    place.weir("validate", name).fails(2, f"{name}:6:", "given by connection 'warehouse' too, in line 4")
    place.write(name, before.replace("use: sqlite, database", "use: file, path"))
    place.weir("validate", name).fails(2, "expected a connection of 'sqlite', found 'warehouse', a connection of 'file'")


LAYERED = """
weir: 1
name: layered
extract: { use: file, path: in.csv }
transform:
  - { use: filter, where: "id > 1" }
load: { use: file, path: "${env:TARGET:-none}.csv" }
profiles:
  production:
    load: { use: sqlite, database: production.db, table: orders, mode: replace }
"""


@case
def env_files_and_the_environment(place):
    name = written(place, LAYERED)
    place.write(".env", "# where rows go\nTARGET=beside\n")
    place.write("other.env", "TARGET='other file'\n")
    place.weir("run", name).works()
    must(place.read("beside.csv") == "id,v\n2,b\n3,c\n", "expected the rows where .env says")
    place.weir("run", name, "--env-file", "other.env").works()
    must((place.folder / "other file.csv").exists(), "expected the rows where --env-file says")
    place.env["TARGET"] = "real"
    place.weir("run", name).works()
    must((place.folder / "real.csv").exists(), "expected the environment to win")
    place.write(".env", "TARGET\nsecret hunter2secret\n")
    told = place.weir("run", name).fails(2, ".env:1:1: error: expected NAME=value", ".env:2:1:")
    must("hunter2secret" not in told.err, "expected no line of an env file in an error")
    place.weir("run", name, "--env-file", "gone.env").fails(2, "gone.env: no such file")


@case
def profiles_are_chosen(place):
    name = written(place, LAYERED)
    place.weir("run", name, "--profile", "production").works()
    must(table(place, "production.db", "orders") == [(2, "b"), (3, "c")], "expected the rows in the profile's table")
    must(not (place.folder / "none.csv").exists(), "expected nothing where the profile does not write")
    place.weir("run", name, "--profile", "prodution").fails(2, "did you mean 'production'?")
    place.weir("run", name).works()
    must((place.folder / "none.csv").exists(), "expected the manifest as it stands without a profile")
    place.env["WEIR_PROFILE"] = "production"
    place.weir("run", name, "--set", "load.table=again").works()
    must(table(place, "production.db", "again") == [(2, "b"), (3, "c")], "expected WEIR_PROFILE to choose")


@case
def values_are_set(place):
    name = written(place, LAYERED)
    place.weir("run", name, "--set", "load.path=set.csv", "--set", "transform.0.where=id = 1").works()
    must(place.read("set.csv") == "id,v\n1,a\n", "expected what --set says")
    place.weir("run", "--set", "load.path=before.csv", "--env-file", ".env", name).fails(2, ".env: no such file")
    place.weir("run", "--param", "a=b", "--set", "load.path=before.csv", name).works()
    must((place.folder / "before.csv").exists(), "expected a flag to take one word")
    place.weir("run", name, "--set", "transfrm.0.where=x").fails(2, "--set:1:1: error:", "did you mean 'transform'?")
    place.weir("run", name, "--set", "transform.0.where=idd = 1").fails(2, "--set:1:19: error:", "did you mean 'id'?")
    place.weir("run", name, "--set", "load.pth=x").fails(2, "--set:1:6: error:", "did you mean 'path'?")


SEVERAL = """
weir: 1
include: shared/warehouse.yaml
defaults:
  extract: { use: file, path: in.csv }
  load: { use: sqlite, connection: warehouse, mode: replace }
pipelines:
  all: { load: { table: everything } }
  some:
    transform: [ { use: filter, where: "id > 1" } ]
    load: { table: some }
"""


def several(place):
    place.write("shared/warehouse.yaml", "connections: { warehouse: { use: sqlite, database: w.db } }\n")
    return written(place, SEVERAL)


@case
def several_pipelines_run_in_order(place):
    name = several(place)
    ran = place.weir("run", name).works()
    must(re.findall(r"^(\w+)  run", ran.out, re.M) == ["all", "some"], f"expected two ledgers, found {ran.out}")
    must(table(place, "shared/w.db", "everything") == [(1, "a"), (2, "b"), (3, "c")], "expected all rows")
    must(table(place, "shared/w.db", "some") == [(2, "b"), (3, "c")], "expected some rows")
    again = place.weir("run", name).works()
    must(again.out.count("nothing to do") == 2, f"expected each pipeline to know its own last run, found {again.out}")
    told = json.loads(place.weir("run", name, "some", "all", "--fresh", "--output", "json").works().out)
    must([one["name"] for one in told["pipelines"]] == ["all", "some"], f"expected two reports, found {told}")
    told = json.loads(place.weir("run", name, "some", "--fresh", "--output", "json").works().out)
    must(told["name"] == "some" and told["ledger"]["rows"]["loaded"] == 2, f"expected one report, found {told}")
    place.weir("run", name, "sme").fails(2, "expected a pipeline 'sme', found none", "did you mean 'some'?")


@case
def all_pipelines_are_planned_before_one_runs(place):
    name = several(place)
    place.write(name, place.read(name).replace("id > 1", "idd >> 1").replace("table: everything", "tabel: everything"))
    place.weir("run", name).fails(2, "did you mean 'table'?")
    must(not (place.folder / "shared/w.db").exists(), "expected nothing to have run")


@case
def the_first_pipeline_that_fails_is_the_last(place):
    name = several(place)
    place.write(name, place.read(name).replace("pipelines:", "pipelines:\n  first: { load: { table: f } }\n"
                "  gone: { extract: { path: gone.csv }, load: { table: g } }"))
    told = place.weir("run", name).fails(1, "pipeline 'gone': file: no such file", "pipeline 'all' was not begun")
    must("first  run" in told.out and "everything" not in told.out, "expected the first to have run")
    found = place.weir("run", name, "--output", "json")
    document = json.loads(found.out)
    must(found.code == 1 and [one["name"] for one in document["pipelines"]] == ["first"], f"found {document}")


@case
def included_files_keep_their_places(place):
    name = several(place)
    place.write("shared/warehouse.yaml", "connections: { warehouse: { use: sqlite, databas: w.db } }\n")
    place.weir("validate", name).fails(2, "shared/warehouse.yaml:1:42: error: sqlite: unknown option 'databas'")
    place.write("shared/warehouse.yaml", "include: ../job.yaml\n")
    place.weir("validate", name).fails(2, "expected no cycle, found job.yaml → shared/warehouse.yaml → job.yaml")


SECRET = "s3cr3t/Zm9v-42"
SPELLINGS = (SECRET, "s3cr3t%2FZm9v-42", base64.b64encode(SECRET.encode()).decode()[:18], SECRET[:12])

TELLS = """
weir: 1
name: told
secrets:
  vault: { use: exec, command: [sh, -c, 'printf "%s\\n" "$${0#no}"'] }
  files: { use: file, folder: keys }
extract: { use: file, path: in.csv }
transform: [ { use: tells, word: "${secret:PROVIDER}", how: HOW } ]
load: { use: file, path: out.csv }
reject: { use: file, path: rejects.ndjson }
"""


def kept(place, ended):
    """Nobody was told the secret: not on the terminal, not in a file that the run left."""
    for told in (ended.out, ended.err, *(path.read_text(errors="replace") for path in place.folder.rglob("*")
                                         if path.is_file() and "keys" not in path.parts and path.suffix != ".yaml")):
        for spelling in SPELLINGS:
            must(spelling not in told, f"expected no secret, found {spelling!r} in {told[:3000]}")
    return ended


@case
def a_plugin_can_not_tell_a_secret(place):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    place.env["TOKEN"] = SECRET
    place.write("keys/db/password", SECRET + "\n")
    for provider in ("env/TOKEN", "files/db/password", f"vault/no{SECRET}"):
        for how, code in (("fail", 1), ("cut", 1), ("reject", 0)):
            name = written(place, TELLS.replace("PROVIDER", provider).replace("HOW", how))
            for form in ("text", "json"):
                ended = kept(place, place.weir("run", name, "--fresh", "--output", form))
                must(ended.code == code, f"expected exit {code}, found {ended.code}: {ended.err} {ended.out}")
                told = ended.err + ended.out + (place.read("rejects.ndjson") if how == "reject" else "")
                must("***" in told, f"expected it to be seen that a secret was there, found {told}")


@case
def an_option_that_is_write_only_is_a_secret(place):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    hidden = "zm9v-s3cr3t-42"
    for value, words in ((hidden, "it was ***"), (hidden + "X", "expected text of the pattern ^[a-z0-9-]*$, found ***")):
        name = written(place, TELLS.replace('word: "${secret:PROVIDER}"', f"hidden: {value}").replace("HOW", "fail"))
        ended = place.weir("run", name)
        must(words in ended.err, f"expected {words!r}, found {ended.err}")
        must(hidden not in ended.err + ended.out, f"expected no secret, found {ended.err}")


@case
def a_secret_that_is_renewed_is_no_change(place):
    place.write("keys/name", "first-secret\n")
    name = written(place, """
weir: 1
secrets: { files: { use: file, folder: keys } }
extract: { use: file, path: in.csv }
transform: [ { use: derive, columns: { x: "'${secret:files/name}'" } } ]
load: { use: file, path: out.csv }
""")
    place.weir("run", name).works()
    place.write("keys/name", "second-secret\n")
    must("nothing to do" in place.weir("run", name).works().out, "expected the same run")
    must("x\n1,a,first-secret" in place.read("out.csv"), "expected the value itself in the data")


@case
def providers_that_fail_say_why(place):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    name = written(place, TELLS.replace("PROVIDER", "vault/db").replace("HOW", "fail"))
    text = place.read(name)

    def told(command, key="vault/db"):
        begin = text.index("command:")
        end = text.index("\n", begin)
        place.write(name, text[:begin] + f"command: {command} }}" + text[end:].replace("vault/db", key))
        return place.weir("validate", name)

    told("[sh, -c, 'echo no such key >&2; exit 3']").fails(
        1, f"{name}:8:35: error: secret 'vault/db': expected 'sh' to end with exit code 0, found 3; it says: no such key")
    told("[sh, -c, 'exec sleep 60'], timeout: 200ms").fails(1, "expected 'sh' to end within 200 ms, found it still at work")
    told("[sh, -c, 'sleep 60 & sleep 60'], timeout: 200ms").fails(1, "found it still at work")
    told("[sh, -c, 'kill -9 $$']").fails(1, "killed by signal 9")
    told("[sh, -c, 'head -c 70000 /dev/zero']").fails(1, "expected a secret of at most 64 KiB, found more")
    told("[sh, -c, ':']").fails(1, "expected a secret, found nothing")
    told("[no-such-vault]").fails(1, "expected a program 'no-such-vault', found: No such file or directory")
    told("[sh]", "files/../job.yaml").fails(2, "expected the name of a file in the provider's folder")
    told("[sh]", "files/gone").fails(1, "keys/gone', found none")
    told("[sh]", "valt/x").fails(2, "unknown secret provider 'valt'", "did you mean 'vault'?")


@case
def the_schema_is_one_and_knows_what_is_installed(place):
    schema = json.loads(place.weir("schema").works().out)
    must(schema["$schema"] == "http://json-schema.org/draft-07/schema#", "expected draft 7")
    must(json.loads(place.weir("schema", "--output", "json").works().out)["schema"] == schema, "expected the same in JSON")
    must("load.sqlite" in schema["definitions"], "expected the options of sqlite")
    must("transform.tells" not in schema["definitions"], "expected nothing that is not installed")
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    with_more = json.loads(place.weir("schema").works().out)
    options = with_more["definitions"]["transform.tells"]["properties"]
    must({"word", "hidden", "how", "use", "name", "connection"} <= set(options), f"found {list(options)}")
    try:
        import jsonschema
    except ImportError:
        return  # the unit tests ask another validator
    for one in (schema, with_more):
        jsonschema.Draft7Validator.check_schema(one)
    validator = jsonschema.Draft7Validator(schema)
    good = {"weir": 1, "extract": {"use": "file", "path": "a"}, "load": {"use": "sqlite", "database": "d", "table": "t"}}
    must(validator.is_valid(good), "expected a right manifest to fit")
    for key, wrong in (("path", 1), ("pth", "a"), ("use", "fil"), ("format", {"use": "csv", "header": 3})):
        bad = {**good, "extract": {**good["extract"], key: wrong}}
        must(not validator.is_valid(bad), f"expected {bad} not to fit")


KEPT = "s3cr3t-of-nobody"  # in no golden file
ONE = "weir: 1\nextract: { use: file, path: in.csv }\nload: { use: file, path: out.csv }\n"


def asks(command, key="vault/db", more=""):
    return {"job.yaml": f"weir: 1\nsecrets:\n  vault: {{ use: exec, command: {command}{more} }}\n  files: {{ use: file, folder: keys }}\n"
                        f"extract: {{ use: file, path: '${{secret:{key}}}' }}\nload: {{ use: discard }}\n"}


# Name: files beside in.csv, what is asked of weir.
SCENES = {
    "an include that is not there": ({"job.yaml": "include: gone.yaml\n" + ONE}, ["validate", "job.yaml"]),
    "an include that is no object": ({"job.yaml": "include: list.yaml\n" + ONE, "list.yaml": "[1]"}, ["validate", "job.yaml"]),
    "an include that is no file's name": ({"job.yaml": "include: { a: b }\n" + ONE}, ["validate", "job.yaml"]),
    "includes in a circle": ({"job.yaml": "include: deep/a.yaml\n" + ONE, "deep/a.yaml": "include: ../job.yaml\n"},
                             ["validate", "job.yaml"]),
    "too many includes": ({"job.yaml": "include: [" + ", ".join(f"i/{i}.yaml" for i in range(101)) + "]\n" + ONE,
                           **{f"i/{i}.yaml": "\n" for i in range(101)}}, ["validate", "job.yaml"]),
    "pipelines of which one fails": ({"job.yaml": SEVERAL.replace("include: shared/warehouse.yaml", "connections: { warehouse: "
                                      "{ use: sqlite, database: w.db } }").replace("path: in.csv", "path: gone.csv")},
                                      ["run", "job.yaml", "--log", "format=json"]),
    "an epoch that is begun again": ({"job.yaml": ONE.replace("file, path: in.csv", "aborts")},
                                     ["run", "job.yaml", "--log", "format=json"]),
    "no way to set": ({"job.yaml": ONE}, ["run", "job.yaml", "--set", "load.path"]),
    "a list's index to set": ({"job.yaml": ONE + "transform: [ { use: limit, rows: 1 } ]\n"}, ["run", "job.yaml", "--set", "transform.1.rows=2"]),
    "a value that can't be set": ({"job.yaml": ONE}, ["run", "job.yaml", "--set", "load.path={a"]),
    "a file of variables that is none": ({"job.yaml": ONE, ".env": f"A\n9={KEPT}\nB='{KEPT}\nC=1\nC=2\n"}, ["run", "job.yaml"]),
    "no file of variables": ({"job.yaml": ONE}, ["run", "job.yaml", "--env-file", "gone.env"]),
    "no such profile": ({"job.yaml": ONE}, ["run", "job.yaml", "--profile", "production"]),
    "log settings": ({"job.yaml": ONE}, ["run", "job.yaml", "--log", "level=loud"]),
    "a log in a file": ({"job.yaml": ONE}, ["run", "job.yaml", "--log", "to=in.csv/weir.log"]),
    "a provider that fails": (asks(f"[sh, -c, 'echo {KEPT}; echo {KEPT} no such key >&2; exit 3']"), ["validate", "job.yaml"]),
    "a provider that is killed": (asks("[sh, -c, 'kill -9 $$']"), ["validate", "job.yaml"]),
    "a provider that does not end": (asks("[sh, -c, 'exec sleep 60']", more=", timeout: 200ms"), ["validate", "job.yaml"]),
    "a provider that says too much": (asks("[sh, -c, 'head -c 70000 /dev/zero']"), ["validate", "job.yaml"]),
    "a provider that says nothing": (asks("[sh, -c, ':']"), ["validate", "job.yaml"]),
    "a provider that is not there": (asks("[no-such-vault]"), ["validate", "job.yaml"]),
    "a key that leads out": (asks("[sh]", "files/../in.csv"), ["validate", "job.yaml"]),
    "a key that is not there": (asks("[sh]", "files/gone"), ["validate", "job.yaml"]),
    "no such provider": (asks("[sh]", "valt/x"), ["validate", "job.yaml"]),
}


@case
def mistakes_word_for_word(place):
    found = ""
    for name, (files, words) in SCENES.items():
        other = Place()
        try:
            other.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
            for file, text in {"in.csv": ROWS, **files}.items():
                other.write(file, text)
            ended = other.weir(*words)
            told = (ended.out + ended.err).replace(str(other.folder.resolve()), "FOLDER").replace(str(other.folder), "FOLDER")
        finally:
            other.leave()
        told = re.sub(r'"time":"[^"]*"', '"time":"TIME"', re.sub(r"  run [0-9A-Z]{26}  .*", "  run ID  TIME", told))
        found += f"== {name}: exit {ended.code}\n{told}\n"
    must(KEPT not in found, "expected no secret in what is told")
    golden("configuration.txt", found)


if __name__ == "__main__":
    finish()

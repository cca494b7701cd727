"""One pipeline for several environments: connections, profiles, .env, --set, --param, several pipelines, includes, secrets."""
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
    place.weir("validate", name).fails(2, "shared/warehouse.yaml:1:44: error: sqlite: unknown option 'databas'")
    place.write("shared/warehouse.yaml", "include: ../job.yaml\n")
    place.weir("validate", name).fails(2, "expected no cycle, found job.yaml → shared/warehouse.yaml → job.yaml")


if __name__ == "__main__":
    finish()

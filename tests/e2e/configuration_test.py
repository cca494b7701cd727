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


if __name__ == "__main__":
    finish()

# slow
"""Aggregates, sorts and joins of a million rows, and what DuckDB makes of the same files; also the same for any number of chains."""
import sys
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parent.parent / "e2e"))
from harness import *

ROWS, FILES = 1_000_000, 4
TYPES = {"id": "int64", "country": "string", "amount": "int64", "price": "double", "paid": "decimal(12,2)", "day": "date"}
EXTRACT = {"use": "file", "path": "in-*.csv", "format": {"use": "csv", "types": TYPES}}
KEYS = 200_000


def fill(place):
    """Writes the files; gives a DuckDB that has them as table t."""
    base = duckdb.connect()
    base.execute(f"""create table t as select i as id,
        case when hash(i) % 11 = 0 then null else 'c' || (hash(i) % {KEYS}) end as country,
        case when hash(i * 3) % 13 = 0 then null else (hash(i * 7) % 2000003)::bigint - 1000001 end as amount,
        ((hash(i * 5) % 1000003)::double - 500000) / 7 * pow(10, (hash(i * 11) % 30)::int - 15) as price,
        ((hash(i * 13) % 100000000)::bigint / 100)::decimal(12,2) as paid,
        date '2020-01-01' + (hash(i * 17) % 1500)::int as day
        from range({ROWS}) r(i)""")
    for file in range(FILES):
        begin = file * ROWS // FILES
        base.execute(f"copy (select * from t where id >= {begin} and id < {begin + ROWS // FILES} order by id) to "
                     f"'{place.folder}/in-{file}.csv' (header)")
    return base


def the_same(base, ours, theirs, what):
    """No row of either is missing in the other; rows may stand several times."""
    for a, b, which in ((ours, theirs, "more"), (theirs, ours, "less")):
        rows = base.execute(f"select * from ({a}) except all select * from ({b}) limit 3").fetchall()
        must(not rows, f"{what}: weir has {which}: {rows}")


@case
def rows_by_group(place):
    base = fill(place)
    columns = {"n": "count()", "amounts": "count(amount)", "total": "sum(amount)", "mean": "avg(amount)", "least": "min(amount)",
               "latest": "max(day)", "different": "count(distinct amount)", "paid_sum": "sum(paid)", "first_id": "first(id)",
               "last_amount": "last(amount)", "price_sum": "sum(price)", "greatest": "max(price)"}
    for keys, by in ((["country"], "by country"), (["country", "day"], "by country and day"), ([], "of all")):
        outs = []
        for chains in (1, 2, 5):
            out = f"out-{len(keys)}-{chains}.csv"
            place.run(EXTRACT, {"use": "file", "path": out}, name=f"job-{len(keys)}-{chains}",
                      transform=[{"use": "aggregate", "columns": columns, **({"by": keys} if keys else {}), "memory": "2GiB"}],
                      flags=["--chains", chains], seconds=280).works()
            outs.append(place.read(out))
        must(outs[0] == outs[1] == outs[2], f"{by}: expected the same bytes for any number of chains")
        group, named = (f"group by {', '.join(keys)}", ", ".join(keys) + ", ") if keys else ("", "")
        exact = ("n, amounts, total, round(mean, 6), least, latest, different, paid_sum, first_id, last_amount, greatest")
        theirs = f"""select {named} count(*) n, count(amount) amounts, sum(amount)::bigint total, round(avg(amount), 6), min(amount) least,
            max(day) latest, count(distinct amount) different, sum(paid) paid_sum, min(id) first_id, arg_max_null(amount, id) last_amount,
            max(price) greatest from t {group}"""
        base.execute(f"""create or replace table o as select * from read_csv('{place.folder}/{out}', header = true, columns = {{
            {"".join(f"'{key}': '{'date' if key == 'day' else 'varchar'}', " for key in keys)} 'n': 'bigint', 'amounts': 'bigint',
            'total': 'bigint', 'mean': 'double', 'least': 'bigint', 'latest': 'date', 'different': 'bigint',
            'paid_sum': 'decimal(38,2)', 'first_id': 'bigint', 'last_amount': 'bigint', 'price_sum': 'double', 'greatest': 'double'}})""")
        the_same(base, f"select {named}{exact} from o", theirs, by)
        match = " and ".join(f"o.{key} is not distinct from s.{key}" for key in keys) or "true"
        off = base.execute(f"""select max(abs(o.price_sum - s.p) / greatest(s.size, 1e-300)) from o join
            (select {named} fsum(price) p, sum(abs(price)) size from t {group}) s on {match}""").fetchone()[0]
        must(off < 1e-13, f"{by}: expected DuckDB's sums of floats but for their rounding, found {off}")
        if keys == ["country"]:
            first = base.execute("select country from (select country, min(id) m from t group by country) order by m").fetchall()
            must([row[0] for row in base.execute("select country from o").fetchall()] == [row[0] for row in first],
                 "expected groups in the order of their first rows")


@case
def rows_in_order(place):
    base = fill(place)
    by, order = ["country nulls first", "amount desc", "day"], "country collate c nulls first, amount desc nulls last, day nulls last, id"
    expected = [row[0] for row in base.execute(f"select id from t order by {order.replace(' collate c', '')}").fetchall()]
    for chains, memory in ((1, "4MiB"), (4, "4MiB"), (2, "1GiB")):  # on disk, and not
        out = f"sorted-{chains}-{memory}.csv"
        place.run(EXTRACT, {"use": "file", "path": out}, name=f"sort-{chains}-{memory}", flags=["--chains", chains], seconds=280,
                  transform=[{"use": "sort", "by": by, "memory": memory}]).works()
        base.execute(f"""create or replace table o as select * from read_csv('{place.folder}/{out}', header = true, columns = {{'id': 'bigint',
            'country': 'varchar', 'amount': 'bigint', 'price': 'double', 'paid': 'decimal(12,2)', 'day': 'date'}})""")
        must([row[0] for row in base.execute("select id from o").fetchall()] == expected, f"{out}: expected DuckDB's order")
        the_same(base, "select * from o", "select * from t", out)
    must(not [name for name in place.files() if "weir-sort" in name], "expected nothing to be left")


@case
def rows_with_partners(place):
    base = fill(place)
    base.execute(f"""create table k as select 'c' || (i * 2) as code, i as number, 'name ' || i as label from range({KEYS // 2}) r(i)
        union all select 'c' || (i * 6), -i, null from range({KEYS // 20}) r(i) union all select null, 0, 'nobody'""")
    base.execute(f"copy k to '{place.folder}/keys.csv' (header)")
    columns = {"'id': 'bigint', 'country': 'varchar', 'amount': 'bigint', 'price': 'double', 'paid': 'decimal(12,2)', 'day': 'date'"}
    for kind in ("inner", "left"):
        for chains in (1, 3):
            out = f"{kind}-{chains}.csv"
            ended = place.run(EXTRACT, {"use": "file", "path": out}, name=f"join-{kind}-{chains}", seconds=280, transform=[
                {"use": "join", "with": {"use": "file", "path": "keys.csv", "format": {"use": "csv", "types": {"number": "int64"}}},
                 "on": {"country": "code"}, "kind": kind}], flags=["--chains", chains]).works()
            base.execute(f"""create or replace table o as select * from read_csv('{place.folder}/{out}', header = true, columns = {{
                {"".join(columns)}, 'number': 'bigint', 'label': 'varchar'}})""")
            the_same(base, "select * from o", f"select t.*, number, label from t {kind} join k on t.country = k.code", out)
            ids = [row[0] for row in base.execute("select id from o").fetchall()]
            must(ids == sorted(ids), f"{out}: expected rows in the order of the source")
            must("expanded" in ended.out, f"expected the ledger to tell what was expanded, found {ended.out}")


if __name__ == "__main__":
    finish()

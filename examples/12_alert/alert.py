#!/usr/bin/env python3
"""Reads weir's log in JSON from standard input, and prints a line for each run that somebody should look at."""
import json
import sys

for line in sys.stdin:
    record = json.loads(line)
    if record["event"] == "run.failed":
        where = f" at {record['file']}:{record['line']}" if "file" in record else ""
        print(f"ALERT {record['code']}{where}: {record['message']}")
    elif record["event"] == "run.completed" and record["rows_rejected"] > 0:
        print(f"ALERT {record['pipeline']}: {record['rows_rejected']} of {record['rows_extracted']} rows rejected")

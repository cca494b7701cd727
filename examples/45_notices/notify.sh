#!/bin/sh
# Stands for whatever tells somebody: a mail, a pager, a chat. The notice as JSON is on standard input.
out="${WEIR_OUT:-.}"
printf '%s\n' "$1" | sed 's/ in run .*//' >"$out/told.txt"
grep -o '"rejects":\[[^]]*\]' >"$out/notice.txt"

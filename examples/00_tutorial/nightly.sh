#!/bin/sh
# Runs the manifest beside this script. Silent if all went well, so that cron sends no mail; else it says why, and exits as weir did.
cd "$(dirname "$0")" || exit 1
weir run manifest.yaml --log level=info,format=json,to=weir.log,size=10MiB,files=5 >last_run.txt 2>errors.txt || {
  code=$?
  echo "orders: weir ended with exit code $code"
  cat errors.txt
  exit "$code"
}

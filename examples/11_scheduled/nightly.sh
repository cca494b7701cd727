#!/bin/sh
# What cron starts. It is silent when all is well, for cron sends a mail of whatever is printed.
cd "$(dirname "$0")" || exit 1
weir run manifest.yaml --log level=info,format=json,to=weir.log,size=10MiB,files=5 >last_run.txt 2>errors.txt
code=$?
case $code in
  0) ;;
  3) echo "nightly: too many rejected rows, nothing was loaded" ;;
  *) echo "nightly: failed with exit code $code" ;;
esac
[ "$code" -eq 0 ] || cat errors.txt
exit "$code"

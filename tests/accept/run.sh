#!/usr/bin/env bash
# run.sh ROOT NAME [options]: runs ../shared/accept/NAME. Where that folder is not beside the repository, it skips (77).
root=$1 name=$2
shift 2
script="$root/../shared/accept/$name"
if [ ! -d "$root/../shared/accept" ]; then
  echo "skipped: ../shared/accept is not beside the repository"
  exit 77
fi
exec "$script" "$@" </dev/null

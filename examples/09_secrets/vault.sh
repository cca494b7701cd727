#!/bin/sh
# Stands for the program of your vault: writes the secret that is named to standard output, or says why not.
case "$1" in
  bank/account) echo "DE4471009318" ;;
  *) echo "no secret $1" >&2; exit 1 ;;
esac

package main

import (
	"reflect"
	"testing"

	"weir/weirtest"
)

func count(t *testing.T, from, to int) [][]any {
	outcome, err := weirtest.Extract("{{name}}", weirtest.Options{"/from": from, "/to": to})
	if err != nil {
		t.Fatal(err)
	}
	return outcome.Rows
}

func TestEachNumberIsARow(t *testing.T) {
	if found, wanted := count(t, 2, 4), [][]any{{2}, {3}, {4}}; !reflect.DeepEqual(found, wanted) {
		t.Fatalf("expected %v, found %v", wanted, found)
	}
}

func TestThereMayBeNoneAndThereMayBeMany(t *testing.T) {
	if none, many := len(count(t, 2, 1)), len(count(t, 1, 100000)); none != 0 || many != 100000 {
		t.Fatalf("expected 0 and 100000 rows, found %d and %d", none, many)
	}
}

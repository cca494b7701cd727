package main

import (
	"reflect"
	"testing"

	"weir"
	"weir/weirtest"
)

func TestLinesAreTheSameByAnyPieces(t *testing.T) {
	for step := 1; step < 9; step++ {
		outcome, err := weirtest.Read("{{name}}", weirtest.Options{"/column": "line"}, []byte("a\r\n\nbc"), step)
		if err != nil {
			t.Fatal(err)
		}
		if wanted := [][]any{{"a"}, {""}, {"bc"}}; !reflect.DeepEqual(outcome.Rows, wanted) {
			t.Fatalf("expected %v, found %v", wanted, outcome.Rows)
		}
	}
}

func TestBytesThatAreNoTextAreTold(t *testing.T) {
	_, err := weirtest.Read("{{name}}", nil, []byte("ab\n\xff\n"), 100)
	if err == nil || err.Error() != "expected UTF-8, found another byte" {
		t.Fatalf("expected an error of the data, found %v", err)
	}
}

func TestRowsBecomeLines(t *testing.T) {
	columns := weir.Schema{Fields: []weir.Field{{Name: "line", Format: "u"}}}
	outcome, err := weirtest.Write("{{name}}", nil, columns, []any{"a"}, []any{nil})
	if err != nil || len(outcome.Bytes) != 1 || string(outcome.Bytes[0]) != "a\n\n" {
		t.Fatalf("expected two lines, found %q, %v", outcome.Bytes, err)
	}
}

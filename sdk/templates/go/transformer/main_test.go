package main

import (
	"errors"
	"reflect"
	"testing"

	"weir"
	"weir/weirtest"
)

var columns = weir.Schema{Fields: []weir.Field{{Name: "id", Format: "l"}, {Name: "name", Format: "u"}}}

func TestTextsAreTrimmed(t *testing.T) {
	options := weirtest.Options{"/column": "name"}
	outcome, err := weirtest.Transform("{{name}}", options, columns, []any{1, "  a b\t"}, []any{2, nil}, []any{3, " "})
	if err != nil {
		t.Fatal(err)
	}
	if wanted := [][]any{{1, "a b"}, {2, nil}, {3, ""}}; !reflect.DeepEqual(outcome.Rows, wanted) {
		t.Fatalf("expected %v, found %v", wanted, outcome.Rows)
	}
}

func TestAColumnThatIsNotThereIsTold(t *testing.T) {
	_, err := weirtest.Transform("{{name}}", weirtest.Options{"/column": "nmae"}, columns)
	var failure *weir.Failure
	if !errors.As(err, &failure) || failure.Status != weir.InvalidArgument || failure.Option != "/column" {
		t.Fatalf("expected an error of the option, found %v", err)
	}
}

package main

import (
	"reflect"
	"testing"

	"weir"
	"weir/weirtest"
)

func try(t *testing.T, lines ...any) *weirtest.Outcome {
	var rows [][]any
	for _, line := range lines {
		rows = append(rows, []any{line})
	}
	columns := weir.Schema{Fields: []weir.Field{{Name: "line", Format: "u"}}}
	outcome, err := weirtest.Transform("access_log", weirtest.Options{"/column": "line"}, columns, rows...)
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

func TestLinesOfBothForms(t *testing.T) {
	found := try(t, `127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326`,
		`::1 - - [10/Oct/2000:20:55:36 +0000] "POST /b?x=1 HTTP/2.0" 304 - "https://example.org/" "A \"browser\""`).Rows
	wanted := [][]any{{"127.0.0.1", 971211336000000, "GET", "/a.gif", 200, 2326}, {"::1", 971211336000000, "POST", "/b?x=1", 304, nil}}
	if !reflect.DeepEqual(found, wanted) {
		t.Fatalf("expected %v, found %v", wanted, found)
	}
}

func TestWhatIsNoLineIsRejected(t *testing.T) {
	outcome := try(t, `127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1`, "", nil, "x",
		`a - - [40/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1`, `a - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 99999999999999999999`)
	if len(outcome.Rows) != 1 || len(outcome.Rejected) != 5 || outcome.Rejected[0].Row != 1 {
		t.Fatalf("expected one row and five rejects, found %+v", outcome)
	}
}
